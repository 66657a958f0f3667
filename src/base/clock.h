#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/*
 * clock - the only place that asks for the time.
 */

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct arena;

/* Milliseconds of a clock that never jumps; only differences mean something. */
int64_t clock_ms(void);
/* The same in microseconds. */
int64_t clock_us(void);
/*
 * Seconds since 1970 (UTC). SMTPWHY_NOW=<seconds> in the environment fixes it, for
 * tests of expiry dates.
 */
time_t clock_wall(void);

/* "2026-11-20T12:00:00Z". */
char *clock_utc(struct arena *a, time_t t);

/* Now in the form of RFC 5322, 3.3, with this for the zone: "+0000", or "GMT" (RFC 9110, 5.6.7). */
char *clock_date(struct arena *a, const char *zone);

/*
 * Reads RFC 3339 ("2026-11-20T12:00:00[.123](Z|+01:00)") and RFC 5322 ("Fri, 20 Nov 2026 12:00:00
 * +0000") dates found at the start of s. Answers 0 and sets *ret_t, or -1.
 */
int clock_parse(const char *s, time_t *ret_t);

#endif
