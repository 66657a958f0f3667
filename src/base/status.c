#include "base/status.h"

const char *status_name(enum status s)
{
	static const char *const names[] = {
		[STATUS_PASS] = "pass", [STATUS_WARN] = "warn", [STATUS_FAIL] = "fail",
		[STATUS_SKIP] = "skip", [STATUS_UNKNOWN] = "unknown",
	};

	return names[s];
}
