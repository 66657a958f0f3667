/*
 * base64 - RFC 4648.
 */
#include "base/base64.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool base64_encode(struct buf *b, const void *p, size_t n)
{
	const unsigned char *in = p;

	if (n > SIZE_MAX / 2 || (n + 2) / 3 * 4 > b->limit - b->len || b->overflow) {
		b->overflow = true;
		return false;
	}
	for (; n; in += n < 3 ? n : 3, n -= n < 3 ? n : 3) {
		uint32_t v = (uint32_t)in[0] << 16 | (n > 1 ? (uint32_t)in[1] << 8 : 0) |
			     (n > 2 ? in[2] : 0);
		char out[4] = { digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63],
				digits[v & 63] };

		if (n < 3)
			out[3] = '=';
		if (n < 2)
			out[2] = '=';
		if (!buf_add(b, out, 4))
			return false;
	}
	return true;
}

bool base64_encode_url(struct buf *b, const void *p, size_t n)
{
	size_t before = b->len;

	if (!base64_encode(b, p, n))
		return false;
	while (b->len > before && b->data[b->len - 1] == '=')
		b->data[--b->len] = '\0';
	for (size_t i = before; i < b->len; i++)
		b->data[i] = ascii_mapped(b->data[i], "+/", "-_");
	return true;
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

bool base64_decode(struct buf *b, const char *p, size_t n)
{
	size_t before = b->len, padding = 0;
	uint32_t v = 0;
	unsigned bits = 0;

	while (padding < 2 && n && p[n - 1] == '=') {
		n--;
		padding++;
	}
	/* One digit of four says less than a byte; padding, when there, completes the four. */
	if (n % 4 == 1 || (padding && (n + padding) % 4 != 0))
		return false;

	for (size_t i = 0; i < n; i++) {
		int d = value_of(p[i]);

		if (d < 0)
			goto bad;
		v = v << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			if (!buf_addc(b, (char)(v >> bits & 0xff)))
				goto bad;
		}
	}
	/*
	 * Bits that are left over must be zero (RFC 4648, 3.5): anything else was not
	 * made by an encoder.
	 */
	if (v & ((1u << bits) - 1))
		goto bad;
	return true;
bad:
	if (b->len > before) {
		b->len = before;
		b->data[before] = '\0';
	}
	return false;
}
