/*
 * The user's own rows: each table can be extended by a file in its form, found out by its columns;
 * a row takes the place of the one with the same key, and others go before the table's.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "know/tables.h"

static char path[] = "/tmp/t-own-XXXXXX";

static bool is_new_key(enum table_id id, size_t column)
{
	const char *name = table_kind(id)->columns[column].name;

	return (table_kind(id)->columns[column].flags & KEY) && !str_eq(name, "path") &&
	       !str_eq(name, "language");
}

static const char *new_key(enum table_id id)
{
	if (id == TABLE_AADSTS)
		return "10001";
	if (id == TABLE_OAUTH)
		return "*";
	return id == TABLE_PATH_FINDINGS ? "path.ours" : "ours";
}

/* A column that stands for two members of a row is there once in a file. */
static bool is_again(const struct tsv *t, size_t column)
{
	return column && str_eq(t->columns[column], t->columns[column - 1]);
}

/* The row as a line, with another source; with another key, too. */
static const char *line_of(struct arena *a, enum table_id id, const struct tsv *t, size_t row,
			   bool other)
{
	const char *line = "";

	for (size_t i = 0; i < t->width; i++) {
		const char *cell = tsv_cell(t, row, i);

		if (is_again(t, i))
			continue;
		if (str_has_prefix(t->columns[i], "source"))
			cell = "our wiki";
		else if (str_eq(t->columns[i], "error") && other)
			cell = "our_error";
		else if (is_new_key(id, i) && other)
			cell = new_key(id);
		line = arena_printf(a, "%s%s%s", line, i ? "\t" : "", *cell ? cell : "-");
	}
	return line;
}

static const char *names_of(struct arena *a, const struct tsv *t)
{
	const char *line = "";

	for (size_t i = 0; i < t->width; i++)
		if (!is_again(t, i))
			line = arena_printf(a, "%s%s%s", line, i ? "\t" : "", t->columns[i]);
	return line;
}

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static const char *source_of(const struct know *k, enum table_id id, size_t row)
{
	const struct tsv *t = table_tsv(k, id);

	for (size_t i = 0; i < t->width; i++)
		if (str_has_prefix(t->columns[i], "source"))
			return tsv_cell(t, row, i);
	return "(no source)";
}

static void extended(struct arena *a, enum table_id id, const struct tsv *t, size_t row)
{
	const char *error = NULL, *name = table_kind(id)->name;
	const struct tsv *now;
	struct know *k;

	write_file(arena_printf(a, "# ours\n%s\n%s\n%s\n", names_of(a, t),
				line_of(a, id, t, row, false), line_of(a, id, t, row, true)));
	k = know_new(a, path, &error);
	if (!ok(k != NULL,
		arena_printf(a, "%s: two rows of one's own: %s", name, error ? error : "good")))
		return;
	now = table_tsv(k, id);
	is_int(now->n, t->n + 1, "... one of them is new");
	is_str(tsv_file(now, 0), path, "... and goes first");
	is_int(tsv_line(now, 0), 4, "... it is line 4 of the file");
	is_str(table_key(a, id, now, row + 1), table_key(a, id, t, row),
	       "... the other has its old place");
	is_str(source_of(k, id, row + 1), "our wiki", "... and says what the file says");
	is_str(tsv_file(now, row ? 1 : 2), name, "... the others are the table's");
	ok(table_row(k, id, 0) && table_row(k, id, row + 1), "... both can be read");
	ok(know_check(k, &error), error ? error : "... all tables are right with them");
}

/* Of each table a row twice: the mistake has a place, whichever table it is. */
static void refused(struct arena *a, enum table_id id, const struct tsv *t, size_t row)
{
	const char *line = line_of(a, id, t, row, false), *error = NULL;
	struct know *k;

	write_file(arena_printf(a, "%s\n%s\n%s\n", names_of(a, t), line, line));
	k = know_new(a, path, &error);
	ok(!k && error && str_has_prefix(error, arena_printf(a, "%s:3: column '", path)) &&
	   strstr(error, "is there twice, first in line 2"),
	   arena_printf(a, "%s: a row twice: %s", t->name, error ? error : "(nothing)"));
}

/* Rows of several files speak of each other, whichever is read first; the last one wins. */
static void together(struct arena *a)
{
	static const char rules[] =
		"id\twhen\tcause\tcertainty\tstage\thides\tbecause\trank\tsource\tconfidence\n"
		"ours\tprovider.id = @ours\trelay-denied\tcertain\trcpt\t-\tx\t1\ts\texpert\n";
	static const char sets[] = "name\tvalues\tsource\tconfidence\nours\tone|two\ts\texpert\n";
	char other[] = "/tmp/t-own-XXXXXX";
	const struct know_file files[] = { { path, NULL }, { other, "sets.tsv" } };
	const char *error = NULL;
	struct know *k;
	FILE *f = fdopen(mkstemp(other), "w");

	fputs(sets, f);
	fclose(f);
	write_file(rules);
	k = know_load(a, files, 2, &error);
	ok(k && table_row(k, TABLE_RULES, 0), error ? error : "a rule names a set of another file");
	know_load(a, files, 1, &error);
	is_str(error,
	       arena_printf(a, "%s:2: column 'when': at 20: '@ours' is no set of sets.tsv", path),
	       "... which is missing without it");
	unlink(other);
}

/* What the program says and leaves is no user's to add. */
static void fixed(struct arena *a, enum table_id id, const struct tsv *t)
{
	const char *error = NULL, *name = table_kind(id)->name;

	write_file(arena_printf(a, "%s\n%s\n", names_of(a, t), line_of(a, id, t, 0, false)));
	ok(!know_new(a, path, &error), arena_printf(a, "%s: no row of one's own", name));
	is_str(error, arena_printf(a, "%s: %s is no table that can be extended", path, name),
	       "... and that is said");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	struct know *k = know_new(a, NULL, &error);
	int fd = mkstemp(path);

	close(fd);
	for (enum table_id id = 0; id < TABLE_FIXED; id++) {
		const struct tsv *t = table_tsv(k, id);

		extended(a, id, t, 0);
		extended(a, id, t, t->n - 1);
		refused(a, id, t, t->n / 2);
	}
	for (enum table_id id = TABLE_FIXED; id < TABLE_COUNT; id++)
		fixed(a, id, table_tsv(k, id));
	together(a);
	unlink(path);
	return tap_done();
}
