#ifndef BASE_TRACE_H
#define BASE_TRACE_H

/*
 * trace - what we are doing, for us: off unless asked for by name (`--trace smtp,dns`), to
 * standard error, with the time and the running fiber's name in front. Evidence for users is the
 * transcript, not this.
 */

#include <stdbool.h>

#include "base/attr.h"

enum trace_area {
	TRACE_FIBER	= 1 << 0,
	TRACE_DNS	= 1 << 1,
	TRACE_NET	= 1 << 2,
	TRACE_TLS	= 1 << 3,
	TRACE_SMTP	= 1 << 4,
	TRACE_CHECKS	= 1 << 5,
	TRACE_RULES	= 1 << 6,
	TRACE_LAB	= 1 << 7,
	TRACE_HTTP	= 1 << 8,
};

extern unsigned trace_on;

/*
 * Sets the areas from "smtp,dns" or "all"; false names nothing known (the offending word is
 * *ret_bad, inside list).
 */
bool trace_set(const char *list, const char **ret_bad);
/* Who runs now; set once by src/fiber. */
extern const char *(*trace_who)(void);

void trace_line(enum trace_area area, const char *fmt, ...) _printf_(2, 3);
#define trace(area, ...) do { if (trace_on & (area)) trace_line((area), __VA_ARGS__); } while (0)

#endif
