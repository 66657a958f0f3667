/*
 * direct-send-test - does the MX take a message in the tenant's own name from
 * here, without a login?
 *
 *	MAIL FROM an address of the domain, RCPT TO another one, RSET;
 *		without and with a client certificate; at the MX host, and at the
 *	tenant's own host where that is another
 *
 * RFC 5321, 4.1.1.2 and 4.1.1.3. DATA never follows. Not run unless somebody says that the domain
 * is theirs to test.
 */
#include "check/check.h"
#include "sending/direct-send.h"
#include "net/dns.h"
#include "net/tls.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return ask->direct_send;
}

/* What the envelope comes to. */
static void envelope(struct probe *p, struct smtp *s, struct direct_send_try *t)
{
	const struct ask *ask = probe_ask(p);
	const struct reply *r = smtp_try(s, STAGE_MAIL, "MAIL FROM:<%s>", ask->from);

	t->stage = STAGE_MAIL;
	if (r && r->code / 100 == 2) {
		r = smtp_try(s, STAGE_RCPT, "RCPT TO:<%s>", ask->to);
		t->stage = STAGE_RCPT;
	}
	if (!r) {
		t->why = smtp_failure(s)->text;
		t->reply = smtp_failure(s)->reply;
		return;
	}
	t->reply = r;
	if (r->code / 100 == 2)
		t->verdict = DIRECT_SEND_TAKEN;
	else
		t->verdict = r->code / 100 == 4 ? DIRECT_SEND_LATER : DIRECT_SEND_REFUSED;
	(void)smtp_try(s, STAGE_RCPT, "RSET");
}

/* On a conversation that has just been opened; the caller ends it. */
static void attempt(struct probe *p, struct smtp *s, struct direct_send_try *t)
{
	const struct tls_ask tls = { .name = t->host, .only = TLS_ANY,
				     .anonymous = !t->certificate };
	const struct failure *f;
	bool good;

	probe_transcript(p, smtp_transcript(s));
	good = talk_prepare(p, s, SMTP_CLEAR, &tls);
	t->tls = smtp_is_secure(s);
	t->asked = t->tls && smtp_tls(s)->identity_asked;
	t->shown = t->tls && smtp_tls(s)->identity_shown;
	if (!good) {
		f = smtp_failure(s);
		t->stage = f->stage;
		t->reply = f->reply;
		t->why = f->text;
		/* A server that turns us away before MAIL FROM has decided, too. */
		if (f->class == FAILURE_REFUSED && f->reply &&
		    (f->stage == STAGE_GREETING || f->stage == STAGE_EHLO))
			t->verdict = f->reply->code / 100 == 4 ? DIRECT_SEND_LATER :
				     DIRECT_SEND_REFUSED;
		return;
	}
	envelope(p, s, t);
}

static struct direct_send_try *another(struct direct_send *d, const char *host, bool tenant_host,
				       bool certificate)
{
	struct direct_send_try *t = &d->tries[d->n++];

	*t = (struct direct_send_try) { .host = host, .tenant_host = tenant_host,
					.certificate = certificate, .why = "" };
	return t;
}

static void at_mx(struct probe *p, struct direct_send *d, bool certificate)
{
	struct direct_send_try *t = another(d, probe_host(p), false, certificate);
	struct smtp *s = talk_reconnect(p, SMTP_CLEAR);

	if (!s) {
		t->why = "it could not be reached once more";
		return;
	}
	attempt(p, s, t);
	talk_reconnect_end(p, s);
}

static void at_tenant(struct probe *p, struct direct_send *d, const char *host, bool certificate)
{
	struct direct_send_try *t = another(d, host, true, certificate);
	_cleanup_(smtp_closep) struct smtp *s = smtp_dial(probe_net(p), probe_arena(p), host, 25,
							  SMTP_CLEAR);

	attempt(p, s, t);
}

/*
 * The tenant's own host, where the MX is elsewhere: a gateway in front. NULL when there
 * is none to be asked.
 */
