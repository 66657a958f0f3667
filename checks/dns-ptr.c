/*
 * dns-ptr - does the name of the sending address lead back to it?
 *
 *	PTR of --sender-ip, or of the address that the server sees; A or AAAA of each name; where
 * the check is picked, those of the MX hosts, too
 *
 * RFC 8601, 3 (iprev). Large receivers demand it of every sender.
 */
#include "check/check.h"
#include "domain/ptr.h"
#include "net/net.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return *ask->sender_ip || (ask->kind != TARGET_HOST && (*ask->from || ask->picked));
}

/* Addresses of the MX hosts, which often send, too. */
static struct strv mx_addresses(struct probe *p)
{
	enum { MOST = 12 };
	struct dns *dns = net_dns(probe_net(p));
	static const enum dns_type types[] = { DNS_A, DNS_AAAA };
	struct strv l = { NULL, 0, 0 };

	for (const struct dns_record *mx = dns_ask(dns, probe_ask(p)->domain, DNS_MX)->records; mx;
	     mx = mx->next)
		for (size_t i = 0; *mx->name && i < ARRAY_LEN(types); i++)
			for (const struct dns_record *r = dns_ask(dns, mx->name, types[i])->records;
			     r && l.n < MOST; r = r->next)
				if (!strv_has(&l, r->address.text))
					strv_add(&l, probe_arena(p), r->address.text);
	return l;
}

/* The first address of an MX host without a name that leads back; "" = none. */
static const char *look_at_mx(struct probe *p, const struct domain_dns *dns)
{
	struct strv all = mx_addresses(p), good = { NULL, 0, 0 }, bad = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	for (size_t i = 0; i < all.n; i++) {
		struct ptr_names r = ptr_look(a, dns, all.v[i]);

		if (r.found == PTR_CONFIRMED)
			strv_add(&good, a, all.v[i]);
		else if (r.found != PTR_NO_ANSWER)
			strv_add(&bad, a, all.v[i]);
		probe_detail(p, "MX address %s: %s%s", all.v[i],
			     r.names.n ? strv_join(&r.names, a, ", ") : "no name",
			     r.names.n && r.found == PTR_NOT_CONFIRMED
				     ? ", which does not lead back" : "");
	}
	if (good.n)
		probe_fact(p, "dns.ptr.mx", "%s", strv_join(&good, a, ", "));
	if (bad.n)
		probe_fact(p, "dns.ptr.mx-unconfirmed", "%s", strv_join(&bad, a, ", "));
	return bad.n ? bad.v[0] : "";
}

static enum status of_sender(struct probe *p, const struct domain_dns *dns, const char *ip)
{
	struct ptr_names r = ptr_look(probe_arena(p), dns, ip);
	const char *names = strv_join(&r.names, probe_arena(p), ", ");

	probe_fact(p, "dns.ptr.ip", "%s", ip);
	probe_fact(p, "dns.ptr.status", "%s", dns_status_name(r.status));
	if (r.names.n)
		probe_fact(p, "dns.ptr.names", "%s", names);
	if (r.confirmed.n)
		probe_fact(p, "dns.ptr.confirmed", "%s",
			   strv_join(&r.confirmed, probe_arena(p), ", "));
	switch (r.found) {
	case PTR_CONFIRMED:
		return probe_pass(p, "%s is %s", ip, r.confirmed.v[0]);
	case PTR_NOT_CONFIRMED:
		if (*probe_ask(p)->sender_ip)
			return probe_fail(p, "ptr.forward",
					  "%s is %s, which does not lead back to it", ip, names);
		return probe_warn(p, "ptr.forward-here", "%s is %s, which does not lead back to it",
				  ip, names);
	case PTR_NO_ANSWER:
		return probe_unknown(p, "ptr.no-answer", "the name of %s cannot be looked up: %s",
				     ip, r.why);
	case PTR_NONE:
		break;
	}
	if (*probe_ask(p)->sender_ip)
		return probe_fail(p, "ptr.none", "%s has no name in DNS (PTR)", ip);
	return probe_warn(p, "ptr.none-here",
			  "%s, the address that the server sees, has no name in DNS (PTR)", ip);
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const char *ip = talk_sending_address(p), *bad = "";
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	bool mx = ask->picked && ask->kind != TARGET_HOST;

	if (mx)
		bad = look_at_mx(p, &dns);
	if (*ip)
		return of_sender(p, &dns, ip);
	if (*bad)
		return probe_warn(p, "ptr.mx", "%s, an address of an MX host, has no name that "
				  "leads back to it; if it sends mail, receivers will refuse it",
				  bad);
	if (mx && probe_has(p, "dns.ptr.mx"))
		return probe_pass(p, "the addresses of the MX hosts have names that lead back; "
				  "for the address that mail comes from give --sender-ip");
	return probe_idle(p, "the address that mail comes from is not known (--sender-ip)");
}

const struct check check_dns_ptr = {
	.id		= "dns.ptr",
	.title		= "The sending address has a name that leads back to it",
	.label		= "reverse DNS",
	.stage		= STAGE_DNS,
	.after		= CHECKS("smtp.greeting", "smtp.ehlo", "smtp.ehlo-tls"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
