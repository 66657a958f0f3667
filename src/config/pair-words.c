/*
 * pair-words - any text cut into words, quoted texts and signs, without its comments.
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "config/entries.h"
#include "config/pairs.h"

enum { TOKENS_MOST = 30000, TOKEN_LONGEST = 512 };

static bool is_bare(char c)
{
	return ascii_is_alnum(c) || (c && strchr("_.-@+%/$", c)) || (unsigned char)c >= 0x80;
}

/* --- comments --- */

static bool is_comment(struct span line)
{
	static const char *const begins[] = { "//", "-- ", "<!--", "rem ", "* ", "'\t", "%%",
					      "% " };

	if (!line.len || *line.p == ';')
		return true;
	/* C's "#define" gives a name a value. */
	if (*line.p == '#')
		return !span_has_prefix_nocase(line, "#define ");
	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (span_has_prefix_nocase(line, begins[i]))
			return true;
	return *line.p == '\'' && !memchr(line.p + 1, '\'', line.len - 1);
}

/* Does the rest of a line say nothing from here on? */
static bool is_remark(const char *from, const char *at, const char *end)
{
	if (at > from && !ascii_is_space(at[-1]))
		return false;
	if (*at == '#')
		return end - at > 1 && ascii_is_space(at[1]);
	return end - at > 1 && ((*at == '/' && at[1] == '/') || (*at == ';' && at[1] == ';'));
}

/* --- tokens --- */

static void add(struct entries *e, struct pair_tokens *t, enum pair_kind kind, const char *p,
		size_t n, unsigned line)
{
	if (n > TOKEN_LONGEST || t->n == TOKENS_MOST)
		return;
	t->v = arena_grow(e->arena, t->v, t->n, &t->cap, sizeof(*t->v));
	t->v[t->n++] = (struct pair_token) { { p, n }, line, kind };
}

/* Where the text ends that the quote at p opens; NULL: on this line nowhere. */
static const char *closing(const char *p, const char *end)
{
	for (const char *at = p + 1; at < end; at++) {
		if (*at == '\\' && *p != '`')
			at++;
		else if (*at == *p || (*p == '`' && *at == '\''))	/* m4: `text' */
			return at;
	}
	return NULL;
}

static const char *bare_end(const char *at, const char *end)
{
	const char *from = at;

	/* "smtp://" is one word, "host:" is not. */
	while (at < end && (is_bare(*at) || (end - at > 2 && memcmp(at, "://", 3) == 0) ||
			    (*at == ':' && at > from && memchr(from, '/', (size_t)(at - from)))))
		at++;
	return at;
}

/* Signs that stand between words, of which nothing is said: "->", "..." */
static bool is_sign(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strchr(".-+%/$@", p[i]))
			return false;
	return true;
}

static void cut_line(struct entries *e, struct pair_tokens *t, struct span l, unsigned line)
{
	const char *at = l.p, *end = l.p + l.len, *close;

	while (at < end && !is_remark(l.p, at, end)) {
		if (strchr("\"'`", *at)) {
			close = closing(at, end);
			if (close)
				add(e, t, PAIR_TEXT, at + 1, (size_t)(close - at) - 1, line);
			at = close ? close + 1 : at + 1;
		} else if (is_bare(*at)) {
			close = bare_end(at, end);
			if (!is_sign(at, (size_t)(close - at)))
				add(e, t, PAIR_WORD, at, (size_t)(close - at), line);
			at = close;
		} else {
			if (!ascii_is_space(*at))
				add(e, t, PAIR_SIGN, at, 1, line);
			at++;
		}
	}
}

void pair_tokens(struct entries *e, const char *p, size_t n, struct pair_tokens *t)
{
	struct scan s = scan_over(p, n);
	unsigned line = 0;
	bool comment = false;
	struct span l;

	*t = (struct pair_tokens) { .end = p + n };
	while (t->n < TOKENS_MOST && next_line(&s, &line, &l.p, &l.len)) {
		l = span_trim(l);
		comment |= span_has_prefix_nocase(l, "/*") || span_has_prefix_nocase(l, "<!--");
		if (!comment && !is_comment(l))
			cut_line(e, t, l, line);
		if (l.len && (memmem(l.p, l.len, "*/", 2) || memmem(l.p, l.len, "-->", 3)))
			comment = false;
	}
}
