#ifndef DIAG_PATH_TABLE_H
#define DIAG_PATH_TABLE_H

/*
 * path-table - path-findings.tsv and path-choices.tsv as they are kept, and the facts their conditions speak of: what path*.c and rules.c share.
 * Nobody else includes it but tests.
 */

#include "diag/facts.h"
#include "diag/know.h"
#include "diag/path.h"
#include "diag/rule.h"

struct path_finding_row {
	struct rule	 when;
	const char	*id, *severity, *setting, *cause, *message, *fix, *confidence, *source;
};

struct path_choice_row {
	struct rule	 when;
	const char	*id, *path, *name, *why, *confidence, *source;
	struct strv	 prerequisites, breaks;
};

const struct path_finding_row *know_path_finding_at(const struct know *k, size_t i);	/* NULL past the end */
const struct path_finding_row *know_path_finding(const struct know *k, const char *id);	/* NULL when there is none */
const struct path_choice_row *know_path_choice_at(const struct know *k, size_t i);	/* NULL past the end */

/* What path-facts.c and path-way.c make of a case. */
struct path_view {
	struct arena		*arena;
	const struct know	*know;
	const struct path_case	*c;
	struct facts		*facts;		/* "case.", "seen.", "policy." */
	const struct provider	*provider;	/* of the host; NULL */
	const struct provider	*house;		/* that has the domain's mailboxes, by its way with a login; NULL */
	const char		*why;		/* how the path is known */
	struct strv		 maybe;
};

void path_view_of(struct arena *a, const struct know *know, const struct path_case *c, struct path_view *ret);
/* The part of it that depends on the host, when what is given and the addresses are known. */
void path_way(struct path_view *v);
void path_set(struct path_view *v, const char *name, const char *value);	/* nothing for "" and NULL */
const char *path_get(const struct path_view *v, const char *name);		/* "" when not known */
const char *path_domain_part(const char *address);				/* behind the @; "" */
static inline const char *path_text(const char *s)
{
	return s ? s : "";
}
/* Is it the name of a fact that path_view_of() may leave? */
bool path_fact_exists(const char *name);
/* path-near.c: the submission host of a provider that is almost this name; NULL when there is none, or the name is one of them. */
const char *path_near_host(const struct know *know, struct arena *a, const char *host, const struct provider **ret);
/* path-choose.c: fills recommended and unknown. */
void path_choose(const struct path_view *v, struct path_judgement *j);

#endif
