#ifndef LAB_INBOX_H
#define LAB_INBOX_H

/*
 * inbox - a server of the lab that keeps what it is given: the envelope and the message as they
 * came. With an inbox the server is strict where a scenario's is not: parameters of MAIL and RCPT,
 * limits, and the end of a message (RFC 5321, 4.1.1.4).
 */

#include <gnutls/gnutls.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/strv.h"

struct smtp_dialogue;

enum {
	INBOX_RECIPIENTS	= 1000,		/* of a message; RFC 5321, 4.5.3.1.8: 100 */
	INBOX_LINE		= 12288,	/* of a command (RFC 4954, 4) */
	INBOX_PATH		= 1024,		/* bytes of an address; RFC 5321, 4.5.3.1.3: 256 */
	INBOX_WASTED		= 100,		/* commands of a session that lead to no message */
	INBOX_IDLE_MS		= 300 * 1000,	/* RFC 5321, 4.5.3.2.7 */
	INBOX_SESSION_MS	= 3600 * 1000,
};

/* One message, until somebody takes it. Strings live as long as the transaction. */
struct inbox_letter {
	struct arena	*arena;
	const char	*helo;
	const char	*from;		/* "" = the null sender */
	struct strv	 to;
	const char	*body;		/* of BODY=, upper case; "" */
	bool		 extended;	/* the client said EHLO */
	bool		 secure, login;
	const char	*tls;		/* "TLS1.3"; "" */
	bool		 utf8;		/* SMTPUTF8 (RFC 6531) */
	bool		 lf_commands;	/* a command line ended in LF alone */
	bool		 chunks;	/* by BDAT; one has come */

	struct buf	 data;		/* without the dots of RFC 5321, 4.5.2 */
	size_t		 held;		/* of *inbox.held */
	/* what must not be in a message (RFC 5321, 2.3.8 and 4.1.1.4) */
	unsigned long	 bare_lf, bare_cr, nuls;
	/* lines with a dot alone whose ends are not CRLF: other servers may see an end there */
	unsigned long	 false_ends;
	bool		 too_long, no_room;
};

struct inbox {
	size_t		 size_most;	/* bytes of a message */
	size_t		*held;		/* bytes that are kept now, of all sessions */
	size_t		 held_most;
	bool		 any_login;	/* whatever a client sends is right */
	bool		 needs_login;
	void		*arg;
	/*
	 * Takes the message over, its data included if it clears the buffer; answers the reply
	 * line. Must not wait.
	 */
	const char	*(*take)(void *arg, struct inbox_letter *l);
};

/* --- letter.c, for smtpd.c: nothing happens where the server has no inbox --- */

/* After EHLO or HELO. */
void letter_hello(struct smtp_dialogue *t, bool extended);
/* A transaction begins: everything of it lives in an arena of its own. */
void letter_begin(struct smtp_dialogue *t);
/* Forgets the transaction. */
void letter_forget(struct smtp_dialogue *t);
/*
 * MAIL and RCPT with what follows the address. False: refused, and the reply was given.
 */
bool letter_mail(struct smtp_dialogue *t, struct span parameters);
bool letter_recipient(struct smtp_dialogue *t, struct span parameters);
/* Is the client allowed one more recipient? False after the reply was given. */
bool letter_has_room(struct smtp_dialogue *t);
/* After 354: reads up to the end, and answers. */
void letter_data(struct smtp_dialogue *t);
/* A chunk (RFC 3030, 2). */
void letter_chunk(struct smtp_dialogue *t, size_t n, bool last);

#endif
