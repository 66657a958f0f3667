#ifndef AUDIT_PLAN_H
#define AUDIT_PLAN_H

/*
 * plan - the targets of a list by what they are, not by where they stand: which of them this run
 * asks, and which were asked before. 32 bytes per target.
 */

#include <stdbool.h>
#include <stddef.h>

#include "audit/list.h"

struct plan;

struct shard { unsigned long number, of; };	/* 3 of 8; {1, 1} = the whole list */

enum { PLAN_KEY = 48, SHARD_MOST = 100000 };

struct plan *plan_new(void);
void plan_free(struct plan *p);		/* NULL is fine */
/*
 * Adds a target; lines in rising order. Two targets of the same words stay two, by their order. A
 * login's shard is that of its credential, so that one that is refused is refused in one shard.
 */
void plan_add(struct plan *p, const struct list_target *t, struct shard shard);
/* Numbers equal targets. After the last plan_add(), before anything below. */
void plan_finish(struct plan *p);

size_t plan_count(const struct plan *p);	/* of this shard */
/* Is the target of this line to be asked: of this shard, and not done? */
bool plan_is_open(const struct plan *p, unsigned line);
/* The target was asked. False when the line has no target of this shard, or is done. */
bool plan_done(struct plan *p, unsigned line);
/* What names the target of a line: a sum of its words, and its number among equal ones. */
const char *plan_key(const struct plan *p, unsigned line, char ret[PLAN_KEY]);

#endif
