#ifndef LOGS_STAMP_H
#define LOGS_STAMP_H

/*
 * stamp - the time at which a line of a log was written: as text, as it stands
 * there, and in an order.
 *
 * Known are syslog ("Nov 20 12:00:00"), RFC 3339 and its kin ("2026-11-20T12:00:00Z", "2026-11-20
 * 12:00:00", "2026/11/20 12:00:00"), dates with the month as a word ("20/Nov/2026:12:00:00 +0000",
 * "20 Nov 2026 12:00:00"), and seconds or milliseconds since 1970.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum stamp_kind { STAMP_NONE, STAMP_YEARLESS, STAMP_FULL };

struct stamp {
	enum stamp_kind	 kind;
	/* seconds of some calendar, zones left out: for stamps of one kind only */
	int64_t		 order;
	char		 text[40];	/* "" when there is none */
};

/*
 * The first one near the start of the line; anywhere in the first 4 KiB when it's a line of JSON.
 * False when there is none.
 */
bool stamp_find(struct span line, struct stamp *ret);

/*
 * Is a earlier than b? Stamps without a year are taken to be less than half a year apart. False
 * when they can't be compared.
 */
bool stamp_earlier(const struct stamp *a, const struct stamp *b);

#endif
