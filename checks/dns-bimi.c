/*
 * dns-bimi - does the domain offer a logo, and would receivers show it?
 *
 *	default._bimi.DOMAIN, and the DMARC policy that it needs
 *
 * draft-brand-indicators-for-message-identification. Information: mail goes without it.
 */
#include "check/check.h"
#include "domain/bimi.h"
#include "domain/dmarc.h"
#include "net/net.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return *talk_sender_domain(ask) && ask->picked;
}

static bool enforced(enum dmarc_policy policy)
{
	return policy == DMARC_QUARANTINE || policy == DMARC_REJECT;
}

/* What keeps receivers from showing it; NULL = nothing. The organizational domain counts, too. */
static const char *weakness(const struct dmarc *d)
{
	const struct dmarc_record *r = d->record;

	if (!r || !enforced(d->now.policy))
		return "the DMARC policy is not quarantine or reject";
	if (r->test || !enforced(d->now.applied))
		return "the DMARC policy is in test mode (t=y)";
	if (r->has_pct && r->pct < 100)
		return "the DMARC policy is for a part of the mail only (pct)";
	if (r->sp == DMARC_NONE)
		return "the DMARC policy for subdomains is none (sp)";
	return NULL;
}

static enum status judged(struct probe *p, const struct bimi *b, const struct dmarc *d)
{
	const char *weak = weakness(d);

	switch (b->found) {
	case BIMI_NO_ANSWER:
		return probe_unknown(p, "bimi.no-answer", "the BIMI record of %s cannot be looked "
				     "up: %s", b->domain, b->why);
	case BIMI_SEVERAL:
		return probe_warn(p, "bimi.two-records", "%s", b->why);
	case BIMI_SYNTAX:
		return probe_warn(p, "bimi.record", "the BIMI record of %s is not valid: %s",
				  b->domain, b->why);
	case BIMI_NONE:
		return probe_idle(p, "%s has no BIMI record", b->domain);
	case BIMI_DECLINED:
		return probe_idle(p, "%s wants no logo shown (BIMI)", b->domain);
	case BIMI_FOUND:
		break;
	}
	if (weak)
		return probe_warn(p, "bimi.policy", "%s has a logo, but %s: receivers show none",
				  b->domain, weak);
	return probe_pass(p, "logo at %s%s", b->logo,
			  *b->evidence ? "" : ", without a mark certificate");
}

static enum status run(struct probe *p)
{
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	const char *domain = talk_sender_domain(probe_ask(p));
	struct dmarc_ask ask = { .author = domain };
	const struct dmarc *d = dmarc_check(probe_arena(p), &dns, &ask);
	struct bimi b = bimi_look(probe_arena(p), &dns, domain, d->now.org_domain);

	if (*b.record) {
		probe_fact(p, "dns.bimi.record", "%s", b.record);
		probe_detail(p, "default._bimi.%s: %s", b.domain, b.record);
	}
	if (*b.logo)
		probe_fact(p, "dns.bimi.logo", "%s", b.logo);
	if (b.found == BIMI_FOUND && !*b.evidence)
		probe_detail(p, "no mark certificate (a=): Gmail and Apple Mail show no logo "
			     "without one");
	return judged(p, &b, d);
}

const struct check check_dns_bimi = {
	.id		= "dns.bimi",
	.title		= "Receivers can show the domain's logo",
	.label		= "BIMI",
	.stage		= STAGE_DNS,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
