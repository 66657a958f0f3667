/*
 * scope - birth and end of fibers. A fiber is born in a scope, and the scope waits for it: nothing
 * outlives the block that began it.
 */
#include "fiber/hub.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/trace.h"

/* Names go to terminals and may be made of host names. */
static void set_name(struct fiber *f, const char *name)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(f->name) && name[i]; i++)
		f->name[i] = name[i] >= ' ' && name[i] <= '~' ? name[i] : '?';
	f->name[i] = '\0';
}

static void join_family(struct fiber *f, struct scope *home)
{
	if (!home->children) {
		home->children = f->next = f->prev = f;
	} else {
		f->next = home->children;
		f->prev = home->children->prev;
		f->prev->next = f->next->prev = f;
	}
	home->live++;
	f->cancelled = home->cancelled;
}

static void leave_family(struct fiber *f, struct scope *home)
{
	f->prev->next = f->next;
	f->next->prev = f->prev;
	if (home->children == f)
		home->children = f->next == f ? NULL : f->next;
	home->live--;
	/* Its owner may be anywhere; only in scope_join() it wakes for this. */
	if (!home->live && home->owner->deaf && home->owner->scopes == home)
		hub_ready(home->owner);
}

struct fiber *fiber_new(struct scope *home, const char *name, void (*fn)(void *arg), void *arg)
{
	struct hub *h = &fiber_hub;
	struct fiber *f = xcalloc(1, sizeof(*f));

	set_name(f, name);
	f->fn = fn;
	f->arg = arg;
	f->fd = -1;
	f->deadline = h->current ? h->current->deadline : FIBER_NEVER;
	f->since = hub_now();
	f->stack = stack_get();
	switch_prepare(f);
	if (!h->all) {
		h->all = f->all_next = f->all_prev = f;
	} else {
		f->all_next = h->all;
		f->all_prev = h->all->all_prev;
		f->all_prev->all_next = f->all_next->all_prev = f;
	}
	f->home = home;
	if (home)
		join_family(f, home);
	if (++h->stats.live > h->stats.peak)
		h->stats.peak = h->stats.live;
	f->state = FIBER_PARKED;
	hub_ready(f);
	trace(TRACE_FIBER, "new fiber %s", f->name);
	return f;
}

void fiber_end(struct fiber *f)
{
	struct hub *h = &fiber_hub;

	trace(TRACE_FIBER, "end of fiber %s", f->name);
	if (stacks_painted) {
		size_t used = stack_painted(f->stack);

		if (used > h->stats.stack_peak)
			h->stats.stack_peak = used;
	}
	f->all_prev->all_next = f->all_next;
	f->all_next->all_prev = f->all_prev;
	if (h->all == f)
		h->all = f->all_next == f ? NULL : f->all_next;
	h->stats.live--;
	if (f->home)
		leave_family(f, f->home);
	waiter_fire(&h->room);
	stack_put(f->stack);
	free(f);
}

void scope_begin(struct scope *s)
{
	struct fiber *f = fiber_hub.current;

	if (!f)
		hub_die("a scope was begun outside of a fiber");
	*s = (struct scope) { .owner = f, .outer = f->scopes, .cancelled = f->cancelled };
	f->scopes = s;
}

int scope_join(struct scope *s)
{
	struct fiber *f = fiber_hub.current;

	if (!f || s->owner != f || f->scopes != s)
		hub_die("scope_join() out of order in fiber %s", fiber_name());
	(void)hub_check();
	while (s->live) {
		f->deaf = true;
		hub_park("for its children", FIBER_NEVER);
		f->deaf = false;
	}
	f->scopes = s->outer;
	return f->cancelled ? -ECANCELED : 0;
}

void scope_cancel(struct scope *s)
{
	struct fiber *f = s->children;

	s->cancelled = true;
	if (f) {
		do {
			fiber_cancel(f);
			f = f->next;
		} while (f != s->children);
	}
}

void fiber_cancel(struct fiber *f)
{
	if (f->cancelled)
		return;
	trace(TRACE_FIBER, "fiber %s is cancelled", f->name);
	f->cancelled = true;
	if (!f->deaf)
		hub_ready(f);
	for (struct scope *s = f->scopes; s; s = s->outer)
		scope_cancel(s);
}

bool fiber_cancelled(void)
{
	return fiber_hub.current && fiber_hub.current->cancelled;
}

/* Waits for room. Another may take the place before we run: then we wait again. */
static int wait_for_room(void)
{
	struct hub *h = &fiber_hub;
	int r = 0;

	while (!r && h->stats.live >= LIMIT_FIBERS) {
		struct waiter w;

		waiter_add(&h->room, &w);
		hub_park("for room: too many fibers", FIBER_NEVER);
		if (!w.fired)
			waiter_remove(&h->room, &w);
		r = hub_check();
		/* The place is free and we don't want it any more. */
		if (r && w.fired)
			waiter_fire(&h->room);
	}
	return r;
}

int fiber_spawn(struct scope *s, const char *name, void (*fn)(void *arg), void *arg)
{
	int r = hub_check();

	if (r == -ECANCELED)
		return r;
	r = fiber_hub.stats.live >= LIMIT_FIBERS ? wait_for_room() : 0;
	if (r)
		return r;
	fiber_new(s, name, fn, arg);
	return 0;
}
