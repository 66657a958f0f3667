#ifndef PROTO_JWT_H
#define PROTO_JWT_H

/*
 * jwt - a signed statement by which a program proves who it is, in place of a secret (RFC 7523; RFC
 * 7515, RFC 7518).
 *
 *	_cleanup_(jwt_key_freep) struct jwt_key *key = jwt_key_read(a,
 *		&(struct jwt_files) { .key = pem, .cert = certificate }, &error);
 *	struct secret *assertion = jwt_sign(key, &(struct jwt_says) { .issuer = app, .subject = app,
 *		.audience = url, .now = now });
 *
 * RSA alone: Microsoft Entra ID and Google take nothing else. Nothing here waits.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct arena;
struct secret;
struct jwt_key;

struct jwt_files {
	/* PEM (PKCS#1, PKCS#8, encrypted or not), DER, a PKCS#12 container, or Google's JSON */
	const struct secret	*key;
	/* PEM or DER; NULL = stands with the key, or there is none */
	const struct secret	*cert;
	const struct secret	*password;	/* of the key; NULL = none is known */
};

/*
 * Reads them. NULL and *ret_error, one sentence without a byte of the key: no key in it, encrypted
 * and no password or another one, not RSA, a certificate that belongs to another key.
 */
struct jwt_key *jwt_key_read(struct arena *a, const struct jwt_files *f, const char **ret_error);
void jwt_key_free(struct jwt_key *k);		/* wipes; NULL is fine */
void jwt_key_freep(struct jwt_key **k);

bool jwt_key_has_cert(const struct jwt_key *k);
/* x5t#S256 (RFC 7515, 4.1.8): "" without a certificate */
const char *jwt_key_x5t(const struct jwt_key *k);
/* SHA-1 in hex, as portals show it; "" */
const char *jwt_key_thumbprint(const struct jwt_key *k);
const char *jwt_key_owner(const struct jwt_key *k);	/* client_email of Google's JSON; "" */
/* The times of the certificate; 0 without one. */
time_t jwt_key_from(const struct jwt_key *k);
time_t jwt_key_until(const struct jwt_key *k);
unsigned jwt_key_bits(const struct jwt_key *k);

/* how long a statement is good for: Entra takes no more than ten minutes */
enum { JWT_LIFE_S = 600 };

struct jwt_says {
	const char	*issuer, *subject, *audience;
	const char	*scope;		/* NULL = none: Google wants it inside */
	time_t		 now;		/* by the clock of who reads it, as far as known */
	bool		 pkcs1;		/* RS256; else PS256 (RSA-PSS, salt of 32 octets) */
};

/* Header and claims, signed: "eyJ...". NULL when signing failed: *ret_error. The caller frees. */
struct secret *jwt_sign(struct arena *a, const struct jwt_key *k, const struct jwt_says *says,
			const char **ret_error);

/* Octets nobody can guess, in base64 for URLs; at most 96 of them. */
char *jwt_random(struct arena *a, size_t octets);
/* BASE64URL(SHA256(text)): the challenge of PKCE (RFC 7636, 4.2). */
char *jwt_digest(struct arena *a, const char *text);

#endif
