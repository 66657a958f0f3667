/*
 * entra-scope - what a token is asked for, whether that was granted, and the token: claims as the
 * service writes them (version 1 for Outlook and Graph, whichever endpoint was asked).
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "lab/cloud/entra.h"
#include "lab/cloud/jwt.h"
#include "lab/line.h"

static const struct { const char *name; enum resource_kind kind; } resources[] = {
	{ "https://outlook.office.com", RESOURCE_OUTLOOK },
	{ "https://outlook.office365.com", RESOURCE_OUTLOOK },
	{ "https://outlook.office365.us", RESOURCE_OUTLOOK },
	{ "https://outlook-dod.office365.us", RESOURCE_OUTLOOK },
	{ "https://partner.outlook.cn", RESOURCE_OUTLOOK },
	{ "https://ps.outlook.com", RESOURCE_OUTLOOK },
	{ "00000002-0000-0ff1-ce00-000000000000", RESOURCE_OUTLOOK },
	{ "https://graph.microsoft.com", RESOURCE_GRAPH },
	{ "https://graph.microsoft.us", RESOURCE_GRAPH },
	{ "https://dod-graph.microsoft.us", RESOURCE_GRAPH },
	{ "https://microsoftgraph.chinacloudapi.cn", RESOURCE_GRAPH },
	{ "00000003-0000-0000-c000-000000000000", RESOURCE_GRAPH },
};

/*
 * "https://outlook.office.com/SMTP.Send" into its two parts; a bare word is Graph's. False = nobody
 * knows the resource.
 */
static bool split(struct arena *a, struct span word, const char **ret_resource,
		  enum resource_kind *ret_kind, const char **ret_permission)
{
	for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
		size_t n = strlen(resources[i].name);

		if (!span_has_prefix_nocase(word, resources[i].name) || word.len <= n ||
		    word.p[n] != '/')
			continue;
		while (n < word.len && word.p[n] == '/')
			n++;
		*ret_resource = resources[i].name;
		*ret_kind = resources[i].kind;
		*ret_permission = arena_strndup(a, word.p + n, word.len - n);
		return **ret_permission != '\0';
	}
	*ret_resource = "https://graph.microsoft.com";
	*ret_kind = RESOURCE_GRAPH;
	*ret_permission = span_dup(a, word);
	return !memchr(word.p, '/', word.len);
}

unsigned scope_read(struct arena *a, const char *text, struct oauth_scope *ret)
{
	struct scan s = scan_over(text, strlen(text));

	*ret = (struct oauth_scope) { .resource = NULL };
	for (struct span w = line_word(&s); w.len > 0; w = line_word(&s)) {
		const char *resource, *permission;
		enum resource_kind kind;

		if (span_eq(w, "offline_access")) {
			ret->offline = true;
		} else if (span_eq(w, "openid") || span_eq(w, "profile") || span_eq(w, "email")) {
			ret->openid = true;
		} else {
			if (!split(a, w, &resource, &kind, &permission))
				return span_has_prefix_nocase(w, "https://") ? 500011 : 70011;
			if (ret->resource && !str_eq(ret->resource, resource))
				return 28000;
			ret->resource = resource;
			ret->kind = kind;
			strv_add(&ret->permissions, a, permission);
		}
	}
	if (!ret->resource && ret->openid)
		ret->resource = "https://graph.microsoft.com", ret->kind = RESOURCE_GRAPH;
	return ret->resource ? 0 : 70011;
}

/*
 * Whose permission a name is: "outlook:Mail.Send" says it, else SMTP, IMAP, POP and
 * Exchange are Outlook's.
 */
