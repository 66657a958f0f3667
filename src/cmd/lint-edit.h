#ifndef CMD_LINT_EDIT_H
#define CMD_LINT_EDIT_H

/*
 * lint-edit - a text as lines, what is to become of them, and the difference as a unified diff.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/str.h"
#include "base/strv.h"

struct arena;
struct buf;

struct edit_line {
	struct span	 old;		/* without its line end */
	const char	*end;		/* "\n", "\r\n"; "" of a last line that has none */
	bool		 out;		/* it goes */
	struct strv	 new;		/* what comes in its place, or behind it */
};

/* Lines count from 1, as people do; v[0] is nobody's, what is new there comes before the first. */
struct edit {
	struct arena		*arena;
	struct edit_line	*v;
	size_t			 n;	/* lines */
};

/* The text has to live as long. */
void edit_init(struct edit *e, struct arena *a, struct span text);
struct edit edit_copy(const struct edit *e);
/* False: something else is to become of it already. */
bool edit_replace(struct edit *e, size_t line, const char *with);
bool edit_insert(struct edit *e, size_t behind, const char *what);
/* Appends the new text. */
void edit_apply(const struct edit *e, struct buf *ret);
/* Without context. Nothing where nothing changes. */
void edit_diff(const struct edit *e, const char *name, FILE *to);

#endif
