#ifndef SENDING_SENDERS_H
#define SENDING_SENDERS_H

/*
 * senders - whom a login may send as: one row for each address that was tried (check smtp.senders,
 * --from-list), and what each that was refused needs. Everything lives in the result's arena.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/reply.h"
#include "base/strv.h"

struct know;

enum sender_verdict {
	/* it did not come to that, or "later" was the answer: why says it */
	SENDER_UNTESTED,
	SENDER_ACCEPTED,	/* as far as this server ever decides it */
	SENDER_REFUSED,
	/* not refused so far; this server decides later than the check went */
	SENDER_OPEN,
};
/* "untested", "accepted", "refused", "open" */
const char *sender_verdict_name(enum sender_verdict v);

struct sender {
	const char		*from;
	enum sender_verdict	 verdict;
	/* how far it went: STAGE_MAIL, STAGE_RCPT, STAGE_DATA */
	enum stage		 stage;
	const struct reply	*reply;		/* that decided; NULL if none */
	/* id of causes.txt, of one that was refused; "" unknown */
	const char		*cause;
	/* of one that is open or untested, of one accepted: what else is to be said; "" */
	const char		*why;
	/* of one that was refused: in words; "" when its cause says all there is */
	const char		*needs;
	struct strv		 commands;	/* ... what grants it */
};

struct senders {
	const char	*endpoint, *user;
	const char	*to;			/* "" when no recipient was asked about */
	bool		 data;			/* messages were sent */
	/* the server ended the session, and a second one was opened */
	bool		 again;
	const char	*note;			/* what happened to the sessions; "" */
	size_t		 n;
	struct sender	*v;
};

/* One that was not asked yet. */
struct sender sender_untested(const char *from);

/* How many have this verdict. */
size_t senders_count(const struct senders *s, enum sender_verdict v);

/*
 * Fills in cause, needs and commands of one that was refused. provider: id, "" unknown. trustee:
 * who is to get the right: the login, or the object id of an application that logged in by itself.
 */
void sender_grant(struct arena *a, const struct know *k, const char *provider, const char *user,
		  const char *trustee, struct sender *s);

#endif
