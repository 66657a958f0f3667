/*
 * Why a check can't run: which check should have given what it needs, and what that one said. The
 * first cause is named, not the last link of the chain.
 */
#include "check/probe.h"

#include <assert.h>

/* The likelier a status is the reason for a missing fact, the higher. */
static int weight(const struct probe *q)
{
	static const int of[] = {
		[STATUS_FAIL] = 5, [STATUS_UNKNOWN] = 4, [STATUS_SKIP] = 3, [STATUS_WARN] = 2,
		[STATUS_PASS] = 1,
	};

	return of[q->out.status];
}

static struct probe *giver(const struct probe *p, const char *need)
{
	struct probe *best = NULL;

	for (size_t i = 0; i < p->n_waits_for; i++) {
		struct probe *q = p->waits_for[i];

		for (const char **gives = q->gives; *gives; gives++) {
			if (need_given_by(need, *gives) && (!best || weight(q) > weight(best)))
				best = q;
		}
	}
	return best;
}

void explain_skip(struct probe *p, const char *need)
{
	struct arena *a = p->run->arena;
	struct probe *q = giver(p, need);
	const char *why;

	if (q && q->root)
		q = q->root;
	p->root = q;
	if (q)
		q->out.blocks = true;
	if (!q)
		why = arena_printf(a, "needs %s, and no check was run that could tell", need);
	else if (q->left_out)
		why = arena_printf(a, "%s was %s", q->id,
				   q->left_out_why ? q->left_out_why : "not asked for");
	else if (q->out.status == STATUS_FAIL)
		why = arena_printf(a, "%s failed: %s", q->id, q->out.summary);
	else if (q->out.status == STATUS_UNKNOWN)
		why = arena_printf(a, "%s could not be judged: %s", q->id, q->out.summary);
	else
		why = arena_printf(a, "%s: %s", q->id, q->out.summary);
	p->judged = true;
	p->out.status = STATUS_SKIP;
	p->out.summary = p->out.skipped_because = why;
}
