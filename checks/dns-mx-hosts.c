/*
 * dns-mx-hosts - can other servers deliver to the hosts that the MX records name?
 *
 *	A and AAAA of each of them, side by side
 *
 * RFC 5321, 5.1; RFC 2181, 10.3 (no CNAME); RFC 7505, 3 (null MX alone). Which hosts they are is
 * told in dns-mx.c; a name that is an address there, too.
 */
#include "check/check.h"
#include "net/dns.h"

enum { HOSTS_MOST = 20 };

enum fault { FAULT_NO_ADDRESS, FAULT_PRIVATE, FAULT_CNAME, FAULT_NULL, FAULT_DNS, FAULT_COUNT };

static const struct { const char *name, *finding; } faults[] = {
	[FAULT_NO_ADDRESS] = { "no-address", "mx.host-no-address" },
	[FAULT_PRIVATE] = { "private", "mx.private" },
	[FAULT_CNAME] = { "cname", "mx.cname" },
	[FAULT_NULL] = { "null-beside", "mx.null-beside" },
	[FAULT_DNS] = { "no-answer", "mx.host-no-answer" },
};

struct hosts {
	struct strv	 addresses;
	const char	*words[FAULT_COUNT];	/* of the first one of its kind; NULL */
	size_t		 n, reachable;
};

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST;
}

static void fault(struct probe *p, struct hosts *h, enum fault f, const char *words)
{
	probe_detail(p, "%s: %s", faults[f].name, words);
	if (!h->words[f])
		h->words[f] = words;
}

static void take_addresses(struct probe *p, struct hosts *h, const struct dns_answer *ans,
			   size_t *public, size_t *private)
{
	for (const struct dns_record *r = ans->records; r; r = r->next) {
		strv_addf(&h->addresses, probe_arena(p), "%s %s", ans->name, r->address.text);
		(*(net_address_private(&r->address) ? private : public))++;
	}
}

static bool unanswered(const struct dns_answer *ans)
{
	return ans->status != DNS_OK && ans->status != DNS_NXDOMAIN && ans->status != DNS_NODATA;
}

static void look(struct probe *p, struct hosts *h, const char *host)
{
	struct arena *a = probe_arena(p);
	const struct dns_answer *v4 = dns_ask(net_dns(probe_net(p)), host, DNS_A);
	const struct dns_answer *v6 = dns_ask(net_dns(probe_net(p)), host, DNS_AAAA);
	const struct dns_answer *alias = v4->cnames.n ? v4 : v6;
	size_t public = 0, private = 0;

	h->n++;
	take_addresses(p, h, v4, &public, &private);
	take_addresses(p, h, v6, &public, &private);
	h->reachable += public > 0;
	if (alias->cnames.n)
		fault(p, h, FAULT_CNAME,
		      arena_printf(a, "the MX host %s is an alias (CNAME) of %s", host,
				   alias->cnames.v[alias->cnames.n - 1]));
	if (public)
		return;
	if (private)
		fault(p, h, FAULT_PRIVATE,
		      arena_printf(a, "the MX host %s has only private addresses here", host));
	else if (unanswered(v4) || unanswered(v6))
		fault(p, h, FAULT_DNS,
		      arena_printf(a, "the addresses of the MX host %s cannot be looked up: %s",
				   host, unanswered(v4) ? v4->why : v6->why));
	else
		fault(p, h, FAULT_NO_ADDRESS,
		      arena_printf(a, "the MX host %s %s", host,
				   v4->status == DNS_NXDOMAIN ? "does not exist"
							      : "has no address"));
}

static enum status judged(struct probe *p, const struct hosts *h)
{
	struct strv names = { NULL, 0, 0 };
	enum fault first = FAULT_COUNT;

	for (enum fault f = FAULT_COUNT; f-- > 0;) {
		if (!h->words[f])
			continue;
		strv_add(&names, probe_arena(p), faults[f].name);
		first = f;
	}
	if (names.n)
		probe_fact(p, "dns.mx-hosts.faults", "%s", strv_join(&names, probe_arena(p), ", "));
	if (first == FAULT_COUNT)
		return probe_pass(p, "%zu host%s with public addresses", h->n,
				  h->n == 1 ? "" : "s");
	if (first == FAULT_NO_ADDRESS && !h->reachable)
		return probe_fail(p, faults[first].finding, "%s%s", h->words[first],
				  h->n > 1 ? ", and neither do the others" : "");
	if (first == FAULT_DNS)
		return probe_unknown(p, faults[first].finding, "%s", h->words[first]);
	return probe_warn(p, faults[first].finding, "%s", h->words[first]);
}

static enum status run(struct probe *p)
{
	const struct dns_answer *mx = dns_ask(net_dns(probe_net(p)), probe_ask(p)->domain, DNS_MX);
	struct dns_question q[2 * HOSTS_MOST];
	struct net_address literal;
	struct hosts h = { .n = 0 };
	bool null = false;
	size_t n = 0;

	for (const struct dns_record *r = mx->records; r && n < ARRAY_LEN(q); r = r->next) {
		null |= !*r->name;
		if (!*r->name || net_address_parse(r->name, &literal))
			continue;
		q[n++] = (struct dns_question){ .name = r->name, .type = DNS_A };
		q[n++] = (struct dns_question){ .name = r->name, .type = DNS_AAAA };
	}
	if (!n)
		return probe_idle(p, "no MX record of %s names a host", probe_ask(p)->domain);
	dns_ask_all(net_dns(probe_net(p)), q, n);
	for (size_t i = 0; i < n; i += 2)
		look(p, &h, q[i].name);
	probe_fact_number(p, "dns.mx-hosts.count", (int64_t)h.n);
	if (h.addresses.n)
		probe_fact(p, "dns.mx-hosts.addresses", "%s",
			   strv_join(&h.addresses, probe_arena(p), ", "));
	if (null)
		fault(p, &h, FAULT_NULL, "a null MX record stands beside other MX records");
	return judged(p, &h);
}

const struct check check_dns_mx_hosts = {
	.id		= "dns.mx-hosts",
	.title		= "Other servers can reach the MX hosts",
	.label		= "MX hosts",
	.stage		= STAGE_DNS,
	.needs		= FACTS("dns.mx.status"),
	.quiet		= true,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
