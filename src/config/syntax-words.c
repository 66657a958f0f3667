/*
 * syntax-words - a key and its value on a line: "SMARTHOST mail.example", "set from = a@b",
 * "set smtp_url='smtp://...'". Comments begin with # at the start of a line or behind a blank.
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

static bool is_key(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

/* The value at the start of v, without its quotes; moves v behind it. */
static const char *one_value(struct entries *e, struct span *v, bool several)
{
	size_t n = 0;
	struct span out;

	if (v->len && (*v->p == '"' || *v->p == '\'')) {
		const char *end = memchr(v->p + 1, *v->p, v->len - 1);

		out = (struct span) { v->p + 1, (end ? (size_t)(end - v->p) : v->len) - 1 };
		n = end ? (size_t)(end - v->p) + 1 : v->len;
	} else {
		while (n < v->len && !(ascii_is_space(v->p[n]) && several) &&
		       !(v->p[n] == '#' && n > 0 && ascii_is_space(v->p[n - 1])))
			n++;
		out = span_trim((struct span) { v->p, n });
	}
	v->p += n;
	v->len -= n;
	return span_dup(e->arena, out);
}

static void take_line(struct entries *e, unsigned line, struct span l)
{
	struct scan s = scan_span(l);
	bool set = scan_accept_str(&s, "set ");

	do {
		struct span key, v;
		const char *name;

		scan_blanks(&s);
		key = scan_while(&s, is_key);
		scan_blanks(&s);
		if (!key.len || key.len > ENTRIES_KEY)
			return;
		if (!scan_accept(&s, '=') && set)
			continue;	/* a switch: "set ssl_force_tls" */
		scan_blanks(&s);
		v = scan_rest(&s);
		name = span_dup(e->arena, key);
		entries_add(e, line, name, one_value(e, &v, set));
		s = scan_span(v);
	} while (set && !scan_done(&s) && !e->error);
}

bool parse_words(struct entries *e, const char *p, size_t n)
{
	struct scan s = scan_over(p, n);
	unsigned line = 0;
	struct span l;

	while (!e->error && next_line(&s, &line, &l.p, &l.len)) {
		l = span_trim(l);
		if (l.len && *l.p != '#')
			take_line(e, line, l);
	}
	return !e->error;
}
