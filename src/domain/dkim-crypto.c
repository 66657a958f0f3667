/*
 * dkim-crypto - hashes and signatures, by GnuTLS.
 */
#include "domain/dkim-inside.h"

#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"

struct dkim_hasher {
	gnutls_hash_hd_t	hash;
	gnutls_digest_algorithm_t algorithm;
};

static gnutls_digest_algorithm_t digest_of(enum dkim_hash h)
{
	return h == DKIM_HASH_SHA1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256;
}

/* Both hashes are there always, and nothing but memory can be missing. */
static void done(int status)
{
	assert(status >= 0);
}

struct dkim_hasher *dkim_hasher_new(enum dkim_hash h)
{
	struct dkim_hasher *new = xcalloc(1, sizeof(*new));

	new->algorithm = digest_of(h);
	done(gnutls_hash_init(&new->hash, new->algorithm));
	return new;
}

void dkim_hasher_freep(struct dkim_hasher **h)
{
	if (!*h)
		return;
	gnutls_hash_deinit((*h)->hash, NULL);
	free(*h);
	*h = NULL;
}

void dkim_hasher_add(struct dkim_hasher *h, const void *p, size_t n)
{
	if (n)
		done(gnutls_hash(h->hash, p, n));
}

size_t dkim_hasher_digest(const struct dkim_hasher *h, unsigned char ret[DKIM_DIGEST_MOST])
{
	gnutls_hash_hd_t copy = gnutls_hash_copy(h->hash);

	if (!copy)
		out_of_memory();
	gnutls_hash_deinit(copy, ret);
	return gnutls_hash_get_len(h->algorithm);
}

static gnutls_datum_t datum(struct span s)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)s.p, (unsigned)s.len };
}

static void pubkey_freep(gnutls_pubkey_t *k)
{
	if (*k)
		gnutls_pubkey_deinit(*k);
}

/* Numbers of DER: a tag, and its length in the long form of two octets. */
static unsigned char *der(unsigned char *p, unsigned char tag, size_t n)
{
	*p++ = tag;
	*p++ = 0x82;
	*p++ = (unsigned char)(n >> 8);
	*p++ = (unsigned char)n;
	return p;
}

enum { PKCS1_MOST = LIMIT_RSA_BITS / 8 + LIMIT_RSA_EXPONENT / 8 + 16 };

/*
 * An RSAPublicKey of PKCS#1 in the form of a SubjectPublicKeyInfo: RFC 6376 (3.6.1) means the
 * first, everybody publishes the second (erratum 3017), and some do as it says. GnuTLS takes
 * lengths that are longer than DER needs.
 */
static bool import_pkcs1(gnutls_pubkey_t key, struct span data)
{
	static const unsigned char rsa[] = { 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7,
					     13, 1, 1, 1, 5, 0 };
	unsigned char info[4 + sizeof(rsa) + 4 + 1 + PKCS1_MOST], *p;
	gnutls_datum_t all;

	if (data.len < 64 || data.len > PKCS1_MOST)
		return false;
	p = der(info, 0x30, sizeof(rsa) + 4 + 1 + data.len);
	memcpy(p, rsa, sizeof(rsa));
	p = der(p + sizeof(rsa), 3, 1 + data.len);
	*p++ = 0;
	memcpy(p, data.p, data.len);
	all = (gnutls_datum_t){ info, (unsigned)(p + data.len - info) };
	return gnutls_pubkey_import(key, &all, GNUTLS_X509_FMT_DER) == 0;
}

/* A modulus or an exponent that makes a verification take long is refused. */
static unsigned rsa_bits(gnutls_pubkey_t key)
{
	gnutls_datum_t m, e;
	unsigned bits = 0;

	if (gnutls_pubkey_get_pk_algorithm(key, &bits) != GNUTLS_PK_RSA || bits > LIMIT_RSA_BITS ||
	    gnutls_pubkey_export_rsa_raw2(key, &m, &e, GNUTLS_EXPORT_FLAG_NO_LZ) != 0)
		return 0;
	if (e.size > LIMIT_RSA_EXPONENT / 8)
		bits = 0;
	gnutls_free(m.data);
	gnutls_free(e.data);
	return bits;
}

/* Into a new key; its bits, 0 = it is none of that kind. */
static unsigned import(struct span data, bool ed25519, gnutls_pubkey_t *ret)
{
	gnutls_datum_t d = datum(data);

	if (!data.len || data.len > 8192 || gnutls_pubkey_init(ret) != 0)
		return 0;
	if (!ed25519)
		return gnutls_pubkey_import(*ret, &d, GNUTLS_X509_FMT_DER) == 0 ||
		       import_pkcs1(*ret, data) ? rsa_bits(*ret) : 0;
	if (data.len != 32 ||
	    gnutls_pubkey_import_ecc_raw(*ret, GNUTLS_ECC_CURVE_ED25519, &d, NULL) != 0)
		return 0;
	return 256;
}

unsigned dkim_key_bits(struct span data, bool ed25519)
{
	_cleanup_(pubkey_freep) gnutls_pubkey_t key = NULL;

	return import(data, ed25519, &key);
}

bool dkim_key_signed(const struct dkim_key *key, enum dkim_hash hash, struct span digest,
		     struct span signature)
{
	/* What no longer counts is judged by the caller, who wants to say more than no. */
	const unsigned old = GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1;
	_cleanup_(pubkey_freep) gnutls_pubkey_t k = NULL;
	gnutls_datum_t d = datum(digest), s = datum(signature);

	if (!import(key->data, key->ed25519, &k) || !signature.len || signature.len > 8192)
		return false;
	if (key->ed25519)
		return gnutls_pubkey_verify_data2(k, GNUTLS_SIGN_EDDSA_ED25519, 0, &d, &s) >= 0;
	return gnutls_pubkey_verify_hash2(k,
					  hash == DKIM_HASH_SHA1 ? GNUTLS_SIGN_RSA_SHA1
								 : GNUTLS_SIGN_RSA_SHA256,
					  old, &d, &s) >= 0;
}
