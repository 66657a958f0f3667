/*
 * jwt - base64url and JSON between dots.
 */
#include "lab/cloud/jwt.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/scan.h"

char *jwt_base64url_dup(struct arena *a, const void *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(JWT_MAX);

	base64_encode_url(&b, p, n);
	return arena_strdup(a, buf_str(&b));
}

static json_t *read_object(struct span part)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(JWT_MAX);
	json_t *j = NULL;

	if (part.len > 0 && base64_decode(&b, part.p, part.len))
		j = json_loadb(buf_str(&b), b.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(j))
		return j;
	json_decref(j);
	return NULL;
}

bool jwt_read(struct jwt *j, struct arena *a, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(JWT_MAX);
	struct scan s = scan_over(text, strlen(text));
	struct span header = scan_until(&s, "."), claims, signature;

	*j = (struct jwt) { .header = NULL };
	scan_accept(&s, '.');
	claims = scan_until(&s, ".");
	j->body = (struct span) { text, scan_pos(&s) };
	if (!scan_accept(&s, '.'))
		return false;
	signature = scan_rest(&s);
	if (signature.len == 0 || !base64_decode(&b, signature.p, signature.len))
		return false;
	j->signature = arena_alloc(a, b.len + 1);
	memcpy(j->signature, buf_str(&b), b.len);
	j->signature_len = b.len;
	j->header = read_object(header);
	j->claims = j->header ? read_object(claims) : NULL;
	if (j->claims)
		return true;
	jwt_release(j);
	return false;
}

void jwt_release(struct jwt *j)
{
	json_decref(j->header);
	json_decref(j->claims);
	j->header = j->claims = NULL;
}

bool jwt_verify(const struct jwt *j, gnutls_pubkey_t key)
{
	const gnutls_datum_t data = { (unsigned char *)j->body.p, (unsigned)j->body.len };
	const gnutls_datum_t signature = { j->signature, (unsigned)j->signature_len };
	const char *algorithm = jwt_text(j->header, "alg");

	if (str_eq(algorithm, "RS256"))
		return gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_RSA_SHA256, 0, &data,
						  &signature) >=
		       0;
	if (str_eq(algorithm, "PS256"))
		return gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, 0, &data,
						  &signature) >=
		       0;
	return false;
}

const char *jwt_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

long long jwt_number(const json_t *object, const char *name, long long otherwise)
{
	const json_t *n = json_object_get(object, name);

	return json_is_integer(n) ? json_integer_value(n) : otherwise;
}
