#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

/*
 * rules - from facts, findings and replies to causes: data/rules.tsv says which facts together mean what; the reply table says what a
 * text means; findings with a cause of their own come last. A stronger diagnosis hides the weaker ones it explains.
 */

#include "check/result.h"

/* Fills diagnosis, next_blockers, untested and status of the result. Pure: does not wait. */
void rules_judge(struct result *r);

/* Adds what rules.tsv makes of the facts and outcomes to what is there already, and drops what they speak against: globs of the causes, so
 * refuted. For those who have candidates of another kind, too (explain). */
struct candidates;
struct strv rules_add(struct candidates *c, const struct result *r);

/* rules_judge() for replies alone (explain). provider NULL = unknown. */
struct diagnosed *rules_judge_replies(struct arena *a, const struct know *k, const char *provider,
				      const struct reply *const *replies, size_t n, size_t *ret_n);

#endif
