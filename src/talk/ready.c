/*
 * ready - another conversation brought as far as the endpoint's own: greeting, EHLO,
 * TLS, and the login.
 */
#include "fiber/gate.h"
#include "net/cert.h"
#include "net/tls.h"
#include "talk/talk.h"

bool talk_prepare(struct probe *p, struct smtp *s, enum smtp_mode mode, const struct tls_ask *tls)
{
	const char *helo = probe_ask(p)->helo;

	if (mode == SMTP_IMPLICIT_TLS && !(tls ? smtp_secure_as(s, tls) : smtp_secure(s)))
		return false;
	if (!smtp_greeting(s) || !smtp_ehlo(s, helo))
		return false;
	if (smtp_is_secure(s) || !smtp_offers(s, "STARTTLS"))
		return true;
	return smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS") &&
	       (tls ? smtp_secure_as(s, tls) : smtp_secure(s)) && smtp_ehlo(s, helo);
}

/* Nobody but the server the first login went to is shown the secret a second time. */
static bool may_see_secret(struct probe *p, const struct smtp *s)
{
	const struct ask *ask = probe_ask(p);
	const struct cert_chain *c = smtp_is_secure(s) ? smtp_tls(s)->chain : NULL;

	if (talk_whose(p, s))
		return false;
	if (!smtp_is_secure(s))
		return ask->allow_plaintext_auth;
	return ask->allow_untrusted_auth ||
	       (c && !c->unjudged && !(c->trouble & ~(unsigned)CERT_WEAK));
}

static bool login(struct probe *p, struct smtp *s)
{
	static const enum sasl_mechanism all[] = { SASL_LOGIN, SASL_PLAIN, SASL_XOAUTH2,
						   SASL_OAUTHBEARER };
	struct gate *gate = net_gate(probe_net(p), NET_GATE_LOGINS);
	const struct ask *ask = probe_ask(p);
	struct sasl_result r = { .challenge = "", .challenge_status = "", .challenge_scope = "" };
	struct sasl_ask how = { .user = ask->user, .host = probe_host(p), .port = probe_port(p),
				.allow_plaintext = ask->allow_plaintext_auth };
	bool spoken;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (str_eq(sasl_name(all[i]), probe_get(p, "auth.$.mechanism")))
			how.mechanism = all[i];
	how.secret = how.mechanism == SASL_XOAUTH2 || how.mechanism == SASL_OAUTHBEARER ?
		     ask->token : ask->password;
	if (!how.secret || !may_see_secret(p, s) || gate_enter(gate, ask->user) < 0)
		return false;
	spoken = sasl_auth(s, probe_arena(p), &how, &r);
	gate_leave(gate, ask->user);
	/* A login that was good a moment ago and is refused now is never repeated. */
	if (spoken && !r.accepted && !probe_has(p, "auth.refused-at"))
		probe_fact(p, "auth.refused-at", "%s", probe_endpoint(p));
	return spoken && r.accepted;
}

struct smtp *talk_reconnect_ready(struct probe *p)
{
	enum smtp_mode mode = probe_implicit_tls(p) ? SMTP_IMPLICIT_TLS : SMTP_CLEAR;
	struct smtp *s = talk_reconnect(p, mode);

	if (!s)
		return NULL;
	probe_transcript(p, smtp_transcript(s));
	if (talk_prepare(p, s, mode, NULL) && (!probe_true(p, "auth.$.accepted") || login(p, s)))
		return s;
	talk_reconnect_end(p, s);
	return NULL;
}
