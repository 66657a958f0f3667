/*
 * admin-token - a token of an administrator, as the scenario's tenant would issue it to an
 * application that may read.
 */
#include "lab/cloud/cloud.h"

#include "base/arena.h"
#include "base/clock.h"

static bool may_read(const struct tenant_app *app, bool graph)
{
	for (size_t i = 0; i < app->roles.n; i++)
		if (str_eq(app->roles.v[i], "Exchange.ManageAsApp") ? !graph :
		    graph && str_find_nocase(app->roles.v[i], ".Read.All"))
			return true;
	return false;
}

static char *issue(struct arena *a, const struct lab_tenant *t, const struct tenant_app *app,
		   bool graph)
{
	json_t *claims = json_object(), *roles = json_array();
	struct token_store tokens;
	char *token;

	for (size_t i = 0; i < app->roles.n; i++)
		json_push(roles, json_safe(app->roles.v[i]));
	json_put_texts(claims, "aud", graph ? "https://graph.microsoft.com" :
		"https://outlook.office365.com",
		"iss", arena_printf(a, "https://sts.windows.net/%s/", t->id),
		"tid", t->id,
		"appid", app->id,
		"oid", app->object,
		"idtyp", "app", NULL);
	json_put(claims, "roles", roles);
	json_put(claims, "nbf", json_integer(clock_wall() - 300));
	json_put(claims, "exp", json_integer(clock_wall() + t->lifetime_s));
	token_store_init(&tokens, a);
	token = token_store_sign(&tokens, a, claims);
	token_store_release(&tokens);
	json_decref(claims);
	return token;
}

const char *admin_token(struct arena *a, const struct lab_tenant *list, bool graph)
{
	for (const struct lab_tenant *t = list; t; t = t->next) {
		for (const struct tenant_app *app = t->apps; app; app = app->next) {
			char *token = may_read(app, graph) ? issue(a, t, app, graph) : NULL;

			if (token)
				return token;
		}
	}
	return "made-up-token-of-an-administrator";
}
