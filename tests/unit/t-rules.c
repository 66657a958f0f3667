/*
 * t-rules - what facts, findings and replies together are judged to be. The language of rules.tsv:
 * t-rule-language.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "cmd/checks.h"
#include "check/result.h"
#include "judge/weigh.h"
#include "know/findings.h"
#include "know/path.h"
#include "know/tables.h"

static const struct know *know;

/*
 * What was asked and seen: facts "name=value", `+name` true, `-name` false; outcomes "id status
 * finding" with a reply, '|' between its parts.
 */
struct seen {
	const char *what;
	const char *facts[12];
	const char *outcomes[6];
	const char *user, *from;
	bool password, token;
	const char *want;		/* "cause certainty" of the first diagnosis; "" = none */
	const char *not_there;		/* a cause that must be hidden; NULL = any */
	const char *by;			/* what the first is known by; NULL = anything */
};

static const struct check *check_called(const char *id)
{
	for (const struct check *const *c = all_checks; *c; c++) {
		if (str_eq((*c)->id, id))
			return *c;
	}
	return NULL;
}

static enum status status_called(const char *name)
{
	for (enum status s = STATUS_PASS; s < STATUS_UNKNOWN; s++) {
		if (str_eq(status_name(s), name))
			return s;
	}
	return STATUS_UNKNOWN;
}

static void set_fact(struct facts *f, const char *text, struct arena *a)
{
	const char *eq = strchr(text, '=');
	unsigned long n;

	if (!eq)
		facts_set_bool(f, text + 1, *text == '+');
	else if (eq[1] == '#' && str_number(eq + 2, 1000000, &n))
		facts_set_number(f, arena_strndup(a, text, (size_t)(eq - text)), (int64_t)n);
	else
		facts_set(f, arena_strndup(a, text, (size_t)(eq - text)), eq + 1);
}

/* "auth.login|587|fail|login.refused|auth|535 5.7.3 Authentication unsuccessful" */
static struct outcome outcome_of(struct arena *a, const char *text)
{
	struct strv part = { 0 };
	struct outcome o = { .finding = "", .summary = "it went wrong", .skipped_because = "",
			     .endpoint = "mx.example:587", .us = 1000 };
	unsigned long port = 0;
	struct span line;

	strv_split(&part, a, text, '|');
	o.check = check_called(part.v[0]);
	if (!o.check)
		ok(false, arena_printf(a, "there is a check %s", part.v[0]));
	str_number(part.v[1], 65535, &port);
	o.port = (unsigned)port;
	o.id = part.v[0];
	o.status = status_called(part.v[2]);
	if (part.n > 3)
		o.finding = str_eq(part.v[3], "-") ? "" : part.v[3];
	if (part.n > 5) {
		line = span_of(part.v[5]);
		o.reply = reply_of_lines(a, stage_of(part.v[4]), &line, 1);
	}
	return o;
}

static struct result *result_of(struct arena *a, const struct seen *s)
{
	static struct ask_port ports[] = { { 25, false }, { 465, true }, { 587, false } };
	struct result *r = arena_alloc(a, sizeof(*r));
	struct ask *ask = arena_alloc(a, sizeof(*ask));

	*ask = (struct ask) {
		.input = "smtp.office365.com", .host = "smtp.office365.com", .domain = "",
		.address = "", .provider = "", .path = "", .helo = "h",
		.from = s->from ? s->from : "", .to = "", .user = s->user ? s->user : "",
		.auth = "", .control_host = "", .ports = ports,
		.n_ports = 3, .know = know,
	};
	ask->password = s->password ? secret_new("x", 1) : NULL;
	ask->token = s->token ? secret_new("x", 1) : NULL;
	*r = (struct result) { .arena = a, .ask = ask, .facts = facts_new(a), .path = "" };
	for (size_t i = 0; i < 12 && s->facts[i]; i++)
		set_fact(r->facts, s->facts[i], a);
	r->host = *facts_string(r->facts, "target.host") ? facts_string(r->facts, "target.host") :
		  "smtp.office365.com";
	ask->host = r->host;
	r->provider = facts_string(r->facts, "target.provider");
	r->path = facts_string(r->facts, "target.path");
	r->outcomes = arena_alloc(a, 6 * sizeof(*r->outcomes));
	for (size_t i = 0; i < 6 && s->outcomes[i]; i++)
		r->outcomes[r->n_outcomes++] = outcome_of(a, s->outcomes[i]);
	result_conclude(r);
	secret_free(ask->password);
	secret_free(ask->token);
	ask->password = ask->token = NULL;
	return r;
}

