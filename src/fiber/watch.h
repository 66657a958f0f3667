#ifndef FIBER_WATCH_H
#define FIBER_WATCH_H

/*
 * watch - for libraries that bring their own sockets and timers (c-ares, libcurl): callbacks on the
 * hub. A callback must not wait; it calls the library, stores what came and sets an event.
 */

#include <stdint.h>

struct watch;
struct timer;

/* Calls fn on the hub each time fd is ready for one of what (FIBER_READ | FIBER_WRITE). */
struct watch *watch_new(int fd, unsigned what, void (*fn)(void *arg, int fd, unsigned ready),
			void *arg);
void watch_set(struct watch *w, unsigned what);		/* 0 = none now */
void watch_free(struct watch *w);			/* before the fd is closed; NULL is fine */

struct timer *timer_new(void (*fn)(void *arg), void *arg);
void timer_in(struct timer *t, int64_t ms);	/* once, ms from now; replaces an earlier time */
void timer_stop(struct timer *t);
void timer_free(struct timer *t);			/* NULL is fine */

#endif