static const char *permission_of(const char *granted, enum resource_kind kind)
{
	static const char *const outlooks[] = { "SMTP.", "IMAP.", "POP.", "Exchange.",
						"full_access_as_app", "EWS." };
	bool outlook = false;

	if (str_has_prefix(granted, "outlook:"))
		return kind == RESOURCE_OUTLOOK ? granted + 8 : NULL;
	if (str_has_prefix(granted, "graph:"))
		return kind == RESOURCE_GRAPH ? granted + 6 : NULL;
	for (size_t i = 0; i < ARRAY_LEN(outlooks); i++)
		outlook |= str_has_prefix(granted, outlooks[i]);
	return outlook == (kind == RESOURCE_OUTLOOK) ? granted : NULL;
}

static bool granted(const struct strv *list, enum resource_kind kind, const char *wanted)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *p = permission_of(list->v[i], kind);

		if (p && str_eq_nocase(p, wanted))
			return true;
	}
	return false;
}

unsigned entra_granted(const struct entra *e, const struct tenant_user *user,
		       const struct oauth_scope *scope)
{
	for (size_t i = 0; user && i < scope->permissions.n; i++)
		if (!str_eq(scope->permissions.v[i], ".default") && !e->app->consented &&
		    !granted(&e->app->scopes, scope->kind, scope->permissions.v[i]))
			return 65001;
	return 0;
}

/*
 * The delegated permissions in a token: those asked for, or with .default all that
 * were consented to.
 */
static struct strv delegated(struct entra *e, const struct oauth_scope *scope)
{
	struct strv l = { .n = 0 };

	for (size_t i = 0; i < scope->permissions.n; i++)
		if (!str_eq(scope->permissions.v[i], ".default"))
			strv_add(&l, e->c->arena, scope->permissions.v[i]);
	if (l.n > 0)
		return l;
	for (size_t i = 0; i < e->app->scopes.n; i++) {
		const char *p = permission_of(e->app->scopes.v[i], scope->kind);

		if (p)
			strv_add(&l, e->c->arena, p);
	}
	return l;
}

static json_t *roles_of(const struct entra *e, enum resource_kind kind)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->app->roles.n; i++) {
		const char *p = permission_of(e->app->roles.v[i], kind);

		if (p)
			json_push(list, json_safe(p));
	}
	return list;
}

static void put_user(json_t *j, struct entra *e, const struct tenant_user *u, const char *scp)
{
	json_t *amr = json_array();

	json_push(amr, json_string("pwd"));
	json_push(amr, json_string("mfa"));
	json_put(j, "amr", amr);
	json_put_texts(j, "idtyp", "user",
		"ipaddr", e->c->scenario->client,
		"name", u->display,
		"oid", u->id,
		"scp", scp,
		"sub", arena_printf(e->c->arena, "sub-%s", u->id),
		"unique_name", u->name,
		"upn", u->name, NULL);
}

static void put_app(json_t *j, struct entra *e, enum resource_kind kind)
{
	json_t *roles = roles_of(e, kind);

	json_put_texts(j, "idtyp", "app",
		"oid", e->app->object,
		"sub", e->app->object, NULL);
	/* Nothing granted, no claim. */
	if (json_array_size(roles) > 0)
		json_put(j, "roles", json_incref(roles));
	json_decref(roles);
}

static json_t *claims_of(struct entra *e, const struct tenant_user *u,
			 const struct oauth_scope *scope, const char *scp, long long now)
{
	const struct lab_tenant *t = e->tenant;
	json_t *j = json_object();

	json_put_texts(j, "aud", scope->resource,
		"iss", arena_printf(e->c->arena, "https://%s/%s/", t->cloud == CLOUD_CHINA ?
				    "sts.chinacloudapi.cn" : "sts.windows.net", t->id), NULL);
	json_put(j, "iat", json_integer(now));
	json_put(j, "nbf", json_integer(now));
	json_put(j, "exp", json_integer(now + t->lifetime_s));
	json_put_texts(j, "appid", e->app->id,
		"app_displayname", e->app->name,
		"appidacr", arena_printf(e->c->arena, "%d", e->acr), NULL);
	if (u)
		put_user(j, e, u, scp);
	else
		put_app(j, e, scope->kind);
	json_put_texts(j, "tid", t->id,
		"uti", guid_new(e->c->arena),
		"ver", "1.0", NULL);
	return j;
}

