/*
 * watch - sockets and timers of libraries: callbacks on the hub.
 */
#include "fiber/watch.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "fiber/hub.h"

struct watch {
	uv_poll_t	 poll;
	int		 fd;
	unsigned	 what;
	void		(*fn)(void *arg, int fd, unsigned ready);
	void		*arg;
};

static void on_watch(uv_poll_t *handle, int status, int events);

static void watch_start(struct watch *w)
{
	int events = (w->what & FIBER_READ ? UV_READABLE : 0) |
		     (w->what & FIBER_WRITE ? UV_WRITABLE : 0);

	if (events)
		uv_poll_start(&w->poll, events, on_watch);
	else
		uv_poll_stop(&w->poll);
}

static void on_watch(uv_poll_t *handle, int status, int events)
{
	struct watch *w = handle->data;
	unsigned ready = (events & UV_READABLE ? FIBER_READ : 0u) |
			 (events & UV_WRITABLE ? FIBER_WRITE : 0u);

	fiber_hub.events++;
	/*
	 * The socket has an error: the library will see which when it reads or writes. libuv has
	 * stopped looking; we go on.
	 */
	if (status < 0)
		ready = w->what;
	w->fn(w->arg, w->fd, ready);
	/* The memory is ours until the close callback, even if fn has freed the watch. */
	if (status < 0 && !uv_is_closing((uv_handle_t *)&w->poll))
		watch_start(w);
}

static void on_watch_closed(uv_handle_t *handle)
{
	free(handle->data);
}

struct watch *watch_new(int fd, unsigned what, void (*fn)(void *arg, int fd, unsigned ready),
			void *arg)
{
	struct watch *w = xcalloc(1, sizeof(*w));
	int r;

	assert(fiber_hub.running);
	r = uv_poll_init(&fiber_hub.loop, &w->poll, fd);
	if (r < 0)
		hub_die("fd %d cannot be watched: %s", fd, uv_err_name(r));
	w->poll.data = w;
	w->fd = fd;
	w->what = what;
	w->fn = fn;
	w->arg = arg;
	watch_start(w);
	fiber_hub.handles++;
	return w;
}

void watch_set(struct watch *w, unsigned what)
{
	w->what = what;
	watch_start(w);
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	fiber_hub.handles--;
	uv_close((uv_handle_t *)&w->poll, on_watch_closed);
}

/* --- timers --- */

struct timer {
	struct alarm	 alarm;			/* first: on_timer() gets its address */
	void		(*fn)(void *arg);
	void		*arg;
};

static void on_timer(struct alarm *a)
{
	struct timer *t = (struct timer *)a;

	fiber_hub.events++;
	t->fn(t->arg);
}

struct timer *timer_new(void (*fn)(void *arg), void *arg)
{
	struct timer *t = xcalloc(1, sizeof(*t));

	assert(fiber_hub.running);
	t->alarm.ring = on_timer;
	t->fn = fn;
	t->arg = arg;
	fiber_hub.handles++;
	return t;
}

void timer_in(struct timer *t, int64_t ms)
{
	alarm_set(&t->alarm, hub_after(ms));
}

void timer_stop(struct timer *t)
{
	alarm_stop(&t->alarm);
}

void timer_free(struct timer *t)
{
	if (!t)
		return;
	fiber_hub.handles--;
	alarm_stop(&t->alarm);
	free(t);
}
