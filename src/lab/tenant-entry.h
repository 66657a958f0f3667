#ifndef LAB_TENANT_ENTRY_H
#define LAB_TENANT_ENTRY_H

/*
 * tenant-entry - lines of a `tenant` section of which there may be many: users, apps, log lines ... Used by tenant.c and issue.c only.
 */

#include "lab/line.h"
#include "lab/tenant.h"

/* "NAME=VALUE" or "NAME" of a line. */
struct pair {
	const char	*name;
	const char	*value;		/* "" when there is none */
};

/* The next one; false at the end. A value in double quotes may hold blanks. */
bool pair_next(struct scan *s, struct arena *a, struct pair *ret);
/* NULL, or what was expected. */
const char *tenant_entry(struct lab_tenant *t, struct arena *a, struct span word, struct span value, unsigned layer);

#endif
