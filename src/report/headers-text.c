/*
 * headers-text - what a delivered message's header says, for people: the cause first, then what it
 * rests on.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "message/message.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

enum { MANY_HOPS = 12 };

/* --- which message --- */

static const char *headline(struct arena *a, const struct message *m)
{
	const char *from = *m->from_domain ? m->from_domain : "an unknown sender";
	const char *took =
		m->late.known && m->late.total_ms >= 1000 ? message_span(a, m->late.total_ms) : "";

	return arena_printf(a, "A message from %s%s%s, %zu Received line%s%s%s", from,
			    *m->receiver ? " to " : "", m->receiver, m->n_hops,
			    m->n_hops == 1 ? "" : "s", *took ? ", on its way for " : "", took);
}

/* --- authentication --- */

static const char *check_words(struct arena *a, const struct identity_check *c, bool with_alignment)
{
	const char *domain = *c->domain ? arena_printf(a, " for %s", c->domain) : "";
	const char *align = "";

	if (with_alignment && str_eq(c->result, "pass") && *c->domain)
		align = c->aligned ? ", aligned with From" : ", not aligned with From";
	return arena_printf(a, "%s%s%s%s%s%s", c->result, domain, align, *c->words ? " (" : "",
			    c->words, *c->words ? ")" : "");
}

static void row(struct out *o, const char *name, const char *words)
{
	enum { COLUMN = 12 };

	if (!*words)
		return;
	out_to(o, 1);
	out_put(o, name);
	out_to(o, o->col < COLUMN ? COLUMN : o->col + 1);
	out_wrapped(o, COLUMN, words);
}

static void heading(struct out *o, const char *name)
{
	out_line(o);
	out_ink(o, INK_STRONG);
	out_wrapped(o, 0, name);
}

static void put_authentication(struct out *o, const struct message *m)
{
	const struct authentication *auth = &m->auth;
	const char *words, *who = auth->by;

	if (auth->trust == TRUST_NONE)
		return;
	heading(o, arena_printf(o->arena, "Authentication, by %s%s", who,
				auth->trust == TRUST_BETWEEN ? " (not certain to be the receiver)"
							     : ""));
	row(o, "From", m->from_domain);
	if (*auth->spf.result)
		row(o, "SPF", check_words(o->arena, &auth->spf, *m->from_domain));
	if (*auth->dkim.result)
		row(o, "DKIM", check_words(o->arena, &auth->dkim, *m->from_domain));
	words = check_words(o->arena, &auth->dmarc, false);
	if (*auth->dmarc.result)
		row(o, "DMARC",
		    *auth->action ? arena_printf(o->arena, "%s, action %s", words, auth->action)
				  : words);
	if (*auth->compauth)
		row(o, "compauth",
		    arena_printf(o->arena, "%s%s%s", auth->compauth,
				 *auth->reason ? ", reason " : "", auth->reason));
	if (*auth->arc)
		row(o, "ARC", str_eq(auth->arc, "fail") && str_eq(auth->dmarc.result, "pass") ?
		    "fail; harmless, because DMARC passed without it" : auth->arc);
	for (size_t i = 0; i < m->n_signatures && i < 4; i++)
		if (*m->signatures[i].fault)
			row(o, "Signature",
			    arena_printf(o->arena, "d=%s s=%s: %s", m->signatures[i].domain,
					 m->signatures[i].selector, m->signatures[i].fault));
}

static const char *arc_words(struct arena *a, const struct arc *c)
{
	return arena_printf(a, "%s%s%s", arc_result_name(c->result), *c->why ? ": " : "", c->why);
}

static void put_verified(struct out *o, const struct message *m)
{
	const struct verified *v = &m->verified;

	if (!v->asked && !m->n_signatures)
		return;
	if (!v->asked) {
		out_line(o);
		out_ink(o, INK_DIM);
		out_wrapped(o, 0, "The signatures were not verified here; --verify asks DNS for "
				  "their keys.");
		return;
	}
	heading(o, "Signatures, verified now");
	out_ink(o, INK_NONE);
	if (*v->why_not)
		out_wrapped(o, 1, v->why_not);
	for (const struct dkim_sig *s = v->dkim ? v->dkim->sigs : NULL; s; s = s->next) {
		const char *whose = domain_same_org(s->domain, m->from_domain) ?
				    "aligned" : "not aligned";

		out_wrapped(o, 1, arena_printf(o->arena, "d=%s s=%s (%s)", s->domain, s->selector,
					       whose));
		out_wrapped(o, 3, message_signature_words(m, s));
	}
	if (v->arc)
		row(o, "ARC", arc_words(o->arena, v->arc));
}

/* --- the way --- */

static const char *delay_words(struct arena *a, const struct hop *h)
{
	if (!h->has_delay)
		return "";
	if (h->clock)
		return "clock";
	return message_span(a, h->delay_ms);
}

static const char *how(struct arena *a, const struct hop *h)
{
	const char *protocol = str_eq(h->protocol, "Microsoft SMTP Server") ? "SMTP" : h->protocol;
	const char *tls = h->tls_version;

	if (!*tls && h->tls)
		tls = "TLS";
	if (h->clear)
		tls = "no TLS";
	return arena_printf(a, "%s%s%s%s", protocol, *protocol && *tls ? ", " : "", tls,
			    h->login ? ", login" : "");
}

