/*
 * aadsts.tsv: the numbers of Microsoft Entra ID, found by number.
 */
#include "know/tables.h"

#include <stdio.h>

#include "base/str.h"

enum { A_CODE, A_NAME, A_CAUSE, A_CERTAINTY, A_MEANING, A_FIX, A_WHO, A_RETRY, A_SOURCE, A_CONFIDENCE };
static const char *const columns[] = {
	"code", "name", "cause", "certainty", "meaning", "fix", "who", "retry", "source", "confidence", NULL,
};

/* Bounds of a number; Microsoft's have five to seven digits. */
enum { SMALLEST = 10000, LARGEST = 99999999 };

static void *read_aadsts(struct load *l)
{
	struct aadsts_row *row = arena_alloc(l->k->arena, sizeof(*row));
	const char *code = load_cell(l, A_CODE);

	if (!str_number(code, LARGEST, &row->code) || row->code < SMALLEST || *code == '0')
		load_bad(l, A_CODE, "'%s' is no number of five to eight digits", code);
	load_unique(l, TABLE_AADSTS, A_CODE);
	row->name = load_cell(l, A_NAME);
	row->words = (struct error_row) {
		.id = arena_printf(l->k->arena, "AADSTS%s", code),
		.provider = "*",
		.stages = stage_name(STAGE_AUTH),
		.codes = "*",
		.enhanced = "*",
		.pattern = "*",
		.cause = load_cause(l, A_CAUSE),
		.certainty = load_certainty(l, A_CERTAINTY),
		.meaning = load_must(l, A_MEANING),
		.fix = load_fix(l, A_FIX),
		.who = load_who(l, A_WHO, true),
		.roles = load_roles(l, A_WHO),
		.retry = load_retry(l, A_RETRY, true),
		.source = load_must(l, A_SOURCE),
		.confidence = load_confidence(l, A_CONFIDENCE),
		.example = "",
		.file = l->t->name,
		.line = tsv_line(l->t, l->row),
	};
	return row;
}

const struct table_kind aadsts_table = { "aadsts.tsv", columns, read_aadsts };

const struct aadsts_row *know_aadsts(const struct know *k, unsigned long code)
{
	char key[24];

	snprintf(key, sizeof(key), "%lu", code);
	return know_aadsts_at(k, table_find(k, TABLE_AADSTS, A_CODE, key));
}

const struct aadsts_row *know_aadsts_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_AADSTS, i);
}
