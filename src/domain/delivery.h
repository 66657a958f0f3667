#ifndef DOMAIN_DELIVERY_H
#define DOMAIN_DELIVERY_H

/*
 * delivery - what each kind of sender does with mail for a domain at one address of one MX host:
 * delivers it encrypted or in clear text, defers it, or bounces it. Pure: what was seen of the
 * address is the caller's. The rules are those of RFC 3207 (opportunistic TLS), RFC 8461 (MTA-STS)
 * and RFC 7672 (DANE); each answer names the section it follows. Everything lives in the arena.
 *
 *	struct delivery d = delivery_judge(arena, &seen, &policy, SENDER_DANE);
 *	if (d.outcome == DELIVERY_DEFERRED)
 */

#include "domain/dane.h"
#include "domain/sts.h"

enum delivery_sender {
	SENDER_OPPORTUNISTIC,	/* TLS where it is offered, any certificate */
	SENDER_STS,		/* keeps to the policy that is published now */
	/* the policy in mode enforce: kept from before until its max_age, or once it is published
	 * so */
	SENDER_STS_ENFORCED,
	SENDER_DANE,
	SENDER_BOTH,		/* DANE where it applies, else MTA-STS */
	DELIVERY_SENDERS,
};
/* "opportunistic", "mta-sts", "mta-sts-enforced", "dane", "both" */
const char *delivery_sender_name(enum delivery_sender s);
/* "opportunistic senders", "senders that follow MTA-STS", ... */
const char *delivery_sender_words(enum delivery_sender s);

/* In the order from best to worst. */
enum delivery_outcome {
	DELIVERY_ENCRYPTED,
	DELIVERY_CLEAR,
	DELIVERY_UNKNOWN,	/* it could not be seen from here */
	/* not to this host; where no other is left: queued, then returned */
	DELIVERY_DEFERRED,
	DELIVERY_BOUNCED,	/* returned at once */
	DELIVERY_OUTCOMES,
};
/* "encrypted", "clear", "unknown", "deferred", "bounced" */
const char *delivery_outcome_name(enum delivery_outcome o);

/* How far a sender with STARTTLS gets there. */
enum delivery_reach {
	DELIVERY_NOT_TRIED,	/* our side, or the server refuses this machine: nothing is known */
	DELIVERY_UNREACHED,	/* no connection */
	DELIVERY_NO_STARTTLS,
	DELIVERY_TLS_FAILED,	/* STARTTLS refused, or the handshake failed */
	DELIVERY_TLS,
};

/* What became of MAIL FROM in clear text. */
enum delivery_clear {
	CLEAR_UNKNOWN,		/* not asked, or refused for another reason than TLS */
	CLEAR_ACCEPTED,
	CLEAR_REFUSED,		/* TLS is demanded, by a permanent reply (530) */
	CLEAR_DEFERRED,		/* ... by a temporary one */
};

/* One address of one MX host, with one kind of key. */
struct delivery_seen {
	const char		*host, *address;
	const char		*key;		/* "RSA", "ECDSA"; "" = no certificate was seen */
	enum delivery_reach	 reach;
	const char		*why;		/* of all but DELIVERY_TLS, in words */
	enum delivery_clear	 clear;
	bool			 trust_known;	/* the certificate could be judged (DELIVERY_TLS) */
	const char		*distrust;	/* what is wrong with it, "untrusted name"; "" */
	const struct dane	*dane;		/* NULL = not known */
};

struct delivery_policy {
	enum sts_mode		 mode;		/* STS_MODE_MISSING = there is no valid policy */
	const struct sts_policy	*policy;	/* its hosts; NULL when there is none */
	const char		*missing;	/* why there is none, in words; "" */
};

struct delivery {
	enum delivery_outcome	 outcome;
	const char		*why;		/* one sentence without a full stop */
	const char		*rule;		/* "RFC 8461, 4.2" */
};

struct delivery delivery_judge(struct arena *a, const struct delivery_seen *seen,
			       const struct delivery_policy *policy, enum delivery_sender sender);

/* Of several outcomes: the better one, the worse one. What is unknown is neither. */
enum delivery_outcome delivery_better(enum delivery_outcome a, enum delivery_outcome b);
enum delivery_outcome delivery_worse(enum delivery_outcome a, enum delivery_outcome b);

#endif
