/*
 * t-smtp-offer - what an EHLO reply offers, and what the first bytes of a conversation look like.
 */
#include "base/arena.h"
#include "base/reply.h"
#include "base/scan.h"
#include "base/str.h"
#include "proto/smtp-offer.h"
#include "proto/sniff.h"
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
		{ "250-mx\n250-AUTH plain  login\n250 AUTH=LOGIN ntlm", "AUTH", "plain  login LOGIN ntlm", "PLAIN LOGIN NTLM" },
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
		is_str(smtp_offer_parameters(&o, table[i].keyword), table[i].parameters, "parameters");
		is_str(strv_join(&o.mechanisms, a, " "), table[i].mechanisms, "mechanisms");
	}
}

static void sniffs(void)
{
	static const struct { const char *bytes; size_t n; enum sniffed what; bool may_be_reply; } table[] = {
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
		is_str(sniff_words(sniff(table[i].bytes, table[i].n)), sniff_words(table[i].what), "what it looks like");
		is_int(sniff_may_be_reply(table[i].bytes, table[i].n), table[i].may_be_reply, "could it begin a reply");
	}
	ok(sniff_is_tls(SNIFF_TLS) && sniff_is_tls(SNIFF_TLS_ALERT) && sniff_is_tls(SNIFF_NOTHING), "TLS");
	ok(!sniff_is_tls(SNIFF_SSL2) && !sniff_is_tls(SNIFF_SMTP), "no TLS");
}

int main(void)
{
	offers();
	sniffs();
	return tap_done();
}
