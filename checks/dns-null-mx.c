/*
 * dns-null-mx - does the domain take mail at all?
 *
 *	judges the MX records: a single "0 ." says no
 *
 * RFC 7505.
 */
#include "check/check.h"

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST;
}

static enum status run(struct probe *p)
{
	const char *domain = probe_ask(p)->domain;

	if (!str_eq(probe_get(p, "dns.mx.status"), "ok") &&
	    !str_eq(probe_get(p, "dns.mx.status"), "nodata"))
		return probe_skip(p, "the MX records of %s are not known", domain);
	if (!probe_true(p, "dns.mx.null"))
		return probe_pass(p, "%s takes mail", domain);
	return probe_fail(p, "null-mx.found",
			  "%s says in DNS that it takes no mail (null MX)", domain);
}

const struct check check_dns_null_mx = {
	.id		= "dns.null-mx",
	.title		= "The domain takes mail",
	.label		= "null MX",
	.stage		= STAGE_DNS,
	.needs		= FACTS("dns.mx.status"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
