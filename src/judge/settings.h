#ifndef JUDGE_SETTINGS_H
#define JUDGE_SETTINGS_H

/*
 * settings - what does not fit together in a set-up: the rows of path-findings.tsv, asked about the
 * facts of a case ("case.", "seen.", "policy."). Pure.
 */

#include <time.h>

#include "judge/evidence.h"

/* One contradiction, or remark. */
struct path_finding {
	struct path_finding	*next;
	const char		*finding;	/* "path.credentials-at-mx": a contract */
	const char		*cause;		/* id of causes.txt; "" */
	enum severity		 severity;
	/* which setting it is about: "port", "host", "tls", "auth", "user", "from", "scope" ... */
	const char		*setting;
	/* what does not fit together, and what will happen; one or two sentences */
	const char		*message;
	const char		*fix;		/* what to change, exactly */
	const char		*confidence;	/* "official", "observed", "disputed", "expert" */
	const char		*source;
	/* the day from which it is so, while that is to come; else 0 */
	time_t			 due;
};

/* Worst first; NULL: everything fits, or there is no case. In the evidence's arena. */
struct path_finding *judge_settings(const struct evidence *e);

#endif