#define M365 "target.provider=m365", "target.path=client-submission"

static const struct seen cases[] = {
	{ "all is well", { M365 }, { "tcp.$|587|pass" }, .want = "" },
	{ "the reply decides", { M365 }, {
		"auth.login|587|fail|login.refused|auth|535 5.7.139 Authentication unsuccessful, "
		"SmtpClientAuthentication is disabled for the Tenant." },
		.user = "u@contoso.com", .password = true,
		.want = "tenant-smtp-auth-disabled certain" },
	{ "nested evidence: the inner reply leads", { M365 }, {
		"smtp.mail-from|587|fail|mail.refused|mail|530 5.7.57 Client not authenticated to "
		"send mail. Error: 535 5.7.139 Authentication unsuccessful, the user credentials "
		"were incorrect. [AM0P]" },
		.user = "u@contoso.com", .want = "wrong-credentials certain",
		.not_there = "not-authenticated" },
	{ "a failed login explains the refused sender", { M365 }, {
		"auth.login|587|fail|login.refused|auth|535 5.7.139 Authentication unsuccessful, "
		"the user credentials were incorrect.",
		"smtp.mail-from|587|fail|mail.refused|mail|530 5.7.57 Client not authenticated to "
		"send mail." },
		.user = "u@contoso.com", .from = "u@contoso.com", .password = true,
		.want = "wrong-credentials certain" },
	{ "all mail ports are filtered, the web is not",
	  { M365, "tcp.25.state=filtered", "tcp.465.state=filtered", "tcp.587.state=filtered",
	    "-tcp.25.open", "-tcp.465.open", "-tcp.587.open", "tcp.control.443=open" },
	  { "tcp.$|587|fail|tcp.filtered" }, .want = "port-blocked certain",
	  .not_there = "connection-timeout" },
	{ "nothing can be reached",
	  { M365, "tcp.587.state=filtered", "-tcp.587.open", "tcp.control.443=filtered" },
	  { "tcp.$|587|fail|tcp.filtered" }, .want = "connection-timeout likely" },
	{ "something takes port 443 in the host's place",
	  { M365, "tcp.587.state=filtered", "-tcp.587.open", "tcp.control.443=pretended" },
	  { "tcp.$|587|fail|tcp.filtered" }, .want = "port-blocked likely",
	  .not_there = "connection-timeout" },
	{ "filtered, while the control host is reached",
	  { "target.host=mail.example.com", "tcp.587.state=filtered", "-tcp.587.open",
	    "tcp.control.443=filtered", "tcp.control.host=refused" },
	  { "tcp.$|587|fail|tcp.filtered" }, .want = "connection-timeout likely",
	  .not_there = "port-blocked" },
	{ "port 25 alone",
	  { M365, "tcp.25.state=filtered", "-tcp.25.open", "tcp.587.state=open", "+tcp.587.open" },
	  { "tcp.$|25|fail|tcp.filtered" }, .want = "port-blocked certain" },
	{ "465 is not Microsoft's", { M365, "tcp.465.state=filtered", "-tcp.465.open",
				      "+tcp.587.open", "tcp.587.state=open" },
	  { "tcp.$|465|fail|tcp.not-offered" }, .want = "wrong-port certain" },
	{ "dead IPv6", { M365, "tcp.587.state=mixed", "+tcp.587.open", "tcp.587.v6.state=filtered",
			 "tcp.587.v4.state=open" },
	  { "tcp.$|587|warn|tcp.ipv6-dead" }, .want = "ipv6-broken certain" },
	{ "a mistyped host", { "dns.address.status=nxdomain", "target.host=smtp.office356.com" },
	  { "dns.address|0|fail|address.no-name" }, .want = "host-not-found certain" },
	{ "a name of the provider's own, denied", { "dns.address.status=nxdomain",
		"target.host=smtp.office365.com" },
	  { "dns.address|0|fail|address.no-name" }, .want = "dns-name-denied likely",
		.not_there = "host-not-found" },
	{ "a name that only fits the provider's pattern, denied", { "dns.address.status=nxdomain",
		"target.host=x.smtp.office365.com" },
	  { "dns.address|0|fail|address.no-name" }, .want = "host-not-found certain",
		.not_there = "dns-name-denied" },
	{ "an answer that makes no sense", { "dns.address.status=bad-answer",
		"target.host=mail.example.com" },
	  { "dns.address|0|unknown|address.bad-answer" }, .want = "dns-failure likely",
		.not_there = "host-not-found" },
	{ "an answer about MX that makes no sense", { "dns.mx.status=bad-answer" },
		{ "dns.mx|0|unknown|mx.bad-answer" },
	  .want = "dns-failure likely", .not_there = "recipient-domain-not-found" },
	{ "no route at all", { "tcp.587.state=no-route", "-tcp.587.open",
		"target.host=mail.example.com" },
	  { "tcp.$|587|unknown|tcp.no-route" }, .want = "no-network certain",
		.not_there = "connection-timeout" },
	{ "a route to one port", { "tcp.587.state=no-route", "tcp.25.state=open", "-tcp.587.open",
		"+tcp.25.open",
		"target.host=mail.example.com" }, { "tcp.$|587|unknown|tcp.no-route" }, .want = "",
			.not_there = "no-network" },
	{ "no resolver", { "dns.address.status=timeout" },
	  { "dns.address|0|fail|address.no-resolver" }, .want = "dns-failure likely" },
	{ "credentials for an MX host", { "target.provider=m365", "target.path=direct-send",
					  "target.host=contoso-com.mail.protection.outlook.com" },
	  { "auth.mechanisms|25|fail|auth.not-offered" }, .user = "u@contoso.com", .password = true,
	  .want = "wrong-host certain" },
	{ "STARTTLS gone, though the provider has it", { M365, "-smtp.587.starttls.offered" },
	  { "smtp.starttls|587|fail|starttls.not-offered" },
	  .want = "middlebox-interference likely", .not_there = "starttls-unavailable" },
	{ "STARTTLS missing at a server nobody knows",
	  { "-smtp.587.starttls.offered", "target.host=mail.example.com" },
	  { "smtp.starttls|587|fail|starttls.not-offered" },
	  .want = "starttls-unavailable likely" },
	{ "somebody opens TLS",
	  { M365, "cert.587.issuer=CN=Firewall CA", "cert.587.trouble=untrusted" },
	  { "tls.certificate|587|fail|tls.interception" }, .want = "tls-interception certain",
	  .not_there = "certificate-untrusted" },
	{ "TLS where clear text was meant", { M365, "smtp.587.greeting.state=tls" },
	  { "smtp.greeting|587|fail|greeting.tls-expected" },
	  .want = "tls-mode-mismatch certain" },
	{ "clear text where TLS was meant",
	  { "smtp.465.greeting.state=plain", "target.host=mail.example.com" },
	  { "tls.handshake|465|fail|tls.plaintext-greeting" },
	  .want = "tls-mode-mismatch certain" },
	{ "this clock is slow", { M365, "cert.587.trouble=not-yet-valid" },
	  { "tls.certificate|587|fail|certificate.not-yet" },
	  .want = "clock-skew likely" },
	{ "the clocks agree", { M365, "smtp.587.clock-skew-s=#20" },
	  { "auth.login|587|fail|login.refused|auth|454 4.7.0 Temporary authentication failure" },
	  .user = "u@contoso.com", .password = true, .want = "transient-server-error likely",
	  .not_there = "clock-skew" },
	{ "the clocks do not agree", { M365, "smtp.587.clock-skew-s=#9000" },
	  { "auth.login|587|fail|login.refused|auth|454 4.7.0 Temporary authentication failure" },
	  .user = "u@contoso.com", .password = true, .want = "transient-server-error likely" },
	{ "the server's clock proves it",
	  { M365, "cert.587.trouble=not-yet-valid", "smtp.587.clock-skew-s=#200000" },
	  { "tls.certificate|587|fail|certificate.not-yet" }, .want = "clock-skew certain" },
	{ "Exim answers for Microsoft",
	  { M365, "smtp.587.greeting.product=exim",
	    "smtp.587.greeting.text=220 web7.example ESMTP Exim 4.96" },
	  { "auth.login|587|fail|login.refused|auth|535 Incorrect authentication data" },
	  .user = "u@contoso.com", .password = true,
	  .want = "middlebox-interference likely", .not_there = "wrong-credentials" },
	{ "TLS too old", { M365 }, { "auth.login|587|fail|login.refused|auth|421 4.7.66 TLS 1.0 "
				     "and 1.1 are not supported." },
	  .user = "u", .password = true, .want = "tls-version-unsupported certain" },
	{ "a token refused without a reason", { M365 },
	  { "auth.xoauth2|587|fail|-|auth|535 5.7.3 Authentication unsuccessful [AM0P]" },
	  .user = "u", .token = true, .want = "oauth-missing-scope possible",
	  .not_there = "wrong-credentials" },
	{ "refused before a word was said", { "target.host=mx.example.com" },
	  { "smtp.greeting|25|fail|greeting.refused|greeting|554 5.7.1 203.0.113.9 may not talk to "
	    "us" },
	  .want = "ip-blocklisted likely" },
	{ "no address in the one family",
	  { "dns.address.status=nodata", "target.host=mail.example.com" },
	  { "dns.address|0|fail|address.family" }, .want = "" },
	{ "a null MX", { "+dns.mx.null" }, { "dns.null-mx|0|fail|null-mx.found" },
	  .want = "null-mx certain" },
	{ "nobody logged in", { M365 }, { "smtp.mail-from|587|fail|mail.refused|mail|530 5.7.57 "
					  "Client was not authenticated to send anonymous mail" },
	  .from = "u@contoso.com", .want = "not-authenticated certain" },
	{ "a first message with TLS 1.3 is too much for something",
	  { M365, "tls.587.state=closed", "tls.587.1.2=accepted", "tls.587.1.3=refused" },
	  { "smtp.starttls|587|fail|starttls.closed" }, .want = "middlebox-interference likely",
	  .not_there = "tls-handshake-failed", .by = "rule tls-hello-intolerance" },
	{ "TLS is cut whatever is offered",
	  { M365, "tls.587.state=closed", "tls.587.1.2=unknown", "tls.587.1.3=unknown" },
	  { "smtp.starttls|587|fail|starttls.closed" }, .want = "tls-handshake-failed likely",
	  .not_there = "middlebox-interference" },
	{ "a finding alone", { "target.host=mail.example.com" },
	  { "smtp.ehlo|587|fail|ehlo.broken" }, .want = "connection-dropped likely" },
};

