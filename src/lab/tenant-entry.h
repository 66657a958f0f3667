#ifndef LAB_TENANT_ENTRY_H
#define LAB_TENANT_ENTRY_H

/*
 * tenant-entry - words of a `tenant` section of which there may be many: users, apps, log lines ...
 * Used by tenant.c only.
 */

#include "lab/setting.h"
#include "lab/tenant.h"

enum { TENANT_ENTRIES = 8 };

/* What the words add to. */
struct tenant_cursor {
	struct lab_tenant	*tenant;
	unsigned		 layer;		/* of the file */
};

extern const struct lab_setting tenant_entries[TENANT_ENTRIES];	/* object: a tenant_cursor */

#endif
