#ifndef MICROSOFT_EXO_H
#define MICROSOFT_EXO_H

/*
 * exo - a cmdlet of Exchange Online, asked through the door that Microsoft's PowerShell module
 * uses: POST adminapi/beta/TENANT/InvokeCommand. Microsoft documents the module, not this door: it
 * may change without notice. Only cmdlets that read are let through.
 */

#include "microsoft/service.h"

struct exo {
	struct service	 service;	/* base "https://outlook.office365.com" */
	const char	*tenant;	/* GUID, or a domain of the tenant */
};

/* A parameter of a cmdlet; a list of them ends with a NULL name. */
struct exo_parameter { const char *name, *value; };

/*
 * Only Get- and Test- cmdlets; anything else is a bug of ours. The answer is {"value": [objects]},
 * at most four pages. Waits.
 */
_waits_ void exo_invoke(struct net *n, struct arena *a, const struct exo *x, const char *cmdlet,
			const struct exo_parameter *parameters,
			struct service_answer *ret);

/*
 * What is sent:
 * {"CmdletInput":{"CmdletName":"Get-CASMailbox","Parameters":{"Identity":"scan@contoso.com"}}}.
 * Pure.
 */
char *exo_body(struct arena *a, const char *cmdlet, const struct exo_parameter *parameters);

#endif
