#ifndef BASE_REPLY_H
#define BASE_REPLY_H

/*
 * reply - what a server said: code, enhanced code, lines exactly as sent, and the
 * stage in which it came.
 *
 * One parser for replies heard on a wire and for replies found in a paste.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/str.h"

struct arena;

struct reply {
	enum stage	  stage;
	int		  code;			/* 200-599; 0 when there is none */
	const char	 *enhanced;		/* "5.7.139", or "" (RFC 3463) */
	/* each line as sent, code included, CRLF not; NULL-terminated */
	const char	**text;
	size_t		  lines;
	/* in a paste: the line it began on, from 1; 0 on a wire */
	int		  source_line;
	/* lines with different codes: the last one counts (RFC 5321, 4.2.1) */
	bool		  mixed_codes;
	bool		  truncated;		/* more lines or bytes came than we keep */
};

/* One line of a reply, cut into its parts. */
struct reply_line {
	int		 code;
	bool		 last;			/* no hyphen after the code */
	struct span	 enhanced;		/* empty when there is none */
	struct span	 words;			/* what follows code and enhanced code */
};

/*
 * Parses one line without its line end (RFC 5321, 4.2; RFC 2034, 4: an enhanced code counts only
 * when its class fits the code's first digit). False when it does not begin with three digits
 * 2-5,0-9,0-9 and blank, hyphen or end.
 */
bool reply_parse_line(struct span line, struct reply_line *ret);

/*
 * Makes a reply of complete lines. NULL when the lines hold no reply. Bounded by LIMIT_REPLY_LINES.
 */
struct reply *reply_of_lines(struct arena *a, enum stage stage, const struct span *lines, size_t n);

/* All words in one line, codes of continuation lines left out, runs of white space as one blank:
 * "535 5.7.139 Authentication unsuccessful, ...". */
char *reply_flat(const struct reply *r, struct arena *a);
/* The same without code and enhanced code. */
char *reply_words(const struct reply *r, struct arena *a);

/* Is it an enhanced code (class 2, 4 or 5; subject and detail 0-999)? */
bool enhanced_valid(struct span s);

#endif
