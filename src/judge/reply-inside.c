/*
 * A reply that tells of another one: "530 5.7.57 Client not authenticated to send mail. Error: 535
 * 5.7.139 Authentication unsuccessful, ...". Exchange repeats the failed login in its answer to
 * MAIL FROM; relays quote what the next server said to them.
 */
#include "judge/weigh.h"

#include "base/scan.h"
#include "base/str.h"

/* Which step such a code speaks of, when it is the reason for a later refusal. */
static enum stage stage_of_code(int code, enum stage outer)
{
	switch (code) {
	case 432: case 454: case 534: case 535: case 538:		/* RFC 4954, 4.7 */
		return STAGE_AUTH;
	default:
		return outer;
	}
}

/* "535 5.7.139 words": a code and an enhanced code of the same class. */
static bool begins_reply(const char *p, struct reply_line *ret)
{
	return reply_parse_line(span_of(p), ret) && ret->enhanced.len && ret->code >= 400;
}

const struct reply *reply_inside(struct arena *a, const struct reply *r)
{
	const char *words = reply_words(r, a);
	struct reply_line l;

	for (const char *p = words; *p; p++) {
		bool word_begins = p > words && (ascii_is_space(p[-1]) || strchr("<(:\"'", p[-1]));
		struct span line;
		struct reply *inner;

		if (!word_begins || !ascii_is_digit(*p) || !begins_reply(p, &l))
			continue;
		/* The same once more is a line of this reply whose end got lost. */
		if (l.code == r->code && (!*r->enhanced || span_eq(l.enhanced, r->enhanced)))
			continue;
		line = span_of(p);
		inner = reply_of_lines(a, stage_of_code(l.code, r->stage), &line, 1);
		if (inner)
			inner->source_line = r->source_line;
		return inner;
	}
	return NULL;
}

/* --- a reply in no table --- */

static const char *subject_words(char digit)
{
	static const char *const words[] = {
		"nothing more exact", "an address", "a mailbox", "the mail system",
		"the network or the route", "the SMTP dialogue", "the message's content",
		"security or policy",
	};

	return digit >= '0' && digit <= '7' ? words[digit - '0'] : words[0];
}

static const char *class_words(char class)
{
	if (class == '5')
		return "a refusal for good: the same again will be refused again";
	return class == '4' ? "a refusal for now: the same may be taken later" : "no refusal";
}

char *reply_decoded(struct arena *a, const struct reply *r)
{
	char class = *r->enhanced ? r->enhanced[0] : (char)('0' + r->code / 100);
	const char *what = class_words(class);
	char *code = r->code ?
		     arena_printf(a, "%d%s%s", r->code, *r->enhanced ? " " : "", r->enhanced) :
		     arena_strdup(a, r->enhanced);

	if (!*r->enhanced)
		return arena_printf(a, "%s is %s.", code, what);
	return arena_printf(a, "%s is %s; by its second number it is about %s.", code, what,
			    subject_words(r->enhanced[2]));
}
