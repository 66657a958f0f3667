#ifndef REPORT_TEXT_DIAGNOSIS_H
#define REPORT_TEXT_DIAGNOSIS_H

/*
 * text-diagnosis - why, who, what to do, and what comes next: the same words below a check and
 * below a pasted error.
 */

#include "check/result.h"
#include "report/parts.h"

struct advice {
	const struct know	*know;		/* for the titles of causes; may be NULL */
	const char		*of;		/* whose administrator: "contoso.com", "" unknown */
	/* set by text_diagnosis(): what needs not be told again as a mere possibility */
	const struct diagnosed	*shown;
	size_t			 n_shown;
	/* tests that follow, to print nothing twice; NULL = none */
	const struct apart	*apart;
	/* the name of the first block; NULL = by its certainty */
	const char		*first;
};

/*
 * "an Exchange Administrator of contoso.com. Retrying will not help until then." role: which
 * administrator, NULL = none is named.
 */
const char *text_who(struct arena *a, const char *who, const struct role *role, const char *retry,
		     const struct advice *advice);

/* "an Exchange Administrator", whoever's. role: as above. */
const char *text_actor(struct arena *a, const char *who, const struct role *role);

/* Adds the causes; advice must live until they are printed. */
void text_diagnosis(struct out *o, struct parts *p, const struct diagnosed *list, size_t n,
		    const struct advice *advice);
/*
 * What follows it: tests that tell its causes apart, and what is unknowable. Nothing when there is
 * neither.
 */
void text_apart(struct parts *p, const struct apart *apart);
/* Is there a test about the cause? */
bool text_tells(const struct apart *apart, const char *cause);
/* What is likely to block after the fix. */
void text_next(struct parts *p, const struct strv *causes, const struct advice *advice);

/*
 * A block of its own with a name at the left: "Why", "Fix". Puts the name and leaves the cursor at
 * the text's column.
 */
void text_block(struct out *o, const char *name);
enum { TEXT_LEFT = 12 };

#endif
