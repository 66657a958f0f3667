/*
 * escape - bytes of unknown origin made safe to print: the part of str.h that knows UTF-8.
 */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

static bool is_tail(const char *p)
{
	return ((unsigned char)*p & 0xc0) == 0x80;
}

size_t str_utf8(const char *p, size_t n)
{
	unsigned char a = n > 0 ? (unsigned char)p[0] : 0xff, b = n > 1 ? (unsigned char)p[1] : 0;

	if (a < 0x80)
		return 1;
	if (a >= 0xc2 && a <= 0xdf)
		return n >= 2 && is_tail(p + 1) ? 2 : 0;
	if (a >= 0xe0 && a <= 0xef) {
		if (n < 3 || !is_tail(p + 1) || !is_tail(p + 2))
			return 0;
		/* over-long, surrogate */
		return (a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f) ? 0 : 3;
	}
	if (a >= 0xf0 && a <= 0xf4) {
		if (n < 4 || !is_tail(p + 1) || !is_tail(p + 2) || !is_tail(p + 3))
			return 0;
		/* over-long, above U+10FFFF */
		return (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f) ? 0 : 4;
	}
	return 0;
}

static uint32_t code_point(const char *p, size_t n)
{
	static const unsigned char mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t u = (unsigned char)p[0] & mask[n];

	for (size_t i = 1; i < n; i++)
		u = u << 6 | ((unsigned char)p[i] & 0x3f);
	return u;
}

/*
 * Code points that show nothing, end a line or turn the direction of what follows: they make a text
 * look like another one.
 */
static bool is_treacherous(uint32_t u)
{
	static const struct { uint32_t from, to; } ranges[] = {
		{ 0x0000, 0x001f }, { 0x007f, 0x009f },		/* C0, DEL, C1 */
		{ 0x00ad, 0x00ad },				/* soft hyphen */
		{ 0x061c, 0x061c }, { 0x200b, 0x200f },		/* zero width, direction marks */
		/* line ends, embeddings, overrides */
		{ 0x2028, 0x202e },
		/* isolates and other invisible ones */
		{ 0x2060, 0x206f },
		{ 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xfffe, 0xffff },
		{ 0xe0000, 0x10ffff },				/* tags, private planes */
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (u >= ranges[i].from && u <= ranges[i].to)
			return true;
	return false;
}

static void escape_byte(struct buf *b, char c)
{
	switch (c) {
	case '\r':
		buf_adds(b, "\\r");
		break;
	case '\n':
		buf_adds(b, "\\n");
		break;
	case '\t':
		buf_adds(b, "\\t");
		break;
	default:
		buf_addf(b, "\\x%02x", (unsigned char)c);
	}
}

void str_escape(struct buf *b, const char *p, size_t n)
{
	while (n) {
		size_t len = str_utf8(p, n);

		if (len && !is_treacherous(code_point(p, len))) {
			buf_add(b, p, len);
		} else {
			len = len ? len : 1;
			for (size_t i = 0; i < len; i++)
				escape_byte(b, p[i]);
		}
		p += len;
		n -= len;
	}
}

char *str_escaped(struct arena *a, const char *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SIZE_MAX / 2);

	str_escape(&b, p, n);
	return arena_strndup(a, buf_str(&b), b.len);
}

char *str_without_nul(struct arena *a, const char *p, size_t n)
{
	size_t nuls = 0;
	char *copy, *to;

	for (size_t i = 0; i < n; i++)
		nuls += p[i] == '\0';
	copy = to = arena_alloc(a, n + 3 * nuls + 1);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\0') {
			memcpy(to, "\\x00", 4);
			to += 4;
		} else {
			*to++ = p[i];
		}
	}
	return copy;
}
