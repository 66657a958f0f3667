#ifndef BASE_NEEDLES_H
#define BASE_NEEDLES_H

/*
 * needles - which of many words are in some bytes, in one pass: what the tables are looked up by,
 * and what a log of millions of lines is looked through with first.
 *
 *	needles_add(n, span_of("timed out"), 3);
 *	needles_look(n, line, found);
 *	if (needles_has(found, 3))
 *		...
 *
 * ASCII letters' case is ignored. A blank at the start of a needle is also found at the start of
 * the bytes.
 *
 * How: of each needle two neighbouring pieces of four bytes are kept. Of the bytes every second
 * piece of four is looked up among them, and only where one is there the needle itself is compared.
 * The pieces are chosen so that few needles share one: the time is linear in the bytes and hardly
 * depends on how many needles there are, up to some ten thousand. Needles of less than four bytes
 * are looked for one by one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct needles;

struct needles *needles_new(struct arena *a);
/*
 * The tag is what needles_look() answers when the word is found; several words may have the same.
 * The bytes of the word must live as long. False: an empty word is left out.
 */
bool needles_add(struct needles *n, struct span word, unsigned tag);

/* How many words of 64 bits the answer has: a bit for each tag, up to the largest. At least 1. */
size_t needles_words(const struct needles *n);
/* Sets the bits of the tags of all needles that are in the bytes; others stay as they are. */
void needles_look(const struct needles *n, struct span bytes, uint64_t *found);
static inline bool needles_has(const uint64_t *found, unsigned tag)
{
	return found[tag / 64] >> tag % 64 & 1;
}

/* The first tag from `tag` on that was found; `all`, how many there are, when there is none. */
size_t needles_next(const uint64_t *found, size_t all, size_t tag);

/*
 * Where the first needle ends whose tag is one of the bits of `tags` (of the first 64);
 * bytes.len when there is none.
 */
size_t needles_end(const struct needles *n, struct span bytes, uint64_t tags);

#endif
