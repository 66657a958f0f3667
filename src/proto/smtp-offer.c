/*
 * smtp-offer - what an EHLO reply offers.
 */
#include "proto/smtp-offer.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/reply.h"
#include "base/scan.h"
#include "base/str.h"

static char *upper(struct arena *a, struct span s)
{
	char *text = span_dup(a, s);

	for (char *p = text; *p; p++)
		*p = ascii_upper(*p);
	return text;
}

static bool of_keyword(char c)
{
	return c != ' ' && c != '\t' && c != '=';
}

static bool of_word(char c)
{
	return c != ' ' && c != '\t';
}

static void mechanisms_add(struct arena *a, struct strv *list, struct span words)
{
	struct scan s = scan_span(words);

	while (scan_blanks(&s), !scan_done(&s)) {
		const char *name = upper(a, scan_while(&s, of_word));

		if (!strv_has(list, name))
			strv_add(list, a, name);
	}
}

/* "SIZE 157286400", "AUTH LOGIN XOAUTH2", and "AUTH=LOGIN" as Outlook Express wanted it in 1998. */
static void line_add(struct arena *a, struct smtp_offer *o, struct span line)
{
	struct scan s = scan_span(line);
	const char *keyword, *before;
	struct span parameters;

	scan_blanks(&s);
	keyword = upper(a, scan_while(&s, of_keyword));
	scan_accept(&s, '=');
	parameters = span_trim(scan_rest(&s));
	if (!*keyword)
		return;
	if (str_eq(keyword, "AUTH"))
		mechanisms_add(a, &o->mechanisms, parameters);
	before = map_get(o->keywords, keyword);
	if (before && *before)
		map_set(o->keywords, keyword, arena_printf(a, "%s %s", before, span_dup(a, parameters)));
	else
		map_set(o->keywords, keyword, span_dup(a, parameters));
}

void smtp_offer_read(struct arena *a, const struct reply *r, struct smtp_offer *ret)
{
	struct smtp_offer o = { .keywords = map_new(a) };

	for (size_t i = 1; i < r->lines; i++) {
		struct span line = span_of(r->text[i]);

		/* The code, and a hyphen or a blank. */
		line = line.len > 4 ? span_trim((struct span) { line.p + 4, line.len - 4 }) : (struct span) { "", 0 };
		strv_add(&o.lines, a, span_dup(a, line));
		line_add(a, &o, line);
	}
	*ret = o;
}

const char *smtp_offer_parameters(const struct smtp_offer *o, const char *keyword)
{
	if (!o->keywords)
		return NULL;
	for (const struct map_entry *e = map_first(o->keywords); e; e = map_next(e))
		if (str_eq_nocase(e->key, keyword))
			return e->value;
	return NULL;
}
