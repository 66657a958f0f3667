#ifndef TESTS_OVERHEAR_SEEK_H
#define TESTS_OVERHEAR_SEEK_H

/*
 * seek - is a secret in a text: in any of its disguises (disguise.h), or any part of
 * it of eight bytes?
 */

#include "tests/overhear/text.h"

enum { SECRET_LEAST = 6 };	/* bytes: what is shorter is not looked for */

/* From now on this secret is looked for. */
void seek_add(const struct text *secret);

/* Where one is in the text, and what of it ("a secret", "a part of a secret"); NULL. */
const char *seek(const struct text *t, const char **ret_what);

#endif
