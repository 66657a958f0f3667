/*
 * entra - which endpoint is asked, of which organisation.
 */
#include "lab/cloud/entra.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/scan.h"

const char *entra_value(const struct entra *e, const char *name)
{
	const char *value = map_get(e->form, name);

	return value ? value : "";
}

const struct lab_tenant *entra_tenant(const struct scenario *s, enum tenant_cloud cloud,
				      const char *id)
{
	for (const struct lab_tenant *t = s->tenants; t; t = t->next) {
		bool here = t->cloud == cloud ||
			    (cloud == CLOUD_WORLDWIDE && t->cloud == CLOUD_PERSONAL);

		if (here && (str_eq_nocase(t->id, id) || tenant_has_domain(t, id)))
			return t;
		if (here && t->cloud == CLOUD_PERSONAL && str_eq(id, "consumers"))
			return t;
	}
	return NULL;
}

/* A path below /AUTHORITY; false = nobody knows it. */
static bool endpoint(struct entra *e, const char *path)
{
	bool post = str_eq(e->c->request->method, "POST");

	if (span_in(span_of(path),
		    "/v2.0/.well-known/openid-configuration|/.well-known/openid-configuration"))
		entra_configuration(e, path[1] == 'v');
	else if (span_in(span_of(path), "/discovery/v2.0/keys|/discovery/keys"))
		web_json(e->c->reply, e->c->arena, 200,
			 token_store_jwks(e->c->tokens, e->c->arena));
	else if (str_eq_nocase(path, "/oauth2/v2.0/authorize"))
		entra_authorize(e);
	else if (!str_eq_nocase(path, "/oauth2/v2.0/token") &&
		 !str_eq_nocase(path, "/oauth2/v2.0/devicecode"))
		return false;
	else if (!post)
		entra_refuse(e, 900561, e->c->request->method);
	else if (str_has_suffix_nocase(path, "/token"))
		entra_token(e);
	else
		entra_device(e);
	return true;
}

static bool known_path(const char *path)
{
	return str_has_suffix_nocase(path, "/.well-known/openid-configuration") ||
	       str_has_suffix_nocase(path, "/keys") || str_glob("*/oauth2/v2.0/*", path);
}

void entra_answer(struct cloud_call *c)
{
	const struct web_request *r = c->request;
	struct scan s = scan_over(r->path, strlen(r->path));
	struct entra e = { .c = c, .cloud = cloud_of_host(c->server->host) };
	const char *login = cloud_path(c, "/common/userrealm/");
	bool form = str_eq(r->method, "POST") &&
		    !str_find_nocase(web_field(r, "content-type"), "json");

	if (str_eq_nocase(r->path, "/getuserrealm.srf")) {
		entra_realm(c);
		return;
	}
	if (login) {
		entra_user_realm(c, login, e.cloud);
		return;
	}
	scan_accept(&s, '/');
	e.authority = span_dup(c->arena, scan_until(&s, "/"));
	e.form = form ? web_form(c->arena, r->body, r->body_len) :
		 web_form(c->arena, r->query, strlen(r->query));
	if (!known_path(r->path))
		return;
	e.tenant = entra_tenant(c->scenario, e.cloud, e.authority);
	if (!e.tenant && !str_eq(e.authority, "common") && !str_eq(e.authority, "organizations")) {
		entra_refuse(&e, 90002, e.authority);
		return;
	}
	endpoint(&e, span_dup(c->arena, scan_rest(&s)));
}
