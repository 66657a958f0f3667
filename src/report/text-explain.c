/*
 * text-explain - what a pasted error means, for people.
 */
#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

enum { MANY = 5 };

/* What was understood, so that the reader sees on what the rest stands. */
static void put_reply(struct out *o, const struct reply *r)
{
	const char *where = "";

	if (r->source_line > 1)
		where = arena_printf(o->arena, "line %d", r->source_line);
	if (r->stage != STAGE_UNKNOWN)
		where = arena_printf(o->arena, "%s%s%s", where, *where ? ", " : "",
				     stage_doing(r->stage));
	out_wrapped(o, 1, reply_flat(r, o->arena));
	if (*where) {
		out_to(o, 1);
		out_ink(o, INK_DIM);
		out_put(o, arena_printf(o->arena, "(%s)", where));
		out_line(o);
	}
}

/*
 * The refusals, the last ones of many; what went well only when there's nothing else, or with -v.
 */
static void put_replies(struct out *o, const struct explanation *e)
{
	size_t refused = 0, wanted = 0, skip;

	for (size_t i = 0; i < e->n_replies; i++)
		refused += e->replies[i]->code >= 400 || e->replies[i]->code == 0;
	wanted = o->style->verbose || !refused ? e->n_replies : refused;
	skip = wanted > MANY && !o->style->verbose ? wanted - MANY : 0;
	if (skip)
		out_wrapped(o, 1,
			    arena_printf(o->arena, "(%zu before these; -v shows them)", skip));
	for (size_t i = 0; i < e->n_replies; i++) {
		bool good = e->replies[i]->code > 0 && e->replies[i]->code < 400;

		if (good && refused && !o->style->verbose)
			continue;
		if (skip)
			skip--;
		else
			put_reply(o, e->replies[i]);
	}
}

static void put_dim(struct out *o, const char *words)
{
	out_to(o, 1);
	out_ink(o, INK_DIM);
	out_wrapped(o, 1, words);
}

/* How the paste was read, and which message it is about. */
static void put_message(struct out *o, const struct explanation *e)
{
	char *about = arena_strdup(o->arena, "The message that came back was");

	if (*e->from)
		about = arena_printf(o->arena, "%s from %s", about, e->from);
	if (*e->to)
		about = arena_printf(o->arena, "%s to %s", about, e->to);
	if (*e->id)
		about = arena_printf(o->arena, "%s, Message-ID %s", about, e->id);
	if (*e->note)
		put_dim(o, e->note);
	if (*e->from || *e->to || *e->id)
		put_dim(o, arena_printf(o->arena, "%s.", about));
	if (*e->reporter)
		put_dim(o, arena_printf(o->arena, "The bounce was written by %s.", e->reporter));
}

/* What to run, with what the text names of the server. */
static void put_check(struct out *o, const struct explanation *e)
{
	out_to(o, TEXT_LEFT + 4);
	out_ink(o, INK_COMMAND);
	if (*e->host)
		out_put(o,
			arena_printf(o->arena, e->port ? "smtpwhy check %s:%u" : "smtpwhy check %s",
				     e->host, e->port));
	else
		out_put(o, "smtpwhy check HOST:PORT");
	out_line(o);
}

static void put_nothing(struct out *o, const struct explanation *e)
{
	bool saved = e->kind == PASTE_EVIDENCE;

	if (e->n_replies || *e->note || *e->reporter || *e->from || *e->to || *e->id)
		out_line(o);
	text_block(o, "Why");
	if (*e->decoded) {
		out_ink(o, INK_STRONG);
		out_wrapped(o, TEXT_LEFT,
			    "This reply is in no table. What its codes say in general:");
		out_wrapped(o, TEXT_LEFT, e->decoded);
	} else {
		out_ink(o, INK_STRONG);
		out_wrapped(o, TEXT_LEFT, saved ? "No known cause fits this evidence." :
			    "No mail server's reply and no known error was found in this text.");
	}
	text_block(o, "Try");
	out_wrapped(o, TEXT_LEFT, saved ? "ask the server itself:" :
				  "paste the whole message with its numbers (\"535 5.7.139 ...\"), "
				  "the log around it, or the bounce; or ask the server itself:");
	put_check(o, e);
}

/* The text alone does not decide, but it names the server, which can be asked. */
static void put_asking(struct out *o, const struct explanation *e)
{
	if (!*e->host || e->diagnosis[0].certainty > POSSIBLE || e->kind == PASTE_BOUNCE ||
	    e->kind == PASTE_MESSAGE)
		return;
	text_block(o, "Test");
	out_wrapped(o, TEXT_LEFT, "the text alone does not decide; the server itself may tell:");
	put_check(o, e);
}

/* Of an administrator's report: what was read, and what was not. */
static void put_seen(struct out *o, const struct explanation *e)
{
	if (e->n_replies || *e->note || *e->from || *e->to || *e->id)
		out_line(o);
	if (*e->trouble) {
		text_block(o, "Report");
		out_ink(o, INK_STRONG);
		out_wrapped(o, TEXT_LEFT, e->trouble);
		return;
	}
	text_block(o, "Seen");
	for (size_t i = 0; i < e->seen.n; i++)
		out_list(o, TEXT_LEFT, "- ", e->seen.v[i]);
	if (!e->seen.n)
		out_wrapped(o, TEXT_LEFT, "nothing that says anything about this mailbox");
	for (size_t i = 0; i < e->unread.n; i++)
		out_list(o, TEXT_LEFT, "- not read: ", e->unread.v[i]);
	if (e->n_diagnosis)
		return;
	out_line(o);
	text_block(o, "Why");
	out_ink(o, INK_STRONG);
	out_wrapped(o, TEXT_LEFT, "Nothing in what was read stands in the way.");
}

void text_of_explanation(struct out *o, const void *of)
{
	const struct explanation *e = of;
	struct advice advice = { .know = e->know, .of = "", .apart = &e->apart };
	struct parts p = parts_new(o->arena);

	put_replies(o, e);
	put_message(o, e);
	if (e->kind == PASTE_ADMIN)
		put_seen(o, e);
	if (e->n_diagnosis) {
		text_diagnosis(o, &p, e->diagnosis, e->n_diagnosis, &advice);
		text_apart(&p, &e->apart);
		if (e->next_blockers.n)
			text_next(&p, &e->next_blockers, &advice);
		parts_put(o, &p);
		put_asking(o, e);
	} else if (e->kind != PASTE_ADMIN) {
		put_nothing(o, e);
	}
}
