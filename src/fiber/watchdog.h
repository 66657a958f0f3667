#ifndef FIBER_WATCHDOG_H
#define FIBER_WATCHDOG_H

/*
 * watchdog - the end of a computation that does not end. Deadlines and cancellation are looked at
 * by those who wait; a library that computes, on a fiber or on the hub, looks at nothing.
 *
 *	watchdog_begin(max_time_ms);
 *	... fiber_run(), or part of a first fiber ...
 *	watchdog_end();
 *
 * After max_time_ms, and then every second, it looks whether some fiber has run or some callback
 * was made since the last look. If none has, and the process has meanwhile used a second of the
 * processor, it writes one line to standard error that names who computes, and ends the process
 * with status 3. Behind that line stands what watchdog_note() was told since the beginning.
 * Waiting, however long, is not its concern, nor is a machine that is too busy to let us run.
 */

#include <stdint.h>

enum {
	WATCHDOG_DEFAULT_MS	= 120000,	/* where there is no time limit */
	WATCHDOG_CPU_MS		= 1000,		/* of the processor's time without progress */
	WATCHDOG_NOTES		= 16 * 1024,	/* bytes of what is known */
	WATCHDOG_STATUS		= 3,		/* as for everything that could not be tested */
};

/*
 * Keeps a line (without its end, and escaped: it goes to a terminal as it is) that is to be told if
 * the watchdog bites: what is known so far. Of more than WATCHDOG_NOTES bytes the rest is dropped.
 */
void watchdog_note(const char *line);

/* One at a time; another replaces it. ms <= 0 = WATCHDOG_DEFAULT_MS. What is buffered for standard
 * output is lost when it bites: flush what is whole, and end it before printing. */
void watchdog_begin(int64_t ms);
void watchdog_end(void);			/* fine when there is none */

#endif
