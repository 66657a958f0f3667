#ifndef LOGS_TALLY_H
#define LOGS_TALLY_H

/*
 * tally - failures in logs of any size, counted by cause, by the other side and by the sender's
 * domain, in constant memory.
 *
 *	struct tally *t = tally_new(know);
 *	tally_file(t, "mail.log");
 *	tally_line(t, line, false);		// for each line
 *	tally_end(t);
 *	struct tally_sum sum = tally_sum(t, arena);
 *
 * Lines that belong together (a stack trace, a reply of several lines) are one record and one
 * failure at most. Most lines are put aside by their words alone; the others are read, and
 * their words looked up among those that were judged before; only what is new is judged, as
 * `explain` judges a paste. What one record needs is freed before the next. Limits: LIMIT_LOG_LINE,
 * LIMIT_RECORD, LIMIT_TALLY_*; what has no place of its own any more is counted under "others",
 * never dropped.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/str.h"
#include "know/know.h"
#include "logs/stamp.h"

struct arena;
struct tally;

struct tally_count {
	uint64_t	all;
	uint64_t	deferred;	/* the server tries again */
	uint64_t	bounced;	/* the server gave up */
	/* the log does not say what became of the message; all = these three */
	uint64_t	failed;
	struct stamp	first, last;
};

/* A relay or a sender domain. */
struct tally_name {
	/* "" = the log does not say; NULL = others, which have no place of their own */
	const char		*name;
	struct tally_count	 count;
	const char		*provider;	/* of a relay: its id, NULL = unknown */
};

/* A kind of failure. */
struct tally_cause {
	const struct cause	*cause;		/* NULL = not recognised */
	/* the cause's; for what was not recognised, what its code says */
	const char		*title;
	const char		*who, *retry;	/* as in the tables; "" when not recognised */
	/* which administrator, where who is tenant-admin; else NULL */
	const struct role	*role;
	enum certainty		 certainty;
	/* whose server said so the first time: its id, "" unknown */
	const char		*provider;
	/* what the server said the first time, in one line; "" = it is not about a reply */
	const char		*reply;
	struct tally_count	 count;
	/* the first one's line, as it came, cut; NULs as \x00 */
	const char		*example;
	const char		*example_file;
	uint64_t		 example_line;	/* from 1 */
	unsigned		 example_lines;	/* how many belong to it */
};

struct tally_cell {
	const struct tally_cause *cause;
	const struct tally_name	 *relay, *sender;
	struct tally_count	  count;
};

/* All of it, the most frequent first. Valid until the next line, or tally_free(). */
struct tally_sum {
	struct tally_count		  count;
	uint64_t			  lines, cut_lines, bytes;
	/* lines about a failed attempt, not counted: the outcome has a line of its own */
	uint64_t			  attempts;
	uint64_t			  judged;	/* records that had to be judged anew */
	const struct tally_cause	**causes;
	const struct tally_name		**relays, **senders;
	const struct tally_cell		**cells;
	size_t				  n_causes, n_relays, n_senders, n_cells;
};

struct tally *tally_new(const struct know *k);
void tally_free(struct tally *t);		/* NULL is fine */
void tally_freep(struct tally **t);

/* The lines that follow are of this file (the name is copied); ends the last record. */
void tally_file(struct tally *t, const char *name);
/* cut: the line was longer than LIMIT_LOG_LINE, and this is its beginning. */
void tally_line(struct tally *t, struct span line, bool cut);
/* Nothing follows for now: the last record is judged. */
void tally_end(struct tally *t);

/*
 * Called after each failure was counted; n == 1 in cause->count.all when it is a new
 * one. Must not wait.
 */
void tally_watch(struct tally *t, void (*seen)(void *arg, const struct tally_cause *cause),
		 void *arg);

uint64_t tally_failures(const struct tally *t);			/* so far */
struct tally_sum tally_sum(const struct tally *t, struct arena *a);
/*
 * How many of a cause have that relay or sender, the most frequent first: cells of the sum, added
 * up. At most `most`.
 */
enum tally_by { TALLY_RELAYS, TALLY_SENDERS };
struct tally_part { const struct tally_name *name; uint64_t n; };
size_t tally_parts(const struct tally_sum *s, const struct tally_cause *cause, enum tally_by by,
		   struct tally_part *ret, size_t most);

#endif
