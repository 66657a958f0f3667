/*
 * auth-mechanisms - can one log in here, and with which of the mechanisms offered?
 *
 *	judges the AUTH lists against the credentials that were given, and chooses one
 *
 * RFC 4954. The login itself is in auth-login.c, auth-plain.c, auth-xoauth2.c and
 * auth-oauthbearer.c; only the chosen one is run.
 */
#include "check/check.h"

enum { SUBMISSION = 587, SUBMISSIONS = 465 };

/* The best first: OAuth before passwords; PLAIN before LOGIN, which needs two round trips more. */
static const struct { const char *name; bool token; } preference[] = {
	{ "XOAUTH2", true }, { "OAUTHBEARER", true }, { "PLAIN", false }, { "LOGIN", false },
};

static bool usable(const struct ask *ask, size_t i)
{
	bool credential = preference[i].token ? ask->token != NULL : ask->password != NULL;

	return *ask->user && credential &&
	       (!*ask->auth || str_eq_nocase(ask->auth, preference[i].name));
}

static const char *choose(const struct ask *ask, const struct strv *offered)
{
	for (size_t i = 0; i < ARRAY_LEN(preference); i++)
		if (usable(ask, i) && strv_has_nocase(offered, preference[i].name))
			return preference[i].name;
	return "";
}

static const char *credential(const struct ask *ask)
{
	if (ask->token)
		return ask->password ? "a token and a password" : "a token";
	return ask->password ? "a password" : "a user name";
}

static enum status none_offered(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	bool tls = probe_true(p, "smtp.$.secure"),
		submission = probe_port(p) == SUBMISSION || probe_port(p) == SUBMISSIONS;

	/* Without TLS a server is right not to offer it: what is to be mended is TLS. */
	if (!tls && *ask->user && !ask->allow_plaintext_auth)
		return probe_fail(p, "auth.needs-tls",
				  "no login is offered without TLS, and TLS is not to be had here");
	if (*ask->user)
		return probe_fail(p, "auth.not-offered", "no login is offered%s, and %s was given",
				  tls ? "" : " without TLS", credential(ask));
	if (submission)
		return probe_warn(p, "auth.none",
				  "no login is offered%s on a port that is for logging in",
				  tls ? "" : " without TLS");
	return probe_pass(p,
			  "no login is offered, as on a port that takes mail for its own domains");
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	bool tls = str_eq(probe_get(p, "smtp.$.session"), "tls");
	const char *list = probe_get(p, tls ? "smtp.$.ehlo-tls.auth" : "smtp.$.ehlo.auth"),
		*clear = probe_get(p, "smtp.$.ehlo.auth"), *choice;
	struct strv offered = { NULL, 0, 0 }, early = { NULL, 0, 0 };

	strv_split(&offered, probe_arena(p), list, ' ');
	strv_split(&early, probe_arena(p), clear, ' ');
	choice = choose(ask, &offered);
	probe_fact(p, "auth.$.offered", "%s", list);
	probe_fact(p, "auth.$.choice", "%s", choice);
	if (!offered.n)
		return none_offered(p);
	if (*ask->user && (ask->token || ask->password) && !*choice)
		return probe_fail(p, "auth.no-common-mechanism",
				  "%s offers %s; with %s%s%s none of them can be used",
				  probe_endpoint(p), list, credential(ask),
				  *ask->auth ? " and --auth " : "", ask->auth);
	if (strv_has_nocase(&early, "PLAIN") || strv_has_nocase(&early, "LOGIN"))
		return probe_warn(p, "auth.in-clear", "%s; %s offered before TLS already, where a "
				  "password can be overheard", list, clear);
	return probe_pass(p, "%s", list);
}

const struct check check_auth_mechanisms = {
	.id		= "auth.mechanisms",
	.title		= "A login is offered that fits the credentials",
	.label		= "logins",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("smtp.$.session"),
	.gives		= FACTS("auth.$.offered", "auth.$.choice"),
	.ports		= true,
	.run		= run,
};
