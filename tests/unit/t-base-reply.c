/*
 * t-base-reply - reply lines of every kind (RFC 5321, 4.2; RFC 2034; RFC 3463).
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/reply.h"
#include "tests/unit/tap.h"

static struct arena *a;

static void test_lines(void)
{
	static const struct { const char *line; int code; bool last; const char *enhanced,
			      *words; } cases[] = {
		{ "250 ok", 250, true, "", "ok" },
		{ "250", 250, true, "", "" },
		{ "250-", 250, false, "", "" },
		{ "250 ", 250, true, "", "" },
		{ "250-SIZE 157286400", 250, false, "", "SIZE 157286400" },
		{ "535-5.7.8 Username and Password not accepted.", 535, false, "5.7.8",
		  "Username and Password not accepted." },
		{ "421 4.7.66 TLS 1.0 and 1.1 are not supported", 421, true, "4.7.66",
		  "TLS 1.0 and 1.1 are not supported" },
		{ "535 5.7.139 Authentication unsuccessful", 535, true, "5.7.139",
		  "Authentication unsuccessful" },
		{ "550 5.7.1", 550, true, "5.7.1", "" },
		{ "550\t5.7.1\tno", 550, true, "5.7.1", "no" },
		{ "550  5.7.1   no", 550, true, "5.7.1", "no" },
		{ "220 mx.example ESMTP", 220, true, "", "mx.example ESMTP" },
		{ "334 VXNlcm5hbWU6", 334, true, "", "VXNlcm5hbWU6" },
		/* the class must fit the code (RFC 2034, 4) */
		{ "550 4.7.1 no", 550, true, "", "4.7.1 no" },
		{ "421 5.7.1 no", 421, true, "", "5.7.1 no" },
		{ "354 3.0.0 go on", 354, true, "", "3.0.0 go on" },
		/* not enhanced codes */
		{ "550 5.7.1: no", 550, true, "", "5.7.1: no" },
		{ "550 5.7 no", 550, true, "", "5.7 no" },
		{ "550 5.7.1.1 no", 550, true, "", "5.7.1.1 no" },
		{ "550 5.7.1000 no", 550, true, "", "5.7.1000 no" },
		{ "550 #5.7.1 no", 550, true, "", "#5.7.1 no" },
		{ "550 5..1 no", 550, true, "", "5..1 no" },
		{ "250 2.5 kilobytes", 250, true, "", "2.5 kilobytes" },
		/* not replies */
		{ "", -1, false, "", "" }, { "25", -1, false, "", "" },
		{ "2500 ok", -1, false, "", "" }, { "250ok", -1, false, "", "" },
		{ "150 no such class", -1, false, "", "" }, { "650 nor such", -1, false, "", "" },
		{ "2x0 ok", -1, false, "", "" },
		{ " 250 ok", -1, false, "", "" }, { "-250 ok", -1, false, "", "" },
		{ "HTTP/1.1 400", -1, false, "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct reply_line l = { .code = -1, .enhanced = { "", 0 }, .words = { "", 0 } };

		reply_parse_line(span_of(cases[i].line), &l);
		is_int(l.code, cases[i].code, arena_printf(a, "code of '%s'", cases[i].line));
		is_int(l.last, cases[i].last, "... last");
		is_str(span_dup(a, l.enhanced), cases[i].enhanced, "... enhanced code");
		is_str(span_dup(a, l.words), cases[i].words, "... words");
	}
}

