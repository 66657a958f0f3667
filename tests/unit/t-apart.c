/*
 * t-apart - tell-apart.tsv: its mistakes are told, and each set of causes has the tests
 * that tell it apart.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "judge/apart.h"
#include "paste/explain.h"
#include "judge/facts.h"
#include "know/tables.h"

#define COLUMNS \
	"id\tkind\tcauses\tleast\twhen\tcost\ttest\tcommand\tdecides\twho\tsource\tconfidence\n"
#define ROW(kind, causes, least, when, cost, test, command, decides, who) \
	"a\t" kind "\t" causes "\t" least "\t" when "\t" cost "\t" test "\t" command "\t" decides \
	"\t" who "\ts\texpert\n"
#define UNKNOWN(command) \
	ROW("unknown", "port-blocked", "1", "-", "0", \
	    "It isn't possible to tell from outside why.", command, "-", "-")
#define GOOD ROW("test", "port-blocked", "1", "-", "10", "Do it", "-", "That.", "user")

static void mistakes(struct arena *a)
{
	static const struct { const char *what, *row, *error; } cases[] = {
		{ "a row", GOOD, NULL },
		{ "a condition", ROW("test", "connection-*", "2", "provider.id = m365 & !ask.token",
				     "10", "Do it", "x {host}", "That.", "user"),
		  NULL },
		{ "the same id twice", GOOD GOOD,
		  "mine.tsv:3: column 'id': 'a' is there twice, first in line 2" },
		{ "no such kind",
		  ROW("guess", "port-blocked", "1", "-", "10", "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'kind': 'guess' is none of: test, unknown" },
		{ "no such cause",
		  ROW("test", "nothing-*", "1", "-", "10", "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'causes': 'nothing-*' matches no cause of causes.txt" },
		{ "none needed",
		  ROW("test", "port-blocked", "0", "-", "10", "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'least': at least one must be in question" },
		{ "no number",
		  ROW("test", "port-blocked", "some", "-", "10", "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'least': 'some' is no number from 0 to 9" },
		{ "a broken condition",
		  ROW("test", "port-blocked", "1", "a b", "10", "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'when': at 3: expected = != ~ !~ < <= > or >=" },
		{ "a condition about one port", ROW("test", "port-blocked", "1", "tcp.$.open", "10",
						    "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'when': has a $, but it is about the whole target" },
		{ "too dear",
		  ROW("test", "port-blocked", "1", "-", "101", "Do it", "-", "That.", "user"),
		  "mine.tsv:2: column 'cost': '101' is no number from 0 to 100" },
		{ "no such placeholder",
		  ROW("test", "port-blocked", "1", "-", "10", "Do it", "x {hots}", "That.", "user"),
		  "mine.tsv:2: column 'command': '{hots}' is no placeholder" },
		{ "nothing decided",
		  ROW("test", "port-blocked", "1", "-", "10", "Do it", "-", "-", "user"),
		  "mine.tsv:2: column 'decides': must not be empty" },
		{ "nobody",
		  ROW("test", "port-blocked", "1", "-", "10", "Do it", "-", "That.", "nobody"),
		  "mine.tsv:2: column 'who': 'nobody' is none of: user, developer, tenant-admin, "
		  "network-admin, dns-admin, recipient, provider" },
		{ "what is unknown", UNKNOWN("-"), NULL },
		{ "what is unknown, with a command", UNKNOWN("x"),
		  "mine.tsv:2: column 'kind': what is unknown has no command, decides nothing, and "
		  "nobody can do it" },
		{ "what is unknown, in other words",
		  ROW("unknown", "port-blocked", "1", "-", "0", "Who knows.", "-", "-", "-"),
		  "mine.tsv:2: column 'test': what is unknown begins with: It isn't possible to "
		  "tell from outside" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL;
		struct know *k = know_new(a, NULL, &error);
		const char *text = arena_printf(a, "%s%s", COLUMNS, cases[i].row);

		table_read_text(k, TABLE_APART, "mine.tsv", text, strlen(text), &error);
		is_str(error, cases[i].error, cases[i].what);
	}
}

/* A lock of the account is the price of a wrong password: nobody is sent to try one. */
static void no_wrong_password(const struct know *k)
{
	const struct apart_row *row;
	size_t n = 0;

	for (; (row = know_apart_at(k, n)); n++)
		if (str_eq(row->kind, "test") &&
		    (strstr(row->test, "wrong") || strstr(row->command, "wrong")))
			ok(false, row->id);
	ok(n >= 30, "there are at least 30 rows");
}

