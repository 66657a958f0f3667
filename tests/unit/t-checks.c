/*
 * t-checks - the list of checks as a whole, and the judges: facts in, a verdict out. Talkers are
 * tested in tests/dialogues.
 *
 * Each case runs one real check in the graph behind a check that only leaves facts. "NAME=VALUE" is
 * a string, "NAME:=N" a number, "NAME+" is true, "NAME-" false.
 */
#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/strv.h"
#include "cmd/checks.h"
#include "check/schedule.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "net/net.h"
#include "tests/unit/tap.h"
#include "tests/unit/token-maker.h"

struct one {
	const char	*what;
	const char	*check;		/* id */
	unsigned	 port;		/* 465 = implicit TLS */
	const char	*facts;		/* separated by '|' */
	const char	*options;	/* "user", "password", "token", "domain", "auth=NAME" */
	const char	*status;
	const char	*finding;
	const char	*words;		/* a piece of the summary */
};

#define GOOD \
	"cert.$.verdict=ok|cert.$.subject-cn=mail.example.com|cert.$.names=mail.example.com|" \
	"cert.$.issuer-o=DigiCert Inc|" \
	"cert.$.not-after=2027-06-08T00:00:00Z|cert.$.not-before=2026-06-08T00:00:00Z|" \
	"cert.$.checked-name=mail.example.com|" \
	"cert.$.key=RSA 2048|cert.$.signature=RSA-SHA256"

#define MS "target.host=smtp.office365.com|target.provider=m365|target.path=client-submission"

