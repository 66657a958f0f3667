#ifndef CMD_CHECK_EXPECT_H
#define CMD_CHECK_EXPECT_H

/*
 * check-expect - `check --expect FILE`: each expectation that is not met is a finding of the
 * target; --write-expect FILE writes down what this run meets.
 */

#include "base/buf.h"
#include "check/result.h"
#include "drift/expect.h"

struct expecting {
	const char		*path;		/* NULL = nothing is expected */
	const char		*write_path;	/* NULL = nothing is written */
	struct expectations	 list;
	struct buf		 text;		/* of the new file */
};

/* Reads the file. OPT_GO, or EXIT_USAGE after an error was told; also where the new one exists. */
int expecting_read(struct expecting *x, struct arena *a, const struct know *k, const char *path,
		   const char *write_path);
/* Holds a result against them: adds findings, and may make its status worse. */
void expecting_apply(struct expecting *x, struct result *r);
/* Writes the new file. OPT_GO, or EXIT_UNTESTED after an error was told. */
int expecting_end(struct expecting *x);
void expecting_release(struct expecting *x);

#endif
