/*
 * entra-flow - where a person comes in: device codes (RFC 8628) and the browser (RFC 6749, 4.1; RFC
 * 7636). The person is the tenant's visitor, says yes at once, and has done all that was asked for,
 * a second factor included.
 */
#include <gnutls/crypto.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "lab/cloud/entra.h"
#include "lab/cloud/jwt.h"

enum { CODE_LASTS = 600 };

/* Whose browser it is: who was named, else the tenant's visitor, else its first user. */
static const struct tenant_user *visitor(struct entra *e, const char *hint)
{
	const struct lab_tenant *t = e->tenant;
	const struct tenant_user *u = NULL;

	if (!t && *hint)
		t = tenant_of_address(e->c->scenario, hint);
	for (const struct lab_tenant *any = e->c->scenario->tenants; !t && any; any = any->next)
		if (any->cloud == e->cloud && tenant_app(any, e->app->id))
			t = any;
	if (t && *hint)
		u = tenant_user(t, hint);
	if (t && !u && *t->visitor)
		u = tenant_user(t, t->visitor);
	e->tenant = t;
	if (u)
		return u;
	return t ? t->users : NULL;
}

/* --- device codes --- */

static char *user_code(struct entra *e)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	unsigned char r[9] = { 0 };
	char code[10] = "";

	gnutls_rnd(GNUTLS_RND_NONCE, r, sizeof(r));
	for (size_t i = 0; i < sizeof(r); i++)
		code[i] = letters[r[i] % (sizeof(letters) - 1)];
	return arena_strdup(e->c->arena, code);
}

static const char *device_page(const struct entra *e)
{
	if (e->cloud == CLOUD_USGOV)
		return "https://microsoft.com/deviceloginus";
	if (e->cloud == CLOUD_CHINA)
		return "https://microsoft.com/deviceloginchina";
	return e->tenant && e->tenant->cloud == CLOUD_PERSONAL ? "https://www.microsoft.com/link" :
	       "https://microsoft.com/devicelogin";
}

void entra_device(struct entra *e)
{
	struct arena *a = e->c->arena;
	const struct lab_tenant *t;
	json_t *j, *sealed;
	const char *code;
	struct oauth_scope scope;
	unsigned number;

	/* The endpoint asks for no proof: only the app must be there. */
	if (!entra_client(e, true))
		return;
	number = scope_read(a, entra_value(e, "scope"), &scope);
	if (number != 0 || !visitor(e, "")) {
		entra_refuse(e, number ? number : 50059, entra_value(e, "scope"));
		return;
	}
	t = e->tenant;
	if (tenant_refusal(t, "device-start")) {
		entra_refuse_text(e, tenant_refusal(t, "device-start")->number,
				  tenant_refusal(t, "device-start")->text, e->app->id);
		return;
	}
	code = user_code(e);
	sealed = json_object();
	json_put_texts(sealed, "tenant", t->id,
		"client", e->app->id,
		"scope", entra_value(e, "scope"), NULL);
	json_put(sealed, "until", json_integer(tenant_now(t) + (long long)t->device.lasts));
	json_put(sealed, "id", json_safe(guid_new(a)));
	j = json_object();
	json_put_texts(j, "user_code", code,
		"device_code", token_seal(a, "DAQAB", sealed),
		"verification_uri", device_page(e), NULL);
	json_put(j, "expires_in", json_integer((json_int_t)t->device.lasts));
	json_put(j, "interval", json_integer((json_int_t)t->device.interval));
	json_put(j, "message",
		 json_safe(arena_printf(a, "To sign in, use a web browser to open the page %s and "
					"enter the code %s to authenticate.",
					device_page(e), code)));
	json_decref(sealed);
	web_json(e->c->reply, a, 200, j);
}

/* {"error":"slow_down"} and the like, which have no number (RFC 8628, 3.5). */
static void refuse_plainly(struct entra *e, const char *error, const char *words)
{
	json_t *j = json_object();

	json_put_texts(j, "error", error,
		"error_description", words, NULL);
	web_json(e->c->reply, e->c->arena, 400, j);
}

