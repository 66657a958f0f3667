#ifndef DOMAIN_CAA_H
#define DOMAIN_CAA_H

/*
 * caa - which certification authorities may issue a certificate for a name? RFC 8659, with
 * issuemail of RFC 9495. Everything lives in the arena.
 */

#include "base/strv.h"
#include "domain/ask.h"

enum caa_found {
	CAA_NONE,	/* no set of records up to the top: anybody may issue */
	CAA_SET,
	CAA_NO_ANSWER,	/* a question fails: authorities do not issue (RFC 8659, 3) */
};

struct caa {
	enum caa_found	 found;
	const char	*name;		/* whose certificate */
	const char	*domain;	/* where the set stands; "" */
	bool		 has_issue, has_mail;
	struct strv	 issue;		/* names of authorities; none = nobody may (issue ";") */
	struct strv	 issue_mail;	/* the same for S/MIME (issuemail) */
	struct strv	 faults;	/* one sentence each, without a full stop; escaped */
	bool		 blocks;	/* a critical property that nobody knows (RFC 8659, 4.5) */
	const char	*why;		/* of the question that failed; "" */
};

/* Climbs from the name to below the root; the first set of records counts. */
_waits_ struct caa caa_look(struct arena *a, const struct domain_dns *dns, const char *name);

/* May one of these authorities issue for the name, as far as the records say? */
bool caa_allows(const struct caa *c, const struct strv *authorities);

#endif
