/*
 * sink-text - the receiving sandbox for people: where it listens, each message, and how many had
 * problems.
 */
#include <string.h>

#include "base/arena.h"
#include "message/parts.h"
#include "report/printer.h"
#include "sink/sink.h"

enum { LEFT = 16 };

static void row(struct out *o, const char *name, enum ink ink, const char *words)
{
	out_to(o, 1);
	out_put(o, name);
	out_to(o, LEFT);
	out_ink(o, ink);
	out_wrapped(o, LEFT, words);
	out_ink(o, INK_NONE);
}

void text_of_sink_place(struct out *o, const void *of)
{
	const struct sink_place *p = of;
	bool v6 = strchr(p->address, ':') != NULL;

	/* The first line is for scripts: nothing else stands in it. */
	out_put(o, arena_printf(o->arena, "listening on %s%s%s:%u", v6 ? "[" : "", p->address,
				v6 ? "]" : "", p->port));
	out_line(o);
	if (o->style->quiet)
		return;
	row(o, "STARTTLS", INK_NONE, arena_printf(o->arena, "trust %s", p->ca_file));
	row(o, "Messages", INK_NONE, p->store && *p->store ?
	    arena_printf(o->arena, "are stored in %s, and delivered to nobody", p->store) :
	    "are delivered to nobody");
}

/* --- a message --- */

static const char *session(struct arena *a, const struct receipt *l)
{
	const char *tls = *l->tls ? arena_printf(a, "TLS (%s)", l->tls) : "no TLS";

	return arena_printf(a, "%s, %s %s, %s%s", l->client, l->extended ? "EHLO" : "HELO", l->helo,
			    tls, l->login ? ", signed in" : "");
}

static const char *recipients(struct arena *a, const struct receipt *l)
{
	enum { SHOWN = 5 };
	struct strv few = l->to;

	few.n = few.n > SHOWN ? SHOWN : few.n;
	return l->to.n > SHOWN ? arena_printf(a, "%s and %zu more", strv_join(&few, a, ", "),
					      l->to.n - SHOWN) : strv_join(&few, a, ", ");
}

static enum ink ink_of(bool pass, bool fail)
{
	if (pass)
		return INK_GOOD;
	return fail ? INK_BAD : INK_UNKNOWN;
}

static void put_spf(struct out *o, const struct receipt *l)
{
	const struct spf *s = l->spf;
	const char *aligned = domain_same_org(s->domain, l->author_domain) ? "aligned with From" :
			      "not aligned with From";

	if (s->result == SPF_NOT_JUDGED)
		row(o, "SPF", INK_UNKNOWN, arena_printf(o->arena,
			"not judged: the client's address is a private one; --as ADDRESS names the "
			"one that will send (%s, %s)", s->domain, aligned));
	else
		row(o, "SPF", ink_of(s->result == SPF_PASS, s->result == SPF_FAIL),
		    arena_printf(o->arena, "%s for %s, %s: %s", spf_result_name(s->result),
				 s->domain, aligned, s->why));
}

static void put_dkim(struct out *o, const struct receipt *l)
{
	if (!l->dkim->sigs)
		row(o, "DKIM", INK_UNKNOWN, "none: the message has no signature");
	for (const struct dkim_sig *s = l->dkim->sigs; s; s = s->next) {
		bool pass = s->result == DKIM_PASS;

		row(o, "DKIM", ink_of(pass, s->result != DKIM_TEMPERROR),
		    arena_printf(o->arena, "%s for d=%s s=%s, %saligned with From%s%s",
				 dkim_result_name(s->result), s->domain, s->selector,
				 domain_same_org(s->domain, l->author_domain) ? "" : "not ",
				 pass ? "" : ": ", pass ? "" : s->why));
	}
}

static void put_arc(struct out *o, const struct arc *c)
{
	row(o, "ARC", ink_of(c->result == ARC_PASS, c->result == ARC_FAIL),
	    arena_printf(o->arena, "%s%s%s", arc_result_name(c->result), *c->why ? ": " : "",
			 c->why));
}

