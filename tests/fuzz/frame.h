#ifndef TESTS_FUZZ_FRAME_H
#define TESTS_FUZZ_FRAME_H

/*
 * frame - what harnesses share: the input cut into pieces, the tables, a file in memory, and what
 * must hold of everything that is printed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

struct arena;
struct know;

/* An input, taken from its front. */
struct food {
	struct span	rest;
};

struct food food_of(const uint8_t *data, size_t size);
/* The first byte, modulo n; 0 when nothing is left. */
unsigned food_choice(struct food *f, unsigned n);
/*
 * Up to the next FOOD_CUT, which is taken and left out, or up to the end. False
 * when nothing is left.
 */
enum { FOOD_CUT = '\x1e' };
bool food_piece(struct food *f, struct span *ret);
/* The same up to the next LF. */
bool food_line(struct food *f, struct span *ret);

/* The built-in tables, read once. They live as long as the process. */
const struct know *frame_know(void);
/* An arena that lives as long as the process. */
struct arena *frame_forever(void);

/* The name of a file with these bytes, in memory; the next call makes it another file. */
const char *frame_file(const void *p, size_t n);

/* --- what is printed --- */

/*
 * Runs print(to, arg), which must answer 0, and returns what it wrote: in the arena,
 * NUL-terminated.
 */
char *frame_printed(struct arena *a, int (*print)(FILE *to, void *arg), void *arg);

/* Asserts that it is safe on a terminal: valid UTF-8, and no control character but LF, no direction
 * override. */
void frame_shown(const char *text);
/* Asserts that each line (or, with whole, the text) is JSON in valid UTF-8. */
void frame_json(const char *text, bool whole);
/*
 * Asserts that no piece of 8 bytes of the secret, of its base64 form, or of its base64 form behind
 * up to two other bytes is in the text.
 */
void frame_hides(const char *text, const char *secret);

#endif
