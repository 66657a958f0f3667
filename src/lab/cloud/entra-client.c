/*
 * entra-client - which application asks, and whether it is that one: by a secret, by a signed
 * assertion (RFC 7523), or by the word of somebody whom the tenant trusts. What an outside issuer
 * signed is taken as it is: the lab has no keys of others.
 */
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lab/cloud/entra.h"
#include "lab/cloud/jwt.h"

enum { ASSERTION_LASTS = 600, ASSERTION_SKEW = 300 };

static bool refuse(struct entra *e, unsigned number, const char *detail)
{
	entra_refuse(e, number, detail);
	return false;
}

/* Of the tenant; on "common" of whichever has it. */
static const struct tenant_app *app_of(const struct entra *e, const char *id)
{
	const struct tenant_app *app = NULL;

	if (e->tenant)
		return tenant_app(e->tenant, id);
	for (const struct lab_tenant *t = e->c->scenario->tenants; t && !app; t = t->next)
		if (t->cloud == e->cloud ||
		    (e->cloud == CLOUD_WORLDWIDE && t->cloud == CLOUD_PERSONAL))
			app = tenant_app(t, id);
	return app;
}

static char *hex(struct arena *a, const unsigned char *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(256);

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%02X", p[i]);
	return arena_strdup(a, buf_str(&b));
}

/*
 * The thumbprint in the header: SHA-256 of the certificate (RFC 7515, 4.1.8), or SHA-1, as it used
 * to be (4.1.7).
 */
static bool thumbprint_matches(struct arena *a, const struct tenant_app *app, const json_t *header)
{
	unsigned char sum[32];
	const char *sha256 = jwt_text(header, "x5t#S256"), *sha1 = jwt_text(header, "x5t");

	if (*sha256)
		return gnutls_hash_fast(GNUTLS_DIG_SHA256, app->certificate,
					app->certificate_len, sum) >= 0 &&
		       str_eq(jwt_base64url_dup(a, sum, 32), sha256);
	return gnutls_hash_fast(GNUTLS_DIG_SHA1, app->certificate, app->certificate_len, sum) >=
	       0 &&
	       str_eq(jwt_base64url_dup(a, sum, 20), sha1);
}

static bool signature_matches(const struct tenant_app *app, const struct jwt *j)
{
	const gnutls_datum_t der = { (unsigned char *)app->certificate,
				     (unsigned)app->certificate_len };
	gnutls_x509_crt_t crt;
	gnutls_pubkey_t key;
	bool good = false;

	if (gnutls_x509_crt_init(&crt) < 0)
		return false;
	if (gnutls_pubkey_init(&key) >= 0) {
		good = gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) >= 0 &&
		       gnutls_pubkey_import_x509(key, crt, 0) >= 0 && jwt_verify(j, key);
		gnutls_pubkey_deinit(key);
	}
	gnutls_x509_crt_deinit(crt);
	return good;
}

/* The endpoint's own address, with the organisation named in any way it goes by. */
static bool is_our_audience(const struct entra *e, const char *aud)
{
	const char *base = arena_printf(e->c->arena, "https://%s/", entra_host(e->cloud));
	const char *rest = str_has_prefix(aud, base) ? aud + strlen(base) : "";
	const char *end = strchr(rest, '/');
	const char *name = end ? arena_strndup(e->c->arena, rest, (size_t)(end - rest)) : "";

	if (!end || !str_in(end, "/oauth2/v2.0/token|/v2.0|/oauth2/token"))
		return false;
	return str_eq_nocase(name, e->authority) ||
	       (e->tenant &&
		(str_eq_nocase(name, e->tenant->id) || tenant_has_domain(e->tenant, name)));
}

static bool check_times(struct entra *e, const json_t *claims)
{
	long long now = e->tenant ? tenant_now(e->tenant) : 0;
	long long from = jwt_number(claims, "nbf", jwt_number(claims, "iat", now)),
		to = jwt_number(claims, "exp", 0);

	if (to <= now || from > now + ASSERTION_SKEW || to - from > ASSERTION_LASTS)
		return refuse(e, 700024,
			      arena_printf(e->c->arena, "Current time: %lld, assertion valid from "
					   "%lld, expiry time of assertion %lld.", now, from, to));
	return true;
}

