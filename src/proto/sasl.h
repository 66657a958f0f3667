#ifndef PROTO_SASL_H
#define PROTO_SASL_H

/*
 * sasl - AUTH PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER on an SMTP conversation (RFC 4954; RFC 4616;
 * RFC 7628; Google's and Microsoft's descriptions of XOAUTH2).
 *
 * The initial response goes with AUTH when the whole line stays within 512 octets (RFC 4954,
 * 4), else after the 334. A 504 or 501 to a one-line AUTH, and a 504 to a bare one, are tried
 * once more in the other form: that's no second attempt with a wrong credential, the first
 * was not understood.
 */

#include <stdbool.h>

#include "base/attr.h"
#include "base/reply.h"

struct arena;
struct secret;
struct smtp;

enum sasl_mechanism { SASL_LOGIN, SASL_PLAIN, SASL_XOAUTH2, SASL_OAUTHBEARER };

const char *sasl_name(enum sasl_mechanism m);			/* "LOGIN" ... */

struct sasl_ask {
	enum sasl_mechanism	 mechanism;
	const char		*user;
	const struct secret	*secret;	/* password or bearer token */
	const char		*host;		/* for OAUTHBEARER's host= and port= */
	unsigned		 port;
	/* without it nothing is sent unless the conversation is under TLS */
	bool			 allow_plaintext;
};

struct sasl_result {
	bool			 accepted;	/* 235 */
	const struct reply	*reply;		/* the last one; NULL when the conversation broke */
	bool			 two_step;	/* the initial response went after the 334 */
	/* 501/504 to the one-line form, then repeated in two */
	bool			 one_line_refused;
	/* 504 to the bare AUTH of an offered mechanism, then repeated in one line */
	bool			 two_step_refused;
	/* the decoded 334 error JSON of a refused token, escaped; "" if none */
	const char		*challenge;
	/* its "status" ("401", "invalid_token"), "" if none */
	const char		*challenge_status;
	const char		*challenge_scope;	/* its "scope", "" if none */
};

/*
 * Speaks the exchange. False when the conversation broke (see smtp_failure()); true with ret filled
 * when the server decided. What is sent of the secret is wiped afterwards and shown as "AUTH
 * XOAUTH2 <1423 bytes>". Waits.
 */
_waits_ bool sasl_auth(struct smtp *s, struct arena *a, const struct sasl_ask *ask,
		       struct sasl_result *ret);

#endif
