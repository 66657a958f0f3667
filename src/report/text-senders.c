/*
 * text-senders - a line a sender.
 */
#include "report/text-senders.h"

#include "base/arena.h"
#include "base/str.h"
#include "sending/senders.h"
#include "report/width.h"

enum { NAME_LEFT = 3, NAME_MOST = 40 };

static const char *mark_of(enum sender_verdict v, bool unicode)
{
	switch (v) {
	case SENDER_ACCEPTED:
		return unicode ? "\xe2\x9c\x93" : "+";
	case SENDER_REFUSED:
		return unicode ? "\xe2\x9c\x97" : "x";
	case SENDER_OPEN:
	case SENDER_UNTESTED:
		break;
	}
	return "?";
}

static enum ink ink_of(enum sender_verdict v)
{
	if (v == SENDER_ACCEPTED)
		return INK_GOOD;
	return v == SENDER_REFUSED ? INK_BAD : INK_UNKNOWN;
}

static const char *where(enum stage s)
{
	if (s == STAGE_DATA)
		return "after the message";
	return s == STAGE_RCPT ? "at RCPT TO" : "at MAIL FROM";
}

static const char *words_of(struct arena *a, const struct senders *all, const struct sender *s)
{
	const char *reply = out_reply(a, s->reply);

	switch (s->verdict) {
	case SENDER_ACCEPTED:
		return arena_printf(a, "%s%s%s", all->data ? "the message was taken" : "accepted",
				    *s->why ? ", " : "", s->why);
	case SENDER_REFUSED:
		return arena_printf(a, "refused %s: %s", where(s->stage), reply);
	case SENDER_OPEN:
	case SENDER_UNTESTED:
		break;
	}
	return s->reply && s->reply->code >= 400 ? arena_printf(a, "%s: %s", s->why, reply) :
	       s->why;
}

static void put_needs(struct out *o, const struct result *r, const struct sender *s, unsigned left)
{
	const struct cause *c = r->ask->know && *s->cause ? know_cause(r->ask->know, s->cause) :
				NULL;
	const char *needs = c ? c->title : "";

	if (*s->needs)
		needs = arena_printf(o->arena, "needs: %s", s->needs);
	if (!*needs)
		return;
	out_to(o, left);
	out_wrapped(o, left, needs);
	for (size_t i = 0; i < s->commands.n; i++) {
		out_to(o, left + 2);
		out_ink(o, INK_COMMAND);
		out_put(o, s->commands.v[i]);	/* never wrapped: it is to be copied */
		out_ink(o, INK_NONE);
		out_line(o);
	}
}

static void put_sender(struct out *o, const struct result *r, const struct sender *s, unsigned left)
{
	out_to(o, 1);
	out_ink(o, ink_of(s->verdict));
	out_put(o, mark_of(s->verdict, o->style->unicode));
	out_ink(o, INK_NONE);
	out_to(o, NAME_LEFT);
	out_put(o, s->from);
	if (o->col + 2 > left)
		out_line(o);
	out_to(o, left);
	out_wrapped(o, left, words_of(o->arena, r->senders, s));
	if (s->verdict == SENDER_REFUSED)
		put_needs(o, r, s, left);
}

void text_senders(struct out *o, const struct result *r)
{
	const struct senders *all = r->senders;
	unsigned widest = 8;

	if (!all)
		return;
	for (size_t i = 0; i < all->n; i++) {
		unsigned w = width_of(all->v[i].from);

		if (w > widest)
			widest = w > NAME_MOST ? NAME_MOST : w;
	}
	if (NAME_LEFT + widest + 2 > o->columns / 2)
		widest = o->columns / 2 - NAME_LEFT - 2;
	out_line(o);
	out_ink(o, INK_STRONG);
	out_put(o, arena_printf(o->arena, "%s may send as",
				*all->user ? all->user : "nobody in particular"));
	out_ink(o, INK_NONE);
	out_line(o);
	for (size_t i = 0; i < all->n; i++)
		if (!o->style->quiet || all->v[i].verdict != SENDER_ACCEPTED)
			put_sender(o, r, &all->v[i], NAME_LEFT + widest + 2);
}
