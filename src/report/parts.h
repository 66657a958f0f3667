#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

/*
 * parts - a report's verdict, piece by piece, so that as much of it is printed as fits on a screen:
 * what is needed first is never left out, of the rest what ranks highest, all in the order in which
 * it was added.
 *
 *	struct parts p = parts_new(o->arena);
 *
 *	parts_add(&p, PART_FIRST, "", put_why, d, 0);
 *	parts_add(&p, PART_REST, "sources", put_sources, d, 0);
 *	parts_put(o, &p);
 */

#include <stddef.h>

#include "report/out.h"

/* Lines of a verdict: a screen has 24, of which one is the prompt's. */
enum { PARTS_LINES = 22 };

/* The higher the number, the sooner it is left out. */
enum part_rank {
	PART_FIRST,	/* headline, who, first step: always there */
	PART_ALSO,	/* another cause, what decides */
	PART_STEP,	/* the second step */
	PART_THEN,	/* how to see that it worked, what comes next */
	PART_MORE,	/* further evidence and steps */
	PART_REST,	/* sources, what else it may be */
	PART_RANKS
};

struct part {
	enum part_rank	 rank;
	const char	*noun;		/* what is left out with it: "steps" */
	void		(*put)(struct out *o, const void *of, size_t i);
	const void	*of;
	size_t		 i;
	bool		 shown;
};

struct parts {
	struct arena	*arena;
	struct part	*v;
	size_t		 n, cap;
	bool		 all;		/* left out is nothing; set before the first is added */
};

struct parts parts_new(struct arena *a);
/* Of parts with the same put and of, a later one is shown only with all before it. */
void parts_add(struct parts *p, enum part_rank rank, const char *noun,
	       void (*put)(struct out *o, const void *of, size_t i), const void *of, size_t i);
/*
 * Prints as many lines as PARTS_LINES, with a verbose style all of them; the last line says what
 * was left out.
 */
void parts_put(struct out *o, struct parts *p);

#endif
