#ifndef PASTE_INSIDE_H
#define PASTE_INSIDE_H

/*
 * explain-inside - one paste while it is being explained: what explain.c and explain-symptoms.c
 * share. Nobody else includes it.
 */

#include "paste/bounce.h"
#include "judge/weigh.h"
#include "paste/paste.h"

/* Lines in which a failure without a code is looked for when nothing else was found. */
enum { LIMIT_WORDS_LINES = 200 };

struct explainer {
	struct arena		*arena;
	const struct know	*know;
	struct candidates	 candidates;
	struct explanation	*e;
	struct paste_lines	 lines;
	struct found_replies	 found;
	struct map		*seen;		/* symptoms, and numbers of Entra ID */
	bool			 has_number;	/* of Entra ID, that the table knows */
	int			 of_others, of_mail;	/* not of mail, of mail: -1 not known yet */
	struct paste_names	 names;
	struct strv		 hidden_by_greeting;
	struct bounce		 bounce;	/* empty unless it is one */
	bool			*told;		/* of each line: it goes on with the reply above */
};

/* Does the paste speak of something that isn't mail, and of mail? Each is found out when it is
 * first asked. */
bool explain_of_others(struct explainer *x);
bool explain_of_mail(struct explainer *x);

enum certainty explain_best_so_far(const struct explainer *x);

/* Numbers of Entra ID, and what programs say without a reply: each adds its candidates. */
void explain_aadsts(struct explainer *x);
void explain_symptoms(struct explainer *x);

#endif