static bool has_cause(const struct result *r, const char *id)
{
	for (size_t i = 0; i < r->n_diagnosis; i++) {
		if (str_eq(r->diagnosis[i].cause->id, id))
			return true;
	}
	return false;
}

static void judged(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const struct result *r = result_of(a, &cases[i]);
		const struct diagnosed *d = r->n_diagnosis ? &r->diagnosis[0] : NULL;

		is_str(d ? arena_printf(a, "%s %s", d->cause->id, certainty_name(d->certainty)) :
		       "",
		       cases[i].want, cases[i].what);
		if (cases[i].not_there)
			ok(!has_cause(r, cases[i].not_there),
			   arena_printf(a, "%s: %s is not said", cases[i].what,
					cases[i].not_there));
		if (cases[i].by)
			is_str(d ? d->matched_by : "", cases[i].by,
			       arena_printf(a, "%s: known by", cases[i].what));
		for (size_t j = 0; j < r->n_diagnosis; j++) {
			if (!r->diagnosis[j].because.n || !r->diagnosis[j].sources.n ||
			    !*r->diagnosis[j].meaning)
				ok(false,
				   arena_printf(a, "%s: %s has evidence, a meaning and a source",
						cases[i].what, r->diagnosis[j].cause->id));
		}
	}
}

