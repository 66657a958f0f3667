#ifndef DRIFT_RUNS_H
#define DRIFT_RUNS_H

/*
 * runs - what runs left, read back: reports of `check` (smtpwhy.report/1) and saved evidence
 * (smtpwhy.evidence/1) of one target each, one object after the other in one text, in any mixture.
 * An audit's NDJSON is such a text.
 *
 * The text is indexed once; a run is read when it is wanted, so that a file of many thousand
 * targets takes little more memory than its bytes.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/str.h"
#include "judge/evidence.h"

struct arena;
struct know;

/* Bytes of one file, and how deep brackets may be nested in an object. */
enum { LIMIT_RUNS = 512 * 1024 * 1024, LIMIT_RUN_DEPTH = 16 };

/* What the run made of it, where its report says so. "" = not known. */
struct run_cause {
	const char	*id, *title, *certainty, *who, *act, *command;
	const struct role *role;	/* NULL = none is named */
};

struct run {
	const char		*target;	/* "smtp.office365.com:587", "contoso.com" */
	struct evidence		*evidence;
	struct run_cause	 cause;
	bool			 failed;	/* a check failed */
};

/* The user, the sender, the recipient, the way of sending. */
enum { RUN_DETAILS = 4 };

/* One object of the text. */
struct run_place {
	const char	*target;	/* in lower case */
	/* what tells two runs of one target apart, as far as they say it; "" = not said */
	const char	*detail[RUN_DETAILS];
	struct span	 text;
	size_t		 number;	/* from 1 */
	bool		 used;		/* for whoever walks over them */
};

struct runs {
	const char		*name;		/* of the file; "-" = standard input */
	struct run_place	*v;
	size_t			 n;
};

/* The name of a file for a message: in quotation marks, or "standard input". */
const char *runs_shown(struct arena *a, const char *name);

/*
 * Indexes the text, which is not copied. False and *ret_error, one line in the arena ("object 3:
 * ..."), when it is not a series of runs. Tables are for the names of facts.
 */
bool runs_index(struct arena *a, const struct know *k, struct span text, struct runs *ret,
		const char **ret_error);
/* Reads one of them into the arena. NULL and *ret_error as above. */
struct run *run_read(struct arena *a, const struct know *k, const struct run_place *place,
		     const char **ret_error);
/* A run that was just made; target as people wrote it. */
struct run *run_of_evidence(struct arena *a, struct evidence *e, const char *target);

#endif
