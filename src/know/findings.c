/*
 * findings.tsv: rows into structs.
 */
#include "know/findings.h"

#include "base/str.h"
#include "know/path.h"
#include "know/tables.h"

enum { F_NAME, F_BY, F_SEVERITY, F_CAUSE, F_WORDS, F_CONFIDENCE, F_SOURCE };
static const char *const columns[] = {
	"name", "by", "severity", "cause", "words", "confidence", "source", NULL,
};

static void *read_finding(struct load *l)
{
	struct finding *f = arena_alloc(l->k->arena, sizeof(*f));

	f->name = load_must(l, F_NAME);
	if (l->row && strcmp(tsv_cell(l->t, l->row - 1, F_NAME), f->name) >= 0)
		load_bad(l, F_NAME, "'%s' is not in order", f->name);
	if (know_path_finding(l->k, f->name))
		load_bad(l, F_NAME, "'%s' is a row of path-findings.tsv", f->name);
	f->by = load_must(l, F_BY);
	f->severity = load_severity(l, F_SEVERITY);
	f->cause = *load_cell(l, F_CAUSE) ? load_cause_id(l, F_CAUSE) : "";
	f->words = load_must(l, F_WORDS);
	f->confidence = load_confidence(l, F_CONFIDENCE);
	f->source = load_must(l, F_SOURCE);
	return f;
}

const struct table_kind finding_table = { "findings.tsv", columns, read_finding };

const struct finding *know_finding_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_FINDINGS, i);
}

const struct finding *know_finding(const struct know *k, const char *name)
{
	const struct tsv *t = k->tables[TABLE_FINDINGS].t;
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(tsv_cell(t, middle, F_NAME), name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return str_eq(tsv_cell(t, from, F_NAME), name) ? know_finding_at(k, from) : NULL;
}
