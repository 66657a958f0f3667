#ifndef PASTE_CODE_H
#define PASTE_CODE_H

/*
 * paste-code - where in a line a reply begins, by the shape of its code and by what stands around
 * it. For paste-replies.c.
 */

#include <stdbool.h>

#include "base/str.h"

/* Where a reply begins and what its first line says. */
struct paste_start {
	const char	*at;		/* its first digit */
	int		 code;		/* 0 = an enhanced code alone */
	bool		 more;		/* "535-": another line follows */
	struct span	 enhanced;
	const char	*words;		/* behind codes and what separates them */
	char		 quote;		/* the quote that opened just before it; 0 = none */
};

/* The first one from `from` on: with a code, or (alone) one of an enhanced code without a code. */
bool paste_next_start(struct span line, const char *from, bool alone, struct paste_start *ret);

/*
 * The enhanced code at p, empty when there is none; and what programs put between a code and its
 * words, skipped (*ret_quote: a quote that opened there).
 */
struct span paste_enhanced_at(const char *p, const char *end);
const char *paste_skip_glue(const char *p, const char *end, char *ret_quote);

/* Where what begins there ends in its line; *ret_closed: at the quote that it was put in. */
const char *paste_reply_end(struct span line, const struct paste_start *s, bool *ret_closed);

#endif
