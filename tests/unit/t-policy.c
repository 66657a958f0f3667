/*
 * Dates of policies: the table as shipped, mistakes in it, and what a diagnosis says of
 * them on a given day.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "paste/explain.h"
#include "know/tables.h"

#define COLUMNS "id\tdate\twhat\tprovider\tpath\tcause\trows\tsource\tchecked\tconfidence\n"
#define GOOD "a\t2026-12-31\tx is so\tm365\t-\tbasic-auth-retired\t-\ts\t2026-11-20\tofficial\n"

static void mistakes(struct arena *a)
{
	static const struct { const char *what, *rows, *error; } cases[] = {
		{ "a good row", GOOD, NULL },
		{ "a year will do", "a\t2027\tx\tm365\tclient-submission\tbasic-auth-retired\t"
		  "-\ts\t2026-11-20\tofficial\n", NULL },
		{ "a month will do", "a\t2026-12\tx\tm365\tclient-submission\tbasic-auth-retired\t"
		  "-\ts\t2026-11-20\tofficial\n", NULL },
		{ "the same id twice", GOOD GOOD,
		  "mine.tsv:3: column 'id': 'a' is there twice, first in line 2" },
		{ "no date",
		  "a\tsoon\tx\tm365\t-\tbasic-auth-retired\t-\ts\t2026-11-20\tofficial\n",
		  "mine.tsv:2: column 'date': 'soon' is no date: YYYY-MM-DD, YYYY-MM or YYYY" },
		{ "no such day",
		  "a\t2026-13-01\tx\tm365\t-\tbasic-auth-retired\t-\ts\t2026-11-20\tofficial\n",
		  "mine.tsv:2: column 'date': '2026-13-01' is no date: YYYY-MM-DD, YYYY-MM or "
		  "YYYY" },
		{ "not sorted", GOOD
		  "b\t2026-11-01\tx\tm365\t-\tbasic-auth-retired\t-\ts\t2026-11-20\tofficial\n",
		  "mine.tsv:3: column 'date': the rows are not sorted by date" },
		{ "no such provider",
		  "a\t2026-12\tx\tnobody\t-\tbasic-auth-retired\t-\ts\t2026-11-20\tofficial\n",
		  "mine.tsv:2: column 'provider': 'nobody' is no provider of providers.tsv" },
		{ "no such path", "a\t2026-12\tx\tm365\tby-pigeon\tbasic-auth-retired\t-\ts\t"
		  "2026-11-20\tofficial\n",
		  "mine.tsv:2: column 'path': 'by-pigeon' is no path of 'm365' in providers.tsv" },
		{ "no such cause", "a\t2026-12\tx\tm365\t-\tbasic\t-\ts\t2026-11-20\tofficial\n",
		  "mine.tsv:2: column 'cause': 'basic' is no cause of causes.txt" },
		{ "no such row",
		  "a\t2026-12\tx\tm365\t-\tbasic-auth-retired\tno-row\ts\t2026-11-20\tofficial\n",
		  "mine.tsv:2: column 'rows': 'no-row' is no row of error-codes.tsv" },
		{ "checked in a month",
		  "a\t2026-12\tx\tm365\t-\tbasic-auth-retired\t-\ts\t2026-11\tofficial\n",
		  "mine.tsv:2: column 'checked': '2026-11' is no date: YYYY-MM-DD" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL;
		struct know *k = know_new(a, NULL, &error);
		const char *text = arena_printf(a, "%s%s", COLUMNS, cases[i].rows);

		table_read_text(k, TABLE_POLICIES, "mine.tsv", text, strlen(text), &error);
		is_str(error, cases[i].error, cases[i].what);
	}
}

/* The dates told, one after the other: "since December 2026; since 1 January 2027". */
static const char *told(const struct know *k, struct arena *a, const char *cause, const char *row,
			const char *provider, const char *path, time_t now)
{
	struct strv sentences = know_policies(k, a, know_cause(k, cause), row, provider, path, now);
	const char *all = "";

	for (size_t i = 0; i < sentences.n; i++) {
		const char *s = sentences.v[i] + strlen("Policy: "), *p = s;

		while (p[0] && !(p[0] == ' ' && p[1] == '2' && p[2] == '0'))
			p++;
		all = arena_printf(a, "%s%s%.*s", all, *all ? "; " : "", (int)(p - s) + 5, s);
	}
	return all;
}

enum { NOV_2026 = 1795132800, LAST_OF_2026 = 1798675200, JUL_2027 = 1814400000,
       LAST_OF_2027 = 1830211200, SEP_2028_END = 1853884800,
       YEAR_2020 = 1577836800 + 86400 };

