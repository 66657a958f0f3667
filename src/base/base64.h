#ifndef BASE_BASE64_H
#define BASE_BASE64_H

/*
 * base64 - RFC 4648, section 4 (and 5 for decoding: '-' and '_' are taken too).
 * Padding may be missing.
 */

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* false when the buffer's limit is reached */
bool base64_encode(struct buf *b, const void *p, size_t n);
/* The alphabet for URLs, without padding (RFC 4648, 5; RFC 7515, 2). */
bool base64_encode_url(struct buf *b, const void *p, size_t n);
/* Decodes n characters; white space is not allowed. False on anything else; b is then as before. */
bool base64_decode(struct buf *b, const char *p, size_t n);

#endif
