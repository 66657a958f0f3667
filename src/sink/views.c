/*
 * views - what receivers would do with a message: whoever follows the sender's DMARC policy, and
 * those of receiver-rules.tsv.
 */
#include "sink/receipt.h"

#include "base/arena.h"
#include "know/know.h"

enum kept { KEPT, BROKEN, OPEN };

const char *would_name(enum would w)
{
	static const char *const names[] = {
		[WOULD_ACCEPT] = "accept", [WOULD_UNKNOWN] = "unknown",
		[WOULD_REJECT_BULK] = "reject-bulk", [WOULD_JUNK] = "junk",
		[WOULD_REJECT] = "reject",
	};

	return names[w];
}

/* --- one rule --- */

static enum kept spf(const struct receipt *l)
{
	/* A record that is missing or broken is known without an address, too. */
	if (!l->spf || l->spf->result == SPF_TEMPERROR || l->spf->result == SPF_NOT_JUDGED)
		return OPEN;
	return l->spf->result == SPF_PASS ? KEPT : BROKEN;
}

static enum kept dkim(const struct receipt *l)
{
	enum kept k = BROKEN;

	for (const struct dkim_sig *s = l->dkim ? l->dkim->sigs : NULL; s; s = s->next) {
		if (s->result == DKIM_PASS)
			return KEPT;
		if (s->result == DKIM_TEMPERROR)
			k = OPEN;
	}
	return l->dkim ? k : OPEN;
}

static enum kept either(enum kept a, enum kept b)
{
	if (a == KEPT || b == KEPT)
		return KEPT;
	return a == BROKEN && b == BROKEN ? BROKEN : OPEN;
}

static enum kept bits(const struct receipt *l)
{
	enum kept k = OPEN;

	for (const struct dkim_sig *s = l->dkim ? l->dkim->sigs : NULL; s; s = s->next) {
		if (!s->key || s->key->ed25519 || !s->key->bits)
			continue;
		if (s->key->bits >= DKIM_BITS_LEAST)
			return KEPT;
		k = BROKEN;
	}
	return k;
}

static enum kept dmarc(const struct receipt *l)
{
	if (!l->dmarc || l->dmarc->now.result == DMARC_TEMPERROR)
		return OPEN;
	return l->dmarc->now.policy == DMARC_ABSENT || l->dmarc->now.policy == DMARC_INVALID ?
	       BROKEN : KEPT;
}

static enum kept aligned(const struct receipt *l)
{
	const struct dmarc_view *v = l->dmarc ? &l->dmarc->now : NULL;

	if (!v || v->result == DMARC_TEMPERROR || l->dmarc_open)
		return OPEN;
	return v->spf_aligned || v->dkim_aligned ? KEPT : BROKEN;
}

static enum kept ptr(const struct receipt *l)
{
	if (!l->has_ptr || l->ptr.found == PTR_NO_ANSWER)
		return OPEN;
	return l->ptr.found == PTR_CONFIRMED ? KEPT : BROKEN;
}

/* How the client reached us tells nothing of another way to a receiver. */
static enum kept tls(const struct receipt *l)
{
	if (*l->tls)
		return KEPT;
	return *l->judged_as && str_eq(l->judged_as, l->client) ? BROKEN : OPEN;
}

/* Whether it is marketing mail, of which this is demanded, is not known. RFC 8058, 3.1. */
static enum kept unsubscribe(const struct receipt *l)
{
	return receipt_field(&l->header, l->arena, "List-Unsubscribe", NULL) &&
	       receipt_field(&l->header, l->arena, "List-Unsubscribe-Post", NULL) ? KEPT : OPEN;
}

static const struct { const char *needs; enum kept (*look)(const struct receipt *l); } rules[] = {
	{ "spf", spf }, { "dkim", dkim }, { "dkim-1024", bits }, { "dmarc", dmarc },
	{ "ptr", ptr }, { "aligned", aligned }, { "tls", tls }, { "unsubscribe", unsubscribe },
};

static enum kept look(const struct receipt *l, const char *needs)
{
	if (str_eq(needs, "spf-or-dkim"))
		return either(spf(l), dkim(l));
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (str_eq(rules[i].needs, needs))
			return rules[i].look(l);
	return OPEN;
}

/* --- a receiver --- */

static struct receipt_view *view_of(struct receipt *l, const char *receiver)
{
	for (size_t i = 0; i < l->n_views; i++)
		if (str_eq(l->views[i].receiver, receiver))
			return &l->views[i];
	l->views = arena_grow(l->arena, l->views, l->n_views, &l->cap_views, sizeof(*l->views));
	l->views[l->n_views] = (struct receipt_view) { .receiver = receiver, .why = "",
						      .reply = "" };
	return &l->views[l->n_views++];
}

static void worse(struct receipt_view *v, enum would would, const char *why, const char *reply)
{
	if (would <= v->would)
		return;
	v->would = would;
	v->why = why;
	v->reply = reply;
}

/* What a rule that is open would mean matters only where everybody has to keep it. */
static void weigh(struct receipt *l, const struct receiver_rule *r)
{
	struct receipt_view *v = view_of(l, r->receiver);
	bool bulk = str_eq(r->who, "bulk");
	enum kept k = look(l, r->needs);

	if (k == BROKEN) {
		strv_add(&v->broken, l->arena, r->id);
		worse(v, bulk ? WOULD_REJECT_BULK : WOULD_REJECT,
		      arena_printf(l->arena, "not kept: %s", r->words), r->reply);
	} else if (k == OPEN) {
		strv_add(&v->open, l->arena, r->id);
		if (!bulk)
			worse(v, WOULD_UNKNOWN, arena_printf(l->arena, "not known: %s", r->words),
			      "");
	}
}

static void by_policy(struct receipt *l)
{
	struct receipt_view *v = view_of(l, "");
	const struct dmarc_view *d = l->dmarc ? &l->dmarc->now : NULL;

	if (!l->asked || l->dmarc_open || (d && d->result == DMARC_TEMPERROR))
		worse(v, WOULD_UNKNOWN, "DMARC could not be judged", "");
	else if (d && d->result == DMARC_FAIL && d->applied == DMARC_REJECT)
		worse(v, WOULD_REJECT, "DMARC fails, and the policy is reject", "");
	else if (d && d->result == DMARC_FAIL && d->applied == DMARC_QUARANTINE)
		worse(v, WOULD_JUNK, "DMARC fails, and the policy is quarantine", "");
	/* Faults of the form come before: many servers look at them first. */
	for (size_t i = 0; i < l->n_faults; i++)
		if (l->faults[i].grave && !str_in(l->faults[i].id, "dmarc-fail|dkim-fail"))
			worse(v, WOULD_REJECT, arena_printf(l->arena, "%s (%s)", l->faults[i].words,
							    l->faults[i].rule), "");
}

void receipt_views(struct receipt *l, const struct know *know)
{
	const struct receiver_rule *r;

	by_policy(l);
	for (size_t i = 0; (r = know_receiver_rule_at(know, i)); i++)
		weigh(l, r);
	/* Whatever a receiver's own rules say: this it refuses as others do. */
	for (size_t i = 1; i < l->n_views; i++)
		if (l->views[0].would >= WOULD_JUNK)
			worse(&l->views[i], l->views[0].would, l->views[0].why, "");
	for (size_t i = 0; i < l->n_views; i++) {
		l->problem |= l->views[i].would >= WOULD_JUNK;
		l->warning |= l->views[i].would == WOULD_REJECT_BULK;
	}
}
