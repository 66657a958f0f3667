#ifndef FIBER_HUB_H
#define FIBER_HUB_H

/*
 * hub - what the files of this folder share: the fiber, its stack, the loop.
 * Nobody else includes it.
 *
 * A fiber runs until it parks or ends; both lead back to the hub (hub and spoke). Waking a fiber
 * only puts it into the ready
 * list; the hub resumes it later, first come, first run. So the state that a waker and a waiter
 * share is plain variables, and a waiter looks whether what it waits for is there already before it
 * parks: nothing is lost when the wake-up came too early.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>
#include <uv.h>

#include "fiber/fiber.h"

#define FIBER_NEVER INT64_MAX			/* as a time: no deadline, no alarm */

/* --- alarms: what rings at a time of hub_now() --- */

struct alarm {
	int64_t		  at;
	/* alarms of one time ring in the order in which they were set */
	uint64_t	  order;
	size_t		  pos;			/* its place in the heap, from 1; 0 = not set */
	void		(*ring)(struct alarm *a);
};

void alarm_set(struct alarm *a, int64_t at);	/* replaces an earlier time */
void alarm_stop(struct alarm *a);		/* fine when it isn't set */
int64_t alarm_next(void);			/* when the first one rings, or FIBER_NEVER */
void alarms_ring(void);				/* rings all that are due */
void alarms_release(void);

/* --- stacks --- */

struct stack {
	char		*map;			/* the mapping: the guard first, then the stack */
	size_t		 map_size;
	char		*base;			/* lowest usable byte */
	size_t		 size;
	unsigned	 valgrind_id;
	struct stack	*next;			/* in the pool */
};

/* from the pool, or new; dies when there is no address space left */
struct stack *stack_get(void);
void stack_put(struct stack *s);
void stacks_release(void);			/* empties the pool */
bool stack_guards(const struct stack *s, const void *p);	/* is p in its guard? */
size_t stack_painted(const struct stack *s);	/* deepest use in bytes, when painted */
void stack_paint(struct stack *s);
extern bool stacks_painted;			/* paint each stack before its use */

/* --- fibers --- */

enum fiber_state { FIBER_READY, FIBER_RUNNING, FIBER_PARKED, FIBER_DONE };

struct fiber {
	ucontext_t	   ctx;			/* where to resume it, while it does not run */
	struct stack	  *stack;
	char		   name[48];
	void		 (*fn)(void *arg);
	void		  *arg;
	enum fiber_state   state;
	bool		   cancelled;
	/* parked where cancellation does not wake it: scope_join() */
	bool		   deaf;
	int64_t		   deadline;		/* hub_now() or FIBER_NEVER */
	struct alarm	   alarm;
	struct scope	  *home;		/* where it was born; NULL for the first */
	struct fiber	  *next, *prev;		/* among the children of home, a ring */
	struct fiber	  *all_next, *all_prev;	/* among all live ones */
	struct fiber	  *ready_next;
	struct scope	  *scopes;		/* the innermost one it has begun */
	void		 (*hub_fn)(void *arg);	/* to be run on the hub's stack, then back */
	void		  *hub_arg;
	const char	  *what;		/* what it waits for, "to read from fd" */
	const char	  *which;		/* the key of a gate, or NULL */
	int		   fd;			/* or -1 */
	int64_t		   since;		/* hub_now() when it parked */
	uintptr_t	   sp;			/* its depth when it parked */
	void		  *fake_stack;		/* AddressSanitizer's */
};

/* One that waits in a list; lives on the waiting fiber's stack. */
struct waiter {
	struct fiber	*fiber;
	bool		 fired;			/* was taken off the list by the one who woke it */
	struct waiter	*next, *prev;		/* a ring */
};

/* at the end, for the running fiber */
void waiter_add(struct waiter **list, struct waiter *w);
void waiter_remove(struct waiter **list, struct waiter *w);
bool waiter_fire(struct waiter **list);	/* wakes the first; false when there is none */

struct hub {
	bool		    running;		/* between start and end of fiber_run() */
	struct fiber	   *current;
	struct fiber	   *guest;		/* for whom fiber_on_hub() runs, or NULL */
	/* the fiber of fiber_run(); NULL once it has returned */
	struct fiber	   *first;
	struct fiber	   *all;		/* in order of birth, a ring */
	struct fiber	   *ready, **ready_end;
	struct waiter	   *room;		/* those who wait at LIMIT_FIBERS */
	ucontext_t	    ctx;
	const void	   *stack_base;		/* the main stack, as AddressSanitizer knows it */
	size_t		    stack_size;
	void		   *fake_stack;
	uv_loop_t	    loop;
	uv_timer_t	    timer;		/* ends a poll when the next alarm is due */
	uint64_t	    events;		/* callbacks of sockets so far */
	unsigned	    handles;		/* watches and timers that were not freed */
	unsigned	    no_wait;		/* depth of no_wait regions */
	int64_t		    skew;		/* what a virtual clock is ahead of the real one */
	bool		    virtual_clock;
	int		    signal;
	uint64_t	    cancel_at;
	struct fiber_stats  stats;
};

/* Not static: tests/gdb/fibers.py reads it. */
extern struct hub fiber_hub;

/* --- the loop --- */

int64_t hub_now(void);	/* ms of clock_ms(), ahead of it under a virtual clock */
int64_t hub_after(int64_t ms);			/* hub_now() + ms without overflow */
/* to the end of the ready list; nothing when it's there or runs */
void hub_ready(struct fiber *f);

/*
 * What every wait answers before it looks at anything else: 0, -ECANCELED, -ETIMEDOUT. Asserts that
 * we are on a fiber.
 */
int hub_check(void);

/*
 * Parks the running fiber until hub_ready(), its deadline, or until (FIBER_NEVER: no such limit).
 * The caller finds out by hub_check() and by its own variables. what follows "waits ": "to read",
 * "for an event". Does not park a fiber that is cancelled, unless it is deaf.
 */
_waits_ void hub_park(const char *what, int64_t until);

/* Says what the programmer did wrong, lists the fibers, and aborts. */
_noreturn_ void hub_die(const char *fmt, ...) _printf_(1, 2);

void polls_release(void);			/* what wait.c keeps for its sockets */

/* --- life of a fiber --- */

struct fiber *fiber_new(struct scope *home, const char *name, void (*fn)(void *arg), void *arg);
void fiber_end(struct fiber *f);		/* on the hub, after it returned */

/* --- the switch: the only code that changes stacks --- */

void switch_prepare(struct fiber *f);		/* so that it begins in fn(arg) */
/* on the hub; returns when the fiber parked, ended or wants the hub's stack */
void switch_to_fiber(struct fiber *f);
void switch_to_hub(void);			/* on a fiber */

/* --- signals and overflow --- */

void trouble_begin(void);			/* SIGPIPE, SIGSEGV, SIGUSR1, SIGINT, SIGTERM */
void trouble_end(void);

#endif
