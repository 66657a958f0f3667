/*
 * watchdog - the end of a computation that does not end.
 *
 * Why it does not go back to the hub and have the report written: the signal comes at any
 * instruction, perhaps in the middle of malloc(), of a change to the facts or of a TLS session that
 * a check will want to close. What is said after that would rest on memory that nobody can vouch
 * for, and a report is a promise. So the handler uses only what POSIX calls async-signal-safe,
 * tells the lines that were kept for it, and ends the process.
 */
#include "fiber/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fiber/hub.h"

enum { LOOK_EVERY_S = 1 };

static struct {
	bool			 on;
	timer_t			 timer;
	struct sigaction	 old;
	uint64_t		 progress;	/* when it was last seen to change ... */
	int64_t			 cpu_ms;	/* ... the processor's time that was used */
	char			 notes[WATCHDOG_NOTES];
	volatile size_t		 noted;		/* bytes of them that are whole lines */
} dog;

static int64_t cpu_ms(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t progress(void)
{
	return fiber_hub.stats.switches + fiber_hub.events;
}

/* The hub computes for a fiber (fiber_on_hub()), or in a library's callback. */
static const char *who(void)
{
	if (fiber_hub.current)
		return fiber_hub.current->name;
	return fiber_hub.guest ? fiber_hub.guest->name : "the event loop";
}

/* What cannot be written is lost: nobody listens. */
static void say(const char *p, size_t n)
{
	while (n) {
		ssize_t written = write(STDERR_FILENO, p, n);

		if (written <= 0)
			return;
		p += written;
		n -= (size_t)written;
	}
}

static void bite(void)
{
	static const char known[] = "smtpwhy: what was known by then:\n";
	static const char head[] = "smtpwhy: stopped: ";
	static const char tail[] = " was still computing when the time was up\n";
	char line[sizeof(head) + sizeof(fiber_hub.current->name) + sizeof(tail)];
	const char *name = who();
	size_t n = strlen(name);

	memcpy(line, head, sizeof(head) - 1);
	memcpy(line + sizeof(head) - 1, name, n);
	memcpy(line + sizeof(head) - 1 + n, tail, sizeof(tail) - 1);
	n += sizeof(head) - 1 + sizeof(tail) - 1;
	say(line, n);
	if (dog.noted) {
		say(known, sizeof(known) - 1);
		say(dog.notes, dog.noted);
	}
	_exit(WATCHDOG_STATUS);
}

static void on_look(int sig)
{
	uint64_t now = progress();
	int err = errno;

	(void)sig;
	if (now != dog.progress) {
		dog.progress = now;
		dog.cpu_ms = cpu_ms();
	} else if (cpu_ms() - dog.cpu_ms >= WATCHDOG_CPU_MS) {
		bite();
	}
	errno = err;
}

void watchdog_note(const char *line)
{
	size_t n = strlen(line), at = dog.noted;

	if (!dog.on || n + 1 > sizeof(dog.notes) - at)
		return;
	memcpy(dog.notes + at, line, n);
	dog.notes[at + n] = '\n';
	/* The signal must not find half of it. */
	atomic_signal_fence(memory_order_release);
	dog.noted = at + n + 1;
}

void watchdog_begin(int64_t ms)
{
	struct sigaction look = { .sa_handler = on_look, .sa_flags = SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct itimerspec at = { .it_interval.tv_sec = LOOK_EVERY_S };

	watchdog_end();
	if (ms <= 0)
		ms = WATCHDOG_DEFAULT_MS;
	at.it_value.tv_sec = (time_t)(ms / 1000);
	at.it_value.tv_nsec = (long)(ms % 1000) * 1000000;
	dog.noted = 0;
	dog.progress = UINT64_MAX;		/* the first look only remembers */
	/* Neither a child nor a program we become inherits the timer. */
	if (timer_create(CLOCK_MONOTONIC, &event, &dog.timer) != 0)
		return;				/* the usual limits are left */
	sigemptyset(&look.sa_mask);
	sigaction(SIGALRM, &look, &dog.old);
	dog.on = true;
	timer_settime(dog.timer, 0, &at, NULL);
}

void watchdog_end(void)
{
	if (!dog.on)
		return;
	timer_delete(dog.timer);
	sigaction(SIGALRM, &dog.old, NULL);
	dog.on = false;
}
