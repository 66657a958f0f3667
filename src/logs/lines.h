#ifndef LOGS_LINES_H
#define LOGS_LINES_H

/*
 * lines - a stream of bytes cut into lines, in constant memory.
 *
 *	lines_init(&l, LIMIT_LOG_LINE, take_line, me);
 *	while (...)
 *		lines_feed(&l, p, n);
 *	lines_end(&l);
 *	lines_release(&l);
 *
 * A line that is longer than the limit is given cut, once; the rest of it is passed over.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct lines {
	struct buf	 part;		/* the beginning of a line whose end did not come yet */
	bool		 skipping;	/* ... of which enough came */
	uint64_t	 count;		/* lines given so far */
	uint64_t	 cut;		/* of them, cut */
	void		(*take)(void *arg, struct span line, bool cut);
	void		*arg;
};

/*
 * take gets each line without LF, or CR LF; the bytes are valid until it returns. limit:
 * most bytes of a line.
 */
void lines_init(struct lines *l, size_t limit, void (*take)(void *arg, struct span line, bool cut),
		void *arg);
void lines_feed(struct lines *l, const char *p, size_t n);
/* The stream has ended: gives what came without a line end. */
void lines_end(struct lines *l);
void lines_release(struct lines *l);

#endif
