#ifndef SENDING_INSIDE_H
#define SENDING_INSIDE_H

/*
 * inside - the facts of a case, over which path-findings.tsv and path-choices.tsv speak. Nobody
 * else includes it but tests.
 */

#include "judge/facts.h"
#include "judge/eval.h"
#include "know/path.h"
#include "sending/path.h"

/* What facts.c and way.c make of a case. */
struct path_view {
	struct arena		*arena;
	const struct know	*know;
	const struct path_case	*c;
	struct facts		*facts;		/* "case.", "seen.", "policy." */
	const struct provider	*provider;	/* of the host; NULL */
	/* that has the domain's mailboxes, by its way with a login; NULL */
	const struct provider	*house;
	const char		*why;		/* how the path is known */
	struct strv		 maybe;
};

void path_view_of(struct arena *a, const struct know *know, const struct path_case *c,
		  struct path_view *ret);
/* The part of it that depends on the host, when what is given and the addresses are known. */
void path_way(struct path_view *v);
/* nothing for "" and NULL */
void path_set(struct path_view *v, const char *name, const char *value);
const char *path_get(const struct path_view *v, const char *name);	/* "" when not known */
static inline const char *path_text(const char *s)
{
	return s ? s : "";
}
/*
 * near.c: the submission host of a provider that is almost this name; NULL when there is none, or
 * the name is one of them.
 */
const char *path_near_host(const struct know *know, struct arena *a, const char *host,
			   const struct provider **ret);
/* choose.c: fills recommended and unknown. */
void path_choose(const struct path_view *v, struct path_judgement *j);

#endif
