/*
 * lint-edit - a text as lines, and its difference.
 */
#include "cmd/lint-edit.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

void edit_init(struct edit *e, struct arena *a, struct span text)
{
	size_t cap = 0;

	*e = (struct edit) { .arena = a };
	e->v = arena_grow(a, e->v, 0, &cap, sizeof(*e->v));
	e->v[0] = (struct edit_line) { .old = { "", 0 }, .end = "" };
	while (text.len) {
		const char *lf = memchr(text.p, '\n', text.len);
		size_t n = lf ? (size_t)(lf - text.p) : text.len;
		bool cr = lf && n && text.p[n - 1] == '\r';

		e->v = arena_grow(a, e->v, e->n + 1, &cap, sizeof(*e->v));
		e->v[++e->n] = (struct edit_line) {
			.old = { text.p, n - cr }, .end = cr ? "\r\n" : "\n",
		};
		if (!lf)
			e->v[e->n].end = "";
		text = span_from(text, text.p + n + (lf != NULL));
	}
}

struct edit edit_copy(const struct edit *e)
{
	struct edit copy = *e;

	copy.v = arena_alloc(e->arena, (e->n + 1) * sizeof(*e->v));
	memcpy(copy.v, e->v, (e->n + 1) * sizeof(*e->v));
	for (size_t i = 0; i <= e->n; i++) {
		copy.v[i].new = (struct strv) { NULL, 0, 0 };
		for (size_t k = 0; k < e->v[i].new.n; k++)
			strv_add(&copy.v[i].new, e->arena, e->v[i].new.v[k]);
	}
	return copy;
}

bool edit_replace(struct edit *e, size_t line, const char *with)
{
	struct edit_line *at = &e->v[line];

	if (at->out)
		return strv_has(&at->new, with);
	if (span_eq(at->old, with))
		return true;
	at->out = true;
	/* Before what was to come behind it. */
	strv_add(&at->new, e->arena, with);
	memmove(at->new.v + 1, at->new.v, (at->new.n - 1) * sizeof(*at->new.v));
	at->new.v[0] = arena_strdup(e->arena, with);
	return true;
}

bool edit_insert(struct edit *e, size_t behind, const char *what)
{
	struct edit_line *at = &e->v[behind];

	if (behind && !*at->end)
		return false;
	if (!strv_has(&at->new, what))
		strv_add(&at->new, e->arena, what);
	return true;
}

static const char *end_of(const struct edit *e, size_t i)
{
	const char *first = e->n ? e->v[1].end : "\n";

	if (i)
		return e->v[i].end;
	return *first ? first : "\n";
}

void edit_apply(const struct edit *e, struct buf *ret)
{
	for (size_t i = 0; i <= e->n; i++) {
		const struct edit_line *l = &e->v[i];

		if (i && !l->out) {
			buf_add(ret, l->old.p, l->old.len);
			buf_adds(ret, l->end);
		}
		for (size_t k = 0; k < l->new.n; k++) {
			buf_adds(ret, l->new.v[k]);
			buf_adds(ret, *end_of(e, i) || k + 1 == l->new.n ? end_of(e, i) : "\n");
		}
	}
}

static void put_line(FILE *to, char sign, struct span line, const char *end)
{
	fputc(sign, to);
	fwrite(line.p, 1, line.len, to);
	fputs(*end ? end : "\n\\ No newline at end of file\n", to);
}

static void put_range(FILE *to, char sign, size_t from, size_t n)
{
	/* Of none it is the line before. */
	fprintf(to, " %c%zu", sign, n ? from : from - 1);
	if (n != 1)
		fprintf(to, ",%zu", n);
}

void edit_diff(const struct edit *e, const char *name, FILE *to)
{
	const char *tab = strchr(name, ' ') ? "\t" : "";
	size_t grown = 0, out = 0;
	bool begun = false;

	for (size_t i = 0; i <= e->n; i++) {
		const struct edit_line *l = &e->v[i];
		/* Where the first line of the hunk is, before and after. */
		size_t from = l->out ? i : i + 1, end = strlen(end_of(e, i));

		if (!l->out && !l->new.n)
			continue;
		if (!begun)
			fprintf(to, "--- %s%s\n+++ %s%s\n", name, tab, name, tab);
		begun = true;
		fputs("@@", to);
		put_range(to, '-', from, l->out);
		put_range(to, '+', from + grown - out, l->new.n);
		fputs(" @@\n", to);
		if (l->out)
			put_line(to, '-', l->old, l->end);
		for (size_t k = 0; k < l->new.n; k++)
			put_line(to, '+', span_of(l->new.v[k]),
				 end || k + 1 == l->new.n ? end_of(e, i) : "\n");
		grown += l->new.n;
		out += l->out;
	}
}
