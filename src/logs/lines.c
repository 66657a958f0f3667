/*
 * lines - a stream cut into lines. What lies whole in the bytes that are fed is not copied.
 */
#include "logs/lines.h"

#include <string.h>

void lines_init(struct lines *l, size_t limit, void (*take)(void *arg, struct span line, bool cut),
		void *arg)
{
	*l = (struct lines) { .part = BUF_INIT(limit), .take = take, .arg = arg };
}

static void give(struct lines *l, struct span line, bool cut)
{
	if (line.len > l->part.limit) {
		line.len = l->part.limit;
		cut = true;
	}
	if (!cut)
		line = span_line(line);
	l->count++;
	l->cut += cut;
	l->take(l->arg, line, cut);
}

/* Keeps the beginning of a line for later, as much of it as there is room for. */
static void keep(struct lines *l, const char *p, size_t n)
{
	size_t room = l->part.limit - l->part.len;

	if (n > room) {
		n = room;
		l->skipping = true;
	}
	buf_add(&l->part, p, n);
}

static void give_part(struct lines *l)
{
	give(l, (struct span) { buf_str(&l->part), l->part.len }, l->skipping);
	buf_clear(&l->part);
	l->skipping = false;
}

void lines_feed(struct lines *l, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((lf ? lf : end) - p);

		if (lf && !l->part.len && !l->skipping)
			give(l, (struct span) { p, len }, false);
		else
			keep(l, p, len);
		if (!lf)
			return;
		if (l->part.len || l->skipping)
			give_part(l);
		p = lf + 1;
	}
}

void lines_end(struct lines *l)
{
	if (l->part.len)
		give_part(l);
}

void lines_release(struct lines *l)
{
	buf_release(&l->part);
}
