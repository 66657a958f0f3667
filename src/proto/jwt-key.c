/*
 * jwt-key - a private key and its certificate, out of what people have: PEM, DER,
 * PKCS#12, Google's JSON.
 */
#include "proto/jwt-inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

enum { SHA1_OCTETS = 20, SHA256_OCTETS = 32 };

struct reading {
	struct arena		*arena;
	const struct jwt_files	*files;
	struct jwt_key		*key;
	const char		*error;		/* the first */
};

static bool bad(struct reading *r, const char *why)
{
	if (!r->error)
		r->error = why;
	return false;
}

static gnutls_datum_t datum(const struct secret *s)
{
	return (gnutls_datum_t) { (unsigned char *)(uintptr_t)secret_bytes(s),
				  (unsigned)secret_len(s) };
}

static bool is_pem(const struct secret *s)
{
	return strstr(secret_bytes(s), "-----BEGIN ") != NULL;
}

static const char *password_of(const struct reading *r)
{
	return r->files->password ? secret_bytes(r->files->password) : NULL;
}

/* It wants a password that is not there, or is another one. */
static bool bad_password(struct reading *r)
{
	return bad(r, password_of(r) ? "the password does not open the private key" :
		      "the private key is encrypted; give its password with --key-password-file");
}

static bool is_encrypted_pem(const struct secret *s)
{
	return strstr(secret_bytes(s), "BEGIN ENCRYPTED PRIVATE KEY") ||
	       strstr(secret_bytes(s), "Proc-Type: 4,ENCRYPTED");
}

static bool take_x509_key(struct reading *r, gnutls_x509_privkey_t key)
{
	int got = gnutls_privkey_init(&r->key->key);

	if (got >= 0)
		got = gnutls_privkey_import_x509(r->key->key, key, GNUTLS_PRIVKEY_IMPORT_COPY);
	gnutls_x509_privkey_deinit(key);
	return got >= 0 || bad(r, "the private key cannot be used");
}

/* PKCS#12 (RFC 7292): what Windows exports as .pfx. */
static bool read_container(struct reading *r)
{
	gnutls_datum_t data = datum(r->files->key);
	gnutls_pkcs12_t container;
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t *chain = NULL;
	unsigned n = 0;
	int got;

	if (gnutls_pkcs12_init(&container) < 0)
		return bad(r, "GnuTLS does not read PKCS#12 containers here");
	got = gnutls_pkcs12_import(container, &data, GNUTLS_X509_FMT_DER, 0);
	if (got < 0) {
		gnutls_pkcs12_deinit(container);
		return bad(r, "there is no private key in it (PEM, DER, PKCS#12, or the JSON file "
			   "of a Google service account)");
	}
	got = gnutls_pkcs12_simple_parse(container, password_of(r) ? password_of(r) : "", &key,
					 &chain, &n, NULL, NULL, NULL, 0);
	gnutls_pkcs12_deinit(container);
	for (unsigned i = r->files->cert ? 0 : 1; i < n; i++)
		gnutls_x509_crt_deinit(chain[i]);
	if (n && !r->files->cert)
		r->key->cert = chain[0];
	gnutls_free(chain);
	return got >= 0 && key ? take_x509_key(r, key) : bad_password(r);
}

static bool import_key(struct reading *r, const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format,
		       bool encrypted)
{
	gnutls_x509_privkey_t key;
	int got;

	if (encrypted && !password_of(r))
		return bad_password(r);
	if (gnutls_x509_privkey_init(&key) < 0)
		out_of_memory();
	got = gnutls_x509_privkey_import2(key, data, format, encrypted ? password_of(r) : NULL,
					  encrypted ? 0 : GNUTLS_PKCS_PLAIN);
	if (got >= 0)
		return take_x509_key(r, key);
	gnutls_x509_privkey_deinit(key);
	return false;
}

/* The file that Google gives out for a service account has the key as a text in it. */
static bool read_google(struct reading *r)
{
	_cleanup_(json_decrefp) json_t *j = json_loadb(secret_bytes(r->files->key),
						       secret_len(r->files->key),
						       JSON_REJECT_DUPLICATES, NULL);
	const char *pem = json_string_value(json_object_get(j, "private_key"));
	const char *email = json_string_value(json_object_get(j, "client_email")),
		*id = json_string_value(json_object_get(j, "private_key_id"));
	gnutls_datum_t data;
	bool good;

	if (!pem || !email)
		return bad(r, "it is JSON, but no key file of a Google service account: "
			   "private_key and client_email are not in it");
	data = (gnutls_datum_t) { (unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem) };
	r->key->owner = arena_strdup(r->arena, email);
	r->key->id = arena_strdup(r->arena, id ? id : "");
	good = import_key(r, &data, GNUTLS_X509_FMT_PEM, false);
	explicit_bzero(data.data, data.size);
	return good || bad(r, "the private_key in the JSON file cannot be read");
}

