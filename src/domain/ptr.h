#ifndef DOMAIN_PTR_H
#define DOMAIN_PTR_H

/*
 * ptr - the names of an address that lead back to it: forward-confirmed reverse DNS (RFC 8601, 3).
 * Everything lives in the arena.
 */

#include "base/strv.h"
#include "domain/ask.h"

enum ptr_found {
	PTR_CONFIRMED,		/* a name leads back */
	PTR_NOT_CONFIRMED,	/* there are names, and none does */
	PTR_NONE,		/* no name, or no address was given */
	PTR_NO_ANSWER,
};

enum { PTR_NAMES_MOST = 10 };

struct ptr_names {
	enum ptr_found	 found;
	enum dns_status	 status;	/* of the PTR question */
	struct strv	 names;		/* the first PTR_NAMES_MOST; escaped as net/dns.h does */
	struct strv	 confirmed;	/* of those, the ones that lead back */
	const char	*why;		/* of an answer that is none */
};

_waits_ struct ptr_names ptr_look(struct arena *a, const struct domain_dns *dns, const char *ip);
/*
 * The name that has an address's PTR records: "7.113.0.203.in-addr.arpa" (RFC 1035, 3.5; RFC 3596,
 * 2.5). len is 4 or 16.
 */
const char *ptr_name(struct arena *a, const unsigned char *octets, size_t len);
const char *ptr_name_of(struct arena *a, const struct net_address *address);

#endif
