#ifndef LAB_SETTING_H
#define LAB_SETTING_H

/*
 * setting - tables of the words of a scenario that set one member of a structure each: "NAME VALUE"
 * in a line of their own, or "NAME=VALUE" behind another word.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/scan.h"
#include "base/str.h"

struct arena;

enum setting_kind {
	SETTING_TEXT,		/* const char *: the value as it is */
	SETTING_WORD,		/* an enum: which of `words` */
	SETTING_FLAG,		/* bool: the second of `words`; without words, all but "no" */
	SETTING_TIME,		/* int64_t: ms */
	SETTING_SECONDS,	/* int64_t: a time, the rest below a second is dropped */
	SETTING_NUMBER,		/* unsigned */
	/* struct strv: pieces between `separator`, in place of what was there */
	SETTING_LIST,
	SETTING_OTHER,		/* `set` does it */
};

struct lab_setting {
	const char		*name;
	enum setting_kind	 kind;
	size_t			 place;		/* offsetof() */
	const char		*words;		/* "open refused", between blanks; NULL = none */
	unsigned long		 most;		/* of a number, or ms of a time */
	char			 separator;
	/* What is said of a wrong value; NULL = "`NAME` and one of WORDS". A text that has it may
	 * not be empty. */
	const char		*expected;
	/* NULL, or what was expected. */
	const char		*(*set)(void *object, struct arena *a, struct span value);
};

/* The place of a word in such a list of words, -1 when it is not there. */
int setting_choose(struct span word, const char *words);

/* The row of that name, NULL = none. */
const struct lab_setting *setting_find(const struct lab_setting *list, size_t n, struct span name);
/* Sets its member of `object`. NULL, or what was expected. */
const char *setting_set(const struct lab_setting *s, void *object, struct arena *a,
			struct span value);
/* All names, with a blank before each. */
const char *setting_names(const struct lab_setting *list, size_t n, struct arena *a);

/* "NAME=VALUE" or "NAME" of a line; a value in double quotes may hold blanks. */
struct pair {
	const char	*name;
	const char	*value;		/* "" when there is none */
};

/* The next one; false at the end. */
bool pair_next(struct scan *s, struct arena *a, struct pair *ret);
/* All that are left, each by its row. False: one is of another name, or has a wrong value. */
bool pairs_set(const struct lab_setting *list, size_t n, void *object, struct arena *a,
	       struct scan *s);

#endif
