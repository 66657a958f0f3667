/*
 * Signed statements: what is in them, that the signature holds by the public key, and keys that
 * can't be used.
 */
#include "tests/unit/tap.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "proto/jwt.h"

struct pair {
	gnutls_x509_privkey_t	 key;
	gnutls_x509_crt_t	 cert;
	struct secret		*key_pem, *key_locked, *cert_pem, *both;
};

static struct secret *exported(gnutls_datum_t *d)
{
	struct secret *s = secret_new(d->data, d->size);

	gnutls_free(d->data);
	return s;
}

static struct pair pair_new(struct arena *a, gnutls_pk_algorithm_t kind)
{
	struct pair p;
	gnutls_datum_t d;
	char *text;

	gnutls_x509_privkey_init(&p.key);
	gnutls_x509_privkey_generate(p.key, kind,
				     kind == GNUTLS_PK_RSA ? 2048 :
				     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
				     0);
	gnutls_x509_crt_init(&p.cert);
	gnutls_x509_crt_set_version(p.cert, 3);
	gnutls_x509_crt_set_serial(p.cert, "\001", 1);
	gnutls_x509_crt_set_key(p.cert, p.key);
	gnutls_x509_crt_set_activation_time(p.cert, 1700000000);
	gnutls_x509_crt_set_expiration_time(p.cert, 2000000000);
	gnutls_x509_crt_set_dn(p.cert, "CN=smtpwhy test", NULL);
	gnutls_x509_crt_sign2(p.cert, p.cert, p.key, GNUTLS_DIG_SHA256, 0);
	gnutls_x509_privkey_export2(p.key, GNUTLS_X509_FMT_PEM, &d);
	p.key_pem = exported(&d);
	gnutls_x509_privkey_export2_pkcs8(p.key, GNUTLS_X509_FMT_PEM, "open sesame",
					  GNUTLS_PKCS_PBES2_AES_256, &d);
	p.key_locked = exported(&d);
	gnutls_x509_crt_export2(p.cert, GNUTLS_X509_FMT_PEM, &d);
	p.cert_pem = exported(&d);
	text = arena_printf(a, "%s%s", secret_bytes(p.cert_pem), secret_bytes(p.key_pem));
	p.both = secret_new(text, strlen(text));
	return p;
}

static void pair_free(struct pair *p)
{
	gnutls_x509_privkey_deinit(p->key);
	gnutls_x509_crt_deinit(p->cert);
	secret_free(p->key_pem);
	secret_free(p->key_locked);
	secret_free(p->cert_pem);
	secret_free(p->both);
}

/* Part 0, 1 or 2 of it, decoded. */
static void part(const struct secret *jwt, int which, struct buf *to)
{
	const char *p = secret_bytes(jwt);

	for (; which; which--)
		p = strchr(p, '.') + 1;
	base64_decode(to, p, strcspn(p, "."));
}

static bool holds(const struct pair *p, const struct secret *jwt, bool pkcs1)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	const char *end = strrchr(secret_bytes(jwt), '.');
	gnutls_datum_t said = { (unsigned char *)(uintptr_t)secret_bytes(jwt),
				(unsigned)(end - secret_bytes(jwt)) },
		signature;
	gnutls_pubkey_t pub;
	int r;

	part(jwt, 2, &b);
	signature = (gnutls_datum_t) { (unsigned char *)b.data, (unsigned)b.len };
	gnutls_pubkey_init(&pub);
	gnutls_pubkey_import_x509(pub, p->cert, 0);
	r = gnutls_pubkey_verify_data2(pub,
				       pkcs1 ? GNUTLS_SIGN_RSA_SHA256 : GNUTLS_SIGN_RSA_PSS_SHA256,
				       0, &said, &signature);
	gnutls_pubkey_deinit(pub);
	return r >= 0;
}

static const char *member(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s ? s : "";
}

static void said(struct arena *a, const struct pair *p, const struct jwt_key *k, bool pkcs1)
{
	_cleanup_(buf_release) struct buf head = BUF_INIT(4096), claims = BUF_INIT(4096);
	const struct jwt_says says = { .issuer = "app", .subject = "app",
				       .audience = "https://login/t/token", .now = 1900000000,
				       .pkcs1 = pkcs1 };
	const char *error = NULL;
	_cleanup_(secret_freep) struct secret *one = jwt_sign(a, k, &says, &error),
		*two = jwt_sign(a, k, &says, &error);
	_cleanup_(json_decrefp) json_t *h = NULL, *c = NULL;

	if (!ok(one && two, pkcs1 ? "RS256 signs" : "PS256 signs"))
		return;
	part(one, 0, &head);
	part(one, 1, &claims);
	h = json_loads(buf_str(&head), 0, NULL);
	c = json_loads(buf_str(&claims), 0, NULL);
	is_str(member(h, "alg"), pkcs1 ? "RS256" : "PS256", "its header names it");
	is_str(member(h, "typ"), "JWT", "it says that it is a JWT");
	is_str(member(h, "x5t#S256"), jwt_key_x5t(k), "and which certificate it was");
	is_int(strlen(jwt_key_x5t(k)), 43, "a SHA-256 has 43 characters");
	is_str(member(c, "aud"), "https://login/t/token", "aud");
	is_str(member(c, "iss"), "app", "iss");
	is_str(member(c, "sub"), "app", "sub");
	ok(strlen(member(c, "jti")) == 22, "jti has sixteen octets");
	is_int(json_integer_value(json_object_get(c, "nbf")), 1900000000, "it begins now");
	is_int(json_integer_value(json_object_get(c, "exp")), 1900000600,
	       "and ends in ten minutes");
	ok(holds(p, one, pkcs1), "the signature holds");
	ok(!holds(p, one, !pkcs1), "... by its own algorithm only");
	ok(!str_eq(secret_bytes(one), secret_bytes(two)), "no two are alike");
	((char *)(uintptr_t)secret_bytes(one))[30] ^= 1;
	ok(!holds(p, one, pkcs1), "a changed one does not hold");
}

