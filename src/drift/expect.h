#ifndef DRIFT_EXPECT_H
#define DRIFT_EXPECT_H

/*
 * expect - what a target is expected to be, one expectation a line, in a file that people write
 * and read (`check --expect FILE`):
 *
 *	# the scanner's way out
 *	target      smtp.office365.com:587
 *	status      warn
 *	mechanisms  LOGIN XOAUTH2
 *	tls         1.2
 *
 * `target` begins what is about that target alone; what stands before the first one is about all.
 * The words are a table in expect.c, which the manual explains. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/str.h"
#include "judge/evidence.h"

struct arena;
struct buf;
struct expectation;
struct know;

enum { LIMIT_EXPECT = 1024 * 1024 };	/* bytes of a file */

struct expectations {
	struct expectation	*v;
	size_t			 n, cap;
};

/* A run as the expectations look at it. */
struct expect_run {
	const struct evidence	*evidence;
	const char		*target;	/* as people wrote it */
	enum status		 status;	/* of the whole */
};

struct expect_answer {
	/* pass; fail: not met; unknown: what is asked is not known */
	enum status	 status;
	const char	*words;		/* "line 4: mechanisms: LOGIN is expected, ..." */
};

struct expect_result {
	struct expect_answer	*v;
	size_t			 n, missed, open;
};

/* Reads a file's text. NULL, or one line in the arena: "line 3: ...". */
const char *expect_read(struct arena *a, const struct know *k, struct span text,
			struct expectations *ret);
/* Compares. All in the arena. */
struct expect_result expect_compare(struct arena *a, const struct expectations *x,
				    const struct expect_run *run);
/* Adds the lines that this run meets, with comments. */
void expect_write(struct arena *a, const struct expect_run *run, struct buf *to);

#endif
