/*
 * login - AUTH with one mechanism, once.
 *
 * RFC 4954. Which mechanism is chosen in checks/auth-mechanisms.c; how it is
 * spoken in proto/sasl.c.
 */
#include "base/clock.h"
#include "base/secret.h"
#include "fiber/gate.h"
#include "talk/talk.h"

static bool takes_token(enum sasl_mechanism m)
{
	return m == SASL_XOAUTH2 || m == SASL_OAUTHBEARER;
}

static void result_facts(struct probe *p, enum sasl_mechanism m, const struct sasl_result *r)
{
	probe_fact(p, "auth.$.mechanism", "%s", sasl_name(m));
	probe_fact_bool(p, "auth.$.accepted", r->accepted);
	probe_fact_bool(p, "auth.$.two-step", r->two_step);
	if (r->reply)
		probe_fact(p, "auth.$.result", "%d%s%s", r->reply->code,
			   *r->reply->enhanced ? " " : "", r->reply->enhanced);
	if (*r->challenge)
		probe_fact(p, "auth.$.challenge", "%s", r->challenge);
	if (*r->challenge_status)
		probe_fact(p, "auth.$.challenge-status", "%s", r->challenge_status);
	if (*r->challenge_scope)
		probe_fact(p, "auth.$.challenge-scope", "%s", r->challenge_scope);
}

/*
 * Was the credential looked at and found wrong? Not when the mechanism was not understood (501,
 * 504), nor when it is for later (4yz).
 */
static bool credential_refused(const struct sasl_result *r)
{
	return r->reply && r->reply->code / 100 == 5 && r->reply->code != 501 &&
	       r->reply->code != 504;
}

static const char *words(struct probe *p, enum sasl_mechanism m, const struct sasl_result *r)
{
	struct arena *a = probe_arena(p);

	if (r->accepted)
		return arena_printf(a, "%s is accepted for %s", sasl_name(m), probe_ask(p)->user);
	if (*r->challenge_status)
		return arena_printf(a, "%s (the server's challenge says status %s%s%s)",
				    reply_flat(r->reply, a), r->challenge_status,
				    *r->challenge_scope ? ", scope " : "", r->challenge_scope);
	return reply_flat(r->reply, a);
}

static enum status login(struct probe *p, enum sasl_mechanism m, const struct secret *secret,
			 const struct talk_login_findings *names)
{
	struct smtp *s = talk_session(p);
	struct sasl_ask ask = {
		.mechanism = m, .user = probe_ask(p)->user, .secret = secret, .host = probe_host(p),
		.port = probe_port(p),
		.allow_plaintext = probe_ask(p)->allow_plaintext_auth,
	};
	struct sasl_result r = { .challenge = "", .challenge_status = "", .challenge_scope = "" };
	int64_t start = clock_us();
	bool spoken;

	if (probe_has(p, "auth.refused-at"))
		return probe_skip(p, "the login was refused at %s; it is not tried again, so that "
				  "the account is not locked",
				  probe_get(p, "auth.refused-at"));
	spoken = sasl_auth(s, probe_arena(p), &ask, &r);
	probe_time(p, "auth", clock_us() - start);
	if (credential_refused(&r) && !probe_has(p, "auth.refused-at"))
		probe_fact(p, "auth.refused-at", "%s", probe_endpoint(p));
	talk_reply_facts(p, r.reply);
	if (!spoken)
		return talk_broken(p, s, names->broken, names->timeout);
	result_facts(p, m, &r);
	probe_reply(p, r.reply);
	if (r.accepted)
		return probe_pass(p, "%s", words(p, m, &r));
	return probe_fail(p, names->refused, "%s", words(p, m, &r));
}

/* The secret stays here: DNS alone says that this is the server. */
static enum status withhold(struct probe *p, bool token, const char *finding, const char *why)
{
	probe_fact_bool(p, "auth.$.withheld-host", true);
	probe_fact(p, "auth.$.consent", "%s", talk_consent(p, token));
	return probe_unknown(p, finding, "%s: the %s was not sent", why,
		token ? "token" : "password");
}

/*
 * Does the certificate prove whose server it is? A weak key or signature is somebody's fault, but
 * nobody else's certificate.
 */
static bool proven(struct probe *p)
{
	const char *trouble = probe_get(p, "cert.$.trouble");

	return probe_has(p, "cert.$.verdict") && !probe_has(p, "cert.$.unjudged") &&
	       (!*trouble || str_eq(trouble, "weak"));
}

enum status talk_login(struct probe *p, enum sasl_mechanism m,
		       const struct talk_login_findings *names)
{
	const struct ask *ask = probe_ask(p);
	const struct secret *secret = takes_token(m) ? ask->token : ask->password;
	const char *choice = probe_get(p, "auth.$.choice");
	struct gate *gate = net_gate(probe_net(p), NET_GATE_LOGINS);
	const char *why;
	enum status status;

	if (!*ask->user || (!ask->password && !ask->token))
		return probe_idle(p, "no credentials were given");
	if (!secret)
		return probe_idle(p, "no %s was given", takes_token(m) ? "token" : "password");
	if (!probe_true(p, "smtp.$.secure") && !ask->allow_plaintext_auth)
		return probe_skip(p,
				  "a login is not sent without TLS (--allow-plaintext-auth would)");
	if (!str_eq_nocase(choice, sasl_name(m)))
		return *choice ? probe_idle(p, "%s is used here", choice) :
		       probe_idle(p, "%s is not offered here", sasl_name(m));
	why = talk_whose(p, talk_session(p));
	if (why)
		return withhold(p, takes_token(m), names->withheld, why);
	if (probe_true(p, "smtp.$.secure") && !proven(p) && !ask->allow_untrusted_auth) {
		probe_fact_bool(p, "auth.$.withheld", true);
		return probe_skip(p, "the certificate does not prove that this is %s, so the "
				  "secret is not shown to it (--allow-untrusted-auth would)",
				  probe_host(p));
	}
	/*
	 * Within a target logins go out in turn (check/check.h); the gate is for
	 * several targets at once.
	 */
	if (gate_enter(gate, ask->user) < 0)
		return probe_unknown(p, "", "interrupted before the login");
	status = login(p, m, secret, names);
	gate_leave(gate, ask->user);
	return status;
}
