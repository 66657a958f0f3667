#ifndef PROTO_SMTP_INSIDE_H
#define PROTO_SMTP_INSIDE_H

/*
 * smtp-inside - what the files of proto/smtp (and sasl) share. Nobody else includes it.
 */

#include <stdarg.h>

#include "base/buf.h"
#include "base/limits.h"
#include "proto/smtp-offer.h"
#include "proto/smtp.h"

enum {
	SMTP_CHUNK	= 2 * 1024,		/* read at a time */
	SMTP_COMMAND	= 4 * 1024,		/* the longest command without a secret */
	SMTP_EVIDENCE	= 160,			/* bytes of garbage that are kept */
};

struct smtp {
	struct net		*net;
	struct arena		*arena;
	const char		*endpoint;
	const char		*host;
	const char		*peer;
	int			 fd;		/* -1 when the dial failed */
	enum smtp_mode		 mode;
	struct tls		*tls;
	struct tls_failure	 tls_failure;
	bool			 tls_failed;
	bool			 greeted;
	/* nothing more is to be said: closed, broken, or 421 */
	bool			 ended;
	bool			 used_helo;
	struct buf		 in;		/* read, not consumed */
	struct transcript	*transcript;
	const struct failure	*failure;
	const struct reply	*reply;
	struct smtp_offer	 offer;
	struct smtp_times	 times;
	const char		*garbage;
	struct buf challenge; /* what stood after the last 334, as it came: it may quote a secret */
};

/* Remembers the first failure. Always false, so that a step can return it. */
bool smtp_fail(struct smtp *s, enum failure_class class, enum stage stage, int err,
	       const struct reply *r, const char *fmt, ...) _printf_(6, 7);
void smtp_note(struct smtp *s, const char *fmt, ...) _printf_(2, 3);

/*
 * May a step be taken? False after a failure (and makes one when the fiber is cancelled or the
 * conversation has ended).
 */
bool smtp_may(struct smtp *s, enum stage stage);

/*
 * Sends bytes and reads a reply, under one time limit. `shown` (n bytes) goes into the transcript;
 * nothing is sent when sent is NULL. NULL when the conversation broke.
 */
_waits_ const struct reply *smtp_exchange(struct smtp *s, enum stage stage, struct span shown,
					  struct span sent);

/* The same within ms milliseconds. */
_waits_ const struct reply *smtp_exchange_in(struct smtp *s, enum stage stage, struct span shown,
					     struct span sent, int64_t ms);

/*
 * The first n bytes that were read are lines of a reply, or came in place of one: strikes out what
 * they hold of a secret and puts them into the transcript. at_ms: when each line came (clock_ms()),
 * for LIMIT_REPLY_LINES + 1 of them. To be called once for the same bytes, before anything is made
 * of them.
 */
void smtp_heard(struct smtp *s, size_t n, const int64_t *at_ms);

#endif
