#ifndef NET_DNSSEC_H
#define NET_DNSSEC_H

/*
 * dnssec - does DNSSEC validate an answer (RFC 4035, 4.3)? Asked where the resolver's word does not
 * tell: an answer without AD, which may be unsigned or unchecked, and a SERVFAIL, which may be a
 * broken zone or a broken server.
 *
 * libunbound validates, through the same resolver; it is loaded at the first question, and its
 * thread ends with the run. Where it is not installed, or the resolver does not pass signatures
 * on, the answer is unknown.
 */

#include "base/attr.h"
#include "net/dns.h"

struct arena;
struct dnssec;

enum dnssec_state {
	DNSSEC_UNKNOWN,
	DNSSEC_SECURE,		/* the answer, or that there is none, is validated */
	DNSSEC_INSECURE,	/* the zone is not signed */
	DNSSEC_BOGUS,		/* the zone is signed, and the signatures do not hold */
};
const char *dnssec_state_name(enum dnssec_state s);	/* "unknown", "secure", ... */

struct dnssec_answer {
	enum dnssec_state	 state;
	/* of bogus: what is wrong; of unknown: why; one sentence without a full stop, escaped */
	const char		*why;
};

/* One question of this run; each waits for its turn, at most the net's time for one step. */
_waits_ struct dnssec_answer dnssec_validate(struct net *n, struct arena *a, const char *name,
					     enum dns_type type);

void dnssec_free(struct dnssec *d);	/* NULL is fine */

#endif
