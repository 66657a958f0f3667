/*
 * text-direct-send - a line an attempt.
 */
#include "report/text-direct-send.h"

#include "base/arena.h"
#include "base/str.h"
#include "sending/direct-send.h"

enum { MARK_LEFT = 1, WORDS_LEFT = 3 };

static const char *mark_of(enum direct_send_verdict v, bool unicode)
{
	switch (v) {
	case DIRECT_SEND_TAKEN:
		return "!";
	case DIRECT_SEND_REFUSED:
		return unicode ? "\xe2\x9c\x97" : "x";
	case DIRECT_SEND_LATER:
	case DIRECT_SEND_UNTESTED:
		break;
	}
	return "?";
}

static enum ink ink_of(enum direct_send_verdict v)
{
	if (v == DIRECT_SEND_TAKEN)
		return INK_WARN;
	return v == DIRECT_SEND_REFUSED ? INK_BAD : INK_UNKNOWN;
}

static const char *certificate_words(const struct direct_send_try *t)
{
	if (!t->certificate)
		return "without a certificate";
	if (!t->tls)
		return "with the certificate, to which it did not come";
	return t->shown ? "with the certificate" :
	       "with the certificate, which the server did not ask for";
}

static const char *words_of(struct arena *a, const struct direct_send_try *t)
{
	const char *where = t->stage == STAGE_MAIL ? "at MAIL FROM" : "before MAIL FROM";

	if (t->stage == STAGE_RCPT)
		where = "at RCPT TO";
	switch (t->verdict) {
	case DIRECT_SEND_TAKEN:
		return "taken as far as RCPT TO";
	case DIRECT_SEND_REFUSED:
		return arena_printf(a, "refused %s: %s", where, out_reply(a, t->reply));
	case DIRECT_SEND_LATER:
		return arena_printf(a, "asked to come later %s: %s", where, out_reply(a, t->reply));
	case DIRECT_SEND_UNTESTED:
		break;
	}
	return t->why;
}

void text_direct_send(struct out *o, const struct result *r)
{
	const struct direct_send *d = r->direct_send;
	struct strv words;

	if (!d)
		return;
	out_line(o);
	out_ink(o, INK_STRONG);
	out_wrapped(o, 0, arena_printf(o->arena, "From %s to %s without a login%s%s", d->from,
				       d->to, *d->egress ? ", seen as " : "", d->egress));
	out_ink(o, INK_NONE);
	for (size_t i = 0; i < d->n; i++) {
		const struct direct_send_try *t = &d->tries[i];

		out_to(o, MARK_LEFT);
		out_ink(o, ink_of(t->verdict));
		out_put(o, mark_of(t->verdict, o->style->unicode));
		out_ink(o, INK_NONE);
		out_to(o, WORDS_LEFT);
		out_wrapped(o, WORDS_LEFT,
			    arena_printf(o->arena, "%s, %s: %s", t->host, certificate_words(t),
					 words_of(o->arena, t)));
	}
	words = direct_send_words(o->arena, d);
	for (size_t i = 0; i < words.n; i++)
		out_list(o, MARK_LEFT, "- ", arena_printf(o->arena, "%s.", words.v[i]));
}
