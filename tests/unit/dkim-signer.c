/*
 * dkim-signer - keys and signatures for tests of DKIM and ARC.
 */
#include "tests/unit/dkim-signer.h"

#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/buf.h"

struct signer { gnutls_privkey_t key; bool ed25519; };

struct signer *signer_new(unsigned bits)
{
	struct signer *s = calloc(1, sizeof(*s));
	int status;

	assert(s);
	s->ed25519 = !bits;
	assert(gnutls_privkey_init(&s->key) == 0);
	status = gnutls_privkey_generate(s->key, bits ? GNUTLS_PK_RSA : GNUTLS_PK_EDDSA_ED25519,
					 bits ? bits
					      : GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519),
					 0);
	assert(status == 0);
	return s;
}

void signer_free(struct signer *s)
{
	gnutls_privkey_deinit(s->key);
	free(s);
}

static const char *in_base64(struct arena *a, const void *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(16384);

	assert(base64_encode(&b, p, n));
	return arena_strdup(a, buf_str(&b));
}

const char *signer_public(struct arena *a, const struct signer *s, bool pkcs1)
{
	gnutls_datum_t x = { NULL, 0 };
	gnutls_pubkey_t k;
	const char *text;
	size_t skip = 0;

	assert(gnutls_pubkey_init(&k) == 0);
	assert(gnutls_pubkey_import_privkey(k, s->key, 0, 0) == 0);
	if (s->ed25519)
		assert(gnutls_pubkey_export_ecc_raw(k, NULL, &x, NULL) == 0);
	else
		assert(gnutls_pubkey_export2(k, GNUTLS_X509_FMT_DER, &x) == 0);
	/* Of an RSA key: 30 len len len, 15 bytes of AlgorithmIdentifier, 03 len len len, 00. Both
	 * lengths have as many octets. */
	if (pkcs1)
		skip = x.data[1] == 0x82 ? 4 + 15 + 4 + 1 : 3 + 15 + 3 + 1;
	text = in_base64(a, x.data + skip, x.size - skip);
	gnutls_free(x.data);
	gnutls_pubkey_deinit(k);
	return text;
}

static size_t digest(struct span bytes, bool sha1, unsigned char ret[32])
{
	gnutls_digest_algorithm_t h = sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256;

	assert(gnutls_hash_fast(h, bytes.p, bytes.len, ret) == 0);
	return gnutls_hash_get_len(h);
}

const char *signer_hash(struct arena *a, struct span bytes, bool sha1)
{
	unsigned char d[32];
	size_t n = digest(bytes, sha1, d);

	return in_base64(a, d, n);
}

const char *signer_sign(struct arena *a, const struct signer *s, struct span bytes, bool sha1)
{
	unsigned char d[32];
	gnutls_datum_t data = { d, (unsigned)digest(bytes, sha1, d) }, sig = { NULL, 0 };
	const char *text;
	int status;

	if (s->ed25519)
		status = gnutls_privkey_sign_data2(s->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &data,
						   &sig);
	else
		status = gnutls_privkey_sign_hash2(
			s->key, sha1 ? GNUTLS_SIGN_RSA_SHA1 : GNUTLS_SIGN_RSA_SHA256, 0,
			&data, &sig);
	assert(status == 0);
	text = in_base64(a, sig.data, sig.size);
	gnutls_free(sig.data);
	return text;
}
