/*
 * The tables as a whole: opened when one is asked for, read row by row when a row is wanted.
 */
#include "know/tables.h"

#include <assert.h>

#include "base/data.h"
#include "base/map.h"

static const struct table_kind *const kinds[TABLE_COUNT] = {
	[TABLE_ERRORS] = &error_table, [TABLE_CAUSES] = &cause_table,
	[TABLE_PROVIDERS] = &provider_table, [TABLE_SYMPTOMS] = &symptom_table,
	[TABLE_AADSTS] = &aadsts_table, [TABLE_POLICIES] = &policy_table,
	[TABLE_CLOUDS] = &cloud_table, [TABLE_OAUTH] = &oauth_table, [TABLE_RULES] = &rule_table,
	[TABLE_PATH_FINDINGS] = &path_finding_table, [TABLE_PATH_CHOICES] = &path_choice_table,
	[TABLE_APART] = &apart_table, [TABLE_ROLES] = &role_table, [TABLE_SETS] = &set_table,
	[TABLE_HEADERS] = &header_table, [TABLE_SERVICES] = &service_table,
	[TABLE_CONCEPTS] = &concept_table, [TABLE_READINGS] = &reading_table,
	[TABLE_AUTHORITIES] = &authority_table, [TABLE_BLOCKLISTS] = &blocklist_table,
	[TABLE_RECEIVER_RULES] = &receiver_rule_table, [TABLE_CHANGES] = &change_table,
	[TABLE_FINDINGS] = &finding_table, [TABLE_FACTS] = &fact_table,
};

const struct table_kind *table_kind(enum table_id id)
{
	return kinds[id];
}

const char *const *table_names(struct arena *a, enum table_id id)
{
	const char **names = arena_alloc(a, (kinds[id]->n_columns + 1) * sizeof(*names));

	for (size_t i = 0; i < kinds[id]->n_columns; i++)
		names[i] = arena_printf(a, "%s%s", kinds[id]->columns[i].name,
					kinds[id]->columns[i].flags & MAYBE ? "?" : "");
	return names;
}

/* Where a struct know is const, reading on is no change of it. */
static struct table *opened(const struct know *k, enum table_id id)
{
	struct table *table = &((struct know *)k)->tables[id];

	if (!table->t)
		table->t = tsv_of_data(k->arena, data_table_find(kinds[id]->name),
				       table_names(k->arena, id));
	if (!table->rows)
		table->rows = arena_alloc(k->arena, (table->t->n + 1) * sizeof(*table->rows));
	return table;
}

const struct tsv *table_tsv(const struct know *k, enum table_id id)
{
	return opened(k, id)->t;
}

const char *table_key(struct arena *a, enum table_id id, const struct tsv *t, size_t row)
{
	const struct table_kind *kind = kinds[id];
	struct strv key = { 0 };

	for (size_t i = 0; i < kind->n_columns; i++)
		if (kind->columns[i].flags & KEY)
			strv_add(&key, a, tsv_cell(t, row, i));
	return key.n == 1 ? key.v[0] : strv_join(&key, a, "', '");
}

/* The first column of the key. */
static size_t key_column(const struct table_kind *kind)
{
	size_t i = 0;

	while (!(kind->columns[i].flags & KEY))
		i++;
	return i;
}

static void *read_row(struct load *l)
{
	const struct table_kind *kind = kinds[l->id];
	char *row = arena_alloc(l->k->arena, kind->size);

	for (size_t i = 0; i < kind->n_columns; i++) {
		const struct column *c = &kind->columns[i];

		if ((c->flags & MUST) && !*load_cell(l, i))
			load_bad(l, i, "must not be empty");
		if (c->read)
			c->read(l, i, row + c->at);
	}
	if (kind->finish)
		kind->finish(l, row);
	return row;
}

const void *table_row(const struct know *k, enum table_id id, size_t row)
{
	struct table *table = opened(k, id);

	if (row >= table->t->n)
		return NULL;
	if (!table->rows[row]) {
		struct load l = { (struct know *)k, id, table->t, row, true, NULL };

		table->rows[row] = read_row(&l);
		assert(!l.error);
	}
	return table->rows[row];
}

size_t table_size(const struct know *k, enum table_id id)
{
	return table_tsv(k, id)->n;
}

size_t table_find(const struct know *k, enum table_id id, size_t column, const char *text)
{
	const struct tsv *t = table_tsv(k, id);
	size_t row = 0;

	while (row < t->n && strcmp(tsv_cell(t, row, column), text) != 0)
		row++;
	return row;
}

const void *table_row_of(const struct know *k, enum table_id id, const char *text)
{
	return table_row(k, id, table_find(k, id, 0, text));
}

bool table_has(const struct know *k, enum table_id id, const char *text)
{
	return table_find(k, id, 0, text) < table_size(k, id);
}

bool table_has_like(const struct know *k, enum table_id id, const char *glob)
{
	const struct tsv *t = table_tsv(k, id);
	size_t row = 0;

	while (row < t->n && !str_glob(glob, tsv_cell(t, row, 0)))
		row++;
	return row < t->n;
}

bool table_check(struct know *k, enum table_id id, const struct tsv *t, const char **ret_error)
{
	struct load l = { .k = k, .id = id, .t = t };
	struct map *lines = map_new(k->arena);
	int *where = arena_alloc(k->arena, (t->n + 1) * sizeof(*where));

	for (; l.row < t->n && !l.error; l.row++) {
		const char *key = table_key(k->arena, id, t, l.row);
		const int *first = map_get(lines, key);

		read_row(&l);
		if (first)
			load_bad(&l, key_column(kinds[id]), "'%s' is there twice, first in line %d",
				 key, *first);
		map_set(lines, key, &where[l.row]);
		where[l.row] = tsv_line(t, l.row);
	}
	if (l.error)
		*ret_error = l.error;
	return !l.error;
}

bool table_read_text(struct know *k, enum table_id id, const char *name, const char *p, size_t n,
		     const char **ret_error)
{
	const struct tsv *t = tsv_parse(k->arena, name, p, n, table_names(k->arena, id), ret_error);

	if (!t)
		return false;
	k->tables[id] = (struct table) { .t = t };
	return table_check(k, id, t, ret_error);
}

const struct pattern *pattern_once(const struct know *k, enum table_id id, size_t row,
				   size_t column, const struct pattern ***made)
{
	const char *cell = tsv_cell(table_tsv(k, id), row, column);

	if (!*made)
		*made = arena_alloc(k->arena, (table_size(k, id) + 1) * sizeof(**made));
	if (!(*made)[row] && *cell)
		(*made)[row] = pattern_new(k->arena, cell);
	return (*made)[row];
}

bool know_check(struct know *k, const char **ret_error)
{
	for (enum table_id id = 0; id < TABLE_COUNT; id++)
		if (!table_check(k, id, table_tsv(k, id), ret_error))
			return false;
	return true;
}
