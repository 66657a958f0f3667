/*
 * The tables as a whole: opened at the start, read row by row when a row is wanted.
 */
#include "know/tables.h"

#include <assert.h>

struct load load_at(const struct know *k, const struct tsv *t, size_t row)
{
	return (struct load) { .k = (struct know *)k, .t = t, .row = row, .sure = true };
}

void load_sure(const struct load *l)
{
	assert(!l->error);
}

void table_open(struct know *k, enum table_id id, const struct tsv *t)
{
	struct table *table = &k->tables[id];

	table->t = t;
	table->rows = arena_alloc(k->arena, (t->n + 1) * sizeof(*table->rows));
}

const void *table_row(const struct know *k, enum table_id id, size_t row)
{
	const struct table *table = &k->tables[id];

	if (row >= table->t->n)
		return NULL;
	if (!table->rows[row]) {
		struct load l = load_at(k, table->t, row);

		table->rows[row] = table->kind->read(&l);
		load_sure(&l);
	}
	return table->rows[row];
}

size_t table_size(const struct know *k, enum table_id id)
{
	return k->tables[id].t->n;
}

size_t table_find(const struct know *k, enum table_id id, size_t column, const char *text)
{
	const struct tsv *t = k->tables[id].t;
	size_t row = 0;

	while (row < t->n && strcmp(tsv_cell(t, row, column), text) != 0)
		row++;
	return row;
}

static bool read_all(struct know *k, enum table_id id, const char **ret_error)
{
	const struct table *table = &k->tables[id];
	struct load l = { .k = k, .t = table->t };

	for (; l.row < table->t->n; l.row++) {
		void *row = table->kind->read(&l);

		if (l.error) {
			*ret_error = l.error;
			return false;
		}
		if (!table->rows[l.row])
			table->rows[l.row] = row;
	}
	return true;
}

bool table_read_text(struct know *k, enum table_id id, const char *name, const char *p, size_t n, const char **ret_error)
{
	const struct tsv *t = tsv_parse(k->arena, name, p, n, k->tables[id].kind->columns, ret_error);

	if (!t)
		return false;
	table_open(k, id, t);
	return read_all(k, id, ret_error);
}

const struct pattern *pattern_once(const struct know *k, const char *cell, const struct pattern **made)
{
	if (!*made && *cell)
		*made = pattern_new(k->arena, cell);
	return *made;
}

bool know_check(struct know *k, const char **ret_error)
{
	for (enum table_id id = 0; id < TABLE_COUNT; id++)
		if (!read_all(k, id, ret_error))
			return false;
	return true;
}
