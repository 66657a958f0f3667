/*
 * dns-mta-sts - does the domain say by MTA-STS which hosts take its mail by TLS, and does it hold?
 *
 *	_mta-sts.DOMAIN, https://mta-sts.DOMAIN/.well-known/mta-sts.txt, and the MX records against
 * it
 *
 * RFC 8461. Whether the hosts have the certificate that the policy needs is judged in
 * tls-certificate.c.
 */
#include "check/check.h"
#include "domain/sts.h"
#include "net/http.h"
#include "net/net.h"

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST;
}

/* Of the domain's MX hosts, the first that the policy does not name; NULL = it names all. */
static const char *unnamed_host(struct probe *p, const struct sts_policy *policy, size_t *ret_n)
{
	const struct dns_answer *mx = dns_ask(net_dns(probe_net(p)), probe_ask(p)->domain, DNS_MX);
	const char *unnamed = NULL;

	*ret_n = 0;
	for (const struct dns_record *m = mx->records; m; m = m->next) {
		if (!*m->name || sts_policy_names(policy, m->name))
			continue;
		unnamed = unnamed ? unnamed : m->name;
		(*ret_n)++;
	}
	return unnamed;
}

static enum status judge_policy(struct probe *p, const struct http_answer *answer)
{
	struct sts_policy policy =
		sts_policy_read(probe_arena(p), (struct span){ answer->body, answer->body_len });
	const char *mode = sts_mode_name(policy.mode), *host;
	size_t n;

	probe_fact(p, "dns.mta-sts.mode", "%s", mode);
	if (policy.max_age >= 0)
		probe_fact_number(p, "dns.mta-sts.max-age", policy.max_age);
	if (policy.mx.n)
		probe_fact(p, "dns.mta-sts.mx", "%s", strv_join(&policy.mx, probe_arena(p), ", "));
	for (size_t i = 0; i < policy.faults.n; i++)
		probe_detail(p, "%s", policy.faults.v[i]);
	for (size_t i = 0; i < policy.remarks.n; i++)
		probe_detail(p, "%s", policy.remarks.v[i]);
	probe_fact(p, "dns.mta-sts.state", "%s", policy.faults.n ? "invalid" : "published");
	if (policy.faults.n)
		return probe_warn(p, "mta-sts.policy", "the policy of %s is not valid: %s",
				  probe_ask(p)->domain, policy.faults.v[0]);
	host = policy.mode == STS_MODE_NONE ? NULL : unnamed_host(p, &policy, &n);
	if (host && policy.mode == STS_MODE_ENFORCE)
		return probe_fail(p, "mta-sts.mx",
				  "the policy does not name the MX host %s%s: senders that keep to "
				  "MTA-STS will not deliver there",
				  host, n > 1 ? " and others" : "");
	if (host)
		return probe_warn(p, "mta-sts.mx-testing",
				  "the policy, in testing, does not name the MX host %s%s", host,
				  n > 1 ? " and others" : "");
	if (!str_eq(answer->type, "text/plain"))
		return probe_warn(
			p, "mta-sts.type",
			"the policy comes as %s, not text/plain, so some senders ignore it",
			*answer->type ? answer->type : "no type");
	return probe_pass(p, "policy in mode %s", mode);
}

static enum status fetch(struct probe *p)
{
	const char *url = arena_printf(probe_arena(p), "https://mta-sts.%s/.well-known/mta-sts.txt",
				       probe_ask(p)->domain);
	struct http_answer answer;
	bool asked = http_ask(probe_net(p), probe_arena(p), &(struct http_request){ .url = url },
			      &answer);

	if (!asked || answer.status != 200)
		probe_fact(p, "dns.mta-sts.state", "unfetched");
	if (!asked) {
		if (answer.failure->class == FAILURE_LOCAL ||
		    answer.failure->class == FAILURE_CANCELLED)
			return probe_fail_step(p, "mta-sts.fetch", answer.failure);
		return probe_warn(p, "mta-sts.fetch",
				  "the record is there, and the policy cannot be fetched: %s",
				  answer.failure->text);
	}
	probe_fact_number(p, "dns.mta-sts.http-status", answer.status);
	if (answer.status / 100 == 3)
		return probe_warn(p, "mta-sts.redirect",
				  "%s redirects, which senders do not follow (RFC 8461, 3.3)", url);
	if (answer.status != 200)
		return probe_warn(p, "mta-sts.fetch",
				  "the record is there, and the policy is not: %s answers %d", url,
				  answer.status);
	return judge_policy(p, &answer);
}

/* What senders without a policy of their own make of the record. */
static const char *state_name(const struct sts_record *r)
{
	if (r->found == STS_DNS_ERROR)
		return "unknown";
	return r->found == STS_SYNTAX || r->n > 1 ? "invalid" : "none";
}

static enum status run(struct probe *p)
{
	const char *domain = probe_ask(p)->domain;
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct sts_record r = sts_look(probe_arena(p), &dns, domain);

	if (r.n)
		probe_fact(p, "dns.mta-sts.record", "%s", r.text);
	if (*r.id)
		probe_fact(p, "dns.mta-sts.id", "%s", r.id);
	if (r.found != STS_FOUND)
		probe_fact(p, "dns.mta-sts.state", "%s", state_name(&r));
	switch (r.found) {
	case STS_DNS_ERROR:
		return probe_unknown(p, "mta-sts.no-answer", "%s", r.why);
	case STS_SYNTAX:
		return probe_warn(p, "mta-sts.record", "the MTA-STS record of %s is not valid: %s",
				  domain, r.why);
	case STS_NONE:
		if (r.n)
			return probe_warn(p, "mta-sts.two-records", "%s", r.why);
		return probe_idle(p, "%s has no MTA-STS record", domain);
	case STS_FOUND:
		break;
	}
	return fetch(p);
}

const struct check check_dns_mta_sts = {
	.id		= "dns.mta-sts",
	.title		= "The MTA-STS policy names the MX hosts",
	.label		= "MTA-STS",
	.stage		= STAGE_DNS,
	.gives		= FACTS("dns.mta-sts.state"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
