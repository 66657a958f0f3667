#ifndef CMD_DRIFT_FILES_H
#define CMD_DRIFT_FILES_H

/*
 * drift-files - files of runs, for `diff` and `check --baseline`.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "drift/drift.h"

struct arena;

/*
 * Reads the file (- is standard input) into the text, which must live as long as the runs. OPT_GO,
 * or EXIT_USAGE after an error was told.
 */
int drift_file(struct arena *a, const struct know *k, const char *command, const char *path,
	       struct buf *text, struct runs *ret);

/* The exit status that a comparison means. strict: a warning counts as a regression. */
int drift_status(const struct drift_report *r, bool strict);

#endif
