/*
 * tsv - tables of knowledge.
 */
#include "base/tsv.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/str.h"

/* One table while it is read. */
struct reader {
	struct arena	*arena;
	struct tsv	*t;
	size_t		*place;		/* place[i]: the caller's column i in the file */
	size_t		 n_cells;	/* columns of the file */
	size_t		 cap;		/* of t->rows */
	const char	**cells;	/* of the line that is read */
	size_t		 n_found, cells_cap;
	int		 line;
	const char	*error;
};

static bool bad(struct reader *r, const char *fmt, ...) _printf_(2, 3);

static bool bad(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r->error = arena_printf(r->arena, "%s:%d: %s", r->t->name, r->line, arena_vprintf(r->arena, fmt, ap));
	va_end(ap);
	return false;
}

/* The cells of one line, cut in place: blanks around them left out, "-" made "". */
static void cut(struct reader *r, struct span line)
{
	char *p = (char *)line.p, *end = p + line.len;

	r->n_found = 0;
	for (;;) {
		char *tab = memchr(p, '\t', (size_t)(end - p));
		struct span cell = span_trim((struct span) { p, (size_t)((tab ? tab : end) - p) });

		if (r->n_found == r->cells_cap) {
			const char **more = arena_alloc(r->arena, 2 * (r->cells_cap + 8) * sizeof(*more));

			if (r->n_found)
				memcpy(more, r->cells, r->n_found * sizeof(*more));
			r->cells = more;
			r->cells_cap = 2 * (r->cells_cap + 8);
		}
		((char *)cell.p)[cell.len] = '\0';
		r->cells[r->n_found++] = str_eq(cell.p, "-") ? "" : cell.p;
		if (!tab)
			return;
		p = tab + 1;
	}
}

static bool read_header(struct reader *r)
{
	struct tsv *t = r->t;

	r->n_cells = r->n_found;
	r->place = arena_alloc(r->arena, (t->width + 1) * sizeof(*r->place));
	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t j = 0; j < i; j++)
			if (*r->cells[i] && str_eq(r->cells[i], r->cells[j]))
				return bad(r, "column '%s' is there twice",
					   str_escaped(r->arena, r->cells[i], strlen(r->cells[i])));
	for (size_t i = 0; i < t->width; i++) {
		size_t at = 0;

		while (at < r->n_cells && !str_eq(r->cells[at], t->columns[i]))
			at++;
		if (at == r->n_cells)
			return bad(r, "column '%s': expected in the line that names the columns, and is not there", t->columns[i]);
		r->place[i] = at;
	}
	return true;
}

static bool read_row(struct reader *r)
{
	struct tsv *t = r->t;
	struct tsv_row *row;

	if (r->n_found != r->n_cells)
		return bad(r, "%zu cells, expected %zu, one for each column (an empty cell is written as \"-\")", r->n_found, r->n_cells);
	if (t->n == r->cap) {
		struct tsv_row *rows;

		r->cap = r->cap ? r->cap * 2 : 64;
		rows = arena_alloc(r->arena, r->cap * sizeof(*rows));
		if (t->n)
			memcpy(rows, t->rows, t->n * sizeof(*rows));
		t->rows = rows;
	}
	row = &t->rows[t->n++];
	row->line = r->line;
	row->cells = arena_alloc(r->arena, (t->width + 1) * sizeof(*row->cells));
	for (size_t i = 0; i < t->width; i++)
		row->cells[i] = r->cells[r->place[i]];
	return true;
}

static bool readable(struct reader *r, struct span line)
{
	for (size_t i = 0; i < line.len; ) {
		size_t len;

		/* Nearly all of it, and looked at whenever the program starts. */
		if ((line.p[i] >= 0x20 && line.p[i] < 0x7f) || line.p[i] == '\t') {
			i++;
			continue;
		}
		len = str_utf8(line.p + i, line.len - i);
		if (!len)
			return bad(r, "byte %zu of the line is not UTF-8", i + 1);
		if (((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f)
			return bad(r, "byte %zu of the line is a control character (0x%02x)", i + 1, (unsigned char)line.p[i]);
		i += len;
	}
	return true;
}

static bool read_all(struct reader *r, struct scan *s)
{
	bool header = false;

	while (!scan_done(s)) {
		struct span line = scan_line(s);

		r->line++;
		if (!readable(r, line))
			return false;
		if (span_trim(line).len == 0 || line.p[0] == '#')
			continue;
		cut(r, line);
		if (!(header ? read_row(r) : read_header(r)))
			return false;
		header = true;
	}
	if (!header) {
		r->line = r->line ? r->line : 1;
		return bad(r, "empty: expected a line that names the columns");
	}
	return true;
}

struct tsv *tsv_parse(struct arena *a, const char *name, const char *p, size_t n,
		      const char *const *columns, const char **ret_error)
{
	struct tsv *t = arena_alloc(a, sizeof(*t));
	struct reader r = { .arena = a, .t = t };
	char *copy;
	struct scan s;

	t->name = arena_strdup(a, name);
	t->columns = columns;
	while (columns[t->width])
		t->width++;
	if (n > LIMIT_TABLE) {
		*ret_error = arena_printf(a, "%s:1: the table has %zu bytes, more than %d", name, n, LIMIT_TABLE);
		return NULL;
	}
	/* One copy; the cells are cut out of it. */
	copy = arena_alloc(a, n + 1);
	if (n)
		memcpy(copy, p, n);
	s = scan_over(copy, n);
	scan_accept_str(&s, "\xef\xbb\xbf");	/* editors put it there */
	if (!read_all(&r, &s)) {
		*ret_error = r.error;
		return NULL;
	}
	return t;
}

const char *tsv_cell(const struct tsv *t, size_t row, size_t column)
{
	return row < t->n && column < t->width ? t->rows[row].cells[column] : "";
}
