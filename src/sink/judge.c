/*
 * judge - SPF (RFC 7208), DKIM (RFC 6376), ARC (RFC 8617) and DMARC (RFC 9989) of a message, as a
 * receiver evaluates them.
 */
#include "sink/receipt.h"

#include "base/arena.h"
#include "message/parts.h"

void receipt_fault_add(struct receipt *l, bool grave, const char *id, const char *rule,
		      const char *words, const char *fix)
{
	l->faults = arena_grow(l->arena, l->faults, l->n_faults, &l->cap_faults,
			       sizeof(*l->faults));
	l->faults[l->n_faults++] = (struct receipt_fault) {
		.id = id, .grave = grave, .words = words, .fix = fix, .rule = rule,
	};
	l->problem |= grave;
	l->warning |= !grave;
}

static void spf(struct receipt *l, const struct domain_dns *dns, int64_t now)
{
	struct spf_ask ask = { .ip = l->judged_as, .from = l->from, .helo = l->helo, .domain = "",
			       .receiver = "", .now = now };

	l->spf = spf_check(l->arena, dns, &ask);
	if (l->spf->result == SPF_FAIL)
		receipt_fault_add(l, false, "spf-fail", "RFC 7208, 8.4", l->spf->why,
			"add the address to the domain's SPF record, or send by a server that the "
			"record allows");
	else if (l->spf->result == SPF_PERMERROR)
		receipt_fault_add(l, false, "spf-permerror", "RFC 7208, 8.7", l->spf->why,
			"correct the domain's SPF record");
}

static void signatures(struct receipt *l, const struct domain_dns *dns, int64_t now)
{
	bool passes = false;

	l->dkim = dkim_verify(l->arena, dns, l->text, now);
	for (const struct dkim_sig *s = l->dkim->sigs; s; s = s->next)
		passes |= s->result == DKIM_PASS;
	for (const struct dkim_sig *s = l->dkim->sigs; s; s = s->next) {
		if (s->result != DKIM_FAIL && s->result != DKIM_PERMERROR &&
		    s->result != DKIM_POLICY)
			continue;
		receipt_fault_add(l, !passes, "dkim-fail", "RFC 6376, 6.1", arena_printf(l->arena,
			"the DKIM signature of d=%s s=%s does not pass: %s", s->domain, s->selector,
			s->why), "sign the message as the last step before it is sent, with the "
			"key that is published");
	}
	l->arc = arc_verify(l->arena, dns, l->text, now);
	if (l->arc->result == ARC_FAIL)
		receipt_fault_add(l, false, "arc-fail", "RFC 8617, 5.2", arena_printf(l->arena,
			"the ARC chain does not pass: %s", l->arc->why),
			"seal the message as the last step before it is passed on");
}

/* A check of SPF that is still to come could let DMARC pass. */
static bool could_align(const struct receipt *l)
{
	return (l->spf->result == SPF_NOT_JUDGED || l->spf->result == SPF_TEMPERROR) &&
	       domain_same_org(l->spf->domain, l->author_domain);
}

static bool dkim_open(const struct receipt *l)
{
	for (const struct dkim_sig *s = l->dkim->sigs; s; s = s->next)
		if (s->result == DKIM_TEMPERROR && domain_same_org(s->domain, l->author_domain))
			return true;
	return false;
}

static void judge_dmarc(struct receipt *l)
{
	const struct dmarc_view *v = &l->dmarc->now;
	bool enforced = v->applied == DMARC_REJECT || v->applied == DMARC_QUARANTINE;

	if (v->result != DMARC_FAIL)
		return;
	l->dmarc_open = could_align(l) || dkim_open(l);
	if (l->dmarc_open)
		return;
	receipt_fault_add(l, enforced, "dmarc-fail", "RFC 9989, 5.4", arena_printf(l->arena,
		"neither SPF nor DKIM passes for the domain of From, %s; its policy is %s",
		l->author_domain, dmarc_policy_name(v->applied)),
		"sign with DKIM for the domain in From, or use an envelope sender of that domain");
}

static void dmarc(struct receipt *l, const struct domain_dns *dns)
{
	struct dmarc_ask ask = { .author = l->author_domain, .spf_domain = l->spf->domain,
				 .spf_pass = l->spf->result == SPF_PASS };

	if (!*l->author_domain)
		return;
	for (const struct dkim_sig *s = l->dkim->sigs; s && ask.n_dkim < DMARC_DKIM_MOST;
	     s = s->next)
		ask.dkim[ask.n_dkim++] = (struct dmarc_identity) {
			s->domain, s->result == DKIM_PASS };
	l->dmarc = dmarc_check(l->arena, dns, &ask);
	judge_dmarc(l);
}

void receipt_judge(struct receipt *l, const struct know *know, const struct domain_dns *dns,
		  int64_t now)
{
	receipt_form(l);
	l->asked = dns != NULL;
	if (dns) {
		spf(l, dns, now);
		signatures(l, dns, now);
		dmarc(l, dns);
		l->has_ptr = *l->judged_as;
		if (l->has_ptr)
			l->ptr = ptr_look(l->arena, dns, l->judged_as);
	}
	receipt_views(l, know);
}
