#ifndef DIAG_GRAPH_H
#define DIAG_GRAPH_H

/*
 * graph - runs the checks of one target: what is ready runs side by side, what lacks a need is skipped with the reason, the output keeps the
 * list's order. Then the rules judge.
 */

#include "base/attr.h"
#include "diag/result.h"

/*
 * checks: NULL-terminated. Everything told lives in the arena, the ask too must. Within ask->max_time_ms: what is not done then is unknown.
 * Never NULL. Waits; the caller is a fiber.
 */
_waits_ struct result *graph_run(struct arena *a, const struct ask *ask, const struct check *const *checks);

#endif
