#ifndef BASE_SCAN_H
#define BASE_SCAN_H

/*
 * scan - a read-only cursor over bytes from outside, with a sticky failure.
 *
 *	struct scan s = scan_over(p, n);
 *	unsigned type = scan_u16(&s), len = scan_u16(&s);
 *	struct span data = scan_take(&s, len);
 *	if (scan_failed(&s))
 *		return false;
 *
 * A step that cannot be done marks the cursor as failed, moves nothing and answers zero or an empty
 * span; so does every later step. So a parser may test once, at its end. The bytes are not copied.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct scan {
	const char	*start;
	const char	*p;
	const char	*end;
	bool		 failed;
};

struct scan scan_over(const void *p, size_t n);
struct scan scan_span(struct span s);

bool scan_failed(const struct scan *s);
void scan_fail(struct scan *s);			/* the caller found that it makes no sense */
bool scan_done(const struct scan *s);		/* at the end, or failed */
size_t scan_left(const struct scan *s);
size_t scan_pos(const struct scan *s);		/* bytes from the start */

/* Questions: these never fail and never move. */
int scan_peek(const struct scan *s);		/* the next byte as 0-255, -1 at the end */
bool scan_looking_at(const struct scan *s, const char *literal);	/* case ignored */

/* Attempts: move and answer true, or stay and answer false; they don't mark a failure. */
bool scan_accept(struct scan *s, char c);
bool scan_accept_str(struct scan *s, const char *literal);		/* case ignored */
size_t scan_blanks(struct scan *s);		/* skips blanks and tabs; how many */

/* Steps: these fail. Binary numbers are big-endian (RFC 1035, 2.3.2). */
uint8_t scan_u8(struct scan *s);
uint16_t scan_u16(struct scan *s);
uint32_t scan_u32(struct scan *s);
struct span scan_take(struct scan *s, size_t n);
void scan_seek(struct scan *s, size_t pos);	/* to an absolute place, the end at most */
void scan_must(struct scan *s, bool accepted);	/* an attempt that has to succeed */
int scan_digits(struct scan *s, size_t n, int min, int max);	/* exactly n decimal digits */
int scan_month(struct scan *s);			/* "Jan" to "Dec", case ignored, as 0 to 11 */
unsigned long scan_number(struct scan *s, unsigned long max);	/* decimal digits, at least one */

/* Pieces: never fail; an empty span at the end. */
struct span scan_line(struct scan *s);		/* up to LF or the end, span_line() of it */
/* up to one of the bytes in stops, not eaten */
struct span scan_until(struct scan *s, const char *stops);
struct span scan_while(struct scan *s, bool (*is)(char c));
struct span scan_rest(struct scan *s);

#endif
