/*
 * dkim-tags - lists of tags. RFC 6376, 3.2.
 */
#include "domain/dkim-inside.h"

#include "base/base64.h"

static bool is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static bool is_value_char(char c)
{
	/* Bytes of UTF-8 stand in i= of RFC 6531's mail (RFC 8616, 5). */
	return (ascii_is_print(c) && c != ';') || ascii_is_space(c) || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void wrong(struct dkim_tags *t, enum dkim_fault f, const char *why)
{
	if (t->fault == DKIM_OK) {
		t->fault = f;
		t->why = why;
	}
}

static void one(struct arena *a, struct scan *s, struct dkim_tags *t)
{
	struct dkim_tag *tag = &t->v[t->n];

	scan_while(s, is_blank);
	tag->name = scan_while(s, is_name_char);
	scan_while(s, is_blank);
	if (!tag->name.len || !ascii_is_alpha(*tag->name.p) || !scan_accept(s, '=')) {
		struct span at = span_trim(scan_until(s, ";"));

		wrong(t, DKIM_SYNTAX,
		      at.len || tag->name.len
			      ? arena_printf(a, "'%s' is not a tag",
					     tag->name.len
						     ? domain_shown(a, tag->name.p, tag->name.len)
						     : domain_shown(a, at.p, at.len))
			      : "a semicolon stands where a tag should be");
		return;
	}
	tag->value = span_trim(scan_while(s, is_value_char));
	if (scan_peek(s) != ';' && !scan_done(s)) {
		wrong(t, DKIM_SYNTAX,
		      arena_printf(a, "the value of %s= holds a character that is not allowed",
				   domain_shown(a, tag->name.p, tag->name.len)));
		scan_until(s, ";");
	}
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].name.len == tag->name.len &&
		    memcmp(t->v[i].name.p, tag->name.p, tag->name.len) == 0)
			wrong(t, DKIM_DUPLICATE,
			      arena_printf(a, "the tag %s= stands there twice",
					   domain_shown(a, tag->name.p, tag->name.len)));
	t->n++;
}

void dkim_tags_read(struct arena *a, struct span text, struct dkim_tags *ret)
{
	struct scan s = scan_span(text), rest;

	*ret = (struct dkim_tags){ .why = "" };
	if (!span_trim(text).len) {
		wrong(ret, DKIM_SYNTAX, "it is empty");
		return;
	}
	for (;;) {
		if (ret->n == DKIM_TAGS_MOST) {
			wrong(ret, DKIM_SYNTAX, "it has too many tags");
			return;
		}
		one(a, &s, ret);
		if (!scan_accept(&s, ';'))
			return;
		rest = s;
		if (!span_trim(scan_rest(&rest)).len)
			return;
	}
}

struct span dkim_tag(const struct dkim_tags *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (span_eq(t->v[i].name, name))
			return t->v[i].value;
	return (struct span){ NULL, 0 };
}

struct span dkim_compact(struct arena *a, struct span s)
{
	char *copy = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if (!is_blank(s.p[i]))
			copy[n++] = s.p[i];
	return (struct span){ copy, n };
}

bool dkim_base64(struct arena *a, struct span s, struct span *ret)
{
	struct span text = dkim_compact(a, s);
	_cleanup_(buf_release) struct buf b = BUF_INIT(text.len);
	char *copy;

	/* The alphabet for URLs is no base64 here. */
	if (!text.len || memchr(text.p, '-', text.len) || memchr(text.p, '_', text.len) ||
	    !base64_decode(&b, text.p, text.len) || !b.len)
		return false;
	copy = arena_alloc(a, b.len);
	memcpy(copy, b.data, b.len);
	*ret = (struct span){ copy, b.len };
	return true;
}

bool dkim_word(struct scan *s, struct span *ret)
{
	if (scan_done(s))
		return false;
	*ret = span_trim(scan_until(s, ":"));
	scan_accept(s, ':');
	return true;
}

bool dkim_list_has(struct span list, const char *word)
{
	struct scan s = scan_span(list);
	struct span w;

	while (dkim_word(&s, &w))
		if (span_eq_nocase(w, word))
			return true;
	return false;
}

static bool is_label_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

bool dkim_is_domain(struct span s, size_t labels)
{
	struct scan in = scan_span(s);
	size_t n = 0;

	if (!s.len || s.len > 253)
		return false;
	do {
		struct span label = scan_while(&in, is_label_char);

		if (!label.len || label.len > 63 || label.p[0] == '-' ||
		    label.p[label.len - 1] == '-')
			return false;
		n++;
	} while (scan_accept(&in, '.'));
	return scan_done(&in) && n >= labels;
}
