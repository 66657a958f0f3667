#ifndef AUDIT_TURNS_H
#define AUDIT_TURNS_H

/*
 * turns - which target of a list is asked next. Targets wait in one queue for each place, which is
 * a provider or a host; so many are asked there at once, and one begins so many milliseconds after
 * another. Who must wait holds up nobody elsewhere: the places take turns, each in the order of the
 * list. Targets with one credential are asked one after the other.
 *
 *	while (!(turn = turns_take(t, now, &wait)) && there is more && turns_room(t))
 *		turns_add(t, &next);
 *
 * A target that waits takes some 50 bytes: the list keeps its line, not the queue. The time is the
 * caller's, in milliseconds of any clock that does not go back.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct turns;
struct place;

struct turn {
	int64_t		 at;		/* where its line begins */
	unsigned	 line;
	unsigned	 asked;		/* how often it was put back */
	struct place	*place, *credential;	/* credential: NULL = none */
	struct turn	*next;
};

struct turn_wanted {
	int64_t		 at;
	unsigned	 line;
	const char	*place;		/* copied */
	const char	*credential;	/* "" = none */
	unsigned	 at_once;	/* of this place; what is said last counts */
	unsigned	 gap_ms;	/* between two beginnings there; 0 = none */
};

/* At most so many wait. */
struct turns *turns_new(size_t most);
void turns_free(struct turns *t);	/* NULL is fine; whatever waits is forgotten */

size_t turns_room(const struct turns *t);	/* how many more may wait */
/* Nobody waits, and nobody is being asked. */
bool turns_idle(const struct turns *t);
void turns_add(struct turns *t, const struct turn_wanted *w);
/*
 * The next that may be asked, now being asked. NULL when there is none: *ret_wait_ms tells when
 * there may be one though nobody ends, -1 = never.
 */
struct turn *turns_take(struct turns *t, int64_t now, int64_t *ret_wait_ms);
/* It was asked, and is freed. */
void turns_done(struct turns *t, struct turn *turn);
/* It was asked, and waits behind the others of its place to be asked once more. */
void turns_again(struct turns *t, struct turn *turn);

/*
 * Its place sent us away: nobody else is asked there for so long, twice as long when that happens
 * again before somebody was let in, four times as long at most. Those who are being asked there go
 * on; what they are told counts as the same refusal. Answers how long it is; 0 = it is paused
 * already.
 */
int64_t turns_sent_away(struct turns *t, const struct turn *turn, int64_t now, int64_t pause_ms);
/* Its place let us in: the next pause is a short one again. */
void turns_let_in(struct turns *t, const struct turn *turn);
const char *turns_place(const struct turn *turn);

#endif
