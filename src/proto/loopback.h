#ifndef PROTO_LOOPBACK_H
#define PROTO_LOOPBACK_H

/*
 * loopback - the browser that comes back from a sign-in (RFC 8252, 7.3): one answer on this
 * machine's own addresses, for nobody else.
 *
 *	struct loopback *l = loopback_open(a, 0, &error);
 *	... send the browser to a URL with redirect_uri=loopback_url(l) ...
 *	if (loopback_wait(l, state, &came)) use(came.code);
 *
 * It listens on 127.0.0.1 and, where the machine has it, on ::1, at the same port. Whatever is not
 * the awaited answer gets 404 and is forgotten.
 */

#include <stdbool.h>

#include "base/attr.h"

struct arena;
struct loopback;
struct secret;

/* port 0 = any that is free. NULL and *ret_error: the port is taken, or there is no loopback. */
struct loopback *loopback_open(struct arena *a, unsigned port, const char **ret_error);
void loopback_close(struct loopback *l);		/* NULL is fine */
/* "http://localhost:49152/". Microsoft takes any port for http://localhost, and so does Google. */
const char *loopback_url(const struct loopback *l);

struct loopback_came {
	/* the caller frees; NULL when the service refused: */
	struct secret	*code;
	const char	*error, *description;	/* its words; "" */
	unsigned	 strangers;		/* requests that were something else */
};

/*
 * Waits for the answer with that state, to the fiber's deadline. 0, -ETIMEDOUT, -ECANCELED, or
 * another negative errno.
 */
_waits_ int loopback_wait(struct loopback *l, const char *state, struct loopback_came *ret);

#endif
