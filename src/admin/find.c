/*
 * The report of the administrator's script in a text: as it was saved, copied from a
 * window, or sent by mail.
 */
#include "admin/admin.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/charset.h"

static const char mark[] = "\"smtpwhy.admin/1\"",
	line_begin[] = "-----BEGIN SMTPWHY ADMIN REPORT-----",
	line_end[] = "-----END SMTPWHY ADMIN REPORT-----";

struct span admin_plain(struct arena *a, struct span text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_PASTE);
	bool little = text.len >= 2 && memcmp(text.p, "\xff\xfe", 2) == 0,
		big = text.len >= 2 && memcmp(text.p, "\xfe\xff", 2) == 0;
	char *copy;

	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		return (struct span) { text.p + 3, text.len - 3 };
	if (!little && !big)
		return text;
	charset_add(&b, little ? "utf-16le" : "utf-16be",
		    (struct span) { text.p + 2, text.len - 2 });
	copy = arena_alloc(a, b.len + 1);
	memcpy(copy, buf_str(&b), b.len);
	return (struct span) { copy, b.len };
}

/*
 * The object that begins here: how long it is. Its strings may have been broken by a terminal; if
 * its end is missing, all there is.
 */
static size_t object_length(const char *p, size_t n, bool *ret_cut)
{
	size_t depth = 0;
	bool quoted = false;

	*ret_cut = false;
	for (size_t i = 0; i < n; i++) {
		if (quoted && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			quoted = !quoted;
		else if (!quoted && (p[i] == '{' || p[i] == '['))
			depth++;
		else if (!quoted && (p[i] == '}' || p[i] == ']') && --depth == 0)
			return i + 1;
	}
	*ret_cut = true;
	return n;
}

/*
 * JSON has no line end inside a string: one that stands there was put in by a terminal or a mail
 * program, and NULs by nobody.
 */
static void unwrapped(struct buf *to, const char *p, size_t n)
{
	bool quoted = false, escaped = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\0' || (quoted && (p[i] == '\r' || p[i] == '\n')))
			continue;
		if (p[i] == '"' && !escaped)
			quoted = !quoted;
		escaped = quoted && p[i] == '\\' && !escaped;
		buf_addc(to, p[i]);
	}
}

/* The bracket before the mark: the mark's name is the first member. */
static const char *object_begin(struct span text, const char *at)
{
	for (const char *p = at; p > text.p && at - p < 64; p--) {
		if (p[-1] == '{')
			return p - 1;
	}
	return NULL;
}

/* Without the line that says where it begins or ends. */
static const char *line_before(struct span text, const char *p)
{
	const char *q = p;

	while (q > text.p && ascii_is_space(q[-1]))
		q--;
	if ((size_t)(q - text.p) >= sizeof(line_begin) - 1 &&
	    memcmp(q - (sizeof(line_begin) - 1), line_begin, sizeof(line_begin) - 1) == 0)
		return q - (sizeof(line_begin) - 1);
	return p;
}

static const char *line_after(const char *end, const char *p)
{
	const char *q = p;

	while (q < end && ascii_is_space(*q))
		q++;
	if ((size_t)(end - q) >= sizeof(line_end) - 1 &&
	    memcmp(q, line_end, sizeof(line_end) - 1) == 0)
		return q + sizeof(line_end) - 1;
	return p;
}

bool admin_find(struct arena *a, struct span text, struct admin_found *ret)
{
	const char *at = text.len ? memmem(text.p, text.len, mark, sizeof(mark) - 1) : NULL,
		*end = text.p + text.len, *from, *to, *before, *after;
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_PASTE);
	char *rest;
	bool cut;

	if (!at)
		return false;
	from = object_begin(text, at);
	*ret = (struct admin_found) { .json = "", .rest = text };
	if (!from)
		return true;
	/* A report that is cut off must not eat what comes after its own end line. */
	to = memmem(from, (size_t)(end - from), line_end, sizeof(line_end) - 1);
	to = from + object_length(from, (size_t)((to ? to : end) - from), &cut);
	unwrapped(&b, from, (size_t)(to - from));
	before = line_before(text, from);
	after = line_after(end, to);
	rest = arena_alloc(a, text.len + 2);
	memcpy(rest, text.p, (size_t)(before - text.p));
	rest[before - text.p] = '\n';
	memcpy(rest + (before - text.p) + 1, after, (size_t)(end - after));
	*ret = (struct admin_found) {
		.json = arena_strdup(a, buf_str(&b)), .len = b.len, .cut = cut,
		.rest = { rest, (size_t)(before - text.p) + 1 + (size_t)(end - after) },
	};
	return true;
}
