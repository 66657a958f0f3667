/*
 * trouble - signals, and the stack that was too small.
 */
#include "fiber/hub.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/trace.h"

/* --- a stack overflows --- */

enum { SIGNAL_STACK = 64 * 1024 };

static struct {
	char			*stack;
	stack_t			 old_stack;
	struct sigaction	 old_segv;
	struct sigaction	 old_pipe;
} kept;

static void say(const char *s)
{
	if (write(STDERR_FILENO, s, strlen(s)) < 0)
		return;				/* nobody listens; we are about to die anyhow */
}

/* On the signal stack, anywhere in the program: only what POSIX calls async-signal-safe. */
static void on_segv(int sig, siginfo_t *info, void *context)
{
	const struct fiber *f = fiber_hub.current;

	(void)context;
	if (f && stack_guards(f->stack, info->si_addr)) {
		say("smtpwhy: the stack of fiber ");
		say(f->name);
		say(" overflowed\n");
	}
	/*
	 * The same instruction fails again, and then the previous handler (a sanitizer, or the
	 * kernel) does its part.
	 */
	sigaction(sig, &kept.old_segv, NULL);
}

/* Writing to nobody is an error, not the end. Not SIG_IGN: what is ignored stays so in the programs
 * we start. */
static void on_pipe(int sig)
{
	(void)sig;
}

static void guard_begin(void)
{
	struct sigaction segv = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction nothing = { .sa_handler = on_pipe, .sa_flags = SA_RESTART };

	kept.stack = xmalloc(SIGNAL_STACK);
	stack_t stack = { .ss_sp = kept.stack, .ss_size = SIGNAL_STACK };
	sigaltstack(&stack, &kept.old_stack);
	sigemptyset(&segv.sa_mask);
	sigaction(SIGSEGV, &segv, &kept.old_segv);
	sigemptyset(&nothing.sa_mask);
	sigaction(SIGPIPE, &nothing, &kept.old_pipe);
}

static void guard_end(void)
{
	sigaction(SIGPIPE, &kept.old_pipe, NULL);
	sigaction(SIGSEGV, &kept.old_segv, NULL);
	sigaltstack(&kept.old_stack, NULL);
	free(kept.stack);
	kept.stack = NULL;
}

/* --- signals that are wishes --- */

static uv_signal_t list_wanted;			/* SIGUSR1 */

static void on_list_wanted(uv_signal_t *h, int sig)
{
	(void)h;
	(void)sig;
	fiber_list(stderr);
}

/*
 * The first SIGINT or SIGTERM cancels the first fiber; the second is the kernel's and ends us, also
 * where something computes and the loop is never reached. So the handler itself gives both back to
 * the kernel: libuv's would leave that to a callback of the loop.
 */
static struct {
	int			 sig;
	bool			 taken;		/* ours between trouble_begin() and trouble_end() */
	struct sigaction	 old;
} stops[] = { { .sig = SIGINT }, { .sig = SIGTERM } };

static uv_async_t wake;				/* async-signal-safe (libuv's manual) */
static volatile sig_atomic_t stop_signal;

/* Anywhere in the program: only what POSIX calls async-signal-safe. */
static void on_stop(int sig)
{
	struct sigaction kernels = { .sa_handler = SIG_DFL };
	int err = errno;

	for (size_t i = 0; i < ARRAY_LEN(stops); i++)
		if (stops[i].taken)
			sigaction(stops[i].sig, &kernels, NULL);
	stop_signal = sig;
	uv_async_send(&wake);
	errno = err;
}

static void on_wake(uv_async_t *h)
{
	(void)h;
	if (!stop_signal)
		return;
	trace(TRACE_FIBER, "signal %d", (int)stop_signal);
	fiber_hub.signal = stop_signal;
	stop_signal = 0;
	if (fiber_hub.first)
		fiber_cancel(fiber_hub.first);
}

/* A parent that started us with the signal ignored (nohup, a shell's background job) meant it. */
static bool is_ignored(int sig)
{
	struct sigaction old;

	return sigaction(sig, NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) &&
	       old.sa_handler == SIG_IGN;
}

static void stops_begin(void)
{
	struct sigaction ours = { .sa_handler = on_stop, .sa_flags = SA_RESTART };

	stop_signal = 0;
	if (uv_async_init(&fiber_hub.loop, &wake, on_wake) != 0)
		hub_die("signals cannot be caught");
	/* To wait for a signal alone is to wait for nothing: the loop need not live for it. */
	uv_unref((uv_handle_t *)&wake);
	sigemptyset(&ours.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		stops[i].taken = !is_ignored(stops[i].sig);
		if (stops[i].taken)
			sigaction(stops[i].sig, &ours, &stops[i].old);
	}
}

static void stops_end(void)
{
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		if (stops[i].taken)
			sigaction(stops[i].sig, &stops[i].old, NULL);
		stops[i].taken = false;
	}
	uv_close((uv_handle_t *)&wake, NULL);
}

void trouble_begin(void)
{
	guard_begin();
	stops_begin();
	uv_signal_init(&fiber_hub.loop, &list_wanted);
	uv_unref((uv_handle_t *)&list_wanted);
	if (!is_ignored(SIGUSR1) && uv_signal_start(&list_wanted, on_list_wanted, SIGUSR1) != 0)
		hub_die("signal %d cannot be caught", SIGUSR1);
}

void trouble_end(void)
{
	uv_close((uv_handle_t *)&list_wanted, NULL);
	stops_end();
	guard_end();
}
