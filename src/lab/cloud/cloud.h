#ifndef LAB_CLOUD_CLOUD_H
#define LAB_CLOUD_CLOUD_H

/*
 * cloud - the simulated services of Microsoft and Google: what a web server of a role answers when
 * the scenario itself says nothing, and what SMTP servers think of the tokens that such services
 * issued. All that the rest of the lab needs of this folder.
 */

#include <stdbool.h>

#include "lab/cloud/token-store.h"
#include "lab/scenario.h"
#include "lab/web.h"

struct map;
struct smtp_dialogue;

/* --- web servers --- */

/* A request to one of the services. */
struct cloud_call {
	struct arena			*arena;
	const struct scenario		*scenario;
	const struct lab_server		*server;
	struct token_store		*tokens;
	const struct web_request	*request;
	struct web_reply		*reply;
};

/* Of the roles that the server has, whichever knows the path answers; if none does, reply->status
 * stays 0. */
void cloud_answer(struct cloud_call *c);

/* login.microsoftonline.com and its like: discovery, devicecode, authorize, token. */
void entra_answer(struct cloud_call *c);
/* oauth2.googleapis.com: device/code and token. */
void google_answer(struct cloud_call *c);
/* An access token of Google's: sealed, as it says nothing to its bearer. */
char *google_mint(struct arena *a, const struct tenant_app *app, const struct tenant_user *u,
		  const char *scope, long long until);
/* graph.microsoft.com and its like */
void graph_answer(struct cloud_call *c);
/* outlook.office365.com/adminapi */
void exo_answer(struct cloud_call *c);

/* The claims of the request's bearer token, if the lab issued it; NULL with *ret_why = "missing",
 * "foreign" or "expired". A new reference. */
json_t *cloud_bearer(struct cloud_call *c, const char **ret_why);
/* Does the token have this permission, delegated or as an application? */
bool cloud_permits(const json_t *claims, const char *permission);
/* A request's path without `prefix`, NULL when it has another. Letters' case is ignored. */
const char *cloud_path(const struct cloud_call *c, const char *prefix);
/* The national cloud that a host belongs to, by the end of its name. */
enum tenant_cloud cloud_of_host(const char *host);

/* --- SMTP servers (token-validation.c) --- */

/* Tokens that the lab did not issue are none of its business: for them a scenario has `token` and
 * `right-token`. */
enum token_verdict {
	VERDICT_NOT_OURS,
	VERDICT_RIGHT,
	VERDICT_WRONG,		/* refused in the server's ordinary way */
	VERDICT_ANSWERED,	/* refused with the line in *ret_line */
};

/*
 * For this mailbox. A challenge that goes before the refusal is *ret_challenge, where there is one.
 */
enum token_verdict validate_token(struct smtp_dialogue *t, const char *user, const char *token,
				  const char **ret_line, const char **ret_challenge);
/* What High Volume Email says of an XOAUTH2 initial response that is malformed; NULL = nothing is
 * wrong with it. */
const char *validate_initial_response(const struct smtp_dialogue *t, struct span response);

/* --- tokens for the client --- */

/* Makes the scenario's token by its `issue` line, if it has one, when the lab starts: fresh, or as
 * old as it is to be (client-token.c). False and *ret_error on a line that makes no sense. */
bool client_token_issue(struct arena *a, struct scenario *s, struct token_store *tokens,
			const char **ret_error);

/* A token for Graph or for Exchange, of the first application of a tenant that may read there; a
 * made-up word when there is none (admin-token.c). */
const char *admin_token(struct arena *a, const struct lab_tenant *list, bool graph);

#endif
