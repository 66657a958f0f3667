/*
 * wait - what a fiber can wait for: a socket, a time, an event; and the deadline
 * that limits all of it.
 */
#include "fiber/hub.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* --- lists of those who wait --- */

void waiter_add(struct waiter **list, struct waiter *w)
{
	*w = (struct waiter) { .fiber = fiber_hub.current };
	if (!*list) {
		*list = w->next = w->prev = w;
		return;
	}
	w->next = *list;
	w->prev = (*list)->prev;
	w->prev->next = w->next->prev = w;
}

void waiter_remove(struct waiter **list, struct waiter *w)
{
	w->prev->next = w->next;
	w->next->prev = w->prev;
	if (*list == w)
		*list = w->next == w ? NULL : w->next;
}

bool waiter_fire(struct waiter **list)
{
	struct waiter *w = *list;

	if (!w)
		return false;
	waiter_remove(list, w);
	w->fired = true;
	hub_ready(w->fiber);
	return true;
}

/* --- time --- */

int fiber_yield(void)
{
	return fiber_sleep(0);
}

int fiber_sleep(int64_t ms)
{
	int r = hub_check();

	if (r)
		return r;
	hub_park("for time to pass", hub_after(ms));
	return hub_check();
}

void fiber_on_hub(void (*fn)(void *arg), void *arg)
{
	struct fiber *f = fiber_hub.current;

	if (!f) {
		fn(arg);
		return;
	}
	f->hub_fn = fn;
	f->hub_arg = arg;
	switch_to_hub();
}

struct deadline deadline_in(int64_t ms)
{
	struct fiber *f = fiber_hub.current;

	if (!f)
		hub_die("a deadline was set outside of a fiber");
	struct deadline d = { .before = f->deadline, .fiber = f };
	if (ms >= 0) {
		int64_t at = hub_after(ms);

		if (at < f->deadline)
			f->deadline = at;
	}
	return d;
}

void deadline_end(struct deadline *d)
{
	assert(d->fiber == fiber_hub.current);
	d->fiber->deadline = d->before;
}

int64_t deadline_left(void)
{
	struct fiber *f = fiber_hub.current;

	if (!f || f->deadline == FIBER_NEVER)
		return -1;
	int64_t left = f->deadline - hub_now();
	return left > 0 ? left : 0;
}

/* --- sockets --- */

enum { READER, WRITER, DIRECTIONS };

static const unsigned direction_bit[DIRECTIONS] = { FIBER_READ, FIBER_WRITE };

struct fd_waiter {
	struct fiber	*fiber;
	unsigned	 ready;
};

/*
 * One for each socket that somebody waits for, as libuv allows no second handle. It is made for the
 * wait and closed after it: what the kernel knows of the socket is gone then, and the number can be
 * that of another socket next time. Five system calls: 4 us a wait.
 */
struct fd_poll {
	uv_poll_t		 poll;
	struct fd_waiter	*waiter[DIRECTIONS];
};

static struct {
	struct fd_poll	**v;		/* by fd */
	size_t		  cap;
} polls;

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct fd_poll *p = handle->data;
	unsigned ready = (events & UV_READABLE ? FIBER_READ : 0u) |
			 (events & UV_WRITABLE ? FIBER_WRITE : 0u);

	fiber_hub.events++;
	/* The socket has an error: the next read or write will see which. */
	if (status < 0)
		ready = FIBER_READ | FIBER_WRITE;
	for (int d = 0; d < DIRECTIONS; d++) {
		if (p->waiter[d] && (ready & direction_bit[d])) {
			p->waiter[d]->ready |= direction_bit[d];
			hub_ready(p->waiter[d]->fiber);
		}
	}
}

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static int poll_of_fd(int fd, struct fd_poll **ret_p)
{
	if ((size_t)fd >= polls.cap) {
		size_t cap = polls.cap ? polls.cap : 64;

		while (cap <= (size_t)fd)
			cap *= 2;
		polls.v = xrealloc(polls.v, cap * sizeof(polls.v[0]));
		memset(polls.v + polls.cap, 0, (cap - polls.cap) * sizeof(polls.v[0]));
		polls.cap = cap;
	}
	if (!polls.v[fd]) {
		struct fd_poll *p = xcalloc(1, sizeof(*p));
		int r = uv_poll_init(&fiber_hub.loop, &p->poll, fd);

		if (r < 0) {
			free(p);
			return r;
		}
		p->poll.data = p;
		polls.v[fd] = p;
	}
	*ret_p = polls.v[fd];
	return 0;
}

/* Tells libuv what is still waited for, or closes the handle when it's nothing. */
static void poll_update(struct fd_poll *p, int fd)
{
	int events = (p->waiter[READER] ? UV_READABLE : 0) | (p->waiter[WRITER] ? UV_WRITABLE : 0);

	if (events) {
		uv_poll_start(&p->poll, events, on_poll);
		return;
	}
	uv_close((uv_handle_t *)&p->poll, on_poll_closed);
	polls.v[fd] = NULL;
}

void polls_release(void)
{
	free(polls.v);
	polls.v = NULL;
	polls.cap = 0;
}

int fiber_wait_fd(int fd, unsigned what, unsigned *ret_ready)
{
	static const char *const words[] = { "", "to read", "to write", "to read or write" };
	struct fd_waiter w = { .fiber = fiber_hub.current };
	struct fd_poll *p = NULL;
	int r = hub_check();

	assert(what && what <= (FIBER_READ | FIBER_WRITE));
	if (r)
		return r;
	if (fd < 0)
		return -EBADF;
	r = poll_of_fd(fd, &p);
	if (r)
		return r;
	for (int d = 0; d < DIRECTIONS; d++) {
		if (!(what & direction_bit[d]))
			continue;
		if (p->waiter[d])
			hub_die("fibers %s and %s wait %s on fd %d", p->waiter[d]->fiber->name,
				w.fiber->name, words[what], fd);
		p->waiter[d] = &w;
	}
	poll_update(p, fd);
	w.fiber->fd = fd;
	hub_park(words[what], FIBER_NEVER);
	w.fiber->fd = -1;
	for (int d = 0; d < DIRECTIONS; d++) {
		if (p->waiter[d] == &w)
			p->waiter[d] = NULL;
	}
	poll_update(p, fd);
	r = hub_check();
	if (!r && ret_ready)
		*ret_ready = w.ready;
	return r;
}

/* --- events --- */

void event_init(struct event *e)
{
	*e = (struct event) { .set = false };
}

void event_set(struct event *e)
{
	e->set = true;
	while (waiter_fire(&e->waiters))
		;
}

void event_clear(struct event *e)
{
	e->set = false;
}

int event_wait(struct event *e)
{
	struct waiter w;
	int r = hub_check();

	if (r || e->set)
		return r;
	waiter_add(&e->waiters, &w);
	hub_park("for an event", FIBER_NEVER);
	/* Once fired, the event may be gone. */
	if (!w.fired)
		waiter_remove(&e->waiters, &w);
	return hub_check();
}
