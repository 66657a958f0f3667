#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/*
 * status - what became of a question: a word of reports and of rules.
 */

enum status { STATUS_PASS, STATUS_WARN, STATUS_FAIL, STATUS_SKIP, STATUS_UNKNOWN };

const char *status_name(enum status s);	/* "pass", "warn", "fail", "skip", "unknown" */

#endif
