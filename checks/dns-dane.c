/*
 * dns-dane - can senders that honour DANE deliver to the MX hosts?
 *
 *	TLSA of each MX host, and whether the answers are validated by DNSSEC; against the
 * certificates of the host that was spoken to
 *
 * RFC 7671, RFC 7672. What is secure is the resolver's word (the AD bit); where it does not say
 * so, or fails, the answer is validated here (net/dnssec.h).
 */
#include "check/check.h"
#include "domain/dane.h"
#include "net/net.h"

enum { HOSTS_MOST = 12, CERTS_MOST = 12 };

struct host {
	const char		*name, *base;
	const struct dane	*dane;
	struct dnssec_answer	 dnssec;
};

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST && !ask->submission;
}

/* "CERTIFICATE:KEY" of each certificate, as talk_tls_facts() leaves them. */
static size_t digests(struct probe *p, const char *fact, bool of_512, struct dane_cert *ret)
{
	struct arena *a = probe_arena(p);
	struct strv l = { NULL, 0, 0 };
	size_t n;

	strv_split(&l, a, probe_get(p, fact), ' ');
	n = l.n < CERTS_MOST ? l.n : CERTS_MOST;
	for (size_t i = 0; i < n; i++) {
		const char *colon = strchr(l.v[i], ':'), *whole, *key = colon ? colon + 1 : "";

		whole = arena_strndup(a, l.v[i], colon ? (size_t)(colon - l.v[i]) : 0);
		*(of_512 ? &ret[i].sha512 : &ret[i].sha256) = whole;
		*(of_512 ? &ret[i].key_sha512 : &ret[i].key_sha256) = key;
	}
	return n;
}

static bool troubled(struct probe *p, const char *trouble)
{
	struct strv l = { NULL, 0, 0 };

	strv_split(&l, probe_arena(p), probe_get(p, "cert.25.trouble"), ' ');
	return strv_has(&l, trouble);
}

/* The chain of the host, if it is the one that was spoken to at port 25. */
static struct dane_chain chain_of(struct probe *p, const char *host,
				  struct dane_cert certs[CERTS_MOST])
{
	struct dane_chain chain = { .certs = certs };

	for (size_t i = 0; i < CERTS_MOST; i++)
		certs[i] = (struct dane_cert){ "", "", "", "" };
	if (!str_eq_nocase(host, probe_host(p)))
		return chain;
	chain.n = digests(p, "cert.25.chain-sha256", false, certs);
	digests(p, "cert.25.chain-sha512", true, certs);
	chain.expired = troubled(p, "expired") || troubled(p, "not-yet-valid");
	chain.other_name = troubled(p, "name");
	return chain;
}

static void look(struct probe *p, struct host *h)
{
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct arena *a = probe_arena(p);
	struct dane_cert certs[CERTS_MOST];
	struct dane_chain chain = chain_of(p, h->name, certs);
	struct dane_found found = dane_find(a, &dns, probe_net(p), h->name);

	h->base = found.base;
	h->dnssec = found.dnssec;
	h->dane = dane_judge(a, found.tlsa, found.secure, &chain);
	probe_detail(p, "%s: %s", h->name, dane_result_name(h->dane->result));
	if (h->dnssec.state != DNSSEC_UNKNOWN || *h->dnssec.why)
		probe_detail(p, "  DNSSEC, validated here: %s%s%s",
			     dnssec_state_name(h->dnssec.state), *h->dnssec.why ? ": " : "",
			     h->dnssec.why);
	for (size_t i = 0; i < h->dane->n; i++) {
		const struct dane_record *r = &h->dane->v[i];

		probe_detail(p, "  %s %u %u %u %s: %s", dane_name(a, h->base), r->usage,
			     r->selector, r->matching, r->data, r->why);
	}
}

static void leave_facts(struct probe *p, const struct host *h, size_t n, bool ad)
{
	struct strv hosts = { NULL, 0, 0 }, records = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	for (size_t i = 0; i < n; i++) {
		strv_addf(&hosts, a, "%s: %s", h[i].name, dane_result_name(h[i].dane->result));
		for (size_t j = 0; j < h[i].dane->n; j++)
			strv_addf(&records, a, "%s %u %u %u", h[i].base, h[i].dane->v[j].usage,
				  h[i].dane->v[j].selector, h[i].dane->v[j].matching);
	}
	probe_fact(p, "dns.dane.hosts", "%s", strv_join(&hosts, a, ", "));
	probe_fact_bool(p, "dns.dane.ad", ad);
	if (records.n)
		probe_fact(p, "dns.dane.records", "%s", strv_join(&records, a, ", "));
}

static const struct host *with(const struct host *h, size_t n, enum dane_result result)
{
	for (size_t i = 0; i < n; i++)
		if (h[i].dane->result == result)
			return &h[i];
	return NULL;
}

/* Why no record fits: the first usable one says it. */
static const char *misfit(const struct host *h)
{
	for (size_t i = 0; i < h->dane->n; i++)
		if (h->dane->v[i].state == DANE_RECORD_EXPIRED ||
		    h->dane->v[i].state == DANE_RECORD_NAME)
			return h->dane->v[i].why;
	return "no TLSA record is for the certificate that it sends";
}

/* A key can be changed without a gap only while its successor is published beside it (RFC 7671,
 * 8.1). */