static bool check_own_assertion(struct entra *e, const struct jwt *j)
{
	const struct tenant_app *app = e->app;
	struct arena *a = e->c->arena;

	if (!str_eq_nocase(jwt_text(j->claims, "sub"), app->id))
		return refuse(e, 50027, "The issuer and the subject must be the client id.");
	if (!is_our_audience(e, jwt_text(j->claims, "aud")))
		return refuse(e, 50027, "Token audience claim value is not the token endpoint.");
	if (!app->certificate || !thumbprint_matches(a, app, j->header)) {
		const char *used = jwt_text(j->header,
					    *jwt_text(j->header, "x5t#S256") ? "x5t#S256" : "x5t");

		return refuse(e, 700027, arena_printf(a, "[Reason - The key was not found., "
						      "Thumbprint of key used by client: '%s'].",
						      hex(a, (const unsigned char *)used,
							  strlen(used) < 64 ? strlen(used) : 64)));
	}
	if (!signature_matches(app, j))
		return refuse(e, 700027, "[Reason - The key was found, but use of the key to "
			      "verify the signature failed.].");
	return check_times(e, j->claims);
}

static bool check_federated_assertion(struct entra *e, const struct jwt *j)
{
	const struct tenant_app *app = e->app;
	const char *issuer = jwt_text(j->claims, "iss"), *subject = jwt_text(j->claims, "sub"),
		*audience = jwt_text(j->claims, "aud");

	if (!app->issuer || !str_eq(app->issuer, issuer))
		return refuse(e, 700211, issuer);
	if (!str_eq(app->audience, audience))
		return refuse(e, 700212, audience);
	if (!str_eq(app->subject, subject))
		return refuse(e, 700213, subject);
	if (jwt_number(j->claims, "exp", 0) <= tenant_now(e->tenant))
		return refuse(e, 700024, "The assertion is expired.");
	return true;
}

static bool check_assertion(struct entra *e, const char *assertion)
{
	struct jwt j;
	bool good;

	if (!str_eq(entra_value(e, "client_assertion_type"),
		    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
		return refuse(e, 900144, "client_assertion_type");
	if (!jwt_read(&j, e->c->arena, assertion))
		return refuse(e, 50027, "It is no JSON web token.");
	good = e->tenant &&
	       (str_eq_nocase(jwt_text(j.claims, "iss"), e->app->id) ? check_own_assertion(e, &j) :
		check_federated_assertion(e, &j));
	if (!e->tenant)
		refuse(e, 50059, "");
	jwt_release(&j);
	e->acr = 2;
	return good;
}

static bool check_secret(struct entra *e, const char *secret)
{
	if (!e->app->secret[0] || !str_eq(secret, e->app->secret))
		return refuse(e, 7000215, e->app->id);
	if (e->app->secret_expired)
		return refuse(e, 7000222, e->app->id);
	e->acr = 1;
	return true;
}

bool entra_client(struct entra *e, bool may_be_anonymous)
{
	const char *id = entra_value(e, "client_id"), *secret = entra_value(e, "client_secret");
	const char *assertion = entra_value(e, "client_assertion");

	if (!*id)
		return refuse(e, 900144, "client_id");
	e->app = app_of(e, id);
	if (!e->app)
		return refuse(e, 700016, id);
	if (e->app->disabled)
		return refuse(e, 7000112, id);
	if (!*secret && !*assertion)
		return may_be_anonymous && e->app->is_public ? true : refuse(e, 7000218, "");
	if (e->app->is_public && !e->app->secret[0] && !e->app->certificate && !e->app->issuer)
		return refuse(e, 700025, "");
	return *assertion ? check_assertion(e, assertion) : check_secret(e, secret);
}
