#ifndef PASTE_GMIME_H
#define PASTE_GMIME_H

/*
 * gmime - a message taken apart by GMime. The library is loaded when a message is really there, and
 * not before: it brings 27 others along. Nobody else sees its types.
 */

#include <stdbool.h>

#include "base/str.h"

/* One leaf of a message. */
struct mime_part {
	const char	*type, *subtype;	/* "text", "plain": lower case is not promised */
	const char	*charset;		/* "" unknown */
	struct span	 bytes;			/* transfer encoding undone; gone after the call */
	int		 depth;			/* messages around it; 0 = the outermost */
	bool		 report;		/* belongs to a multipart/report */
	/* which one of a multipart/alternative, from 0; -1 = of none */
	int		 choice;
};

struct mime_visit {
	void	*arg;
	/*
	 * A header of the message at that depth, as it stands there, at most LIMIT_MIME_VALUE
	 * bytes. original: a message that a report brings back; its parts are not visited.
	 */
	void	(*header)(void *arg, int depth, bool original, const char *name, const char *value);
	void	(*part)(void *arg, const struct mime_part *part);
};

enum { LIMIT_MIME_DEPTH = 12, LIMIT_MIME_PARTS = 400, LIMIT_MIME_HEADERS = 200,
       LIMIT_MIME_VALUE = 1023 };

enum mime_result { MIME_READ, MIME_BROKEN, MIME_NO_LIBRARY };

/*
 * Reads a message in its order, everything bounded as above. library: the file to load; NULL =
 * GMime's usual name. On the main stack only: the library's frames are big.
 */
enum mime_result gmime_read(struct span message, const char *library, const struct mime_visit *v);

#endif
