/*
 * Dates as servers write them. base/clock.h reads the two standards; here what is written instead
 * of them.
 */
#include "message/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/scan.h"

enum { LONGEST = 120 };

/* One blank between words, comments left out. */
static void tidy(struct buf *b, struct span text)
{
	struct scan s = scan_span(text);

	while (!scan_done(&s)) {
		struct span word;

		part_skip(&s, NULL);
		word = scan_until(&s, " \t(");
		if (!word.len)
			break;
		if (b->len)
			buf_addc(b, ' ');
		buf_add(b, word.p, word.len);
	}
}

/* ".987" behind the seconds: milliseconds, taken out of the text. */
static int64_t take_fraction(struct buf *b)
{
	char *dot = b->data ? strchr(b->data, '.') : NULL;
	int64_t ms = 0, unit = 100;
	size_t n = 1;

	if (!dot || dot == b->data || !ascii_is_digit(dot[-1]) || !ascii_is_digit(dot[1]))
		return 0;
	for (; ascii_is_digit(dot[n]); n++, unit /= 10)
		ms += (dot[n] - '0') * unit;
	memmove(dot, dot + n, strlen(dot + n) + 1);
	b->len -= n;
	return ms;
}

/* Names of zones beside those of RFC 5322, 4.3, that servers write alone. Others are taken for UTC.
 */
static const struct { const char *name, *offset;
} zones[] = {
	{ "UTC", "+0000" },  { "GMT", "+0000" },  { "UT", "+0000" },   { "Z", "+0000" },
	{ "CET", "+0100" },  { "CEST", "+0200" }, { "MET", "+0100" },  { "MEST", "+0200" },
	{ "WET", "+0000" },  { "WEST", "+0100" }, { "EET", "+0200" },  { "EEST", "+0300" },
	{ "BST", "+0100" },  { "MSK", "+0300" },  { "JST", "+0900" },  { "AEST", "+1000" },
	{ "AEDT", "+1100" }, { "NZST", "+1200" }, { "NZDT", "+1300" }, { "SGT", "+0800" },
	{ "HKT", "+0800" },  { "SAST", "+0200" }, { "BRT", "-0300" },  { "AKST", "-0900" },
	{ "HST", "-1000" },  { "EST", "-0500" },  { "EDT", "-0400" },  { "CST", "-0600" },
	{ "CDT", "-0500" },  { "MST", "-0700" },  { "MDT", "-0600" },  { "PST", "-0800" },
	{ "PDT", "-0700" },
};

static const char *zone_offset(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		if (str_eq_nocase(zones[i].name, name))
			return zones[i].offset;
	return NULL;
}

/* The last word is a zone, by number or name; else it is missing. */
static const char *with_zone(struct arena *a, const char *text, bool *ret_missing)
{
	const char *last = strrchr(text, ' ');
	const char *offset;

	if (!last)
		return text;
	last++;
	if (*last == '+' || *last == '-')
		return text;
	offset = zone_offset(last);
	if (offset)
		return arena_printf(a, "%.*s%s", (int)(last - text), text, offset);
	*ret_missing = true;
	if (ascii_is_alpha(*last))
		return arena_printf(a, "%.*s+0000", (int)(last - text), text);
	return arena_printf(a, "%s +0000", text);
}

/* "2018-04-22 02:54:17 +0000 UTC", "2018-04-22T02:54:17Z": as RFC 3339 has it. */
static const char *iso(struct arena *a, const char *text, bool *ret_missing)
{
	struct scan s = scan_span(span_of(text));
	struct span day = scan_take(&s, 10), time, zone;

	if (scan_failed(&s) || day.p[4] != '-' || day.p[7] != '-')
		return NULL;
	if (!scan_accept(&s, 'T'))
		scan_blanks(&s);
	time = scan_take(&s, 8);
	scan_blanks(&s);
	zone = scan_until(&s, " ");
	if (scan_failed(&s))
		return NULL;
	*ret_missing = zone.len == 0;
	return arena_printf(a, "%.10sT%.8s%.*s", day.p, time.p, zone.len ? (int)zone.len : 1,
			    zone.len ? zone.p : "Z");
}

/* "Mon 1 Oct 2018", "Monday, 1 Oct", "Mon,1 Oct": from the day of the month on. */
static const char *from_day(const char *text)
{
	while (*text && !ascii_is_digit(*text))
		text++;
	return text;
}

struct header_date date_read(struct arena *a, struct span text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LONGEST);
	struct header_date d = { .known = false };
	const char *standard;
	int64_t ms;
	time_t t;

	tidy(&b, text);
	if (!b.len || b.overflow)
		return d;
	ms = take_fraction(&b);
	standard = iso(a, from_day(buf_str(&b)), &d.no_zone);
	if (!standard)
		standard = with_zone(a, from_day(buf_str(&b)), &d.no_zone);
	d.known = clock_parse(standard, &t) == 0;
	d.ms = d.known ? (int64_t)t * 1000 + ms : 0;
	return d;
}
