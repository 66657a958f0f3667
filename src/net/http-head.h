#ifndef NET_HTTP_HEAD_H
#define NET_HTTP_HEAD_H

/*
 * http-head - the header fields of an answer, as they come. Used by http.c alone, and by tests.
 *
 * What comes is counted up to LIMIT_HTTP_HEADERS bytes: interim answers (RFC 9110, 15.2) and
 * trailers (6.5) too, of which nothing is kept. Of a field that comes again the first counts.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct http_answer;
struct http_lib;

struct http_head {
	struct arena		*arena;
	const struct http_lib	*lib;
	struct http_answer	*answer;	/* filled */
	bool			 interim;	/* the answer that is being read is one */
	bool			 ended;		/* what comes now are trailers */
	bool			 too_large;
	size_t			 bytes;		/* of all that came */
};

/* Takes one line, its end included: a status line, a field, or the empty one. False when it is one
 * too many. */
bool http_head_line(struct http_head *h, struct span line);

/* As if no answer had come. */
void http_answer_forget(struct http_answer *r);

#endif
