#ifndef LAB_WIRE_H
#define LAB_WIRE_H

/*
 * wire - the server's end of one connection, in the clear or in TLS. What is sent is gathered and
 * leaves in one piece when the server next waits for something, so that it depends on the scenario
 * alone what shares a segment.
 *
 * All answer 0 or a negative errno (-ECANCELED, -ETIMEDOUT, -ECONNRESET, -EPROTO for TLS trouble);
 * -EPIPE = the peer has gone.
 */

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "lab/scenario.h"

enum { WIRE_MAX_LINE = 64 * 1024, WIRE_MAX_OUT = 2 * 1024 * 1024 };

struct wire {
	int			 fd;
	gnutls_session_t	 tls;		/* NULL in the clear */
	struct buf		 in;		/* read; the first `taken` bytes are done with */
	size_t			 taken;
	struct buf		 out;		/* to be sent */
	/* one byte at a time, slow_ms apart: decided anew for each answer */
	bool			 slow;
	int64_t			 slow_ms;
};

void wire_init(struct wire *w, int fd);
void wire_release(struct wire *w);		/* closes; never waits */

void wire_add(struct wire *w, const void *p, size_t n);
_waits_ int wire_flush(struct wire *w);

/*
 * Flushes, then reads the next line; *ret is without line end and valid until the next call.
 * -EMSGSIZE: a line without end.
 */
_waits_ int wire_line(struct wire *w, struct span *ret);
/* Flushes, then reads n bytes. -EMSGSIZE: more than the buffer takes. */
_waits_ int wire_take(struct wire *w, size_t n, struct buf *to);
/* Flushes, then reads and forgets n bytes. */
_waits_ int wire_skip(struct wire *w, size_t n);
/* Flushes, then waits until the peer says something (kept) or goes. */
_waits_ int wire_peek(struct wire *w);
/*
 * Flushes, then waits for at least one byte; *ret is all that has come, valid until the next call.
 * wire_used() tells how much of it is done with.
 */
_waits_ int wire_piece(struct wire *w, struct span *ret);
void wire_used(struct wire *w, size_t n);
/* Flushes, then says nothing until the peer has gone. */
_waits_ int wire_silence(struct wire *w);

/* Our part of a TLS handshake. What the peer sent before is forgotten (RFC 3207, 4.2). */
_waits_ int wire_secure(struct wire *w, gnutls_certificate_credentials_t credentials,
			const struct lab_server *s);
/* The next close is an RST. */
void wire_abort(struct wire *w);
/* Says that we close, if that costs no waiting. */
void wire_bye(struct wire *w);

#endif
