#ifndef BASE_BUF_H
#define BASE_BUF_H

/*
 * buf - bytes that grow, up to a limit they are born with.
 *
 *	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_REPLY_LINE);
 *	buf_addf(&b, "EHLO %s", helo);
 *	puts(buf_str(&b));
 *
 * data is never NULL after the first add and is always NUL-terminated (the NUL is not counted). An
 * add that would pass the limit adds nothing, sets overflow, and answers false; so does every later
 * add until buf_clear().
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct buf {
	char	*data;
	size_t	 len;
	size_t	 cap;
	size_t	 limit;		/* most bytes that len may reach */
	bool	 overflow;
};

#define BUF_INIT(max) { .data = NULL, .len = 0, .cap = 0, .limit = (max), .overflow = false }

void buf_init(struct buf *b, size_t limit);
/* frees; the buffer may be used again with the same limit */
void buf_release(struct buf *b);
void buf_clear(struct buf *b);	/* forgets the content and the overflow, keeps the memory */
void buf_wipe_release(struct buf *b);		/* buf_release() after buf_wipe() */
void buf_wipe(struct buf *b);	/* buf_clear() after overwriting the whole memory: for secrets */

bool buf_add(struct buf *b, const void *p, size_t n);
bool buf_adds(struct buf *b, const char *s);
bool buf_addc(struct buf *b, char c);
bool buf_addf(struct buf *b, const char *fmt, ...) _printf_(2, 3);
bool buf_vaddf(struct buf *b, const char *fmt, va_list ap) _printf_(2, 0);

/* Drops the first n bytes (at most len). */
void buf_consume(struct buf *b, size_t n);

/* The content as a string; "" when empty. Valid until the next change. */
const char *buf_str(const struct buf *b);

#endif
