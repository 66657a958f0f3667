#ifndef LAB_CLOUD_TOKEN_STORE_H
#define LAB_CLOUD_TOKEN_STORE_H

/*
 * token-store - what the simulated services remember while the lab runs, and the key they sign
 * tokens with. The key is built in (data/lab-key.pem), known to all and trusted by nobody: what one
 * run of the lab issued, the next one accepts, as a tenant would the day after.
 */

#include <gnutls/abstract.h>
#include <stdbool.h>

#include "base/json.h"
#include "base/str.h"

struct arena;
struct map;

enum { TOKEN_STORE_MAX = 4096 /* things remembered */ };

struct token_store {
	struct arena		*arena;
	struct map		*counts;
	gnutls_privkey_t	 key;		/* NULL until somebody needs it */
	gnutls_pubkey_t		 pub;
};

void token_store_init(struct token_store *s, struct arena *a);
void token_store_release(struct token_store *s);
/* How often this was asked for before; nothing is forgotten while the lab runs. */
unsigned token_store_count(struct token_store *s, const char *what);

/* A JWT in compact form, RS256 (RFC 7515; RFC 7519). NULL when GnuTLS refuses. */
char *token_store_sign(struct token_store *s, struct arena *a, json_t *claims);
/* The claims of a JWT that we signed; NULL = it is not ours. A new reference. */
json_t *token_store_verify(struct token_store *s, struct arena *a, const char *jwt);
/* Our public key as a JWK set (RFC 7517). */
json_t *token_store_jwks(struct token_store *s, struct arena *a);

/*
 * A string that only we can read and make: for codes, refresh tokens and tokens without
 * claims for others.
 */
char *token_seal(struct arena *a, const char *prefix, json_t *content);
/* What was sealed under this prefix; NULL = it is not ours. A new reference. */
json_t *token_unseal(const char *prefix, const char *sealed);

/* A random version 4 UUID (RFC 9562, 5.4). */
char *guid_new(struct arena *a);

#endif
