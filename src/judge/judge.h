#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

/*
 * judge - from evidence to causes: data/rules.tsv says which facts together mean what; the reply
 * tables say what a text means, symptoms.tsv and aadsts.tsv what a program's line does; findings
 * with a cause of their own come last. A stronger cause hides the weaker ones it explains.
 */

#include "judge/evidence.h"

/* Weighs it. Pure: does not wait. What is answered lives in the evidence's arena. */
struct diagnosis judge(const struct evidence *e);

#endif
