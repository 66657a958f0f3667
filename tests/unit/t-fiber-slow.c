/*
 * A machine so slow that a timer is due before the loop gets to look at it. Time must pass all the
 * same: the loop once waited for a socket with no limit, because its timer had rung already.
 */
#include "fiber-case.h"

#include <dlfcn.h>
#include <uv.h>

#include "base/clock.h"

static int stalls;

/* In the place of libuv's: as if we were not run for 5 ms just before it. */
int uv_run(uv_loop_t *loop, uv_run_mode mode)
{
	static int (*real)(uv_loop_t *loop, uv_run_mode mode);
	int64_t until = clock_ms() + 5;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "uv_run");
	while (clock_ms() < until)
		;
	stalls++;
	return real(loop, mode);
}

static int waits(void *arg)
{
	int pair[2];

	make_pair(pair);
	for (int i = 0; i < 5; i++) {
		_cleanup_(deadline_end) struct deadline d = deadline_in(1 + i);
		is_int(fiber_wait_fd(pair[0], FIBER_READ, NULL), -ETIMEDOUT,
		       "a deadline ends the wait for a silent peer");
	}
	is_int(write(pair[1], "x", 1), 1, "it says something");
	is_int(fiber_wait_fd(pair[0], FIBER_READ, NULL), 0, "and is heard");
	close(pair[0]);
	close(pair[1]);
	(void)arg;
	return 0;
}

int main(void)
{
	/* What would hang for ever ends us. */
	alarm(20);
	run(waits, NULL);
	ok(stalls > 5, "the machine was slow");
	fiber_virtual_clock(true);
	run(waits, NULL);
	return tap_done();
}
