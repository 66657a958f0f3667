#ifndef DRIFT_INSIDE_H
#define DRIFT_INSIDE_H

/*
 * inside - what the files of src/drift share. Nobody else includes it.
 */

#include "base/arena.h"
#include "drift/drift.h"
#include "know/facts.h"

/* One fact in both runs. */
struct value_change {
	const struct fact_kind	*kind;
	const char		*name;
	const struct fact	*was, *now;	/* NULL = it is not there */
	unsigned		 port;
	struct strv		 gone, come;	/* parts of a list */
};

/* value.c: takes lists apart. False when both are the same; the order of a list does not count. */
bool value_differs(struct arena *a, struct value_change *c);
/* The value in one line for people, "nothing" for none. */
const char *value_words(const struct fact *f);
/* The port in a fact's name; 0 where its row has none. */
unsigned value_port(const char *row, const char *name);

/* meaning.c: the row that decides; NULL when no row knows it. e: of the new run. */
const struct change_row *meaning_of_fact(const struct evidence *e, const struct value_change *c);
const struct change_row *meaning_of_finding(const struct evidence *e, const char *finding,
					    enum drift_how how, unsigned port);
/* Fills in what the row says about the change; a value or f may stand for the words. */
void meaning_tell(struct arena *a, const struct change_row *row, struct drift_change *c,
		  const struct evidence *e);

#endif