static char *id_token(struct entra *e, const struct tenant_user *u)
{
	long long now = tenant_now(e->tenant);
	json_t *j = json_object();
	char *token;

	json_put_texts(j, "aud", e->app->id,
		"iss", arena_printf(e->c->arena, "https://%s/%s/v2.0", entra_host(e->tenant->cloud),
				    e->tenant->id), NULL);
	json_put(j, "iat", json_integer(now));
	json_put(j, "exp", json_integer(now + e->tenant->lifetime_s));
	json_put_texts(j, "name", u->display,
		"oid", u->id,
		"preferred_username", u->name,
		"sub", arena_printf(e->c->arena, "sub-%s", u->id),
		"tid", e->tenant->id,
		"ver", "2.0", NULL);
	token = token_store_sign(e->c->tokens, e->c->arena, j);
	json_decref(j);
	return token;
}

static char *refresh_token(struct entra *e, const struct tenant_user *u, const char *asked)
{
	json_t *j = json_object();
	char *token;

	json_put_texts(j, "tenant", e->tenant->id,
		"client", e->app->id,
		"user", u->name,
		"scope", asked,
		"id", guid_new(e->c->arena), NULL);
	token = token_seal(e->c->arena, "1.A", j);
	json_decref(j);
	return token;
}

/*
 * "https://outlook.office.com/SMTP.Send ...": as the answer says it, Graph's without the resource.
 */
static char *echo(struct entra *e, const struct oauth_scope *scope, const struct strv *list)
{
	struct strv words = { .n = 0 };

	for (size_t i = 0; i < list->n; i++)
		strv_addf(&words, e->c->arena, "%s%s%s",
			  scope->kind == RESOURCE_GRAPH ? "" : scope->resource,
			  scope->kind == RESOURCE_GRAPH ? "" : "/", list->v[i]);
	return strv_join(&words, e->c->arena, " ");
}

char *entra_mint(struct entra *e, const struct tenant_user *user, const struct oauth_scope *scope,
		 long long at)
{
	struct strv list = delegated(e, scope);
	json_t *claims = claims_of(e, user, scope, strv_join(&list, e->c->arena, " "), at);
	/* A personal account's token is for its resource alone to read. */
	char *token = e->tenant->cloud == CLOUD_PERSONAL ? token_seal(e->c->arena, "EwB", claims) :
		      token_store_sign(e->c->tokens, e->c->arena, claims);

	json_decref(claims);
	return token;
}

void entra_issue(struct entra *e, const struct tenant_user *user, const struct oauth_scope *scope)
{
	struct strv list = delegated(e, scope);
	const char *words = echo(e, scope, &list);
	const char *token = entra_mint(e, user, scope, tenant_now(e->tenant));
	json_t *j = json_object();

	json_put(j, "token_type", json_string("Bearer"));
	if (user)
		json_put(j, "scope", json_safe(words));
	json_put(j, "expires_in", json_integer(e->tenant->lifetime_s));
	json_put(j, "ext_expires_in", json_integer(e->tenant->lifetime_s));
	json_put(j, "access_token", json_safe(token));
	if (user && scope->offline)
		json_put(j, "refresh_token",
			 json_safe(refresh_token(e, user, entra_value(e, "scope")[0] ?
							  entra_value(e, "scope") : words)));
	if (user && scope->openid)
		json_put(j, "id_token", json_safe(id_token(e, user)));
	web_json(e->c->reply, e->c->arena, 200, j);
	web_add_field(e->c->reply, e->c->arena, "Cache-Control", "no-store, no-cache");
	web_add_field(e->c->reply, e->c->arena, "Pragma", "no-cache");
}
