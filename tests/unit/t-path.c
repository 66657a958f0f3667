/*
 * t-path - which way a case is, what contradicts it, and what fits: every row of path-findings.tsv
 * and of path-choices.tsv is reached.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/settings.h"
#include "know/tables.h"
#include "sending/inside.h"
#include "tests/unit/path-cases.h"

static char *ids(struct arena *a, const struct path_judgement *j)
{
	struct strv list = { 0 };

	for (const struct path_finding *f = j->findings; f; f = f->next)
		strv_add(&list, a, f->finding);
	return strv_join(&list, a, " ");
}

/* Nothing that is told may have a hole in it. */
static bool whole(const char *text)
{
	return *text && !strchr(text, '{') && !strstr(text, "unknown");
}

/* The names of the facts of a case. */
static void left(const struct know *know, struct arena *a, const struct path_case *c,
		 struct strv *reached)
{
	const struct fact *f = NULL;
	struct path_view v;

	path_view_of(a, know, c, &v);
	while ((f = facts_match(v.facts, "*", f)))
		if (!strv_has(reached, f->name))
			strv_add(reached, a, f->name);
}

static void judged(const struct know *know, struct arena *a, struct strv *reached)
{
	for (size_t i = 0; i < n_path_wanted; i++) {
		struct path_case c = path_wanted[i].c;
		const struct path_judgement *j;
		bool good = true;

		c.now = c.now ? c.now : BEFORE;
		left(know, a, &c, reached);
		j = path_judge(a, know, &c);
		is_str(j->path, path_wanted[i].path, path_wanted[i].what);
		is_str(ids(a, j), path_wanted[i].findings, path_wanted[i].what);
		ok(!*j->path || *j->path_why, "... and how the way is known");
		for (const struct path_finding *f = j->findings; f; f = f->next) {
			strv_add(reached, a, f->finding);
			good = good && whole(f->message) && whole(f->fix) && *f->source;
		}
		ok(good, "... in whole sentences");
	}
}

static void chosen(const struct know *know, struct arena *a, struct strv *reached)
{
	for (size_t i = 0; i < n_path_fits; i++) {
		struct path_case c = path_fits[i].c;
		const struct path_judgement *j;
		struct strv rules = { 0 };
		bool good = true;

		c.now = c.now ? c.now : BEFORE;
		left(know, a, &c, reached);
		j = path_judge(a, know, &c);
		for (size_t k = 0; k < j->n_recommended; k++) {
			const struct path_choice *one = &j->recommended[k];

			strv_add(&rules, a, one->rule);
			strv_add(reached, a, one->rule);
			good = good && whole(one->name) && whole(one->why) &&
			       one->prerequisites.n && one->breaks.n && *one->source;
			for (size_t n = 0; n < one->prerequisites.n; n++)
				good = good && whole(one->prerequisites.v[n]);
		}
		is_str(strv_join(&rules, a, " "), path_fits[i].rules, path_fits[i].what);
		ok(good, "... in whole sentences, with what it needs and what would break it");
	}
}

