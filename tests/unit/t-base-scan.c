/*
 * t-base-scan - the cursor: steps at the edge, the sticky failure, lines of every kind.
 */
#include "base/arena.h"
#include "base/scan.h"
#include "tests/unit/tap.h"

static struct arena *a;

static void test_numbers(void)
{
	struct scan s = scan_over("\x01\x02\x03\x04\x05\x06\x07", 7);

	is_int(scan_u8(&s), 1, "u8");
	is_int(scan_u16(&s), 0x0203, "u16 is big-endian");
	is_int(scan_u32(&s), 0x04050607, "u32 is big-endian");
	ok(scan_done(&s) && !scan_failed(&s), "at the end, not failed");
	is_int(scan_u8(&s), 0, "past the end: zero");
	ok(scan_failed(&s) && scan_pos(&s) == 7, "... and failed, not moved");
	scan_seek(&s, 0);
	is_int(scan_u8(&s), 0, "failure is sticky: seek does not help");
	is_int(scan_left(&s), 0, "a failed cursor has nothing left");
	is_int(scan_peek(&s), -1, "... nor shows anything");
	ok(!scan_accept(&s, 1) && !scan_looking_at(&s, "\x01"), "... nor accepts anything");

	s = scan_over("\x01\x02\x03", 3);
	is_int(scan_u32(&s), 0, "four of three bytes");
	ok(scan_failed(&s) && scan_pos(&s) == 0, "... fails where it stood");
	s = scan_over("abc", 3);
	is_int(scan_take(&s, 3).len, 3, "take all");
	scan_seek(&s, 3);
	ok(!scan_failed(&s), "seek to the end");
	scan_seek(&s, 4);
	ok(scan_failed(&s), "seek past the end");
	s = scan_over("abc", 3);
	is_int(scan_take(&s, (size_t)-1).len, 0, "take of the largest size");
	ok(scan_failed(&s), "... fails");
	s = scan_over(NULL, 0);
	ok(scan_done(&s) && !scan_failed(&s) && scan_line(&s).len == 0, "over nothing");
}

static void test_decimal(void)
{
	static const struct { const char *in; unsigned long max, want; bool fails;
			      size_t pos; } cases[] = {
		{ "587 x", 65535, 587, false, 3 }, { "65535", 65535, 65535, false, 5 },
		{ "65536", 65535, 0, true, 0 },
		{ "", 9, 0, true, 0 }, { "x", 9, 0, true, 0 }, { "0009", 9, 9, false, 4 },
		{ "5", 4, 0, true, 0 },
		{ "99999999999999999999999999", (unsigned long)-1, 0, true, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan s = scan_span(span_of(cases[i].in));
		unsigned long n = scan_number(&s, cases[i].max);

		is_int(n, cases[i].want,
		       arena_printf(a, "number in '%s' up to %lu", cases[i].in, cases[i].max));
		is_int(scan_failed(&s), cases[i].fails, "... failed?");
		is_int(scan_pos(&s), cases[i].pos, "... where");
	}
}

static void test_lines(void)
{
	static const char text[] = "one\r\ntwo\nthree\r\r\n\r\n\nfi\rve";
	static const char *const want[] = { "one", "two", "three", "", "", "fi\rve", NULL };
	struct scan s = scan_over(text, sizeof(text) - 1);

	for (size_t i = 0; want[i]; i++)
		is_str(span_dup(a, scan_line(&s)), want[i], "line");
	ok(scan_done(&s), "all lines");
	is_int(scan_line(&s).len, 0, "no more lines");
	ok(!scan_failed(&s), "... is no failure");
}

static void test_pieces(void)
{
	struct scan s = scan_span(span_of("AUTH=LOGIN  \tPLAIN;x"));

	ok(scan_accept_str(&s, "auth"), "a literal without case");
	ok(!scan_accept(&s, ' ') && scan_accept(&s, '='), "accept moves only when it's there");
	is_str(span_dup(a, scan_while(&s, ascii_is_alpha)), "LOGIN", "while");
	is_int(scan_blanks(&s), 3, "blanks and tabs");
	is_str(span_dup(a, scan_until(&s, ";,")), "PLAIN", "until");
	is_int(scan_peek(&s), ';', "... the stop is not eaten");
	is_str(span_dup(a, scan_until(&s, "")), ";x", "until without stops is the rest");
	is_int(scan_rest(&s).len, 0, "nothing left");
	s = scan_over("a\0b", 3);
	is_int(scan_until(&s, "x").len, 3, "NULs are bytes like others");
	s = scan_over("\xff", 1);
	is_int(scan_peek(&s), 255, "peek is unsigned");
}

int main(void)
{
	a = arena_new();
	test_numbers();
	test_decimal();
	test_lines();
	test_pieces();
	arena_free(a);
	return tap_done();
}
