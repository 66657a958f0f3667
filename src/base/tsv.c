/*
 * tsv - tables of knowledge.
 */
#include "base/tsv.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/data.h"
#include "base/limits.h"
#include "base/str.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"		/* editors put it there */

/* One table while it is read. */
struct reader {
	struct arena	*arena;
	struct tsv	*t;
	size_t		*place;		/* place[i]: the caller's column i in the file */
	size_t		 n_cells;	/* columns of the file */
	size_t		 n_least;	/* ... of which a row must have so many */
	const char	**cells;	/* of the line that is read; n_cells + 1 places */
	size_t		 cap;		/* of t->rows */
	bool		 open;		/* lines of fields: the row has begun */
	size_t		 steps;		/* ... so many lines are joined in it */
	int		 line;
	const char	*error;
};

static bool bad(struct reader *r, const char *fmt, ...) _printf_(2, 3);

static bool bad(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r->error = arena_printf(r->arena, "%s:%d: %s", r->t->name, r->line,
				arena_vprintf(r->arena, fmt, ap));
	va_end(ap);
	return false;
}

/* A cell where it stands, blanks around it left out, "-" made "". */
static const char *cell_at(char *p, size_t n)
{
	while (n && *p == ' ') {
		p++;
		n--;
	}
	while (n && p[n - 1] == ' ')
		n--;
	p[n] = '\0';
	return n == 1 && *p == '-' ? p + 1 : p;
}

/*
 * Cuts a line (its end may be written over) into r->cells, most of them at most; answers
 * how many there are.
 */
static size_t cut(struct reader *r, char *line, size_t len, size_t most)
{
	char *end = line + len;
	size_t n = 0;

	for (;;) {
		char *tab = memchr(line, '\t', (size_t)(end - line)), *stop = tab ? tab : end;

		if (n < most)
			r->cells[n] = cell_at(line, (size_t)(stop - line));
		n++;
		if (!tab)
			return n;
		line = tab + 1;
	}
}

/* The name of a column without the ? of one that may be missing. */
static struct span name_of(const char *column)
{
	struct span name = span_of(column);

	if (name.len && name.p[name.len - 1] == '?')
		name.len--;
	return name;
}

