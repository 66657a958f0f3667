/*
 * google - Google's token service for installed apps: device codes (RFC 8628), the browser, and
 * refresh. Its tokens say nothing to their bearer.
 */
#include <gnutls/crypto.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "lab/cloud/jwt.h"
#include "lab/cloud/cloud.h"

static void refuse(struct cloud_call *c, int status, const char *error, const char *words)
{
	json_t *j = json_object();

	json_put_texts(j, "error", error,
		"error_description", words, NULL);
	web_json(c->reply, c->arena, status, j);
}

static const char *value(struct map *form, const char *name)
{
	const char *v = map_get(form, name);

	return v ? v : "";
}

/* The tenant whose app it is; NULL = refused. */
static const struct lab_tenant *client(struct cloud_call *c, struct map *form, bool with_secret,
				       const struct tenant_app **ret_app)
{
	for (const struct lab_tenant *t = c->scenario->tenants; t; t = t->next) {
		const struct tenant_app *app = t->cloud == CLOUD_GOOGLE ?
					       tenant_app(t, value(form, "client_id")) : NULL;

		if (!app)
			continue;
		*ret_app = app;
		if (!with_secret || str_eq(app->secret, value(form, "client_secret")))
			return t;
		refuse(c, 401, "invalid_client", "Unauthorized");
		return NULL;
	}
	refuse(c, 401, "invalid_client", "The OAuth client was not found.");
	return NULL;
}

static void device_code(struct cloud_call *c, struct map *form)
{
	const struct tenant_app *app = NULL;
	const struct lab_tenant *t = client(c, form, false, &app);
	json_t *j, *sealed;

	if (!t)
		return;
	if (!*value(form, "scope")) {
		refuse(c, 400, "invalid_request", "Missing required parameter: scope");
		return;
	}
	sealed = json_object();
	json_put_texts(sealed, "client", app->id,
		"scope", value(form, "scope"), NULL);
	json_put(sealed, "until", json_integer(tenant_now(t) + (long long)t->device.lasts));
	json_put(sealed, "id", json_safe(guid_new(c->arena)));
	j = json_object();
	json_put_texts(j, "device_code", token_seal(c->arena, "AH-1Ng", sealed),
		"user_code", "GQVQ-JKEC",
		"verification_url", "https://www.google.com/device", NULL);
	json_put(j, "expires_in", json_integer((json_int_t)t->device.lasts));
	json_put(j, "interval", json_integer((json_int_t)t->device.interval));
	json_decref(sealed);
	web_json(c->reply, c->arena, 200, j);
}

char *google_mint(struct arena *a, const struct tenant_app *app, const struct tenant_user *u,
		  const char *scope, long long until)
{
	json_t *claims = json_object();
	char *token;

	json_put_texts(claims, "client", app->id,
		"scope", scope,
		"upn", u ? u->name : "", NULL);
	json_put(claims, "exp", json_integer(until));
	json_put(claims, "id", json_safe(guid_new(a)));
	token = token_seal(a, "ya29.a0", claims);
	json_decref(claims);
	return token;
}

/* What a client comes back with: it outlives the token. */
static char *refresh_token(struct cloud_call *c, const struct tenant_app *app, const char *scope)
{
	json_t *content = json_object();
	char *token;

	json_put_texts(content, "client", app->id,
		"scope", scope,
		"id", guid_new(c->arena), NULL);
	token = token_seal(c->arena, "1//0e", content);
	json_decref(content);
	return token;
}

static void issue(struct cloud_call *c, const struct lab_tenant *t, const struct tenant_app *app,
		  const char *scope, bool refresh)
{
	const struct tenant_user *u = *t->visitor ? tenant_user(t, t->visitor) : t->users;
	json_t *j = json_object();

	json_put(j, "access_token",
		 json_safe(google_mint(c->arena, app, u, scope, tenant_now(t) + t->lifetime_s)));
	json_put(j, "expires_in", json_integer(t->lifetime_s));
	json_put_texts(j, "scope", scope,
		"token_type", "Bearer", NULL);
	if (refresh)
		json_put(j, "refresh_token", json_safe(refresh_token(c, app, scope)));
	web_json(c->reply, c->arena, 200, j);
}

/* Where the n-th poll stands. True: the user has said yes. */
static bool polled(struct cloud_call *c, const struct lab_tenant *t, const json_t *code)
{
	unsigned n = token_store_count(c->tokens,
				       arena_printf(c->arena, "poll %s", jwt_text(code, "id")));

	if (tenant_now(t) >= jwt_number(code, "until", 0) ||
	    (n >= t->device.pending && t->device.end == DEVICE_EXPIRED))
		refuse(c, 400, "expired_token", "The device code has expired.");
	else if (n < t->device.slow_down)
		refuse(c, 403, "slow_down", "Forbidden");
	else if (n < t->device.slow_down + t->device.pending)
		refuse(c, 428, "authorization_pending", "Precondition Required");
	else if (t->device.end == DEVICE_DECLINED)
		refuse(c, 403, "access_denied", "Forbidden");
	else
		return true;
	return false;
}

