#ifndef DOMAIN_DNSBL_H
#define DOMAIN_DNSBL_H

/*
 * dnsbl - what lists in DNS say of an address or a domain, and whether they say anything: each is
 * asked for its test points, too (RFC 5782). Everything lives in the arena.
 */

#include "domain/ask.h"
#include "know/know.h"

enum dnsbl_state {
	DNSBL_NOT_LISTED,	/* the list works, and does not have it */
	DNSBL_LISTED,
	DNSBL_REFUSED,		/* it does not answer this resolver: nothing is known */
	DNSBL_BROKEN,		/* it answers what no list may: nothing is known */
	DNSBL_NO_ANSWER,	/* nothing is known */
};

struct dnsbl_found {
	const struct blocklist	*list;
	enum dnsbl_state	 state;
	const char		*answer;	/* "127.0.0.10"; "" */
	const char		*words;		/* what it means, or why nothing is known */
	const char		*text;		/* its TXT record of a listing; escaped; "" */
};

enum { DNSBL_LISTS_MOST = 40 };

/*
 * Asks all open lists of that kind ("ip", "domain") for what (an address, a domain), side by side.
 * Answers how many; ret has room for DNSBL_LISTS_MOST.
 */
_waits_ size_t dnsbl_ask(struct arena *a, const struct domain_dns *dns, const struct know *know,
			 const char *kind, const char *what, struct dnsbl_found *ret);

/* The name to ask for: "9.113.0.203.zen.spamhaus.org", "contoso.com.dbl.spamhaus.org"; NULL: not an
 * address, or too long. */
const char *dnsbl_name(struct arena *a, const char *zone, const char *kind, const char *what);

#endif