static bool is_column(const char *column, const char *name)
{
	struct span a = name_of(column), b = name_of(name);

	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static bool may_miss(const char *column)
{
	return name_of(column).len < strlen(column);
}

/* Only at the end of a line can cells be left out. */
static bool count_least(struct reader *r)
{
	while (r->n_least < r->n_cells && !may_miss(r->cells[r->n_least]))
		r->n_least++;
	for (size_t at = r->n_least; at < r->n_cells; at++)
		if (!may_miss(r->cells[at]))
			return bad(r, "column '%s': expected before those that may be missing",
				   r->cells[at]);
	return true;
}

static bool read_header(struct reader *r, char *line, size_t len)
{
	struct tsv *t = r->t;

	r->n_cells = 1;
	for (size_t i = 0; i < len; i++)
		r->n_cells += line[i] == '\t';
	r->cells = arena_alloc(r->arena, (r->n_cells + 1) * sizeof(*r->cells));
	r->place = arena_alloc(r->arena, (t->width + 1) * sizeof(*r->place));
	cut(r, line, len, r->n_cells);
	if (!count_least(r))
		return false;
	for (size_t i = 0; i < t->width; i++) {
		size_t times = 0;

		r->place[i] = r->n_cells;
		for (size_t at = 0; at < r->n_cells; at++)
			if (is_column(r->cells[at], t->columns[i])) {
				r->place[i] = at;
				times++;
			}
		if (times == 0 && !may_miss(t->columns[i]))
			return bad(r, "column '%s': expected in the line that names the columns, "
				   "and is not there", t->columns[i]);
		if (times > 1)
			return bad(r, "column '%s' is there twice", t->columns[i]);
	}
	return true;
}

static struct tsv_row *add_row(struct reader *r)
{
	struct tsv *t = r->t;
	struct tsv_row *row;

	if (t->n == r->cap) {
		struct tsv_row *rows;

		r->cap = r->cap ? r->cap * 2 : 64;
		rows = arena_alloc(r->arena, r->cap * sizeof(*rows));
		if (t->n)
			memcpy(rows, t->rows, t->n * sizeof(*rows));
		t->rows = rows;
	}
	row = &t->rows[t->n++];
	row->file = t->name;
	row->line = r->line;
	row->cells = arena_alloc(r->arena, (t->width + 1) * sizeof(*row->cells));
	return row;
}

static bool read_row(struct reader *r, char *line, size_t len)
{
	struct tsv *t = r->t;
	size_t n = cut(r, line, len, r->n_cells);
	struct tsv_row *row;

	if (n < r->n_least || n > r->n_cells)
		return bad(r, "%zu cells, expected %zu, one for each column (an empty cell is "
			   "written as \"-\")", n, n < r->n_least ? r->n_least : r->n_cells);
	for (; n <= r->n_cells; n++)
		r->cells[n] = "";
	row = add_row(r);
	for (size_t i = 0; i < t->width; i++)
		row->cells[i] = r->cells[r->place[i]];
	return true;
}

/* --- a line for each field --- */

enum { MOST_STEPS = 64 };	/* more lines of one field would be joined again and again */

/* How long the name is that the line begins with, when it is "name: value"; 0 = it isn't. */
static size_t field_len(const char *line, size_t len)
{
	size_t n = 0;

	while (n < len && ((line[n] >= 'a' && line[n] <= 'z') || line[n] == '_'))
		n++;
	return n < len && line[n] == ':' ? n : 0;
}

static bool set_cell(struct reader *r, size_t column, const char *value)
{
	const char **cell = &r->t->rows[r->t->n - 1].cells[column];
	bool again = **cell != '\0';

	if (again && !str_eq(r->t->columns[column], "fix"))
		return bad(r, "column '%s' is there twice", r->t->columns[column]);
	if (again && ++r->steps > MOST_STEPS)
		return bad(r, "column '%s': more than %d lines", r->t->columns[column], MOST_STEPS);
	*cell = again ? arena_printf(r->arena, "%s || %s", *cell, value) : value;
	return true;
}

static bool read_field(struct reader *r, char *line, size_t len)
{
	struct tsv *t = r->t;
	size_t n = field_len(line, len);
	bool known = false;

	if (!n)
		return bad(r, "expected a line 'column: value'");
	line[n] = '\0';
	for (size_t i = 0; !r->open && i < t->width; i++) {
		struct tsv_row *row = i ? &t->rows[t->n - 1] : add_row(r);

		row->cells[i] = "";
		r->steps = 0;
	}
	r->open = true;
	for (size_t i = 0; i < t->width; i++) {
		if (!is_column(t->columns[i], line))
			continue;
		known = true;
		if (!set_cell(r, i, cell_at(line + n + 1, len - n - 1)))
			return false;
	}
	return known || bad(r, "there is no column '%s'", line);
}

/*
 * How many of the bytes at p are sure to be fine, looked at eight at a time: printable
 * ASCII and nothing else.
 */
static size_t plain(const char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101u, high = ones << 7;
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t v;

		memcpy(&v, p + i, 8);
		/*
		 * A byte's high bit comes up when it is set already, when the byte is below 0x20,
		 * or when it is 0x7f.
		 */
		if ((v | (v - ones * 0x20) | (v + ones)) & high)
			break;
	}
	return i;
}

static bool readable(struct reader *r, const char *line, size_t n)
{
	for (size_t i = plain(line, n); i < n; ) {
		unsigned char c = (unsigned char)line[i];
		size_t len = 1;

		if (c < 0x20 || c >= 0x7f) {
			len = str_utf8(line + i, n - i);
			if (!len)
				return bad(r, "byte %zu of the line is not UTF-8", i + 1);
			if (len == 1 && c != '\t')
				return bad(r,
					   "byte %zu of the line is a control character (0x%02x)",
					   i + 1, c);
			i += len;
			i += plain(line + i, n - i);
			continue;
		}
		i++;
	}
	return true;
}

/* The first line that says something. */
static struct span first_line(struct span *rest)
{
	struct span line = { rest->p, 0 };

	while (rest->len && (!line.len || *line.p == '#')) {
		const char *lf = memchr(rest->p, '\n', rest->len);
		size_t len = lf ? (size_t)(lf - rest->p) : rest->len;

		line = span_trim((struct span) { rest->p, len });
		len += lf != NULL;
		*rest = (struct span) { rest->p + len, rest->len - len };
	}
	return line.len && *line.p == '#' ? (struct span) { line.p, 0 } : line;
}

/* The names of columns stand in one line, apart by tabs. */
static bool has_fields(const char *p, size_t n)
{
	struct span rest = { p, n }, line = first_line(&rest);

	return field_len(line.p, line.len) && !memchr(line.p, '\t', line.len);
}

