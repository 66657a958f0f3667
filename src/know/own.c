/*
 * The user's own rows: files in the form of a table, which extend it and replace its rows.
 */
#include "know/tables.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"

/* One of these files. */
struct own {
	enum table_id	 id;
	struct tsv	*t;
};

static bool read_file(struct arena *a, const char *path, struct buf *b, const char **ret_error)
{
	char chunk[1024];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f) {
		*ret_error = arena_printf(a, "%s: can't be opened: %m", path);
		return false;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(b, chunk, n);
	if (ferror(f))
		*ret_error = arena_printf(a, "%s: can't be read", path);
	else if (b->overflow)
		*ret_error = arena_printf(a, "%s: longer than %d bytes", path, LIMIT_TABLE);
	fclose(f);
	return !*ret_error;
}

/* A table with one more file: first the rows that are new, then those of the table, each in its
 * place, as the file has it or else the table. */
static struct tsv *merged(struct know *k, enum table_id id, const struct tsv *own)
{
	const struct tsv *base = table_tsv(k, id);
	struct map *theirs = map_new(k->arena), *ours = map_new(k->arena);
	struct tsv *t = arena_alloc(k->arena, sizeof(*t));

	*t = (struct tsv) { .name = base->name, .columns = base->columns, .width = base->width };
	t->rows = arena_alloc(k->arena, (base->n + own->n + 1) * sizeof(*t->rows));
	for (size_t i = 0; i < base->n; i++)
		map_set(theirs, table_key(k->arena, id, base, i), t);
	for (size_t i = 0; i < own->n; i++) {
		const char *key = table_key(k->arena, id, own, i);

		map_set(ours, key, &own->rows[i]);
		if (!map_get(theirs, key))
			t->rows[t->n++] = own->rows[i];
	}
	for (size_t i = 0; i < base->n; i++) {
		const struct tsv_row *row = map_get(ours, table_key(k->arena, id, base, i));

		t->rows[t->n++] = row ? *row : tsv_row_of(k->arena, base, i);
	}
	return t;
}

/* The table that has the most of its columns among the names, of two the one with more of them. */
static enum table_id table_with(const struct strv *names)
{
	enum table_id best = TABLE_ERRORS;
	size_t most = 0;

	for (enum table_id id = 0; id < TABLE_COUNT; id++) {
		const struct table_kind *kind = table_kind(id);
		size_t has = 0, lacks = 0;

		for (size_t i = 0; i < kind->n_columns; i++) {
			if (strv_has(names, kind->columns[i].name))
				has++;
			else
				lacks++;
		}
		if (2 * has + !lacks > most) {
			most = 2 * has + !lacks;
			best = id;
		}
	}
	return best;
}

static enum table_id table_called(const char *name)
{
	enum table_id id = 0;

	while (id < TABLE_COUNT && !str_eq(table_kind(id)->name, name))
		id++;
	return id;
}

/* One of the user's files, which is in the tables then, but not checked. */
static bool add_file(struct know *k, const struct know_file *file, unsigned user, struct own *ret,
		     const char **ret_error)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_TABLE);
	struct strv names;

	if (!read_file(k->arena, file->path, &b, ret_error))
		return false;
	if (file->table) {
		ret->id = table_called(file->table);
	} else {
		names = tsv_names(k->arena, buf_str(&b), b.len);
		ret->id = table_with(&names);
	}
	if (ret->id >= TABLE_FIXED) {
		*ret_error = arena_printf(k->arena, "%s: %s is no table that can be extended",
					  file->path, table_kind(ret->id)->name);
		return false;
	}
	ret->t = tsv_parse(k->arena, file->path, buf_str(&b), b.len,
			   table_names(k->arena, ret->id), ret_error);
	if (!ret->t)
		return false;
	for (size_t i = 0; i < ret->t->n; i++)
		ret->t->rows[i].user = user;
	k->tables[ret->id] = (struct table) { .t = merged(k, ret->id, ret->t) };
	return true;
}

bool know_own(struct know *k, const struct know_file *files, size_t n, const char **ret_error)
{
	struct own *own = arena_alloc(k->arena, (n + 1) * sizeof(*own));

	*ret_error = NULL;
	for (size_t i = 0; i < n; i++)
		if (!add_file(k, &files[i], (unsigned)i + 1, &own[i], ret_error))
			return false;
	/* One file may speak of what is in another: all are there before one is checked. */
	for (size_t i = 0; i < n; i++)
		if (!table_check(k, own[i].id, own[i].t, ret_error))
			return false;
	return true;
}