static bool read_key(struct reading *r)
{
	const struct secret *s = r->files->key;
	gnutls_datum_t data = datum(s);
	size_t blanks = 0;

	while (ascii_is_space(secret_bytes(s)[blanks]))
		blanks++;
	if (secret_bytes(s)[blanks] == '{')
		return read_google(r);
	if (!is_pem(s))
		return import_key(r, &data, GNUTLS_X509_FMT_DER, false) || read_container(r);
	if (strstr(secret_bytes(s), "BEGIN OPENSSH PRIVATE KEY"))
		return bad(r, "it is a key of SSH; the key that belongs to the certificate is "
			   "needed, in PEM or PKCS#12");
	if (!strstr(secret_bytes(s), "PRIVATE KEY-----"))
		return bad(r,
			   strstr(secret_bytes(s), "BEGIN CERTIFICATE") ? "there is a certificate "
			   "in it, but no private key" : "there is no private key in it");
	if (import_key(r, &data, GNUTLS_X509_FMT_PEM, is_encrypted_pem(s)))
		return true;
	return is_encrypted_pem(s) ?
	       bad_password(r) : bad(r, "the private key in it cannot be read: it is damaged, or "
				     "no key of a known kind");
}

static bool read_certificate(struct reading *r)
{
	bool own = r->files->cert != NULL;
	const struct secret *s = own ? r->files->cert : r->files->key;
	gnutls_datum_t data = datum(s);

	if (r->key->cert || (!own && !strstr(secret_bytes(s), "BEGIN CERTIFICATE")))
		return true;
	if (gnutls_x509_crt_init(&r->key->cert) < 0)
		out_of_memory();
	if (gnutls_x509_crt_import(r->key->cert, &data,
				   is_pem(s) ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER) >= 0)
		return true;
	gnutls_x509_crt_deinit(r->key->cert);
	r->key->cert = NULL;
	return bad(r, "there is no certificate in it that can be read (PEM: -----BEGIN "
		   "CERTIFICATE-----)");
}

static const char *hex(struct arena *a, const unsigned char *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(256);

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%02X", p[i]);
	return arena_strdup(a, buf_str(&b));
}

/* Do the two belong together, and what is the certificate's thumbprint? */
static bool compare(struct reading *r)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(256);
	unsigned char of_key[64], of_cert[64];
	size_t n_key = sizeof(of_key), n_cert = sizeof(of_cert);
	gnutls_pubkey_t pub;
	bool same;

	if (gnutls_pubkey_init(&pub) < 0)
		out_of_memory();
	same = gnutls_pubkey_import_privkey(pub, r->key->key, 0, 0) >= 0 &&
	       gnutls_pubkey_get_key_id(pub, GNUTLS_KEYID_USE_SHA256, of_key, &n_key) >= 0 &&
	       gnutls_x509_crt_get_key_id(r->key->cert, GNUTLS_KEYID_USE_SHA256, of_cert,
					  &n_cert) >= 0 &&
	       n_key == n_cert && memcmp(of_key, of_cert, n_key) == 0;
	gnutls_pubkey_deinit(pub);
	if (!same)
		return bad(r, "the certificate does not belong to the private key: one of the two "
			   "is from another pair");
	n_cert = sizeof(of_cert);
	gnutls_x509_crt_get_fingerprint(r->key->cert, GNUTLS_DIG_SHA256, of_cert, &n_cert);
	base64_encode_url(&b, of_cert, n_cert);
	r->key->x5t = arena_strdup(r->arena, buf_str(&b));
	n_cert = sizeof(of_cert);
	gnutls_x509_crt_get_fingerprint(r->key->cert, GNUTLS_DIG_SHA1, of_cert, &n_cert);
	r->key->thumbprint = hex(r->arena, of_cert, n_cert);
	return true;
}

static bool is_rsa(struct reading *r)
{
	int algorithm = gnutls_privkey_get_pk_algorithm(r->key->key, &r->key->bits);

	if (algorithm == GNUTLS_PK_RSA)
		return true;
	return bad(r, arena_printf(r->arena, "the private key is %s; the token services of "
				   "Microsoft and Google take RSA keys only",
				   gnutls_pk_get_name((gnutls_pk_algorithm_t)algorithm)));
}

struct jwt_key *jwt_key_read(struct arena *a, const struct jwt_files *f, const char **ret_error)
{
	struct jwt_key *k = xcalloc(1, sizeof(*k));
	struct reading r = { .arena = a, .files = f, .key = k };
	bool good;

	gnutls_global_init();
	k->x5t = k->thumbprint = k->owner = k->id = "";
	good = read_key(&r) && is_rsa(&r) && read_certificate(&r) && (!k->cert || compare(&r));
	if (good)
		return k;
	*ret_error = r.error ? r.error : "the private key cannot be read";
	jwt_key_free(k);
	return NULL;
}

void jwt_key_free(struct jwt_key *k)
{
	if (!k)
		return;
	if (k->key)
		gnutls_privkey_deinit(k->key);
	if (k->cert)
		gnutls_x509_crt_deinit(k->cert);
	free(k);
}

void jwt_key_freep(struct jwt_key **k)
{
	jwt_key_free(*k);
	*k = NULL;
}

bool jwt_key_has_cert(const struct jwt_key *k)
{
	return k->cert != NULL;
}

const char *jwt_key_x5t(const struct jwt_key *k)
{
	return k->x5t;
}

const char *jwt_key_thumbprint(const struct jwt_key *k)
{
	return k->thumbprint;
}

const char *jwt_key_owner(const struct jwt_key *k)
{
	return k->owner;
}

time_t jwt_key_from(const struct jwt_key *k)
{
	return k->cert ? gnutls_x509_crt_get_activation_time(k->cert) : 0;
}

time_t jwt_key_until(const struct jwt_key *k)
{
	return k->cert ? gnutls_x509_crt_get_expiration_time(k->cert) : 0;
}

unsigned jwt_key_bits(const struct jwt_key *k)
{
	return k->bits;
}
