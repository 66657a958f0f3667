#ifndef TESTS_PATH_CASES_H
#define TESTS_PATH_CASES_H

/*
 * path-cases - ways of sending as people have set them up, with what is to be said of each:
 * together they reach every row of path-findings.tsv and of path-choices.tsv.
 */

#include <stddef.h>

#include "sending/path.h"

enum { BEFORE = 1795132800, AFTER = 1798761600 };	/* 20 November 2026; 1 January 2027 */

#define GUID "6e1f7f0c-1111-4222-8333-0123456789ab"
#define M365 .mx = "contoso-com.mail.protection.outlook.com"

/*
 * Which way a case is, "" = not known, and what contradicts it: findings, with blanks between them.
 */
struct path_wanted { const char *what; struct path_case c; const char *path, *findings; };
/* Which ways fit: the rows of path-choices.tsv, the best first. */
struct path_fit { const char *what; struct path_case c; const char *rules; };

/* A case without `now` is one of the day BEFORE. */
extern const struct path_wanted path_wanted[];
extern const size_t n_path_wanted;
extern const struct path_fit path_fits[];
extern const size_t n_path_fits;

#endif
