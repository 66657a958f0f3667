#ifndef TESTS_TAP_H
#define TESTS_TAP_H

/*
 * tap - the few words a unit test needs. A test program is a main() that checks things and
 * returns tap_done().
 *
 *	is_str(reply_flat(r, a), "535 5.7.139 no", "a two-line reply is one line");
 *
 * A failure says where, what was got and what was wanted.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"

static int tap_count, tap_failed;

static inline bool tap_line(bool good, const char *file, int line, const char *what)
{
	tap_count++;
	tap_failed += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", tap_count, what);
	if (!good)
		printf("#   at    %s:%d\n", file, line);
	fflush(stdout);
	return good;
}

static inline bool tap_str(const char *got, const char *want, const char *file, int line,
			   const char *what)
{
	bool good = got && want ? strcmp(got, want) == 0 : got == want;

	if (!tap_line(good, file, line, what))
		printf("#   got   %s\n#   want  %s\n", got ? got : "(null)",
		       want ? want : "(null)");
	return good;
}

static inline bool tap_int(intmax_t got, intmax_t want, const char *file, int line,
			   const char *what)
{
	if (!tap_line(got == want, file, line, what))
		printf("#   got   %" PRIdMAX "\n#   want  %" PRIdMAX "\n", got, want);
	return got == want;
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#define ok(cond, what)		tap_line((cond), __FILE__, __LINE__, (what))
#define is_str(got, want, what)	tap_str((got), (want), __FILE__, __LINE__, (what))
#define is_int(got, want, what) \
	tap_int((intmax_t)(got), (intmax_t)(want), __FILE__, __LINE__, (what))

#endif
