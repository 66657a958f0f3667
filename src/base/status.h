#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/*
 * status - what became of a question: a word of reports and of rules;
 * and how grave a finding is.
 */

enum status { STATUS_PASS, STATUS_WARN, STATUS_FAIL, STATUS_SKIP, STATUS_UNKNOWN };

/* How grave a finding is. */
enum severity { INFO, WARNING, ERROR };

const char *status_name(enum status s);	/* "pass", "warn", "fail", "skip", "unknown" */
enum status status_named(const char *name);	/* STATUS_UNKNOWN for any other word */
const char *severity_name(enum severity s);	/* "info", "warning", "error" */

#endif