static const struct one cases[] = {
	{ "a good certificate", "tls.certificate", 587,
	  GOOD "|cert.$.trouble=|cert.$.days-left:=200", "", "pass", "", "200 days left" },
	{ "it ends soon", "tls.certificate", 587, GOOD "|cert.$.trouble=|cert.$.days-left:=13", "",
	  "warn", "certificate.soon", "13 days" },
	{ "two weeks are enough", "tls.certificate", 587,
	  GOOD "|cert.$.trouble=|cert.$.days-left:=14", "", "pass", "", "" },
	{ "expired", "tls.certificate", 587, GOOD "|cert.$.trouble=expired", "", "fail",
	  "certificate.expired", "2027-06-08" },
	{ "not yet", "tls.certificate", 587, GOOD "|cert.$.trouble=not-yet-valid", "", "fail",
	  "certificate.not-yet", "2026-06-08" },
	{ "another name", "tls.certificate", 587, GOOD "|cert.$.trouble=name", "", "fail",
	  "certificate.name", "not for mail.example.com" },
	{ "expired goes before the name", "tls.certificate", 587,
	  GOOD "|cert.$.trouble=expired name", "", "fail", "certificate.expired", "" },
	{ "self-signed", "tls.certificate", 587, GOOD "|cert.$.trouble=untrusted self-signed", "",
	  "fail", "certificate.self-signed", "its own" },
	{ "incomplete", "tls.certificate", 587, GOOD "|cert.$.trouble=untrusted incomplete", "",
	  "fail", "certificate.incomplete", "intermediate" },
	{ "untrusted", "tls.certificate", 587, GOOD "|cert.$.trouble=untrusted", "", "fail",
	  "certificate.untrusted", "DigiCert" },
	{ "at a domain's MX nobody would stop", "tls.certificate", 25,
	  GOOD "|cert.$.trouble=untrusted", "domain", "warn",
	  "certificate.untrusted", "" },
	{ "a firewall's own certificate", "tls.certificate", 587,
	  "cert.$.verdict=x|cert.$.trouble=untrusted|cert.$.issuer-o=Fortinet Ltd.", "", "fail",
	  "tls.interception", "Fortinet" },
	{ "... goes before its name", "tls.certificate", 587,
	  "cert.$.verdict=x|cert.$.trouble=untrusted name expired|cert.$.issuer-cn=Zscaler Root CA",
	  "", "fail", "tls.interception", "Zscaler" },
	{ "... that is trusted here", "tls.certificate", 587,
	  "cert.$.verdict=x|cert.$.trouble=|cert.$.days-left:=90|cert.$.issuer-cn=Avast Web/Mail "
	  "Shield Root", "", "warn", "tls.interception", "trusts" },
	{ "revoked", "tls.certificate", 587, GOOD "|cert.$.trouble=revoked", "", "fail",
	  "certificate.revoked", "" },
	{ "weak", "tls.certificate", 587, GOOD "|cert.$.trouble=weak", "", "warn",
	  "certificate.weak", "RSA 2048" },
	{ "another trouble", "tls.certificate", 587, GOOD "|cert.$.trouble=purpose", "", "fail",
	  "certificate.invalid", "ok" },
	{ "no trust store is our side", "tls.certificate", 587,
	  GOOD "|cert.$.trouble=|cert.$.unjudged=no store", "", "unknown",
	  "certificate.unjudged", "no store" },
	{ "no certificate, no verdict", "tls.certificate", 587, "smtp.$.greeted+", "", "skip",
	  "", "" },

	{ "a modern suite", "tls.cipher", 587,
	  "smtp.$.secure+|smtp.$.starttls.cipher=TLS_AES_256_GCM_SHA384|"
	  "smtp.$.starttls.group=X25519", "", "pass", "", "X25519" },
	{ "without forward secrecy", "tls.cipher", 587,
	  "smtp.$.secure+|smtp.$.starttls.cipher=TLS_RSA_WITH_AES_128_CBC_SHA", "", "warn",
	  "cipher.no-forward-secrecy", "TLS_RSA" },
	{ "broken", "tls.cipher", 465,
	  "smtp.$.secure+|smtp.$.tls.cipher=TLS_ECDHE_RSA_WITH_RC4_128_SHA", "", "fail",
	  "cipher.weak", "RC4" },

	{ "extensions", "smtp.extensions", 587,
	  "smtp.$.ehlo.keywords=SIZE STARTTLS|smtp.$.ehlo-tls.keywords=SIZE AUTH", "", "pass", "",
	  "SIZE AUTH" },
	{ "STARTTLS twice", "smtp.extensions", 587,
	  "smtp.$.ehlo-tls.keywords=STARTTLS|smtp.$.ehlo-tls.starttls+", "", "warn",
	  "extensions.starttls-twice", "" },
	{ "another server behind TLS", "smtp.extensions", 587,
	  "smtp.$.ehlo.keywords=SIZE STARTTLS CHUNKING DSN|smtp.$.ehlo-tls.keywords=SIZE DSN", "",
	  "warn", "extensions.lost", "CHUNKING" },
	{ "letters' case is no difference", "smtp.extensions", 587,
	  "smtp.$.ehlo.keywords=Size|smtp.$.ehlo-tls.keywords=SIZE", "", "pass", "", "" },
	{ "what was masked is not lost", "smtp.extensions", 587,
	  "smtp.$.ehlo.keywords=XXXXXXXA|smtp.$.ehlo-tls.keywords=SIZE", "", "pass", "", "" },
	{ "small messages", "smtp.extensions", 587,
	  "smtp.$.ehlo-tls.keywords=SIZE|smtp.$.ehlo-tls.size:=1048576", "", "warn",
	  "extensions.small", "1 MB" },
	{ "no limit", "smtp.extensions", 587,
	  "smtp.$.ehlo-tls.keywords=SIZE|smtp.$.ehlo-tls.size:=0", "", "pass", "", "" },

	{ "a login is offered", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=LOGIN XOAUTH2", "", "pass", "",
	  "LOGIN XOAUTH2" },
	{ "before TLS already", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo.auth=PLAIN|smtp.$.ehlo-tls.auth=PLAIN", "",
	  "warn", "auth.in-clear", "overheard" },
	{ "none where mail comes in", "auth.mechanisms", 25,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=", "", "pass", "", "no login" },
	{ "none on a submission port", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=", "", "warn", "auth.none", "" },
	{ "none, with a password at hand", "auth.mechanisms", 25,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=", "user password", "fail",
	  "auth.not-offered", "a password was given" },
	{ "none without TLS, with a password at hand", "auth.mechanisms", 587,
	  "smtp.$.session=plain|smtp.$.ehlo.auth=", "user password", "fail",
	  "auth.needs-tls", "without TLS" },
	{ "none, with nothing but a user", "auth.mechanisms", 25,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=", "user", "fail",
	  "auth.not-offered", "a user name was given" },
	{ "nothing in common", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=CRAM-MD5", "user password",
	  "fail", "auth.no-common-mechanism", "CRAM-MD5" },
	{ "a token fits no password's mechanism", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=LOGIN PLAIN",
	  "user token", "fail", "auth.no-common-mechanism", "a token" },
	{ "--auth that isn't offered", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=LOGIN",
	  "user password auth=plain", "fail", "auth.no-common-mechanism", "--auth plain" },
	{ "a user without credentials is no failure", "auth.mechanisms", 587,
	  "smtp.$.session=tls|smtp.$.secure+|smtp.$.ehlo-tls.auth=LOGIN", "user",
	  "pass", "", "" },

	{ "no credentials", "auth.login", 587,
	  "smtp.$.session=tls|auth.$.offered=LOGIN|auth.$.choice=", "", "skip", "",
	  "no credentials were given" },
	{ "no password", "auth.login", 587,
	  "smtp.$.session=tls|auth.$.offered=LOGIN|auth.$.choice=", "user token", "skip", "",
	  "no password" },
	{ "no token", "auth.xoauth2", 587,
	  "smtp.$.session=tls|auth.$.offered=LOGIN|auth.$.choice=LOGIN", "user password", "skip",
	  "", "no token" },
	{ "another one is chosen", "auth.login", 587,
	  "smtp.$.session=tls|smtp.$.secure+|auth.$.offered=PLAIN LOGIN|auth.$.choice=PLAIN",
	  "user password", "skip", "", "PLAIN is used" },
	{ "not to a server that proves nothing", "auth.plain",
	  587, GOOD "|cert.$.trouble=untrusted self-signed|smtp.$.session=tls|smtp.$.secure+"
	  "|auth.$.offered=PLAIN|auth.$.choice=PLAIN", "user password", "skip", "",
	  "does not prove that this is mail.example.com" },
	{ "not in the clear", "auth.plain", 25,
	  "smtp.$.session=plain|auth.$.offered=PLAIN|auth.$.choice=PLAIN", "user password", "skip",
	  "", "without TLS" },

	{ "a token in order", "token.claims", 0, MS, "user claims=user", "pass", "",
	  "SMTP.Send, app@example.com, " },
	{ "an application's", "token.claims", 0, MS, "user claims=app", "pass", "",
	  "the application " APP },
	{ "no token, no check", "token.claims", 0, MS, "user password", NULL, NULL, NULL },
	{ "for Graph", "token.claims", 0, MS, "user claims=graph", "fail", "token.audience",
	  "Microsoft Graph" },
	{ "... refused", "token.claims", 0, MS "|auth.587.accepted-", "user claims=graph", "fail",
	  "token.audience", "Microsoft Graph" },
	{ "... and accepted at one of two ports", "token.claims", 0,
	  MS "|auth.25.accepted-|auth.587.accepted+", "user claims=graph", "warn",
	  "token.audience", "accepts it all the same" },
	{ "without a role it may be RBAC", "token.claims", 0, MS, "user claims=no-role", "warn",
	  "token.roles", "RBAC" },
	{ "somebody else's", "token.claims", 0, MS, "user claims=other", "warn", "token.user",
	  "admin@example.com signed in" },
	{ "... who has the right", "token.claims", 0, MS "|auth.587.accepted+", "user claims=other",
	  "pass", "", "may use the mailbox of app@example.com" },
	{ "over", "token.claims", 0, MS, "user claims=over", "fail", "token.expired",
	  "by this machine's clock" },
	{ "over here, not at the server", "token.claims", 0,
	  MS "|smtp.587.clock-skew-s:=1000000000", "user claims=over", "pass", "", "left" },
	{ "of a form that tells nothing", "token.claims", 0, MS, "user token", "fail",
	  "token.damaged", "name of a variable" },
	{ "opaque", "token.claims", 0, MS, "user claims=opaque", "skip", "", "" },
	{ "of a house nobody knows", "token.claims", 0, "target.host=mail.example.com",
	  "user claims=house", "pass", "", "for mail" },

	{ "it takes mail", "dns.null-mx", 0, "dns.mx.status=ok|dns.mx.null-", "domain", "pass", "",
	  "takes mail" },
	{ "no domain, nothing to say", "dns.null-mx", 0, "dns.mx.status=nxdomain", "domain", "skip",
	  "", "not known" },
	{ "null MX", "dns.null-mx", 0, "dns.mx.status=ok|dns.mx.null+", "domain", "fail",
	  "null-mx.found", "takes no mail" },

	{ "all ports answer", "tcp.control", 0, "target.dial=look-up|tcp.587.state=open", "",
	  "skip", "", "answers" },
	{ "not on implicit TLS", "smtp.starttls", 465, "smtp.$.spoken+", "", NULL, NULL, NULL },
	{ "not where STARTTLS begins it", "tls.handshake", 587, "tcp.$.open+", "", NULL,
	  NULL, NULL },
};

static const struct one *now;

/* Leaves the facts of the case. */
static enum status feed(struct probe *p)
{
	struct strv l = { NULL, 0, 0 };

	strv_split(&l, probe_arena(p), now->facts, '|');
	for (size_t i = 0; i < l.n; i++) {
		char *name = arena_strdup(probe_arena(p), l.v[i]), *equal = strchr(name, '='),
			*end = name + strlen(name) - 1;
		unsigned long number;

		if (equal && equal > name && equal[-1] == ':' &&
		    str_number(equal + 1, 1UL << 40, &number)) {
			equal[-1] = '\0';
			probe_fact_number(p, name, (int64_t)number);
		} else if (equal) {
			*equal = '\0';
			probe_fact(p, name, "%s", equal + 1);
		} else {
			bool value = *end == '+';

			*end = '\0';
			probe_fact_bool(p, name, value);
		}
	}
	return probe_pass(p, "fed");
}

static const struct check *check_of(const char *id)
{
	for (size_t i = 0; all_checks[i]; i++)
		if (str_eq(all_checks[i]->id, id))
			return all_checks[i];
	return NULL;
}

/* Tokens of whom the options speak: "claims=NAME". */
static struct secret *token_called(struct arena *a, const char *name)
{
	static const char of_user[] = "\"upn\":\"app@example.com\",\"scp\":\"SMTP.Send\","
				      "\"exp\":4102444800}",
		aud[] = "{" OUTLOOK;
	const struct { const char *name, *token; } table[] = {
		{ "user", token_of(a, arena_printf(a, "%s%s", aud, of_user)) },
		{ "app",
		  token_of(a, arena_printf(a, "%s%s,\"exp\":4102444800}", aud, APP_CLAIMS)) },
		{ "graph",
		  token_of(a, arena_printf(a, "{\"aud\":\"https://graph.microsoft.com\","
					   "\"iss\":\"https://sts.windows.net/x/\",%s", of_user)) },
		{ "no-role", token_of(a, arena_printf(a, "%s\"idtyp\":\"app\"}", aud)) },
		{ "other", token_of(a, arena_printf(a, "%s\"upn\":\"admin@example.com\","
						    "\"scp\":\"SMTP.Send\"}", aud)) },
		{ "over", token_of(a, arena_printf(a, "%s\"scp\":\"SMTP.Send\",\"exp\":1700000000}",
						   aud)) },
		{ "opaque", "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA" },
		{ "house", token_of(a, "{\"aud\":\"mail\",\"iss\":\"https://idp.example/\"}") },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].name, name))
			return secret_new(table[i].token, strlen(table[i].token));
	ok(false, name);
	return NULL;
}

