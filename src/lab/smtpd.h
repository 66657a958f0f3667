#ifndef LAB_SMTPD_H
#define LAB_SMTPD_H

/*
 * smtpd - one conversation, from the server's end, as a scenario wants it. It shares nothing with
 * the client's side.
 */

#include <gnutls/gnutls.h>

#include "base/attr.h"
#include "lab/scenario.h"

struct inbox;
struct token_store;

struct smtpd {
	const struct scenario			*scenario;
	const struct lab_server			*server;
	gnutls_certificate_credentials_t	 credentials;
	/* knows the tokens that the lab issued; not looked at with an inbox */
	struct token_store				*tokens;
	/* keeps what it is given; NULL = nothing is kept */
	const struct inbox				*inbox;
};

/* Speaks on a connected, non-blocking socket until somebody has enough of it, and closes it. */
_waits_ void smtpd_serve(const struct smtpd *d, int fd);

#endif