/* Where the n-th poll stands. True: the user has said yes. */
static bool polled(struct entra *e, const json_t *code)
{
	const struct lab_tenant *t = e->tenant;
	unsigned n = token_store_count(e->c->tokens,
				       arena_printf(e->c->arena, "poll %s", jwt_text(code, "id")));

	if (tenant_now(t) >= jwt_number(code, "until", 0))
		entra_refuse(e, 70020, "");
	else if (n < t->device.slow_down)
		refuse_plainly(e, "slow_down", "Polled too often.");
	else if (n < t->device.slow_down + t->device.pending)
		entra_refuse(e, 70016, "");
	else if (t->device.end == DEVICE_DECLINED)
		refuse_plainly(e, "authorization_declined", "The user has denied the request.");
	else if (t->device.end == DEVICE_EXPIRED)
		entra_refuse(e, 70020, "");
	else
		return true;
	return false;
}

const struct tenant_user *entra_device_user(struct entra *e, const char **ret_scope)
{
	json_t *code = token_unseal("DAQAB", entra_value(e, "device_code"));
	const struct tenant_user *u = NULL;

	e->tenant = code ? entra_tenant(e->c->scenario, e->cloud, jwt_text(code, "tenant")) : NULL;
	if (!e->tenant || !str_eq_nocase(jwt_text(code, "client"), e->app->id)) {
		entra_refuse(e, 70018, "The device code is not known.");
	} else if (polled(e, code)) {
		if (token_store_count(e->c->tokens,
				      arena_printf(e->c->arena, "used %s", jwt_text(code, "id"))) >
		    0) {
			entra_refuse(e, 54005, "");
		} else {
			*ret_scope = arena_strdup(e->c->arena, jwt_text(code, "scope"));
			u = visitor(e, "");
		}
	}
	json_decref(code);
	return u;
}

/* --- the browser --- */

static void show_page(struct entra *e, unsigned number, const char *detail)
{
	const char *error, *words = entra_words(e, number, NULL, detail, &error);

	web_text(e->c->reply, 200, "text/html; charset=utf-8",
		 arena_printf(e->c->arena,
			      "<!DOCTYPE html><title>Sign in to your account</title><p>Sorry, but "
			      "we're having trouble signing you in.<p>%s\n", words));
}

static void redirect(struct entra *e, const char *to, const char *query)
{
	const char *state = map_get(e->form, "state");
	struct arena *a = e->c->arena;

	web_text(e->c->reply, 302, "text/html; charset=utf-8",
		 "<!DOCTYPE html><title>Object moved</title>\n");
	web_add_field(e->c->reply, a, "Location",
		      arena_printf(a, "%s%c%s%s%s", to, strchr(to, '?') ? '&' : '?', query,
				   state ? "&state=" : "", state ? web_encode(a, state) : ""));
}

/*
 * Loopback addresses go with any port (RFC 8252, 7.3); without a list they are what is registered.
 */
static bool may_redirect(const struct tenant_app *app, const char *to)
{
	static const char *const loopback[] = {
		"http://localhost", "http://localhost/*", "http://localhost:*",
		"http://127.0.0.1:*",
		"http://[::1]:*", "https://login.microsoftonline.com/common/oauth2/nativeclient"
	};

	for (size_t i = 0; i < app->redirects.n; i++) {
		const char *one = app->redirects.v[i];

		if (str_eq(one, to))
			return true;
		/* Any port, the same path. */
		if (str_has_prefix(one, "http://localhost") &&
		    str_has_prefix(to, "http://localhost:") &&
		    str_eq(one + 16, strchr(to + 17, '/') ? strchr(to + 17, '/') : ""))
			return true;
	}
	for (size_t i = 0; app->redirects.n == 0 && i < ARRAY_LEN(loopback); i++)
		if (str_glob(loopback[i], to))
			return true;
	return false;
}

