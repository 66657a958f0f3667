#ifndef KNOW_LEXICON_H
#define KNOW_LEXICON_H

/*
 * lexicon - which concepts a text speaks of, whatever its language and wording: "Boîte du
 * destinataire pleine" and "recipient's mailbox is full" are both recipient, mailbox, full.
 * concepts.tsv has the wordings; readings.tsv says what concepts mean together.
 *
 *	struct heard_concepts h;
 *
 *	lexicon_hear(k, a, words, &h);
 *	for (size_t i = 0; i < h.n; i++)
 *		printf("%s\n", lexicon_name(k, h.v[i].concept));
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct know;

enum {
	LIMIT_LISTEN = 4096,		/* bytes of a text that are listened to */
	LIMIT_HEARD = 96,		/* concepts that are kept, the first ones */
};

/* One wording in the text. */
struct heard {
	unsigned	concept;
	unsigned short	sentence;	/* from 0 */
	unsigned short	from, to;	/* where in .plain */
	bool		negated;	/* a negation is in the wording: none before it counts */
};

struct heard_concepts {
	struct heard	 v[LIMIT_HEARD];	/* in the order of their ends */
	size_t		 n;
	const char	*plain;			/* the text as it was compared: letters.h */
};

/*
 * Hears a text. Of wordings of one kind that lie in each other the longest counts. A state with a
 * negation before it becomes its opposite: "not-" before its name, or without it; where there is no
 * such concept, nothing was heard. A negation that is left over is the concept "not". Each byte is
 * looked at once; memory does not depend on the text beyond LIMIT_LISTEN and LIMIT_HEARD.
 */
void lexicon_hear(const struct know *k, struct arena *a, struct span text,
		  struct heard_concepts *ret);

/* A concept's number, LEXICON_NONE when there is no such; and its name. */
#define LEXICON_NONE ((size_t)-1)
size_t lexicon_concept(const struct know *k, const char *id);
const char *lexicon_name(const struct know *k, size_t concept);

#endif
