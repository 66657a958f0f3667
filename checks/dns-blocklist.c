/*
 * dns-blocklist - is the sending address, or the domain, on a public blocklist?
 *
 *	the open lists of blocklists.tsv, each with its test points
 *
 * RFC 5782. Only when somebody asks for it (--blocklists, or --only with its name): it tells the
 * operators of the lists what is looked for.
 */
#include "check/check.h"
#include "domain/dnsbl.h"
#include "net/net.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	for (size_t i = 0; i < ask->only.n; i++)
		if (ask->picked && strstr(ask->only.v[i], "blocklist"))
			return true;
	return ask->blocklists;
}

/* Over all lists, of the address and of the domain. */
struct tally {
	struct strv	 listed, clean, unknown;
	const struct dnsbl_found *ip, *domain;	/* the first listing of each; NULL */
};

static void take(struct probe *p, struct tally *t, const struct dnsbl_found *f, size_t n,
		 const char *what, const struct dnsbl_found **first)
{
	struct arena *a = probe_arena(p);

	for (size_t i = 0; i < n; i++) {
		const struct blocklist *l = f[i].list;

		switch (f[i].state) {
		case DNSBL_LISTED:
			strv_add(&t->listed, a, l->zone);
			*first = *first ? *first : &f[i];
			probe_detail(p, "%s is on %s (%s %s): %s; removal: %s", what, l->name,
				     l->zone, f[i].answer, f[i].words, l->delist);
			if (*f[i].text)
				probe_detail(p, "  it says: %s", f[i].text);
			break;
		case DNSBL_NOT_LISTED:
			strv_add(&t->clean, a, l->zone);
			probe_detail(p, "%s is not on %s (%s)", what, l->name, l->zone);
			break;
		case DNSBL_REFUSED:
		case DNSBL_BROKEN:
		case DNSBL_NO_ANSWER:
			strv_add(&t->unknown, a, l->zone);
			probe_detail(p, "%s (%s) is not known: %s", l->name, l->zone, f[i].words);
			break;
		}
	}
}

static void tell_others(struct probe *p)
{
	const struct blocklist *l;

	for (size_t i = 0; (l = know_blocklist_at(probe_ask(p)->know, i)); i++) {
		if (str_eq(l->use, "registered"))
			probe_detail(p, "not asked: %s (%s): %s; look at %s", l->name, l->zone,
				     l->terms, l->delist);
		else if (str_eq(l->use, "dead"))
			probe_detail(p, "not asked: %s (%s) is dead: %s", l->name, l->zone,
				     l->terms);
		else if (str_eq(l->use, "elsewhere"))
			probe_detail(p, "cannot be asked by DNS: %s; look at %s", l->name,
				     l->delist);
	}
}

static void leave_facts(struct probe *p, const struct tally *t, const char *ip)
{
	struct arena *a = probe_arena(p);

	if (*ip)
		probe_fact(p, "dns.blocklist.ip", "%s", ip);
	if (t->listed.n)
		probe_fact(p, "dns.blocklist.listed", "%s", strv_join(&t->listed, a, ", "));
	if (t->clean.n)
		probe_fact(p, "dns.blocklist.clean", "%s", strv_join(&t->clean, a, ", "));
	if (t->unknown.n)
		probe_fact(p, "dns.blocklist.unknown", "%s", strv_join(&t->unknown, a, ", "));
}

static enum status judged(struct probe *p, const struct tally *t, const char *ip,
			  const char *domain)
{
	if (t->ip && *probe_ask(p)->sender_ip)
		return probe_fail(p, "blocklist.address", "%s is on %s: %s (%s)", ip,
				  t->ip->list->name, t->ip->words, t->ip->list->delist);
	if (t->ip)
		return probe_warn(p, "blocklist.address", "%s is on %s: %s (%s)", ip,
				  t->ip->list->name, t->ip->words, t->ip->list->delist);
	if (t->domain)
		return probe_fail(p, "blocklist.domain", "%s is on %s: %s (%s)", domain,
				  t->domain->list->name, t->domain->words,
				  t->domain->list->delist);
	if (!t->clean.n)
		return probe_unknown(p, "blocklist.no-answer",
				     "none of %zu lists says anything to this resolver: whether "
				     "it is listed is not known", t->unknown.n);
	return probe_pass(p, "on none of %zu lists%s%s", t->clean.n,
			  t->unknown.n ? "; not known: " : "",
			  strv_join(&t->unknown, probe_arena(p), ", "));
}

static enum status run(struct probe *p)
{
	const char *ip = talk_sending_address(p), *domain = talk_sender_domain(probe_ask(p));
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct arena *a = probe_arena(p);
	const struct know *know = probe_ask(p)->know;
	struct dnsbl_found *f = arena_alloc(a, 2 * DNSBL_LISTS_MOST * sizeof(*f));
	struct tally t = { .ip = NULL };

	if (!*ip && !*domain)
		return probe_idle(p, "neither the sending address (--sender-ip) nor a domain is "
				  "known");
	if (*ip)
		take(p, &t, f, dnsbl_ask(a, &dns, know, "ip", ip, f), ip, &t.ip);
	else
		probe_detail(p, "the sending address is not known (--sender-ip): only lists of "
			     "domains are asked");
	f += DNSBL_LISTS_MOST;
	if (*domain)
		take(p, &t, f, dnsbl_ask(a, &dns, know, "domain", domain, f), domain, &t.domain);
	tell_others(p);
	leave_facts(p, &t, ip);
	return judged(p, &t, ip, domain);
}

const struct check check_dns_blocklist = {
	.id		= "dns.blocklist",
	.title		= "Neither address nor domain is on a public blocklist",
	.label		= "blocklists",
	.stage		= STAGE_DNS,
	.after		= CHECKS("smtp.greeting", "smtp.ehlo", "smtp.ehlo-tls"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