static void test_enhanced(void)
{
	static const struct { const char *s; bool want; } cases[] = {
		{ "5.7.139", true }, { "2.0.0", true }, { "4.999.999", true },
		{ "5.1000.1", false }, { "5.7.0001", false },
		{ "3.1.1", false }, { "1.1.1", false }, { "5", false }, { "5.", false },
		{ "5.7", false }, { "5.7.", false },
		{ "5.7.1 ", false }, { "5.7.1x", false }, { "", false }, { "55.7.1", false },
		{ "5.-7.1", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(enhanced_valid(span_of(cases[i].s)), cases[i].want,
		       arena_printf(a, "enhanced '%s'", cases[i].s));
}

static struct reply *of(const char *const *lines)
{
	struct span spans[16];
	size_t n = 0;

	for (; lines[n] && n < 16; n++)
		spans[n] = span_of(lines[n]);
	return reply_of_lines(a, STAGE_AUTH, spans, n);
}
#define REPLY(...) of((const char *const[]) { __VA_ARGS__, NULL })

static void test_whole(void)
{
	const struct reply *r =
		REPLY("535-5.7.8 Username and Password not  accepted. For more",
		      "535-5.7.8 information, go to",
		      "535 5.7.8  https://support.google.com/mail/?p=BadCredentials x");

	is_int(r->code, 535, "code");
	is_str(r->enhanced, "5.7.8", "enhanced code");
	is_int(r->stage, STAGE_AUTH, "stage");
	is_int(r->lines, 3, "lines");
	is_str(r->text[1], "535-5.7.8 information, go to", "lines are kept as sent");
	ok(r->text[3] == NULL, "NULL at the end");
	is_str(reply_flat(r, a), "535 5.7.8 Username and Password not accepted. For more "
	       "information, go to https://support.google.com/mail/?p=BadCredentials x", "flat");
	is_str(reply_words(r, a), "Username and Password not accepted. For more information, go to "
	       "https://support.google.com/mail/?p=BadCredentials x", "words");
	ok(!r->mixed_codes && !r->truncated && r->source_line == 0, "nothing odd about it");

	r = REPLY("550-no", "451 4.3.0 later");
	ok(r->code == 451 && r->mixed_codes, "mixed codes: the last one counts");
	is_str(r->enhanced, "4.3.0", "... with its enhanced code");
	r = REPLY("550-5.7.1 no", "451 later");
	is_str(r->enhanced, "", "... an enhanced code of the other class does not count");
	r = REPLY("550-5.7.1 no", "550 really");
	is_str(r->enhanced, "5.7.1", "only the first line has an enhanced code");
	r = REPLY("250-mx", "SIZE 1", "250 ok");
	is_str(reply_flat(r, a), "250 mx SIZE 1 ok", "a line without a code belongs to it");
	ok(REPLY("hello", "world") == NULL, "no reply in it");
	ok(reply_of_lines(a, STAGE_EHLO, NULL, 0) == NULL, "no lines");
	r = REPLY("250");
	is_str(reply_flat(r, a), "250", "flat of a bare code");
	is_str(reply_words(r, a), "", "words of a bare code");

	struct span nul = { "250 a\0b", 7 };

	is_str(reply_of_lines(a, STAGE_EHLO, &nul, 1)->text[0], "250 a\\x00b", "a NUL is shown");
}

static void test_limits(void)
{
	enum { MANY = LIMIT_REPLY_LINES + 1 };
	_cleanup_(xfreep) struct span *lines = xcalloc(MANY, sizeof(*lines));
	_cleanup_(xfreep) char *longest = xmalloc(LIMIT_REPLY_LINE + 1);
	const struct reply *r;

	for (size_t i = 0; i < MANY; i++)
		lines[i] = i == MANY - 1 ? span_of("550 5.1.1 end") : span_of("250-x");
	r = reply_of_lines(a, STAGE_EHLO, lines, MANY - 1);
	ok(r->lines == LIMIT_REPLY_LINES && !r->truncated, "as many lines as are kept");
	r = reply_of_lines(a, STAGE_EHLO, lines, MANY);
	ok(r->lines == LIMIT_REPLY_LINES && r->truncated, "one more is cut off, and said");
	ok(r->code == 550 && strcmp(r->enhanced, "5.1.1") == 0, "... its code counts all the same");
	ok(r->text[LIMIT_REPLY_LINES] == NULL, "... and the list ends");

	memset(longest, 'x', LIMIT_REPLY_LINE + 1);
	memcpy(longest, "250 ", 4);
	lines[0] = (struct span) { longest, LIMIT_REPLY_LINE };
	r = reply_of_lines(a, STAGE_EHLO, lines, 1);
	ok(!r->truncated && strlen(r->text[0]) == LIMIT_REPLY_LINE, "the longest line");
	lines[0].len++;
	r = reply_of_lines(a, STAGE_EHLO, lines, 1);
	ok(r->truncated && strlen(r->text[0]) == LIMIT_REPLY_LINE, "a longer one is cut, and said");
}

static void test_stages(void)
{
	bool back = true;

	for (unsigned s = 0; s < STAGE_COUNT; s++)
		back &= stage_of(stage_name((enum stage)s)) == (enum stage)s &&
			*stage_doing((enum stage)s);
	ok(back, "every stage has a name that leads back to it, and words");
	is_int(stage_of("EHLO"), STAGE_UNKNOWN, "names are lower case");
	is_str(stage_name((enum stage)99), "unknown", "a stage that is none");

	const struct failure *f = failure_new(a, FAILURE_NET, STAGE_CONNECT, 111, NULL, NULL,
					      "connecting to %s was refused", "mx");

	is_str(f->text, "connecting to mx was refused", "failure: text");
	is_str(f->peer, "", "failure: no peer is an empty one");
	is_str(failure_class_name(f->class), "net", "failure: class");
	ok(f->err == 111 && f->t_ms > 0 && f->reply == NULL, "failure: the rest");
}

int main(void)
{
	a = arena_new();
	test_lines();
	test_enhanced();
	test_whole();
	test_limits();
	test_stages();
	arena_free(a);
	return tap_done();
}
