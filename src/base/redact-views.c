/*
 * redact-views - a text as its reader would see it: escapes resolved, base64 and hexadecimal
 * decoded, each byte with the place it came from.
 */
#include "base/redact-inside.h"

#include <string.h>

#include "base/attr.h"
#include "base/str.h"

enum { NAME_MOST = 8 };		/* digits of an HTML entity: &#x00041; */

int redact_base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* A byte that came from the bytes first..last of the view before. What is decoded is never longer
 * than what it is decoded from. */
static void put(struct redact_view *v, const struct redact_view *of, unsigned char byte,
		size_t first, size_t last)
{
	if (v->n == REDACT_WINDOW)
		return;
	v->bytes[v->n] = byte;
	v->from[v->n] = of->from[first];
	v->to[v->n] = of->to[last];
	v->n++;
}

/* What follows has nothing to do with what went before. */
static void put_gap(struct redact_view *v, const struct redact_view *of, size_t at)
{
	put(v, of, '\0', at, at);
	if (v->n)
		v->to[v->n - 1] = v->from[v->n - 1];
}

/* --- escapes --- */

/* So many hexadecimal digits at p; -1 when they are not there. */
static long digits(const unsigned char *p, size_t left, size_t n)
{
	long value = 0;

	if (left < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int d = ascii_hex((char)p[i]);

		if (d < 0)
			return -1;
		value = value << 4 | d;
	}
	return value;
}

/* JSON's and C's: \uXXXX \xXX \n \" \/ \\. How many bytes it takes, 0 = it is none. */
static size_t backslash(const unsigned char *p, size_t left, long *ret)
{
	static const char names[] = "nrtbf\"/\\'", values[] = "\n\r\t\b\f\"/\\'";
	const char *at;

	if (left < 2)
		return 0;
	if (p[1] == 'u' || p[1] == 'x') {
		size_t n = p[1] == 'u' ? 4 : 2;

		*ret = digits(p + 2, left - 2, n);
		return *ret >= 0 ? n + 2 : 0;
	}
	at = p[1] ? strchr(names, p[1]) : NULL;
	if (!at)
		return 0;
	*ret = values[at - names];
	return 2;
}

/* HTML's: &#65; &#x41; &amp; &lt; &gt; &quot; &apos; */
static size_t entity(const unsigned char *p, size_t left, long *ret)
{
	static const struct { const char *name; char value;
	} names[] = {
		{ "amp;", '&' },  { "lt;", '<' },    { "gt;", '>' },
		{ "quot;", '"' }, { "apos;", '\'' },
	};
	bool hex = left > 3 && p[1] == '#' && (p[2] | 0x20) == 'x';
	size_t i = hex ? 3 : 2;

	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		size_t n = strlen(names[k].name);

		if (left > n && memcmp(p + 1, names[k].name, n) == 0) {
			*ret = names[k].value;
			return n + 1;
		}
	}
	if (left < 4 || p[1] != '#')
		return 0;
	for (*ret = 0; i < left && i < NAME_MOST + 2 && p[i] != ';'; i++) {
		int d = ascii_hex((char)p[i]);

		if (d < 0 || (!hex && d > 9))
			return 0;
		*ret = *ret * (hex ? 16 : 10) + d;
	}
	return i < left && p[i] == ';' && *ret < 0x110000 ? i + 1 : 0;
}

/* How many bytes the escape at p takes, 0 = there is none; *ret: the code point or byte, *ret_byte
 * which of them. */
static size_t escape(const unsigned char *p, size_t left, long *ret, bool *ret_byte)
{
	*ret_byte = p[0] == '%' || p[0] == '=' || (left > 1 && p[1] == 'x');
	switch (p[0]) {
	case '%':	/* RFC 3986, 2.1 */
	case '=':	/* RFC 2045, 6.7 */
		*ret = digits(p + 1, left - 1, 2);
		return *ret >= 0 ? 3 : 0;
	case '\\':
		return backslash(p, left, ret);
	case '&':
		return entity(p, left, ret);
	default:
		return 0;
	}
}

