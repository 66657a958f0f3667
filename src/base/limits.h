#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * limits - how much of anything we take, by construction. Every number is tested at its edge.
 */

enum {
	LIMIT_REPLY_LINE	= 8 * 1024,		/* bytes of one reply line, without CRLF */
	LIMIT_REPLY_LINES	= 256,			/* lines of one reply */
	LIMIT_MECHANISMS	= 64,			/* names after AUTH that are kept */
	LIMIT_MECHANISM		= 64,			/* bytes of one; RFC 4422, 3.1 allows 20 */
	LIMIT_MECHANISM_WORDS	= 256,			/* words after AUTH that are looked at */
	LIMIT_KEYWORD		= 8 * 1024,		/* bytes of an EHLO keyword's parameters */
	LIMIT_RSA_BITS		= 16384,		/* of a peer's modulus; as GnuTLS's limit */
	LIMIT_RSA_EXPONENT	= 64,			/* bits; usual are 17 */
	LIMIT_DH_BITS		= 8192,			/* of a peer's prime; RFC 7919's largest */
	LIMIT_TRANSCRIPT	= 256 * 1024,		/* bytes of text in one transcript */
	LIMIT_DNS_ANSWER	= 64 * 1024,
	LIMIT_HTTP_BODY		= 1024 * 1024,
	LIMIT_PASTE		= 16 * 1024 * 1024,	/* one pasted item */
	LIMIT_TABLE		= 16 * 1024 * 1024,	/* one table file */
	/* one line of a log; the rest of a longer one is passed over */
	LIMIT_LOG_LINE		= 64 * 1024,
	/* the lines of a log that belong together */
	LIMIT_RECORD		= 16 * 1024,
	/* relays, and as many sender domains, that are counted by name */
	LIMIT_TALLY_NAMES	= 4096,
	/* triples of cause, relay and sender domain */
	LIMIT_TALLY_CELLS	= 16384,
	/* kinds of failure, the unknown ones among them */
	LIMIT_TALLY_CAUSES	= 1024,
	LIMIT_SECRET		= 64 * 1024,		/* a password or a token */
	/* all secrets of a run that no peer is quoted with */
	LIMIT_REDACT		= 1024 * 1024,
	/* the header fields of one answer, with trailers */
	LIMIT_HTTP_HEADERS	= 256 * 1024,
	LIMIT_FACT		= 16 * 1024,		/* one fact's value */
	/* a fiber's stack, guard page not counted */
	LIMIT_STACK		= 256 * 1024,
	LIMIT_FIBERS		= 8000,			/* live at once */
	LIMIT_ADDRESSES		= 32,			/* addresses of one name that are dialled */
};

#endif
