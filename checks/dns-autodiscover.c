/*
 * dns-autodiscover - where do mail programs learn their settings from?
 *
 *	autodiscover.DOMAIN, _autodiscover._tcp.DOMAIN, autoconfig.DOMAIN and the services of RFC
 * 6186, against the provider of the MX
 *
 * RFC 6186; RFC 8314, 5.1; learn.microsoft.com (Autodiscover); Mozilla's autoconfig. Information.
 */
#include "check/check.h"
#include "know/know.h"
#include "net/dns.h"

struct lead {
	const char	*what;		/* "autodiscover.contoso.com" */
	const char	*to;		/* the last name it leads to; "" = an address of its own */
	const struct sending_service *service;	/* whose; NULL = not known */
};

enum { LEADS_MOST = 5 };

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST && ask->picked;
}

/* Who has the mailboxes, by the first MX: none where a gateway stands before them. */
static const struct provider *mailboxes(struct probe *p)
{
	static const char *const paths[] = { "client-submission", "direct-send",
					     "personal-outlook" };
	const struct dns_answer *mx = dns_ask(net_dns(probe_net(p)), probe_ask(p)->domain, DNS_MX);
	const struct provider *prov;

	if (!mx->records)
		return NULL;
	prov = know_provider_of_host(probe_ask(p)->know, mx->records->name);
	for (size_t i = 0; prov && i < ARRAY_LEN(paths); i++)
		if (str_eq(prov->path, paths[i]))
			return prov;
	return NULL;
}

static const char *target_of(const struct dns_answer *ans)
{
	if (ans->type == DNS_SRV)
		return ans->records ? ans->records->name : "";
	return ans->cnames.n ? ans->cnames.v[ans->cnames.n - 1] : "";
}

/* What is there at all; a CNAME to nothing goes to *ret_dangling. */
static size_t leads_of(struct probe *p, struct lead l[LEADS_MOST], const char **ret_dangling)
{
	static const struct { const char *name; enum dns_type type; } asked[LEADS_MOST] = {
		{ "autodiscover", DNS_A },	{ "_autodiscover._tcp", DNS_SRV },
		{ "autoconfig", DNS_A },	{ "_submissions._tcp", DNS_SRV },
		{ "_submission._tcp", DNS_SRV },
	};
	struct dns_question q[LEADS_MOST];
	size_t n = 0;

	for (size_t i = 0; i < LEADS_MOST; i++)
		q[i] = (struct dns_question){
			.name = arena_printf(probe_arena(p), "%s.%s", asked[i].name,
					     probe_ask(p)->domain),
			.type = asked[i].type,
		};
	dns_ask_all(net_dns(probe_net(p)), q, LEADS_MOST);
	for (size_t i = 0; i < LEADS_MOST; i++) {
		const struct dns_answer *ans = dns_ask(net_dns(probe_net(p)), q[i].name, q[i].type);

		if (ans->status == DNS_NXDOMAIN && ans->cnames.n && !*ret_dangling)
			*ret_dangling = arena_printf(probe_arena(p), "%s leads to %s, which does "
						     "not exist", q[i].name, target_of(ans));
		/* A target "." says that there is no such service (RFC 6186, 3.4). */
		if (ans->status != DNS_OK || (ans->type == DNS_SRV && !*target_of(ans)))
			continue;
		l[n].what = q[i].name;
		l[n].to = target_of(ans);
		l[n].service = know_service_of_discovery(probe_ask(p)->know, l[n].to);
		n++;
	}
	return n;
}

static enum status judged(struct probe *p, const struct lead *l, size_t n, const char *dangling)
{
	const struct provider *at = mailboxes(p);

	for (size_t i = 0; i < n; i++)
		if (at && l[i].service && !str_eq(l[i].service->id, at->id))
			return probe_warn(p, "autodiscover.elsewhere",
					  "%s leads to %s (%s), and the mailboxes are at %s: mail "
					  "programs get settings of the wrong service",
					  l[i].what, l[i].to, l[i].service->name, at->name);
	if (dangling)
		return probe_warn(p, "autodiscover.dangling", "%s", dangling);
	if (!n)
		return probe_idle(p, "%s has no autodiscover records", probe_ask(p)->domain);
	return probe_pass(p, "%s%s%s", l[0].what, *l[0].to ? " leads to " : "", l[0].to);
}

static enum status run(struct probe *p)
{
	struct strv found = { NULL, 0, 0 };
	const char *dangling = NULL;
	struct lead l[LEADS_MOST];
	size_t n = leads_of(p, l, &dangling);

	for (size_t i = 0; i < n; i++) {
		const char *to = *l[i].to ? l[i].to : "an address of its own";

		probe_detail(p, "%s: %s%s%s%s", l[i].what, to, l[i].service ? " (" : "",
			     l[i].service ? l[i].service->name : "", l[i].service ? ")" : "");
		strv_addf(&found, probe_arena(p), "%s %s", l[i].what, *l[i].to ? l[i].to : "-");
	}
	if (found.n)
		probe_fact(p, "dns.autodiscover.records", "%s",
			   strv_join(&found, probe_arena(p), ", "));
	return judged(p, l, n, dangling);
}

const struct check check_dns_autodiscover = {
	.id		= "dns.autodiscover",
	.title		= "Mail programs are led to the right service",
	.label		= "autodiscover",
	.stage		= STAGE_DNS,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
