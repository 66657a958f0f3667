/*
 * t-base-str - str, escaping, strv and map.
 */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "base/strv.h"
#include "tests/unit/tap.h"

static struct arena *a;

static void test_escape(void)
{
	static const struct { struct span in; const char *want, *what; } cases[] = {
		{ SPAN_LITERAL("plain 535 5.7.139"), "plain 535 5.7.139", "printable ASCII stays" },
		{ SPAN_LITERAL("a\\b"), "a\\b", "a backslash stays" },
		{ SPAN_LITERAL("a\r\nb\tc"), "a\\r\\nb\\tc", "CR, LF, tab" },
		{ SPAN_LITERAL("\x1b[31mred\x07"), "\\x1b[31mred\\x07", "terminal sequences" },
		{ SPAN_LITERAL("a\0b\x7f"), "a\\x00b\\x7f", "NUL and DEL" },
		{ SPAN_LITERAL("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f", "UTF-8 letters stay" },
		{ SPAN_LITERAL("\xe6\x97\xa5 \xf0\x9f\x98\x80"), "\xe6\x97\xa5 \xf0\x9f\x98\x80",
		  "three and four bytes stay" },
		{ SPAN_LITERAL("\xc2\x9b" "31m"), "\\xc2\\x9b31m", "C1 controls" },
		{ SPAN_LITERAL("x\xe2\x80\xae" "cod"), "x\\xe2\\x80\\xaecod",
		  "right-to-left override" },
		{ SPAN_LITERAL("x\xe2\x81\xa6y"), "x\\xe2\\x81\\xa6y", "isolate" },
		{ SPAN_LITERAL("x\xe2\x80\x8by"), "x\\xe2\\x80\\x8by", "zero width blank" },
		{ SPAN_LITERAL("\xef\xbb\xbfx"), "\\xef\\xbb\\xbfx", "byte order mark" },
		{ SPAN_LITERAL("\xc0\xaf"), "\\xc0\\xaf", "over-long slash" },
		{ SPAN_LITERAL("\xe0\x80\xaf"), "\\xe0\\x80\\xaf", "over-long slash in three" },
		{ SPAN_LITERAL("\xed\xa0\x80"), "\\xed\\xa0\\x80", "surrogate" },
		{ SPAN_LITERAL("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", "above U+10FFFF" },
		{ SPAN_LITERAL("\xe2\x82"), "\\xe2\\x82", "cut short at the end" },
		{ SPAN_LITERAL("\xfc\xff\x80"), "\\xfc\\xff\\x80",
		  "bytes that never occur in UTF-8" },
		{ SPAN_LITERAL("\xe4" "ber"), "\\xe4ber", "Latin-1" },
		{ SPAN_LITERAL(""), "", "nothing" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(str_escaped(a, cases[i].in.p, cases[i].in.len), cases[i].want,
		       cases[i].what);
	is_str(str_without_nul(a, "a\0\x1b\0", 4), "a\\x00\x1b\\x00",
	       "str_without_nul changes NULs only");
}

/* Whatever goes in, what comes out is valid UTF-8 without control characters. */
static void test_escape_all(void)
{
	bool good = true;

	for (unsigned x = 0; x < 0x10000; x++) {
		char in[4] = { (char)(x >> 8), (char)x, (char)(x * 7), (char)(x >> 5) };
		const char *out = str_escaped(a, in, 4);

		for (size_t i = 0, n = strlen(out); i < n; ) {
			size_t len = str_utf8(out + i, n - i);

			good &= len && (unsigned char)out[i] >= 0x20 && out[i] != 0x7f;
			i += len ? len : 1;
		}
	}
	ok(good, "65536 four-byte inputs: always valid UTF-8, never a control character");
}

static void test_glob(void)
{
	static const struct { const char *glob, *s; bool want; } cases[] = {
		{ "*", "", true }, { "", "", true }, { "", "x", false }, { "?", "", false },
		{ "?", "x", true },
		{ "*.outlook.com", "mail.protection.outlook.com", true },
		{ "*.outlook.com", "outlook.com", false },
		{ "SMTP.*", "smtp.587.open", true }, { "tcp.*.open", "tcp.587.open", true },
		{ "tcp.*.open", "tcp.587.state", false },
		{ "a*b*c", "axxbxxc", true }, { "a*b*c", "axxbxx", false }, { "a**c", "ac", true },
		{ "*a", "ba", true },
		{ "[a]", "a", false }, { "[a]", "[a]", true }, { "a?c", "abc", true },
		{ "abc", "abcd", false }, { "*ab*", "xxaab", true },
	};
	char many[2049], stars[129];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(str_glob(cases[i].glob, cases[i].s), cases[i].want,
		       arena_printf(a, "glob '%s' on '%s'", cases[i].glob, cases[i].s));
	memset(many, 'a', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	for (size_t i = 0; i < sizeof(stars) - 1; i++)
		stars[i] = i % 2 ? 'a' : '*';
	stars[sizeof(stars) - 2] = 'b';
	stars[sizeof(stars) - 1] = '\0';
	ok(!str_glob(stars, many), "a glob made to be slow comes to an end");
}

static void test_number(void)
{
	static const struct { const char *s; unsigned long max; long want; } cases[] = {
		{ "0", 65535, 0 }, { "65535", 65535, 65535 }, { "65536", 65535, -1 }, { "", 9, -1 },
		{ "+1", 9, -1 }, { "-1", 9, -1 },
		{ " 1", 9, -1 }, { "1 ", 9, -1 }, { "0x1", 9, -1 }, { "007", 9, 7 },
		{ "99999999999999999999999", 100, -1 },
		{ "5", 4, -1 }, { "10", 9, -1 }, { "0", 0, 0 }, { "1", 0, -1 },
		{ "18446744073709551616", (unsigned long)-1, -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned long n = 77;
		bool good = str_number(cases[i].s, cases[i].max, &n);

		is_int(good ? (long)n : -1, cases[i].want,
		       arena_printf(a, "number '%s' up to %lu", cases[i].s, cases[i].max));
		if (!good)
			is_int(n, 77, "... and the result is untouched");
	}
}

static void test_spans(void)
{
	is_int(span_trim(SPAN_LITERAL(" \t\r\n ")).len, 0, "trim of blanks alone");
	ok(span_eq(span_trim(SPAN_LITERAL("\t a b \r\n")), "a b"), "trim keeps what is inside");
	ok(span_eq_nocase(SPAN_LITERAL("StartTLS"), "STARTTLS"), "equal but for case");
	ok(!span_eq_nocase(SPAN_LITERAL("STARTTL"), "STARTTLS"), "a prefix is not equal");
	ok(!span_eq_nocase(SPAN_LITERAL("@"), "`"), "only letters have a case");
	is_str(span_find_nocase(SPAN_LITERAL("Basic AUTH off"), span_of("auth")), "AUTH off",
	       "find without case");
	ok(!span_find_nocase(SPAN_LITERAL("aut"), span_of("auth")), "a needle longer than the hay");
	is_str(str_find_nocase("abc", ""), "abc", "an empty needle is at the start");
	ok(str_eq(NULL, NULL) && !str_eq(NULL, "") && !str_eq("", NULL), "NULL equals NULL only");
	ok(str_has_suffix_nocase("mail.OUTLOOK.com", ".outlook.com") &&
	   !str_has_suffix_nocase("com", ".com"),
	   "suffix");
	ok(ascii_mapped('b', "ab", "xy") == 'y' && ascii_mapped('c', "ab", "xy") == 'c',
	   "a character of a map");
	ok(ascii_mapped('\0', "ab", "xy") == '\0', "... and a NUL");
	is_str(str_lower(a, "A\xc3\x84Z"), "a\xc3\x84z", "lower case touches ASCII alone");
	is_int(span_of(NULL).len, 0, "the span of NULL is empty");
}

static void test_strv(void)
{
	struct strv l = { 0 }, none = { 0 };

	strv_split(&l, a, " a, ,b ,, c d,", ',');
	is_str(strv_join(&l, a, "|"), "a|b|c d", "split drops blanks and empty pieces");
	is_str(strv_join(&none, a, "|"), "", "join of nothing");
	for (int i = 0; i < 100; i++)
		strv_addf(&l, a, "n%d", i);
	is_int(l.n, 103, "a hundred more");
	ok(l.v[l.n] == NULL && strv_has(&l, "n99") && !strv_has(&l, "N99") &&
	   strv_has_nocase(&l, "N99"),
	   "NULL at the end; has");
}

static void test_map(void)
{
	struct map *m = map_new(a);
	static int values[1000];
	bool found = true, ordered = true;
	int i = 0;

	ok(map_get(m, "x") == NULL && map_first(m) == NULL, "an empty map");
	for (i = 0; i < 1000; i++)
		map_set(m, arena_printf(a, "key.%d", i), &values[i]);
	for (i = 0; i < 1000; i++)
		found &= map_get(m, arena_printf(a, "key.%d", i)) == &values[i];
	ok(found, "1000 keys are found again");
	map_set(m, "key.7", &values[0]);
	ok(map_get(m, "key.7") == &values[0] && map_count(m) == 1000, "setting again replaces");
	i = 0;
	for (const struct map_entry *e = map_first(m); e; e = map_next(e), i++)
		ordered &= strcmp(e->key, arena_printf(a, "key.%d", i)) == 0;
	ok(ordered && i == 1000, "walked in the order of insertion");
}

static void lists(void)
{
	ok(str_in("b", "a|b|c") && str_in("c", "a|b|c") && str_in("a", "a"), "a word of a list");
	ok(!str_in("B", "a|b|c") && !str_in("a|b", "a|b") && !str_in("ab", "a|b|abc") &&
	   !str_in("", "a|b") && !str_in("a", "") && !str_in(NULL, "a"),
	   "... and none");
	ok(span_in(span_of("Common"), "x|common") && !span_in(span_of("commo"), "x|common") &&
	   !span_in(span_of(""), "x"), "a span of a list");
	ok(span_has_any(span_of("it TIMED OUT."), "refused|timed out") &&
	   !span_has_any(span_of("ok"), "okay|no"),
	   "a line with a word of a list");
	ok(str_globs("a.*|*.b", "x.b") && !str_globs("a.*|*.b", "x.c") && !str_globs("a", "ab"),
	   "globs of a list");
	ok(str_eq(str_domain("a@b@c"), "c") && str_eq(str_domain("a"), "") &&
	   str_eq(str_domain(NULL), ""),
	   "the domain of an address");
}

static void code_points(void)
{
	unsigned long c, wrong = 0;

	for (c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		size_t n = utf8_put(bytes, c);

		if ((c < 0xd800 || c > 0xdfff) && str_utf8(bytes, n) != n)
			wrong++;
	}
	is_int(wrong, 0, "each code point is written as UTF-8");
}

int main(void)
{
	a = arena_new();
	test_escape();
	test_escape_all();
	test_glob();
	test_number();
	test_spans();
	test_strv();
	test_map();
	arena_free(a);
	lists();
	code_points();
	return tap_done();
}
