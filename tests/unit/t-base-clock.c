/*
 * t-base-clock - time, secrets, transcripts, the trace list.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/trace.h"
#include "base/transcript.h"
#include "tests/unit/tap.h"

static struct arena *a;

static void test_dates(void)
{
	static const struct { const char *in, *want; } cases[] = {
		{ "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z" },
		{ "2026-11-20T12:00:00.123Z", "2026-11-20T12:00:00Z" },
		{ "2026-11-20T12:00:00+01:00", "2026-11-20T11:00:00Z" },
		{ "2026-11-20T12:00:00-05:30 and more", "2026-11-20T17:30:00Z" },
		{ "2026-11-20 12:00:00Z", "2026-11-20T12:00:00Z" },
		{ "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z" },
		{ "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
		{ "Fri, 20 Nov 2026 12:00:00 +0000", "2026-11-20T12:00:00Z" },
		{ "20 Nov 2026 12:00:00 -0800 (PST)", "2026-11-20T20:00:00Z" },
		{ "Fri, 20 Nov 2026 12:00 +0100", "2026-11-20T11:00:00Z" },
		{ "Fri, 1 Jan 26 00:00:00 EST", "2026-01-01T05:00:00Z" },
		{ "1 Jan 99 00:00:00 GMT", "1999-01-01T00:00:00Z" },
		{ "2026-02-29T00:00:00Z", NULL }, { "2026-13-01T00:00:00Z", NULL },
		{ "2026-11-20T24:00:00Z", NULL },
		{ "2026-11-20T12:00:00", NULL }, { "2026-11-20", NULL },
		{ "2026-11-20T12:00:00.Z", NULL }, { "", NULL },
		{ "Fri 20 Nov 2026 12:00:00 +0000", NULL }, { "32 Nov 2026 12:00:00 +0000", NULL },
		{ "0 Nov 2026 12:00:00 +0000", NULL },
		{ "20 Nox 2026 12:00:00 +0000", NULL }, { "20 Nov 20266 12:00:00 +0000", NULL },
		{ "30 Feb 2026 12:00:00 +0000", NULL },
		{ "20 Nov 2026 12:00:00", NULL }, { "yesterday", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		time_t t = 0;

		is_str(clock_parse(cases[i].in, &t) == 0 ? clock_utc(a, t) : NULL, cases[i].want,
		       arena_printf(a, "'%s'", cases[i].in));
	}
	is_str(clock_utc(a, 0), "1970-01-01T00:00:00Z", "the first second");
	is_str(clock_utc(a, (time_t)1 << 62), "9999-12-31T23:59:59Z",
	       "a year with more than four digits");
}

static void test_clock(void)
{
	int64_t before = clock_us(), ms = clock_ms();

	ok(clock_us() >= before && clock_ms() >= ms, "the clock does not run backwards");
	ok(clock_ms() - before / 1000 < 10000, "both clocks are one");
	setenv("SMTPWHY_NOW", "1700000000", 1);
	is_int(clock_wall(), 1700000000, "SMTPWHY_NOW fixes the wall clock");
	setenv("SMTPWHY_NOW", "soon", 1);
	ok(clock_wall() > 1700000000, "... when it is a number");
	unsetenv("SMTPWHY_NOW");
}

static void test_secret(void)
{
	_cleanup_(xfreep) char *big = xmalloc(LIMIT_SECRET + 1);
	_cleanup_(secret_freep) struct secret *s = secret_new("hunter2", 7), *most;
	struct rlimit core = { 1, 1 };

	memset(big, 'x', LIMIT_SECRET + 1);
	most = secret_new(big, LIMIT_SECRET);
	is_str(secret_bytes(s), "hunter2", "a secret has its bytes");
	is_int(secret_len(s), 7, "... and their number");
	is_str(secret_shown(s, a), "<7 bytes>", "... and shows only that");
	ok(most && secret_len(most) == LIMIT_SECRET && secret_bytes(most)[LIMIT_SECRET] == '\0',
	   "the longest secret");
	ok(secret_new(big, LIMIT_SECRET + 1) == NULL, "one byte more");
	ok(secret_new("", 0) == NULL, "an empty one is none");
	ok(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0,
	   "who has a secret writes no core file");
#if !defined(__SANITIZE_ADDRESS__)
	is_int(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0, "... and nobody looks into its memory");
#endif
	secret_free(NULL);
}

static void test_transcript(void)
{
	struct transcript *t = transcript_new(a, "mx.example:25");
	_cleanup_(xfreep) char *big = xmalloc(LIMIT_TRANSCRIPT);

	is_int(transcript_round_trips(t), 0, "no round trips yet");
	transcript_add(t, TRANSCRIPT_SERVER, "220 hi\r\n", 8);
	transcript_add(t, TRANSCRIPT_CLIENT, "EHLO x", 6);
	transcript_add(t, TRANSCRIPT_SERVER, "250-a\0b", 7);
	transcript_add(t, TRANSCRIPT_SERVER, "250 c", 5);
	transcript_add(t, TRANSCRIPT_CLIENT, "AUTH PLAIN", 10);
	transcript_add(t, TRANSCRIPT_NOTE, "TLS 1.3", 7);
	is_int(transcript_round_trips(t), 1, "what was not answered is no round trip");
	transcript_add(t, TRANSCRIPT_SERVER, "535 no", 6);
	is_int(transcript_round_trips(t), 2, "two round trips");
	is_str(t->lines[0].text, "220 hi", "line ends are not kept");
	is_str(t->lines[2].text, "250-a\\x00b", "a NUL is shown");
	ok(t->lines[1].dir == 'C' && t->lines[0].t_ms >= 0, "direction and time");

	memset(big, 'x', LIMIT_TRANSCRIPT);
	transcript_add(t, TRANSCRIPT_SERVER, big, LIMIT_TRANSCRIPT - t->bytes - 1);
	ok(t->bytes == LIMIT_TRANSCRIPT && !t->truncated,
	   "a transcript can be filled to its limit");
	transcript_add(t, TRANSCRIPT_SERVER, "", 0);
	ok(t->truncated && t->n == 8, "then no more lines are kept, and that is said");
}

static void test_trace(void)
{
	const char *bad = NULL;

	ok(trace_set("smtp,dns", &bad) && trace_on == (TRACE_SMTP | TRACE_DNS), "areas by name");
	ok(trace_set("all", &bad) && (trace_on & TRACE_LAB), "all");
	ok(!trace_set("smtp,dsn", &bad), "an unknown one is refused");
	is_str(bad, "dsn", "... and named");
	ok(!trace_set("", &bad) && !trace_set("smtp,", &bad), "an empty one too");
	ok(trace_on & TRACE_LAB, "a refused list changes nothing");
}

int main(void)
{
	a = arena_new();
	test_dates();
	test_clock();
	test_secret();
	test_transcript();
	test_trace();
	arena_free(a);
	return tap_done();
}
