#ifndef TESTS_UNIT_DKIM_SIGNER_H
#define TESTS_UNIT_DKIM_SIGNER_H

/*
 * dkim-signer - keys that are made for one test, and signatures by them over bytes that the test
 * writes down itself: nothing of src/domain is asked what is to be signed.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct signer;

/* bits: of RSA; 0 = Ed25519. It lives until signer_free(). */
struct signer *signer_new(unsigned bits);
void signer_free(struct signer *s);

/* The public key as p= has it: SubjectPublicKeyInfo, PKCS#1 or 32 bytes, in base64. */
const char *signer_public(struct arena *a, const struct signer *s, bool pkcs1);
/* Base64 of the hash of those bytes, SHA-256 or SHA-1. */
const char *signer_hash(struct arena *a, struct span bytes, bool sha1);
/* Base64 of the signature over them: RSA, or Ed25519 over their SHA-256 (RFC 8463, 3). */
const char *signer_sign(struct arena *a, const struct signer *s, struct span bytes, bool sha1);

#endif
