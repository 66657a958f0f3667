/*
 * dns-ptr - does the name of the sending address lead back to it?
 *
 *	PTR of --sender-ip, or of the address that the server sees; A or AAAA of each name
 *
 * RFC 8601, 3 (iprev). Large receivers demand it of every sender.
 */
#include "check/check.h"
#include "domain/ptr.h"
#include "net/net.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return *ask->sender_ip || (ask->kind != TARGET_HOST && *ask->from);
}

static enum status run(struct probe *p)
{
	const char *ip = talk_sending_address(p), *names;
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct ptr_names r;

	if (!*ip)
		return probe_idle(p, "the address that mail comes from is not known (--sender-ip)");
	r = ptr_look(probe_arena(p), &dns, ip);
	names = strv_join(&r.names, probe_arena(p), ", ");
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