static void asked(const struct know *know, struct arena *a)
{
	const struct { const char *what; struct path_case c; const char *want;
		       size_t n; } table[] = {
		{ "nobody knows whose domain", { .ask.host = "" },
		  "mailboxes of the sender's domain", 1 },
		{ "all is open", { M365 }, "--own-code", 3 },
		{ "OAuth decides",
		  { M365, .ask.means = { .own_code = PATH_NO, .volume = 100, .external = PATH_YES,
					 .can_tls12 = PATH_YES } },
		  "--can oauth", 3 },
		{ "nothing is open", { M365, .ask.means = { .own_code = PATH_YES, .volume = 100 } },
		  NULL, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct path_judgement *j = path_judge(a, know, &table[i].c);
		char *all = strv_join(&j->unknown, a, "; ");

		ok(j->unknown.n == table[i].n && (!table[i].want || strstr(all, table[i].want)),
		   table[i].what);
		if (j->unknown.n != table[i].n)
			printf("# %s\n", all);
	}
}

static void all_reached(const struct know *know, const struct strv *reached)
{
	const struct path_finding_row *f;
	const struct path_choice_row *c;
	const struct fact_kind *fact;

	for (size_t i = 0; (f = know_path_finding_at(know, i)); i++)
		if (!strv_has(reached, f->id))
			ok(false, f->id);
	for (size_t i = 0; (c = know_path_choice_at(know, i)); i++)
		if (!strv_has(reached, c->id))
			ok(false, c->id);
	for (size_t i = 0; (fact = know_fact_at(know, i)); i++)
		if (str_has_prefix(fact->by, "settings") && !strchr(fact->name, '*') &&
		    !strv_has(reached, fact->name))
			ok(false, fact->name);
	ok(reached->n > 100, "every row was reached, and every fact of a case was left");
}

/* --- the tables --- */

#define COLUMNS "id\twhen\tseverity\tsetting\tcause\tmessage\tfix\tconfidence\tsource\n"

static void mistakes(struct arena *a)
{
	static const struct { const char *what, *row, *error; } rows[] = {
		{ "a good row",
		  "path.a\tcase.host = x\terror\thost\twrong-host\tm {case.host}\tf\texpert\ts\n",
		  NULL },
		{ "no such fact", "path.a\tcase.hots = x\terror\thost\t-\tm\tf\texpert\ts\n",
		  "mine.tsv:2: column 'when': 'case.hots' is no fact of a case" },
		{ "no such fact in the words",
		  "path.a\tcase.host\terror\thost\t-\tm {case.hots}\tf\texpert\ts\n",
		  "mine.tsv:2: column 'message': '{case.hots}' is no fact of a case" },
		{ "a finding", "path.a\tfinding:x\terror\thost\t-\tm\tf\texpert\ts\n",
		  "mine.tsv:2: column 'when': only facts can be asked for here" },
		{ "no source", "path.a\tcase.host\terror\thost\t-\tm\tf\texpert\t-\n",
		  "mine.tsv:2: column 'source': must not be empty" },
		{ "no such cause", "path.a\tcase.host\terror\thost\tx\tm\tf\texpert\ts\n",
		  "mine.tsv:2: column 'cause': 'x' is no cause of causes.txt" },
		{ "another name", "a\tcase.host\terror\thost\t-\tm\tf\texpert\ts\n",
		  "mine.tsv:2: column 'id': 'a' does not begin with path." },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *error = NULL, *text = arena_printf(a, "%s%s", COLUMNS, rows[i].row);
		struct know *k = know_new(a, NULL, &error);

		table_read_text(k, TABLE_PATH_FINDINGS, "mine.tsv", text, strlen(text), &error);
		is_str(error, rows[i].error, rows[i].what);
	}
}

/* --- settings --- */

static void settings(const struct know *know, struct arena *a)
{
	_cleanup_(secret_freep) struct secret *secret = secret_new("abcd efgh ijkl mnop", 19),
		*other = secret_new("Abcdefghijklmnop", 16);
	_cleanup_(secret_freep) struct secret *id = secret_new(GUID, strlen(GUID));
	struct mail_settings s = {
		.host = { .value = "SMTP.Office365.com", .key = "host", .line = 1 },
		.port = { .value = "465", .key = "port", .line = 2 }, .tls = SETTINGS_TLS_IMPLICIT,
		.auth = { .value = "LOGIN", .key = "auth", .line = 3 },
		.user = { .value = "scan@contoso.com", .key = "user", .line = 4 },
		.password = { .key = "password", .line = 5 },
		.scope = { .value = "https://outlook.office365.com/.default", .key = "scope",
			   .line = 6 },
		.client_secret = id,
	};
	struct path_case c;

	path_case_of(a, &s, &c);
	c.now = BEFORE;
	is_str(ids(a, path_judge(a, know, &c)),
	       "path.secret-is-id path.port-465-microsoft path.oauth-but-password-login",
	       "settings of a program");
	s = (struct mail_settings) {
		.host = { .value = "smtp.office365.com", .key = "host", .line = 1 },
		.port = { .value = "587", .key = "" },
		.auth = { .value = "none", .key = "auth", .line = 2 }
	};
	path_case_of(a, &s, &c);
	is_str(ids(a, path_judge(a, know, &c)), "path.no-login", "settings without a login");
	is_int(path_app_password(secret), PATH_YES, "an app password in groups");
	is_int(path_app_password(other), PATH_NO, "one with capitals is none");
	is_int(path_app_password(NULL), PATH_UNKNOWN, "none is known");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	struct know *know = know_new(a, NULL, &error);
	struct strv reached = { 0 };

	ok(know && know_check(know, &error), error ? error : "the tables are right");
	judged(know, a, &reached);
	chosen(know, a, &reached);
	all_reached(know, &reached);
	asked(know, a);
	mistakes(a);
	settings(know, a);
	return tap_done();
}
