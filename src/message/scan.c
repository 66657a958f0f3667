/*
 * What structured header fields have in common: comments, quoted strings (RFC 5322, 3.2.2
 * and 3.2.4).
 */
#include "message/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"

enum { LIMIT_PART = 4096 };

/* At a '(': the comment's inside. One that never ends goes to the end. */
static struct span comment(struct scan *s)
{
	const char *from;
	size_t depth = 1;

	scan_take(s, 1);
	from = s->p;
	while (!scan_done(s)) {
		char c = *scan_take(s, 1).p;

		if (c == '\\')
			scan_take(s, scan_left(s) ? 1 : 0);
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return (struct span) { from, (size_t)(s->p - from) - 1 };
	}
	return (struct span) { from, (size_t)(s->p - from) };
}

void part_skip(struct scan *s, struct span *ret_comment)
{
	for (;;) {
		scan_while(s, ascii_is_space);
		if (scan_peek(s) == ')')
			scan_take(s, 1);	/* one that was never opened */
		else if (scan_peek(s) == '(') {
			struct span c = comment(s);

			if (ret_comment && !ret_comment->len)
				*ret_comment = c;
		} else {
			return;
		}
	}
}

static const char *quoted(struct arena *a, struct scan *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_PART);

	scan_take(s, 1);
	while (!scan_done(s)) {
		char c = *scan_take(s, 1).p;

		if (c == '"')
			break;
		if (c == '\\' && scan_left(s))
			c = *scan_take(s, 1).p;
		buf_addc(&b, c);
	}
	return arena_strdup(a, buf_str(&b));
}

const char *part_value(struct arena *a, struct scan *s, const char *stops)
{
	struct span v;

	if (scan_peek(s) == '"')
		return quoted(a, s);
	v = scan_until(s, stops);
	if (v.len > LIMIT_PART)
		v.len = LIMIT_PART;
	return span_dup(a, v);
}
