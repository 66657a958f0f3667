#ifndef LAB_TALK_H
#define LAB_TALK_H

/*
 * talk - a conversation in progress: what is known of the client, and answers played from the scenario. Used by smtpd.c and auth.c.
 */

#include <stdbool.h>

#include "lab/smtpd.h"
#include "lab/play.h"

struct talk {
	struct player		 play;		/* first: placeholders find the talk by it */
	const struct smtpd	*d;
	struct arena		*arena;
	bool			 hello, login, mail;
	unsigned		 rcpts;
	int			 code;		/* of the answer played last, 0 = none */
	/* For {placeholders}; "" until known. */
	const char		*helo, *user, *mechanism, *from, *to, *session;
	const char		*response;	/* the last one to AUTH, as it came; "" */
};

void talk_init(struct talk *t, const struct smtpd *d, struct arena *a, int fd);

/* Plays what the scenario says at this point to this argument, else the line given. What is sent waits for the next read. */
_waits_ void talk_answer(struct talk *t, enum point p, const char *argument, const char *otherwise);
/* The same only if the scenario says something there; false = it does not. */
_waits_ bool talk_special(struct talk *t, enum point p, const char *argument);
/* One line with {placeholders}. */
void talk_line(struct talk *t, const char *line);
/* The next line of the client; false when there is none, the talk is over then. */
_waits_ bool talk_read(struct talk *t, struct span *ret);

/* AUTH and what follows (RFC 4954). */
_waits_ void talk_auth(struct talk *t, struct span argument);

#endif
