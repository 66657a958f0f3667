#ifndef JUDGE_EVAL_H
#define JUDGE_EVAL_H

/*
 * eval - asks the conditions of rules (know/rule.h) about evidence. Pure.
 *
 * In evidence that is partial (a text) what is not there is not known: a negated fact, and none()
 * of facts, hold only where the fact is there and says so.
 */

#include "judge/evidence.h"
#include "know/rule.h"

/* What a condition is asked about. */
struct rule_view {
	const struct evidence	*e;
	const struct strv	*causes;	/* diagnosed so far; NULL = none */
};

/* Is there such a fact, among those asked where the name says so? */
bool evidence_has(const struct evidence *e, const char *glob);
/* Does the rule hold, with this port for `$` (0 when it has none)? */
bool rule_holds(const struct rule_view *v, const struct rule *r, unsigned port);
/* One term of it, without its negation. */
bool rule_term_holds(const struct rule_view *v, const struct rule_term *t, unsigned port);
/*
 * A text with its {fact} placeholders filled in; lists for names with `*`, "unknown" for what is
 * not there. In the evidence's arena.
 */
char *rule_text(const struct evidence *e, const char *text);
/*
 * The same for the rule's because sentence, with the port put in where the rule has
 * one (0 = not known).
 */
char *rule_because(const struct evidence *e, const struct rule *r, unsigned port);

#endif
