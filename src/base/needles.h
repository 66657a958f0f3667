#ifndef BASE_NEEDLES_H
#define BASE_NEEDLES_H

/*
 * needles - which of many words are in some bytes, in one pass: what the tables are looked up by,
 * and what a log of millions of lines is looked through with first.
 *
 *	struct needle_maker *m = needle_maker_new(arena);
 *	needles_add(m, span_of("timed out"), 3);
 *	const struct needles *n = needles_made(m);
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
 * are looked for in a pass of their own, by two bytes.
 *
 * data/embed.awk makes the needles of the tables when the program is built, by the same rules:
 * tests/unit/t-needles compares.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

enum {
	NEEDLE_PIECE = 4,
	NEEDLE_MAP_BITS = 17, NEEDLE_HEAD_BITS = 13,
	/* So many needles of just four bytes have their pieces: each needs one for each byte that
	 * may follow. */
	NEEDLE_FOURS = 64
};

struct needle { uint32_t at, len, tag; };	/* at: in the text */

struct needle_piece {
	uint32_t	bytes;			/* the first one lowest; letters in lower case */
	uint32_t	needle;			/* index */
	uint32_t	at;			/* where in the needle */
	uint32_t	next;			/* with the same head: index + 1; 0 = none */
};

struct needles {
	const char			*text;	/* of all needles, in lower case */
	const struct needle		*all;
	const struct needle_piece	*pieces;
	const uint32_t			*short_ones;	/* indices of all: shorter than a piece */
	size_t				 n, n_pieces, n_short, n_text;
	/* how many words of 64 bits the answer has: a bit for each tag. At least 1. */
	size_t				 words;
	/* a bit for each hash that a piece has */
	const uint32_t			*map;
	const uint32_t			*heads;		/* index of the pieces + 1; 0 = none */
};

struct needle_maker;
struct needle_maker *needle_maker_new(struct arena *a);
/*
 * What most texts will have: its pieces are kept only of needles that have no others. Before the
 * first needle.
 */
void needles_avoid(struct needle_maker *m, struct span common);
/*
 * The tag is what needles_look() answers when the word is found; several words may have the same.
 * False: an empty word is left out.
 */
bool needles_add(struct needle_maker *m, struct span word, unsigned tag);
const struct needles *needles_made(struct needle_maker *m);	/* in the arena */

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
