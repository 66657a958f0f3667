#ifndef CMD_TABLES_H
#define CMD_TABLES_H

/*
 * tables - what is known, for one run: what is built in, the user's own tables, --codes.
 */

#include <stdbool.h>

struct arena;
struct know;

/*
 * Loads it. The user's own tables are in $XDG_CONFIG_HOME/smtpwhy, without that variable in
 * ~/.config/smtpwhy, and have the names of those they extend (error-codes.tsv); none need exist.
 * codes: the file of --codes, NULL = none; its rows go before all others. NULL after an error was
 * told (exit status 2).
 */
const struct know *tables_load(struct arena *a, const char *codes, const char *command);

/* A file of this name beside them, in the arena; NULL when there is none. */
const char *tables_own_file(struct arena *a, const char *name);

#endif
