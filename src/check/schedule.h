#ifndef CHECK_SCHEDULE_H
#define CHECK_SCHEDULE_H

/*
 * graph - runs the checks of one target: what is ready runs side by side, what lacks a need is
 * skipped with the reason, the output keeps the list's order. Then the rules judge.
 *
 * A need is met by a fact that is there and is not the boolean false, looked at when all that could
 * give it have ended. In a check without ports `$` means any port. --only pulls in what it needs;
 * what was only pulled in is shown when it's not good.
 */

#include "base/attr.h"
#include "check/result.h"

/*
 * checks: NULL-terminated. Everything told lives in the arena, the ask too must. Within
 * ask->max_time_ms: what is not done then is unknown. Never NULL. Waits; the caller is a fiber.
 */
_waits_ struct result *schedule_run(struct arena *a, const struct ask *ask,
				    const struct check *const *checks);

/*
 * What is wrong with a list of checks: a need nobody gives, a circle, two of one name. One line in
 * the arena; NULL when all is well.
 */
char *schedule_trouble(struct arena *a, const struct check *const *checks);

#endif
