#ifndef JUDGE_APART_H
#define JUDGE_APART_H

/*
 * apart - causes that stand together in a diagnosis: which test tells one from the other, and what nobody can tell from outside
 * (data/tell-apart.tsv). Pure; does not wait.
 */

#include "judge/weigh.h"

/*
 * For a diagnosis: the tests when nothing in it is certain, the cheapest first, at most LIMIT_TELLS; what is unknowable in any case. v is
 * what the conditions are asked about (its causes are set here). refuted: globs of causes that cannot be in question, NULL = none. What is
 * answered lives in v's arena.
 */
enum { LIMIT_TELLS = 12 };
struct apart apart_find(const struct know *k, const struct rule_view *v, const struct filling *f, const struct diagnosed *list, size_t n,
			const struct strv *refuted);

/* The same for a diagnosis of a text, which came of these candidates; kind is what it is: "reply", "bounce" ...; facts: what
 * an administrator's report in it says, NULL = none. */
struct apart apart_of_text(const struct candidates *c, const char *kind, const struct facts *facts, const struct filling *f,
			   const struct diagnosed *list, size_t n);

#endif
