/*
 * trouble - signals, and the stack that was too small.
 */
#include "fiber/hub.h"

#include <assert.h>
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
	/* The same instruction fails again, and then whoever was here before us (a sanitizer, or the kernel) does its part. */
	sigaction(sig, &kept.old_segv, NULL);
}

static void guard_begin(void)
{
	struct sigaction segv = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	kept.stack = xmalloc(SIGNAL_STACK);
	stack_t stack = { .ss_sp = kept.stack, .ss_size = SIGNAL_STACK };
	sigaltstack(&stack, &kept.old_stack);
	sigemptyset(&segv.sa_mask);
	sigaction(SIGSEGV, &segv, &kept.old_segv);
	sigaction(SIGPIPE, &ignore, &kept.old_pipe);
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

static const int wishes[] = { SIGINT, SIGTERM, SIGUSR1 };

static uv_signal_t handle[ARRAY_LEN(wishes)];

static void on_wish(uv_signal_t *h, int sig)
{
	(void)h;
	if (sig == SIGUSR1) {
		fiber_list(stderr);
		return;
	}
	trace(TRACE_FIBER, "signal %d", sig);
	fiber_hub.signal = sig;
	/* A second one is the kernel's: it ends us even if something here hangs. */
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		if (wishes[i] != SIGUSR1)
			uv_signal_stop(&handle[i]);
	}
	if (fiber_hub.first)
		fiber_cancel(fiber_hub.first);
}

/* Whoever started us with the signal ignored (nohup, a shell's background job) meant it. */
static bool is_ignored(int sig)
{
	struct sigaction old;

	return sigaction(sig, NULL, &old) == 0 && !(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_IGN;
}

void trouble_begin(void)
{
	guard_begin();
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		uv_signal_init(&fiber_hub.loop, &handle[i]);
		/* To wait for a signal alone is to wait for nothing: the loop need not live for it. */
		uv_unref((uv_handle_t *)&handle[i]);
		if (!is_ignored(wishes[i]) && uv_signal_start(&handle[i], on_wish, wishes[i]) != 0)
			hub_die("signal %d cannot be caught", wishes[i]);
	}
}

void trouble_end(void)
{
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++)
		uv_close((uv_handle_t *)&handle[i], NULL);
	guard_end();
}
