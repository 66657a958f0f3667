#ifndef LAB_WEBD_H
#define LAB_WEBD_H

/*
 * webd - one connection of a web server: requests read, and answered as the scenario says, or else
 * as the server's role does.
 */

#include <gnutls/gnutls.h>

#include "base/attr.h"
#include "lab/scenario.h"
#include "lab/web.h"

struct token_store;

struct webd {
	const struct scenario			*scenario;
	const struct lab_server			*server;
	gnutls_certificate_credentials_t	 credentials;
	/* shared by all web servers of the lab */
	struct token_store				*tokens;
};

/* Speaks on a connected, non-blocking socket until somebody has enough of it, and closes it. */
_waits_ void webd_serve(const struct webd *d, int fd);

#endif
