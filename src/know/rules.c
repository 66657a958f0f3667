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

static bool read_rank(const char *text, long *ret)
{
	bool below = *text == '-';
	unsigned long rank = 0;
	bool good = str_number(text + below, below ? RANKS_BELOW : 1000, &rank);

	*ret = below ? -(long)rank : (long)rank;
	return good;
}

static void cell_rank(struct load *l, size_t column, void *to)
{
	const char *text = load_cell(l, column);

	if (!read_rank(text, to))
		load_bad(l, column, "'%s' is no number from -%d to 1000", text, RANKS_BELOW);
}

#define AT(member) .at = offsetof(struct rule, member)

/* A rule that refutes has globs of causes and nothing else: finish() reads what depends on that. */
enum { ID, WHEN, CAUSE, CERTAINTY, STAGE, BECAUSE = 6, RANK };
static const struct column columns[] = {
	[ID] = { "id", cell_text, AT(id), MUST | KEY },
	[WHEN] = { "when", cell_when, .at = 0, MUST },
	[CAUSE] = { "cause", NULL, .at = 0, MUST, .table = TABLE_CAUSES },
	[CERTAINTY] = { "certainty", NULL, .at = 0, MUST },
	[STAGE] = { "stage", NULL, .at = 0 },
	{ "hides", cell_globs, AT(hides), .table = TABLE_CAUSES },
	[BECAUSE] = { "because", cell_text, AT(because) },
	[RANK] = { "rank", cell_rank, AT(rank), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
	{ "title", cell_filled, AT(title), MAYBE },
	{ "meaning", cell_filled, AT(meaning), MAYBE },
	{ "fix", cell_fix, AT(fix), MAYBE },
	{ "verify", cell_filled, AT(verify), MAYBE },
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

/*
 * The fact without which the condition does not hold; "" = none is, for it begins with a negation,
 * with a list, or with something that is no fact.
 */
static const char *lead_of(struct arena *a, const char *when)
{
	size_t n = strcspn(when, " ");
	char *lead = arena_strndup(a, when, n);

	if (strpbrk(lead, "!(:"))
		return "";
	for (char *p = lead; (p = strchr(p, '$')) != NULL;)
		*p = '*';
	return lead;
}

uint64_t rule_area(const char *fact)
{
	unsigned h = 0;

	for (; *fact && *fact != '.'; fact++) {
		if (!ascii_is_alnum(*fact))
			return UINT64_MAX;
		h = h * 31 + (unsigned char)*fact;
	}
	return *fact ? (uint64_t)1 << (h ^ h >> 6) % 64 : UINT64_MAX;
}

static int by_rank(const void *a, const void *b)
{
	const struct rule_entry *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return strcmp(x->id, y->id);
}

const struct rule_entry *know_rules(const struct know *k, size_t *ret_n)
{
	const struct tsv *t = table_tsv(k, TABLE_RULES);

	if (!k->rules) {
		struct rule_entry *rules = arena_alloc(k->arena, (t->n + 1) * sizeof(*rules));

		for (size_t i = 0; i < t->n; i++) {
			rules[i] = (struct rule_entry) {
				.id = tsv_cell(t, i, ID), .row = i,
				.lead = lead_of(k->arena, tsv_cell(t, i, WHEN)),
				.refutes = str_eq(tsv_cell(t, i, CERTAINTY), "refuted"),
			};
			rules[i].area = rule_area(rules[i].lead);
			read_rank(tsv_cell(t, i, RANK), &rules[i].rank);
		}
		qsort(rules, t->n, sizeof(*rules), by_rank);
		((struct know *)k)->rules = rules;
	}
	*ret_n = t->n;
	return k->rules;
}

const struct rule *know_rule(const struct know *k, const struct rule_entry *entry)
{
	return table_row(k, TABLE_RULES, entry->row);
}
