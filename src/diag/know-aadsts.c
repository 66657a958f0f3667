/*
 * aadsts.tsv: the numbers of Microsoft Entra ID, found by number.
 */
#include "diag/know-tables.h"

#include <stdio.h>

#include "base/data.h"
#include "base/str.h"

enum { A_CODE, A_NAME, A_CAUSE, A_CERTAINTY, A_MEANING, A_FIX, A_WHO, A_RETRY, A_SOURCE, A_CONFIDENCE };
static const char *const columns[] = {
	"code", "name", "cause", "certainty", "meaning", "fix", "who", "retry", "source", "confidence", NULL,
};

/* Bounds of a number; Microsoft's have five to seven digits. */
enum { SMALLEST = 10000, LARGEST = 99999999 };

static bool aadsts_row(struct load *l)
{
	struct know *k = l->k;
	struct aadsts_row *row = &k->aadsts[k->n_aadsts];
	const char *code = load_cell(l, A_CODE);

	if (!str_number(code, LARGEST, &row->code) || row->code < SMALLEST || *code == '0')
		return load_bad(l, A_CODE, "'%s' is no number of five to eight digits", code);
	if (know_aadsts(k, row->code))
		return load_bad(l, A_CODE, "'%s' is there twice", code);
	row->name = load_cell(l, A_NAME);
	row->words = (struct error_row) {
		.id = arena_printf(k->arena, "AADSTS%s", code),
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
		.retry = load_retry(l, A_RETRY, true),
		.source = load_must(l, A_SOURCE),
		.confidence = load_confidence(l, A_CONFIDENCE),
		.example = "",
		.file = l->t->name,
		.line = l->t->rows[l->row].line,
	};
	map_set(k->aadsts_by_code, code, row);
	k->n_aadsts++;
	return !l->error;
}

bool load_aadsts_text(struct load *l, const char *name, const char *p, size_t n)
{
	struct know *k = l->k;

	l->row = 0;
	l->t = tsv_parse(k->arena, name, p, n, columns, &l->error);
	if (!l->t)
		return false;
	k->aadsts = arena_alloc(k->arena, (l->t->n + 1) * sizeof(*k->aadsts));
	k->n_aadsts = 0;
	k->aadsts_by_code = map_new(k->arena);
	for (; l->row < l->t->n; l->row++) {
		if (!aadsts_row(l))
			return false;
	}
	return true;
}

bool load_aadsts_table(struct load *l)
{
	const struct data_file *f = data_find("aadsts.tsv");

	return f && load_aadsts_text(l, f->name, f->bytes, f->len);
}

const struct aadsts_row *know_aadsts(const struct know *k, unsigned long code)
{
	char key[24];

	snprintf(key, sizeof(key), "%lu", code);
	return map_get(k->aadsts_by_code, key);
}

const struct aadsts_row *know_aadsts_at(const struct know *k, size_t i)
{
	return i < k->n_aadsts ? &k->aadsts[i] : NULL;
}
