/*
 * t-smtp-offer - what an EHLO reply offers, and what the first bytes of a conversation look like.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/reply.h"
#include "base/scan.h"
#include "base/str.h"
#include "proto/smtp-offer.h"
#include "net/sniff.h"
#include "tests/unit/tap.h"

static void offer_of(struct arena *a, const char *text, struct smtp_offer *ret)
{
	struct scan s = scan_over(text, strlen(text));
	struct span lines[16];
	size_t n = 0;

	while (!scan_done(&s) && n < ARRAY_LEN(lines))
		lines[n++] = scan_line(&s);
	smtp_offer_read(a, reply_of_lines(a, STAGE_EHLO, lines, n), ret);
}

static void offers(void)
{
	static const struct { const char *reply, *keyword, *parameters, *mechanisms; } table[] = {
		{ "250-mx\n250 SIZE 1000", "SIZE", "1000", "" },
		{ "250-mx\n250 size=1000", "Size", "1000", "" },
		{ "250-mx\n250-  8BITMIME  \n250 x", "8bitmime", "", "" },
		{ "250 mx", "SIZE", NULL, "" },
		{ "250 SIZE", "SIZE", NULL, "" },
		{ "250-mx\n250 AUTH", "AUTH", "", "" },
		{ "250-mx\n250 AUTH=LOGIN", "AUTH", "LOGIN", "LOGIN" },
		{ "250-mx\n250-AUTH plain  login\n250 AUTH=LOGIN ntlm", "AUTH",
		  "plain  login LOGIN ntlm", "PLAIN LOGIN NTLM" },
		{ "250-mx\n250 AUTH \tXOAUTH2\t", "AUTH", "XOAUTH2", "XOAUTH2" },
		{ "250-mx\n250-\n250 ", "", NULL, "" },
		{ "250-mx\n250 =LOGIN", "", NULL, "" },
		{ "250-mx\n250-SIZE\n250 SIZE 7", "SIZE", "7", "" },
		{ "250-mx\n250 AUTHENTICATE LOGIN", "AUTH", NULL, "" },
		{ "250-mx\n250 XXXXXXXA", "XXXXXXXA", "", "" },
	};
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct smtp_offer o;

		offer_of(a, table[i].reply, &o);
		is_str(smtp_offer_parameters(&o, table[i].keyword), table[i].parameters,
		       "parameters");
		is_str(strv_join(&o.mechanisms, a, " "), table[i].mechanisms, "mechanisms");
	}
}

/* --- limits --- */

/* An EHLO reply of n lines after the first; each is what line() writes for its number, cut at the
 * longest line allowed. */
static void big_offer(struct arena *a, size_t n, void (*line)(struct buf *b, size_t i),
		      struct smtp_offer *ret)
{
	struct span *lines = arena_alloc(a, (n + 1) * sizeof(*lines));

	lines[0] = SPAN_LITERAL("250-mx");
	for (size_t i = 0; i < n; i++) {
		_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_REPLY_LINE);

		line(&b, i);
		lines[i + 1] = (struct span) { arena_strdup(a, buf_str(&b)), b.len };
	}
	smtp_offer_read(a, reply_of_lines(a, STAGE_EHLO, lines, n + 1), ret);
}

static size_t names_a_line, name_bytes, parameter_bytes;

/* Names that were on no line before. */
static void other_names(struct buf *b, size_t i)
{
	buf_adds(b, "250-AUTH");
	for (size_t k = 0; k < names_a_line && !b->overflow; k++)
		buf_addf(b, " x%zx", i * names_a_line + k);
}

static void same_names(struct buf *b, size_t i _unused_)
{
	buf_adds(b, "250-AUTH");
	for (size_t k = 0; k < names_a_line; k++)
		buf_adds(b, " a");
}

static void long_name(struct buf *b, size_t i _unused_)
{
	buf_adds(b, "250-AUTH ");
	for (size_t k = 0; k < name_bytes; k++)
		buf_addc(b, 'a');
}

static void long_parameters(struct buf *b, size_t i _unused_)
{
	buf_adds(b, "250-SIZE ");
	for (size_t k = 0; k < parameter_bytes; k++)
		buf_addc(b, '9');
}

static void other_keywords(struct buf *b, size_t i)
{
	buf_addf(b, "250-X%zu 7", i);
}

static size_t parameters_len(const struct smtp_offer *o, const char *keyword)
{
	return strlen(smtp_offer_parameters(o, keyword) ?: "");
}

