#ifndef PROTO_MAILBOX_INSIDE_H
#define PROTO_MAILBOX_INSIDE_H

/*
 * mailbox-inside - what mailbox.c (the steps) and mailbox-stream.c (lines and answers) share.
 * Nobody else includes it.
 */

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/mailbox.h"

enum {
	MAILBOX_CHUNK		= 2 * 1024,	/* bytes read at a time */
	MAILBOX_ANSWER_MOST	= 256 * 1024,	/* bytes of one line, literals included */
	MAILBOX_LINES_MOST	= 4096,		/* of one answer */
	MAILBOX_BYTES_MOST	= 1024 * 1024,	/* of one answer */
	MAILBOX_OFFERS_MOST	= 256,		/* capabilities that are kept */
	MAILBOX_COMMAND_MOST	= 4 * 1024,	/* bytes of a command without a secret */
};

struct mailbox {
	struct net		*net;
	struct arena		*arena;
	enum mailbox_kind	 kind;
	bool			 implicit_tls;
	const char		*host, *endpoint;
	unsigned		 port, tag;
	int			 fd;		/* -1 when the dial failed */
	struct tls		*tls;
	struct buf		 in;		/* read, not consumed */
	struct transcript	*transcript;
	const struct failure	*failure;
	struct strv		 offers;
	enum mailbox_heard	 heard;
	const char		*said, *greeted;
};

/* Remembers the first failure. Always false. */
bool mailbox_fail(struct mailbox *m, enum failure_class class, enum stage stage, const char *fmt,
		  ...) _printf_(4, 5);

/* The next line without its end; lives until the next one is read. Waits. */
_waits_ bool mailbox_line(struct mailbox *m, enum stage stage, struct span *ret);

/* A command that must not be shown: `shown` stands in the transcript. */
_waits_ bool mailbox_ask_secret(struct mailbox *m, const char *shown, const struct buf *command);
/* AUTHENTICATE or AUTH with a response in base64, after the server has asked for it. */
_waits_ bool mailbox_authenticate(struct mailbox *m, const char *mechanism,
				  const struct buf *response);

/* Whose greeting is it? */
enum mailbox_heard mailbox_heard_of(enum mailbox_kind kind, const char *text);

#endif
