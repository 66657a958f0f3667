/*
 * dns-address - which addresses does the host have?
 *
 *	A and AAAA, side by side; the hosts file first, as every other program here
 *
 * RFC 1035; RFC 3596. A name that is not to be looked up (a literal address, --connect-to) is
 * `skip` and no fault.
 */
#include "check/check.h"
#include "base/clock.h"
#include "net/dns.h"

static bool all_redirected(const struct ask *ask, struct net *n, const char *host)
{
	struct net_address to;
	unsigned port;

	for (size_t i = 0; i < ask->n_ports; i++)
		if (!net_connect_to(n, host, ask->ports[i].port, &to, &port))
			return false;
	return ask->redirected && ask->n_ports;
}

static void list_facts(struct probe *p, const struct dns_addresses *r)
{
	struct arena *a = probe_arena(p);
	struct strv all = { NULL, 0, 0 }, v4 = { NULL, 0, 0 }, v6 = { NULL, 0, 0 };
	bool private = r->count > 0;

	for (size_t i = 0; i < r->count; i++) {
		strv_add(&all, a, r->list[i].text);
		strv_add(net_address_family(&r->list[i]) == AF_INET ? &v4 : &v6, a,
			 r->list[i].text);
		private = private && net_address_private(&r->list[i]);
	}
	probe_fact(p, "dns.address.status", "%s", dns_status_name(r->status));
	probe_fact(p, "dns.address.source", "%s", r->source);
	probe_fact_number(p, "dns.address.count", (int64_t)r->count);
	probe_fact(p, "dns.address.list", "%s", strv_join(&all, a, " "));
	probe_fact(p, "dns.address.v4", "%s", strv_join(&v4, a, " "));
	probe_fact(p, "dns.address.v6", "%s", strv_join(&v6, a, " "));
	probe_fact_bool(p, "dns.address.private", private);
}

static void answer_facts(struct probe *p, const struct dns_addresses *r)
{
	bool v4 = r->a && r->a->status == DNS_OK, v6 = r->aaaa && r->aaaa->status == DNS_OK;
	const struct dns_answer *best = v6 && !v4 ? r->aaaa : r->a;

	if (r->a)
		probe_fact(p, "dns.address.v4.status", "%s", dns_status_name(r->a->status));
	if (r->aaaa)
		probe_fact(p, "dns.address.v6.status", "%s", dns_status_name(r->aaaa->status));
	if (!best)
		best = r->aaaa;
	if (!best)
		return;
	probe_fact(p, "dns.address.cname", "%s", strv_join(&best->cnames, probe_arena(p), " "));
	probe_fact_number(p, "dns.address.ttl", best->ttl);
	probe_fact_bool(p, "dns.address.ad", best->ad);
}

/* A look-up in one family that failed in another way than by having no record. */
static const struct dns_answer *half_broken(const struct dns_addresses *r)
{
	const struct dns_answer *both[] = { r->a, r->aaaa };

	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		if (both[i] && both[i]->status != DNS_OK && both[i]->status != DNS_NODATA &&
		    both[i]->status != DNS_NXDOMAIN)
			return both[i];
	return NULL;
}

static enum status good(struct probe *p, const struct dns_addresses *r)
{
	const struct dns_answer *broken = half_broken(r);
	bool v4 = *probe_get(p, "dns.address.v4"), v6 = *probe_get(p, "dns.address.v6");
	const char *one = v4 ? "IPv4" : "IPv6", *which = v4 && v6 ? "IPv4 and IPv6" : one;

	probe_fact(p, "target.dial", "look-up");
	if (broken)
		return probe_warn(p, "address.half", "the look-up of %s addresses fails (%s); some "
				  "programs wait for it",
				  broken->type == DNS_A ? "IPv4" : "IPv6", broken->why);
	if (probe_true(p, "dns.address.private") && probe_has(p, "target.provider") &&
	    !*probe_ask(p)->provider)
		return probe_warn(p, "address.private",
				  "%s has only private addresses here (%s): not the provider's own",
				  probe_host(p), probe_get(p, "dns.address.list"));
	return probe_pass(p, "%zu address%s, %s%s", r->count, r->count == 1 ? "" : "es", which,
			  str_eq(r->source, "hosts") ? ", from the hosts file of this machine" :
			  "");
}

static enum status no_good(struct probe *p, const struct dns_addresses *r)
{
	const struct dns_answer *said = r->a && (r->a->status == r->status || !r->aaaa) ? r->a :
					r->aaaa;
	const char *why = said ? said->why : "interrupted";
	int family = net_options(probe_net(p))->family;
	const char *option = family == AF_INET ? "-4" : "-6";

	switch (r->status) {
	case DNS_NXDOMAIN:
		return probe_fail(p, "address.no-name", "the name %s does not exist",
				  probe_host(p));
	case DNS_NODATA:
		if (family != AF_UNSPEC)
			return probe_fail(p, "address.family", "the name %s has no %s address, and "
					  "no other is to be used (%s)", probe_host(p),
					  family == AF_INET ? "IPv4" : "IPv6",
					  net_options(probe_net(p))->source ? "--source" : option);
		return probe_fail(p, "address.none", "the name %s exists but has no address",
				  probe_host(p));
	case DNS_BAD_NAME:
		return probe_fail(p, "address.bad-name", "'%s' is no name that DNS can hold",
				  probe_host(p));
	case DNS_TIMEOUT:
		return probe_unknown(p, "address.no-resolver", "%s", why);
	case DNS_LOCAL:
		return probe_unknown(p, "", "%s", why);
	case DNS_BAD_ANSWER:
		return probe_unknown(p, "address.bad-answer", "%s", why);
	default:
		return probe_fail(p, "address.look-up", "%s", why);
	}
}

static enum status run(struct probe *p)
{
	struct net *n = probe_net(p);
	const char *host = probe_host(p);
	int64_t start = clock_us();
	struct dns_addresses r;

	if (all_redirected(probe_ask(p), n, host)) {
		probe_fact(p, "target.dial", "redirect");
		return probe_skip(p, "--connect-to says where to connect");
	}
	r = dns_addresses(net_dns(n), probe_arena(p), host, net_options(n)->family);
	probe_time(p, "dns", clock_us() - start);
	list_facts(p, &r);
	answer_facts(p, &r);
	if (r.status == DNS_OK && str_eq(r.source, "literal")) {
		probe_fact(p, "target.dial", "literal");
		return probe_skip(p, "the target is an address already");
	}
	return r.status == DNS_OK ? good(p, &r) : no_good(p, &r);
}

const struct check check_dns_address = {
	.id		= "dns.address",
	.title		= "The host's name leads to addresses",
	.label		= "address",
	.stage		= STAGE_DNS,
	.needs		= FACTS("target.host"),
	.gives		= FACTS("target.dial", "dns.address.list"),
	.after		= CHECKS("dns.mx", "target.provider"),
	.run		= run,
};