static char *make_code(struct entra *e, const struct tenant_user *u)
{
	json_t *j = json_object();
	char *code;

	json_put_texts(j, "tenant", e->tenant->id,
		"client", e->app->id,
		"user", u->name,
		"scope", entra_value(e, "scope"),
		"redirect", entra_value(e, "redirect_uri"),
		"challenge", entra_value(e, "code_challenge"),
		"method", entra_value(e, "code_challenge_method"), NULL);
	json_put(j, "until", json_integer(tenant_now(e->tenant) + CODE_LASTS));
	json_put(j, "id", json_safe(guid_new(e->c->arena)));
	code = token_seal(e->c->arena, "1.AX", j);
	json_decref(j);
	return code;
}

void entra_authorize(struct entra *e)
{
	const char *to = entra_value(e, "redirect_uri"), *error, *words;
	const struct tenant_refusal *r;
	const struct tenant_user *u;
	struct arena *a = e->c->arena;
	struct oauth_scope scope;
	unsigned number;

	e->app = NULL;
	for (const struct lab_tenant *t = e->c->scenario->tenants; t && !e->app; t = t->next)
		if (!e->tenant || t == e->tenant)
			e->app = tenant_app(t, entra_value(e, "client_id"));
	if (!e->app || !may_redirect(e->app, to)) {
		/* Never to an address that was not registered. */
		show_page(e, e->app ? 50011 : 700016, e->app ? "(not registered)" : "(unknown)");
		return;
	}
	u = visitor(e, entra_value(e, "login_hint"));
	r = e->tenant ? tenant_refusal(e->tenant, "authorize") : NULL;
	number = r ? r->number : scope_read(a, entra_value(e, "scope"), &scope);
	if (!str_eq(entra_value(e, "response_type"), "code"))
		number = 900144;
	if (number == 0 && u && !u->disabled) {
		redirect(e, to,
			 arena_printf(a, "code=%s&session_state=%s", make_code(e, u), guid_new(a)));
		return;
	}
	if (number == 0) {
		show_page(e, 50057, "");
		return;
	}
	words = entra_words(e, number, r ? r->text : NULL, e->app->id, &error);
	redirect(e, to,
		 arena_printf(a, "error=%s&error_description=%s", error, web_encode(a, words)));
}

static bool challenge_matches(struct entra *e, const json_t *code)
{
	const char *verifier = entra_value(e, "code_verifier"),
		*challenge = jwt_text(code, "challenge");
	unsigned char sum[32] = { 0 };

	if (!*challenge)
		return true;
	if (!str_eq(jwt_text(code, "method"), "S256"))
		return str_eq(verifier, challenge);
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, verifier, strlen(verifier), sum) >= 0 &&
	       str_eq(jwt_base64url_dup(e->c->arena, sum, sizeof(sum)), challenge);
}

const struct tenant_user *entra_code_user(struct entra *e, const char **ret_scope)
{
	json_t *code = token_unseal("1.AX", entra_value(e, "code"));
	const struct tenant_user *u = NULL;
	unsigned number = 0;

	e->tenant = code ? entra_tenant(e->c->scenario, e->cloud, jwt_text(code, "tenant")) : NULL;
	if (!e->tenant || !str_eq_nocase(jwt_text(code, "client"), e->app->id))
		number = 70000;
	else if (token_store_count(e->c->tokens,
				   arena_printf(e->c->arena, "used %s", jwt_text(code, "id"))) > 0)
		number = 54005;
	else if (jwt_number(code, "until", 0) < tenant_now(e->tenant))
		number = 70008;
	else if (!str_eq(entra_value(e, "redirect_uri"), jwt_text(code, "redirect")))
		number = 500112;
	else if (!challenge_matches(e, code))
		number = 501481;
	if (number != 0) {
		entra_refuse(e, number, number == 500112 ? entra_value(e, "redirect_uri") : "");
	} else {
		*ret_scope = arena_strdup(e->c->arena, jwt_text(code, "scope"));
		u = tenant_user(e->tenant, jwt_text(code, "user"));
	}
	json_decref(code);
	return u;
}
