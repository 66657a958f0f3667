#ifndef CMD_ADMIN_SCRIPT_H
#define CMD_ADMIN_SCRIPT_H

/*
 * admin-script - the PowerShell script by which an administrator reads what decides about a
 * mailbox: data/admin-script.ps1, filled in.
 */

#include "cmd/check-options.h"

/*
 * Prints it, as the options say: --user (else the one target, an address), --from, --path,
 * --provider, -o. An exit status, never OPT_GO.
 */
int admin_script(const struct check_options *o, const struct strv *targets);

/*
 * The template with its places filled in. Addresses must have been tested: quotes are doubled,
 * nothing else. For tests, too.
 */
char *admin_script_text(struct arena *a, const char *user, const char *from, const char *provider,
			bool high_volume);

#endif
