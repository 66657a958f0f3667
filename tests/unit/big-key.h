#ifndef TESTS_BIG_KEY_H
#define TESTS_BIG_KEY_H

/*
 * big-key - certificates with RSA keys of any size: nobody holds the key, and nobody made the
 * signature. For what must not be computed with.
 */

#include <gnutls/x509.h>
#include <stddef.h>

#include "base/buf.h"

enum { PLAIN_EXPONENT = 17, USUAL_MODULUS = 2048 };	/* bits; the exponent is 65537 */

#define BYTES(b, literal) buf_add((b), (literal), sizeof(literal) - 1)

void big_endian(struct buf *to, size_t value, unsigned bytes);
/* A number of exactly so many bits, odd, big-endian. */
void big_number(struct buf *to, size_t bits);
/* A certificate (RFC 5280, 4.1) as DER; sizes in bits. */
void big_certificate(struct buf *to, size_t modulus, size_t exponent);
/* The same as GnuTLS's; the caller's to free. */
gnutls_x509_crt_t big_crt(size_t modulus, size_t exponent);

#endif
