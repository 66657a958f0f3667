/*
 * loop - the hub: it runs the fibers that are ready, then lets libuv wait for sockets, timers and
 * signals. The only file besides wait.c and watch.c that knows libuv.
 */
#include "fiber/hub.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/trace.h"

enum {
	/* who runs longer without waiting keeps all others from running */
	SLOW_MS		= 50,
	/* real time that sockets get before a virtual clock moves on */
	SETTLE_MS	= 2,
};

struct hub fiber_hub;

int64_t hub_now(void)
{
	return clock_ms() + fiber_hub.skew;
}

int64_t hub_after(int64_t ms)
{
	int64_t now = hub_now();

	if (ms < 0)
		return now;
	return ms >= FIBER_NEVER - now ? FIBER_NEVER - 1 : now + ms;
}

void hub_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("smtpwhy: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	fiber_list(stderr);
	abort();
}

void hub_ready(struct fiber *f)
{
	struct hub *h = &fiber_hub;

	if (f->state != FIBER_PARKED)
		return;
	f->state = FIBER_READY;
	f->ready_next = NULL;
	*h->ready_end = f;
	h->ready_end = &f->ready_next;
}

int hub_check(void)
{
	struct fiber *f = fiber_hub.current;

	if (!f)
		hub_die("a call that waits was made outside of a fiber");
	if (fiber_hub.no_wait)
		hub_die("fiber %s waits between no_wait_begin() and no_wait_end()", f->name);
	if (f->cancelled)
		return -ECANCELED;
	if (f->deadline != FIBER_NEVER && hub_now() >= f->deadline)
		return -ETIMEDOUT;
	return 0;
}

static void on_alarm(struct alarm *a)
{
	hub_ready((struct fiber *)((char *)a - offsetof(struct fiber, alarm)));
}

void hub_park(const char *what, int64_t until)
{
	struct hub *h = &fiber_hub;
	struct fiber *f = h->current;

	assert(f && !h->no_wait);
	h->stats.waits++;
	if (h->stats.waits == h->cancel_at && h->first)
		fiber_cancel(h->first);
	if (f->cancelled && !f->deaf)
		return;
	if (!f->deaf && f->deadline < until)
		until = f->deadline;
	f->alarm.ring = on_alarm;
	if (until != FIBER_NEVER)
		alarm_set(&f->alarm, until);
	f->what = what;
	f->since = hub_now();
	f->state = FIBER_PARKED;
	switch_to_hub();
	alarm_stop(&f->alarm);
	f->what = NULL;
}

/*
 * Runs one fiber until it parks or ends. What it wants done on the big stack is done in between: no
 * other fiber runs meanwhile.
 */
static void run_one(struct fiber *f)
{
	struct hub *h = &fiber_hub;
	int64_t start = trace_on & TRACE_FIBER ? clock_ms() : 0;

	switch_to_fiber(f);
	while (f->hub_fn) {
		void (*fn)(void *arg) = f->hub_fn;

		f->hub_fn = NULL;
		h->guest = f;
		fn(f->hub_arg);
		h->guest = NULL;
		switch_to_fiber(f);
	}
	if (trace_on & TRACE_FIBER) {
		int64_t ms = clock_ms() - start;

		if (ms > SLOW_MS)
			trace(TRACE_FIBER, "fiber %s ran %lld ms without waiting", f->name,
			      (long long)ms);
	}
	if (f->state == FIBER_DONE)
		fiber_end(f);
}

/*
 * Runs those that are ready now. Those that become ready meanwhile come after the sockets
 * have had their turn.
 */
static void run_ready(void)
{
	struct hub *h = &fiber_hub;
	struct fiber *f = h->ready;

	h->ready = NULL;
	h->ready_end = &h->ready;
	while (f) {
		struct fiber *next = f->ready_next;

		run_one(f);
		f = next;
	}
}

/*
 * libuv rings timers before it polls, too: one that is due by then must keep it from waiting, for
 * nothing else would wake it.
 */
static void on_timer(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

/* Lets libuv look at its sockets, for at most ms; ms < 0 waits for as long as it takes. */
static void poll_for(int64_t ms)
{
	struct hub *h = &fiber_hub;

	if (ms > 0) {
		uv_update_time(&h->loop);
		uv_timer_start(&h->timer, on_timer, (uint64_t)ms, 0);
	}
	uv_run(&h->loop, ms == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
	uv_timer_stop(&h->timer);
}

/*
 * Nothing can run before the next alarm: waits for it, or moves a virtual clock there when the
 * sockets are quiet.
 */
static void wait_for_alarm(int64_t at)
{
	struct hub *h = &fiber_hub;
	int64_t left = at - hub_now();

	if (left <= 0 || !h->virtual_clock) {
		poll_for(left > 0 ? left : 0);
		return;
	}
	uint64_t events = h->events;
	poll_for(left < SETTLE_MS ? left : SETTLE_MS);
	if (events == h->events && !h->ready && (left = at - hub_now()) > 0)
		h->skew += left;
}

static void turn(void)
{
	struct hub *h = &fiber_hub;

	if (h->ready)
		poll_for(0);
	else if (alarm_next() != FIBER_NEVER)
		wait_for_alarm(alarm_next());
	else if (uv_loop_alive(&h->loop))
		poll_for(-1);
	else
		hub_die("every fiber waits, and nothing is left that could wake one");
	alarms_ring();
}

struct first {
	int	(*fn)(void *arg);
	void	 *arg;
	int	  result;
};

static void run_first(void *arg)
{
	struct first *first = arg;

	first->result = first->fn(first->arg);
	fiber_hub.first = NULL;
}

static int hub_begin(void)
{
	struct hub *h = &fiber_hub;
	const char *at = getenv("SMTPWHY_CANCEL_AT"), *paint = getenv("SMTPWHY_PAINT");

	assert(!h->running);
	if (uv_loop_init(&h->loop) != 0)
		return -1;
	uv_timer_init(&h->loop, &h->timer);	/* can't fail: it only fills in the handle */
	h->running = true;
	h->ready = NULL;
	h->ready_end = &h->ready;
	h->signal = 0;
	h->stats = (struct fiber_stats) { .live = 0 };
	if (!h->cancel_at && at)
		h->cancel_at = strtoull(at, NULL, 10);
	stacks_painted = paint && strcmp(paint, "1") == 0;
	trace_who = fiber_name;
	trouble_begin();
	return 0;
}

static void hub_end(void)
{
	struct hub *h = &fiber_hub;

	trouble_end();
	trace(TRACE_FIBER, "the run ends: %u fibers at once at most, %" PRIu64 " waits, %" PRIu64
	      " switches", h->stats.peak, h->stats.waits, h->stats.switches);
	if (h->handles)
		hub_die("%u watches or timers were not freed before the end of fiber_run()",
			h->handles);
	uv_close((uv_handle_t *)&h->timer, NULL);
	while (uv_loop_close(&h->loop) == UV_EBUSY)
		uv_run(&h->loop, UV_RUN_NOWAIT);
	alarms_release();
	polls_release();
	stacks_release();
	h->cancel_at = 0;
	h->running = false;
}

int fiber_run(int (*fn)(void *arg), void *arg)
{
	struct first first = { .fn = fn, .arg = arg, .result = -1 };
	struct hub *h = &fiber_hub;

	if (hub_begin() < 0)
		return -1;
	h->first = fiber_new(NULL, "first", run_first, &first);
	while (h->stats.live) {
		run_ready();
		if (h->stats.live)
			turn();
	}
	hub_end();
	return first.result;
}
