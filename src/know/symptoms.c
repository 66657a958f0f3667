/*
 * symptoms.tsv: words of programs that mean something without any reply.
 */
#include "know/tables.h"

#include "base/needles.h"

#define AT(member) .at = offsetof(struct symptom, member)

enum { PATTERN = 1, STAGE = 2, CERTAINTY = 4 };
static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	[PATTERN] = { "pattern", cell_pattern, AT(pattern), MUST },
	[STAGE] = { "stage", cell_stage, AT(stage), MUST | STAR },
	{ "cause", cell_cause, AT(cause), MUST },
	[CERTAINTY] = { "certainty", cell_certainty, AT(certainty), MUST },
	{ "meaning", cell_text, AT(meaning) },
	{ "source", cell_text, AT(source), MUST },
	{ "example", cell_text, AT(example), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
	{ "title", cell_filled, AT(title), MAYBE },
};

const struct table_kind symptom_table = {
	"symptoms.tsv", "symptom", columns, ARRAY_LEN(columns), sizeof(struct symptom), NULL,
};

const struct symptom *know_symptom_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_SYMPTOMS, i);
}

const struct pattern *symptom_pattern(const struct know *k, size_t i)
{
	return pattern_once(k, TABLE_SYMPTOMS, i, PATTERN, &((struct know *)k)->symptoms);
}

/* Steps in which the server has not said anything yet; a row for any step tells how a connection
 * ended. */
static bool stage_of_socket(enum stage s)
{
	return s < STAGE_EHLO || s == STAGE_STARTTLS || s == STAGE_TLS;
}

bool symptom_of_socket(const struct symptom *s)
{
	return stage_of_socket(s->stage);
}

static bool row_of_socket(const struct tsv *t, size_t row)
{
	const char *cell = tsv_cell(t, row, STAGE);

	return stage_of_socket(str_eq(cell, "*") ? STAGE_UNKNOWN : stage_of(cell));
}

/* The longest of the rows found, of the vague ones ("possible") or of the others. */
struct longest { size_t row, len; const char *fragment; };

static void keep_longest(struct longest *l, size_t row, size_t len, const char *fragment)
{
	if (len > l->len)
		*l = (struct longest) { row, len, fragment };
}

const struct symptom *know_symptom(const struct know *k, struct arena *a, const char *text,
				   size_t n, bool in_reply, const char **ret_fragment)
{
	const char *folded = fold_span(a, (struct span) { text, n }), *fragment;
	size_t all = table_size(k, TABLE_SYMPTOMS), len;
	const struct tsv *t = table_tsv(k, TABLE_SYMPTOMS);
	struct longest vague = { all, 0, "" }, exact = { all, 0, "" }, *best;
	struct found found;
	const uint64_t *rows;

	found = know_found(k, a, folded);
	rows = found_rows(&found, FOUND_SYMPTOM);
	for (size_t i = needles_next(rows, all, 0); i < all; i = needles_next(rows, all, i + 1)) {
		if (!(in_reply && row_of_socket(t, i)) &&
		    pattern_find(symptom_pattern(k, i), folded, &fragment, &len))
			keep_longest(str_eq(tsv_cell(t, i, CERTAINTY), "possible") ? &vague :
				     &exact,
				     i, len, fragment);
	}
	/* What a program says to sum up stands beside the reason and is often longer; but "the read
	 * operation timed out" is more than the half of it. */
	best = exact.len && !(vague.len && strstr(vague.fragment, exact.fragment)) ? &exact :
	       &vague;
	*ret_fragment = best->fragment;
	return know_symptom_at(k, best->row);
}
