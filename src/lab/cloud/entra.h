#ifndef LAB_CLOUD_ENTRA_H
#define LAB_CLOUD_ENTRA_H

/*
 * entra - the parts of the role "entra": Microsoft's token service, v2.0 endpoints, as seen from a
 * client. Used by entra*.c only.
 */

#include "lab/cloud/cloud.h"

/* What is known of a request to one of the endpoints. */
struct entra {
	struct cloud_call		*c;
	/* as the path has it: a domain, a GUID, "common", "organizations", "consumers" */
	const char			*authority;
	enum tenant_cloud		 cloud;		/* of the server */
	/* NULL: "common" or "organizations", until the user is known */
	const struct lab_tenant		*tenant;
	struct map			*form;
	const struct tenant_app		*app;
	/* how the client proved itself: 0 not at all, 1 by a secret, 2 by a signature */
	int				 acr;
};

/* A resource that tokens are for. */
enum resource_kind { RESOURCE_OUTLOOK, RESOURCE_GRAPH };

struct oauth_scope {
	const char		*resource;	/* "https://outlook.office.com" */
	enum resource_kind	 kind;
	struct strv		 permissions;	/* "SMTP.Send"; ".default" */
	bool			 offline, openid;
};

/* a parameter, "" = not there */
const char *entra_value(const struct entra *e, const char *name);

/*
 * The error answer of the number (entra-error.c); `detail` takes the place of {} in its words. With
 * `text` in place of them.
 */
void entra_refuse(struct entra *e, unsigned number, const char *detail);
void entra_refuse_text(struct entra *e, unsigned number, const char *text, const char *detail);
/* "AADSTS700016: Application with ... Trace ID: ...": for a redirect or a page. */
char *entra_words(struct entra *e, unsigned number, const char *text, const char *detail,
		  const char **ret_error);

/* --- discovery (entra-discovery.c) --- */
void entra_configuration(struct entra *e, bool v2);
void entra_realm(struct cloud_call *c);		/* GetUserRealm.srf */
void entra_user_realm(struct cloud_call *c, const char *login, enum tenant_cloud cloud);
const char *entra_host(enum tenant_cloud cloud);

/* --- clients (entra-client.c) --- */
/* Finds the app of the request and how it proves itself. False: refused. */
bool entra_client(struct entra *e, bool may_be_anonymous);

/* --- scopes and tokens (entra-scope.c) --- */
/* 0, or the number to refuse with. */
unsigned scope_read(struct arena *a, const char *text, struct oauth_scope *ret);
/*
 * An access token of this moment (seconds since 1970); user NULL = for the app itself. NULL when
 * GnuTLS refuses.
 */
char *entra_mint(struct entra *e, const struct tenant_user *user, const struct oauth_scope *scope,
		 long long at);
/* Answers with tokens; user NULL = for the app itself. */
void entra_issue(struct entra *e, const struct tenant_user *user, const struct oauth_scope *scope);
/* Is everything in it granted? 0, or the number to refuse with. */
unsigned entra_granted(const struct entra *e, const struct tenant_user *user,
		       const struct oauth_scope *scope);

/* --- flows --- */
void entra_token(struct entra *e);		/* entra-token.c */
void entra_device(struct entra *e);		/* entra-flow.c */
void entra_authorize(struct entra *e);
/*
 * The poll of a device code, and an authorization code: the user in the end, NULL = refused.
 * *ret_scope is what was asked for.
 */
const struct tenant_user *entra_device_user(struct entra *e, const char **ret_scope);
const struct tenant_user *entra_code_user(struct entra *e, const char **ret_scope);
const struct lab_tenant *entra_tenant(const struct scenario *s, enum tenant_cloud cloud,
				      const char *id);

/* What the service says of a number (53003), for its sign-in log. In the arena. */
char *entra_reason(struct arena *a, unsigned number);

#endif
