/*
 * syntax-json - JSON (RFC 8259) with the line of each key; comments and a comma behind the last
 * member are taken, as .NET's configuration takes them. The arrays' members are called "key[0]".
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

struct json_file {
	struct entries	*e;
	struct scan	 s;
	unsigned	 line;
};

static bool value(struct json_file *j, const char *key, unsigned line, int depth);

static bool wrong(struct json_file *j, const char *expected)
{
	return entries_fail(j->e, j->line, "%s is expected here", expected);
}

/* Blanks, line ends, comments. */
static void skip(struct json_file *j)
{
	for (;;) {
		int c = scan_peek(&j->s);

		if (c == '\n')
			j->line++;
		if (c >= 0 && ascii_is_space((char)c)) {
			scan_take(&j->s, 1);
		} else if (scan_accept_str(&j->s, "//")) {
			scan_until(&j->s, "\n");
		} else if (scan_accept_str(&j->s, "/*")) {
			while (!scan_done(&j->s) && !scan_accept_str(&j->s, "*/"))
				j->line += scan_u8(&j->s) == '\n';
		} else {
			return;
		}
	}
}

/*
 * Code points of \uXXXX beyond ASCII are kept as they are written: no setting of mail needs them.
 */
static const char *string(struct json_file *j)
{
	size_t left = scan_left(&j->s), n = 0;
	const char *end = j->s.p, *stop = j->s.p + left;
	char *out;

	while (end < stop && *end != '"' && *end != '\n')
		end += *end == '\\' && end + 1 < stop ? 2 : 1;
	if (end >= stop || *end != '"') {
		wrong(j, "the end of the text, a quote,");
		return NULL;
	}
	out = arena_alloc(j->e->arena, (size_t)(end - j->s.p) + 1);
	while (j->s.p < end) {
		char c = *j->s.p++;

		if (c == '\\') {
			c = *j->s.p++;
			if (c == 'u' && end - j->s.p >= 4 && j->s.p[0] == '0' && j->s.p[1] == '0') {
				char hex[] = { j->s.p[2], j->s.p[3] };
				unsigned u = 0;

				for (size_t i = 0; i < 2; i++)
					u = u * 16 +
					    (ascii_is_digit(hex[i]) ? (unsigned)(hex[i] - '0') :
					     ((unsigned)ascii_lower(hex[i]) - 'a' + 10) % 16);
				if (u && u < 0x80) {
					out[n++] = (char)u;
					j->s.p += 4;
					continue;
				}
			}
			if (c == 'u')
				out[n++] = '\\';
			c = ascii_mapped(c, "ntrbf", "\n\t\r\b\f");
		}
		out[n++] = c;
	}
	j->s.p = end + 1;
	out[n] = '\0';
	return out;
}

static bool object(struct json_file *j, const char *key, int depth)
{
	for (;;) {
		const char *name;
		unsigned line;

		skip(j);
		if (scan_accept(&j->s, '}'))
			return true;
		line = j->line;
		if (!scan_accept(&j->s, '"'))
			return wrong(j, "a name in quotes, or }");
		name = string(j);
		if (!name)
			return false;
		skip(j);
		if (!scan_accept(&j->s, ':'))
			return wrong(j, "a colon");
		if (!value(j, key_join(j->e, key, name), line, depth + 1))
			return false;
		skip(j);
		if (!scan_accept(&j->s, ',') && scan_peek(&j->s) != '}')
			return wrong(j, "a comma, or }");
	}
}

static bool array(struct json_file *j, const char *key, int depth)
{
	for (unsigned i = 0;; i++) {
		skip(j);
		if (scan_accept(&j->s, ']'))
			return true;
		if (!value(j, key_index(j->e, key, i), j->line, depth + 1))
			return false;
		skip(j);
		if (!scan_accept(&j->s, ',') && scan_peek(&j->s) != ']')
			return wrong(j, "a comma, or ]");
	}
}

static bool is_word(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '+' || c == '.';
}

static bool value(struct json_file *j, const char *key, unsigned line, int depth)
{
	const char *text;
	struct span word;
	struct entry *entry;

	if (depth > ENTRIES_DEPTH)
		return entries_fail(j->e, j->line, "this is nested deeper than %d levels",
				    ENTRIES_DEPTH);
	skip(j);
	if (scan_accept(&j->s, '{'))
		return object(j, key, depth);
	if (scan_accept(&j->s, '['))
		return array(j, key, depth);
	if (scan_accept(&j->s, '"')) {
		text = string(j);
		entry = text ? entries_add(j->e, line, key, text) : NULL;
		if (entry)
			entry->quoted = true;
		if (text && strpbrk(text, "\n\t\b\f\r"))
			entry_fault(j->e, entry, "lint.backslash-lost", ERROR, ERROR,
				    "A backslash is an escape in JSON: with the letter behind it, "
				    "it becomes a tab, a line end or the like",
				    "write it twice: \\\\");
		return entry;
	}
	word = scan_while(&j->s, is_word);
	if (word.len == 0 || word.len > 64)
		return wrong(j, "a value");
	/* null is nothing said. */
	return span_eq(word, "null") || entries_add(j->e, line, key, span_dup(j->e->arena, word));
}

bool parse_json(struct entries *e, const char *p, size_t n)
{
	struct json_file j = { .e = e, .s = scan_over(p, n), .line = 1 };

	scan_accept_str(&j.s, "\xef\xbb\xbf");
	skip(&j);
	/* A piece that was cut out of an object: its braces are missing. */
	if (scan_peek(&j.s) == '"') {
		struct span rest = scan_rest(&j.s);

		j.s = scan_over(arena_printf(e->arena, "{%.*s}", (int)rest.len, rest.p),
				rest.len + 2);
	}
	if (scan_peek(&j.s) != '{' && scan_peek(&j.s) != '[')
		return wrong(&j, "a { or [");
	if (!value(&j, "", 1, 0))
		return false;
	skip(&j);
	return scan_done(&j.s) || wrong(&j, "the end of the file");
}
