/*
 * words - names that people write, and what a generator of passwords makes.
 */
#include "config/words.h"

#include <string.h>

#include "base/str.h"

enum {
	RUN_MOST = 40,		/* letters and digits in one piece */
	DIGITS_MOST = 12,
	HUMPS_MOST = 6,		/* "ExtendedEmailPublisherDescriptor" has four */
	STRICT_FROM = 8,	/* from this length on three kinds of characters make a password */
};

struct pieces { unsigned humps, singles, odd, digits; };

static bool is_letter(char c)
{
	return ascii_is_alpha(c) || (unsigned char)c >= 0x80;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_run(char c)
{
	return is_letter(c) || ascii_is_digit(c);
}

/* "SMTP", "smtp", "Smtp" or "SMTPServer" from i on; answers where it ends. */
static size_t hump(const char *p, size_t n, size_t i, struct pieces *of)
{
	size_t start = i, upper;

	while (i < n && is_upper(p[i]))
		i++;
	upper = i - start;
	while (i < n && is_letter(p[i]) && !is_upper(p[i]))
		i++;
	of->humps++;
	of->singles += i - start == 1;
	/*
	 * Only an abbreviation leads into a word: "SMTPServer"; "xKJq" is no way to write anything.
	 */
	of->odd += upper == 2 && i - start > 2 && start > 0;
	return i;
}

/*
 * Letters and digits as people write names: words, maybe in camel case, with few groups of digits.
 * What a generator makes of upper case, lower case and digits is not, nor are hexadecimal digits.
 */
static bool is_wordlike(const char *p, size_t n, unsigned groups)
{
	struct pieces of = { 0, 0, 0, 0 };

	if (n == 0 || n > RUN_MOST)
		return false;
	for (size_t i = 0, start; i < n;) {
		start = i;
		while (i < n && ascii_is_digit(p[i]))
			i++;
		if (i - start > DIGITS_MOST)
			return false;
		of.digits += i > start;
		if (i < n)
			i = hump(p, n, i, &of);
	}
	if (n < STRICT_FROM)
		return of.digits <= 2 && of.humps <= 3;
	return of.digits <= groups && of.humps <= HUMPS_MOST && of.singles <= 1 && of.odd == 0;
}

/* Upper case, lower case and digits in one piece: what rules for passwords ask for. */
static bool is_strong(const char *p, size_t n)
{
	bool upper = false, lower = false, digit = false;

	for (size_t i = 0; i < n; i++) {
		upper |= is_upper(p[i]);
		lower |= p[i] >= 'a' && p[i] <= 'z';
		digit |= ascii_is_digit(p[i]);
	}
	return n >= STRICT_FROM && upper && lower && digit;
}

bool looks_like_app_password(const char *p, size_t n)
{
	size_t letters = 0, groups = 0;

	for (size_t i = 0; i < n; i++) {
		bool letter = p[i] >= 'a' && p[i] <= 'z';

		if (!letter && (p[i] != '-' || letters % 4))
			return false;
		letters += letter;
		groups += !letter;
	}
	return letters == 16 && (groups == 0 || groups == 3);
}

bool are_words(const char *p, size_t n, const char *between, unsigned groups, bool strict)
{
	for (size_t i = 0, start; i < n;) {
		start = i;
		while (i < n && is_run(p[i]))
			i++;
		if (i > start && (!is_wordlike(p + start, i - start, groups) ||
				  (strict && is_strong(p + start, i - start))))
			return false;
		if (i < n && (!p[i] || !strchr(between, p[i])))
			return false;
		i += i < n;
	}
	return n > 0;
}
