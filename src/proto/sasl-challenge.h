#ifndef PROTO_SASL_CHALLENGE_H
#define PROTO_SASL_CHALLENGE_H

/*
 * sasl-challenge - what stands after a 334: a prompt, nothing, or why a token was refused (RFC
 * 7628, 3.2.2; Google's XOAUTH2). Pure: for proto/sasl and for tests.
 */

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct reply;

struct sasl_challenge {
	const char *text; /* decoded, without secrets, escaped; as sent when it's no base64 */
	bool		 error;		/* a JSON object: the token was refused, and this is why */
	const char	*status;	/* its "status", "" if none */
	const char	*scope;		/* its "scope", "" if none */
};

/* Reads the words of a 334. Never fails: what makes no sense is text. */
void sasl_challenge_read(struct arena *a, struct span words, struct sasl_challenge *ret);

#endif
