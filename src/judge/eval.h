#ifndef JUDGE_EVAL_H
#define JUDGE_EVAL_H

/*
 * eval - asks the conditions of rules (know/rule.h) about what is known of a target. Pure.
 */

#include "check/result.h"
#include "know/rule.h"

/* What a condition is asked about. */
struct rule_view {
	struct arena		*arena;
	const struct facts	*facts;
	const struct facts	*asked;		/* "ask." and "provider." */
	const struct outcome	*outcomes;
	size_t			 n_outcomes;
	const struct strv	*causes;	/* diagnosed so far */
};

/* "ask." and "provider." facts of a result. */
struct facts *rule_asked(struct arena *a, const struct result *r);
/* Does the rule hold, with this port for `$` (0 when it has none)? */
bool rule_holds(const struct rule_view *v, const struct rule *r, unsigned port);
/* One term of it. */
bool rule_term_holds(const struct rule_view *v, const struct rule_term *t, unsigned port);
/* A text with its {fact} placeholders filled in; lists for names with `*`, "unknown" for what is not there. */
char *rule_text(const struct rule_view *v, const char *text, unsigned port);
/* The because sentence with its {fact} placeholders filled in; lists for names with `*`, "unknown" for what is not there. */
char *rule_because(const struct rule_view *v, const struct rule *r, unsigned port);

#endif
