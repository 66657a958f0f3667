#ifndef MESSAGE_FIELDS_H
#define MESSAGE_FIELDS_H

/*
 * fields - the header block of a message, in whatever state somebody has it: a saved .eml, an mbox,
 *or headers that were pasted with quote marks, HTML entities, lost indentation or prose before
 *them.
 *
 *	struct fields f;
 *
 *	fields_read(a, text, &f);
 *	for (const struct field *r = NULL; (r = fields_find(&f, "Received", r)); )
 *		use(r->value);
 *
 * Of a message as it is, each field keeps its exact bytes (a signature needs them, RFC 6376, 3.7).
 * Pure functions; bounded by the limits below; never fails.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/strv.h"

struct arena;

enum {
	LIMIT_HEADER_FIELDS = 20000,	/* fields of one block; what follows is left out */
	LIMIT_HEADER_VALUE = 64 * 1024,	/* bytes of one unfolded value; the rest is cut off */
	LIMIT_HEADER_BLOCK = 4 * 1024 * 1024,
};

struct field {
	struct span	 raw;		/* from the name to the last line end, as it came */
	const char	*name;		/* as it is spelt there */
	const char	*value;		/* unfolded (RFC 5322, 2.2.3), without blanks at its ends */
	int		 line;		/* where it begins, from 1 */
};

struct fields {
	struct field	*v;
	size_t		 n, cap;
	bool		 exact;		/* raw is byte for byte what was sent */
	bool		 cut;		/* a limit was reached: there is more */
	struct span	 body;		/* behind the empty line; empty when there is none */
	struct strv	 notes;		/* how it had to be read, sentences; mostly none */
};

void fields_read(struct arena *a, struct span text, struct fields *ret);

/* The next field of that name (letters' case ignored) behind `after`, NULL = the first. NULL: no
 * more. */
const struct field *fields_find(const struct fields *f, const char *name,
				const struct field *after);
/* Its value; "" when there is none. */
const char *fields_value(const struct fields *f, const char *name);

/* Is it a name that only a message's header has on its way ("Received", "ARC-Seal", "X-MS-..."):
 * what tells a header from a text with colons? */
bool field_is_trace(const char *name);

/* plain.c: the text without quote marks, indentation and HTML's escapes. The span itself when there
 * is nothing to undo; else a copy, and a note in *notes. */
struct span fields_plain(struct arena *a, struct span text, struct strv *notes);

/* Does a field begin in this line? The length of its name, else 0. known_only: one that headers
 * usually have. */
size_t field_begins(struct span line, bool known_only);

#endif
