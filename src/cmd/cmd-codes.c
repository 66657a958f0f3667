/*
 * cmd-codes - searches the table of error codes: by code, by words of the text, by cause.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "know/know.h"

struct codes_options {
	struct output_options	 output;
	const char		*codes;
};

static const struct opt table[] = {
	OUTPUT_OPTIONS(struct codes_options),
	OPT(TEXT, "codes", "FILE", offsetof(struct codes_options, codes),
	    "more rows of a table, before the built-in ones"),
	OPT_END
};

static const struct opt_command codes_command = {
	.name = "codes",
	.operands = "[WORD...]",
	.about = "Lists the rows of the error table in which each WORD is found: a code (535), an "
		 "enhanced code (5.7.139), a number of Entra ID (50126), a word of the text, a "
		 "provider (m365), a cause. Without a WORD all of them. Exit status: 0 something "
		 "was found, 1 nothing was, 2 wrong usage.",
	.table = table,
	.nouns = 1u << REPORT_CODES,
};

static bool has_word(const struct code_row *row, const char *word)
{
	const struct row_words *w = row->words;
	const struct error_row *r = row->reply;
	const char *const where[] = {
		w->id, w->provider, w->meaning, w->cause->id, row_title(w),
		r ? r->stages : stage_name(STAGE_AUTH), r ? r->codes : "", r ? r->enhanced : "",
		r ? r->pattern : "", r ? r->example : "",
	};

	for (size_t i = 0; i < ARRAY_LEN(where); i++)
		if (str_find_nocase(where[i], word))
			return true;
	return false;
}

static bool wanted(const struct code_row *row, const struct strv *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (!has_word(row, words->v[i]))
			return false;
	return true;
}

/* Of both tables: replies first, then the numbers of Entra ID. */
static struct code_row *search(struct arena *a, const struct know *know, const struct strv *words,
			       size_t *ret_n)
{
	const struct aadsts_row *number;
	const struct error_row *reply;
	struct code_row *found;
	size_t replies = 0, numbers = 0, n = 0;

	while (know_error_at(know, replies))
		replies++;
	while (know_aadsts_at(know, numbers))
		numbers++;
	found = arena_alloc(a, (replies + numbers + 1) * sizeof(*found));
	for (size_t i = 0; (reply = know_error_at(know, i)); i++) {
		found[n] = (struct code_row) { &reply->words, reply };
		n += wanted(&found[n], words);
	}
	for (size_t i = 0; (number = know_aadsts_at(know, i)); i++) {
		found[n] = (struct code_row) { &number->words, NULL };
		n += wanted(&found[n], words);
	}
	*ret_n = n;
	return found;
}

int cmd_codes(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct codes_options options = { .output = { .format = "text", .color = "auto" } };
	struct strv operands = { NULL, 0, 0 }, words = { NULL, 0, 0 };
	struct code_rows rows;
	struct report report;
	const struct know *know;
	int status = opt_parse(&codes_command, a, argc, argv, &options, &operands);

	if (status != OPT_GO)
		return status;
	know = tables_load(a, options.codes, "codes");
	if (!know)
		return EXIT_USAGE;
	for (size_t i = 0; i < operands.n; i++)
		strv_split(&words, a, operands.v[i], ' ');
	rows.v = search(a, know, &words, &rows.n);
	if (!output_open(&options.output, "codes", &report))
		return EXIT_USAGE;
	report_put(&report, REPORT_CODES, &rows);
	if (rows.n == 0 && report_is_for_people(options.output.format))
		opt_wrong("codes", "no row has all of these words: %s", strv_join(&words, a, " "));
	if (!output_close(&report, &options.output, "codes"))
		return EXIT_UNTESTED;
	return rows.n ? EXIT_GOOD : EXIT_PROBLEM;
}
