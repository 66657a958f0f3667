/*
 * t-banner - what servers tell in passing.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "proto/banner.h"
#include "tests/unit/tap.h"

static const struct { const char *line, *want; } egress[] = {
	{ "250-AM0PR01CA0001.outlook.office365.com Hello [203.0.113.7]", "203.0.113.7" },
	{ "250-AM0PR01CA0001.outlook.office365.com Hello [2001:db8::7]", "2001:db8::7" },
	{ "250-mx.example Hello probe.example [203.0.113.7], pleased to meet you", "203.0.113.7" },
	{ "250-smtp.example at your service, [IPv6:2001:db8::7]", "2001:db8::7" },
	{ "250-mx.example Hello [probe.example] [203.0.113.7]", "203.0.113.7" },
	{ "250-mx.example", NULL },
	{ "250-mx.example Hello []", NULL },
	{ "250-mx.example Hello [203.0.113.7", NULL },
	{ "250-mx.example Hello [203.0.113.777]", NULL },
	{ "", NULL },
};

static const struct { const char *line, *want; } dates[] = {
	{ "220 AM0PR01CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Fri, 20 "
	  "Nov 2026 12:00:00 +0000", "2026-11-20T12:00:00Z" },
	{ "220 mx.example ESMTP Exim 4.96 Fri, 20 Nov 2026 13:00:00 +0100",
	  "2026-11-20T12:00:00Z" },
	{ "220 mx.example ESMTP Sendmail 8.17/8.17; Fri, 20 Nov 2026 07:00:00 -0500 [0]",
	  "2026-11-20T12:00:00Z" },
	{ "220 mx.example ESMTP Postfix", NULL },
	{ "220 Fri, mx.example", NULL },
};

static const struct { const char *line, *want; } trailers[] = {
	{ "535 5.7.139 Authentication unsuccessful [AM0PR01CA0001.eurprd01.prod.exchangelabs.com "
	  "2026-11-20T12:00:00.123Z 08DE2222AAAABBBB]",
	  "AM0PR01CA0001.eurprd01.prod.exchangelabs.com 2026-11-20T12:00:00Z 08DE2222AAAABBBB" },
	{ "550 5.7.1 no [a] [mx.example 2026-11-20T12:00:00Z 1]",
	  "mx.example 2026-11-20T12:00:00Z 1" },
	{ "550 5.7.1 no [mx.example yesterday 08DE]", NULL },
	{ "550 5.7.1 no [mx.example 2026-11-20T12:00:00Z]", NULL },
	{ "550 5.7.1 no [mx.example 2026-11-20T12:00:00Z 08DE", NULL },
	{ "550 5.7.1 no [203.0.113.7]", NULL },
	{ "550 5.7.1 no", NULL },
};

static const struct { const char *line; bool want; } masked[] = {
	{ "220 ************************************************************", true },
	{ "220 **************0******0*********************", true },
	{ "XXXXXXXA", true },
	{ "XXXX", false },
	{ "220 mx.example ESMTP *** no spam ***", false },
	{ "XCLIENT NAME ADDR", false },
	{ "", false },
};

static const struct { const char *line, *want; } ids[] = {
	{ "250 2.0.0 Ok: queued as 4F1A2B3C4D", "4F1A2B3C4D" },
	{ "250 2.0.0 Ok: queued as 4bLkz61xq0z1P9.", "4bLkz61xq0z1P9" },
	{ "250 OK id=1tD1aB-0004xY-2k", "1tD1aB-0004xY-2k" },
	{ "250 2.6.0 <a@contoso.com> [InternalId=19404735021086, "
	  "Hostname=AM0PR02MB5777.eurprd02.prod.outlook.com] 8342 bytes in 0.127, 64.002 KB/sec "
	  "Queued mail for delivery", "19404735021086" },
	{ "250 2.0.0 4AHBBBBB012345 Message accepted for delivery", "4AHBBBBB012345" },
	{ "250 2.0.0 Message accepted for delivery", NULL },
	{ "250 2.0.0 Ok: queued as ", NULL },
	{ "250 2.0.0 Ok: queued as <script>", NULL },
	{ "250 2.6.0 Queued mail for delivery", NULL },
	{ "250 OK", NULL },
};

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(egress); i++) {
		struct net_address got;

		is_str(banner_egress(egress[i].line, &got) ? got.text : NULL, egress[i].want,
		       egress[i].line);
	}
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		time_t got;

		is_str(banner_date(dates[i].line, &got) ? clock_utc(a, got) : NULL, dates[i].want,
		       dates[i].line);
	}
	for (size_t i = 0; i < ARRAY_LEN(trailers); i++) {
		struct banner_trailer got;
		bool found = banner_trailer(a, trailers[i].line, &got);

		is_str(found ? arena_printf(a, "%s %s %s", got.frontend, clock_utc(a, got.time),
					    got.session) : NULL,
		       trailers[i].want, trailers[i].line);
	}
	for (size_t i = 0; i < ARRAY_LEN(masked); i++)
		is_int(banner_is_masked(masked[i].line), masked[i].want, masked[i].line);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		is_str(banner_queue_id(a, ids[i].line), ids[i].want, ids[i].line);
	arena_free(a);
	return tap_done();
}
