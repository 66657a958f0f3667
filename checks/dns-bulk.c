/*
 * dns-bulk - does the domain keep what Google, Yahoo and Microsoft demand of senders?
 *
 *	judges SPF, DKIM, DMARC and reverse DNS, as the checks before it saw them, by
 * receiver-rules.tsv
 *
 * What only a message shows (a signature, the alignment of From, one-click unsubscribe) is told,
 * and not judged. How much somebody sends is not known: rules for bulk senders are told as such.
 */
#include "check/check.h"
#include "domain/dkim.h"
#include "know/know.h"
#include "talk/talk.h"

enum kept { KEPT, BROKEN, OPEN };

static bool wanted(const struct ask *ask)
{
	return *talk_sender_domain(ask) && ask->picked;
}

/* SPF is judged for an address; without one only a record that is missing or broken is known. */
static enum kept spf(struct probe *p)
{
	const char *result = probe_get(p, "dns.spf.result");

	if (str_eq(result, "pass"))
		return KEPT;
	if (!*result || str_eq(result, "temperror") || str_eq(result, "not-judged"))
		return OPEN;
	return BROKEN;
}

/* Keys can be looked at where their selectors are known: that none was found proves nothing. */
static enum kept dkim(struct probe *p)
{
	if (probe_has(p, "dns.dkim.selectors"))
		return KEPT;
	return probe_true(p, "dns.dkim.nothing") ? BROKEN : OPEN;
}

static enum kept either(enum kept a, enum kept b)
{
	if (a == KEPT || b == KEPT)
		return KEPT;
	return a == BROKEN && b == BROKEN ? BROKEN : OPEN;
}

static enum kept dkim_bits(struct probe *p)
{
	int64_t bits = probe_number(p, "dns.dkim.bits", 0);

	if (!bits)
		return OPEN;
	return bits < DKIM_BITS_LEAST ? BROKEN : KEPT;
}

static enum kept dmarc(struct probe *p)
{
	static const char *const policies[] = { "none", "quarantine", "reject" };

	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		if (str_eq(probe_get(p, "dns.dmarc.policy"), policies[i]))
			return KEPT;
	if (probe_true(p, "dns.dmarc.no-answer") || !probe_has(p, "dns.dmarc.org-domain"))
		return OPEN;
	return BROKEN;
}

static enum kept ptr(struct probe *p)
{
	if (probe_has(p, "dns.ptr.confirmed"))
		return KEPT;
	if (probe_has(p, "dns.ptr.names") || str_eq(probe_get(p, "dns.ptr.status"), "nxdomain") ||
	    str_eq(probe_get(p, "dns.ptr.status"), "nodata"))
		return BROKEN;
	return OPEN;
}

static enum kept kept(struct probe *p, const char *needs)
{
	if (str_eq(needs, "spf"))
		return spf(p);
	if (str_eq(needs, "dkim"))
		return dkim(p);
	if (str_eq(needs, "spf-or-dkim"))
		return either(spf(p), dkim(p));
	if (str_eq(needs, "dkim-1024"))
		return dkim_bits(p);
	if (str_eq(needs, "dmarc"))
		return dmarc(p);
	return str_eq(needs, "ptr") ? ptr(p) : OPEN;
}

static const char *of_whom(const struct receiver_rule *r)
{
	return str_eq(r->who, "bulk") ? "of bulk senders" : "of everybody";
}

static void tell(struct probe *p, const struct receiver_rule *r, enum kept k)
{
	static const char *const words[] = { [KEPT] = "kept", [BROKEN] = "not kept",
					     [OPEN] = "not known" };

	if (k != BROKEN) {
		probe_detail(p, "%s, %s: %s: %s", r->receiver, of_whom(r), r->words, words[k]);
		return;
	}
	probe_detail(p, "%s, %s since %s: %s: %s%s%s; %s", r->receiver, of_whom(r), r->since,
		     r->words, words[k], *r->reply ? "; it replies " : "", r->reply, r->fix);
}

static void leave(struct probe *p, const char *fact, const struct strv *l)
{
	if (l->n)
		probe_fact(p, fact, "%s", strv_join(l, probe_arena(p), ", "));
}

static enum status run(struct probe *p)
{
	struct strv by[] = { [KEPT] = { NULL, 0, 0 }, [BROKEN] = { NULL, 0, 0 },
			     [OPEN] = { NULL, 0, 0 } };
	const struct receiver_rule *r, *worst = NULL;

	for (size_t i = 0; (r = know_receiver_rule_at(probe_ask(p)->know, i)); i++) {
		enum kept k = kept(p, r->needs);

		strv_add(&by[k], probe_arena(p), r->id);
		tell(p, r, k);
		/* What is demanded of everybody is graver. */
		if (k == BROKEN && (!worst || (str_eq(worst->who, "bulk") &&
					       str_eq(r->who, "everybody"))))
			worst = r;
	}
	leave(p, "dns.bulk.kept", &by[KEPT]);
	leave(p, "dns.bulk.broken", &by[BROKEN]);
	leave(p, "dns.bulk.open", &by[OPEN]);
	if (worst)
		return probe_warn(p, "bulk.broken", "%s demands %s since %s: %s%s", worst->receiver,
				  of_whom(worst), worst->since, worst->words,
				  by[BROKEN].n > 1 ? "; more rules are not kept (-v)" : "");
	if (!by[KEPT].n)
		return probe_idle(p, "nothing is known that the receivers' rules are about");
	return probe_pass(p, "%zu rules of Google, Yahoo and Microsoft are kept, %zu are not known",
			  by[KEPT].n, by[OPEN].n);
}

const struct check check_dns_bulk = {
	.id		= "dns.bulk",
	.title		= "The rules of large receivers for senders are kept",
	.label		= "bulk rules",
	.stage		= STAGE_DNS,
	.after		= CHECKS("dns.spf", "dns.dkim", "dns.dmarc", "dns.ptr"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
