#ifndef PASTE_INSIDE_H
#define PASTE_INSIDE_H

/*
 * inside - one paste while it is being read into evidence: what explain.c, signs.c and dialogue.c
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
	struct evidence		*evidence;
	struct facts		*facts;		/* the evidence's */
	struct explanation	*e;
	struct paste_lines	 lines;
	struct found_replies	 found;
	size_t			 cap_said, cap_signs, cap_verdicts;
	enum certainty		 best;		/* of what was said, and of the signs */
	struct map		*seen;		/* symptoms, and numbers of Entra ID */
	bool			 has_number;	/* of Entra ID, that the table knows */
	int			 of_others, of_mail;	/* not of mail, of mail: -1 not known yet */
	int			 spoke;		/* a server did, in a transcript: likewise */
	struct paste_names	 names;
	struct bounce		 bounce;	/* empty unless it is one */
	struct paste_outcome	*outcomes;	/* of each line; NULL = all are of one */
	size_t			 at;		/* the line that is looked at */
	bool			*told;		/* of each line: it goes on with the reply above */
};

/* Does the paste speak of something that isn't mail, and of mail? Each is found out when it is
 * first asked. */
bool explain_of_others(struct explainer *x);
bool explain_of_mail(struct explainer *x);

/* Adds a reply that somebody was told. */
void explain_add_said(struct explainer *x, const struct said *s);

/*
 * admin.c: the facts of an administrator's report in the text, and what it asks about. Where they
 * can't be read, the explanation says why.
 */
struct admin_found;
void explain_admin(struct explainer *x, const struct admin_found *found);

/* signs.c: numbers of Entra ID, and what programs say without a reply. */
void explain_aadsts(struct explainer *x);
void explain_symptoms(struct explainer *x);

/* seen.c: the facts of the lines about connecting, and of the dialogue. */
void explain_seen(struct explainer *x);
/* heard.c: the facts of the dialogue alone. */
void explain_dialogue(struct explainer *x);

/* --- of both --- */

static inline struct span explain_line(const struct explainer *x, size_t i)
{
	return (struct span) { x->lines.v[i].text, x->lines.v[i].len };
}
static inline const char *explain_fact(const struct explainer *x, const char *fact, unsigned port)
{
	return name_with_port(x->arena, fact, port);
}
/* Does the line speak of a time-out? */
bool explain_timed_out(struct span line);
/* The port is one of those asked. */
void explain_ask_port(struct explainer *x, unsigned port);
/* Sets a fact that is not there yet. */
void explain_set_once(struct facts *f, const char *name, const char *value);

#endif
