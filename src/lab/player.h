#ifndef LAB_PLAYER_H
#define LAB_PLAYER_H

/*
 * player - plays the steps of a scenario on a connection, whatever is spoken there: bytes, waits
 * and faults, with {placeholders} filled in.
 */

#include <stdbool.h>

#include "lab/wire.h"

struct player {
	struct wire	wire;
	bool		secure;		/* TLS is on */
	bool		over;		/* nothing more is to be said or read */
	/* The value of a placeholder, NULL when there is none of that name. */
	const char	*(*value)(struct player *p, struct span name);
};

/* Gathers a text for sending. A brace that begins no placeholder stays as it is: JSON has many. */
void player_text(struct player *p, const char *text, size_t len);
/* The same text into a buffer. */
void player_fill_in(struct player *p, struct buf *b, const char *text, size_t len);
/*
 * One step that is about bytes, time or the connection; STEP_THEN, STEP_HEADER, STEP_LENGTH and
 * STEP_CHUNKED do nothing. 0 or a negative errno.
 */
_waits_ int player_step(struct player *p, const struct step *s);

/* Of what every scenario knows: {date} {utc}. NULL = none of them. */
const char *player_time(struct arena *a, struct span name);

#endif