/*
 * Causes "certainty id, ..."; what is known "name=value ..."; tests that must be there and one that
 * must not, by id.
 */
struct set {
	const char *what, *causes, *known, *there, *not_there;
};

static struct strv words(struct arena *a, const char *list, char sep)
{
	struct strv v = { NULL, 0, 0 };

	strv_split(&v, a, list, sep);
	return v;
}

static enum certainty certainty_called(const char *name)
{
	if (str_eq(name, "certain"))
		return CERTAIN;
	return str_eq(name, "likely") ? LIKELY : POSSIBLE;
}

static size_t diagnosed_of(struct arena *a, const struct know *k, const char *causes,
			   struct diagnosed *list)
{
	struct strv v = words(a, causes, ',');

	for (size_t i = 0; i < v.n; i++) {
		struct strv one = words(a, v.v[i], ' ');

		list[i] = (struct diagnosed) {
			.cause = know_cause(k, one.v[1]),
			.certainty = certainty_called(one.v[0]),
		};
		for (size_t j = 2; j < one.n; j++)
			strv_add(&list[i].also, a, one.v[j]);
	}
	return v.n;
}

/* As its type in facts.tsv wants it. */
static void set_known(struct facts *f, const char *name, const char *value)
{
	unsigned long n = 0;

	if (fact_type_of(name) == FACT_BOOL)
		facts_set_bool(f, name, !str_eq(value, "false"));
	else if (fact_type_of(name) == FACT_NUMBER && str_number(value, 999999, &n))
		facts_set_number(f, name, (int64_t)n);
	else
		facts_set(f, name, value);
}

static struct apart apart_of(struct arena *a, const struct know *k, const struct set *s)
{
	static const struct filling f = { .host = "smtp.office365.com", .port = "587",
					  .user = "u@contoso.com", .domain = "contoso.com" };
	struct facts *asked = facts_new(a), *seen = facts_new(a);
	struct evidence e = { .arena = a, .know = k, .facts = seen, .asked = asked, .provider = "",
			      .path = "" };
	struct candidates none = { .arena = a, .know = k };
	struct diagnosed list[8];
	struct strv known = words(a, s->known, ' ');
	size_t n = diagnosed_of(a, k, s->causes, list);

	for (size_t i = 0; i < known.n; i++) {
		char *name = arena_strdup(a, known.v[i]), *value = strchr(name, '=');
		bool is_asked = str_has_prefix(name, "ask.") || str_has_prefix(name, "provider.");

		*value++ = '\0';
		set_known(is_asked ? asked : seen, name, value);
	}
	return apart_find(&none, &e, &f, &(struct diagnosis) { .list = list, .n = n }, NULL);
}

static bool has_test(const struct apart *apart, const char *id)
{
	for (size_t i = 0; i < apart->n; i++)
		if (str_eq(apart->tests[i].id, id))
			return true;
	return false;
}

#define M365 "provider.id=m365 provider.path=client-submission "

