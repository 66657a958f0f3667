/*
 * dns-tls-rpt - where do reports about TLS to the domain go?
 *
 *	_smtp._tls.DOMAIN
 *
 * RFC 8460, 3.
 */
#include "check/check.h"
#include "domain/sts.h"
#include "net/net.h"

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST;
}

static enum status run(struct probe *p)
{
	const char *domain = probe_ask(p)->domain;
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct sts_record r = tlsrpt_look(probe_arena(p), &dns, domain);

	if (r.n)
		probe_fact(p, "dns.tls-rpt.record", "%s", r.text);
	switch (r.found) {
	case STS_DNS_ERROR:
		return probe_unknown(p, "tls-rpt.no-answer", "%s", r.why);
	case STS_SYNTAX:
		return probe_warn(p, "tls-rpt.record", "the TLS-RPT record of %s is not valid: %s",
				  domain, r.why);
	case STS_NONE:
		if (r.n)
			return probe_warn(p, "tls-rpt.two-records", "%s", r.why);
		return probe_idle(p, "%s has no TLS-RPT record", domain);
	case STS_FOUND:
		break;
	}
	probe_fact(p, "dns.tls-rpt.reports", "%s", strv_join(&r.reports, probe_arena(p), ", "));
	return probe_pass(p, "reports go to %s", strv_join(&r.reports, probe_arena(p), ", "));
}

const struct check check_dns_tls_rpt = {
	.id		= "dns.tls-rpt",
	.title		= "Reports about TLS have somewhere to go",
	.label		= "TLS-RPT",
	.stage		= STAGE_DNS,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
