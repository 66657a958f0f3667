/*
 * stamp - times in lines of logs.
 */
#include "logs/stamp.h"

#include <string.h>

#include "base/attr.h"
#include "base/scan.h"

enum { REACH = 64, REACH_JSON = 4096, DAY = 86400,
       YEAR = 372 * DAY /* twelve months of 31 days: it is for the order only */ };

static bool accept_any(struct scan *s, const char *chars)
{
	int c = scan_peek(s);

	return c > 0 && strchr(chars, c) && scan_accept(s, (char)c);
}

/* "12:00:00" and a fraction, in seconds. */
static long time_of_day(struct scan *s)
{
	long t = scan_digits(s, 2, 0, 23) * 3600;

	scan_must(s, scan_accept(s, ':'));
	t += scan_digits(s, 2, 0, 59) * 60;
	scan_must(s, scan_accept(s, ':'));
	t += scan_digits(s, 2, 0, 60);
	if (scan_left(s) > 1 && strchr(".,", s->p[0]) && ascii_is_digit(s->p[1])) {
		scan_take(s, 1);
		scan_while(s, ascii_is_digit);
	}
	return t;
}

/* "Z", "+01:00", " +0100": belongs to the text when it's there. */
static void zone(struct scan *s)
{
	struct scan try = *s;

	scan_accept(&try, ' ');
	if (scan_accept(s, 'Z') || !accept_any(&try, "+-"))
		return;
	scan_digits(&try, 2, 0, 23);
	scan_accept(&try, ':');
	scan_digits(&try, 2, 0, 59);
	if (!scan_failed(&try) && !ascii_is_digit((char)scan_peek(&try)))
		*s = try;
}

static int64_t order_of(long year, long month, long day, long time)
{
	return (int64_t)year * YEAR + (int64_t)month * 31 * DAY + (int64_t)day * DAY + time;
}

/* "2026-11-20T12:00:00.123Z" */
static int64_t year_first(struct scan *s)
{
	long year = scan_digits(s, 4, 1970, 2999), month, day, time;

	scan_must(s, accept_any(s, "-/."));
	month = scan_digits(s, 2, 1, 12) - 1;
	scan_must(s, accept_any(s, "-/."));
	day = scan_digits(s, 2, 1, 31);
	scan_must(s, accept_any(s, "Tt _"));
	time = time_of_day(s);
	zone(s);
	return order_of(year, month, day, time);
}

/* "20/Nov/2026:12:00:00 +0000", "20-Nov-2026 12:00:00", "20 Nov 2026 12:00:00 +0000" */
static int64_t day_first(struct scan *s)
{
	long day = (long)scan_number(s, 31), month, year, time;

	scan_must(s, accept_any(s, "-/ "));
	month = scan_month(s);
	scan_must(s, accept_any(s, "-/ "));
	year = scan_digits(s, 4, 1970, 2999);
	scan_must(s, accept_any(s, ": "));
	time = time_of_day(s);
	zone(s);
	return order_of(year, month, day, time);
}

/* "Nov 20 12:00:00", "Nov  2 12:00:00", "Nov 20 2026 12:00:00" */
static int64_t month_first(struct scan *s, enum stamp_kind *ret_kind)
{
	long month = scan_month(s), day, year = 1970, time;

	scan_must(s, scan_blanks(s) > 0);
	day = (long)scan_number(s, 31);
	scan_must(s, scan_blanks(s) > 0);
	*ret_kind = STAMP_YEARLESS;
	if (scan_left(s) > 4 && s->p[4] == ' ') {
		year = scan_digits(s, 4, 1970, 2999);
		scan_blanks(s);
		*ret_kind = STAMP_FULL;
	}
	time = time_of_day(s);
	return order_of(year, month, day, time);
}

/* "1795176000", "1795176000.123", "1795176000123": from 2001 to 2286. */
static int64_t since_1970(struct scan *s)
{
	struct span digits = scan_while(s, ascii_is_digit);
	int64_t v = 0;

	if ((digits.len != 10 && digits.len != 13) || digits.p[0] == '0')
		scan_fail(s);
	for (size_t i = 0; i < digits.len && i < 10; i++)
		v = v * 10 + (digits.p[i] - '0');
	if (digits.len == 10 && scan_left(s) > 1 && s->p[0] == '.' && ascii_is_digit(s->p[1])) {
		scan_take(s, 1);
		scan_while(s, ascii_is_digit);
	}
	if (ascii_is_alnum((char)scan_peek(s)) || scan_peek(s) == '-')
		scan_fail(s);
	return v;		/* within one log as good as any other order */
}

/* A stamp that begins right at p? */
static bool stamp_at(const char *p, const char *end, bool epoch, struct stamp *ret)
{
	struct stamp st = { .kind = STAMP_FULL };
	struct scan s = scan_over(p, (size_t)(end - p)), try = s;
	size_t len;

	st.order = ascii_is_digit(*p) ? year_first(&try) : month_first(&try, &st.kind);
	if (scan_failed(&try) && ascii_is_digit(*p)) {
		try = s;
		st.order = day_first(&try);
	}
	if (scan_failed(&try) && ascii_is_digit(*p) && epoch) {
		try = s;
		st.order = since_1970(&try);
	}
	len = scan_pos(&try);
	if (scan_failed(&try) || len >= sizeof(st.text))
		return false;
	memcpy(st.text, p, len);
	*ret = st;
	return true;
}

static bool begins_month(char c)
{
	return ascii_is_alpha(c) && strchr("jfmasond", ascii_lower(c)) != NULL;
}

bool stamp_find(struct span line, struct stamp *ret)
{
	bool json = line.len && line.p[0] == '{';
	size_t reach = json ? REACH_JSON : REACH;
	const char *end = line.p + line.len;

	for (size_t i = 0; i < line.len && i < reach; i++) {
		char c = line.p[i], before = i ? line.p[i - 1] : ' ';
		/*
		 * A bare number is a time only where a time stands: at the start, in
		 * brackets, as a value.
		 */
		bool epoch = i == 0 || before == '[' || before == '(' ||
			     (json && (before == ':' || before == ' ' || before == '"'));

		if (ascii_is_alnum(before) || !(ascii_is_digit(c) || begins_month(c)))
			continue;
		if (stamp_at(line.p + i, end, epoch, ret))
			return true;
	}
	return false;
}

bool stamp_earlier(const struct stamp *a, const struct stamp *b)
{
	int64_t apart = b->order - a->order;

	if (a->kind != b->kind || a->kind == STAMP_NONE)
		return false;
	if (a->kind == STAMP_YEARLESS && (apart > YEAR / 2 || apart < -YEAR / 2))
		return apart < 0;
	return apart > 0;
}
