/*
 * dns-caa - may the authority that issues the certificates of the domain's mail hosts do so?
 *
 *	CAA of each MX host and of mta-sts.DOMAIN, up to the top; the live certificate's issuer
 * against it
 *
 * RFC 8659; RFC 9495 (issuemail). Information: it stops no mail, but the next renewal.
 */
#include "check/check.h"
#include "domain/caa.h"
#include "know/know.h"
#include "net/net.h"

enum { NAMES_MOST = 11 };

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST && ask->picked;
}

static const char *issuers_in_words(struct arena *a, const struct caa *c)
{
	if (c->blocks || (c->has_issue && !c->issue.n))
		return "nobody";
	return c->has_issue ? strv_join(&c->issue, a, ", ") : "everybody";
}

static const char *in_words(struct arena *a, const struct caa *c)
{
	if (c->found == CAA_NONE)
		return "no CAA records: every authority may issue";
	if (c->found == CAA_NO_ANSWER)
		return arena_printf(a, "the CAA records of %s cannot be looked up: %s", c->domain,
				    c->why);
	if (!c->has_mail)
		return arena_printf(a, "%s may issue, say the CAA records of %s",
				    issuers_in_words(a, c), c->domain);
	return arena_printf(a, "%s may issue, say the CAA records of %s; certificates for S/MIME: "
			    "%s", issuers_in_words(a, c), c->domain,
			    c->issue_mail.n ? strv_join(&c->issue_mail, a, ", ") : "nobody");
}

/* The names whose certificates count: MX hosts, and the host of the MTA-STS policy if there is
 * one. */
static struct strv names_of(struct probe *p)
{
	const char *domain = probe_ask(p)->domain;
	struct dns *dns = net_dns(probe_net(p));
	const char *sts = arena_printf(probe_arena(p), "mta-sts.%s", domain);
	struct strv l = { NULL, 0, 0 };
	struct net_address literal;

	for (const struct dns_record *r = dns_ask(dns, domain, DNS_MX)->records; r; r = r->next)
		if (*r->name && l.n + 1 < NAMES_MOST && !net_address_parse(r->name, &literal))
			strv_add(&l, probe_arena(p), r->name);
	if (!l.n)
		strv_add(&l, probe_arena(p), domain);
	if (dns_ask(dns, sts, DNS_A)->status == DNS_OK ||
	    dns_ask(dns, sts, DNS_AAAA)->status == DNS_OK)
		strv_add(&l, probe_arena(p), sts);
	return l;
}

/* Does the certificate that was seen come from somebody who may issue? */
static enum status live(struct probe *p, const struct caa *c)
{
	const char *issuer = probe_get(p, "cert.25.issuer-o");
	const struct authority *by = know_authority(probe_ask(p)->know, issuer);

	if (!by)
		return STATUS_PASS;
	probe_detail(p, "%s: the certificate is from %s (%s)", c->name, issuer,
		     strv_join(&by->domains, probe_arena(p), ", "));
	if (caa_allows(c, &by->domains))
		return STATUS_PASS;
	return probe_warn(p, "caa.issuer",
			  "the certificate of %s is from %s, whom the CAA records of %s do not "
			  "allow (%s): the next renewal will fail",
			  c->name, issuer, c->domain, issuers_in_words(probe_arena(p), c));
}

static enum status judged(struct probe *p, const struct caa *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c[i].blocks || (c[i].found == CAA_SET && c[i].has_issue && !c[i].issue.n))
			return probe_warn(p, "caa.forbids",
					  "nobody may issue a certificate for %s (CAA of %s)",
					  c[i].name, c[i].domain);
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(c[i].name, probe_host(p)) && live(p, &c[i]) != STATUS_PASS)
			return STATUS_WARN;
	for (size_t i = 0; i < n; i++)
		if (c[i].faults.n)
			return probe_warn(p, "caa.syntax", "CAA of %s: %s", c[i].domain,
					  c[i].faults.v[0]);
	for (size_t i = 0; i < n; i++)
		if (c[i].found == CAA_NO_ANSWER)
			return probe_unknown(p, "caa.no-answer",
					     "the CAA records of %s cannot be looked up, and then "
					     "authorities do not issue (%s)",
					     c[i].domain, c[i].why);
	for (size_t i = 0; i < n; i++)
		if (c[i].found == CAA_SET)
			return probe_pass(p, "%s: %s may issue", c[i].domain,
					  issuers_in_words(probe_arena(p), &c[i]));
	return probe_idle(p, "no CAA records: every authority may issue certificates");
}

static enum status run(struct probe *p)
{
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct strv names = names_of(p), sets = { NULL, 0, 0 }, issue = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);
	struct caa c[NAMES_MOST];

	for (size_t i = 0; i < names.n; i++) {
		c[i] = caa_look(a, &dns, names.v[i]);
		probe_detail(p, "%s: %s", names.v[i], in_words(a, &c[i]));
		for (size_t j = 0; j < c[i].faults.n; j++)
			probe_detail(p, "%s: %s", c[i].domain, c[i].faults.v[j]);
		if (c[i].found != CAA_SET || strv_has(&sets, c[i].domain))
			continue;
		strv_add(&sets, a, c[i].domain);
		strv_addf(&issue, a, "%s: %s", c[i].domain, issuers_in_words(a, &c[i]));
	}
	if (sets.n) {
		probe_fact(p, "dns.caa.domains", "%s", strv_join(&sets, a, ", "));
		probe_fact(p, "dns.caa.issue", "%s", strv_join(&issue, a, "; "));
	}
	return judged(p, c, names.n);
}

const struct check check_dns_caa = {
	.id		= "dns.caa",
	.title		= "Authorities may issue certificates for the mail hosts",
	.label		= "CAA",
	.stage		= STAGE_DNS,
	.after		= CHECKS("smtp.starttls", "tls.certificate"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
