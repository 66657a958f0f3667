/*
 * services - which services send mail of the sender's domain?
 */
#include "talk/talk.h"

#include "know/know.h"
#include "net/dns.h"
#include "net/net.h"

static void add(struct strv *l, struct arena *a, const char *id)
{
	if (!strv_has(l, id))
		strv_add(l, a, id);
}

/* A host takes mail from its customers if it is no MX: that one takes mail of everybody. */
static const struct provider *of_host(const struct know *k, struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const char *host = probe_host(p);
	const struct provider *prov;

	if (ask->kind != TARGET_HOST && !ask->submission)
		return NULL;
	prov = know_provider_of_host(k, host);
	return prov && strv_glob(&prov->hosts, host) && !strv_glob(&prov->mx, host) ? prov : NULL;
}

struct strv talk_services(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const char *domain = talk_sender_domain(ask);
	struct arena *a = probe_arena(p);
	struct strv l = { NULL, 0, 0 };
	const struct provider *prov;
	const struct dns_answer *mx;

	if (!ask->know)
		return l;
	if (*ask->provider)
		add(&l, a, ask->provider);
	prov = of_host(ask->know, p);
	if (prov)
		add(&l, a, prov->id);
	if (!*domain)
		return l;
	mx = dns_ask(net_dns(probe_net(p)), domain, DNS_MX);
	for (const struct dns_record *r = mx->records; r; r = r->next) {
		prov = know_provider_of_host(ask->know, r->name);
		if (prov)
			add(&l, a, prov->id);
	}
	return l;
}
