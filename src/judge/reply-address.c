/*
 * The address that a reply names: the one the server saw.
 * "554 5.7.1 Client host [192.0.2.25] blocked"
 */
#include "judge/weigh.h"

#include "base/arena.h"
#include "base/str.h"

/*
 * "192.0.2.25" at p: its length, and its value with the first part on top; 0 when none is there.
 * RFC 5321, 4.1.3: IPv4-address-literal.
 */
static size_t quad_at(const char *p, unsigned long *ret)
{
	unsigned long value = 0;
	size_t n = 0;

	for (int part = 0; part < 4; part++) {
		unsigned long number = 0;
		size_t digits = 0;

		if (part && p[n++] != '.')
			return 0;
		while (digits < 4 && ascii_is_digit(p[n]))
			number = number * 10 + (unsigned long)(p[n++] - '0'), digits++;
		if (!digits || digits > 3 || number > 255)
			return 0;
		value = value << 8 | number;
	}
	*ret = value;
	return n;
}

/*
 * Is it an address of the internet? Not a private one (RFC 1918), nor what lists answer with
 * (127.0.0.2), nor multicast.
 */
static bool is_public(unsigned long v)
{
	unsigned long a = v >> 24, ab = v >> 16;

	return a != 0 && a != 10 && a != 127 && a < 224 && ab != (169UL << 8 | 254) &&
	       ab != (192UL << 8 | 168) && v >> 20 != (172UL << 4 | 1);
}

/* Is it part of a longer word there: a name, a version? */
static bool stands_alone(const char *text, size_t at, size_t n)
{
	char before = at ? text[at - 1] : ' ', after = text[at + n];

	if (ascii_is_alnum(before) || strchr(".-_/", before))
		return false;
	if (after == '.' && ascii_is_alnum(text[at + n + 1]))
		return false;
	return !ascii_is_alnum(after) && !strchr("-_/", after ? after : ' ');
}

const char *reply_address(struct arena *a, const struct reply *r)
{
	const char *text = r ? reply_flat(r, a) : "", *found = "";
	unsigned long value, kept = 0;

	for (size_t i = 0; text[i]; i++) {
		size_t n = quad_at(text + i, &value);

		if (!n || !stands_alone(text, i, n) || !is_public(value))
			continue;
		if (*found && value != kept)
			return "";
		found = arena_strndup(a, text + i, n);
		kept = value;
	}
	return found;
}
