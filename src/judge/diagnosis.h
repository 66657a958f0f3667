#ifndef JUDGE_DIAGNOSIS_H
#define JUDGE_DIAGNOSIS_H

/*
 * diagnosis - what the judge concludes: causes in order, what tells them apart, what blocks next.
 */

#include <stddef.h>

#include "base/failure.h"
#include "base/reply.h"
#include "base/strv.h"
#include "know/know.h"

struct diagnosed {
	const struct cause	*cause;
	enum certainty		 certainty;
	enum stage		 stage;
	/* the row's or the cause's words, placeholders filled in */
	const char		*title;
	const char		*meaning;
	struct strv		 because;	/* sentences of evidence */
	const char		*who, *retry, *verify, *decide;
	/* which administrator, where who is tenant-admin; else NULL */
	const struct role	*role;
	struct fix		 fix;		/* placeholders filled in */
	struct strv		 also;		/* cause ids */
	struct strv		 sources;
	/* row id and what the match rests on, or the rule's id */
	const char		*matched_by;
	const struct reply	*reply;		/* NULL if none */
};

/* One test that tells some of the causes apart that stand together, from tell-apart.tsv. */
struct tell {
	const char		*id;		/* of its row */
	struct strv		 causes;	/* ids, of those in question */
	const char		*test;		/* what to do, a sentence without a full stop */
	/* to copy, placeholders filled in; "" if there is none */
	const char		*command;
	const char		*decides;	/* which outcome means what: sentences */
	const char		*who;		/* can do it */
	/* which administrator; NULL where who is no tenant-admin */
	const struct role	*role;
	const char		*source, *confidence;
};

/* What would tell, and what nobody can tell from outside. */
struct apart {
	struct tell		*tests;		/* the cheapest first */
	size_t			 n;
	struct strv		 unknowable;	/* sentences */
};

struct diagnosis {
	struct diagnosed	*list;		/* the strongest first */
	size_t			 n;
	/* cause ids: what blocks once the first is mended */
	struct strv		 next;
	struct apart		 apart;
};

#endif
