/*
 * tell-apart.tsv: tests that tell causes apart, and what nobody can tell from outside.
 */
#include "know/tables.h"

#include "know/rule.h"

enum { KIND = 1, LEAST = 3, TEST = 6, DECIDES = 8 };

/* NULL where the cell is empty. */
static void cell_if(struct load *l, size_t column, void *to)
{
	struct rule *r;

	if (!*load_cell(l, column))
		return;
	r = arena_alloc(l->k->arena, sizeof(*r));
	cell_when(l, column, r);
	if (r->per_port)
		load_bad(l, column, "has a $, but it is about the whole target");
	*(struct rule **)to = r;
}

/* So begins what can't be known. */
#define UNKNOWN "It isn't possible to tell from outside"

#define AT(member) .at = offsetof(struct apart_row, member)

static const char *const kinds[] = { "test", "unknown", NULL };
static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	[KIND] = { "kind", cell_word, AT(kind), MUST, .words = kinds },
	{ "causes", cell_globs, AT(causes), MUST, .table = TABLE_CAUSES },
	[LEAST] = { "least", cell_number, AT(least), MUST, .most = 9 },
	{ "when", cell_if, AT(when) },
	{ "cost", cell_number, AT(cost), MUST, .most = 100 },
	[TEST] = { "test", cell_filled, AT(test), MUST },
	{ "command", cell_filled, AT(command) },
	[DECIDES] = { "decides", cell_filled, AT(decides) },
	{ "who", cell_who, AT(who) },
	{ "who", cell_roles, AT(roles) },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

/* A test says what to do, what comes of it, and who can do it; what is unknown is one sentence. */
static void finish(struct load *l, void *row)
{
	const struct apart_row *r = row;
	bool test = str_eq(r->kind, "test");

	if (!r->least)
		load_bad(l, LEAST, "at least one must be in question");
	if (test && !*r->decides)
		load_bad(l, DECIDES, "must not be empty");
	if (test && !*r->who)
		load_bad(l, KIND, "a test says who can do it");
	if (!test && (*r->command || *r->decides || *r->who))
		load_bad(l, KIND,
			 "what is unknown has no command, decides nothing, and nobody can do it");
	if (!test && !str_has_prefix(r->test, UNKNOWN " "))
		load_bad(l, TEST, "what is unknown begins with: " UNKNOWN);
}

const struct table_kind apart_table = {
	"tell-apart.tsv", "test", columns, ARRAY_LEN(columns), sizeof(struct apart_row), finish,
};

const struct apart_row *know_apart_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_APART, i);
}
