#ifndef BASE_FAILURE_H
#define BASE_FAILURE_H

/*
 * failure - a step that failed: the unit of evidence. Our words and the peer's
 * words are kept apart.
 *
 * The class says what a check may make of it: FAILURE_LOCAL and FAILURE_CANCELLED are about us and
 * can never become a verdict about the target.
 */

#include <stdint.h>

#include "base/attr.h"

struct arena;
struct reply;

enum stage {
	STAGE_UNKNOWN,
	STAGE_DNS,
	STAGE_CONNECT,
	STAGE_GREETING,
	STAGE_EHLO,
	STAGE_STARTTLS,
	STAGE_TLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_ACCEPTED,		/* after the final dot: bounce, junk, lost */
	STAGE_COUNT,
};

const char *stage_name(enum stage s);			/* "dns" ... "accepted", "unknown" */
enum stage stage_of(const char *name);	/* STAGE_UNKNOWN when there is none of that name */
/*
 * What was being done, for a sentence: "waiting for the greeting", "performing the EHLO handshake".
 */
const char *stage_doing(enum stage s);

enum failure_class {
	FAILURE_LOCAL,		/* our side: no route, no file, no descriptor, a bug in a library */
	FAILURE_CANCELLED,
	FAILURE_NET,		/* refused, reset, closed, unreachable */
	FAILURE_TIMEOUT,
	FAILURE_PROTOCOL,	/* what came makes no sense here */
	FAILURE_LACKS,		/* the server does not offer what is needed */
	FAILURE_REFUSED,	/* the server answered with a refusal */
	FAILURE_TLS,
	FAILURE_DNS,
};

struct failure {
	enum failure_class	 class;
	enum stage		 stage;
	int			 err;		/* errno, GnuTLS or c-ares code, 0 if none */
	/* our words: no capital, no full stop, what failed first */
	const char		*text;
	const char		*peer;		/* "mx.example[192.0.2.1]:25", or "" */
	const struct reply	*reply;		/* what the peer said, or NULL */
	int64_t			 t_ms;		/* clock_ms() when it happened */
};

const char *failure_class_name(enum failure_class c);	/* "local", "net", "timeout", ... */
struct failure *failure_new(struct arena *a, enum failure_class class, enum stage stage, int err,
			    const char *peer, const struct reply *reply, const char *fmt, ...)
	_printf_(7, 8);

#endif
