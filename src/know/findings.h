#ifndef KNOW_FINDINGS_H
#define KNOW_FINDINGS_H

/*
 * findings - what a check, `lint` or `token get` says when something is wrong: findings.tsv.
 * The names are a contract. Those of path.fit are rows of path-findings.tsv (know/path.h).
 */

#include <stddef.h>

#include "base/status.h"

struct know;

struct finding {
	const char	*name;		/* "starttls.refused" */
	const char	*by;		/* id of the check that says it; "lint", "token" */
	enum severity	 severity;	/* the gravest it is said with */
	const char	*cause;		/* id of the cause it stands for by itself; "" = none */
	const char	*words;		/* what it means: one sentence, without a full stop */
	const char	*confidence, *source;
};

/* Owned by the tables. NULL when there is none. */
const struct finding *know_finding(const struct know *k, const char *name);
const struct finding *know_finding_at(const struct know *k, size_t i);	/* NULL past the end */

#endif
