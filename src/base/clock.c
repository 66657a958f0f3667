/*
 * clock - the only place that asks for the time, and reads it where others wrote it down.
 */
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"

int64_t clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}

time_t clock_wall(void)
{
	const char *fixed = getenv("SMTPWHY_NOW");
	unsigned long n;

	if (fixed && str_number(fixed, 253402300799ul, &n))
		return (time_t)n;
	return time(NULL);
}

char *clock_utc(struct arena *a, time_t t)
{
	/* years 0000 to 9999: RFC 3339 has no others */
	const time_t first = -62167219200, last = 253402300799;
	struct tm tm;

	if (t < first)
		t = first;
	if (t > last)
		t = last;
	gmtime_r(&t, &tm);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
			    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

char *clock_date(struct arena *a, const char *zone)
{
	char text[64] = "";
	time_t now = clock_wall();
	struct tm tm;

	/* Names of days and months are the C locale's: the program never sets another. */
	if (gmtime_r(&now, &tm))
		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S", &tm);
	return arena_printf(a, "%s %s", text, zone);
}

/* "+01:00", "+0100": seconds to take off. */
static long offset(struct scan *s)
{
	bool minus = scan_accept(s, '-');
	long hours, minutes;

	if (!minus)
		scan_must(s, scan_accept(s, '+'));
	hours = scan_digits(s, 2, 0, 23);
	scan_accept(s, ':');
	minutes = scan_digits(s, 2, 0, 59);
	return (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
}

static void time_of_day(struct scan *s, struct tm *tm)
{
	tm->tm_hour = scan_digits(s, 2, 0, 23);
	scan_must(s, scan_accept(s, ':'));
	tm->tm_min = scan_digits(s, 2, 0, 59);
}

/* RFC 3339, 5.6; the T may be a blank. */
static long parse_3339(struct scan *s, struct tm *tm)
{
	tm->tm_year = scan_digits(s, 4, 0, 9999) - 1900;
	scan_must(s, scan_accept(s, '-'));
	tm->tm_mon = scan_digits(s, 2, 1, 12) - 1;
	scan_must(s, scan_accept(s, '-'));
	tm->tm_mday = scan_digits(s, 2, 1, 31);
	scan_must(s, scan_accept_str(s, "T") || scan_accept(s, ' '));
	time_of_day(s, tm);
	scan_must(s, scan_accept(s, ':'));
	tm->tm_sec = scan_digits(s, 2, 0, 60);
	if (scan_accept(s, '.') && scan_while(s, ascii_is_digit).len == 0)
		scan_fail(s);
	return scan_accept_str(s, "Z") ? 0 : offset(s);
}

/* The zones with letters (RFC 5322, 4.3). One that is not known means +0000. */
static long zone(struct scan *s)
{
	static const struct { const char name[4]; int hours; } zones[] = {
		{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 }, { "MST", -7 },
		{ "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
	};

	if (scan_peek(s) == '+' || scan_peek(s) == '-')
		return offset(s);
	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		if (scan_looking_at(s, zones[i].name))
			return zones[i].hours * 3600L;
	if (scan_while(s, ascii_is_alpha).len == 0)
		scan_fail(s);
	return 0;
}

/*
 * RFC 5322, 3.3; the day's name and the seconds may be missing, the year may have two or
 * three digits (4.3).
 */
static long parse_5322(struct scan *s, struct tm *tm)
{
	struct span year;

	if (ascii_is_alpha((char)scan_peek(s))) {
		scan_while(s, ascii_is_alpha);
		scan_must(s, scan_accept(s, ','));
		scan_blanks(s);
	}
	tm->tm_mday = (int)scan_number(s, 31);
	scan_must(s, scan_blanks(s) > 0 && tm->tm_mday > 0);
	tm->tm_mon = scan_month(s);
	scan_must(s, scan_blanks(s) > 0);
	year = scan_while(s, ascii_is_digit);
	if (year.len < 2 || year.len > 4)
		scan_fail(s);
	for (size_t i = 0; i < year.len && year.len <= 4; i++)
		tm->tm_year = tm->tm_year * 10 + (year.p[i] - '0');
	if (year.len == 4)
		tm->tm_year -= 1900;
	else if (year.len == 2 && tm->tm_year < 50)
		tm->tm_year += 100;
	scan_must(s, scan_blanks(s) > 0);
	time_of_day(s, tm);
	if (scan_accept(s, ':'))
		tm->tm_sec = scan_digits(s, 2, 0, 60);
	scan_must(s, scan_blanks(s) > 0);
	return zone(s);
}

static int days_of(int month, int year)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month] + (month == 1 && leap);
}

int clock_parse(const char *text, time_t *ret_t)
{
	struct scan s = scan_span(span_of(text));
	struct tm tm = { 0 };
	long off = strlen(text) > 4 && text[4] == '-' ? parse_3339(&s, &tm) : parse_5322(&s, &tm);

	/* timegm() would carry on into March without a word. */
	if (scan_failed(&s) || tm.tm_mday > days_of(tm.tm_mon, tm.tm_year + 1900))
		return -1;
	*ret_t = timegm(&tm) - off;
	return 0;
}
