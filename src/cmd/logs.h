#ifndef CMD_LOGS_H
#define CMD_LOGS_H

/*
 * logs - explain --summary and explain --follow: whole logs, in constant memory.
 */

#include <stdbool.h>

#include "logs/lines.h"
#include "base/strv.h"
#include "cmd/output.h"
#include "cmd/progress.h"
#include "logs/tally.h"

struct arena;

struct logs {
	/* asked for: */
	struct arena			*arena;
	const struct output_options	*output;
	const struct strv		*operands;	/* files; "-" and none are standard input */
	const char			*codes;
	bool				 progress;
	/* while it runs: */
	struct strv			 files;
	struct tally			*tally;
	struct lines			 lines;
	struct progress			 live;
	struct log_read			 read;
	struct report			 report;
};

/* Both answer the exit status. */
int logs_summary(struct logs *l);
int logs_follow(struct logs *l);

/* --- what both share --- */

/*
 * Which files, the tables, the place for the result. OPT_GO, or the exit status after an error was
 * told. Then logs_end() is due.
 */
int logs_begin(struct logs *l);
/* Prints the summary, and answers the exit status. failed: not all of it could be read. */
int logs_end(struct logs *l, bool failed);

#endif