static const struct set sets[] = {
	{ "E1: a rule about the place",
	  "likely conditional-access-block app-password-required wrong-credentials",
	  M365 "ask.password=x", "network-login sign-in-log token-endpoint", "token-inspect" },
	{ "E2: tenant or mailbox", "possible smtp-auth-disabled-unspecified "
	  "tenant-smtp-auth-disabled mailbox-smtp-auth-disabled", M365,
	  "second-mailbox both-switches", "sign-in-name" },
	{ "E3: what SMTP hides",
	  "possible wrong-credentials,possible account-disabled,possible password-expired", M365,
	  "token-endpoint browser-ms", "browser-other" },
	{ "E4: at other providers", "possible wrong-credentials,possible app-password-required",
	  "provider.id=google", "browser-other", "token-endpoint" },
	{ "E5: an alias", "possible wrong-credentials,possible mailbox-not-licensed", M365,
	  "sign-in-name is-there-a-mailbox", "network-connect" },
	{ "E6: the other way to log in", "likely basic-auth-retired security-defaults-block", M365,
	  "oauth-login", "token-inspect" },
	{ "E7: a change that has not arrived", "likely oauth-service-principal-missing",
	  M365 "ask.token=x token.app-only=true token.readable=true",
	  "after-a-change service-principal", "sign-in-name" },
	{ "a token that was not looked into",
	  "possible oauth-missing-scope,possible oauth-wrong-audience", M365 "ask.token=x",
	  "token-inspect", "browser-ms" },
	{ "a token that was", "possible oauth-service-principal-missing,possible oauth-wrong-user",
	  M365 "ask.token=x token.readable=true", "after-a-change",
	  "token-inspect" },
	{ "a port that does not answer", "likely port-blocked", "tcp.587.state=filtered",
	  "network-connect control-host", "second-mailbox" },
	{ "the control host was asked", "likely port-blocked", "tcp.control.host=open",
	  "network-connect", "control-host" },
	{ "the name is wrong, not the network", "likely connection-timeout,likely host-not-found",
	  "dns.address.status=servfail", "other-resolver", "network-connect" },
	{ "something in the way", "likely middlebox-interference,likely tls-handshake-failed", "",
	  "network-talk tls-versions", "browser-ms" },
	{ "the versions were asked", "likely middlebox-interference,likely tls-handshake-failed",
	  "tls.587.1.2=accepted", "network-talk", "tls-versions" },
	{ "the clock or the certificate", "likely clock-skew,likely certificate-expired", "",
	  "clock", "network-login" },
	{ "a cut reply that was pasted",
	  "possible auth-failed-unspecified wrong-credentials tenant-smtp-auth-disabled",
	  M365 "ask.pasted=reply", "whole-reply", "token-inspect" },
	{ "the same reply of a server that was asked",
	  "possible auth-failed-unspecified wrong-credentials tenant-smtp-auth-disabled",
	  M365 "ask.password=x", "browser-ms", "whole-reply" },
	{ "nobody logged in, or nobody was let in", "likely not-authenticated wrong-credentials",
	  M365 "ask.pasted=reply", "was-it-sent", "token-inspect" },
	{ "a mechanism, or too early", "likely auth-mechanism-unsupported starttls-required", M365,
	  "which-host", "second-mailbox" },
	{ "a mailbox or none", "possible mailbox-not-licensed,possible wrong-credentials", M365,
	  "is-there-a-mailbox", "other-resolver" },
	{ "a list, or the one who reads it", "likely ip-blocklisted dnsbl-misconfigured", "",
	  "list-itself", "network-login" },
	{ "the sign-in was read", "likely conditional-access-block wrong-credentials",
	  M365 "entra.signin.1.code=53003", "network-login", "sign-in-log" },
	{ "the switches were read",
	  "possible smtp-auth-disabled-unspecified tenant-smtp-auth-disabled",
	  M365 "exo.cas.smtp-auth-disabled=false", "second-mailbox",
	  "both-switches" },
	{ "what passes by itself, or does not",
	  "likely transient-server-error smtp-auth-disabled-unspecified", M365, "passes-by-itself",
	  "after-a-change" },
	{ "what settles a cause is for one that is told",
	  "likely transient-server-error connection-timeout dns-failure", M365 "ask.pasted=reply",
	  "passes-by-itself", "network-connect" },
	{ "password or token",
	  "possible auth-failed-unspecified wrong-credentials oauth-missing-scope",
	  M365 "ask.pasted=log", "which-login token-inspect", "issuer" },
	{ "whose certificate", "likely certificate-untrusted tls-interception", "ask.pasted=trace",
	  "issuer network-talk", "which-login" },
	{ "nobody's provider", "likely wrong-credentials", "", "browser-other", "browser-ms" },
	{ "what is certain needs no test", "certain tenant-smtp-auth-disabled", M365, "",
	  "second-mailbox" },
};

static void the_sets(struct arena *a, const struct know *k)
{
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct apart apart = apart_of(a, k, &sets[i]);
		struct strv there = words(a, sets[i].there, ' ');

		for (size_t j = 0; j < there.n; j++)
			ok(has_test(&apart, there.v[j]),
			   arena_printf(a, "%s: %s", sets[i].what, there.v[j]));
		ok(!has_test(&apart, sets[i].not_there),
		   arena_printf(a, "%s: not %s", sets[i].what, sets[i].not_there));
		ok(there.n || !apart.n, sets[i].what);
		for (size_t j = 0; j < apart.n; j++)
			if (strchr(apart.tests[j].command, '{') || !apart.tests[j].causes.n ||
			    !*apart.tests[j].source)
				ok(false, arena_printf(a, "%s: %s is whole", sets[i].what,
						       apart.tests[j].id));
	}
}