static void put_dmarc(struct out *o, const struct receipt *l)
{
	const struct dmarc_view *v = l->dmarc ? &l->dmarc->now : NULL;

	if (!v)
		row(o, "DMARC", INK_UNKNOWN, "not judged: From has no domain");
	else if (l->dmarc_open)
		row(o, "DMARC", INK_UNKNOWN, arena_printf(o->arena,
			"not known: it would pass where SPF or DKIM did; policy %s",
			dmarc_policy_name(v->policy)));
	else
		row(o, "DMARC", ink_of(v->result == DMARC_PASS, v->result == DMARC_FAIL),
		    v->result == DMARC_NO_RECORD ?
		    arena_printf(o->arena, "none: %s publishes no policy", l->author_domain) :
		    arena_printf(o->arena, "%s, policy %s", dmarc_result_name(v->result),
				 dmarc_policy_name(v->policy)));
}

static const char *would_words(enum would w)
{
	static const char *const words[] = {
		[WOULD_ACCEPT] = "would accept it", [WOULD_UNKNOWN] = "not known",
		[WOULD_REJECT_BULK] = "would reject it from bulk senders",
		[WOULD_JUNK] = "would put it into junk", [WOULD_REJECT] = "would reject it",
	};

	return words[w];
}

static void put_view(struct out *o, const struct receipt_view *v)
{
	bool bad = v->would == WOULD_JUNK || v->would == WOULD_REJECT;

	row(o, *v->receiver ? v->receiver : "Others", ink_of(v->would == WOULD_ACCEPT, bad),
	    arena_printf(o->arena, "%s%s%s%s%s%s", would_words(v->would), *v->why ? ": " : "",
			 v->why, *v->reply ? " (" : "", v->reply, *v->reply ? ")" : ""));
}

static void put_fault(struct out *o, const struct receipt_fault *f)
{
	row(o, f->grave ? "Problem" : "Warning", f->grave ? INK_BAD : INK_WARN,
	    arena_printf(o->arena, "%s (%s)", f->words, f->rule));
	if (*f->fix)
		row(o, "  Fix", INK_NONE, f->fix);
}

void text_of_receipt(struct out *o, const void *of)
{
	const struct receipt *l = of;

	out_ink(o, INK_STRONG);
	out_put(o, arena_printf(o->arena, "Message %lu", l->number));
	out_ink(o, INK_NONE);
	out_to(o, LEFT);
	out_wrapped(o, LEFT, arena_printf(o->arena, "<%s> to %s", l->from,
					  recipients(o->arena, l)));
	row(o, "Client", INK_NONE, session(o->arena, l));
	row(o, "From", INK_NONE, *l->author ? l->author : "(none)");
	if (*l->subject)
		row(o, "Subject", INK_NONE, l->subject);
	row(o, "Size", INK_NONE, arena_printf(o->arena, "%zu bytes%s%s", l->text.len,
					      *l->file ? ", stored in " : "", l->file));
	if (l->asked) {
		put_spf(o, l);
		put_dkim(o, l);
		if (l->arc->result != ARC_NONE)
			put_arc(o, l->arc);
		put_dmarc(o, l);
	}
	for (size_t i = 0; i < l->n_faults; i++)
		put_fault(o, &l->faults[i]);
	/* Without DNS nothing is known of the others. */
	for (size_t i = 0; i < l->n_views && l->asked; i++)
		put_view(o, &l->views[(i + 1) % l->n_views]);
}

void text_of_sink_summary(struct out *o, const void *of)
{
	const struct sink_summary *s = of;
	const char *wanted = s->wanted ? arena_printf(o->arena, " of %lu", s->wanted) : "";
	unsigned long of_n = s->wanted ? s->wanted : s->n;

	out_wrapped(o, 0, arena_printf(o->arena, "%lu%s message%s: %lu with a problem, %lu with a "
				       "warning only.", s->n, wanted, of_n == 1 ? "" : "s",
				       s->problems, s->warnings));
	if (*s->trouble)
		out_wrapped(o, 0, s->trouble);
}
