#ifndef AUDIT_JOURNAL_H
#define AUDIT_JOURNAL_H

/*
 * journal - the evidence of an audit on disk, a record per target: an SQLite file in WAL mode,
 * synced at every record. After a crash of the program or of the machine it has every record that
 * journal_add() answered for, and no half ones. One program at a time has it open.
 *
 * What is left open shows as FILE-wal beside it: the two belong together.
 */

#include <stdbool.h>
#include <stddef.h>

#include "audit/digest.h"

struct arena;
struct journal;

/* What an audit asks, and of whom: a journal goes on with the very same only. */
struct journal_run {
	const char	*program;	/* name and version */
	const char	*list;		/* the sum of the list */
	const char	*options;	/* those that change what is asked, as on a command line */
	const char	*shard;		/* "3/8" */
	size_t		 targets;	/* of this shard */
};

struct journal_record {
	unsigned	 line;
	const char	*key;		/* plan_key() */
	const char	*target, *client, *status;
	/* A login that was refused must not be tried again: its credential's file and user; "". */
	const char	*refused_file, *refused_user;
	const char	*evidence;	/* smtpwhy.evidence/1 in one line */
};

/*
 * A journal that is there. NULL and *ret_error, what is wrong as the end of a sentence that begins
 * with the file's name, in the arena.
 */
struct journal *journal_open(struct arena *a, const char *path, const char **ret_error);
/*
 * For this run: a new one, or with `resume` the one that is there, if it is of the same run. With
 * `resume` and no file: a new one. Else as above.
 */
struct journal *journal_begin(struct arena *a, const char *path, const struct journal_run *run,
			      bool resume, const char **ret_error);
void journal_close(struct journal *j);		/* NULL is fine */
void journal_closep(struct journal **j);

/* Does a file of these first bytes look like one? 16 are enough. */
bool journal_looks_like(const char *p, size_t n);

const struct journal_run *journal_run(const struct journal *j);
/*
 * Writes a record and syncs it: true says that it will be there. NULL, or what is wrong, as above;
 * then it is not there.
 */
const char *journal_add(struct journal *j, const struct journal_record *r);
/* Several journal_add() that come true together, or not at all. NULL, or what is wrong. */
const char *journal_together(struct journal *j, bool begin);
/*
 * Gives every record to the function, by line, after its sum was tested; it answers NULL, or what
 * is wrong with it, which ends the walk. What is wrong, or NULL.
 */
const char *journal_each(struct journal *j, const char *(*take)(void *arg,
			 const struct journal_record *r), void *arg);
/*
 * How many records there are, and one sum over line, key and target of all of them: two journals of
 * one list have the same one when they are done, whatever was found. NULL, or what is wrong.
 */
const char *journal_count(struct journal *j, size_t *ret_n, char ret_sum[DIGEST_HEX]);

#endif
