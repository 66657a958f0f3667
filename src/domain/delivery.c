/*
 * delivery - the rules of RFC 3207, RFC 8461 and RFC 7672, of the sender's side, one function each.
 */
#include "domain/delivery.h"

#include "base/arena.h"

const char *delivery_sender_name(enum delivery_sender s)
{
	static const char *const names[] = { "opportunistic", "mta-sts", "mta-sts-enforced",
					     "dane", "both" };

	return names[s];
}

const char *delivery_sender_words(enum delivery_sender s)
{
	static const char *const words[] = {
		"opportunistic senders", "senders that follow MTA-STS",
		"senders that enforce an MTA-STS policy", "senders that follow DANE",
		"senders that follow DANE and MTA-STS",
	};

	return words[s];
}

const char *delivery_outcome_name(enum delivery_outcome o)
{
	static const char *const names[] = { "encrypted", "clear", "unknown", "deferred",
					     "bounced" };

	return names[o];
}

enum delivery_outcome delivery_better(enum delivery_outcome a, enum delivery_outcome b)
{
	if (a == DELIVERY_UNKNOWN || b == DELIVERY_UNKNOWN)
		return a == DELIVERY_UNKNOWN ? b : a;
	return a < b ? a : b;
}

enum delivery_outcome delivery_worse(enum delivery_outcome a, enum delivery_outcome b)
{
	if (a == DELIVERY_UNKNOWN || b == DELIVERY_UNKNOWN)
		return a == DELIVERY_UNKNOWN ? b : a;
	return a > b ? a : b;
}

static struct delivery is(enum delivery_outcome outcome, const char *rule, const char *why)
{
	return (struct delivery) { .outcome = outcome, .rule = rule, .why = why };
}

/* Where nobody gets so far that a policy counts. False when it is reached. */
static bool not_reached(struct arena *a, const struct delivery_seen *seen, struct delivery *ret)
{
	if (seen->reach == DELIVERY_NOT_TRIED)
		*ret = is(DELIVERY_UNKNOWN, "RFC 5321, 3.1",
			  arena_printf(a, "not seen from here: %s", seen->why));
	else if (seen->reach == DELIVERY_UNREACHED)
		*ret = is(DELIVERY_DEFERRED, "RFC 5321, 5.1",
			  arena_printf(a, "no connection from here: %s", seen->why));
	else
		return false;
	return true;
}

/* Without TLS, for a sender that does not insist on it. */
static struct delivery in_clear(struct arena *a, const struct delivery_seen *seen)
{
	const char *rule = seen->reach == DELIVERY_TLS_FAILED ? "RFC 7435, 1.2" : "RFC 3207, 4";

	switch (seen->clear) {
	case CLEAR_REFUSED:
		return is(DELIVERY_BOUNCED, "RFC 3207, 4",
			  arena_printf(a, "%s, and the server refuses mail without TLS",
				       seen->why));
	case CLEAR_DEFERRED:
		return is(DELIVERY_DEFERRED, "RFC 3207, 4",
			  arena_printf(a, "%s, and the server takes no mail without TLS",
				       seen->why));
	case CLEAR_UNKNOWN:
	case CLEAR_ACCEPTED:
		break;
	}
	if (seen->reach == DELIVERY_TLS_FAILED)
		return is(DELIVERY_CLEAR, rule,
			  arena_printf(a, "%s; most senders retry without TLS, some defer",
				       seen->why));
	return is(DELIVERY_CLEAR, rule, seen->why);
}

static struct delivery opportunistic(struct arena *a, const struct delivery_seen *seen)
{
	struct delivery d;

	if (not_reached(a, seen, &d))
		return d;
	if (seen->reach == DELIVERY_TLS)
		return is(DELIVERY_ENCRYPTED, "RFC 3207, 4.1",
			  "TLS is used, and the certificate does not matter");
	return in_clear(a, seen);
}

/* Mode enforce: TLS, a host of the policy, a valid certificate for it (RFC 8461, 4.1, 4.2, 5). */
static struct delivery enforced(struct arena *a, const struct delivery_seen *seen,
				const struct sts_policy *hosts)
{
	struct delivery d;

	if (not_reached(a, seen, &d))
		return d;
	if (hosts && !sts_policy_names(hosts, seen->host))
		return is(DELIVERY_DEFERRED, "RFC 8461, 4.1",
			  arena_printf(a, "the policy does not name %s", seen->host));
	if (seen->reach != DELIVERY_TLS)
		return is(DELIVERY_DEFERRED, "RFC 8461, 5",
			  arena_printf(a, "%s, and the policy demands TLS", seen->why));
	if (!seen->trust_known)
		return is(DELIVERY_UNKNOWN, "RFC 8461, 4.2",
			  "whether the certificate is trusted cannot be told here");
	if (*seen->distrust)
		return is(DELIVERY_DEFERRED, "RFC 8461, 4.2",
			  arena_printf(a, "the certificate of %s is not valid for it (%s)",
				       seen->host, seen->distrust));
	return is(DELIVERY_ENCRYPTED, "RFC 8461, 4.2",
		  "TLS, and the certificate is valid for the host");
}

