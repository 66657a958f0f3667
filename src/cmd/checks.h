#ifndef CMD_CHECKS_H
#define CMD_CHECKS_H

/*
 * checks - all checks of checks/list.h, NULL-terminated.
 */

#include "check/check.h"

extern const struct check *const all_checks[];

#endif
