#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * report - one result, many printers. A printer reads the result and writes; it never decides.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "diag/explain.h"
#include "diag/result.h"

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
/* Rows of the error table. */
int report_codes_text(FILE *to, const struct error_row *const *rows, size_t n, const struct report_style *style);
int report_codes_json(FILE *to, const struct error_row *const *rows, size_t n);

#endif
