/*
 * strv - a growing list of strings in an arena.
 */
#include "base/strv.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* Takes s over. */
static void push(struct strv *l, struct arena *a, const char *s)
{
	if (l->n + 1 >= l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 8;
		const char **v = arena_alloc(a, cap * sizeof(*v));

		if (l->n)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void strv_add(struct strv *l, struct arena *a, const char *s)
{
	push(l, a, arena_strdup(a, s));
}

void strv_addf(struct strv *l, struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	push(l, a, arena_vprintf(a, fmt, ap));
	va_end(ap);
}

bool strv_has(const struct strv *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i], s))
			return true;
	return false;
}

bool strv_has_nocase(const struct strv *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq_nocase(l->v[i], s))
			return true;
	return false;
}

char *strv_join(const struct strv *l, struct arena *a, const char *sep)
{
	size_t n = 1, gap = strlen(sep);
	char *joined, *to;

	for (size_t i = 0; i < l->n; i++)
		n += strlen(l->v[i]) + gap;
	joined = to = arena_alloc(a, n);
	for (size_t i = 0; i < l->n; i++) {
		size_t len = strlen(l->v[i]);

		if (i) {
			memcpy(to, sep, gap);
			to += gap;
		}
		memcpy(to, l->v[i], len);
		to += len;
	}
	return joined;
}

void strv_split(struct strv *l, struct arena *a, const char *s, char sep)
{
	while (*s) {
		size_t len = 0;
		struct span piece;

		while (s[len] && s[len] != sep)
			len++;
		piece = span_trim((struct span) { s, len });
		if (piece.len)
			push(l, a, span_dup(a, piece));
		s += len;
		if (*s)
			s++;
	}
}

bool strv_glob(const struct strv *globs, const char *text)
{
	for (size_t i = 0; globs && i < globs->n; i++) {
		if (str_glob(globs->v[i], text))
			return true;
	}
	return false;
}
