#ifndef ADMIN_INSIDE_H
#define ADMIN_INSIDE_H

/*
 * admin-inside - between the files of admin: values as PowerShell and the services write them.
 */

#include <stdbool.h>

#include "base/json.h"
#include "admin/admin.h"

/* A fact under a name put together of a row's: "exo.connector.2.name". */
struct admin_row {
	struct arena	*arena;
	struct facts	*facts;
	const char	*area;		/* "exo.connector" */
	unsigned	 n;		/* from 1; 0 = there is but one */
	const json_t	*row;		/* an object */
};

/*
 * The member as text: a list's members with blanks between, an enumeration by its word, null "". At
 * most LIMIT_ADMIN_TEXT.
 */
char *admin_text(struct arena *a, const json_t *row, const char *member);
/* -1 when it is not there, null or no yes or no; else 0 or 1: true, "True", 1. */
int admin_yes(const json_t *row, const char *member);
/* Is the member there at all? */
bool admin_has(const json_t *row, const char *member);
/* The objects of an answer, in whichever wrapping: i from 0, NULL after the last. */
const json_t *admin_row(const json_t *answer, size_t i);
size_t admin_rows(const json_t *answer);

/*
 * Sets the fact unless it is there already: what comes twice in an answer counts
 * once. "" is not set.
 */
void admin_put(struct admin_row *r, const char *name, const char *value);
void admin_put_yes(struct admin_row *r, const char *name, int yes);	/* not when it is -1 */
void admin_put_number(struct admin_row *r, const char *name, long long n);
/* member into fact. */
void admin_copy(struct admin_row *r, const char *member, const char *name);
void admin_copy_yes(struct admin_row *r, const char *member, const char *name);

/* admin-entra.c: what Graph answers. */
void admin_take_signin(struct admin_row *r);
void admin_take_defaults(struct admin_row *r);
void admin_take_policy(struct admin_row *r);
void admin_take_user(struct admin_row *r);

/* Facts that may be there, "" and false when not. */
const char *admin_fact(struct arena *a, const struct facts *f, const char *area, unsigned n,
		       const char *name);
/*
 * How many rows of an area there are: the facts AREA.rows. -1 when it was not read,
 * or not to its end.
 */
int admin_count(struct arena *a, const struct facts *f, const char *area);

/*
 * Is the address one of a connector's: an address, a network (192.0.2.0/24), a range
 * (192.0.2.1-192.0.2.9)? -1 = that cannot be told.
 */
int admin_address_in(const char *listed, const char *address);

#endif
