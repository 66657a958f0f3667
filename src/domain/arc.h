#ifndef DOMAIN_ARC_H
#define DOMAIN_ARC_H

/*
 * arc - does the chain of seals hold that forwarders put on a message? RFC 8617.
 *
 *	const struct arc *c = arc_verify(arena, &dns, message, clock_wall());
 *	if (c->result == ARC_PASS)
 *		c->sets[0].results: what the first forwarder saw
 *
 * The message and its bounds are as for dkim_verify() (domain/dkim.h). It all lives in the arena.
 */

#include "domain/dkim.h"

enum arc_result {
	ARC_NONE,		/* there is no chain */
	ARC_PASS,
	ARC_FAIL,
	ARC_TEMPERROR,		/* a key cannot be looked up now */
};
const char *arc_result_name(enum arc_result r);		/* "none", "pass", "fail", "temperror" */

enum { ARC_SETS_MOST = 50 };	/* RFC 8617, 4.2.1 */

/* What one forwarder put on it: the three fields of one instance (RFC 8617, 4.2). */
struct arc_set {
	const char		*results;	/* ARC-Authentication-Results behind i=; escaped */
	struct dkim_sig		*message;	/* ARC-Message-Signature; NULL = there is none */
	struct dkim_sig		*seal;		/* ARC-Seal; NULL = there is none */
	const char		*cv;		/* of the seal; "" = not readable; escaped */
	bool			 no_canon;	/* the message signature has no c= */
	bool			 sealed;	/* the seal was judged, and holds */
	struct span		 raw;		/* ARC-Authentication-Results */
};

struct arc {
	enum arc_result		 result;
	const char		*why;		/* one sentence without a full stop; escaped */
	struct arc_set		 sets[ARC_SETS_MOST];	/* instance 1 first */
	size_t			 n;		/* the highest instance; 0 = none */
	unsigned		 failed;	/* the instance that decided; 0 = none */
};

/* Judges the chain; keys are asked for side by side. now: as dkim_verify(). Never NULL. */
_waits_ const struct arc *arc_verify(struct arena *a, const struct domain_dns *dns,
				     struct span message, int64_t now);

#endif
