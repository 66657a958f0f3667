/*
 * checks - checks/list.h, expanded to declarations and to the array.
 */
#include "cmd/checks.h"

#define CHECK(name) extern const struct check check_##name;
#include "checks/list.h"
#undef CHECK

const struct check *const all_checks[] = {
#define CHECK(name) &check_##name,
#include "checks/list.h"
#undef CHECK
	NULL,
};
