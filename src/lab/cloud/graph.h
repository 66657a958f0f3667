#ifndef LAB_CLOUD_GRAPH_H
#define LAB_CLOUD_GRAPH_H

/*
 * graph - the parts of the role "graph", Microsoft Graph. Used by graph*.c only.
 */

#include "lab/cloud/cloud.h"

struct graph_request {
	struct cloud_call		*c;
	const struct lab_tenant		*tenant;	/* of the token */
	const json_t			*claims;
	const struct tenant_user	*me;		/* of a delegated token; NULL = an app */
	const struct tenant_app		*app;
	struct map			*query;
};

void graph_refuse(struct graph_request *g, int status, const char *code, const char *message);
/* Has the token one of the permissions (blanks between)? False: refused. */
bool graph_may(struct graph_request *g, const char *permissions);
/*
 * The user of "/users/ID/rest" or "/me/rest", and the rest of the path; NULL = refused, or
 * (*ret_rest NULL) not such a path.
 */
const struct tenant_user *graph_user(struct graph_request *g, const char *path,
				     const char **ret_rest);
/* A list with its pages: at most $top of it, and where the next ones are. Steals the list. */
void graph_list(struct graph_request *g, json_t *list);

/* --- graph-mail.c --- */
/* /users/ID/mailboxSettings, mailFolders..., sendMail. False = nobody knows it. */
bool graph_mailbox(struct graph_request *g, const struct tenant_user *u, const char *rest);

#endif