static void refused(struct arena *a, const char *what, const struct jwt_files *f, const char *want)
{
	const char *error = NULL;
	_cleanup_(jwt_key_freep) struct jwt_key *k = jwt_key_read(a, f, &error);

	ok(!k, what);
	is_str(error, want, what);
}

static void keys(struct arena *a, const struct pair *p)
{
	_cleanup_(secret_freep) struct secret *word = secret_new("open sesame", 11),
		*wrong = secret_new("open", 4), *junk = secret_new("junk", 4),
		*cut = secret_new(secret_bytes(p->key_pem), 400),
		*json = secret_new("{\"a\":1}", 7);
	_cleanup_(jwt_key_freep) struct jwt_key *k = NULL;
	struct pair other = pair_new(a, GNUTLS_PK_RSA), curve = pair_new(a, GNUTLS_PK_ECDSA);
	const char *error = NULL;

	refused(a, "an encrypted key without its password",
		&(struct jwt_files) { .key = p->key_locked },
		"the private key is encrypted; give its password with --key-password-file");
	refused(a, "another password",
		&(struct jwt_files) { .key = p->key_locked, .password = wrong },
		"the password does not open the private key");
	refused(a, "another pair's certificate",
		&(struct jwt_files) { .key = p->key_pem, .cert = other.cert_pem },
		"the certificate does not belong to the private key: one of the two is from "
		"another pair");
	refused(a, "a certificate in place of the key", &(struct jwt_files) { .key = p->cert_pem },
		"there is a certificate in it, but no private key");
	refused(a, "nothing of the kind", &(struct jwt_files) { .key = junk },
		"there is no private key in it (PEM, DER, PKCS#12, or the JSON file of a Google "
		"service account)");
	refused(a, "half a key", &(struct jwt_files) { .key = cut },
		"the private key in it cannot be read: it is damaged, or no key of a known kind");
	refused(a, "some JSON", &(struct jwt_files) { .key = json },
		"it is JSON, but no key file of a Google service account: private_key and "
		"client_email are not in it");
	refused(a, "no certificate where one is told",
		&(struct jwt_files) { .key = p->key_pem, .cert = junk },
		"there is no certificate in it that can be read (PEM: -----BEGIN "
		"CERTIFICATE-----)");
	refused(a, "an elliptic curve", &(struct jwt_files) { .key = curve.key_pem },
		"the private key is EC/ECDSA; the token services of Microsoft and Google take RSA "
		"keys only");
	k = jwt_key_read(a, &(struct jwt_files) { .key = p->key_locked, .password = word,
						  .cert = p->cert_pem },
			 &error);
	ok(k && jwt_key_has_cert(k), "an encrypted key with its password");
	jwt_key_freep(&k);
	k = jwt_key_read(a, &(struct jwt_files) { .key = p->key_pem }, &error);
	ok(k && !jwt_key_has_cert(k) && !*jwt_key_x5t(k), "a key alone");
	pair_free(&other);
	pair_free(&curve);
}

static void google(struct arena *a, const struct pair *p)
{
	_cleanup_(json_decrefp) json_t *j = json_object();
	_cleanup_(secret_freep) struct secret *file = NULL;
	_cleanup_(jwt_key_freep) struct jwt_key *k = NULL;
	const char *error = NULL;
	char *text;

	json_put(j, "type", json_safe("service_account"));
	json_put(j, "client_email", json_safe("robot@project.iam.example"));
	json_put(j, "private_key_id", json_safe("k1"));
	json_put(j, "private_key", json_string(secret_bytes(p->key_pem)));
	text = json_dumps(j, 0);
	file = secret_new(text, strlen(text));
	free(text);
	k = jwt_key_read(a, &(struct jwt_files) { .key = file }, &error);
	if (ok(k != NULL, "Google's file of a service account"))
		is_str(jwt_key_owner(k), "robot@project.iam.example", "... and whose it is");
}

static void pkce(struct arena *a)
{
	char *one = jwt_random(a, 32), *two = jwt_random(a, 32);

	/* RFC 7636, appendix B. */
	is_str(jwt_digest(a, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
	       "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "the challenge of RFC 7636");
	ok(strlen(one) == 43 && strlen(two) == 43, "32 octets are 43 characters");
	ok(!str_eq(one, two), "nobody guesses them");
	is_int(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43,
	       "they fit into a URL");
}

int main(void)
{
	struct arena *a = arena_new();
	struct pair p = pair_new(a, GNUTLS_PK_RSA);
	const char *error = NULL;
	struct jwt_key *k = jwt_key_read(a, &(struct jwt_files) { .key = p.both }, &error);

	if (ok(k != NULL, error ? error : "a key and its certificate in one file")) {
		is_int(jwt_key_until(k), 2000000000, "until when the certificate holds");
		is_int(jwt_key_from(k), 1700000000, "and since when");
		is_int(jwt_key_bits(k), 2048, "its size");
		is_int(strlen(jwt_key_thumbprint(k)), 40, "the thumbprint that portals show");
		said(a, &p, k, false);
		said(a, &p, k, true);
	}
	keys(a, &p);
	google(a, &p);
	pkce(a);
	jwt_key_free(k);
	pair_free(&p);
	arena_free(a);
	return tap_done();
}
