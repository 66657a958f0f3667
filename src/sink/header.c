/*
 * header - the fields of a message as they came: RFC 5322, 2.2. Nothing is made good here, as a
 * reader of pasted headers does: a receiver does not do so either.
 */
#include "sink/receipt.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"

enum { FIELDS_MOST = 20000, VALUE_MOST = 64 * 1024 };

/* The next line with its line end; empty at the end. */
static struct span next_line(struct scan *s)
{
	size_t left = scan_left(s);
	const char *lf = left ? memchr(s->p, '\n', left) : NULL;

	return scan_take(s, lf ? (size_t)(lf - s->p) + 1 : left);
}

static bool name_char(char c)
{
	return c > ' ' && c < 0x7f && c != ':';
}

static void add(struct arena *a, struct receipt_header *h, struct span line)
{
	struct scan s = scan_span(line);
	struct span name = scan_while(&s, name_char);
	struct receipt_field *f;

	if (h->n == FIELDS_MOST) {
		h->cut = true;
		return;
	}
	scan_blanks(&s);
	h->v = arena_grow(a, h->v, h->n, &h->cap, sizeof(*h->v));
	f = &h->v[h->n++];
	*f = (struct receipt_field) { .name = name };
	f->odd = !name.len || !scan_accept(&s, ':');
	f->value = f->odd ? line : scan_rest(&s);
}

void receipt_header_read(struct arena *a, struct span text, struct receipt_header *ret)
{
	struct scan s = scan_span(text);

	*ret = (struct receipt_header) { .n = 0 };
	while (!scan_done(&s)) {
		struct span line = next_line(&s);

		if (span_line(line).len == 0) {
			ret->has_end = true;
			break;
		}
		if ((line.p[0] == ' ' || line.p[0] == '\t') && ret->n && !ret->cut)
			ret->v[ret->n - 1].value.len += line.len;
		else
			add(a, ret, line);
	}
	ret->body = scan_rest(&s);
}

static const char *unfolded(struct arena *a, struct span value)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(VALUE_MOST);
	struct scan s = scan_span(value);

	while (!scan_done(&s)) {
		struct span line = span_trim(scan_line(&s));

		if (line.len && b.len)
			buf_addc(&b, ' ');
		buf_add(&b, line.p, line.len);
	}
	return str_without_nul(a, buf_str(&b), b.len);
}

size_t receipt_field(const struct receipt_header *h, struct arena *a, const char *name,
		    const char **ret)
{
	size_t n = 0;

	if (ret)
		*ret = "";
	for (size_t i = 0; i < h->n; i++) {
		if (h->v[i].odd || !span_eq_nocase(h->v[i].name, name))
			continue;
		if (n++ == 0 && ret)
			*ret = unfolded(a, h->v[i].value);
	}
	return n;
}
