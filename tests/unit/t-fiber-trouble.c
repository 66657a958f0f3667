/*
 * Signals, the list, stacks: how deep they were, and what is said of one that was too
 * small. Who ran too long.
 */
#include "fiber-case.h"

#include <signal.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/trace.h"
#include "fiber/watch.h"
#include "fiber/watchdog.h"

/* --- signals --- */

static int stopped_by_signal(void *arg)
{
	raise(*(int *)arg);
	int r = fiber_sleep(100000);

	is_int(r, -ECANCELED, "the first fiber is cancelled");
	return r;
}

static int pipe_is_ignored(void *arg)
{
	int pair[2];

	(void)arg;
	make_pair(pair);
	close(pair[1]);
	is_int(write(pair[0], "x", 1), -1, "writing to nobody");
	is_int(errno, EPIPE, "is an error, not the end");
	close(pair[0]);
	return 0;
}

static int does_not_listen(void *arg)
{
	(void)arg;
	raise(SIGINT);
	fiber_sleep(1000);
	while (fiber_signal() != SIGINT)
		;
	raise(SIGINT);
	return 0;
}

/* What does not end by itself ends by SIGXCPU: no test hangs, and none is in a hurry. */
static void bounded(void)
{
	struct rlimit cpu = { 30, 30 };

	setrlimit(RLIMIT_CPU, &cpu);
}

static void spins(void *arg)
{
	volatile bool *stop = arg;

	while (!stop || !*stop)
		;
}

/* The loop never gets to take the first one. */
static int computes_through_two(void *arg)
{
	const int *sigs = arg;

	bounded();
	raise(sigs[0]);
	raise(sigs[1]);
	spins(NULL);
	return 0;
}

static int pipe_of_children(void *arg)
{
	struct sigaction now;

	(void)arg;
	sigaction(SIGPIPE, NULL, &now);
	return now.sa_handler == SIG_IGN || now.sa_handler == SIG_DFL;
}

static int ignored_from_the_start(void *arg)
{
	(void)arg;
	raise(SIGTERM);
	return fiber_sleep(2);
}

static void signals(void)
{
	static const int which[] = { SIGINT, SIGTERM };
	int status;

	for (size_t i = 0; i < ARRAY_LEN(which); i++) {
		int sig = which[i];

		is_int(run(stopped_by_signal, &sig), -ECANCELED,
		       "a signal ends the run in good order");
		is_int(fiber_signal(), sig, "and can be asked for");
	}
	run(pipe_is_ignored, NULL);
	is_int(fiber_signal(), 0, "the next run knows nothing of it");

	status = run_in_child(does_not_listen, NULL);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT, "a second signal ends the program");

	static const int pairs[][2] = { { SIGINT, SIGINT }, { SIGTERM, SIGTERM },
					{ SIGINT, SIGTERM }, { SIGTERM, SIGINT } };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		status = run_in_child(computes_through_two, (void *)(uintptr_t)pairs[i]);
		ok(WIFSIGNALED(status) && WTERMSIG(status) == pairs[i][1],
		   "also where something computes and the first was never taken");
	}
	is_int(run(pipe_of_children, NULL), 0,
	       "SIGPIPE is neither the end nor ignored: children get it as it was");

	signal(SIGTERM, SIG_IGN);
	is_int(run(ignored_from_the_start, NULL), 0,
	       "a signal that was ignored when we began stays ignored");
	signal(SIGTERM, SIG_DFL);

	struct sigaction pipe;
	sigaction(SIGPIPE, NULL, &pipe);
	ok(pipe.sa_handler == SIG_DFL, "SIGPIPE is as it was");
}

/* --- the list --- */

static int pair[2];

static void reads(void *arg)
{
	(void)arg;
	_cleanup_(deadline_end) struct deadline d = deadline_in(500000);
	fiber_wait_fd(pair[0], FIBER_READ, NULL);
}

static void sleeps(void *arg)
{
	(void)arg;
	fiber_sleep(100000);
}

