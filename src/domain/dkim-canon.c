/*
 * dkim-canon - the bytes that are signed. RFC 6376, 3.4. A lone LF ends a line as CRLF does: so
 * messages are saved, and on their way (RFC 5321, 2.3.8) there is no lone LF.
 */
#include "domain/dkim-inside.h"

#include <assert.h>

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* A line without its end, which is taken off; false when nothing is left. */
static bool take_line(struct span *rest, struct span *line, bool *ended)
{
	const char *lf;

	if (!rest->len)
		return false;
	lf = memchr(rest->p, '\n', rest->len);
	*ended = lf;
	*line = (struct span){ rest->p, lf ? (size_t)(lf - rest->p) : rest->len };
	rest->p += line->len + (lf ? 1 : 0);
	rest->len -= line->len + (lf ? 1 : 0);
	if (lf && line->len && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Runs of blanks become one, those at the end vanish. open: at the start, too, and *open stays
 * whether there was something. The blank that is due, *due, is written before the next word. */
static void words(struct dkim_sink *k, struct span s, bool *open, bool *due)
{
	for (size_t i = 0; i < s.len; ) {
		size_t from = i;

		while (i < s.len && !is_wsp(s.p[i]))
			i++;
		if (i > from) {
			if (*due && *open)
				k->add(k, " ", 1);
			k->add(k, s.p + from, i - from);
			*open = true;
			*due = false;
		}
		while (i < s.len && is_wsp(s.p[i])) {
			*due = true;
			i++;
		}
	}
}

static void relaxed_field(struct dkim_sink *k, struct span raw)
{
	const char *colon = memchr(raw.p, ':', raw.len);
	size_t n = colon ? (size_t)(colon - raw.p) : raw.len;
	bool open = false, due = false, ended;
	struct span value, line;

	while (n && is_wsp(raw.p[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++) {
		char c = ascii_lower(raw.p[i]);

		k->add(k, &c, 1);
	}
	if (!colon)
		return;
	k->add(k, ":", 1);
	value = span_from(raw, colon + 1);
	while (take_line(&value, &line, &ended))
		words(k, line, &open, &due);
}

static void field(struct dkim_sink *k, struct span raw, bool relaxed, bool end)
{
	struct span line;
	bool ended;

	if (!raw.len)
		return;
	if (relaxed) {
		relaxed_field(k, raw);
		if (end)
			k->add(k, "\r\n", 2);
		return;
	}
	while (take_line(&raw, &line, &ended)) {
		k->add(k, line.p, line.len);
		if (raw.len || end)
			k->add(k, "\r\n", 2);
	}
}

void dkim_canon_field(struct dkim_sink *k, struct span raw, bool relaxed)
{
	field(k, raw, relaxed, true);
}

void dkim_canon_own(struct arena *a, struct dkim_sink *k, struct span raw, bool relaxed)
{
	struct dkim_tags *t = arena_alloc(a, sizeof(*t));
	const char *colon = memchr(raw.p, ':', raw.len), *from, *to;
	_cleanup_(buf_release) struct buf b = BUF_INIT(raw.len);
	struct span value;

	assert(colon);
	dkim_tags_read(a, span_from(raw, colon + 1), t);
	value = dkim_tag(t, "b");
	if (value.p) {
		for (from = value.p; from[-1] != '='; )
			from--;
		to = memchr(from, ';', (size_t)(raw.p + raw.len - from));
		buf_add(&b, raw.p, (size_t)(from - raw.p));
		if (to)
			buf_add(&b, to, (size_t)(raw.p + raw.len - to));
	}
	field(k, (struct span){ buf_str(&b), b.len }, relaxed, false);
}

void dkim_canon_body(struct dkim_sink *k, struct span body, bool relaxed)
{
	struct span line;
	size_t empty = 0;
	bool ended, any = false;

	while (take_line(&body, &line, &ended)) {
		bool open = false, due = false;
		size_t i = 0;

		while (relaxed && i < line.len && is_wsp(line.p[i]))
			i++;
		if (i == line.len) {
			empty++;
			continue;
		}
		for (; empty; empty--)
			k->add(k, "\r\n", 2);
		if (relaxed) {
			open = true;
			words(k, line, &open, &due);
		} else {
			k->add(k, line.p, line.len);
		}
		k->add(k, "\r\n", 2);
		any = true;
		if (k->line)
			k->line(k, body);
	}
	/* An empty body is one CRLF (3.4.3), and nothing when relaxed (3.4.4). */
	if (!any && !relaxed)
		k->add(k, "\r\n", 2);
}
