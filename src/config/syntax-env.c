/*
 * syntax-env - KEY=value lines, as shells, dotenv libraries and Docker's --env-file read them.
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

static bool is_key(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

/* Behind the opening quote; may go over several lines. */
static const char *quoted(struct entries *e, struct scan *s, char quote, unsigned *line)
{
	size_t most = scan_left(s) < LIMIT_SECRET ? scan_left(s) : LIMIT_SECRET, len = 0, n = 0;
	struct span v;
	char *out;

	while (len < most && s->p[len] != quote)
		len += s->p[len] == '\\' && quote == '"' && len + 1 < most ? 2 : 1;
	v = scan_take(s, len);
	scan_accept(s, quote);
	out = arena_alloc(e->arena, len + 1);
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];

		*line += c == '\n';
		if (c == '\\' && quote == '"' && i + 1 < v.len && strchr("ntr\"\\$`", v.p[i + 1])) {
			c = ascii_mapped(v.p[++i], "ntr", "\n\t\r");
		}
		out[n++] = c;
	}
	return out;
}

/* "${NAME}" alone: what NAME says further up, or the environment. */
static void expand(struct entries *e, struct entry *entry)
{
	const char *v = entry->value, *end = str_has_prefix(v, "${") ? strchr(v, '}') : NULL, *name;

	if (!end || end[1])
		return;
	name = arena_strndup(e->arena, v + 2, strcspn(v + 2, ":-}"));
	entry->value = strstr(v, "-") ? arena_strndup(e->arena, strstr(v, "-") + 1,
						      (size_t)(end - strstr(v, "-")) - 1) : NULL;
	entry->variable = name;
	for (const struct entry *i = e->first; i && i != entry; i = i->next)
		if (str_eq(i->key, name) && i->value) {
			entry->value = i->value;
			entry->variable = NULL;
		}
}

static void take_value(struct entries *e, struct scan *s, const char *key, unsigned *line)
{
	unsigned at = *line;
	struct entry *entry;
	int c;

	scan_blanks(s);
	c = scan_peek(s);
	if (c == '"' || c == '\'') {
		scan_take(s, 1);
		entry = entries_add(e, at, key, quoted(e, s, (char)c, line));
		if (entry) {
			entry->quoted = true;
			entry->literal = c == '\'';
		}
		scan_until(s, "\n");
	} else {
		struct span v = scan_until(s, "\n");
		size_t n = 0;

		/* A comment needs a blank before it; without one it belongs to the value. */
		while (n < v.len && !(v.p[n] == '#' && n > 0 && ascii_is_space(v.p[n - 1])))
			n++;
		entry = entries_add(e, at, key,
				    span_dup(e->arena, span_trim((struct span) { v.p, n })));
	}
	if (entry && c != '"' && c != '\'' && strstr(entry->value, " //")) {
		entry->meant = arena_strndup(e->arena, entry->value,
					     (size_t)(strstr(entry->value, " //") -
						      entry->value));
		entry_fault(e, entry, "lint.comment-in-value", ERROR, WARNING,
			    "Two slashes begin no comment in such a file: they belong to the "
			    "value, with all behind them",
			    "write a # in their place, or take them out");
	}
	if (entry && c != '\'')
		expand(e, entry);
	scan_accept(s, '\n');
	++*line;
}

bool parse_env(struct entries *e, const char *p, size_t n)
{
	struct scan s = scan_over(p, n);
	bool mark = scan_accept_str(&s, "\xef\xbb\xbf");
	unsigned line = 1;

	while (!scan_done(&s) && !e->error) {
		struct span key;

		scan_blanks(&s);
		scan_accept_str(&s, "export ");
		scan_blanks(&s);
		key = scan_while(&s, is_key);
		scan_blanks(&s);
		if (key.len && key.len <= ENTRIES_KEY && scan_accept(&s, '=')) {
			take_value(e, &s, span_dup(e->arena, key), &line);
			continue;
		}
		scan_until(&s, "\n");
		scan_accept(&s, '\n');
		line++;
	}
	if (mark)
		entry_fault(e, e->first, "lint.byte-order-mark", WARNING, WARNING,
			    "The file begins with a byte order mark, which many readers take for "
			    "part of the first key", "save it as UTF-8 without BOM");
	return !e->error;
}
