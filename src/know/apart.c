/*
 * tell-apart.tsv: tests that tell causes apart, and what nobody can tell from outside.
 */
#include "know/tables.h"

#include "know/rule.h"

enum { T_ID, T_KIND, T_CAUSES, T_LEAST, T_WHEN, T_COST, T_TEST, T_COMMAND, T_DECIDES, T_WHO, T_SOURCE, T_CONFIDENCE };
static const char *const columns[] = {
	"id", "kind", "causes", "least", "when", "cost", "test", "command", "decides", "who", "source", "confidence", NULL,
};

enum { MOST_COST = 100 };

static unsigned long load_number(struct load *l, size_t column, unsigned long most)
{
	unsigned long n = 0;

	if (!str_number(load_must(l, column), most, &n))
		load_bad(l, column, "'%s' is no number from 0 to %lu", load_cell(l, column), most);
	return n;
}

static struct rule *load_when(struct load *l)
{
	const char *when = load_cell(l, T_WHEN), *error;
	struct rule *r = arena_alloc(l->k->arena, sizeof(*r));

	if (!*when)
		return NULL;
	error = rule_parse(l->k->arena, when, r);
	if (error)
		load_bad(l, T_WHEN, "%s", error);
	if (r->per_port)
		load_bad(l, T_WHEN, "has a $, but it is about the whole target");
	return r;
}

/* A test says what to do and what comes of it; what is unknown is one sentence. */
static void load_words(struct load *l, struct apart_row *row)
{
	bool test = str_eq(row->kind, "test");

	load_must(l, T_TEST);
	row->test = load_filled(l, T_TEST);
	row->command = load_filled(l, T_COMMAND);
	row->decides = load_filled(l, T_DECIDES);
	row->who = load_who(l, T_WHO, !test);
	row->roles = load_roles(l, T_WHO);
	if (test && !*row->decides)
		load_bad(l, T_DECIDES, "must not be empty");
	if (!test && (*row->command || *row->decides || *row->who))
		load_bad(l, T_KIND, "what is unknown has no command, decides nothing, and nobody can do it");
	if (!test && !str_has_prefix(row->test, "From outside nobody can see "))
		load_bad(l, T_TEST, "what is unknown begins with: From outside nobody can see");
}

static void *read_apart(struct load *l)
{
	static const char *const kinds[] = { "test", "unknown", NULL };
	struct apart_row *row = arena_alloc(l->k->arena, sizeof(*row));

	row->id = load_must(l, T_ID);
	load_unique(l, TABLE_APART, T_ID);
	row->kind = load_word(l, T_KIND, kinds, false);
	load_must(l, T_CAUSES);
	row->causes = load_cause_globs(l, T_CAUSES);
	row->least = load_number(l, T_LEAST, 9);
	if (!row->least)
		load_bad(l, T_LEAST, "at least one must be in question");
	row->when = load_when(l);
	row->cost = load_number(l, T_COST, MOST_COST);
	load_words(l, row);
	row->source = load_must(l, T_SOURCE);
	row->confidence = load_confidence(l, T_CONFIDENCE);
	return row;
}

const struct table_kind apart_table = { "tell-apart.tsv", columns, read_apart };

const struct apart_row *know_apart_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_APART, i);
}
