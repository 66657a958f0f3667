#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * report - one result, many printers. A printer reads the result and writes; it never decides.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "paste/explain.h"
#include "check/result.h"
#include "logs/tally.h"
#include "token/got.h"
#include "token/inspect.h"

struct lint;

struct report_style {
	bool		color;
	bool		unicode;	/* symbols; false = ASCII */
	bool		quiet;		/* only what is not pass, and the diagnosis */
	bool		verbose;	/* times of the stages and the transcript */
	unsigned	columns;	/* 80 */
};

/* Each answers 0, or -1 when writing failed (errno). */
int report_text(FILE *to, const struct result *r, const struct report_style *style);
int report_json(FILE *to, const struct result *r, bool one_line);
int report_explanation_text(FILE *to, const struct explanation *e, const struct report_style *style);
int report_explanation_json(FILE *to, const struct explanation *e);
int report_inspection_text(FILE *to, const struct inspection *i, const struct report_style *style);
int report_inspection_json(FILE *to, const struct inspection *i);
/* What became of asking for a token: with "request" in smtpwhy.token/1. */
int report_token_got_text(FILE *to, const struct token_got *g, const struct report_style *style);
int report_token_got_json(FILE *to, const struct token_got *g);
/* What became of a log: causes first, then relays and senders. names: the files that were read, for the headline. */
struct log_read {
	const char	**names;	/* as the user wrote them; "-" is standard input */
	size_t		  n;
	bool		  packed;	/* one of them is packed */
	bool		  followed;	/* a line may be elsewhere by now */
	const char	 *trouble;	/* "" = all of it was read */
};
int report_summary_text(FILE *to, const struct tally_sum *s, const struct log_read *log, const struct report_style *style);
int report_summary_json(FILE *to, const struct tally_sum *s, const struct log_read *log);
int report_summary_csv(FILE *to, const struct tally_sum *s);
/* While a log is followed: a cause that is seen for the first time. */
int report_seen_text(FILE *to, const struct tally_cause *c, const struct report_style *style);
/* One message sent on purpose: smtpwhy.send/1. */
int report_send_text(FILE *to, const struct result *r, const struct report_style *style);
int report_send_json(FILE *to, const struct result *r);
/* A program's mail settings. */
int report_lint_text(FILE *to, const struct lint *l, const struct report_style *style);
int report_lint_json(FILE *to, const struct lint *l, bool one_line);
int report_lint_github(FILE *to, const struct lint *l);
/* A file that could not be read or recognised. error: why, in one line; people were told already. */
int report_lint_unread_text(FILE *to, const char *file, const struct report_style *style);
int report_lint_unread_json(FILE *to, const char *file, const char *error, bool one_line);
int report_lint_unread_github(FILE *to, const char *file, const char *error);
/* Rows of the error table. */
int report_codes_text(FILE *to, const struct error_row *const *rows, size_t n, const struct report_style *style);
int report_codes_json(FILE *to, const struct error_row *const *rows, size_t n);

/* What was seen, said and asked for, as JSON in one line (judge/saved.h). */
void report_evidence(FILE *to, const struct evidence *e);

#endif