static int listed(void *arg)
{
	struct scope s;

	make_pair(pair);
	scope_begin(&s);
	fiber_spawn(&s, "reader/mx.example", reads, NULL);
	fiber_spawn(&s, "evil\n\033[2J", sleeps, NULL);
	fiber_yield();
	if (arg)
		raise(SIGUSR1);
	else
		fiber_list(stderr);
	fiber_sleep(5);
	scope_cancel(&s);
	scope_join(&s);
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void has(const char *words)
{
	if (!ok(strstr(said, words) != NULL, words))
		printf("#   got   %s\n", said);
}

static void list(void)
{
	int status, by_signal = 1;

	status = run_in_child(listed, NULL);
	is_int(status, 0, "the list");
	has("fibers: 3 live, 3 at most, ");
	has("fiber first                            runs");
	has("fiber reader/mx.example                waits to read fd ");
	has(", deadline in ");
	has(" bytes of stack\n");
	has("fiber evil??[2J                        waits for time to pass, ");
	status = run_in_child(listed, &by_signal);
	is_int(status, 0, "SIGUSR1 does not end us");
	has("fiber reader/mx.example                waits to read fd ");
}

/* --- stacks --- */

static __attribute__((noinline)) unsigned char digs(unsigned kib)
{
	volatile unsigned char block[1024];

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (unsigned char)kib;
	unsigned char below = kib ? digs(kib - 1) : 0;
	return (unsigned char)(below + block[kib % sizeof(block)]);
}

static void digs_some(void *arg)
{
	digs(*(unsigned *)arg);
}

static int digs_twice(void *arg)
{
	struct scope s;

	/* The second one's stack comes from the pool: it must have been painted again. */
	for (int i = 0; i < 2; i++) {
		scope_begin(&s);
		fiber_spawn(&s, "digger", digs_some, arg);
		scope_join(&s);
	}
	return 0;
}

static size_t depth_of(unsigned kib)
{
	struct fiber_stats stats;

	run(digs_twice, &kib);
	fiber_stats(&stats);
	printf("# %u KiB used: %zu bytes measured\n", kib, stats.stack_peak);
	return stats.stack_peak;
}

static void depth(void)
{
	is_int((intmax_t)depth_of(64), 0, "without paint nothing is measured");
	setenv("SMTPWHY_PAINT", "1", 1);
	size_t small = depth_of(0), large = depth_of(64), again = depth_of(0);
	unsetenv("SMTPWHY_PAINT");
	ok(small > 1024 && small < 16 * 1024, "a small use is seen as small");
	ok(large > small + 64 * 1024 && large < small + 192 * 1024, "64 KiB more are seen as such");
	is_int((intmax_t)again, (intmax_t)small, "and each run is measured anew");
}

static int overflows(void *arg)
{
	unsigned kib = 2 * LIMIT_STACK / 1024 + 64;

	(void)arg;
	return digs_twice(&kib);
}

static int null_pointer(void *arg)
{
	static volatile int *volatile nowhere;

	(void)arg;
	return *nowhere;
}

static void overflow(void)
{
	int status;

	dies_saying(overflows, "the stack of fiber digger overflowed",
		    "a stack that is too small ends us");
	status = run_in_child(null_pointer, NULL);
	ok(status != 0, "another fault does too");
	ok(strstr(said, "overflowed") == NULL, "but is not taken for an overflow");
}

/* --- who runs too long --- */

static int runs_long(void *arg)
{
	int64_t end = clock_ms() + 70;

	(void)arg;
	while (clock_ms() < end)
		;
	return fiber_yield();
}

/* --- who computes for ever --- */

static int fiber_spins(void *arg)
{
	struct scope s;

	(void)arg;
	bounded();
	watchdog_begin(1);
	scope_begin(&s);
	fiber_spawn(&s, "spinner/mx.example", spins, NULL);
	scope_join(&s);
	return 0;
}

static int spins_after_notes(void *arg)
{
	static char endless[WATCHDOG_NOTES];

	(void)arg;
	bounded();
	memset(endless, 'x', sizeof(endless) - 1);
	watchdog_note("before it began");
	watchdog_begin(1);
	watchdog_note("  pass  one");
	watchdog_note(endless);
	watchdog_note("  fail  two");
	spins(NULL);
	return 0;
}

static int hub_spins(void *arg)
{
	(void)arg;
	bounded();
	watchdog_begin(1);
	fiber_on_hub(spins, NULL);
	return 0;
}

static int callback_spins(void *arg)
{
	struct timer *t = timer_new(spins, NULL);

	(void)arg;
	bounded();
	watchdog_begin(1);
	timer_in(t, 0);
	fiber_sleep(100000);
	timer_free(t);
	return 0;
}

/* Longer than the watchdog's patience, but without the processor. */
static int waits_long(void *arg)
{
	(void)arg;
	watchdog_begin(1);
	return fiber_sleep(3 * WATCHDOG_CPU_MS);
}

static int64_t cpu_ms(void)
{
	return (int64_t)clock() / (CLOCKS_PER_SEC / 1000);
}

/* With the processor, but others get their turn. */
static int yields(void *arg)
{
	int64_t end = cpu_ms() + 3 * WATCHDOG_CPU_MS;
	int r = 0;

	(void)arg;
	watchdog_begin(1);
	while (r == 0 && cpu_ms() < end)
		r = fiber_yield();
	watchdog_end();
	return r;
}

static int spins_after_the_end(void *arg)
{
	int64_t end = cpu_ms() + 3 * WATCHDOG_CPU_MS;

	(void)arg;
	watchdog_begin(1);
	watchdog_end();
	while (cpu_ms() < end)
		;
	return 0;
}

static void bitten(int (*fn)(void *arg), const char *who)
{
	char words[128];
	int status = run_in_child(fn, NULL);

	snprintf(words, sizeof(words),
		 "smtpwhy: stopped: %s was still computing when the time was up\n", who);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == WATCHDOG_STATUS,
	   "what computes for ever is ended");
	is_str(said, words, "and named");
}

static void bitten_with_notes(void)
{
	run_in_child(spins_after_notes, NULL);
	has("was still computing when the time was up\nsmtpwhy: what was known by then:\n"
	    "  pass  one\n  fail  two\n");
	ok(strstr(said, "before it began") == NULL, "what was noted for nobody is not told");
	ok(strstr(said, "xxx") == NULL, "nor half of what is too long");
}

static void for_ever(void)
{
	bitten_with_notes();
	bitten(fiber_spins, "spinner/mx.example");
	bitten(hub_spins, "first");
	bitten(callback_spins, "the event loop");
	is_int(run_in_child(waits_long, NULL), 0, "who waits is not ended");
	is_int(run_in_child(yields, NULL), 0, "nor who computes and lets others run");
	is_int(run_in_child(spins_after_the_end, NULL), 0, "nor who computes where nobody watches");
}

static void watchdog(void)
{
	trace_on = TRACE_FIBER;
	run_in_child(runs_long, NULL);
	trace_on = 0;
	has("fiber first ran ");
	has(" ms without waiting");
}

int main(void)
{
	signals();
	list();
	depth();
	overflow();
	watchdog();
	for_ever();
	return tap_done();
}
