/*
 * sets.tsv: lists that several rows mean, by name: "@m365".
 */
#include "know/tables.h"

struct set {
	const char	*name, *source, *confidence;
	struct strv	 values;
};

/* A set of sets would have to be followed, and could follow itself. */
static void cell_values(struct load *l, size_t column, void *to)
{
	struct strv *list = to;

	strv_split(list, l->k->arena, load_cell(l, column), '|');
	for (size_t i = 0; i < list->n; i++) {
		if (*list->v[i] == '@')
			load_bad(l, column, "'%s': a set has no sets in it", list->v[i]);
	}
}

#define AT(member) .at = offsetof(struct set, member)

enum { NAME, VALUES };
static const struct column columns[] = {
	[NAME] = { "name", cell_text, AT(name), MUST | KEY },
	[VALUES] = { "values", cell_values, AT(values), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind set_table = {
	"sets.tsv", "set", columns, ARRAY_LEN(columns), sizeof(struct set), NULL,
};

/* The cells are asked, not the row: it may be the user's, and not be checked yet. */
const char *sets_expand(const struct know *k, struct strv *list)
{
	struct strv all = { 0 };
	bool any = false;

	for (size_t i = 0; i < list->n && !any; i++)
		any = *list->v[i] == '@';
	for (size_t i = 0; any && i < list->n; i++) {
		size_t row;

		if (*list->v[i] != '@') {
			strv_add(&all, k->arena, list->v[i]);
			continue;
		}
		row = table_find(k, TABLE_SETS, NAME, list->v[i] + 1);
		if (row == table_size(k, TABLE_SETS))
			return list->v[i];
		strv_split(&all, k->arena, tsv_cell(table_tsv(k, TABLE_SETS), row, VALUES), '|');
	}
	if (any)
		*list = all;
	return NULL;
}
