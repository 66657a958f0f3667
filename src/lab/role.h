#ifndef LAB_ROLE_H
#define LAB_ROLE_H

/*
 * role - what a web server says by itself when the scenario says nothing: the services of Microsoft and Google that a client meets on its way
 * to a token, and with one. A role that does not know a path leaves reply->status 0.
 */

#include <stdbool.h>

#include "lab/desk.h"
#include "lab/scenario.h"
#include "lab/web.h"

struct map;

struct role_call {
	struct arena			*arena;
	const struct scenario		*scenario;
	const struct lab_server		*server;
	struct desk			*desk;
	const struct web_request	*request;
	struct web_reply		*reply;
};

/* Of those of the server that has roles, whoever knows the path. */
void role_answer(struct role_call *c);

/* login.microsoftonline.com and its like: discovery, devicecode, authorize, token. */
void entra_answer(struct role_call *c);
/* oauth2.googleapis.com: device/code and token. */
void google_answer(struct role_call *c);
/* An access token of Google's: sealed, as it says nothing to its bearer. */
char *google_mint(struct arena *a, const struct tenant_app *app, const struct tenant_user *u, const char *scope, long long until);
/* graph.microsoft.com and its like */
void graph_answer(struct role_call *c);
/* outlook.office365.com/adminapi */
void exo_answer(struct role_call *c);
/* The claims of the request's bearer token, if the lab issued it; NULL with *ret_why = "missing", "foreign" or "expired". A new reference. */
json_t *role_bearer(struct role_call *c, const char **ret_why);
/* Does the token have this permission, delegated or as an application? */
bool role_permits(const json_t *claims, const char *permission);
/* A request's path without `prefix`, NULL when it has another. Letters' case is ignored. */
const char *role_path(const struct role_call *c, const char *prefix);

#endif
