/*
 * smtp-offer - what an EHLO reply offers.
 */
#include "proto/smtp-offer.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
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

/* How far the reading has come. */
struct reading {
	struct arena		*arena;
	struct smtp_offer	 offer;
	size_t			 words;		/* after AUTH, so far */
};

/* Only the first thing that is left out is reported: a server that sends one list without end
 * may send
 * several. */
static void leave_out(struct reading *rd, const char *what, int most)
{
	if (!rd->offer.left_out)
		rd->offer.left_out = arena_printf(rd->arena, "%s: only the first %d are read", what,
						  most);
}

static void mechanism_add(struct reading *rd, struct span word)
{
	struct strv *list = &rd->offer.mechanisms;

	for (size_t i = 0; i < list->n; i++)
		if (span_eq_nocase(word, list->v[i]))
			return;
	if (word.len > LIMIT_MECHANISM)
		leave_out(rd, "the name of an AUTH mechanism has too many bytes", LIMIT_MECHANISM);
	else if (list->n == LIMIT_MECHANISMS)
		leave_out(rd, "too many AUTH mechanisms", LIMIT_MECHANISMS);
	else
		strv_add(list, rd->arena, upper(rd->arena, word));
}

static void mechanisms_add(struct reading *rd, struct span words)
{
	struct scan s = scan_span(words);

	while (scan_blanks(&s), !scan_done(&s)) {
		if (rd->words == LIMIT_MECHANISM_WORDS) {
			leave_out(rd, "too many words after AUTH", LIMIT_MECHANISM_WORDS);
			return;
		}
		rd->words++;
		mechanism_add(rd, scan_while(&s, of_word));
	}
}

/* A keyword on several lines: its parameters are joined, up to the limit. */
static void keyword_add(struct reading *rd, const char *keyword, struct span parameters)
{
	const char *before = map_get(rd->offer.keywords, keyword);
	size_t len = before ? strlen(before) : 0, room = LIMIT_KEYWORD - len - (len > 0);
	char *value;

	if (len >= LIMIT_KEYWORD)
		room = 0;
	if (parameters.len > room) {
		leave_out(rd, arena_printf(rd->arena,
					   "the parameters of %.20s have too many bytes", keyword),
			  LIMIT_KEYWORD);
		parameters.len = room;
	}
	/* Nothing new is nothing to be copied. */
	if (before && !parameters.len)
		return;
	value = span_dup(rd->arena, parameters);
	map_set(rd->offer.keywords, keyword,
		len ? arena_printf(rd->arena, "%s %s", before, value) : value);
}

/* "SIZE 157286400", "AUTH LOGIN XOAUTH2", and "AUTH=LOGIN" as Outlook Express wanted it in 1998. */
static void line_add(struct reading *rd, struct span line)
{
	struct scan s = scan_span(line);
	const char *keyword;
	struct span parameters;

	scan_blanks(&s);
	keyword = upper(rd->arena, scan_while(&s, of_keyword));
	scan_accept(&s, '=');
	parameters = span_trim(scan_rest(&s));
	if (!*keyword)
		return;
	if (str_eq(keyword, "AUTH"))
		mechanisms_add(rd, parameters);
	keyword_add(rd, keyword, parameters);
}

void smtp_offer_read(struct arena *a, const struct reply *r, struct smtp_offer *ret)
{
	struct reading rd = { .arena = a, .offer = { .keywords = map_new(a) } };

	for (size_t i = 1; i < r->lines; i++) {
		struct span line = span_of(r->text[i]);

		/* The code, and a hyphen or a blank. */
		line = line.len > 4 ? span_trim((struct span) { line.p + 4, line.len - 4 }) :
		       (struct span) { "", 0 };
		strv_add(&rd.offer.lines, a, span_dup(a, line));
		line_add(&rd, line);
	}
	*ret = rd.offer;
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
