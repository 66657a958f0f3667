#ifndef LAB_ISSUE_H
#define LAB_ISSUE_H

/*
 * issue - the token a scenario gives its client, made when the lab starts: fresh, or as old as it is to be.
 */

#include <stdbool.h>

#include "lab/desk.h"
#include "lab/scenario.h"

/* Sets the scenario's token by its `issue` line, if it has one. False and *ret_error on a line that makes no sense. */
bool issue_token(struct arena *a, struct scenario *s, struct desk *d, const char **ret_error);

#endif