static const char *tenant_host(struct probe *p)
{
	const char *host = direct_send_tenant_host(probe_arena(p), probe_ask(p)->domain);
	const struct dns_answer *r;

	if (str_has_suffix_nocase(probe_host(p), ".mail.protection.outlook.com") ||
	    str_has_suffix_nocase(probe_host(p), ".mx.microsoft"))
		return NULL;
	r = dns_ask(net_dns(probe_net(p)), host, DNS_A);
	if (!r->records)
		r = dns_ask(net_dns(probe_net(p)), host, DNS_AAAA);
	return r->records ? host : NULL;
}

static void facts(struct probe *p, const struct direct_send *d)
{
	struct arena *a = probe_arena(p);

	probe_fact(p, "direct-send.domain", "%s", d->domain);
	for (size_t i = 0; i < d->n; i++) {
		const struct direct_send_try *t = &d->tries[i];
		const char *name = arena_printf(a, "direct-send.%s.%s",
						t->tenant_host ? "tenant" : "mx",
						t->certificate ? "certificate" : "plain");

		probe_fact(p, arena_printf(a, "%s.verdict", name), "%s",
			   direct_send_verdict_name(t->verdict));
		probe_fact(p, arena_printf(a, "%s.stage", name), "%s", stage_name(t->stage));
		if (t->reply)
			probe_fact(p, arena_printf(a, "%s.result", name), "%d%s%s", t->reply->code,
				   *t->reply->enhanced ? " " : "", t->reply->enhanced);
		if (t->certificate && t->tls) {
			probe_fact_bool(p, arena_printf(a, "%s.asked", name), t->asked);
			probe_fact_bool(p, arena_printf(a, "%s.shown", name), t->shown);
		}
	}
}

/*
 * The last word is the one with the certificate, if there is one, at the tenant's own
 * host, if there is one.
 */
static enum status verdict(struct probe *p, const struct direct_send *d)
{
	const struct direct_send_try *last = NULL;
	struct strv words = direct_send_words(probe_arena(p), d);
	const char *more = words.n ? words.v[0] : "";

	for (size_t i = 0; i < d->n; i++)
		if (d->tries[i].verdict != DIRECT_SEND_UNTESTED)
			last = &d->tries[i];
	if (!last)
		return probe_unknown(p, "direct-send.untested", "%s",
				     d->n ? d->tries[0].why : "nothing was tried");
	if (last->verdict != DIRECT_SEND_TAKEN)
		probe_reply_of(p, last->host, last->reply);
	if (last->verdict == DIRECT_SEND_REFUSED)
		return probe_fail(p, "direct-send.refused", "%s",
				  reply_flat(last->reply, probe_arena(p)));
	if (last->verdict == DIRECT_SEND_LATER)
		return probe_fail(p, "direct-send.later", "%s",
				  reply_flat(last->reply, probe_arena(p)));
	return probe_warn(p, "direct-send.taken",
			  "%s takes %s to %s from here without a login, as far as RCPT TO. %s",
			  last->host, d->from, d->to, more);
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	struct tls_identity *identity = net_options(probe_net(p))->identity;
	struct direct_send *d = arena_alloc(probe_arena(p), sizeof(*d));
	const char *other = tenant_host(p);

	*d = (struct direct_send) {
		.domain = ask->domain, .from = ask->from, .to = ask->to,
		.egress = probe_get(p, "smtp.$.egress"),
		.identity = identity ? tls_identity_name(identity) : "",
	};
	probe_direct_send(p, d);
	at_mx(p, d, false);
	if (identity)
		at_mx(p, d, true);
	if (other)
		at_tenant(p, d, other, false);
	if (other && identity)
		at_tenant(p, d, other, true);
	facts(p, d);
	return verdict(p, d);
}

const struct check check_direct_send_test = {
	.id		= "direct-send.test",
	.title		= "What the MX does with mail in the tenant's own name that does not log "
			  "in",
	.label		= "direct send",
	.stage		= STAGE_MAIL,
	.needs		= FACTS("tcp.$.open"),
	.gives		= FACTS("direct-send.domain"),
	.after		= CHECKS("smtp.ehlo", "smtp.ehlo-tls"),
	.ports		= true,
	.optional	= true,
	.wanted		= wanted,
	.part		= CHECK_MAIN,
	.run		= run,
};
