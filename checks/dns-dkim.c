/*
 * dns-dkim - are the keys that sign mail of the domain published, and can they be used?
 *
 *	SELECTOR._domainkey.DOMAIN for --selector, else for the selectors that the domain's provider
 * uses and that are common
 *
 * RFC 6376, 3.6; RFC 8301; RFC 8463. Which selector signs is known from a message alone, so this is
 * asked when somebody names one, or the check.
 */
#include "check/check.h"
#include "domain/dkim-selectors.h"
#include "net/net.h"
#include "talk/talk.h"

static bool named(const struct ask *ask)
{
	return ask->selector && *ask->selector;
}

static bool wanted(const struct ask *ask)
{
	return *talk_sender_domain(ask) && (named(ask) || ask->picked);
}

/* What is told by itself, the gravest first. missing: only of a selector that somebody named. */
static const struct told { enum dkim_fault fault; const char *finding; bool missing; } told[] = {
	{ DKIM_KEY_DATA, "dkim.key", false },
	{ DKIM_KEY_SYNTAX, "dkim.key", false },
	{ DKIM_KEY_VERSION, "dkim.key", false },
	{ DKIM_KEY_TYPE, "dkim.key", false },
	{ DKIM_KEY_HASH, "dkim.key", false },
	{ DKIM_KEY_SERVICE, "dkim.key", false },
	{ DKIM_KEYS, "dkim.two-keys", false },
	{ DKIM_KEY_REVOKED, "dkim.revoked", true },
	{ DKIM_NO_KEY, "dkim.no-key", true },
};

static bool is_there(const struct dkim_selector *s)
{
	return s->fault != DKIM_NO_KEY || *s->alias || *s->doubled;
}

static const char *outcome(struct arena *a, const struct dkim_selector *s)
{
	if (*s->doubled)
		return arena_printf(a, "the key stands at %s: the domain is in the name twice",
				    s->doubled);
	if (s->fault != DKIM_OK)
		return s->why;
	return arena_printf(a, "%s, %u bits%s%s", s->key->ed25519 ? "Ed25519" : "RSA", s->key->bits,
			    s->key->testing ? ", in test mode (t=y)" : "",
			    s->key->strict ? ", without subdomains (t=s)" : "");
}

static void leave_facts(struct probe *p, const struct dkim_keys *k, bool all)
{
	struct strv found = { NULL, 0, 0 }, faults = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	probe_fact(p, "dns.dkim.domain", "%s", k->domain);
	for (size_t i = 0; i < k->n; i++) {
		const struct dkim_selector *s = &k->v[i];

		if (s->fault == DKIM_OK)
			strv_add(&found, a, s->name);
		else if ((all || is_there(s)) && !strv_has(&faults, dkim_fault_name(s->fault)))
			strv_add(&faults, a, dkim_fault_name(s->fault));
		if (!all && !is_there(s))
			continue;
		probe_detail(p, "%s: %s", *s->asked ? s->asked : s->name, outcome(a, s));
		if (*s->alias && s->fault == DKIM_OK)
			probe_detail(p, "%s: by a CNAME to %s", s->asked, s->alias);
	}
	if (found.n)
		probe_fact(p, "dns.dkim.selectors", "%s", strv_join(&found, a, ", "));
	if (faults.n)
		probe_fact(p, "dns.dkim.faults", "%s", strv_join(&faults, a, ", "));
	probe_fact_bool(p, "dns.dkim.nothing", k->nothing);
}

/* A usable key with the fewest bits; Ed25519 has none to speak of. */
static const struct dkim_selector *shortest(const struct dkim_keys *k)
{
	const struct dkim_selector *found = NULL;

	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].fault == DKIM_OK && !k->v[i].key->ed25519 &&
		    (!found || k->v[i].key->bits < found->key->bits))
			found = &k->v[i];
	return found;
}

static enum status no_key(struct probe *p, const struct dkim_selector *s, const struct told *t,
			  bool asked_for)
{
	const char *why = outcome(probe_arena(p), s);
	const char *finding = *s->alias && s->fault == DKIM_NO_KEY ? "dkim.dangling" : t->finding;

	if (*s->doubled)
		finding = "dkim.doubled";
	if (asked_for)
		return probe_fail(p, finding, "%s: %s", s->asked, why);
	return probe_warn(p, finding, "%s: %s", s->asked, why);
}

/* Of selectors that nobody named, one that is missing or was revoked says nothing where another
 * one is in order: keys are changed in that way (RFC 6376, 3.1). */
static enum status faulty(struct probe *p, const struct dkim_keys *k, bool asked_for, bool usable)
{
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		for (size_t j = 0; j < k->n; j++) {
			const struct dkim_selector *s = &k->v[j];

			if (s->fault != told[i].fault || (told[i].missing && usable && !asked_for))
				continue;
			if (!asked_for && !is_there(s))
				continue;
			if (!*s->asked)
				return probe_fail(p, "dkim.no-key", "%s", s->why);
			return no_key(p, s, &told[i], asked_for);
		}
	return STATUS_PASS;
}

static enum status weak(struct probe *p, const struct dkim_selector *s)
{
	if (s->key->bits < DKIM_BITS_LEAST)
		return probe_fail(p, "dkim.short",
				  "the key at %s has %u bits: receivers do not count fewer than %d",
				  s->asked, s->key->bits, DKIM_BITS_LEAST);
	return probe_warn(p, "dkim.weak", "the key at %s has %u bits; %d are advised", s->asked,
			  s->key->bits, DKIM_BITS_ADVISED);
}

static enum status judged(struct probe *p, const struct dkim_keys *k, bool asked_for)
{
	const struct dkim_selector *rsa = shortest(k);
	const char *found = probe_get(p, "dns.dkim.selectors");
	enum status st = faulty(p, k, asked_for, *found);

	if (rsa)
		probe_fact_number(p, "dns.dkim.bits", rsa->key->bits);
	if (st != STATUS_PASS)
		return st;
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].fault == DKIM_DNS && (asked_for || !*found))
			return probe_unknown(p, "dkim.no-answer", "%s", k->v[i].why);
	if (rsa && rsa->key->bits < DKIM_BITS_ADVISED)
		return weak(p, rsa);
	if (*found && !rsa)
		return probe_warn(p, "dkim.ed25519-alone", "%s has Ed25519 keys alone, and many "
				  "receivers know only RSA", k->domain);
	if (*found)
		return probe_pass(p, "a key at %s", found);
	if (k->nothing)
		return probe_warn(p, "dkim.none",
				  "%s has no DKIM key at all (_domainkey.%s does not exist), so no "
				  "mail can be signed in its name",
				  k->domain, k->domain);
	return probe_idle(p,
			  "no key is at the %zu usual selectors of %s; name one with --selector",
			  k->n, k->domain);
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct arena *a = probe_arena(p);
	struct strv selectors = { NULL, 0, 0 }, services;
	const struct dkim_keys *k;

	if (named(ask)) {
		strv_split(&selectors, a, ask->selector, ',');
	} else {
		services = talk_services(p);
		selectors = dkim_selectors_of(a, ask->know, &services);
	}
	k = dkim_keys_ask(a, &dns, talk_sender_domain(ask), &selectors);
	leave_facts(p, k, named(ask));
	return judged(p, k, named(ask));
}

const struct check check_dns_dkim = {
	.id		= "dns.dkim",
	.title		= "The DKIM keys of the sender's domain are in order",
	.label		= "DKIM",
	.stage		= STAGE_DNS,
	.after		= CHECKS("target.provider"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