/* --- the browser (RFC 6749, 4.1; RFC 7636): the person says yes at once --- */

static void authorize(struct cloud_call *c)
{
	struct map *query = web_form(c->arena, c->request->query, strlen(c->request->query));
	const char *to = value(query, "redirect_uri"), *state = value(query, "state");
	const struct tenant_app *app = NULL;
	const struct lab_tenant *t = client(c, query, false, &app);
	json_t *code;

	if (!t)
		return;
	/* An installed app's own machine only, any port (RFC 8252, 7.3). */
	if (!str_glob("http://127.0.0.1:*", to) && !str_glob("http://localhost:*", to) &&
	    !str_glob("http://[::1]:*", to)) {
		web_text(c->reply, 400, "text/html; charset=utf-8",
			 "<!DOCTYPE html><title>Error 400: redirect_uri_mismatch</title>\n");
		return;
	}
	code = json_object();
	json_put_texts(code, "client", app->id,
		"scope", value(query, "scope"),
		"redirect", to,
		"challenge", value(query, "code_challenge"),
		"id", guid_new(c->arena), NULL);
	web_text(c->reply, 302, "text/html; charset=utf-8",
		 "<!DOCTYPE html><title>Moved</title>\n");
	web_add_field(c->reply, c->arena, "Location",
		      arena_printf(c->arena, "%s%c%s=%s&state=%s", to, strchr(to, '?') ? '&' : '?',
				   tenant_refusal(t, "authorize") ? "error" : "code",
				   tenant_refusal(t, "authorize") ? "access_denied" :
				   web_encode(c->arena, token_seal(c->arena, "4/0A", code)),
				   web_encode(c->arena, state)));
	json_decref(code);
}

static bool code_matches(struct cloud_call *c, struct map *form, const json_t *code)
{
	const char *verifier = value(form, "code_verifier"),
		*challenge = jwt_text(code, "challenge");
	unsigned char sum[32] = { 0 };

	if (!str_eq(value(form, "redirect_uri"), jwt_text(code, "redirect")))
		return false;
	if (token_store_count(c->tokens, arena_printf(c->arena, "used %s", jwt_text(code, "id"))) >
	    0)
		return false;
	return !*challenge ||
	       (gnutls_hash_fast(GNUTLS_DIG_SHA256, verifier, strlen(verifier), sum) >= 0 &&
		str_eq(jwt_base64url_dup(c->arena, sum, sizeof(sum)), challenge));
}

static void authorization_code(struct cloud_call *c, struct map *form)
{
	const struct tenant_app *app = NULL;
	const struct lab_tenant *t = client(c, form, true, &app);
	json_t *code = t ? token_unseal("4/0A", value(form, "code")) : NULL;

	if (t &&
	    (!code || !str_eq(jwt_text(code, "client"), app->id) || !code_matches(c, form, code)))
		refuse(c, 400, "invalid_grant", "Malformed auth code.");
	else if (t)
		issue(c, t, app, arena_strdup(c->arena, jwt_text(code, "scope")), true);
	json_decref(code);
}

/* A device code, or a refresh token: both are sealed. */
static void token(struct cloud_call *c, struct map *form, const char *prefix, const char *name,
		  const char *at)
{
	const struct tenant_app *app = NULL;
	const struct lab_tenant *t = client(c, form, true, &app);
	const struct tenant_refusal *r = t ? tenant_refusal(t, at) : NULL;
	json_t *sealed = t ? token_unseal(prefix, value(form, name)) : NULL;
	const char *usual = sealed ? "Token has been expired or revoked." : "Bad Request";

	if (t && (!sealed || !str_eq(jwt_text(sealed, "client"), app->id) || r))
		refuse(c, 400, "invalid_grant", r && *r->text ? r->text : usual);
	else if (t && (str_eq(at, "refresh_token") || polled(c, t, sealed)))
		issue(c, t, app, arena_strdup(c->arena, jwt_text(sealed, "scope")),
		      !str_eq(at, "refresh_token"));
	json_decref(sealed);
}

void google_answer(struct cloud_call *c)
{
	struct map *form = web_form(c->arena, c->request->body, c->request->body_len);
	const char *grant = value(form, "grant_type");

	if (str_eq(c->request->method, "GET") && str_eq(c->request->path, "/o/oauth2/v2/auth"))
		authorize(c);
	if (!str_eq(c->request->method, "POST"))
		return;
	if (str_eq(c->request->path, "/device/code"))
		device_code(c, form);
	else if (!str_eq(c->request->path, "/token"))
		return;
	else if (str_eq(grant, "urn:ietf:params:oauth:grant-type:device_code"))
		token(c, form, "AH-1Ng", "device_code", "device_code");
	else if (str_eq(grant, "authorization_code"))
		authorization_code(c, form);
	else if (str_eq(grant, "refresh_token"))
		token(c, form, "1//0e", "refresh_token", "refresh_token");
	else
		refuse(c, 400, "unsupported_grant_type", "Invalid grant_type");
}
