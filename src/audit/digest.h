#ifndef AUDIT_DIGEST_H
#define AUDIT_DIGEST_H

/*
 * digest - SHA-256 over texts: which list it is, which line, and whether a record is whole.
 */

#include <stddef.h>

struct digest;

enum { DIGEST_SIZE = 32, DIGEST_HEX = 2 * DIGEST_SIZE + 1 };

struct digest *digest_new(void);
void digest_add(struct digest *d, const void *p, size_t n);
/* The text with its NUL, so that what follows cannot be taken for a part of it. */
void digest_add_text(struct digest *d, const char *s);
/* Answers the sum and frees the digest. */
void digest_end(struct digest *d, unsigned char ret[DIGEST_SIZE]);
/* The same in hexadecimal digits. */
void digest_end_hex(struct digest *d, char ret[DIGEST_HEX]);
/* Writes 2 * n digits and a NUL. */
void digest_hex(const unsigned char *p, size_t n, char *ret);

#endif
