/*
 * rules.tsv, and the cells of other tables that hold a condition.
 */
#include "know/tables.h"

#include <stdlib.h>

#include "know/rule.h"

/* How far below zero a rule may stand: a reply goes before it, a symptom or a finding does not. */
enum { RANKS_BELOW = RANK_REPLY - RANK_SYMPTOM - 1 };

void cell_when(struct load *l, size_t column, void *to)
{
	const char *error = rule_parse(l->k, l->k->arena, load_cell(l, column), to);

	if (error)
		load_bad(l, column, "%s", error);
}

static void cell_rank(struct load *l, size_t column, void *to)
{
	const char *text = load_cell(l, column);
	bool below = *text == '-';
	unsigned long rank = 0;

	if (!str_number(text + below, below ? RANKS_BELOW : 1000, &rank))
		load_bad(l, column, "'%s' is no number from -%d to 1000", text, RANKS_BELOW);
	*(long *)to = below ? -(long)rank : (long)rank;
}

#define AT(member) .at = offsetof(struct rule, member)

/* A rule that refutes has globs of causes and nothing else: finish() reads what depends on that. */
enum { CAUSE = 2, CERTAINTY, STAGE, BECAUSE = 6 };
static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "when", cell_when, .at = 0, MUST },
	[CAUSE] = { "cause", NULL, .at = 0, MUST, .table = TABLE_CAUSES },
	[CERTAINTY] = { "certainty", NULL, .at = 0, MUST },
	[STAGE] = { "stage", NULL, .at = 0 },
	{ "hides", cell_globs, AT(hides), .table = TABLE_CAUSES },
	[BECAUSE] = { "because", cell_text, AT(because) },
	{ "rank", cell_rank, AT(rank), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

static void finish(struct load *l, void *row)
{
	struct rule *r = row;

	r->refutes = str_eq(load_cell(l, CERTAINTY), "refuted");
	if (r->refutes) {
		cell_globs(l, CAUSE, &r->causes);
		return;
	}
	cell_certainty(l, CERTAINTY, &r->certainty);
	cell_refs(l, CAUSE, &r->causes);
	if (r->causes.n > 1)
		load_bad(l, CAUSE, "a rule names one cause");
	cell_stage(l, STAGE, &r->stage);
	if (!*r->because)
		load_bad(l, BECAUSE, "must not be empty");
	if (strchr(r->because, '$') && !r->per_port)
		load_bad(l, BECAUSE, "has a $, but the condition has none");
}

const struct table_kind rule_table = {
	"rules.tsv", "rule", columns, ARRAY_LEN(columns), sizeof(struct rule), finish,
};

static int by_rank(const void *a, const void *b)
{
	const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return strcmp(x->id, y->id);
}

const struct rule *const *know_rules(const struct know *k, size_t *ret_n)
{
	size_t n = table_size(k, TABLE_RULES);

	if (!k->rules) {
		const struct rule **rules = arena_alloc(k->arena, (n + 1) * sizeof(*rules));

		for (size_t i = 0; i < n; i++)
			rules[i] = table_row(k, TABLE_RULES, i);
		qsort(rules, n, sizeof(*rules), by_rank);
		((struct know *)k)->rules = rules;
	}
	*ret_n = n;
	return k->rules;
}
