/*
 * syntax-xml - elements and attributes of an XML file:
 * "configuration.system.net.mailSettings.smtp@from". Entities beyond the five of XML stay as they
 * are written; nothing is expanded, nothing fetched, a DOCTYPE is passed over.
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

struct xml {
	struct entries	*e;
	struct scan	 s;
	unsigned	 line;
	const char	*path[ENTRIES_DEPTH + 1];	/* of the open elements, the root first */
	struct span	 name[ENTRIES_DEPTH + 1];
	int		 depth;
};

static void count(struct xml *x, struct span passed)
{
	for (size_t i = 0; i < passed.len; i++)
		x->line += passed.p[i] == '\n';
}

/* Up to and with the literal; the end of the file will do. */
static struct span pass(struct xml *x, const char *literal)
{
	size_t n = strlen(literal), left = scan_left(&x->s);
	const char *found = left ? memmem(x->s.p, left, literal, n) : NULL;
	struct span passed = scan_take(&x->s, found ? (size_t)(found - x->s.p) : left);

	count(x, passed);
	if (found)
		scan_take(&x->s, n);
	return passed;
}

static const char *text(struct xml *x, struct span v)
{
	static const struct { const char *name; char c; } entities[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' },
		{ "&apos;", '\'' },
	};
	char *out = arena_alloc(x->e->arena, v.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		size_t k = 0, len = 0;

		for (; v.p[i] == '&' && k < ARRAY_LEN(entities); k++) {
			len = strlen(entities[k].name);
			if (v.len - i >= len && memcmp(v.p + i, entities[k].name, len) == 0)
				break;
		}
		if (v.p[i] == '&' && k < ARRAY_LEN(entities)) {
			out[n++] = entities[k].c;
			i += len - 1;
		} else {
			out[n++] = v.p[i];
		}
	}
	out[n] = '\0';
	return out;
}

static bool is_name(char c)
{
	return !ascii_is_space(c) && !strchr("<>/=\"'", c);
}

static void blanks(struct xml *x)
{
	count(x, scan_while(&x->s, ascii_is_space));
}

static bool attributes(struct xml *x, const char *path, bool *ret_empty)
{
	for (;;) {
		struct span name, v;
		unsigned line;
		struct entry *entry;
		int quote;

		blanks(x);
		*ret_empty = scan_accept(&x->s, '/');
		if (scan_accept(&x->s, '>'))
			return true;
		line = x->line;
		name = scan_while(&x->s, is_name);
		blanks(x);
		if (name.len == 0 || !scan_accept(&x->s, '='))
			return entries_fail(x->e, x->line, "an attribute, or >, is expected here");
		blanks(x);
		quote = scan_peek(&x->s);
		if (quote != '"' && quote != '\'')
			return entries_fail(x->e, x->line, "a quote is expected here");
		scan_take(&x->s, 1);
		v = pass(x, quote == '"' ? "\"" : "'");
		entry = entries_add(x->e, line, arena_printf(x->e->arena, "%s@%.*s", path,
							     (int)(name.len < 200 ? name.len : 200),
							     name.p),
				    text(x, v));
		if (!entry)
			return false;
		entry->quoted = true;
	}
}

static bool open_element(struct xml *x)
{
	struct span name = scan_while(&x->s, is_name);
	const char *path;
	bool empty;

	if (name.len == 0 || name.len > 200)
		return entries_fail(x->e, x->line, "an element's name is expected behind <");
	if (x->depth == ENTRIES_DEPTH)
		return entries_fail(x->e, x->line, "this is nested deeper than %d levels",
				    ENTRIES_DEPTH);
	path = key_join(x->e, x->depth ? x->path[x->depth] : "", span_dup(x->e->arena, name));
	if (!attributes(x, path, &empty))
		return false;
	if (!empty) {
		x->depth++;
		x->path[x->depth] = path;
		x->name[x->depth] = name;
	}
	return true;
}

static bool close_element(struct xml *x)
{
	struct span name = scan_while(&x->s, is_name);

	blanks(x);
	if (!scan_accept(&x->s, '>') || x->depth == 0 || name.len != x->name[x->depth].len ||
	    memcmp(name.p, x->name[x->depth].p, name.len) != 0)
		return entries_fail(x->e, x->line,
				    "this end of an element does not fit the one that is open");
	x->depth--;
	return true;
}

static bool markup(struct xml *x)
{
	if (scan_accept_str(&x->s, "!--"))
		pass(x, "-->");
	else if (scan_accept_str(&x->s, "![CDATA["))
		pass(x, "]]>");
	else if (scan_accept(&x->s, '?'))
		pass(x, "?>");
	else if (scan_accept(&x->s, '!'))
		pass(x, ">");
	else if (scan_accept(&x->s, '/'))
		return close_element(x);
	else
		return open_element(x);
	return true;
}

bool parse_xml(struct entries *e, const char *p, size_t n)
{
	struct xml x = { .e = e, .s = scan_over(p, n), .line = 1 };

	scan_accept_str(&x.s, "\xef\xbb\xbf");
	blanks(&x);
	if (scan_peek(&x.s) != '<')
		return entries_fail(e, x.line, "< is expected here");
	while (!scan_done(&x.s) && !e->error) {
		unsigned line = x.line;
		struct span passed = scan_until(&x.s, "<"), v = span_trim(passed);

		if (v.len && x.depth) {
			for (size_t i = 0; passed.p + i < v.p; i++)
				line += passed.p[i] == '\n';
			entries_add(e, line, x.path[x.depth], text(&x, v));
		}
		count(&x, passed);
		if (scan_accept(&x.s, '<') && !markup(&x))
			return false;
	}
	if (!e->error && x.depth)
		return entries_fail(e, x.line, "the file ends inside an element");
	return !e->error;
}
