/*
 * entra-token - the token endpoint: one function a grant (RFC 6749, 4.1.3, 4.4, 6; RFC 8628, 3.4).
 */
#include "base/arena.h"
#include "lab/cloud/entra.h"
#include "lab/cloud/jwt.h"

/* The user in the end says no, or somebody says it for them. False: refused. */
static bool user_may(struct entra *e, const struct tenant_user *u, const char *at)
{
	const struct tenant_refusal *r = tenant_refusal(e->tenant, at);
	unsigned number = r ? r->number : 0;

	if (u->refuse)
		number = u->refuse;
	if (u->disabled)
		number = 50057;
	if (number != 0)
		entra_refuse_text(e, number, r && r->number == number ? r->text : NULL, u->name);
	return number == 0;
}

static bool read_scope(struct entra *e, const char *text, struct oauth_scope *scope)
{
	unsigned number = scope_read(e->c->arena, text, scope);

	if (number != 0)
		entra_refuse(e, number, text);
	return number == 0;
}

/* The last step of each flow that has a user. */
static void issue_to(struct entra *e, const struct tenant_user *u, const char *asked,
		     const char *at)
{
	struct oauth_scope scope;
	unsigned number;

	if (!user_may(e, u, at) || !read_scope(e, asked, &scope))
		return;
	number = entra_granted(e, u, &scope);
	if (number != 0)
		entra_refuse(e, number, e->app->id);
	else
		entra_issue(e, u, &scope);
}

static void client_credentials(struct entra *e)
{
	const struct tenant_refusal *r;
	struct oauth_scope scope;

	if (!e->tenant || e->tenant->cloud == CLOUD_PERSONAL) {
		entra_refuse(e, 9001023, "");
		return;
	}
	if (!entra_client(e, false))
		return;
	if (!*entra_value(e, "scope")) {
		entra_refuse(e, 900144, "scope");
		return;
	}
	if (!read_scope(e, entra_value(e, "scope"), &scope))
		return;
	if (scope.permissions.n != 1 || !str_eq(scope.permissions.v[0], ".default")) {
		entra_refuse(e, 1002012, entra_value(e, "scope"));
		return;
	}
	r = tenant_refusal(e->tenant, "client_credentials");
	if (r)
		entra_refuse_text(e, r->number, r->text, e->app->id);
	else
		entra_issue(e, NULL, &scope);
}

static void device_code(struct entra *e)
{
	const char *asked = "";
	const struct tenant_user *u;

	if (!entra_client(e, true))
		return;
	if (!*entra_value(e, "device_code")) {
		entra_refuse(e, 900144, "device_code");
		return;
	}
	u = entra_device_user(e, &asked);
	if (u)
		issue_to(e, u, asked, "device_code");
}

static void authorization_code(struct entra *e)
{
	const char *asked = "";
	const struct tenant_user *u;

	if (!entra_client(e, true))
		return;
	if (!*entra_value(e, "code")) {
		entra_refuse(e, 900144, "code");
		return;
	}
	u = entra_code_user(e, &asked);
	if (u)
		issue_to(e, u, asked, "authorization_code");
}

static void refresh_token(struct entra *e)
{
	json_t *j;

	if (!entra_client(e, true))
		return;
	j = token_unseal("1.A", entra_value(e, "refresh_token"));
	if (!j || !str_eq_nocase(jwt_text(j, "client"), e->app->id)) {
		entra_refuse(e, *entra_value(e, "refresh_token") ? 70000 : 900144,
			     j ? "It was issued to another client." : "refresh_token");
	} else {
		const struct lab_tenant *t = entra_tenant(e->c->scenario, e->cloud,
							  jwt_text(j, "tenant"));
		const struct tenant_user *u = t ? tenant_user(t, jwt_text(j, "user")) : NULL;
		const char *asked = *entra_value(e, "scope") ? entra_value(e, "scope") :
				    arena_strdup(e->c->arena, jwt_text(j, "scope"));

		e->tenant = t;
		if (u)
			issue_to(e, u, arena_printf(e->c->arena, "%s offline_access", asked),
				 "refresh_token");
		else
			entra_refuse(e, 70000, "Its user is gone.");
	}
	json_decref(j);
}

void entra_token(struct entra *e)
{
	static const struct { const char *grant; void (*run)(struct entra *e); } grants[] = {
		{ "client_credentials", client_credentials },
		{ "urn:ietf:params:oauth:grant-type:device_code", device_code },
		{ "device_code", device_code },
		{ "authorization_code", authorization_code },
		{ "refresh_token", refresh_token },
	};
	const char *grant = entra_value(e, "grant_type");

	for (size_t i = 0; i < ARRAY_LEN(grants); i++) {
		if (str_eq(grant, grants[i].grant)) {
			grants[i].run(e);
			return;
		}
	}
	entra_refuse(e, *grant ? 70003 : 900144, *grant ? grant : "grant_type");
}
