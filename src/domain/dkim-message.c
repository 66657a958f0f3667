/*
 * dkim-message - the header fields of a message as they came. RFC 5322, 2.2.
 */
#include "domain/dkim-inside.h"

/* The next line with its line end; empty at the end. */
static struct span next_line(struct scan *s)
{
	const char *start = s->p, *lf;
	size_t left = scan_left(s);

	if (!left)
		return (struct span){ start, 0 };
	lf = memchr(start, '\n', left);
	return scan_take(s, lf ? (size_t)(lf - start) + 1 : left);
}

static bool is_empty(struct span line)
{
	return line.len == 0 || line.p[0] == '\n' ||
	       (line.p[0] == '\r' && line.len >= 2 && line.p[1] == '\n');
}

/* ftext before the colon; blanks may stand between (obs-optional, 4.5.8). */
static struct span name_of(struct span line)
{
	size_t n = 0, end;

	while (n < line.len && line.p[n] > ' ' && line.p[n] < 0x7f && line.p[n] != ':')
		n++;
	for (end = n; end < line.len && (line.p[end] == ' ' || line.p[end] == '\t'); )
		end++;
	if (!n || end == line.len || line.p[end] != ':')
		n = 0;
	return (struct span){ line.p, n };
}

static void add(struct arena *a, struct dkim_message *m, struct span line)
{
	struct dkim_field *f;
	char *key;

	m->v = arena_grow(a, m->v, m->n, &m->cap, sizeof(*m->v));
	f = &m->v[m->n++];
	*f = (struct dkim_field){ .raw = line, .name = name_of(line) };
	if (!f->name.len)
		return;
	key = str_lower(a, span_dup(a, f->name));
	f->above = (size_t)(uintptr_t)map_get(m->last, key);
	map_set(m->last, key, (void *)(uintptr_t)m->n);
}

void dkim_message_read(struct arena *a, struct span text, struct dkim_message *ret)
{
	struct scan s = scan_span(text);

	*ret = (struct dkim_message){ .last = map_new(a) };
	/* The line of an mbox that separates messages is none of the message (RFC 4155). */
	if (scan_looking_at(&s, "From "))
		next_line(&s);
	for (;;) {
		struct span line = next_line(&s);

		if (is_empty(line))
			break;
		if (ret->n && (line.p[0] == ' ' || line.p[0] == '\t')) {
			ret->v[ret->n - 1].raw.len += line.len;
		} else if (ret->n == DKIM_FIELDS_MOST) {
			ret->cut = true;
			break;
		} else {
			add(a, ret, line);
		}
	}
	ret->body = scan_rest(&s);
}
