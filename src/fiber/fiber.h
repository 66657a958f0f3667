#ifndef FIBER_FIBER_H
#define FIBER_FIBER_H

/*
 * fiber - calls that wait, written as straight lines. Stackful fibers over one libuv
 * loop, in one thread.
 *
 *	static void dial_all(void *arg)
 *	{
 *		struct scope s;
 *		scope_begin(&s);
 *		for (...)
 *			fiber_spawn(&s, "dial mx1", dial, &mx[i]);
 *		scope_join(&s);			// returns when every child has returned
 *	}
 *
 * Rules (each asserted in debug builds, each with a test):
 *  - A fiber is born in a scope, and the scope does not end before all its children have. There are
 *    no detached fibers.
 *  - Whatever waits answers 0, -ECANCELED or -ETIMEDOUT. Cancellation is sticky: once cancelled,
 *    this and every later wait of the fiber answers -ECANCELED at once. It outranks a passed
 *    deadline, which outranks what was waited for.
 *  - Deadlines are absolute, belong to the fiber, and nest: an inner one can only be nearer.
 *  - Only the hub (the loop, on the main stack) switches to fibers; fibers switch back to it only.
 *  - Callbacks of libraries run on the hub and never wait: they store a result and event_set().
 *  - Read errno before waiting. Keep nothing reached through a shared map across a wait.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"

struct fiber;

/* The children of one block of code. Lives on the stack of the fiber that began it. */
struct scope {
	struct fiber	*owner;
	struct scope	*outer;
	struct fiber	*children;
	unsigned	 live;
	bool		 cancelled;
};

/*
 * Starts the loop, runs fn in the first fiber, and returns what it returned when it and all that it
 * began have ended. Meanwhile SIGPIPE is caught and does nothing, SIGUSR1 is fiber_list(stderr),
 * and SIGINT and SIGTERM are fiber_cancel of the first fiber; a second one ends the program at
 * once. -1 when the loop can't be made. Not to be nested; may be called again after it returned.
 */
int fiber_run(int (*fn)(void *arg), void *arg);

/* Did a signal end it? The number, or 0. */
int fiber_signal(void);

/* --- scopes --- */

void scope_begin(struct scope *s);
/*
 * Waits until every child has returned, cancellation or not. 0, or -ECANCELED when the calling
 * fiber was cancelled meanwhile (the children were then cancelled too). Must be called for each
 * scope begun, and in reverse order.
 */
_waits_ int scope_join(struct scope *s);
/* Cancels all children, now and future. Does not wait: scope_join() does. */
void scope_cancel(struct scope *s);

/*
 * Starts fn(arg) in a new fiber of the scope; it first runs when the caller waits. The name is
 * copied (47 bytes). At the cap of LIMIT_FIBERS the caller waits for room. 0: fn will run, even if
 * it's cancelled before (its first wait says so). -ECANCELED when the caller was cancelled,
 * -ETIMEDOUT when there was no room in time: then fn never runs. The child has the caller's
 * deadline of this moment as its outermost one.
 */
_waits_ int fiber_spawn(struct scope *s, const char *name, void (*fn)(void *arg), void *arg);

/* --- the running fiber --- */

struct fiber *fiber_self(void);			/* NULL on the hub and outside fiber_run() */
const char *fiber_name(void);			/* "hub" on the hub */
bool fiber_cancelled(void);
/* sticky; takes its scopes' children with it at their next wait */
void fiber_cancel(struct fiber *f);

_waits_ int fiber_yield(void);			/* lets the others run: for long computations */
_waits_ int fiber_sleep(int64_t ms);
/*
 * Runs fn(arg) on the hub's big stack and comes back: for deep or greedy work (trust stores,
 * regular expressions, reports). fn must not wait.
 */
_waits_ void fiber_on_hub(void (*fn)(void *arg), void *arg);

/* --- deadlines --- */

struct deadline {
	int64_t		 before;	/* what holds again afterwards */
	struct fiber	*fiber;
};

/*
 *	_cleanup_(deadline_end) struct deadline d = deadline_in(timeout_ms);
 *
 * From here to the end of the block no wait of this fiber lasts past now + ms. ms < 0 means no
 * limit of its own.
 */
struct deadline deadline_in(int64_t ms);
void deadline_end(struct deadline *d);
int64_t deadline_left(void);	/* ms until the nearest one, 0 when passed, -1 without one */

/* --- waiting --- */

enum { FIBER_READ = 1, FIBER_WRITE = 2 };

/*
 * Waits until fd can be read or written. 0 and *ret_ready (may be NULL), -ETIMEDOUT, -ECANCELED, or
 * another negative errno. Level triggered. Several fibers may wait for one fd only if for different
 * directions; nobody may wait when it's closed. Try first, then wait. An error on the socket counts
 * as ready: the call tried next will say which. libuv makes the fd non-blocking.
 */
_waits_ int fiber_wait_fd(int fd, unsigned what, unsigned *ret_ready);

/*
 * Something that happens once (until event_clear()). Any number of fibers may wait; it may be set
 * before, on the hub or in a fiber.
 */
struct event {
	bool		 set;
	struct waiter	*waiters;
};

void event_init(struct event *e);
void event_set(struct event *e);
void event_clear(struct event *e);
_waits_ int event_wait(struct event *e);

/* --- looking --- */

/*
 * One line a live fiber: name, what it waits for, since when, stack in use. On SIGUSR1
 * to standard error.
 */
void fiber_list(FILE *to);

struct fiber_stats {
	unsigned	live;		/* now */
	unsigned	peak;		/* most at once */
	uint64_t	switches;
	uint64_t	waits;		/* suspensions */
	/* deepest use of any stack in bytes; only when painting was on (SMTPWHY_PAINT=1) */
	size_t		stack_peak;
};
void fiber_stats(struct fiber_stats *ret);

/*
 * Cancel torture: cancels the first fiber at the nth suspension of the run (1 = the first); 0 =
 * never. Also SMTPWHY_CANCEL_AT=n.
 */
void fiber_cancel_at(uint64_t n);

/*
 * For tests: when every fiber waits and the sockets are quiet (2 ms), time jumps to the next
 * deadline, sleep or timer. Only waits know; clock_ms() does not. Not for peers in other processes:
 * they can't keep up.
 */
void fiber_virtual_clock(bool on);

/* Between these two nothing may wait: asserted. For rules, reports, closers. */
void no_wait_begin(void);
void no_wait_end(void);

#endif
