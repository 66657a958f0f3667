/*
 * syntax-properties - Java's properties: java.util.Properties.load(). `key=value`, `key: value` or
 * `key value`, backslashes continue a line, \uXXXX. Spring Boot separates documents by a line
 * `#---` (Spring Boot reference, "Working With Multi-Document Files").
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

/* The four digits of \uXXXX; '?' for what UTF-8 has no form of. */
static bool read_point(struct span v, size_t at, unsigned *ret)
{
	unsigned u = 0;

	for (size_t i = at; i < at + 4; i++) {
		if (i >= v.len || ascii_hex(v.p[i]) < 0)
			return false;
		u = u << 4 | (unsigned)ascii_hex(v.p[i]);
	}
	*ret = u == 0 || (u >= 0xd800 && u < 0xe000) ? '?' : u;
	return true;
}

/* Without the escapes. */
static const char *plain(struct entries *e, struct span v)
{
	char *out = arena_alloc(e->arena, v.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		unsigned point;
		char c = v.p[i];

		if (c != '\\' || i + 1 == v.len) {
			out[n++] = c;
			continue;
		}
		c = v.p[++i];
		if (c == 'u' && read_point(v, i + 1, &point)) {
			n += utf8_put(out + n, point);
			i += 4;
		} else {
			out[n++] = ascii_mapped(c, "ntr", "\n\t\r");
		}
	}
	out[n] = '\0';
	return out;
}

/* "${NAME:default}": the default, and where else it comes from. */
static void placeholder(struct entries *e, struct entry *entry)
{
	const char *v = entry->value, *end, *colon;

	if (!str_has_prefix(v, "${"))
		return;
	end = strrchr(v, '}');
	if (!end || end[1] || strstr(v + 2, "${"))
		return;
	colon = memchr(v, ':', (size_t)(end - v));
	entry->variable = arena_strndup(e->arena, v + 2, (size_t)((colon ? colon : end) - v) - 2);
	entry->value = colon ? arena_strndup(e->arena, colon + 1, (size_t)(end - colon) - 1) : NULL;
}

/* A backslash that is not the escape people know goes, and only what follows it is left. */
static bool loses_backslash(struct span v)
{
	for (size_t i = 0; i + 1 < v.len; i++) {
		if (v.p[i] != '\\')
			continue;
		if (ascii_is_alnum(v.p[i + 1]) && v.p[i + 1] != 'u')
			return true;
		i++;
	}
	return false;
}

static void faults(struct entries *e, struct entry *entry, struct span v, bool blank)
{
	const char *value = entry->value, *hash = value ? strstr(value, " #") : NULL;

	if (hash) {
		entry->meant = span_dup(e->arena,
					span_trim((struct span) { value, (size_t)(hash - value) }));
		entry_fault(e, entry, "lint.comment-in-value", ERROR, WARNING,
			    "In .properties files a # begins a comment only at the start of a "
			    "line: here it belongs to the value, with all behind it",
			    "write the comment on a line of its own");
	} else if (blank) {
		entry_fault(e, entry, "lint.blank-at-end", ERROR, ERROR,
			    "The line ends in a blank, which belongs to the value in .properties "
			    "files", "take the blank at the end out");
	}
	if (loses_backslash(v))
		entry_fault(e, entry, "lint.backslash-lost", ERROR, ERROR,
			    "A backslash is an escape in .properties files: it is taken out of the "
			    "value", "write it twice: \\\\");
}

static void take(struct entries *e, unsigned line, struct span l, bool blank)
{
	size_t n = 0, from;
	struct entry *entry;
	struct span v;

	while (n < l.len && l.p[n] != '=' && l.p[n] != ':' && !ascii_is_space(l.p[n]))
		n += l.p[n] == '\\' && n + 1 < l.len ? 2 : 1;
	from = n;
	while (from < l.len && ascii_is_space(l.p[from]))
		from++;
	if (from < l.len && (l.p[from] == '=' || l.p[from] == ':'))
		from++;
	if (n == 0 || n > ENTRIES_KEY)
		return;
	v = span_trim((struct span) { l.p + from, l.len - from });
	entry = entries_add(e, line, plain(e, (struct span) { l.p, n }), plain(e, v));
	if (entry) {
		placeholder(e, entry);
		faults(e, entry, v, blank && v.len);
	}
}

static bool continues(struct span l)
{
	size_t n = 0;

	while (n < l.len && l.p[l.len - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* A line and what continues it, in one piece. False when it is too long. */
static bool whole_line(struct entries *e, struct scan *s, unsigned *line, struct span *l)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_SECRET);

	if (!continues(*l))
		return true;
	while (continues(*l) && buf_add(&b, l->p, l->len - 1) && next_line(s, line, &l->p, &l->len))
		*l = span_trim(*l);
	if (!continues(*l))
		buf_add(&b, l->p, l->len);
	*l = span_of(arena_strndup(e->arena, buf_str(&b), b.len));
	buf_wipe(&b);
	return !b.overflow || entries_fail(e, *line, "this line is too long");
}

bool parse_properties(struct entries *e, const char *p, size_t n)
{
	struct scan s = scan_over(p, n);
	unsigned line = 0;
	struct span l;

	while (!e->error && next_line(&s, &line, &l.p, &l.len)) {
		unsigned first = line;
		bool blank = l.len && (l.p[l.len - 1] == ' ' || l.p[l.len - 1] == '\t');

		l = span_trim(l);
		if (l.len == 0 || *l.p == '#' || *l.p == '!') {
			if (span_eq(l, "#---") || span_eq(l, "!---"))
				e->groups++;
		} else if (whole_line(e, &s, &line, &l)) {
			take(e, first, l, blank);
		}
	}
	return !e->error;
}
