/*
 * t-letter - the test message: its fields, its parts, and its size to the octet.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "proto/letter.h"
#include "tests/unit/tap.h"

static struct arena *a;

static struct letter plain(void)
{
	return (struct letter) { .from = "scan@example.com", .to = "office@example.net",
				 .subject = "Test message of smtpwhy", .mark = "smtpwhy-0123",
				 .text = "One.\r\nTwo.\r\n" };
}

/* Every line ends in CRLF and has at most 998 bytes (RFC 5321, 4.5.3.1.6). */
static bool lines_good(const char *p, size_t n)
{
	size_t start = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'))
			return false;
		if (p[i] != '\n')
			continue;
		if (i == start || p[i - 1] != '\r' || i - start > 999)
			return false;
		start = i + 1;
	}
	return start == n;
}

static const char *written(struct buf *b, const struct letter *l, struct letter_sent *ret)
{
	const char *why;

	buf_clear(b);
	why = letter_write(b, a, l, ret);
	return why ? why : "";
}

static void test_plain(struct buf *b)
{
	struct letter l = plain();
	struct letter_sent s;

	is_str(written(b, &l, &s), "", "a plain message is written");
	ok(str_has_prefix(s.bytes, "Date: "), "it begins with its date");
	ok(strstr(s.bytes, "\r\nFrom: <scan@example.com>\r\nTo: <office@example.net>\r\n"
			   "Message-ID: <smtpwhy-0123@example.com>\r\n"
			   "Subject: Test message of smtpwhy\r\n"
			   "Auto-Submitted: auto-generated\r\n"), "the fields");
	ok(str_has_suffix_nocase(s.bytes, "7bit\r\n\r\nOne.\r\nTwo.\r\n"), "the text");
	is_str(s.id, "<smtpwhy-0123@example.com>", "the id under the sender's domain");
	ok(!s.eight_bit && lines_good(s.bytes, s.n), "7-bit lines that end in CRLF");
	ok(strlen(letter_mark(a)) == 40 && !str_eq(letter_mark(a), letter_mark(a)),
	   "a mark is made once");
}

static void test_subjects(struct buf *b)
{
	static const struct { const char *title, *subject, *want; } rows[] = {
		{ "letters beyond ASCII", "gr\xc3\xbc\xc3\x9f",
		  "Subject: =?utf-8?B?Z3LDvMOf?=\r\n" },
		{ "what looks like an encoded word", "=?a?", "Subject: =?utf-8?B?PT9hPw==?=\r\n" },
		/* 44 bytes, a letter of two, which does not fit into the first word. */
		{ "no letter is cut in two",
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xbc",
		  "?=\r\n =?utf-8?B?w7w=?=\r\n" },
	};
	struct letter l = plain();
	struct letter_sent s;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		l.subject = rows[i].subject;
		is_str(written(b, &l, &s), "", rows[i].title);
		ok(strstr(s.bytes, rows[i].want) && !s.eight_bit, "... is encoded (RFC 2047)");
	}
}

/* Every size from the smallest on, for two lines of padding. */
static void test_sizes(struct buf *b, struct letter l, const char *title)
{
	struct letter_sent s;
	size_t least, bad = 0;

	written(b, &l, &s);
	least = s.n;
	for (size_t more = 0; more < 170; more++) {
		l.size = least + more;
		bad += *written(b, &l, &s) || s.n != l.size || !lines_good(s.bytes, s.n);
	}
	is_int((intmax_t)bad, 0, title);
	l.size = least - 1;
	is_str(written(b, &l, &s), arena_printf(a, "the message has %zu octets without padding",
						least), "... and no smaller than it is");
}

static void test_files(struct buf *b)
{
	static const char bytes[] = "0123456789012345678901234567890123456789012345678901234567"
				    "\0\xff";
	struct letter_file files[] = {
		{ "a \"b\"\\.txt", bytes, 60 }, { "gr\xc3\xbc n.pdf", "", 0 },
	};
	struct letter l = plain();
	struct letter_sent s;

	l.files = files;
	l.n_files = 2;
	is_str(written(b, &l, &s), "", "files are written as parts");
	ok(strstr(s.bytes, "multipart/mixed;\r\n boundary=\"=_smtpwhy-0123\"\r\n"), "the boundary");
	ok(strstr(s.bytes, "filename=\"a \\\"b\\\"\\\\.txt\"\r\n"), "a name in quotes");
	ok(strstr(s.bytes, "filename*=utf-8''gr%C3%BC%20n.pdf\r\n"), "a name by RFC 2231");
	ok(strstr(s.bytes, "\r\nMDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5"
			   "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2\r\nNwD/\r\n--=_"),
	   "base64 in lines of 76");
	ok(str_has_suffix_nocase(s.bytes, "--=_smtpwhy-0123--\r\n"), "the last boundary");
	test_sizes(b, l, "each size of a message with files");
}

static void test_eight_bit(struct buf *b)
{
	struct letter l = plain();
	struct letter_sent s;

	l.from = "\xc3\xbc@b\xc3\xbc.example";
	l.text = "From \xc3\xbc.\r\n";
	written(b, &l, &s);
	ok(s.eight_bit && strstr(s.bytes, "charset=utf-8\r\nContent-Transfer-Encoding: 8bit"),
	   "an address beyond ASCII makes an 8-bit message");
	is_str(s.id, "<smtpwhy-0123@b\xc3\xbc.example>", "... with its domain in the id");
}

static void test_limit(void)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	struct letter l = plain();
	struct letter_sent s;

	l.size = 5000;
	ok(strstr(written(&b, &l, &s), "larger than"), "a message past the limit is refused");
}

int main(void)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);

	a = arena_new();
	test_plain(&b);
	test_subjects(&b);
	test_sizes(&b, plain(), "each size of a plain message");
	test_files(&b);
	test_eight_bit(&b);
	test_limit();
	arena_free(a);
	return tap_done();
}
