#ifndef CONFIG_WORDS_H
#define CONFIG_WORDS_H

/*
 * words - is it a name, as people write names, or does it look like a password or a
 * token? For shown.c.
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * Pieces of letters (UTF-8 beyond ASCII counts as such) and digits that look like words, with
 * nothing between them but the characters of `between`. In a piece of 8 or more at most so many
 * groups of digits. strict: no piece of 8 or more with upper case, lower case and digits, which is
 * what rules for passwords ask for.
 */
bool are_words(const char *p, size_t n, const char *between, unsigned groups, bool strict);

/*
 * 16 lower-case letters, in fours or not: an app password of Google's, Yahoo's,
 * Apple's or Microsoft's.
 */
bool looks_like_app_password(const char *p, size_t n);

#endif
