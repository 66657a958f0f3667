#include "base/status.h"

#include <string.h>

const char *status_name(enum status s)
{
	static const char *const names[] = {
		[STATUS_PASS] = "pass", [STATUS_WARN] = "warn", [STATUS_FAIL] = "fail",
		[STATUS_SKIP] = "skip", [STATUS_UNKNOWN] = "unknown",
	};

	return names[s];
}

enum status status_named(const char *name)
{
	for (enum status s = STATUS_PASS; s < STATUS_UNKNOWN; s++)
		if (strcmp(status_name(s), name) == 0)
			return s;
	return STATUS_UNKNOWN;
}

const char *severity_name(enum severity s)
{
	static const char *const names[] = {
		[INFO] = "info", [WARNING] = "warning", [ERROR] = "error",
	};

	return names[s];
}