/* The cheapest first. */
static void in_order(struct arena *a, const struct know *k)
{
	struct apart apart = apart_of(a, k, &sets[0]);
	unsigned long last = 0;
	const struct apart_row *row;
	bool sorted = apart.n > 3;

	for (size_t i = 0; i < apart.n; i++) {
		for (size_t j = 0; (row = know_apart_at(k, j)); j++) {
			if (!str_eq(row->id, apart.tests[i].id))
				continue;
			sorted &= row->cost >= last;
			last = row->cost;
		}
	}
	ok(sorted, "the cheapest test comes first, an administrator's last");
	is_str(apart.tests[apart.n - 1].who, "tenant-admin",
	       "what needs an administrator is there all the same");
	ok(strstr(apart.tests[1].command,
		  "smtpwhy check smtp.office365.com:587 --user u@contoso.com"),
	   "commands are filled in");
}

/* --- what nobody can tell --- */

static void unknowable(struct arena *a, const struct know *k)
{
	static const struct { const char *what, *causes, *known, *words; size_t n; } cases[] = {
		{ "which rule", "likely conditional-access-block", M365,
		  "which sign-in policy", 1 },
		{ "name or password, though it is certain", "certain wrong-credentials",
		  M365 "ask.password=x", "the user name or the password", 1 },
		{ "elsewhere the reply is not Microsoft's", "certain wrong-credentials",
		  "provider.id=google", "", 0 },
		{ "who switched it off", "certain tenant-smtp-auth-disabled", M365,
		  "who switched it off", 2 },
		{ "nothing is said of a password that was not used",
		  "certain tenant-smtp-auth-disabled", M365 "ask.token=x",
		  "who switched it off", 1 },
		{ "lock or bad address", "certain account-locked", M365,
		  "the IP address of the attempts", 1 },
		{ "what a reply may mean besides is no reason",
		  "likely wrong-credentials conditional-access-block", M365,
		  "the user name or the password", 1 },
		{ "what hangs on no layer that hides", "certain unknown-recipient", M365, "", 0 },
		{ "the connector", "certain connector-missing,likely relay-denied", M365,
		  "whether there is no connector", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct set s = { cases[i].what, cases[i].causes, cases[i].known, "", "" };
		struct apart apart = apart_of(a, k, &s);

		is_int((int64_t)apart.unknowable.n, (int64_t)cases[i].n, cases[i].what);
		ok(!apart.unknowable.n || strstr(apart.unknowable.v[0], cases[i].words),
		   arena_printf(a, "%s: the words", cases[i].what));
	}
}

static void of_a_text(struct arena *a, const struct know *k)
{
	static const char cut[] = "535 5.7.139 Authentication unsuccessful", sure[] =
		"535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.";
	const struct explanation *e = explain_text(a, k, cut, strlen(cut));

	ok(e->apart.n && str_eq(e->apart.tests[0].id, "whole-reply"),
	   "a reply that was cut off: first of all the rest of it");
	ok(has_test(&e->apart, "sign-in-log"),
	   "the provider is known by the row, where the text does not name it");
	e = explain_text(a, k, sure, strlen(sure));
	ok(!e->apart.n && e->apart.unknowable.n == 1,
	   "a reply that decides: no test, but what it leaves open is said");
	is_str(strv_join(&e->next_blockers, a, " "),
	       "app-password-required conditional-access-block account-locked", "what comes next");
	e = explain_record(a, k, cut, strlen(cut));
	ok(!e->apart.n && !e->apart.unknowable.n, "a record of a log is only counted");
	e = explain_text(a, k, "hello", 5);
	ok(!e->apart.n && !e->apart.unknowable.n, "nothing is known of nothing");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	const struct know *k = know_new(a, NULL, &error);

	is_str(error, NULL, "the tables can be read");
	if (!k)
		return tap_done();
	mistakes(a);
	no_wrong_password(k);
	the_sets(a, k);
	in_order(a, k);
	unknowable(a, k);
	of_a_text(a, k);
	return tap_done();
}
