#ifndef TESTS_UNIT_DKIM_LISTS_H
#define TESTS_UNIT_DKIM_LISTS_H

/*
 * dkim-lists - cases of public suites. Each runs a file and answers what tap_done() does.
 *
 * The lines of a list, cells parted by tabs:
 *	new				an empty zone
 *	zone NAME TYPE VALUE		as zone-table.h has them
 *	message FILE NOW WANT TITLE	one message; NOW 0 = whenever
 *	arc FILE NOW WANT TITLE		the same for its chain of seals
 */

int dkim_list_run(const char *file);
int dkim_signatures_run(const char *file);	/* headers with "valid" or "invalid", in JSON */
int dkim_keys_run(const char *file);		/* the same for key records */

#endif
