/*
 * dns-dmarc - which policy does the sender's domain publish, and what is wrong with it?
 *
 *	_dmarc.DOMAIN and the names above it; where reports go
 *
 * RFC 9989; RFC 7489 beside it, told where receivers of the two kinds decide differently. SPF is
 * judged in dns-spf.c.
 */
#include "check/check.h"
#include "domain/dmarc.h"
#include "net/net.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return *talk_sender_domain(ask) &&
	       (ask->kind != TARGET_HOST || *ask->sender_ip || ask->picked);
}

static void leave_facts(struct probe *p, const struct dmarc *d)
{
	struct strv faults = { NULL, 0, 0 }, reports = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	probe_fact(p, "dns.dmarc.org-domain", "%s", d->now.org_domain);
	probe_fact(p, "dns.dmarc.policy", "%s", dmarc_policy_name(d->now.policy));
	for (const struct dmarc_fault *f = d->faults; f; f = f->next)
		if (!strv_has(&faults, dmarc_fault_name(f->kind)))
			strv_add(&faults, a, dmarc_fault_name(f->kind));
	if (faults.n)
		probe_fact(p, "dns.dmarc.faults", "%s", strv_join(&faults, a, ", "));
	if (!d->record)
		return;
	probe_fact(p, "dns.dmarc.record", "%s", d->record->text);
	probe_fact(p, "dns.dmarc.policy-domain", "%s", d->now.policy_domain);
	probe_fact(p, "dns.dmarc.applied", "%s", dmarc_policy_name(d->now.applied));
	probe_fact_bool(p, "dns.dmarc.strict-spf", d->record->strict_spf);
	probe_fact_bool(p, "dns.dmarc.strict-dkim", d->record->strict_dkim);
	for (size_t i = 0; i < d->record->n_rua; i++)
		strv_add(&reports, a, d->record->rua[i].text);
	if (reports.n)
		probe_fact(p, "dns.dmarc.reports", "%s", strv_join(&reports, a, ", "));
	if (d->differ && d->have_list) {
		probe_fact(p, "dns.dmarc.old-policy", "%s", dmarc_policy_name(d->old.policy));
		probe_fact(p, "dns.dmarc.old-policy-domain", "%s", d->old.policy_domain);
	}
}

static const char *of_domain(struct arena *a, const struct dmarc_view *v)
{
	return *v->policy_domain ? arena_printf(a, " of %s", v->policy_domain) : "";
}

static void tell_details(struct probe *p, const struct dmarc *d)
{
	struct arena *a = probe_arena(p);

	probe_detail(p, "asked: %s", strv_join(&d->questions, a, ", "));
	if (d->record)
		probe_detail(p, "%s: %s", d->record->domain, d->record->text);
	probe_detail(p, "organizational domain: %s", d->now.org_domain);
	if (d->differ && d->have_list) {
		probe_detail(p, "receivers that follow RFC 9989: policy %s%s",
			     dmarc_policy_name(d->now.policy), of_domain(a, &d->now));
		probe_detail(
			p, "receivers that follow RFC 7489: policy %s%s, organizational domain %s",
			dmarc_policy_name(d->old.policy), of_domain(a, &d->old), d->old.org_domain);
	}
	for (const struct dmarc_fault *f = d->faults; f; f = f->next)
		probe_detail(p, "%s: %s", dmarc_fault_name(f->kind), f->words);
}

/* Faults that a check tells by themselves, the gravest first; others are details. */
static const struct told { enum dmarc_fault_kind kind; const char *finding; } told[] = {
	{ DMARC_FAULT_TWO_RECORDS, "dmarc.two-records" },
	{ DMARC_FAULT_NOT_A_RECORD, "dmarc.not-a-record" },
	{ DMARC_FAULT_SUBPOLICY, "dmarc.subpolicy" },
	{ DMARC_FAULT_POLICY, "dmarc.policy" },
	{ DMARC_FAULT_SYNTAX, "dmarc.syntax" },
	{ DMARC_FAULT_DUPLICATE, "dmarc.syntax" },
	{ DMARC_FAULT_VALUE, "dmarc.syntax" },
	{ DMARC_FAULT_ADDRESS, "dmarc.address" },
	{ DMARC_FAULT_NOT_AUTHORISED, "dmarc.not-authorised" },
};

static enum status no_record(struct probe *p, const char *domain)
{
	const struct ask *ask = probe_ask(p);

	/* Whether the domain sends at all is known only where a sender was given. */
	if (!*ask->from && !*ask->sender_ip && !ask->picked)
		return probe_idle(p, "%s has no DMARC record; it needs one if it sends mail",
				  domain);
	return probe_warn(p, "dmarc.none",
			  "%s has no DMARC record: large receivers demand one of bulk senders",
			  domain);
}

static bool enforced(const struct dmarc_view *v)
{
	return v->applied == DMARC_QUARANTINE || v->applied == DMARC_REJECT;
}

/* SPF was judged for the same sender, and does not pass: a DKIM signature alone can save the
 * message. */
static bool spf_does_not_help(struct probe *p)
{
	const char *result = probe_get(p, "dns.spf.result");

	return *result && *probe_get(p, "dns.spf.ip") && !str_eq(result, "pass") &&
	       !str_eq(result, "temperror");
}

static enum status judged(struct probe *p, const struct dmarc *d, const char *domain)
{
	const char *policy = dmarc_policy_name(d->now.applied);

	probe_fact_bool(p, "dns.dmarc.no-answer", d->now.result == DMARC_TEMPERROR && !d->record);
	if (d->now.result == DMARC_TEMPERROR && !d->record)
		return probe_unknown(p, "dmarc.no-answer",
				     "the DMARC record of %s cannot be looked up", domain);
	if (enforced(&d->now) && spf_does_not_help(p))
		return probe_warn(p, "dmarc.needs-dkim",
				  "p=%s applies, and SPF does not pass for %s: only mail with a "
				  "DKIM signature of %s is safe",
				  policy, probe_get(p, "dns.spf.ip"), domain);
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		const struct dmarc_fault *f = dmarc_fault_of(d, told[i].kind);

		if (f)
			return probe_warn(p, told[i].finding, "%s", f->words);
	}
	if (!d->record || d->now.policy == DMARC_ABSENT)
		return no_record(p, domain);
	if (d->have_list && enforced(&d->old) != enforced(&d->now))
		return probe_warn(
			p, "dmarc.differ",
			"receivers that follow RFC 9989 apply %s, older ones (RFC 7489) %s", policy,
			dmarc_policy_name(d->old.applied));
	return probe_pass(p, "policy %s%s%s", policy, of_domain(probe_arena(p), &d->now),
			  d->record->n_rua ? "" : ", without reports");
}

static enum status run(struct probe *p)
{
	const char *domain = talk_sender_domain(probe_ask(p));
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct dmarc_ask ask = { .author = domain, .reports = true };
	const struct dmarc *d = dmarc_check(probe_arena(p), &dns, &ask);

	leave_facts(p, d);
	tell_details(p, d);
	return judged(p, d, domain);
}

const struct check check_dns_dmarc = {
	.id		= "dns.dmarc",
	.title		= "The DMARC policy of the sender's domain is in order",
	.label		= "DMARC",
	.stage		= STAGE_DNS,
	.after		= CHECKS("dns.spf"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
