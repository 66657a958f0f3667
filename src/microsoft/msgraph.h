#ifndef MICROSOFT_MSGRAPH_H
#define MICROSOFT_MSGRAPH_H

/*
 * msgraph - what is read of Microsoft Graph: GET requests alone.
 * https://learn.microsoft.com/graph/api/overview
 *
 *	sign-ins		AuditLog.Read.All, and a licence of Entra ID P1
 *				https://learn.microsoft.com/graph/api/signin-list
 *	security defaults	Policy.Read.All
 *	conditional access	Policy.Read.All
 *	the user		User.Read.All
 */

#include <time.h>

#include "microsoft/service.h"

/*
 * The SMTP logins of a user since then, the newest first, at most three pages of 50. Entries appear
 * some minutes late. Waits.
 */
_waits_ void msgraph_sign_ins(struct net *n, struct arena *a, const struct service *s,
			      const char *user, time_t since, struct service_answer *ret);
_waits_ void msgraph_security_defaults(struct net *n, struct arena *a, const struct service *s,
				       struct service_answer *ret);
_waits_ void msgraph_policies(struct net *n, struct arena *a, const struct service *s,
			      struct service_answer *ret);
/* id, accountEnabled, userPrincipalName, assignedPlans. */
_waits_ void msgraph_user(struct net *n, struct arena *a, const struct service *s, const char *user,
			  struct service_answer *ret);

/*
 * The path and query of the first question. Pure: quotes are doubled (OData 4.01, 5.1.1.14.1), then
 * all is percent-encoded.
 */
char *msgraph_sign_ins_path(struct arena *a, const char *user, time_t since);

#endif
