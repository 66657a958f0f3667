#ifndef LAB_DIALOGUE_H
#define LAB_DIALOGUE_H

/*
 * dialogue - an SMTP connection in progress: what is known of the client, and answers as the
 * scenario has them. Used by smtpd.c and auth.c.
 */

#include <stdbool.h>

#include "lab/inbox.h"
#include "lab/smtpd.h"
#include "lab/player.h"

struct smtp_dialogue {
	struct player		 player;	/* first: placeholders find the dialogue by it */
	const struct smtpd	*d;
	struct arena		*arena;
	bool			 hello, login, mail;
	unsigned		 rcpts;
	int			 code;		/* of the answer played last, 0 = none */
	/* For {placeholders}; "" until known. */
	const char		*helo, *user, *mechanism, *from, *to, *session;
	const char		*response;	/* the last one to AUTH, as it came; "" */

	/* With an inbox alone. */
	struct inbox_letter	 letter;	/* its arena is NULL outside of a transaction */
	bool			 extended;	/* EHLO */
	bool			 lf_commands;	/* a command line ended in LF alone */
	unsigned		 wasted;	/* commands that lead to no message */
	int			 chunk_place;	/* letter.c's, between two chunks */
};

void dialogue_init(struct smtp_dialogue *t, const struct smtpd *d, struct arena *a, int fd);

/*
 * Plays what the scenario says at this point to this argument, else the line given. What is sent
 * waits for the next read.
 */
_waits_ void dialogue_answer(struct smtp_dialogue *t, enum point p, const char *argument,
			     const char *otherwise);
/* The same only if the scenario says something there; false = it does not. */
_waits_ bool dialogue_special(struct smtp_dialogue *t, enum point p, const char *argument);
/* One line with {placeholders}. */
void dialogue_line(struct smtp_dialogue *t, const char *line);
/* The next line of the client; false when there is none, the dialogue is over then. */
_waits_ bool dialogue_read(struct smtp_dialogue *t, struct span *ret);

/* No more of this client: says why, as far as that is possible. e: of wire.h, less than 0. */
void dialogue_ended(struct smtp_dialogue *t, int e);

/* AUTH and what follows (RFC 4954). */
_waits_ void dialogue_auth(struct smtp_dialogue *t, struct span argument);

#endif
