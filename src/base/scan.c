/*
 * scan - a read-only cursor over bytes from outside, with a sticky failure.
 */
#include "base/scan.h"

#include <string.h>

struct scan scan_over(const void *p, size_t n)
{
	const char *start = p && n ? p : "";

	return (struct scan) { .start = start, .p = start, .end = start + (p ? n : 0),
			       .failed = false };
}

struct scan scan_span(struct span s)
{
	return scan_over(s.p, s.len);
}

bool scan_failed(const struct scan *s)
{
	return s->failed;
}

void scan_fail(struct scan *s)
{
	s->failed = true;
}

bool scan_done(const struct scan *s)
{
	return s->failed || s->p == s->end;
}

size_t scan_left(const struct scan *s)
{
	return s->failed ? 0 : (size_t)(s->end - s->p);
}

size_t scan_pos(const struct scan *s)
{
	return (size_t)(s->p - s->start);
}

int scan_peek(const struct scan *s)
{
	return scan_left(s) ? (unsigned char)*s->p : -1;
}

bool scan_looking_at(const struct scan *s, const char *literal)
{
	return span_has_prefix_nocase((struct span) { s->p, scan_left(s) }, literal);
}

bool scan_accept(struct scan *s, char c)
{
	if (scan_left(s) == 0 || *s->p != c)
		return false;
	s->p++;
	return true;
}

bool scan_accept_str(struct scan *s, const char *literal)
{
	if (s->failed || !scan_looking_at(s, literal))
		return false;
	s->p += strlen(literal);
	return true;
}

size_t scan_blanks(struct scan *s)
{
	size_t n = 0;

	while (scan_accept(s, ' ') || scan_accept(s, '\t'))
		n++;
	return n;
}

/* The next n bytes, or NULL and the cursor failed. */
static const unsigned char *step(struct scan *s, size_t n)
{
	const char *p = s->p;

	if (s->failed || n > scan_left(s)) {
		s->failed = true;
		return NULL;
	}
	s->p += n;
	return (const unsigned char *)p;
}

uint8_t scan_u8(struct scan *s)
{
	const unsigned char *p = step(s, 1);

	return p ? p[0] : 0;
}

uint16_t scan_u16(struct scan *s)
{
	const unsigned char *p = step(s, 2);

	return p ? (uint16_t)((unsigned)p[0] << 8 | p[1]) : 0;
}

uint32_t scan_u32(struct scan *s)
{
	const unsigned char *p = step(s, 4);

	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

struct span scan_take(struct scan *s, size_t n)
{
	const char *p = (const char *)step(s, n);

	return p ? (struct span) { p, n } : (struct span) { "", 0 };
}

void scan_seek(struct scan *s, size_t pos)
{
	if (s->failed || pos > (size_t)(s->end - s->start))
		s->failed = true;
	else
		s->p = s->start + pos;
}

void scan_must(struct scan *s, bool accepted)
{
	if (!accepted)
		scan_fail(s);
}

int scan_digits(struct scan *s, size_t n, int min, int max)
{
	struct span digits = scan_take(s, n);
	int v = 0;

	for (size_t i = 0; i < digits.len; i++) {
		scan_must(s, ascii_is_digit(digits.p[i]));
		v = v * 10 + (digits.p[i] - '0');
	}
	scan_must(s, v >= min && v <= max);
	return v;
}

int scan_month(struct scan *s)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	for (int i = 0; i < 12; i++)
		if (scan_accept_str(s, months[i]))
			return i;
	scan_fail(s);
	return 0;
}

unsigned long scan_number(struct scan *s, unsigned long max)
{
	const char *p = s->p;
	unsigned long n = 0;

	if (!scan_left(s) || !ascii_is_digit(*p)) {
		s->failed = true;
		return 0;
	}
	for (; p < s->end && ascii_is_digit(*p); p++) {
		unsigned long digit = (unsigned long)(*p - '0');

		if (digit > max || n > (max - digit) / 10) {
			s->failed = true;
			return 0;
		}
		n = n * 10 + digit;
	}
	s->p = p;
	return n;
}

/* The bytes up to end become a span; the cursor moves there. */
static struct span piece(struct scan *s, const char *end)
{
	struct span span = { s->p, (size_t)(end - s->p) };

	s->p = end;
	return span;
}

struct span scan_line(struct scan *s)
{
	size_t left = scan_left(s);
	const char *lf = left ? memchr(s->p, '\n', left) : NULL;

	if (!left)
		return (struct span) { "", 0 };
	return span_line(piece(s, lf ? lf + 1 : s->end));
}

struct span scan_until(struct scan *s, const char *stops)
{
	size_t n = strlen(stops), left = scan_left(s);
	const char *p = s->p, *found;

	if (s->failed)
		return (struct span) { "", 0 };
	if (n <= 1) {
		found = n && left ? memchr(p, *stops, left) : NULL;
		return piece(s, found ? found : s->end);
	}
	while (p < s->end && !memchr(stops, *p, n))
		p++;
	return piece(s, p);
}

struct span scan_while(struct scan *s, bool (*is)(char c))
{
	const char *p = s->p;

	if (s->failed)
		return (struct span) { "", 0 };
	while (p < s->end && is(*p))
		p++;
	return piece(s, p);
}

struct span scan_rest(struct scan *s)
{
	if (s->failed)
		return (struct span) { "", 0 };
	return piece(s, s->end);
}
