/*
 * relay-open - does the server take mail for strangers from anybody?
 *
 *	judges a recipient that was accepted without a login;
 *		asks DNS whether the server is that domain's own mail host
 *
 * RFC 5321, 7.1; RFC 2505. From here it can't be told whether this machine's address is meant to be
 * allowed: so a warning.
 */
#include "check/check.h"
#include "net/dns.h"

static bool wanted(const struct ask *ask)
{
	return *ask->from && *ask->to && !ask->direct_send;
}

/* Is the host one of the mail hosts of the domain, or the domain itself? */
static bool own_domain(struct probe *p, const char *domain)
{
	const struct dns_answer *r;

	if (str_eq_nocase(probe_host(p), domain) || str_eq_nocase(probe_ask(p)->domain, domain))
		return true;
	r = dns_ask(net_dns(probe_net(p)), domain, DNS_MX);
	for (const struct dns_record *mx = r->records; mx; mx = mx->next)
		if (str_eq_nocase(mx->name, probe_host(p)))
			return true;
	return false;
}

static enum status run(struct probe *p)
{
	const char *at = strrchr(probe_ask(p)->to, '@');

	if (probe_true(p, "auth.$.accepted"))
		return probe_idle(p, "the recipient was accepted after a login");
	if (probe_has(p, "target.provider"))
		return probe_pass(p, "%s knows this sender's address, or the recipient is its own",
				  probe_get(p, "target.provider-name"));
	if (!at || own_domain(p, at + 1))
		return probe_pass(p, "the server takes mail for %s itself",
				  at ? at + 1 : probe_ask(p)->to);
	return probe_warn(p, "relay.open", "mail for %s is taken without a login: good if this "
			  "machine is meant to be allowed, an open relay if anybody is", at + 1);
}

const struct check check_relay_open = {
	.id		= "relay.open",
	.title		= "Mail for strangers is taken from known senders only",
	.label		= "relay",
	.stage		= STAGE_RCPT,
	.needs		= FACTS("smtp.$.rcpt.accepted"),
	.after		= CHECKS("auth.login", "auth.plain", "auth.xoauth2", "auth.oauthbearer"),
	.ports		= true,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
