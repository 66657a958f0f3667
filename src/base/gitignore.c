/*
 * gitignore - which files a repository leaves out.
 *
 * The rules are those of gitignore(5), "PATTERN FORMAT", and of git's own reader where that page
 * says nothing: a byte order mark and CR before LF are no part of a pattern, and a pattern whose
 * bracket is not closed, or that ends in a lone backslash, matches nothing.
 */
#include "base/gitignore.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* --- one part between slashes --- */

static bool in_class(struct span name, char c)
{
	static const struct { const char *name; bool (*is)(char c); } classes[] = {
		{ "alpha", ascii_is_alpha }, { "digit", ascii_is_digit },
		{ "alnum", ascii_is_alnum }, { "space", ascii_is_space },
		{ "print", ascii_is_print },
	};

	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (span_eq(name, classes[i].name))
			return classes[i].is(c);
	if (span_eq(name, "upper"))
		return c >= 'A' && c <= 'Z';
	if (span_eq(name, "lower"))
		return c >= 'a' && c <= 'z';
	if (span_eq(name, "blank"))
		return c == ' ' || c == '\t';
	if (span_eq(name, "xdigit"))
		return ascii_hex(c) >= 0;
	return span_eq(name, "punct") && ascii_is_print(c) && c != ' ' && !ascii_is_alnum(c);
}

/* One item of a bracket: a class, a range, a byte. Where the next one is; NULL: not closed. */
static const char *take_item(const char *p, const char *end, char c, bool *hit)
{
	unsigned char low, high;

	if (p + 1 < end && p[0] == '[' && p[1] == ':') {
		const char *close = p + 2;

		while (close + 1 < end && !(close[0] == ':' && close[1] == ']'))
			close++;
		if (close + 1 >= end)
			return NULL;
		*hit |= in_class((struct span) { p + 2, (size_t)(close - p - 2) }, c);
		return close + 2;
	}
	if (*p == '\\' && ++p == end)
		return NULL;
	low = high = (unsigned char)*p++;
	if (p + 1 < end && *p == '-' && p[1] != ']') {
		p++;
		if (*p == '\\' && ++p == end)
			return NULL;
		high = (unsigned char)*p++;
	}
	*hit |= (unsigned char)c >= low && (unsigned char)c <= high;
	return p;
}

/* p is behind the [. Where the pattern goes on when c is one of them, or NULL. */
static const char *take_bracket(const char *p, const char *end, char c)
{
	bool not = p < end && (*p == '!' || *p == '^'), hit = false, first = true;

	for (p += not; p && p < end && (first || *p != ']'); first = false)
		p = take_item(p, end, c, &hit);
	return p && p < end && hit != not ? p + 1 : NULL;
}

/* Where the pattern goes on when its first element matches c, or NULL. */
static const char *take_one(const char *p, const char *end, char c)
{
	if (p == end || *p == '*')
		return NULL;
	if (*p == '?')
		return p + 1;
	if (*p == '[')
		return take_bracket(p + 1, end, c);
	if (*p == '\\' && ++p == end)
		return NULL;
	return *p == c ? p + 1 : NULL;
}

/* The last star takes one more byte whenever the rest does not fit. */
static bool part_matches(struct span pattern, struct span part)
{
	const char *p = pattern.p, *end = p + pattern.len, *star = NULL, *from = NULL;
	const char *s = part.p, *last = s + part.len;

	while (s < last) {
		const char *next = take_one(p, end, *s);

		if (next) {
			p = next;
			s++;
		} else if (p < end && *p == '*') {
			star = ++p;
			from = s;
		} else if (star) {
			p = star;
			s = ++from;
		} else {
			return false;
		}
	}
	while (p < end && *p == '*')
		p++;
	return p == end;
}

/* --- paths --- */

/* Up to the next slash. */
static struct span part_of(const char *s)
{
	return (struct span) { s, strcspn(s, "/") };
}

/* Behind the part and its slash; NULL when it was the last. */
static const char *behind(struct span part)
{
	return part.p[part.len] ? part.p + part.len + 1 : NULL;
}

bool gitignore_glob(const char *pattern, const char *path)
{
	const char *p = pattern, *s = path, *again = NULL, *from = NULL;

	while (s) {
		struct span want = p ? part_of(p) : (struct span) { "", 0 }, part = part_of(s);

		if (p && span_eq(want, "**")) {
			again = behind(want);
			if (!again)
				return true;
			p = again;
			from = s;
		} else if (p && part_matches(want, part)) {
			p = behind(want);
			s = behind(part);
		} else if (again && from) {
			p = again;
			s = from = behind(part_of(from));
		} else {
			return false;
		}
	}
	return !p;
}

/* --- rules --- */

/* Without the blanks at its end, unless a backslash stands before them. */
static struct span without_blanks(struct span line)
{
	size_t keep = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (line.p[i] == '\\' && i + 1 < line.len)
			keep = ++i + 1;
		else if (line.p[i] != ' ')
			keep = i + 1;
	}
	line.len = keep;
	return line;
}

static void add_line(struct gitignore *g, const char *folder, struct span line)
{
	struct gitignore_rule rule = { .folder = folder };
	const char *p;
	size_t n;

	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	line = without_blanks(line);
	if (!line.len || *line.p == '#' || g->n >= GITIGNORE_MOST)
		return;
	p = line.p;
	n = line.len;
	if (*p == '!') {
		rule.wanted = true;
		p++;
		n--;
	}
	if (n && p[n - 1] == '/') {
		rule.folders = true;
		n--;
	}
	rule.anywhere = !n || !memchr(p, '/', n);
	if (n && *p == '/') {
		p++;
		n--;
	}
	if (!n)
		return;
	rule.pattern = arena_strndup(g->arena, p, n);
	g->v = arena_grow(g->arena, g->v, g->n, &g->cap, sizeof(*g->v));
	g->v[g->n++] = rule;
}

void gitignore_init(struct gitignore *g, struct arena *a)
{
	*g = (struct gitignore) { .arena = a };
}

void gitignore_add(struct gitignore *g, const char *folder, const char *bytes, size_t len)
{
	struct span rest = { bytes, len };

	folder = arena_strdup(g->arena, folder);
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		rest = span_from(rest, bytes + 3);
	while (rest.len) {
		const char *lf = memchr(rest.p, '\n', rest.len);
		size_t n = lf ? (size_t)(lf - rest.p) : rest.len;

		add_line(g, folder, (struct span) { rest.p, n });
		rest = span_from(rest, rest.p + n + (lf != NULL));
	}
}

bool gitignore_match(const struct gitignore *g, const char *path, bool is_folder)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = g->n; i-- > 0;) {
		const struct gitignore_rule *rule = &g->v[i];
		size_t n = strlen(rule->folder);

		if ((rule->folders && !is_folder) || strncmp(path, rule->folder, n) != 0)
			continue;
		if (rule->anywhere ? part_matches(span_of(rule->pattern), span_of(name)) :
		    gitignore_glob(rule->pattern, path + n))
			return !rule->wanted;
	}
	return false;
}
