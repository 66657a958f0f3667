/*
 * mailbox - a server for reading mail, asked as far as the door, and what it comes to.
 */
#include "base/secret.h"
#include "fiber/gate.h"
#include "net/cert.h"
#include "talk/talk.h"

/* What one check has in hand. */
struct asking {
	struct probe		*p;
	struct mailbox		*m;
	const char		*area;		/* "imap", "pop3" */
	const char		*name;		/* "IMAP", "POP3" */
	const struct talk_mailbox_findings *names;
};

static const char *fact_name(const struct asking *k, const char *what)
{
	return arena_printf(probe_arena(k->p), "%s.$.%s", k->area, what);
}

static void fact(const struct asking *k, const char *what, const char *value)
{
	probe_fact(k->p, fact_name(k, what), "%s", value);
}

static bool implicit_tls(struct probe *p)
{
	return probe_port(p) == 993 || probe_port(p) == 995 || probe_port(p) == 465 ||
	       probe_implicit_tls(p);
}

static const char *url(struct probe *p, const char *area)
{
	const char *host = probe_host(p);

	return arena_printf(probe_arena(p), strchr(host, ':') ? "%s%s://[%s]:%u" : "%s%s://%s:%u",
			    area, implicit_tls(p) ? "s" : "", host, probe_port(p));
}

/* Something else than a server of that kind answers. */
static enum status another(const struct asking *k, enum mailbox_heard heard)
{
	static const char *const words[] = {
		[MAILBOX_HEARD_IMAP] = "an IMAP server", [MAILBOX_HEARD_POP3] = "a POP3 server",
		[MAILBOX_HEARD_SMTP] = "an SMTP server, for sending mail",
		[MAILBOX_HEARD_HTTP] = "a web server", [MAILBOX_HEARD_TLS] = "TLS at once",
		[MAILBOX_HEARD_OTHER] = "something that is no mail server",
	};

	fact(k, "state", mailbox_heard_name(heard));
	return probe_fail(k->p, k->names->not_spoken, "port %u of %s speaks no %s; what answers is "
			  "%s", probe_port(k->p), probe_host(k->p), k->name, words[heard]);
}

static enum status no_greeting(const struct asking *k)
{
	const struct failure *f = mailbox_failure(k->m);
	enum mailbox_heard heard = mailbox_heard(k->m);

	if (heard > MAILBOX_HEARD_RIGHT)
		return another(k, heard);
	if (f->class == FAILURE_REFUSED) {
		fact(k, "state", "refused");
		fact(k, "said", mailbox_said(k->m));
		return probe_fail(k->p, k->names->turned_away, "%s", f->text);
	}
	fact(k, "state", f->class == FAILURE_TIMEOUT ? "timeout" : failure_class_name(f->class));
	if (f->class == FAILURE_TIMEOUT)
		return probe_fail_step(k->p, k->names->silent, f);
	return probe_fail_step(k->p, f->class == FAILURE_TLS ? k->names->tls : k->names->broken, f);
}

/* A failure of a later step. */
static enum status broken(const struct asking *k)
{
	const struct failure *f = mailbox_failure(k->m);

	fact(k, "said", mailbox_said(k->m));
	return probe_fail_step(k->p, f->class == FAILURE_TLS ? k->names->tls : k->names->broken, f);
}

static const char *distrust(const struct asking *k)
{
	const struct tls_info *t = mailbox_tls(k->m);
	struct strv names = { NULL, 0, 0 };

	if (!t || !t->chain)
		return "";
	if (t->chain->unjudged)
		return t->chain->unjudged;
	for (unsigned bit = 1; bit && bit <= t->chain->trouble; bit <<= 1)
		if (t->chain->trouble & bit & ~(unsigned)CERT_WEAK)
			strv_add(&names, probe_arena(k->p), cert_trouble_name(bit));
	return strv_join(&names, probe_arena(k->p), ", ");
}

