/*
 * jwt - what is said, and signed.
 */
#include "proto/jwt-inside.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"

enum { SHA256_OCTETS = 32, RANDOM_MOST = 96, JTI_OCTETS = 16 };

char *jwt_random(struct arena *a, size_t octets)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * RANDOM_MOST);
	unsigned char bytes[RANDOM_MOST];

	assert(octets <= sizeof(bytes));
	gnutls_global_init();
	if (gnutls_rnd(GNUTLS_RND_RANDOM, bytes, octets) < 0)
		return NULL;
	base64_encode_url(&b, bytes, octets);
	explicit_bzero(bytes, sizeof(bytes));
	return arena_strdup(a, buf_str(&b));
}

char *jwt_digest(struct arena *a, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * SHA256_OCTETS);
	unsigned char digest[SHA256_OCTETS];

	gnutls_global_init();
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, text, strlen(text), digest) < 0)
		return NULL;
	base64_encode_url(&b, digest, sizeof(digest));
	return arena_strdup(a, buf_str(&b));
}

static bool add_json(struct buf *b, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT | JSON_PRESERVE_ORDER);
	bool good = text && base64_encode_url(b, text, strlen(text));

	free(text);
	json_decref(j);
	return good;
}

/*
 * The header (RFC 7515, 4.1): which key it was is told by its certificate, or by its id at Google.
 */
static json_t *header(const struct jwt_key *k, const struct jwt_says *says)
{
	json_t *j = json_object();

	json_put(j, "alg", json_safe(says->pkcs1 ? "RS256" : "PS256"));
	json_put(j, "typ", json_safe("JWT"));
	if (*k->x5t)
		json_put(j, "x5t#S256", json_safe(k->x5t));
	if (*k->id)
		json_put(j, "kid", json_safe(k->id));
	return j;
}

/* RFC 7523, 3. */
static json_t *claims(struct arena *a, const struct jwt_says *says)
{
	json_t *j = json_object();

	json_put(j, "aud", json_safe(says->audience));
	json_put(j, "iss", json_safe(says->issuer));
	json_put(j, "sub", json_safe(says->subject));
	if (says->scope)
		json_put(j, "scope", json_safe(says->scope));
	json_put(j, "jti", json_safe(jwt_random(a, JTI_OCTETS)));
	json_put(j, "nbf", json_integer((json_int_t)says->now));
	json_put(j, "iat", json_integer((json_int_t)says->now));
	json_put(j, "exp", json_integer((json_int_t)says->now + JWT_LIFE_S));
	return j;
}

struct secret *jwt_sign(struct arena *a, const struct jwt_key *k, const struct jwt_says *says,
			const char **ret_error)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_SECRET);
	gnutls_datum_t data, signature = { NULL, 0 };
	struct secret *made = NULL;
	int r;

	if (!add_json(&b, header(k, says)) || !buf_addc(&b, '.') ||
	    !add_json(&b, claims(a, says))) {
		*ret_error = "the assertion would be too long";
		return NULL;
	}
	data = (gnutls_datum_t) { (unsigned char *)b.data, (unsigned)b.len };
	r = gnutls_privkey_sign_data2(k->key,
				      says->pkcs1 ? GNUTLS_SIGN_RSA_SHA256 :
				      GNUTLS_SIGN_RSA_PSS_SHA256,
				      0, &data, &signature);
	if (r < 0) {
		*ret_error = arena_printf(a, "the key does not sign: %s", gnutls_strerror(r));
		return NULL;
	}
	if (buf_addc(&b, '.') && base64_encode_url(&b, signature.data, signature.size))
		made = secret_new(b.data, b.len);
	gnutls_free(signature.data);
	if (!made)
		*ret_error = "the assertion would be too long";
	return made;
}
