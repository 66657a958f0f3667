#ifndef PASTE_DIALOGUE_H
#define PASTE_DIALOGUE_H

/*
 * dialogue - a transcript of SMTP in a paste: who said what, and where it stopped. Pure; spans
 * point into the lines.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/failure.h"
#include "base/str.h"
#include "paste/paste.h"

enum speaker { NOBODY, SERVER, CLIENT };

/*
 * Who speaks in the line, and the words without what a program puts before them. Of a client the
 * command; STAGE_UNKNOWN for one that belongs to no step (QUIT).
 */
enum speaker paste_dialogue_line(struct span line, struct span *ret, enum stage *ret_command);

/* The answer to EHLO. */
struct offered {
	struct buf	keywords;	/* joined by blanks, without parameters */
	struct buf	auth;		/* mechanisms */
	bool		starttls;
	bool		seen;		/* there was one */
};

struct dialogue {
	bool		spoken;		/* there is a reply in it */
	int		greeting_code;	/* 0 = none seen */
	struct span	greeting;	/* its first line, without the code */
	struct span	hello;		/* the first line of the last EHLO answer */
	bool		helo, ehlo;	/* what the client said */
	struct offered	clear, tls;	/* before and after TLS began */
	bool		in_tls;
	struct span	mechanism;	/* of the last AUTH; empty = none was tried */
	struct span	from, to;	/* of MAIL and RCPT; empty = not said */
	enum stage	last;		/* the last step that the client began */
	size_t		last_line;	/* where it did */
	enum stage	expected;	/* the step whose answer is missing at the end */
	enum stage	refused;	/* the last step that was refused */
	bool		open;		/* a reply has begun and not ended */
};

/* Never fails; where there is no transcript nothing is spoken. To be released. */
void paste_dialogue_read(struct dialogue *d, const struct paste_lines *lines);
void paste_dialogue_release(struct dialogue *d);

#endif