static struct ask ask_of(struct arena *a, const struct one *c, struct ask_port *port)
{
	struct ask ask = { .input = "mail.example.com", .host = "mail.example.com",
			   .domain = "example.com", .address = "", .provider = "",
			   .path = "", .helo = "probe.example", .from = "", .to = "",
			   .sender_ip = "", .user = "", .tenant = "", .auth = "",
			   .timeout_ms = 1000, .host_from = HOST_TYPED };
	struct strv words = { NULL, 0, 0 };
	const char *error;

	ask.know = know_new(a, NULL, &error);
	*port = (struct ask_port) { c->port ? c->port : 587, c->port == 465 };
	ask.ports = port;
	ask.n_ports = 1;
	strv_split(&words, a, c->options, ' ');
	if (strv_has(&words, "user"))
		ask.user = "app@example.com";
	if (strv_has(&words, "password"))
		ask.password = secret_new("Paper-Jam", 9);
	if (strv_has(&words, "token"))
		ask.token = secret_new("token", 5);
	if (strv_has(&words, "domain"))
		ask.kind = TARGET_DOMAIN;
	for (size_t i = 0; i < words.n; i++) {
		if (str_has_prefix(words.v[i], "auth="))
			ask.auth = words.v[i] + strlen("auth=");
		if (str_has_prefix(words.v[i], "claims="))
			ask.token = token_called(a, words.v[i] + strlen("claims="));
	}
	return ask;
}

