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
#include "base/strv.h"

/* One table while it is read. */
struct reader {
	struct arena	*arena;
	struct tsv	*t;
	size_t		*place;		/* place[i]: the caller's column i in the file */
	size_t		 n_cells;	/* columns of the file */
	size_t		 cap;		/* of t->rows */
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

/* Cells of one line, blanks around them left out, "-" made "". */
static void cut(struct reader *r, struct span line, struct strv *ret)
{
	struct scan s = scan_span(line);

	for (;;) {
		struct span cell = span_trim(scan_until(&s, "\t"));

		strv_add(ret, r->arena, span_eq(cell, "-") ? "" : span_dup(r->arena, cell));
		if (!scan_accept(&s, '\t'))
			return;
	}
}

static bool read_header(struct reader *r, const struct strv *names)
{
	struct tsv *t = r->t;

	r->n_cells = names->n;
	r->place = arena_alloc(r->arena, (t->width + 1) * sizeof(*r->place));
	for (size_t i = 0; i < names->n; i++)
		for (size_t j = 0; j < i; j++)
			if (*names->v[i] && str_eq(names->v[i], names->v[j]))
				return bad(r, "column '%s' is there twice",
					   str_escaped(r->arena, names->v[i], strlen(names->v[i])));
	for (size_t i = 0; i < t->width; i++) {
		size_t at = 0;

		while (at < names->n && !str_eq(names->v[at], t->columns[i]))
			at++;
		if (at == names->n)
			return bad(r, "column '%s': expected in the line that names the columns, and is not there", t->columns[i]);
		r->place[i] = at;
	}
	return true;
}

static bool read_row(struct reader *r, const struct strv *cells)
{
	struct tsv *t = r->t;
	struct tsv_row *row;

	if (cells->n != r->n_cells)
		return bad(r, "%zu cells, expected %zu, one for each column (an empty cell is written as \"-\")", cells->n, r->n_cells);
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
		row->cells[i] = cells->v[r->place[i]];
	return true;
}

static bool readable(struct reader *r, struct span line)
{
	for (size_t i = 0; i < line.len; ) {
		size_t len = str_utf8(line.p + i, line.len - i);

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
		struct strv cells = { NULL, 0, 0 };

		r->line++;
		if (!readable(r, line))
			return false;
		if (span_trim(line).len == 0 || line.p[0] == '#')
			continue;
		cut(r, line, &cells);
		if (!(header ? read_row(r, &cells) : read_header(r, &cells)))
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
	struct scan s = scan_over(p, n);

	t->name = arena_strdup(a, name);
	t->columns = columns;
	while (columns[t->width])
		t->width++;
	if (n > LIMIT_TABLE) {
		*ret_error = arena_printf(a, "%s:1: the table has %zu bytes, more than %d", name, n, LIMIT_TABLE);
		return NULL;
	}
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
