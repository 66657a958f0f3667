/*
 * findings.tsv: rows into structs.
 */
#include "know/findings.h"

#include "base/str.h"
#include "know/tables.h"

#define AT(member) .at = offsetof(struct finding, member)

static const struct column columns[] = {
	{ "name", cell_text, AT(name), MUST | KEY },
	{ "by", cell_text, AT(by), MUST },
	{ "severity", cell_severity, AT(severity), MUST },
	{ "cause", cell_ref, AT(cause), .table = TABLE_CAUSES },
	{ "words", cell_text, AT(words), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
	{ "source", cell_text, AT(source), MUST },
};

static void finish(struct load *l, void *row)
{
	const struct finding *f = row;

	if (l->sure)
		return;
	/* know_finding() counts on the order. */
	if (l->row && strcmp(tsv_cell(l->t, l->row - 1, 0), f->name) > 0)
		load_bad(l, 0, "'%s' is not in order", f->name);
	if (table_has(l->k, TABLE_PATH_FINDINGS, f->name))
		load_bad(l, 0, "'%s' is a row of path-findings.tsv", f->name);
}

const struct table_kind finding_table = {
	"findings.tsv", "finding", columns, ARRAY_LEN(columns), sizeof(struct finding), finish,
};

const struct finding *know_finding_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_FINDINGS, i);
}

const struct finding *know_finding(const struct know *k, const char *name)
{
	const struct tsv *t = table_tsv(k, TABLE_FINDINGS);
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(tsv_cell(t, middle, 0), name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return str_eq(tsv_cell(t, from, 0), name) ? know_finding_at(k, from) : NULL;
}