static void what_comes_next(struct arena *a)
{
	const struct result *r = result_of(a, &(struct seen) {
		.facts = { M365 },
		.outcomes = {
			"auth.login|587|fail|login.refused|auth|535 5.7.139 Authentication "
			"unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
		},
		.user = "u@contoso.com", .password = true,
	});

	is_str(strv_join(&r->next_blockers, a, " "), "security-defaults-block "
	       "conditional-access-block basic-auth-retired wrong-credentials",
	       "what may block next is told, in the order of the layers");
	is_int((int64_t)r->apart.n, 0, "what is certain needs no further test");
	is_int((int64_t)r->apart.unknowable.n, 2,
	       "... and leaves open who switched it off, and whether the password is right");
	ok(r->n_diagnosis && strstr(r->diagnosis[0].fix.steps[1].command, "u@contoso.com"),
	   "placeholders are filled in");
	ok(strstr(r->diagnosis[0].because.v[0],
		  "mx.example:587 answered the login with \"535 5.7.139"),
	   "the evidence is quoted");

	r = result_of(a, &(struct seen) {
		.facts = { M365, "+token.fit", "+token.readable", "+token.user-fits" },
		.outcomes = {
			"auth.xoauth2|587|fail|xoauth2.refused|auth|535 5.7.139 Authentication "
			"unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
		},
		.user = "u@contoso.com", .token = true,
	});
	ok(r->next_blockers.n && !strv_has(&r->next_blockers, "wrong-credentials"),
	   "where a token was given, no password can block next");

	r = result_of(a, &(struct seen) {
		.facts = { M365, "auth.587.result=235 2.7.0" },
		.outcomes = {
			"auth.xoauth2|587|pass", "smtp.mail-from|587|fail|mail.refused|mail|550 "
			"5.7.60 SMTP; Client does not have permissions to send as this sender"
		},
		.user = "u@contoso.com", .from = "boss@contoso.com", .token = true,
	});
	is_str(r->n_diagnosis ? r->diagnosis[0].cause->id : "", "send-as-denied",
	       "after an accepted login");
	ok(!strv_has(&r->next_blockers, "wrong-credentials") &&
	   !strv_has(&r->next_blockers, "oauth-missing-scope"),
	   "what was accepted can't block");
}