static void mechanism_limits(struct arena *a)
{
	struct smtp_offer o;

	names_a_line = LIMIT_MECHANISMS;
	big_offer(a, 1, other_names, &o);
	is_int((intmax_t)o.mechanisms.n, LIMIT_MECHANISMS, "as many mechanisms as are kept");
	ok(!o.left_out, "nothing is left out");
	names_a_line++;
	big_offer(a, 1, other_names, &o);
	is_int((intmax_t)o.mechanisms.n, LIMIT_MECHANISMS, "one more is not kept");
	is_str(o.left_out, "too many AUTH mechanisms: only the first 64 are read", "which is said");
	names_a_line = 1200;
	big_offer(a, LIMIT_REPLY_LINES - 1, other_names, &o);
	is_int((intmax_t)o.mechanisms.n, LIMIT_MECHANISMS, "nor are 300,000 more");
	names_a_line = LIMIT_MECHANISM_WORDS;
	big_offer(a, 1, same_names, &o);
	ok(o.mechanisms.n == 1 && !o.left_out, "one name as often as words are looked at");
	names_a_line++;
	big_offer(a, 1, same_names, &o);
	is_str(o.left_out, "too many words after AUTH: only the first 256 are read", "once more");
	name_bytes = LIMIT_MECHANISM;
	big_offer(a, 1, long_name, &o);
	ok(o.mechanisms.n == 1 && !o.left_out, "the longest name");
	name_bytes++;
	big_offer(a, 1, long_name, &o);
	ok(o.mechanisms.n == 0 && o.left_out, "a longer one is left out, and it is said");
}

static void keyword_limits(struct arena *a)
{
	const size_t line = LIMIT_REPLY_LINE - strlen("250-SIZE ");
	struct smtp_offer o;

	parameter_bytes = line;
	big_offer(a, 1, long_parameters, &o);
	is_int((intmax_t)parameters_len(&o, "SIZE"), (intmax_t)line,
	       "the parameters of a line as long as a line may be");
	ok(!o.left_out, "nothing is left out");
	big_offer(a, LIMIT_REPLY_LINES - 1, long_parameters, &o);
	is_int((intmax_t)parameters_len(&o, "SIZE"), LIMIT_KEYWORD,
	       "a keyword on every line keeps so many bytes of parameters");
	is_str(o.left_out,
	       "the parameters of SIZE have too many bytes: only the first 8192 are read",
	       "which is said");
	is_int((intmax_t)o.lines.n, LIMIT_REPLY_LINES - 1, "the lines are all there");
	/* 4,095 bytes, a blank and 4,096 more. */
	parameter_bytes = LIMIT_KEYWORD / 2 - 1;
	big_offer(a, 2, long_parameters, &o);
	ok(parameters_len(&o, "SIZE") == LIMIT_KEYWORD - 1 && !o.left_out,
	   "two lines, one byte below the limit");
	parameter_bytes++;
	big_offer(a, 2, long_parameters, &o);
	ok(parameters_len(&o, "SIZE") == LIMIT_KEYWORD && o.left_out, "and one above");
	big_offer(a, LIMIT_REPLY_LINES - 1, other_keywords, &o);
	is_str(smtp_offer_parameters(&o, "X254"), "7", "as many keywords as a reply has lines");
}

static void limits(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	mechanism_limits(a);
	keyword_limits(a);
}

static void sniffs(void)
{
	static const struct { const char *bytes; size_t n; enum sniffed what;
			      bool may_be_reply; } table[] = {
		{ "", 0, SNIFF_NOTHING, true },
		{ "2", 1, SNIFF_OTHER, true },
		{ "22", 2, SNIFF_OTHER, true },
		{ "220", 3, SNIFF_SMTP, true },
		{ "220 mx", 6, SNIFF_SMTP, true },
		{ "220-mx", 6, SNIFF_SMTP, true },
		{ "220\r\n", 5, SNIFF_SMTP, true },
		{ "220x", 4, SNIFF_OTHER, false },
		{ "2a0 ", 4, SNIFF_OTHER, false },
		{ "120 ", 4, SNIFF_OTHER, false },
		{ "554 no", 6, SNIFF_SMTP_REFUSAL, true },
		{ "\x16\x03\x03\x00\x40", 5, SNIFF_TLS, false },
		{ "\x15\x03\x03\x00\x02\x02\x28", 7, SNIFF_TLS_ALERT, false },
		{ "\x16\x02\x03", 3, SNIFF_OTHER, false },
		{ "\x80\x2e\x04", 3, SNIFF_SSL2, false },
		{ "HTTP/1.0 400", 12, SNIFF_HTTP, false },
		{ "http/1.0 400", 12, SNIFF_HTTP, false },
		{ "<!DOCTYPE html>", 15, SNIFF_HTML, false },
		{ "SSH-2.0-x", 9, SNIFF_SSH, false },
		{ "+OK ready", 9, SNIFF_POP3, false },
		{ "* OK ready", 10, SNIFF_IMAP, false },
		{ "* BYE", 5, SNIFF_IMAP, false },
		{ "hello", 5, SNIFF_OTHER, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		is_str(sniff_words(sniff(table[i].bytes, table[i].n)), sniff_words(table[i].what),
		       "what it looks like");
		is_int(sniff_may_be_reply(table[i].bytes, table[i].n), table[i].may_be_reply,
		       "could it begin a reply");
	}
	ok(sniff_is_tls(SNIFF_TLS) && sniff_is_tls(SNIFF_TLS_ALERT) && sniff_is_tls(SNIFF_NOTHING),
	   "TLS");
	ok(!sniff_is_tls(SNIFF_SSL2) && !sniff_is_tls(SNIFF_SMTP), "no TLS");
}

int main(void)
{
	offers();
	limits();
	sniffs();
	return tap_done();
}
