/*
 * syntax-ini - sections of `key = value`: go-ini's dialect (Grafana, Gitea) and git's.
 *
 * go-ini: a `#` or `;` anywhere in a value that is not quoted begins a comment (gopkg.in/ini.v1,
 * parser.go: readValue); """...""" and `...` keep it off, "..." and '...' don't. git:
 * git-config(1), "Syntax".
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

struct ini {
	struct entries	*e;
	const char	*section;
	unsigned	 line;
	bool		 git;
	unsigned	 sections;	/* of git, with a name of their own */
};

/* What stands between these quotes, the last of them on the line. NULL when it isn't in them. */
static const char *in_quotes(struct ini *i, struct span v, const char *quote)
{
	size_t n = strlen(quote), end = v.len;

	if (v.len < 2 * n || memcmp(v.p, quote, n) != 0)
		return NULL;
	while (end >= 2 * n && memcmp(v.p + end - n, quote, n) != 0)
		end--;
	return end >= 2 * n ? arena_strndup(i->e->arena, v.p + n, end - 2 * n) : NULL;
}

static void go_value(struct ini *i, const char *key, struct span v)
{
	const char *quoted = in_quotes(i, v, "\"\"\"");
	struct span plain;
	struct entry *entry;
	size_t n = 0;

	if (!quoted)
		quoted = in_quotes(i, v, "`");
	if (quoted) {
		entry = entries_add(i->e, i->line, key, quoted);
		if (entry)
			entry->quoted = true;
		return;
	}
	while (n < v.len && v.p[n] != '#' && v.p[n] != ';')
		n++;
	plain = span_trim((struct span) { v.p, n });
	/* Simple quotes don't keep a comment off: they only go when both are left. */
	while (plain.len > 1 && (*plain.p == '"' || *plain.p == '\'') &&
	       plain.p[plain.len - 1] == *plain.p) {
		plain.p++;
		plain.len -= 2;
	}
	entry = entries_add(i->e, i->line, key, span_dup(i->e->arena, plain));
	if (!entry)
		return;
	entry->comment_cut = n < v.len && n > 0 && !ascii_is_space(v.p[n - 1]);
	/* Grafana's variable expansion */
	if (str_has_prefix(entry->value, "$__") || str_has_prefix(entry->value, "${")) {
		entry->variable = entry->value;
		entry->value = NULL;
	}
}

/*
 * Quotes may begin and end inside; a backslash takes the next; a comment character outside of
 * quotes ends it.
 */
static void git_value(struct ini *i, const char *key, struct span v)
{
	char *out = arena_alloc(i->e->arena, v.len + 1);
	size_t n = 0, k = 0, keep = 0;
	bool quoted = false, was_quoted = false;
	struct entry *entry;

	for (; k < v.len; k++) {
		char c = v.p[k];

		if (c == '"') {
			quoted = !quoted;
			was_quoted = true;
			keep = n;
		} else if (!quoted && (c == '#' || c == ';')) {
			break;
		} else {
			if (c == '\\' && k + 1 < v.len) {
				c = ascii_mapped(v.p[++k], "nt", "\n\t");
			}
			out[n++] = c;
			if (quoted || !ascii_is_space(c))
				keep = n;
		}
	}
	out[keep] = '\0';
	entry = entries_add(i->e, i->line, key, out);
	if (entry) {
		entry->quoted = was_quoted;
		entry->comment_cut = k < v.len && k > 0 && !ascii_is_space(v.p[k - 1]) &&
				     !was_quoted;
	}
}

static bool take_section(struct ini *i, struct span l)
{
	const char *end = memchr(l.p, ']', l.len), *quote;
	struct span name;

	if (!end)
		return entries_fail(i->e, i->line, "a section's name has to end in ]");
	name = span_trim((struct span) { l.p + 1, (size_t)(end - l.p) - 1 });
	quote = memchr(name.p, '"', name.len);
	if (i->git && quote) {
		struct span first = span_trim((struct span) { name.p, (size_t)(quote - name.p) });
		struct span second = { quote + 1, (size_t)(name.p + name.len - quote) - 1 };

		if (second.len && second.p[second.len - 1] == '"')
			second.len--;
		i->section = key_join(i->e, span_dup(i->e->arena, first),
				      span_dup(i->e->arena, second));
		i->e->groups = ++i->sections;
	} else {
		i->section = span_dup(i->e->arena, name);
		i->e->groups = 0;
	}
	return true;
}

static bool take_line(struct ini *i, struct span l)
{
	size_t n = 0;
	const char *key;

	l = span_trim(l);
	if (l.len == 0 || *l.p == '#' || *l.p == ';')
		return true;
	if (*l.p == '[')
		return take_section(i, l);
	while (n < l.len && l.p[n] != '=' && (i->git || l.p[n] != ':'))
		n++;
	if (n == l.len && !i->git)
		return true;
	key = key_join(i->e, i->section,
		       span_dup(i->e->arena, span_trim((struct span) { l.p, n })));
	if (n == l.len)
		entries_add(i->e, i->line, key, "true");
	else if (i->git)
		git_value(i, key, span_trim((struct span) { l.p + n + 1, l.len - n - 1 }));
	else
		go_value(i, key, span_trim((struct span) { l.p + n + 1, l.len - n - 1 }));
	return true;
}

static bool parse(struct entries *e, const char *p, size_t n, bool git)
{
	struct ini i = { .e = e, .section = "", .git = git };
	struct scan s = scan_over(p, n);
	struct span l;
	bool good = true;

	while (good && !e->error && next_line(&s, &i.line, &l.p, &l.len))
		good = take_line(&i, l);
	/* Sections are counted where they begin: what stands last is not the highest. */
	e->groups = i.sections;
	return good && !e->error;
}

bool parse_ini(struct entries *e, const char *p, size_t n)
{
	return parse(e, p, n, false);
}

bool parse_git(struct entries *e, const char *p, size_t n)
{
	return parse(e, p, n, true);
}