static void dates(const struct know *k, struct arena *a)
{
	static const struct { const char *what, *cause, *row, *provider, *path; time_t now;
			      const char *told; } cases[] = {
		{ "the latest two, the latest first", "basic-auth-retired", NULL, "m365",
		  "client-submission", JUL_2027, "since 1 January 2027; since December 2026" },
		{ "what is to come explains nothing", "basic-auth-retired", NULL, "m365",
		  "client-submission", NOV_2026, "since 27 January 2026; since 1 October 2022" },
		{ "an unknown path is the provider's first", "basic-auth-retired", NULL, "m365", "",
		  NOV_2026, "since 27 January 2026; since 1 October 2022" },
		{ "on the last day of its month it is so", "basic-auth-retired", NULL, "m365",
		  "client-submission", LAST_OF_2026, "since December 2026; since 27 January 2026" },
		{ "... and not before", "basic-auth-retired", NULL, "m365", "client-submission",
		  LAST_OF_2026 - 86400, "since 27 January 2026; since 1 October 2022" },
		{ "a year counts from its last day", "basic-auth-retired", "m365-550-5730", "m365",
		  "client-submission", LAST_OF_2027, "since 2027; since 1 January 2027" },
		{ "... and not before", "basic-auth-retired", "m365-550-5730", "m365",
		  "client-submission", LAST_OF_2027 - 86400,
		  "since 1 January 2027; since December 2026" },
		{ "a leap year, too", "basic-auth-retired", NULL, "m365", "high-volume-email",
		  SEP_2028_END, "since September 2028; since 1 October 2022" },
		{ "another path", "basic-auth-retired", NULL, "m365", "high-volume-email", NOV_2026,
		  "since 1 October 2022" },
		{ "another provider, though like it", "basic-auth-retired", NULL, "outlook.com",
		  NULL, NOV_2026, "since 16 September 2024" },
		{ "a provider without dates", "basic-auth-retired", NULL, "google", NULL,
		  NOV_2026, "" },
		{ "nobody knows whose server it is", "basic-auth-retired", NULL, NULL, NULL,
		  NOV_2026, "" },
		{ "a cause without dates", "wrong-credentials", NULL, "m365", "client-submission",
		  NOV_2026, "" },
		{ "only one", "direct-send-rejected", NULL, "m365", "direct-send", NOV_2026,
		  "since September 2025" },
		{ "the switch of the tenant", "tenant-smtp-auth-disabled", NULL, "m365",
		  "client-submission", NOV_2026, "since January 2020" },
		{ "before all of them", "tls-version-unsupported", NULL, "m365-21v", NULL,
		  YEAR_2020, "" },
		{ "only what its reply is about: one limit", "submission-quota", "m365-550-57236",
		  "m365", NULL, NOV_2026, "since 15 October 2025" },
		{ "... and the other", "submission-quota", "m365-550-57233", "m365", NULL, NOV_2026,
		  "since 3 April 2025" },
		{ "... of a third neither", "submission-quota", "m365-550-52121", "m365", NULL,
		  NOV_2026, "" },
		{ "... nor without a reply", "submission-quota", NULL, "m365", NULL, NOV_2026, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(told(k, a, cases[i].cause, cases[i].row, cases[i].provider, cases[i].path,
			    cases[i].now),
		       cases[i].told, cases[i].what);
}

static const char *last_evidence(const struct know *k, struct arena *a, const char *text)
{
	const struct explanation *e = explain_text(a, k, text, strlen(text));
	const struct strv *because = e->n_diagnosis ? &e->diagnosis[0].because : NULL;

	return because && because->n ? because->v[because->n - 1] : "";
}

static const char *first_policy(const struct know *k, struct arena *a, const char *text)
{
	const struct explanation *e = explain_text(a, k, text, strlen(text));
	const struct strv *because = &e->diagnosis[0].because;
	size_t i = 0;

	while (i + 1 < because->n && !str_has_prefix(because->v[i], "Policy: "))
		i++;
	return because->v[i];
}

static void in_a_diagnosis(const struct know *k, struct arena *a)
{
	static const char text[] = "535 5.7.139 Authentication unsuccessful, "
				   "SmtpClientAuthentication is disabled for the Tenant. "
				   "[AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM "
				   "2026-11-20T12:00:00.000Z 08DE000000000000]";
	static const char gone[] = "550 5.7.30 Basic authentication is not supported for Client "
				   "Submission. [AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM]";

	setenv("SMTPWHY_NOW", "1795132800", 1);
	is_str(last_evidence(k, a, text),
	       "Policy: since January 2020 new organisations begin with SMTP AUTH switched off as "
	       "a whole (SmtpClientAuthenticationDisabled is True), for passwords and OAuth alike "
	       "(https://learn.microsoft.com/powershell/module/exchange/set-transportconfig, "
	       "checked 2026-11-20)",
	       "a diagnosis tells the date, the source and when it was read");
	ok(str_has_prefix(last_evidence(k, a, gone), "Policy: since 1 October 2022 "),
	   "what is to come is no evidence");
	setenv("SMTPWHY_NOW", "1799000000", 1);
	ok(str_has_prefix(first_policy(k, a, gone), "Policy: since 1 January 2027 "),
	   "in January 2027 it has been");
	ok(!str_has_prefix(last_evidence(k, a, "535 5.7.8 Authentication failed"), "Policy: "),
	   "a reply that nobody can be named for has no dates");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	const struct know *k = know_new(a, NULL, &error);
	size_t n = 0;

	is_str(error, NULL, "the tables can be read");
	if (!k)
		return tap_done();
	while (know_policy_at(k, n))
		n++;
	ok(n >= 20, "there are at least 20 dates");
	mistakes(a);
	dates(k, a);
	in_a_diagnosis(k, a);
	return tap_done();
}