/* The end of a long name says whose it is. */
static const char *short_name(struct arena *a, const char *host, size_t most)
{
	size_t n = strlen(host);

	return n <= most ? host : arena_printf(a, "...%s", host + n - (most - 3));
}

static void put_hop(struct out *o, const struct message *m, size_t i)
{
	enum { NUMBER = 1, TIME = 5, DELAY = 14, HOST = 27, HOW = 57, NAME = 29 };
	const struct hop *h = &m->hops[i];
	const char *utc = h->when.known ? clock_utc(o->arena, (time_t)(h->when.ms / 1000)) : "";
	bool slow = m->late.wait_ms >= 60000 && m->late.hop == i && i;

	out_to(o, NUMBER);
	out_put(o, arena_printf(o->arena, "%zu", i + 1));
	out_to(o, TIME);
	if (*utc)
		out_put(o, arena_printf(o->arena, "%.8s", utc + 11));
	out_to(o, DELAY);
	if (slow)
		out_ink(o, INK_WARN);
	out_put(o, delay_words(o->arena, h));
	out_ink(o, INK_NONE);
	out_to(o, HOST);
	out_put(o, short_name(o->arena, *h->by_host ? h->by_host : "(no host)", NAME));
	out_to(o, o->col < HOW ? HOW : o->col + 1);
	out_wrapped(o, HOW, how(o->arena, h));
}

static void put_hops(struct out *o, const struct message *m)
{
	size_t skip = m->n_hops > MANY_HOPS && !o->style->verbose ? m->n_hops - MANY_HOPS : 0;
	const char *day = "";

	if (*m->path)
		heading(o, arena_printf(o->arena, "Path: %s", m->path));
	if (*m->path_words)
		out_wrapped(o, 1, m->path_words);
	if (!m->n_hops)
		return;
	for (size_t i = 0; i < m->n_hops && !*day; i++)
		if (m->hops[i].when.known)
			day = arena_printf(
				o->arena, ", UTC, from %.10s on",
				clock_utc(o->arena, (time_t)(m->hops[i].when.ms / 1000)));
	heading(o, arena_printf(o->arena, "Hops, the oldest first%s", day));
	for (size_t i = 0; i < m->n_hops; i++) {
		if (skip && i >= 4 && i < 4 + skip && i != m->late.hop) {
			if (i == 4)
				out_wrapped(o, 1,
					    arena_printf(o->arena, "... (%zu more; -v shows them)",
							 skip));
			continue;
		}
		put_hop(o, m, i);
	}
	for (size_t i = 0; i < m->clocks.n; i++)
		out_list(o, 1, "- ", m->clocks.v[i]);
}

/* --- what the filters wrote --- */

static void put_antispam(struct out *o, const struct message *m)
{
	const char *header = "";

	for (size_t i = 0; i < m->n_decoded; i++) {
		const struct decoded *d = &m->decoded[i];

		if (i == 0)
			heading(o, "What the filters wrote");
		if (!str_eq(header, d->header))
			out_wrapped(o, 1, d->header);
		header = d->header;
		out_to(o, 3);
		out_put(o, str_eq(d->key, "value") || str_eq(d->key, "text")
				   ? short_name(o->arena, d->value, 40)
				   : arena_printf(o->arena, "%s %s", d->key,
						  short_name(o->arena, d->value, 40)));
		if (o->col > 25)
			out_line(o);
		out_to(o, 26);
		out_wrapped(o, 26, d->meaning);
	}
}

static void put_good(struct out *o, const struct message *m)
{
	out_line(o);
	text_block(o, "Why");
	out_ink(o, INK_STRONG);
	if (str_eq(m->receiver, "Gmail") && str_eq(m->auth.dmarc.result, "pass"))
		out_wrapped(
			o, TEXT_LEFT,
			"Authentication passed. Gmail writes no other reason into a header: if the "
			"message is in spam, "
			"it is for its content or the sender's reputation (see Postmaster Tools).");
	else if (m->auth.trust == TRUST_NONE && !m->n_hops)
		out_wrapped(o, TEXT_LEFT,
			    "The header has neither Received lines nor a receiver's verdict: copy "
			    "the whole header of the "
			    "delivered message.");
	else
		out_wrapped(o, TEXT_LEFT, "Nothing in this header explains junk or a delay.");
}

void text_of_headers(struct out *o, const void *of)
{
	const struct message_judged *j = of;
	const struct message *m = j->message;
	struct advice advice = { .know = m->know, .of = m->from_domain, .apart = &j->apart };
	struct parts p = parts_new(o->arena);

	out_ink(o, INK_STRONG);
	out_wrapped(o, 0, headline(o->arena, m));
	for (size_t i = 0; i < m->fields.notes.n; i++) {
		out_ink(o, INK_DIM);
		out_wrapped(o, 1, m->fields.notes.v[i]);
	}
	if (j->n_diagnosis) {
		p.all = true;
		text_diagnosis(o, &p, j->diagnosis, j->n_diagnosis, &advice);
		text_apart(&p, &j->apart);
		parts_put(o, &p);
	} else {
		put_good(o, m);
	}
	put_authentication(o, m);
	put_verified(o, m);
	put_hops(o, m);
	put_antispam(o, m);
}
