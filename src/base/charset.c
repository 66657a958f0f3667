/*
 * Bytes into text: charsets, quoted-printable, and the readable part of a file that is none.
 */
#include "base/charset.h"

#include <errno.h>
#include <iconv.h>

#include "base/attr.h"

/* --- charsets --- */

/*
 * The charsets mail comes in. Others are not asked of iconv(): what it makes of a name
 * is its own business.
 */
static const char *known_charset(const char *name)
{
	static const char *const globs[] = {
		"iso-8859-?", "iso-8859-1?", "windows-125?", "cp125?", "koi8-r", "koi8-u", "gb2312",
		"gbk", "gb18030", "big5", "iso-2022-jp", "shift_jis", "euc-jp", "euc-kr", "utf-16",
		"utf-16le", "utf-16be", "macintosh", "ibm850", "tis-620",
	};

	for (size_t i = 0; i < ARRAY_LEN(globs); i++) {
		if (str_glob(globs[i], name))
			return name;
	}
	return NULL;
}

/* Valid UTF-8 stays, other bytes are taken for Windows-1252's letters, which are Latin-1's. */
static void add_utf8(struct buf *to, struct span s)
{
	for (size_t i = 0; i < s.len && !to->overflow;) {
		unsigned char c = (unsigned char)s.p[i];
		size_t n = str_utf8(s.p + i, s.len - i);
		char letter[4];

		if (n) {
			buf_add(to, s.p + i, n);
		} else if (c >= 0x91 && c <= 0x94) {	/* typographic quotes */
			buf_addc(to, c <= 0x92 ? '\'' : '"');
		} else if (c >= 0xa0) {
			buf_add(to, letter, utf8_put(letter, c));
		} else {
			buf_addc(to, ' ');
		}
		i += n ? n : 1;
	}
}

void charset_add(struct buf *to, const char *charset, struct span bytes)
{
	const char *known = known_charset(charset);
	iconv_t cd = known ? iconv_open("UTF-8", known) : (iconv_t)-1;
	char *in = (char *)bytes.p, chunk[2048];
	size_t left = bytes.len;

	if (cd == (iconv_t)-1) {
		add_utf8(to, bytes);
		return;
	}
	while (left && !to->overflow) {
		char *out = chunk;
		size_t room = sizeof(chunk);
		size_t done = iconv(cd, &in, &left, &out, &room);

		buf_add(to, chunk, sizeof(chunk) - room);
		if (done != (size_t)-1 || errno == E2BIG)
			continue;
		/* A byte that is wrong, or the last one cut in half. */
		add_utf8(to, (struct span) { in, 1 });
		in++;
		left--;
	}
	iconv_close(cd);
}

/* --- quoted-printable --- */

void quoted_printable_add(struct buf *to, struct span t)
{
	for (size_t i = 0; i < t.len && !to->overflow; i++) {
		size_t left = t.len - i - 1;

		if (t.p[i] != '=')
			buf_addc(to, t.p[i]);
		else if (left >= 1 && t.p[i + 1] == '\n')
			i++;
		else if (left >= 2 && t.p[i + 1] == '\r' && t.p[i + 2] == '\n')
			i += 2;
		else if (left >= 2 && ascii_hex(t.p[i + 1]) >= 0 && ascii_hex(t.p[i + 2]) >= 0) {
			buf_addc(to, (char)(ascii_hex(t.p[i + 1]) * 16 + ascii_hex(t.p[i + 2])));
			i += 2;
		} else
			buf_addc(to, '=');
	}
}

/* --- readable runs --- */

/*
 * Letters of a run; shorter ones are chance: in 16 MiB of noise there are many runs of ten ASCII
 * characters, and some are "550 x".
 */
enum { SHORTEST_WIDE = 6, SHORTEST_NARROW = 24 };

static bool readable(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

/* Letters of UTF-16LE from i on: how many. */
static size_t wide_run(struct span b, size_t i)
{
	size_t n = 0;

	for (; i + 1 < b.len; i += 2, n++) {
		unsigned char low = (unsigned char)b.p[i], high = (unsigned char)b.p[i + 1];

		/* Latin, and General Punctuation (quotes, dashes). */
		if (!((high == 0 && (readable(low) || low >= 0xa0)) ||
		      (high == 0x20 && low >= 0x10 && low <= 0x3a)))
			break;
	}
	return n;
}

static size_t narrow_run(struct span b, size_t i)
{
	size_t n = 0;

	while (i + n < b.len && readable((unsigned char)b.p[i + n]))
		n++;
	return n;
}

/* Of U+20xx: single and double quotation marks; the rest are dashes. */
static char plain_quote(unsigned char low)
{
	if (low >= 0x18 && low <= 0x1b)
		return '\'';
	return low >= 0x1c && low <= 0x1f ? '"' : '-';
}

static void add_wide(struct buf *to, struct span b, size_t i, size_t n)
{
	for (; n; n--, i += 2) {
		unsigned char low = (unsigned char)b.p[i];

		if (b.p[i + 1])
			buf_addc(to, plain_quote(low));
		else
			add_utf8(to, (struct span) { b.p + i, 1 });
	}
	buf_addc(to, '\n');
}

void readable_add(struct buf *to, struct span b)
{
	for (size_t i = 0; i < b.len && !to->overflow;) {
		size_t wide = wide_run(b, i), narrow = wide >= SHORTEST_WIDE ? 0 : narrow_run(b, i);

		if (wide >= SHORTEST_WIDE) {
			add_wide(to, b, i, wide);
			i += 2 * wide;
		} else if (narrow >= SHORTEST_NARROW) {
			buf_add(to, b.p + i, narrow);
			buf_addc(to, '\n');
			i += narrow;
		} else {
			i++;
		}
	}
}
