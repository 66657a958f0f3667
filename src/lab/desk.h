#ifndef LAB_DESK_H
#define LAB_DESK_H

/*
 * desk - what the lab's web roles remember while it runs, and the key they sign with. The key is built in (data/lab-key.pem), known to all and
 * trusted by nobody: what one run of the lab issued, the next one accepts, as a tenant would the day after.
 */

#include <gnutls/abstract.h>
#include <stdbool.h>

#include "base/json.h"
#include "base/str.h"

struct arena;
struct map;

enum { DESK_MAX = 4096 /* things remembered */ };

struct desk {
	struct arena		*arena;
	struct map		*counts;
	gnutls_privkey_t	 key;		/* NULL until somebody needs it */
	gnutls_pubkey_t		 pub;
};

void desk_init(struct desk *d, struct arena *a);
void desk_release(struct desk *d);
/* How often this was asked for before; nothing is forgotten while the lab runs. */
unsigned desk_count(struct desk *d, const char *what);

/* A JWT in compact form, RS256 (RFC 7515; RFC 7519). NULL when GnuTLS refuses. */
char *desk_sign(struct desk *d, struct arena *a, json_t *claims);
/* The claims of a JWT that we signed; NULL = it is not ours. A new reference. */
json_t *desk_read(struct desk *d, struct arena *a, const char *jwt);
/* Our public key as a JWK set (RFC 7517). */
json_t *desk_keys(struct desk *d, struct arena *a);

/* A string that only we can read and make: for codes, refresh tokens and tokens without claims for others. */
char *desk_seal(struct arena *a, const char *prefix, json_t *content);
/* What was sealed under this prefix; NULL = it is not ours. A new reference. */
json_t *desk_open(const char *prefix, const char *sealed);

/* A random version 4 UUID (RFC 9562, 5.4). */
char *desk_guid(struct arena *a);

#endif
