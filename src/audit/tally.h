#ifndef AUDIT_TALLY_H
#define AUDIT_TALLY_H

/*
 * tally - what an audit found, counted: by cause, by client, by who must act. Its memory grows with
 * the causes and clients, not with the targets.
 */

#include <stddef.h>

#include "base/status.h"

struct arena;
struct map;

/* What is counted of one target. The texts are copied where they are kept. */
struct audited {
	const char	*client, *target;
	enum status	 status;
	/* the strongest cause; NULL = none was found */
	const char	*cause, *title, *who, *step;
};

enum { TALLY_EXAMPLES = 3 };

struct audit_cause {
	const char	*id, *title, *who, *step;
	size_t		 n;
	const char	*examples[TALLY_EXAMPLES];	/* targets; NULL when there are fewer */
};

struct audit_client {
	const char	*name;
	size_t		 n, failed, warned, untested;
	const char	*cause;		/* of its first problem; NULL = none was named */
};

struct audit_actor {
	const char	*who;
	size_t		 n;
};

struct audit_tally {
	struct arena	*arena;
	struct map	*causes, *clients, *actors;
	struct map	*busy;		/* who sent us away for now, as struct audit_actor */
	size_t		 n, passed, warned, failed, untested;
	size_t		 unnamed;	/* problems without a cause */
};

void audit_tally_init(struct audit_tally *t, struct arena *a);
void audit_tally_add(struct audit_tally *t, const struct audited *one);
/* A provider or host sent us away for now. */
void audit_tally_sent_away(struct audit_tally *t, const char *place);

/*
 * The values of a map of it, in the arena, those with the most problems first, else in the order
 * in which they came.
 */
struct audit_cause **audit_tally_causes(const struct audit_tally *t, struct arena *a);
struct audit_client **audit_tally_clients(const struct audit_tally *t, struct arena *a);
struct audit_actor **audit_tally_actors(const struct audit_tally *t, struct arena *a);
struct audit_actor **audit_tally_busy(const struct audit_tally *t, struct arena *a);

#endif
