#ifndef REPORT_OUT_H
#define REPORT_OUT_H

/*
 * out - writing for people: columns, wrapping, ink. Blanks and ink are written only when something
 * follows them on the line, so that no line ends in blanks.
 *
 *	out_ink(&o, INK_STRONG);
 *	out_put(&o, "Why");
 *	out_ink(&o, INK_NONE);
 *	out_wrapped(&o, 10, title);
 */

#include <stdbool.h>
#include <stdio.h>

#include "base/strv.h"
#include "report/report.h"

struct arena;

enum ink { INK_NONE, INK_GOOD, INK_WARN, INK_BAD, INK_UNKNOWN, INK_DIM, INK_STRONG, INK_COMMAND };

struct out {
	FILE				*to;	/* NULL: lines are counted alone */
	unsigned			 lines;		/* of a screen, that were ended */
	const struct report_style	*style;
	struct arena			*arena;		/* for what is made up on the way */
	unsigned			 columns;	/* never less than 40 */
	/* where the next byte goes, blanks that are due counted */
	unsigned			 col;
	unsigned			 at;		/* where the last one went */
	enum ink			 ink, shown;
};

void out_begin(struct out *o, FILE *to, struct arena *a, const struct report_style *style);

void out_put(struct out *o, const char *s);		/* escaped, as it is */
void out_ink(struct out *o, enum ink ink);
/* blanks up to the column; nothing when it's passed already */
void out_to(struct out *o, unsigned col);
void out_line(struct out *o);				/* ends the line */

/*
 * Escaped text in lines of at most `width` columns, blanks between words as one. A word that is
 * longer is a line of its own.
 */
struct strv out_split(struct arena *a, const char *text, unsigned width);

/* A line that is not the last but is printed as if: words are taken off until " ..." has room. */
char *out_dotted(struct arena *a, const char *line, unsigned width);

/* Puts text from column `left` on, wrapped under itself up to the right edge, and ends the line. */
void out_wrapped(struct out *o, unsigned left, const char *text);
/* Each on a line of its own behind a mark ("- "), wrapped under itself. */
void out_list(struct out *o, unsigned left, const char *mark, const char *text);
/* The same in at most so many lines; " ..." tells that more was said. */
void out_list_cut(struct out *o, unsigned left, const char *mark, const char *text, size_t most);

/*
 * The beginning of a reply in one line, "" for NULL: what stands in a table; the diagnosis and the
 * transcript have the rest.
 */
const char *out_reply(struct arena *a, const struct reply *r);

/* "412 ms", "1.2 s"; "" for less than half a millisecond. */
const char *out_time(struct arena *a, int64_t us);

#endif
