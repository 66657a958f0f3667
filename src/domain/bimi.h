#ifndef DOMAIN_BIMI_H
#define DOMAIN_BIMI_H

/*
 * bimi - the logo that some receivers show beside mail of a domain (draft-brand-indicators-for-
 * message-identification). Everything lives in the arena.
 */

#include "base/str.h"
#include "base/strv.h"
#include "domain/ask.h"

enum bimi_found {
	BIMI_NONE,		/* no record */
	BIMI_SEVERAL,		/* several: as if there were none */
	BIMI_SYNTAX,
	BIMI_DECLINED,		/* l= is empty: the domain wants no logo shown */
	BIMI_FOUND,
	BIMI_NO_ANSWER,
};

struct bimi {
	enum bimi_found	 found;
	const char	*domain;	/* where it stands: the author's, or above it */
	const char	*record;	/* escaped; "" */
	const char	*logo;		/* l=; escaped; "" */
	const char	*evidence;	/* a=: the mark certificate; escaped; "" */
	const char	*why;		/* one sentence without a full stop; escaped; "" */
};

/* At default._bimi of the domain, else of the organizational domain (as DMARC finds it). */
_waits_ struct bimi bimi_look(struct arena *a, const struct domain_dns *dns, const char *domain,
			      const char *org_domain);
/* One record; false: it does not begin as one. */
bool bimi_read(struct arena *a, struct span text, struct bimi *ret);

#endif
