#ifndef BASE_REDACT_INSIDE_H
#define BASE_REDACT_INSIDE_H

/*
 * redact-inside - what redact.c (secrets, and what is struck out), redact-index.c (where a text has
 * something in common with them) and redact-views.c (a text decoded) share. Nobody else includes
 * it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/redact.h"

enum {
	REDACT_GRAM = 8,           /* so many bytes in common are too many */
	REDACT_LEAST = 4,          /* a shorter secret is not looked for */
	REDACT_WINDOW = 16 * 1024, /* bytes of a text that are looked at in one go */
	REDACT_OVERLAP = 512, /* so much of the last window is looked at again: eight bytes, encoded
				 several times */
	REDACT_DEEP = 3,      /* encodings inside each other */
};

/* A secret, or a public text. */
struct redact_text {
	struct redact_text	*next;
	size_t			 size;		/* of the allocation */
	size_t			 n;
	char			 p[];
};

/* --- redact-index.c --- */

struct redact_index;

/* secrets and publics are used as long as the index is. */
struct redact_index *redact_index_new(const struct redact_text *secrets,
				      const struct redact_text *publics);
/* The fewest bytes that may be found. */
size_t redact_index_least(const struct redact_index *x);
void redact_index_free(struct redact_index *x);		/* wipes; NULL is fine */
/* Calls hit() for each run from..to (exclusive) of the text that it has in common with a secret. n
 * is at most REDACT_WINDOW. */
void redact_index_search(const struct redact_index *x, const unsigned char *text, size_t n,
			 void (*hit)(void *arg, size_t from, size_t to), void *arg);

/* --- redact-views.c --- */

/* A text as it is, or decoded; byte i came from the bytes from[i]..to[i] (exclusive) of the window.
 */
struct redact_view {
	size_t		n;
	unsigned char	bytes[REDACT_WINDOW];
	uint16_t	from[REDACT_WINDOW], to[REDACT_WINDOW];
};

/* Each decodes `of` into `into`. False when there is nothing in it to decode. phase: at which of
 * the first digits of a run it begins (of base64 0 to 3, of hexadecimal 0 or 1); least: runs that
 * decode to fewer bytes are left out. */
bool redact_unescape(const struct redact_view *of, struct redact_view *into);
bool redact_base64(const struct redact_view *of, unsigned phase, size_t least,
		   struct redact_view *into);
bool redact_hex(const struct redact_view *of, unsigned phase, size_t least,
		struct redact_view *into);

/* The value of a base64 digit of either alphabet, of a hexadecimal digit; -1. */
int redact_base64_value(unsigned char c);

#endif