static void tell_rollover(struct probe *p, const struct host *h)
{
	if (h->dane->usable == h->dane->matching)
		probe_detail(p, "%s: all records are for the certificate in use; publish the next "
			     "key's two TTLs before it is used", h->name);
	else
		probe_detail(p, "%s: %zu of %zu usable records are for another key: the next one, "
			     "or one to take out", h->name, h->dane->usable - h->dane->matching,
			     h->dane->usable);
}

static enum status bogus(struct probe *p, const char *name, const char *why)
{
	return probe_fail(p, "dane.bogus", "the DNSSEC signatures of %s do not hold: servers that "
			  "validate cannot deliver there (%s)", name, why);
}

static enum status insecure(struct probe *p, const struct host *h)
{
	if (h->dnssec.state == DNSSEC_INSECURE)
		return probe_warn(p, "dane.insecure", "%s has TLSA records in a zone that is not "
				  "signed: no sender uses them", h->name);
	return probe_unknown(p, "dane.not-validated", "%s has TLSA records, and the resolver %s "
			     "does not say that DNSSEC validates them: the zone is not signed, or "
			     "this resolver does not check", h->name,
			     dns_ask(net_dns(probe_net(p)), dane_name(probe_arena(p), h->base),
				     DNS_TLSA)->server);
}

static enum status judged(struct probe *p, const struct host *h, size_t n)
{
	const struct host *at;

	for (at = h; at < h + n; at++)
		if (at->dnssec.state == DNSSEC_BOGUS)
			return bogus(p, at->name, at->dnssec.why);
	at = with(h, n, DANE_MISFITS);
	if (at)
		return probe_fail(p, "dane.mismatch",
				  "%s: %s: senders that honour DANE do not deliver there",
				  at->name, misfit(at));
	at = with(h, n, DANE_NO_ANSWER);
	if (at)
		return probe_warn(p, "dane.no-answer",
				  "the question for TLSA records of %s fails: senders that honour "
				  "DANE do not deliver there", at->name);
	at = with(h, n, DANE_UNUSABLE);
	if (at)
		return probe_warn(p, "dane.unusable",
				  "%s has TLSA records, and none that mail servers can use (%s)",
				  at->name, at->dane->v[0].why);
	at = with(h, n, DANE_INSECURE);
	if (at)
		return insecure(p, at);
	at = with(h, n, DANE_FITS);
	if (at)
		return probe_pass(p, "TLSA records of %s match its certificate", at->name);
	at = with(h, n, DANE_UNSEEN);
	if (at)
		return probe_pass(p, "%s has usable TLSA records; its certificate was not seen",
				  at->name);
	return probe_idle(p, "no MX host has TLSA records");
}

static size_t hosts_of(struct probe *p, struct host h[HOSTS_MOST], bool *ret_ad)
{
	const char *domain = probe_ask(p)->domain;
	const struct dns_answer *mx = dns_ask(net_dns(probe_net(p)), domain, DNS_MX);
	struct dns_question q[3 * HOSTS_MOST];
	struct net_address literal;
	size_t n = 0;

	*ret_ad = mx->ad;
	for (const struct dns_record *r = mx->records; r && n < HOSTS_MOST; r = r->next)
		if (*r->name && !net_address_parse(r->name, &literal))
			h[n++] = (struct host){ .name = r->name };
	if (mx->status == DNS_NODATA)
		h[n++] = (struct host){ .name = domain };
	for (size_t i = 0; i < n; i++) {
		q[3 * i] = (struct dns_question){ .name = h[i].name, .type = DNS_A };
		q[3 * i + 1] = (struct dns_question){ .name = h[i].name, .type = DNS_AAAA };
		q[3 * i + 2] = (struct dns_question){
			.name = dane_name(probe_arena(p), h[i].name), .type = DNS_TLSA };
	}
	dns_ask_all(net_dns(probe_net(p)), q, 3 * n);
	return n;
}

static enum status run(struct probe *p)
{
	struct host h[HOSTS_MOST] = { { .name = "" } };
	bool ad;
	size_t n = hosts_of(p, h, &ad), records = 0;

	if (str_eq(probe_get(p, "dns.mx.status"), dns_status_name(DNS_SERVFAIL))) {
		struct dnssec_answer mx = dnssec_validate(probe_net(p), probe_arena(p),
							  probe_ask(p)->domain, DNS_MX);

		if (mx.state == DNSSEC_BOGUS)
			return bogus(p, probe_ask(p)->domain, mx.why);
		probe_detail(p, "DNSSEC, validated here: %s%s%s", dnssec_state_name(mx.state),
			     *mx.why ? ": " : "", mx.why);
	}
	if (!n)
		return probe_idle(p, "no MX host is known");
	for (size_t i = 0; i < n; i++) {
		look(p, &h[i]);
		records += h[i].dane->n;
	}
	leave_facts(p, h, n, ad);
	for (size_t i = 0; i < n; i++)
		if (h[i].dane->result == DANE_FITS)
			tell_rollover(p, &h[i]);
	if (records && !ad)
		probe_detail(p, "the MX records themselves are not validated: senders may be sent "
			     "to another host before they look at TLSA");
	if (records && h[0].dnssec.state == DNSSEC_UNKNOWN)
		probe_detail(p, "whether an answer is validated is the resolver's word (AD bit): "
			     "worth as much as the way to it");
	return judged(p, h, n);
}

const struct check check_dns_dane = {
	.id		= "dns.dane",
	.title		= "TLSA records of the MX hosts match their certificates",
	.label		= "DANE",
	.stage		= STAGE_TLS,
	.needs		= FACTS("dns.mx.status"),
	.after		= CHECKS("tls.certificate", "smtp.starttls"),
	.quiet		= true,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