/* A code point as UTF-8 (RFC 3629, 3); never longer than its escape. */
static void put_point(struct redact_view *v, const struct redact_view *of, long u, size_t first,
		      size_t last)
{
	char bytes[4];
	size_t n = utf8_put(bytes, (unsigned long)u);

	for (size_t i = 0; i < n; i++)
		put(v, of, (unsigned char)bytes[i], first, last);
}

bool redact_unescape(const struct redact_view *of, struct redact_view *into)
{
	bool found = false;

	into->n = 0;
	for (size_t i = 0; i < of->n; i++) {
		bool byte = false;
		long value = 0;
		size_t n = 0;

		if (of->bytes[i] < 'a')
			n = escape(of->bytes + i, of->n - i, &value, &byte);
		if (!n) {
			put(into, of, of->bytes[i], i, i);
			continue;
		}
		found = true;
		if (byte)
			put(into, of, (unsigned char)value, i, i + n - 1);
		else
			put_point(into, of, value, i, i + n - 1);
		i += n - 1;
	}
	return found;
}

/* --- digits --- */

struct digits {
	unsigned	bits;			/* of a digit */
	signed char	value[256];		/* of a byte, or */
};

enum { NO_DIGIT = -1, BETWEEN = -2 };	/* BETWEEN: it may stand between the digits of one run */

static void make_digits(struct digits *d, unsigned bits, int (*value)(unsigned char c),
			const char *between)
{
	for (unsigned c = 0; c < 256; c++)
		d->value[c] = (signed char)value((unsigned char)c);
	for (; *between; between++)
		d->value[(unsigned char)*between] = BETWEEN;
	d->bits = bits;
}

/* The run of digits that begins at i: where it ends; *ret_n: how many there are. */
static size_t run_of(const struct redact_view *of, size_t i, const struct digits *d, size_t *ret_n)
{
	size_t n = 0;

	for (; i < of->n && d->value[of->bytes[i]] != NO_DIGIT; i++)
		n += d->value[of->bytes[i]] >= 0;
	*ret_n = n;
	return i;
}

static void decode_run(const struct redact_view *of, size_t i, size_t end, const struct digits *d,
		       unsigned phase, struct redact_view *into)
{
	unsigned have = 0, bits = 0;
	size_t last = i;

	for (; i < end; i++) {
		int value = d->value[of->bytes[i]];

		if (value < 0)
			continue;
		if (phase) {
			phase--;
			continue;
		}
		bits = (bits << d->bits | (unsigned)value) & 0xffff;
		have += d->bits;
		if (have >= 8) {
			have -= 8;
			/* Its bits are in this digit and in the one before. */
			put(into, of, (unsigned char)(bits >> have & 0xff), last, i);
		}
		last = i;
	}
}

static bool decode(const struct redact_view *of, const struct digits *d, unsigned phase,
		   size_t least, struct redact_view *into)
{
	size_t least_digits = (least * 8 + d->bits - 1) / d->bits + phase;
	bool found = false;

	into->n = 0;
	for (size_t i = 0; i < of->n; ) {
		size_t n = 0, end;

		if (d->value[of->bytes[i]] < 0) {
			i++;
			continue;
		}
		end = run_of(of, i, d, &n);
		if (n >= least_digits) {
			decode_run(of, i, end, d, phase, into);
			put_gap(into, of, end - 1);
			found = true;
		}
		i = end;
	}
	return found;
}

bool redact_base64(const struct redact_view *of, unsigned phase, size_t least,
		   struct redact_view *into)
{
	static struct digits base64;

	if (!base64.bits)
		make_digits(&base64, 6, redact_base64_value, "\r\n");
	return decode(of, &base64, phase, least, into);
}

static int hex_value(unsigned char c)
{
	return ascii_hex((char)c);
}

bool redact_hex(const struct redact_view *of, unsigned phase, size_t least,
		struct redact_view *into)
{
	static struct digits hex;

	if (!hex.bits)
		make_digits(&hex, 4, hex_value, " :\r\n");
	return decode(of, &hex, phase, least, into);
}
