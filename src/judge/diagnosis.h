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
	const char		*title;		/* the row's or the cause's words, placeholders filled in */
	const char		*meaning;
	struct strv		 because;	/* sentences of evidence */
	const char		*who, *retry, *verify, *decide;
	const struct role	*role;		/* which administrator, where who is tenant-admin; else NULL */
	struct fix		 fix;		/* placeholders filled in */
	struct strv		 also;		/* cause ids */
	struct strv		 sources;
	const char		*matched_by;	/* row id and what the match rests on, or the rule's id */
	const struct reply	*reply;		/* NULL if none */
};

/* One test that tells some of the causes apart that stand together, from tell-apart.tsv. */
struct tell {
	const char		*id;		/* of its row */
	struct strv		 causes;	/* ids, of those in question */
	const char		*test;		/* what to do, a sentence without a full stop */
	const char		*command;	/* to copy, placeholders filled in; "" if there is none */
	const char		*decides;	/* which outcome means what: sentences */
	const char		*who;		/* can do it */
	const struct role	*role;		/* which administrator; NULL where who is no tenant-admin */
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
	struct strv		 next;		/* cause ids: what blocks once the first is mended */
	struct apart		 apart;
};

#endif