static bool read_line(struct reader *r, char *line, size_t len, bool header, bool fields)
{
	if (fields)
		return read_field(r, line, len);
	return header ? read_row(r, line, len) : read_header(r, line, len);
}

/* The whole table was copied once; its lines and cells are cut where they stand. */
static bool read_all(struct reader *r, char *p, size_t n)
{
	char *end = p + n, *next;
	bool header = false, fields = has_fields(p, n);

	for (; p < end; p = next) {
		char *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf ? lf : end;

		next = lf ? lf + 1 : end;
		r->line++;
		if (stop > p && stop[-1] == '\r' && lf)
			stop--;
		if (!readable(r, p, (size_t)(stop - p)))
			return false;
		if (*p == '#' && p < stop)
			continue;
		if (span_trim((struct span) { p, (size_t)(stop - p) }).len == 0) {
			r->open = false;
			continue;
		}
		if (!read_line(r, p, (size_t)(stop - p), header, fields))
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

	t->name = arena_strdup(a, name);
	t->columns = columns;
	while (columns[t->width])
		t->width++;
	if (n > LIMIT_TABLE) {
		*ret_error = arena_printf(a, "%s:1: the table has %zu bytes, more than %d", name, n,
					  LIMIT_TABLE);
		return NULL;
	}
	if (n >= 3 && memcmp(p, BYTE_ORDER_MARK, 3) == 0) {
		p += 3;
		n -= 3;
	}
	copy = arena_alloc(a, n + 1);
	if (n)
		memcpy(copy, p, n);
	if (!read_all(&r, copy, n)) {
		*ret_error = r.error;
		return NULL;
	}
	return t;
}

/* The column's place in the file. One that is not there is a bug of ours. */
static size_t place_of(const struct data_table *d, const char *column)
{
	size_t i = 0;

	while (i < d->width && !is_column(data_cell(d, i, 0), column))
		i++;
	assert(i < d->width);
	return i;
}

struct tsv *tsv_of_data(struct arena *a, const struct data_table *d, const char *const *columns)
{
	struct tsv *t = arena_alloc(a, sizeof(*t));

	*t = (struct tsv) { .name = d->name, .columns = columns, .n = d->n, .data = d };
	while (columns[t->width])
		t->width++;
	t->place = arena_alloc(a, (t->width + 1) * sizeof(*t->place));
	for (size_t i = 0; i < t->width; i++)
		t->place[i] = place_of(d, columns[i]);
	return t;
}

const char *tsv_cell(const struct tsv *t, size_t row, size_t column)
{
	if (row >= t->n || column >= t->width)
		return "";
	if (t->data)
		return data_cell(t->data, t->place[column], row + 1);
	return t->rows[row].cells[column];
}

int tsv_line(const struct tsv *t, size_t row)
{
	if (row >= t->n)
		return 0;
	return t->data ? t->data->lines[row] : t->rows[row].line;
}

const char *tsv_file(const struct tsv *t, size_t row)
{
	return row < t->n && !t->data ? t->rows[row].file : t->name;
}

unsigned tsv_user(const struct tsv *t, size_t row)
{
	return row < t->n && !t->data ? t->rows[row].user : 0;
}

struct tsv_row tsv_row_of(struct arena *a, const struct tsv *t, size_t row)
{
	struct tsv_row r = { .file = t->name, .line = tsv_line(t, row) };

	if (!t->data)
		return t->rows[row];
	r.cells = arena_alloc(a, (t->width + 1) * sizeof(*r.cells));
	for (size_t i = 0; i < t->width; i++)
		r.cells[i] = tsv_cell(t, row, i);
	return r;
}

struct strv tsv_names(struct arena *a, const char *p, size_t n)
{
	struct span rest = { p, n }, line;
	struct strv names = { 0 };

	if (n >= 3 && memcmp(p, BYTE_ORDER_MARK, 3) == 0)
		rest = (struct span) { p + 3, n - 3 };
	line = first_line(&rest);
	if (memchr(line.p, '\t', line.len) || !field_len(line.p, line.len)) {
		strv_split(&names, a, span_dup(a, line), '\t');
		for (size_t i = 0; i < names.n; i++)
			names.v[i] = span_dup(a, name_of(names.v[i]));
		return names;
	}
	for (size_t len; (len = field_len(line.p, line.len)); line = first_line(&rest)) {
		const char *name = span_dup(a, (struct span) { line.p, len });

		if (names.n && str_eq(name, names.v[0]))
			break;
		strv_add(&names, a, name);
	}
	return names;
}
