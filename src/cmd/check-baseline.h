#ifndef CMD_CHECK_BASELINE_H
#define CMD_CHECK_BASELINE_H

/*
 * check-baseline - `check --baseline FILE`: what changed since the run that is kept in the file,
 * in place of a report; --accept keeps this run instead.
 */

#include "base/buf.h"
#include "check/result.h"
#include "cmd/drift-files.h"

struct baseline {
	const char		*path;		/* NULL = not asked for */
	bool			 accept;
	struct arena		*arena;
	const struct know	*know;
	struct buf		 old_text, now_text;
	struct runs		 old;
	struct drift_report	 drift;
	bool			 untested;	/* a target of this run has no verdict */
};

/*
 * Reads the file; with --accept it need not exist. OPT_GO, or EXIT_USAGE after an error was told.
 */
int baseline_read(struct baseline *b, struct arena *a, const struct know *k, const char *path,
		  bool accept);
/* Takes the result of a target. On the hub's stack. */
void baseline_take(struct baseline *b, const struct result *r);
/* Compares all that was taken, for the report. On the hub's stack. */
void baseline_compare(struct baseline *b);
/*
 * The exit status of the comparison. Where --accept was said and all targets have a verdict, the
 * file is written anew, as a whole or not at all; targets of it that were not asked stay.
 */
int baseline_end(struct baseline *b, bool strict);
void baseline_release(struct baseline *b);

#endif
