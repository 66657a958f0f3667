/*
 * dns-mx - which hosts take mail for the domain?
 *
 *	MX, and the domain's own address when there is none
 *
 * RFC 5321, 5.1. Whether the domain takes mail at all is judged in dns-null-mx.c, the hosts'
 * addresses in dns-address.c.
 */
#include "check/check.h"
#include "net/dns.h"

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST;
}

static bool all_redirected(const struct ask *ask, struct net *n)
{
	struct net_address to;
	unsigned port;

	for (size_t i = 0; i < ask->n_ports; i++)
		if (!net_connect_to(n, ask->domain, ask->ports[i].port, &to, &port))
			return false;
	return ask->redirected && ask->n_ports;
}

static void found(struct probe *p, const char *host)
{
	probe_fact(p, "dns.mx.host", "%s", host);
	if (!probe_ask(p)->submission)
		probe_fact(p, "target.host", "%s", host);
}

static enum status no_record(struct probe *p, const char *domain)
{
	struct dns_addresses own = dns_addresses(net_dns(probe_net(p)), probe_arena(p), domain,
						 net_options(probe_net(p))->family);

	if (own.status == DNS_NODATA || own.status == DNS_NXDOMAIN)
		return probe_fail(p, "mx.nowhere", "%s has neither an MX record nor an address: "
				  "mail to it can't be delivered", domain);
	if (own.status != DNS_OK)
		return probe_unknown(p, "mx.no-address",
			"%s has no MX record, and its own address can't be looked up (%s)", domain,
				     dns_status_name(own.status));
	found(p, domain);
	return probe_warn(p, "mx.none",
			  "no MX record; mail goes to the address of %s itself", domain);
}

static enum status records(struct probe *p, const struct dns_answer *r)
{
	struct arena *a = probe_arena(p);
	struct strv list = { NULL, 0, 0 }, words = { NULL, 0, 0 };
	const char *first = NULL, *literal = NULL;
	struct net_address address;

	for (const struct dns_record *mx = r->records; mx; mx = mx->next) {
		strv_addf(&list, a, "%u %s", mx->priority, *mx->name ? mx->name : ".");
		strv_addf(&words, a, "%s (%u)", *mx->name ? mx->name : ".", mx->priority);
		if (net_address_parse(mx->name, &address))
			literal = mx->name;
		else if (!first && *mx->name)
			first = mx->name;
	}
	probe_fact_number(p, "dns.mx.count", (int64_t)r->count);
	probe_fact(p, "dns.mx.list", "%s", strv_join(&list, a, ", "));
	probe_fact_number(p, "dns.mx.ttl", r->ttl);
	probe_fact_bool(p, "dns.mx.null", !first && !literal);
	if (!first && literal)
		return probe_fail(p, "mx.literal", "the MX record holds an address (%s) where a "
				  "host name must stand", literal);
	if (!first)
		return probe_warn(p, "mx.no-host", "the MX record names no host");
	found(p, first);
	if (literal)
		return probe_warn(p, "mx.literal", "an MX record holds an address (%s) where a "
				  "host name must stand", literal);
	return probe_pass(p, "%s", strv_join(&words, a, ", "));
}

static enum status run(struct probe *p)
{
	const char *domain = probe_ask(p)->domain;
	const struct dns_answer *r;

	if (all_redirected(probe_ask(p), probe_net(p))) {
		probe_fact(p, "target.host", "%s", domain);
		return probe_skip(p, "--connect-to says where to connect");
	}
	r = dns_ask(net_dns(probe_net(p)), domain, DNS_MX);
	probe_fact(p, "dns.mx.status", "%s", dns_status_name(r->status));
	probe_fact_bool(p, "dns.mx.ad", r->ad);
	switch (r->status) {
	case DNS_OK:
		return records(p, r);
	case DNS_NODATA:
		return no_record(p, domain);
	case DNS_NXDOMAIN:
		return probe_fail(p, "mx.no-domain", "the domain %s does not exist", domain);
	case DNS_BAD_NAME:
		return probe_fail(p, "mx.bad-name", "'%s' is no name that DNS can hold", domain);
	case DNS_LOCAL:
		return probe_unknown(p, "", "%s", r->why);
	case DNS_TIMEOUT:
		return probe_unknown(p, "mx.no-resolver", "%s", r->why);
	case DNS_BAD_ANSWER:
		return probe_unknown(p, "mx.bad-answer", "%s", r->why);
	default:
		return probe_fail(p, "mx.look-up", "%s", r->why);
	}
}

const struct check check_dns_mx = {
	.id		= "dns.mx",
	.title		= "The domain names the hosts that take its mail",
	.label		= "MX",
	.stage		= STAGE_DNS,
	.gives		= FACTS("target.host", "dns.mx.host", "dns.mx.status"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
