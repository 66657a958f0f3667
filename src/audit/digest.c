/*
 * digest - SHA-256 by GnuTLS.
 */
#include "audit/digest.h"

#include <assert.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/mem.h"

struct digest {
	gnutls_hash_hd_t	handle;
};

struct digest *digest_new(void)
{
	struct digest *d = xmalloc(sizeof(*d));
	int ok;

	/* GnuTLS does not start with the program (cmd/main.c). It counts, and stays started. */
	ok = gnutls_global_init() == 0 && gnutls_hash_init(&d->handle, GNUTLS_DIG_SHA256) == 0;
	assert(ok);
	return d;
}

void digest_add(struct digest *d, const void *p, size_t n)
{
	if (n)
		gnutls_hash(d->handle, p, n);
}

void digest_add_text(struct digest *d, const char *s)
{
	digest_add(d, s, strlen(s) + 1);
}

void digest_end(struct digest *d, unsigned char ret[DIGEST_SIZE])
{
	gnutls_hash_deinit(d->handle, ret);
	free(d);
}

void digest_hex(const unsigned char *p, size_t n, char *ret)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*ret++ = digits[p[i] >> 4];
		*ret++ = digits[p[i] & 15];
	}
	*ret = '\0';
}

void digest_end_hex(struct digest *d, char ret[DIGEST_HEX])
{
	unsigned char sum[DIGEST_SIZE];

	digest_end(d, sum);
	digest_hex(sum, sizeof(sum), ret);
}
