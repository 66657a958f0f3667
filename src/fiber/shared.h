#ifndef FIBER_SHARED_H
#define FIBER_SHARED_H

/*
 * shared - answers that do not depend on who asks: each question is asked once, and its answer kept
 * for the time it is good for. At most so many are kept; those nobody asked for longest go first.
 * An answer that somebody holds stays until it is let go, kept or not.
 *
 *	struct shared_answer *answer;
 *	int rc = shared_ask(s, "A mail.example", ask_dns, &question, &answer);
 *	if (rc == 0)
 *		use(shared_value(answer));
 *	...
 *	shared_let(answer);
 */

#include <stddef.h>
#include <stdint.h>

#include "fiber/fiber.h"

struct arena;
struct shared;
struct shared_answer;

/*
 * Finds the answer: everything of it in the arena, which is the answer's own. False when it was
 * stopped before there was one. *ret_keep_ms: others may have it for so long; 0 = only those who
 * wait for it already, which is for failures.
 */
typedef bool shared_find(void *arg, struct arena *a, void **ret_value, int64_t *ret_keep_ms);

struct shared *shared_new(size_t most);
void shared_free(struct shared *s);		/* nobody may hold an answer; NULL is fine */

/*
 * The answer to the question of this name. Who asks first runs `find`; others wait for it, and one
 * of them runs its own when the first was stopped. 0 and the answer, which must be let go; or as
 * once_do().
 */
_waits_ int shared_ask(struct shared *s, const char *key, shared_find *find, void *arg,
		       struct shared_answer **ret);
void *shared_value(const struct shared_answer *answer);
void shared_let(struct shared_answer *answer);

/* How many answers are kept, and how many questions were asked so far. */
size_t shared_kept(const struct shared *s);
size_t shared_asked(const struct shared *s);

#endif
