#ifndef FIBER_ONCE_H
#define FIBER_ONCE_H

/*
 * once - ask one question once and share the answer. The first caller runs fn; others wait for it.
 * If the first is cancelled before fn answered true, one of those who wait runs it again.
 *
 * fn answers whether it came to an answer. Waiting obeys the deadline of each caller.
 */

#include <stdbool.h>

#include "fiber/fiber.h"

struct once {
	bool		done;
	bool		running;
	struct event	changed;
};

#define ONCE_INIT { .done = false, .running = false }

/*
 * 0 when the answer is there, -ECANCELED, -ETIMEDOUT; -EAGAIN when our own fn answered false
 * without having been stopped.
 */
_waits_ int once_do(struct once *o, bool (*fn)(void *arg), void *arg);

#endif
