/*
 * width - how many columns a text takes. Ranges from Unicode 15: EastAsianWidth W and F, general
 * categories Mn and Me, in blocks.
 */
#include "report/width.h"

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/str.h"

struct range { uint32_t from, to; };

static const struct range none[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },
	{ 0x064b, 0x065f }, { 0x06d6, 0x06dc },
	{ 0x0900, 0x0902 }, { 0x093c, 0x093c }, { 0x0941, 0x0948 }, { 0x094d, 0x094d },
	{ 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a },
	{ 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff },
	{ 0x302a, 0x302d }, { 0x3099, 0x309a },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
};

static const struct range two[] = {
	{ 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x23e9, 0x23ec }, { 0x2614, 0x2615 },
	{ 0x26a1, 0x26a1 }, { 0x2705, 0x2705 },
	{ 0x274c, 0x274c }, { 0x2e80, 0x303e }, { 0x3041, 0x33ff }, { 0x3400, 0x4dbf },
	{ 0x4e00, 0x9fff }, { 0xa000, 0xa4cf },
	{ 0xa960, 0xa97f }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
	{ 0xff01, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

static int in(uint32_t u, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (u >= r[i].from && u <= r[i].to)
			return 1;
	return 0;
}

static unsigned width_of_one(uint32_t u)
{
	if (u < 0x300)
		return 1;
	if (in(u, none, ARRAY_LEN(none)))
		return 0;
	return in(u, two, ARRAY_LEN(two)) ? 2 : 1;
}

unsigned width_of_bytes(const char *p, size_t n)
{
	static const unsigned char mask[] = { 0xff, 0x7f, 0x1f, 0x0f, 0x07 };
	unsigned columns = 0;

	for (size_t i = 0; i < n; ) {
		size_t len = str_utf8(p + i, n - i);
		uint32_t u = (unsigned char)p[i] & mask[len];

		for (size_t j = 1; j < len; j++)
			u = u << 6 | ((unsigned char)p[i + j] & 0x3f);
		columns += width_of_one(u);
		i += len ? len : 1;
	}
	return columns;
}

unsigned width_of(const char *s)
{
	return width_of_bytes(s, strlen(s));
}
