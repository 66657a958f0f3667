#ifndef JUDGE_APART_H
#define JUDGE_APART_H

/*
 * apart - causes that stand together in a diagnosis: which test tells one from the other, and what
 * nobody can tell from outside (data/tell-apart.tsv). Pure; does not wait.
 */

#include "judge/weigh.h"

/*
 * For a diagnosis: the tests when nothing in it is certain, the cheapest first, at most
 * LIMIT_TELLS; what is unknowable in any case. refuted: globs of causes that cannot be in question,
 * NULL = none. What is answered lives in the evidence's arena.
 */
enum { LIMIT_TELLS = 12 };
struct apart apart_find(const struct candidates *c, const struct evidence *e,
			const struct filling *f,
			const struct diagnosis *d, const struct strv *refuted);

#endif
