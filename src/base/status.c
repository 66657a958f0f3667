#include "base/status.h"

const char *status_name(enum status s)
{
	static const char *const names[] = {
		[STATUS_PASS] = "pass", [STATUS_WARN] = "warn", [STATUS_FAIL] = "fail",
		[STATUS_SKIP] = "skip", [STATUS_UNKNOWN] = "unknown",
	};

	return names[s];
}

const char *severity_name(enum severity s)
{
	static const char *const names[] = {
		[INFO] = "info", [WARNING] = "warning", [ERROR] = "error",
	};

	return names[s];
}
