#ifndef CMD_NOT_TEXT_H
#define CMD_NOT_TEXT_H

/*
 * not-text - what is given in place of a text: a picture, a document, an archive, the name of a
 * file that isn't there.
 */

#include <stdbool.h>

#include "base/str.h"

/* What the bytes are ("a picture (PNG)") when no text can be read in them; NULL otherwise. */
const char *not_text(struct span bytes);

/* Is the word written as the name of a file: with a folder, or an ending of texts and logs? */
bool looks_like_file(const char *word);

#endif