static struct delivery sts(struct arena *a, const struct delivery_seen *seen,
			   const struct delivery_policy *policy)
{
	struct delivery d = opportunistic(a, seen), strict;

	if (policy->mode == STS_MODE_ENFORCE)
		return enforced(a, seen, policy->policy);
	if (policy->mode != STS_MODE_TESTING) {
		d.rule = policy->mode == STS_MODE_NONE ? "RFC 8461, 5" : "RFC 8461, 3.3";
		d.why = arena_printf(a, "%s: %s", policy->mode == STS_MODE_NONE ?
				     "the policy is in mode none" : policy->missing,
				     d.why);
		return d;
	}
	strict = enforced(a, seen, policy->policy);
	d.rule = "RFC 8461, 5";
	d.why = strict.outcome == DELIVERY_DEFERRED ?
		arena_printf(a, "the policy is in testing: '%s' is reported, and no more",
			     strict.why) :
		arena_printf(a, "the policy is in testing: %s", d.why);
	return d;
}

/* As in mode enforce: the hosts of a policy that nobody sees any more are not known, and so each
 * counts as named. */
static struct delivery sts_enforced(struct arena *a, const struct delivery_seen *seen,
				    const struct delivery_policy *policy)
{
	bool listed = policy->mode == STS_MODE_ENFORCE || policy->mode == STS_MODE_TESTING;
	struct delivery d = enforced(a, seen, listed ? policy->policy : NULL);

	if (!listed && seen->reach >= DELIVERY_NO_STARTTLS)
		d.why = arena_printf(a, "with a policy kept from before: %s", d.why);
	return d;
}

/* Does what DNS says of the host bind a sender that follows DANE (RFC 7672, 2.2)? */
static bool dane_binds(const struct dane *d)
{
	return d && d->result != DANE_NONE && d->result != DANE_INSECURE;
}

static const char *misfit(const struct dane *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].state == DANE_RECORD_EXPIRED || d->v[i].state == DANE_RECORD_NAME)
			return d->v[i].why;
	return "no TLSA record is for the certificate that it sends";
}

static struct delivery dane_bound(struct arena *a, const struct delivery_seen *seen)
{
	const struct dane *d = seen->dane;

	if (d->result == DANE_NO_ANSWER)
		return is(DELIVERY_DEFERRED, "RFC 7672, 2.1.2",
			  "the look-up of the TLSA records fails, so the host is not used");
	if (d->result == DANE_NOT_ASKED)
		return is(DELIVERY_UNKNOWN, "RFC 7672, 2.2", "TLSA could not be asked for");
	if (seen->reach != DELIVERY_TLS)
		return is(DELIVERY_DEFERRED, "RFC 7672, 2.2",
			  arena_printf(a, "%s, and TLSA records demand TLS", seen->why));
	if (d->result == DANE_UNUSABLE)
		return is(DELIVERY_ENCRYPTED, "RFC 7672, 2.2",
			  "no TLSA record is usable: TLS is demanded, and nothing is compared");
	if (d->result == DANE_FITS)
		return is(DELIVERY_ENCRYPTED, "RFC 7672, 2.2",
			  "a TLSA record matches the certificate");
	return is(DELIVERY_DEFERRED, "RFC 7672, 2.2", misfit(d));
}

static struct delivery dane(struct arena *a, const struct delivery_seen *seen)
{
	struct delivery d;

	if (not_reached(a, seen, &d))
		return d;
	if (dane_binds(seen->dane))
		return dane_bound(a, seen);
	d = opportunistic(a, seen);
	d.rule = seen->dane && seen->dane->result == DANE_INSECURE ? "RFC 7672, 2.1.1" :
		 "RFC 7672, 2.2";
	d.why = arena_printf(a, "%s: %s", seen->dane && seen->dane->result == DANE_INSECURE ?
			     "the TLSA records are not validated by DNSSEC" :
			     "there are no TLSA records", d.why);
	return d;
}

/* MTA-STS must not override a failing DANE validation (RFC 8461, 2); where DANE compares nothing,
 * the policy still binds. */
static struct delivery both(struct arena *a, const struct delivery_seen *seen,
			    const struct delivery_policy *policy)
{
	struct delivery by_dane = dane(a, seen), by_sts = sts(a, seen, policy);

	if (!dane_binds(seen->dane))
		return by_sts;
	if (seen->dane->result == DANE_UNUSABLE && by_dane.outcome == DELIVERY_ENCRYPTED &&
	    policy->mode == STS_MODE_ENFORCE)
		return by_sts;
	if (by_dane.outcome == DELIVERY_ENCRYPTED && by_sts.outcome == DELIVERY_DEFERRED)
		by_dane.why = arena_printf(a, "%s; some senders insist on MTA-STS, too (%s)",
					   by_dane.why, by_sts.why);
	return by_dane;
}

struct delivery delivery_judge(struct arena *a, const struct delivery_seen *seen,
			       const struct delivery_policy *policy, enum delivery_sender sender)
{
	switch (sender) {
	case SENDER_STS:
		return sts(a, seen, policy);
	case SENDER_STS_ENFORCED:
		return sts_enforced(a, seen, policy);
	case SENDER_DANE:
		return dane(a, seen);
	case SENDER_BOTH:
		return both(a, seen, policy);
	default:
		return opportunistic(a, seen);
	}
}
