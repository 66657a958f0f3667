#ifndef LOGS_SIEVE_H
#define LOGS_SIEVE_H

/*
 * sieve - which of many words are in some bytes, in one pass: what a log of millions of lines is
 * looked through with first.
 *
 *	sieve_add(s, "timed out", MARK_SYMPTOM);
 *	sieve_seal(s);
 *	if (sieve_look(s, line) & MARK_SYMPTOM)
 *		...
 *
 * ASCII letters' case is ignored. A blank at the start of a word is also found at the start of the
 * bytes. The time for a byte does not depend on how many words there are. (The automaton of Aho and
 * Corasick, 1975.)
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct sieve;

enum { SIEVE_STATES = 32768 };	/* most bytes of all words, common beginnings counted once */

struct sieve *sieve_new(struct arena *a);
/*
 * marks: bits that sieve_look() answers when the word is found. Empty words and words that no
 * longer fit are left out: false.
 */
bool sieve_add(struct sieve *s, struct span word, unsigned marks);
/* No more words; before this nothing can be looked for. */
void sieve_seal(struct sieve *s);

/* The marks of all words that are found, together. */
unsigned sieve_look(const struct sieve *s, struct span bytes);
/* Where the first word with one of these marks ends; bytes.len when there is none. */
size_t sieve_find(const struct sieve *s, struct span bytes, unsigned marks);

#endif
