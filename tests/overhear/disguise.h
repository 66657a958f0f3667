#ifndef TESTS_DISGUISE_H
#define TESTS_DISGUISE_H

/*
 * disguise - the forms in which a secret may stand in an output: as it is, in base64 wherever it
 * begins in a longer text, percent-encoded; of a token (JWT) its claims and its signature. For
 * those who listen for secrets.
 */

#include <stddef.h>

/* `add` is called once for each form; what it is given lives for the call alone. */
void disguise(const char *p, size_t n, void (*add)(void *to, const char *p, size_t n), void *to);

/*
 * Base64 of the whole groups of three bytes behind the first `skip` bytes, into `to` (n / 3 * 4 +
 * 4). Answers its length.
 */
size_t disguise_base64(const char *p, size_t n, size_t skip, char *to);

#endif
