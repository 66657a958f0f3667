#ifndef BASE_STRV_H
#define BASE_STRV_H

/*
 * strv - a growing list of strings in an arena. v is NULL-terminated as soon as
 * something was added.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct arena;

struct strv {
	const char	**v;
	size_t		  n;
	size_t		  cap;
};

void strv_add(struct strv *l, struct arena *a, const char *s);			/* s is copied */
void strv_addf(struct strv *l, struct arena *a, const char *fmt, ...) _printf_(3, 4);
bool strv_has(const struct strv *l, const char *s);
bool strv_has_nocase(const struct strv *l, const char *s);
char *strv_join(const struct strv *l, struct arena *a, const char *sep);	/* "" when empty */
/* Splits at every sep byte, without blanks around the pieces and without empty pieces. */
void strv_split(struct strv *l, struct arena *a, const char *s, char sep);

/* Does one of these globs match the text? NULL = none. */
bool strv_glob(const struct strv *globs, const char *text);

#endif