/* The outcome of the check; NULL when it does not exist at this port. */
static void run_case(struct arena *a, const struct one *c)
{
	const struct check *judged = check_of(c->check);
	struct check feeder = { .id = "feeder", .title = "facts", .label = "facts",
				.ports = c->port != 0, .run = feed };
	const struct check *list[] = { &feeder, judged, NULL };
	const struct outcome *got = NULL;
	const struct result *r;
	struct check fed;
	struct net_options o = { .family = AF_UNSPEC };
	const char *error;
	struct ask_port port;
	struct ask ask = ask_of(a, c, &port);

	if (!ok(judged != NULL, c->check))
		return;
	fed = *judged;
	fed.after = CHECKS("feeder");
	list[1] = &fed;
	feeder.gives = fed.needs;
	ask.net = net_new(a, &o, &error);
	now = c;
	r = schedule_run(a, &ask, list);
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (str_eq(r->outcomes[i].check->id, c->check))
			got = &r->outcomes[i];
	is_str(got ? status_name(got->status) : NULL, c->status, c->what);
	if (got && c->finding)
		is_str(got->finding, c->finding, "... its finding");
	if (got && c->words)
		ok(str_find_nocase(got->summary, c->words), got->summary);
	secret_free(ask.password);
	secret_free(ask.token);
	net_free(ask.net);
}

static int run(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();

		run_case(a, &cases[i]);
		arena_free(a);
	}
	return 0;
}

int main(void)
{
	struct arena *a = arena_new();

	is_str(schedule_trouble(a, all_checks), NULL,
	       "the list of checks: every need has its giver, nothing goes in circles");
	arena_free(a);
	is_int(fiber_run(run, NULL), 0, "the loop ends");
	return tap_done();
}
