/*
 * token-store - counting, signing and sealing.
 */
#include "lab/cloud/token-store.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/map.h"
#include "base/scan.h"
#include "lab/cloud/jwt.h"

enum { SEAL_BYTES = 12 };

static const char SEAL_KEY[] = "smtpwhy lab: anybody may know this";

void token_store_init(struct token_store *s, struct arena *a)
{
	*s = (struct token_store) { .arena = a, .counts = map_new(a) };
}

void token_store_release(struct token_store *s)
{
	if (s->key)
		gnutls_privkey_deinit(s->key);
	if (s->pub)
		gnutls_pubkey_deinit(s->pub);
	s->key = NULL;
	s->pub = NULL;
}

unsigned token_store_count(struct token_store *s, const char *what)
{
	unsigned *n = map_get(s->counts, what);

	if (!n && map_count(s->counts) >= TOKEN_STORE_MAX)
		return 0;
	if (!n) {
		n = arena_alloc(s->arena, sizeof(*n));
		map_set(s->counts, what, n);
	}
	return (*n)++;
}

/* Both halves of the key. False when GnuTLS refuses. */
static bool load(struct token_store *s)
{
	const struct data_file *f = data_find("lab-key.pem");
	gnutls_datum_t pem;

	if (s->key)
		return true;
	if (!f || gnutls_privkey_init(&s->key) < 0)
		return false;
	pem = (gnutls_datum_t) { (unsigned char *)f->bytes, (unsigned)f->len };
	if (gnutls_pubkey_init(&s->pub) >= 0 &&
	    gnutls_privkey_import_x509_raw(s->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0 &&
	    gnutls_pubkey_import_privkey(s->pub, s->key, 0, 0) >= 0)
		return true;
	token_store_release(s);
	return false;
}

/* A name for the key: the hash of its public half. */
static char *key_id(struct token_store *s, struct arena *a)
{
	unsigned char id[20];
	size_t n = sizeof(id);

	return gnutls_pubkey_get_key_id(s->pub, 0, id, &n) >= 0 ? jwt_base64url_dup(a, id, n) :
	       arena_strdup(a, "lab");
}

static void add_part(struct buf *b, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT);

	if (text)
		base64_encode_url(b, text, strlen(text));
	free(text);
}

char *token_store_sign(struct token_store *s, struct arena *a, json_t *claims)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(JWT_MAX);
	gnutls_datum_t data, signature = { NULL, 0 };
	json_t *header;

	if (!load(s))
		return NULL;
	header = json_object();
	json_put_texts(header, "typ", "JWT",
		"alg", "RS256",
		"x5t", key_id(s, a),
		"kid", key_id(s, a), NULL);
	add_part(&b, header);
	json_decref(header);
	buf_addc(&b, '.');
	add_part(&b, claims);
	data = (gnutls_datum_t) { (unsigned char *)b.data, (unsigned)b.len };
	if (b.overflow ||
	    gnutls_privkey_sign_data2(s->key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature) < 0)
		return NULL;
	buf_addc(&b, '.');
	base64_encode_url(&b, signature.data, signature.size);
	gnutls_free(signature.data);
	return arena_strdup(a, buf_str(&b));
}

json_t *token_store_verify(struct token_store *s, struct arena *a, const char *jwt)
{
	json_t *claims = NULL;
	struct jwt j;

	if (!load(s) || !jwt_read(&j, a, jwt))
		return NULL;
	if (jwt_verify(&j, s->pub))
		claims = json_incref(j.claims);
	jwt_release(&j);
	return claims;
}

json_t *token_store_jwks(struct token_store *s, struct arena *a)
{
	gnutls_datum_t n = { NULL, 0 }, e = { NULL, 0 };
	json_t *set = json_object(), *list = json_array(), *key = json_object();

	if (load(s) &&
	    gnutls_pubkey_export_rsa_raw2(s->pub, &n, &e, GNUTLS_EXPORT_FLAG_NO_LZ) >= 0) {
		json_put_texts(key, "kty", "RSA",
			"use", "sig",
			"alg", "RS256",
			"kid", key_id(s, a),
			"n", jwt_base64url_dup(a, n.data, n.size),
			"e", jwt_base64url_dup(a, e.data, e.size), NULL);
	}
	gnutls_free(n.data);
	gnutls_free(e.data);
	json_push(list, key);
	json_put(set, "keys", list);
	return set;
}

/* --- seals: PREFIX, base64url of JSON and a shortened HMAC --- */

static void seal_of(unsigned char to[32], const char *prefix, const char *bytes, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * JWT_MAX);

	buf_adds(&b, prefix);
	buf_addc(&b, '\0');
	buf_add(&b, bytes, n);
	gnutls_hmac_fast(GNUTLS_MAC_SHA256, SEAL_KEY, strlen(SEAL_KEY), buf_str(&b), b.len, to);
}

char *token_seal(struct arena *a, const char *prefix, json_t *content)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(JWT_MAX);
	char *text = json_dumps(content, JSON_COMPACT);
	unsigned char seal[32] = { 0 };

	if (!text)
		return arena_strdup(a, prefix);
	seal_of(seal, prefix, text, strlen(text));
	buf_add(&b, seal, SEAL_BYTES);
	buf_adds(&b, text);
	free(text);
	return arena_printf(a, "%s%s", prefix, jwt_base64url_dup(a, buf_str(&b), b.len));
}

json_t *token_unseal(const char *prefix, const char *sealed)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(JWT_MAX);
	unsigned char seal[32] = { 0 };

	if (!str_has_prefix(sealed, prefix))
		return NULL;
	sealed += strlen(prefix);
	if (!base64_decode(&b, sealed, strlen(sealed)) || b.len <= SEAL_BYTES)
		return NULL;
	seal_of(seal, prefix, b.data + SEAL_BYTES, b.len - SEAL_BYTES);
	if (memcmp(seal, b.data, SEAL_BYTES) != 0)
		return NULL;
	return json_loadb(b.data + SEAL_BYTES, b.len - SEAL_BYTES, 0, NULL);
}

char *guid_new(struct arena *a)
{
	unsigned char r[16] = { 0 };

	gnutls_rnd(GNUTLS_RND_NONCE, r, sizeof(r));
	return arena_printf(a,
			    "%02x%02x%02x%02x-%02x%02x-4%01x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			    r[0], r[1], r[2], r[3], r[4], r[5],
			    r[6] & 15U, r[7], (r[8] & 0x3fU) | 0x80U, r[9], r[10], r[11], r[12],
			    r[13], r[14], r[15]);
}
