#ifndef LAB_CLOUD_JWT_H
#define LAB_CLOUD_JWT_H

/*
 * jwt - tokens of three parts, as the lab's servers read and write them (RFC 7515; RFC 7518). The
 * client has its own.
 */

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/str.h"

struct arena;
struct buf;

enum { JWT_MAX = 256 * 1024 };

struct jwt {
	json_t		*header, *claims;	/* objects; released by jwt_release() */
	struct span	 body;			/* what is signed: the first two parts */
	unsigned char	*signature;
	size_t		 signature_len;
};

/* Takes apart and decodes; nothing is verified. False = it is none. */
bool jwt_read(struct jwt *j, struct arena *a, const char *text);
void jwt_release(struct jwt *j);
/* Is the signature right? "RS256" and "PS256" are known. */
bool jwt_verify(const struct jwt *j, gnutls_pubkey_t key);

/* A text member, "" when it is none. It lives as long as the object. */
const char *jwt_text(const json_t *object, const char *name);
/* A number member; otherwise when it is none. */
long long jwt_number(const json_t *object, const char *name, long long otherwise);

char *jwt_base64url_dup(struct arena *a, const void *p, size_t n);

#endif
