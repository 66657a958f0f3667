#ifndef DOMAIN_DKIM_SELECTORS_H
#define DOMAIN_DKIM_SELECTORS_H

/*
 * dkim-selectors - which keys does a domain publish? Selectors cannot be listed in DNS: they are
 * given, or those that its provider uses are tried.
 */

#include "domain/dkim.h"
#include "know/know.h"

/* What was found at one selector. */
struct dkim_selector {
	const char		*name;		/* as given; escaped */
	const char		*asked;		/* the whole name; "" = it is none */
	enum dns_status		 status;
	enum dkim_fault		 fault;		/* of the question, or of the key */
	const char		*why;		/* one sentence without a full stop; escaped; "" */
	const char		*alias;		/* where a CNAME leads; "" = there is none */
	const char		*doubled;	/* where it stands, the domain twice; "" */
	const struct dkim_key	*key;		/* NULL = none */
};

enum { DKIM_SELECTORS_MOST = 32 };

struct dkim_keys {
	const char		*domain;
	struct dkim_selector	 v[DKIM_SELECTORS_MOST];
	size_t			 n;
	bool			 nothing;	/* not even _domainkey.DOMAIN exists */
};

/* The selectors that services (ids of services.tsv) use, and those that are common with many; at
 * most DKIM_SELECTORS_MOST. */
struct strv dkim_selectors_of(struct arena *a, const struct know *know,
			      const struct strv *services);

/* Asks for all of them, side by side. Never NULL. */
_waits_ const struct dkim_keys *dkim_keys_ask(struct arena *a, const struct domain_dns *dns,
					      const char *domain, const struct strv *selectors);

#endif