static void states(struct arena *a)
{
	static const struct { const char *outcomes[4]; enum status want;
			      const char *what; } table[] = {
		{ { "tcp.$|587|pass", "smtp.ehlo|587|pass" }, STATUS_PASS, "passed" },
		{ { "smtp.ehlo|587|pass", "tls.cipher|587|warn|-" }, STATUS_WARN, "a warning" },
		{ { "tcp.$|587|pass", "smtp.ehlo|587|unknown" }, STATUS_UNKNOWN,
		  "a talker that could not judge" },
		{ { "smtp.ehlo|587|pass", "tls.version|587|unknown" }, STATUS_PASS,
			"a side question left open" },
		{ { "tcp.$|587|pass", "tls.cipher|587|pass" }, STATUS_UNKNOWN,
			"nothing but side questions" },
		{ { "tcp.$|587|pass", "tls.cipher|587|warn|-" }, STATUS_UNKNOWN,
			"... and a warning" },
		{ { "target.provider|0|pass" }, STATUS_UNKNOWN, "nothing but a remark" },
		{ { "tcp.$|587|pass", "smtp.ehlo|587|skip" }, STATUS_UNKNOWN,
			"the main question skipped" },
		{ { "smtp.ehlo|587|pass", "auth.plain|587|skip" }, STATUS_UNKNOWN,
			"one of two main questions skipped" },
		{ { "smtp.ehlo|587|pass", "auth.plain|587|skip", "auth.plain|465|pass" },
			STATUS_PASS, "... at one port of two" },
		{ { "smtp.ehlo|587|pass", "graph.send|0|unknown" }, STATUS_UNKNOWN,
			"a main question that talks no SMTP left open" },
		{ { "tcp.$|587|unknown", "tls.cipher|587|fail|-" }, STATUS_FAIL, "a failure" },
		{ { "tcp.$|587|skip" }, STATUS_UNKNOWN, "nothing but skips" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct seen s = { .facts = { NULL } };

		memcpy(s.outcomes, table[i].outcomes, sizeof(table[i].outcomes));
		is_str(status_name(result_of(a, &s)->status), status_name(table[i].want),
		       table[i].what);
	}
}

/* A case with a finding that does not exist would prove nothing. */
static void names_exist(struct arena *a)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t j = 0; j < 6 && cases[i].outcomes[j]; j++) {
			struct outcome o = outcome_of(a, cases[i].outcomes[j]);

			if (*o.finding && !know_finding(know, o.finding) &&
			    !know_path_finding(know, o.finding))
				is_str(o.finding, "(a finding of some check)", cases[i].what);
		}
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;

	know = know_new(a, NULL, &error);
	is_str(error, NULL, "the tables can be read");
	if (!know)
		return tap_done();
	judged();
	what_comes_next(a);
	states(a);
	names_exist(a);
	return tap_done();
}