static enum status login(const struct asking *k, const char *mechanism,
			 const struct secret *secret)
{
	const struct ask *ask = probe_ask(k->p);
	struct gate *gate = net_gate(probe_net(k->p), NET_GATE_LOGINS);
	bool good;

	if (gate_enter(gate, ask->user) < 0)
		return probe_unknown(k->p, "", "interrupted before the login");
	good = mailbox_login(k->m, mechanism, ask->user, secret);
	gate_leave(gate, ask->user);
	fact(k, "mechanism", mechanism);
	fact(k, "said", mailbox_said(k->m));
	if (!good && mailbox_failure(k->m)->class != FAILURE_REFUSED)
		return broken(k);
	probe_fact_bool(k->p, fact_name(k, "accepted"), good);
	if (good)
		return probe_pass(k->p, "%s is accepted for %s", mechanism, ask->user);
	if (!probe_has(k->p, "auth.refused-at"))
		probe_fact(k->p, "auth.refused-at", "%s", probe_endpoint(k->p));
	return probe_fail(k->p, k->names->refused, "%s: %s", mechanism, mailbox_said(k->m));
}

/* The same rules as for SMTP (talk/login.c): one refused login is enough, and a secret goes only to
 * a server that the user named, under a certificate that proves it. */
static enum status try_login(const struct asking *k)
{
	const struct ask *ask = probe_ask(k->p);
	const struct secret *secret = ask->token ? ask->token : ask->password;
	const char *mechanism = mailbox_mechanism(k->m, ask->token != NULL);
	const char *offers = strv_join(mailbox_offers(k->m), probe_arena(k->p), " ");

	if (!*ask->user || !secret)
		return probe_pass(k->p, "%s, %s", mailbox_tls(k->m)->version, offers);
	if (!*mechanism)
		return probe_fail(k->p, k->names->no_login, "no login that a %s serves is "
				  "offered: %s", ask->token ? "token" : "password", offers);
	if (probe_has(k->p, "auth.refused-at"))
		return probe_skip(k->p, "the login was refused at %s; it is not tried again, so "
				  "that the account is not locked",
				  probe_get(k->p, "auth.refused-at"));
	if (probe_host_from(k->p) != HOST_TYPED && probe_host_from(k->p) != HOST_FROM_PROVIDER &&
	    probe_host_from(k->p) != HOST_FROM_SETTINGS)
		return probe_skip(k->p, "DNS alone names this host, so the secret is not shown to "
				  "it; give its name");
	if (*distrust(k) && !ask->allow_untrusted_auth)
		return probe_skip(k->p, "the certificate does not prove that this is %s (%s), so "
				  "the secret is not shown to it (--allow-untrusted-auth would)",
				  probe_host(k->p), distrust(k));
	return login(k, mechanism, secret);
}

static enum status ask_server(const struct asking *k)
{
	struct mailbox *m = k->m;

	if (!mailbox_greeting(m))
		return no_greeting(k);
	fact(k, "state", "ok");
	fact(k, "greeting", mailbox_greeted(m));
	if (!mailbox_capabilities(m) || !mailbox_starttls(m) ||
	    (!implicit_tls(k->p) && mailbox_tls(m) && !mailbox_capabilities(m)))
		return broken(k);
	probe_fact_bool(k->p, fact_name(k, "secure"), mailbox_tls(m) != NULL);
	fact(k, "offers", strv_join(mailbox_offers(m), probe_arena(k->p), " "));
	if (!mailbox_tls(m))
		return probe_warn(k->p, k->names->no_starttls, "no TLS is offered on port %u: "
				  "a password would be sent in the clear", probe_port(k->p));
	if (*distrust(k) && !*probe_ask(k->p)->user)
		return probe_warn(k->p, k->names->certificate, "the certificate is not valid "
				  "for %s (%s)", probe_host(k->p), distrust(k));
	return try_login(k);
}

enum status talk_mailbox(struct probe *p, enum mailbox_kind kind,
			 const struct talk_mailbox_findings *names)
{
	struct asking k = { .p = p, .area = kind == MAILBOX_IMAP ? "imap" : "pop3",
			    .name = kind == MAILBOX_IMAP ? "IMAP" : "POP3", .names = names };
	enum status status;

	k.m = mailbox_open(probe_net(p), probe_arena(p), url(p, k.area));
	probe_transcript(p, mailbox_transcript(k.m));
	status = ask_server(&k);
	mailbox_close(k.m);
	return status;
}
