/*
 * Numbers of Microsoft Entra ID: the table as shipped, mistakes in it, and numbers in pastes.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "paste/explain.h"
#include "know/tables.h"
#include "paste/paste.h"

#define COLUMNS "code\tname\tcause\tcertainty\tmeaning\tfix\twho\tretry\tsource\tconfidence\n"

static const char *load(struct know *k, const char *text)
{
	const char *error = NULL;

	table_read_text(k, TABLE_AADSTS, "mine.tsv", text, strlen(text), &error);
	return error;
}

static void mistakes(struct arena *a)
{
	static const struct { const char *what, *rows, *error; } cases[] = {
		{ "a good row", "50126\t-\twrong-credentials\tcertain\tNot the right password.\t-\t"
		  "-\t-\tsomewhere\tofficial\n", NULL },
		{ "the same number twice", "50126\t-\twrong-credentials\tcertain\tm\t-\t-\t-\ts\t"
		  "official\n# c\n50126\t-\twrong-credentials\tcertain\tm\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:4: column 'code': '50126' is there twice, first in line 2" },
		{ "letters",
		  "AADSTS50126\t-\twrong-credentials\tcertain\tm\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'code': 'AADSTS50126' is no number of five to eight digits" },
		{ "too short", "5012\t-\twrong-credentials\tcertain\tm\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'code': '5012' is no number of five to eight digits" },
		{ "a zero in front",
		  "050126\t-\twrong-credentials\tcertain\tm\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'code': '050126' is no number of five to eight digits" },
		{ "no such cause", "50126\t-\twrong-password\tcertain\tm\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'cause': 'wrong-password' is no cause of causes.txt" },
		{ "no such certainty",
		  "50126\t-\twrong-credentials\tsurely\tm\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'certainty': 'surely' is none of: possible, likely, "
		  "certain" },
		{ "no meaning", "50126\t-\twrong-credentials\tcertain\t-\t-\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'meaning': must not be empty" },
		{ "no source", "50126\t-\twrong-credentials\tcertain\tm\t-\t-\t-\t-\tofficial\n",
		  "mine.tsv:2: column 'source': must not be empty" },
		{ "a bad step",
		  "50126\t-\twrong-credentials\tcertain\tm\tdo it\t-\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'fix': a step is written as 'where :: do :: command'" },
		{ "a bad word for who",
		  "50126\t-\twrong-credentials\tcertain\tm\t-\tboss\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'who': 'boss' is none of: user, developer, tenant-admin, "
		  "network-admin, dns-admin, recipient, provider, or - for what the cause says" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL;
		struct know *k = know_new(a, NULL, &error);

		is_str(load(k, arena_printf(a, "%s%s", COLUMNS, cases[i].rows)), cases[i].error,
		       cases[i].what);
	}
}

static void shipped(const struct know *k, struct arena *a)
{
	const struct aadsts_row *row;
	size_t n = 0;

	for (; (row = know_aadsts_at(k, n)); n++) {
		const struct row_words *w = &row->words;

		if (!w->cause || strlen(w->meaning) < 15 || !*w->source ||
		    know_aadsts(k, row->code) != row)
			ok(false, arena_printf(a, "AADSTS%lu has a cause, words and a source, and "
					       "is found by its number", row->code));
		if (w->meaning[strlen(w->meaning) - 1] != '.')
			ok(false, arena_printf(a, "the meaning of AADSTS%lu ends in a full stop",
					       row->code));
	}
	ok(n >= 110, "there are at least 110 numbers");
	ok(!know_aadsts(k, 10001), "what is not in the table is not found");
	row = know_aadsts(k, 50076);
	is_str(row ? row->words.cause->id : NULL, "conditional-access-block", "AADSTS50076");
	row = know_aadsts(k, 7000222);
	is_str(row ? row->words.id : NULL, "AADSTS7000222", "a number of seven digits");
}

static const char *listed(struct arena *a, const char *text)
{
	const struct paste_lines lines = paste_lines(a, text, strlen(text));
	const char *all = "";

	for (size_t i = 0; paste_of_entra(&lines) && i < lines.n; i++) {
		unsigned long v[4];
		size_t n = paste_aadsts(&lines, i, v, ARRAY_LEN(v));

		for (size_t j = 0; j < n; j++)
			all = arena_printf(a, "%s%s%lu", all, *all ? " " : "", v[j]);
	}
	return all;
}

static void in_pastes(struct arena *a)
{
	static const struct { const char *text, *numbers; } cases[] = {
		{ "AADSTS50076: Due to a change", "50076" },
		{ "aadsts 700016 and AADSTS-90002", "700016 90002" },
		{ "AADSTS", "" },
		{ "AADSTS12: too short to be one", "" },
		{ "AADSTS99999999999999999999", "" },
		{ "{\"error_description\":\"AADSTS70011: "
		  "bad\",\"error_codes\":[70011],\"x\":50126}", "70011" },
		{ "Entra: \"error_codes\": [50076, 50079 ,53003]", "50076 50079 53003" },
		{ "Entra: \\\"error_codes\\\":[50076]", "50076" },
		{ "Entra\n  \"error_codes\": [\n    7000222,\n    50126\n  ],\n  65001",
		  "7000222 50126" },
		{ "Entra error_codes[1,2,3]", "" },
		{ "Sign-in error code 50126", "50126" },
		{ "Entra sign-in log: \"status\": { \"errorCode\": 53003, \"failureReason\": "
		  "\"blocked\" }", "53003" },
		{ "https://login.microsoftonline.com/error?code=65001", "65001" },
		{ "some program: error code 50126", "" },
		{ "AADSTS1000001 AADSTS1000002 AADSTS1000003 AADSTS1000004 AADSTS1000005",
		  "1000001 1000002 1000003 1000004" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(listed(a, cases[i].text), cases[i].numbers,
		       str_escaped(a, cases[i].text, strlen(cases[i].text)));
}

static const struct diagnosed *first(struct arena *a, const struct know *k, const char *text)
{
	static const struct diagnosed nothing = { .title = "" };
	const struct explanation *e = explain_text(a, k, text, strlen(text));

	return e->n_diagnosis ? &e->diagnosis[0] : &nothing;
}

static void explained(const struct know *k, struct arena *a)
{
	const struct diagnosed *d = first(a, k,
					  "{\"error\":\"invalid_grant\",\"error_codes\":[50126]}\n"
					  "see https://login.microsoftonline.com");
	const struct explanation *e;

	is_str(d->cause ? d->cause->id : NULL, "wrong-credentials",
	       "the list of numbers alone names the cause, not the word beside it");
	ok(d->because.n == 1 &&
	   str_find_nocase(d->because.v[0], "AADSTS50126, InvalidUserNameOrPassword"),
	   "the number and its name are the evidence");
	is_str(d->who, "user", "who, from the cause");
	d = first(a, k, "AADSTS7000112: Application is disabled.");
	is_str(d->who, "tenant-admin", "who, from the row");
	ok(d->fix.n && str_find_nocase(d->fix.steps[0].where, "Enterprise apps"),
	   "the steps, from the row");
	d = first(a, k, "AADSTS12345678: nobody knows");
	is_str(d->cause ? certainty_name(d->certainty) : NULL, "possible",
	       "a number that is not in the table is only possible");
	e = explain_text(a, k, "AADSTS50126: no\nAADSTS50126: no\n", 32);
	is_int(e->n_diagnosis ? e->diagnosis[0].because.n : 0, 1,
	       "the same number is evidence once");
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
	shipped(k, a);
	in_pastes(a);
	explained(k, a);
	return tap_done();
}
