/*
 * The failures of logs: which lines count, whose they are, when they were; limits at their edges;
 * and the pieces it is made of.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "base/limits.h"
#include "logs/lines.h"
#include "logs/inside.h"
#include "tests/unit/tap.h"

static const struct know *know;

static void take(void *arg, struct span line, bool cut)
{
	tally_line(arg, line, cut);
}

/* Feeds in pieces of `step` bytes. */
static void feed(struct tally *t, const char *text, size_t n, size_t step)
{
	struct lines l;

	lines_init(&l, LIMIT_LOG_LINE, take, t);
	for (size_t i = 0; i < n; i += step)
		lines_feed(&l, text + i, n - i < step ? n - i : step);
	lines_end(&l);
	lines_release(&l);
	tally_end(t);
}

/* "cause deferred/bounced/failed relay sender first to last" for each cell. */
static char *told(struct arena *a, const struct tally *t)
{
	struct tally_sum s = tally_sum(t, a);
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 20);

	for (size_t i = 0; i < s.n_cells; i++) {
		const struct tally_cell *c = s.cells[i];

		buf_addf(&b, "%s%s %d/%d/%d %s %s %s to %s", i ? "; " : "",
			 c->cause->cause ? c->cause->cause->id : "unknown", (int)c->count.deferred,
			 (int)c->count.bounced, (int)c->count.failed,
			 c->relay->name && *c->relay->name ? c->relay->name : "-",
			 c->sender->name && *c->sender->name ? c->sender->name : "-",
			 *c->count.first.text ? c->count.first.text : "-",
			 *c->count.last.text ? c->count.last.text : "-");
	}
	return arena_strdup(a, buf_str(&b));
}

struct log_case { const char *what, *log, *want; };

#define P "Nov 20 06:25:02 mx postfix/smtp[812]: "
#define Q "Nov 20 06:25:01 mx postfix/qmgr[811]: "
#define OFF \
	"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the " \
	"Tenant."

static const struct log_case cases[] = {
	{ "nothing", "", "" },
	{ "what was sent is no failure", P "4AB12C0DE1: to=<a@b.example>, "
	  "relay=mx.b.example[192.0.2.1]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok 450)\n", "" },
	{ "Postfix, bounced; the sender by the queue id",
	  Q "4AB12C0DE1: from=<s@contoso.com>, size=1, nrcpt=1 (queue active)\n" P
	  "4AB12C0DE1: to=<a@b.example>, relay=smtp.office365.com[192.0.2.1]:587, dsn=5.7.139, "
	  "status=bounced (SASL authentication failed; server smtp.office365.com[192.0.2.1] said: "
	  OFF ")\n", "tenant-smtp-auth-disabled 0/1/0 smtp.office365.com contoso.com Nov 20 "
	  "06:25:02 to Nov 20 06:25:02" },
	{ "Postfix, attempts and then the outcome",
	  P "connect to mx.b.example[192.0.2.1]:25: Connection refused\n" P
	  "4AB12C0DE1: host mx.b.example[192.0.2.2] said: 450 4.2.0 Greylisted (in reply to RCPT "
	  "TO command)\n" P
	  "4AB12C0DE1: to=<a@b.example>, relay=none, dsn=4.4.1, status=deferred (connect to "
	  "mx.b.example[192.0.2.1]:25: Connection refused)\n",
	  "connection-refused 1/0/0 mx.b.example - Nov 20 06:25:02 to Nov 20 06:25:02" },
	{ "Postfix, the null sender", Q "4AB12C0DE1: from=<>, size=1, nrcpt=1 (queue active)\n" P
	  "4AB12C0DE1: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, dsn=5.1.1, "
	  "status=bounced (host mx.b.example[192.0.2.1] said: 550 5.1.1 <a@b.example>: Recipient "
	  "address rejected: User unknown (in reply to RCPT TO command))\n",
	  "unknown-recipient 0/1/0 mx.b.example <> Nov 20 06:25:02 to Nov 20 06:25:02" },
	{ "Postfix, refused by itself", "Nov 20 06:25:02 mx postfix/smtpd[9]: NOQUEUE: reject: "
	  "RCPT from unknown[192.0.2.99]: 554 5.7.1 <x@e.example>: Relay access denied; "
	  "from=<a@c.example> to=<x@e.example> proto=ESMTP helo=<c.example>\n",
	  "relay-denied 0/0/1 192.0.2.99 c.example Nov 20 06:25:02 to Nov 20 06:25:02" },
	{ "Postfix, scanners are no failure", "Nov 20 06:25:02 mx postfix/smtpd[9]: lost "
	  "connection after CONNECT from unknown[192.0.2.98]\n", "" },
	{ "a reason nobody knows", P "4AB12C0DE1: to=<a@b.example>, "
	  "relay=mx.b.example[192.0.2.1]:25, dsn=5.9.9, status=bounced (host "
	  "mx.b.example[192.0.2.1] said: 577 5.9.9 the moon is in the wrong house)\n",
	  "unknown 0/1/0 mx.b.example - Nov 20 06:25:02 to Nov 20 06:25:02" },
	{ "Exim, deferred; the attempt before does not count", "2026-11-20 10:00:00 "
	  "1tDabc-000001-0A <= app@contoso.com H=localhost [127.0.0.1] P=esmtp S=1\n"
	  "2026-11-20 10:00:01 1tDabc-000001-0A H=mx.e.example [192.0.2.26] Connection refused\n"
	  "2026-11-20 10:00:02 1tDabc-000001-0A == u@e.example R=dnslookup T=remote_smtp "
	  "H=mx.e.example [192.0.2.26] defer (111): Connection refused\n",
	  "connection-refused 1/0/0 mx.e.example contoso.com 2026-11-20 10:00:02 to 2026-11-20 "
	  "10:00:02" },
	{ "Exim, given up; and what went well", "2026-11-20 10:05:02.123 [77] "
	  "1tDabc-00000000002-0B2c ** u@e.example R=smarthost T=remote H=mx.e.example [192.0.2.1]: "
	  "SMTP error from remote mail server after RCPT TO:<u@e.example>: 550 5.1.1 User unknown\n"
	  "2026-11-20 10:05:03 1tDabc-000003-0B => ok@e.example R=dnslookup T=remote_smtp "
	  "H=mx.e.example [192.0.2.3] C=\"250 2.0.0 Ok 450abc\"\n",
	  "unknown-recipient 0/1/0 mx.e.example - 2026-11-20 10:05:02.123 to 2026-11-20 "
	  "10:05:02.123" },
	{ "Exim, refused by itself", "2026-11-20 10:06:00 H=(says) [192.0.2.77] F=<a@c.example> "
	  "rejected RCPT <x@y.example>: relay not permitted\n",
	  "relay-denied 0/0/1 192.0.2.77 c.example 2026-11-20 10:06:00 to 2026-11-20 10:06:00" },
	{ "Sendmail", "Nov 20 06:25:01 mx sm-mta[123]: uAK6P1ab000001: from=<app@contoso.com>, "
	  "size=12, relay=localhost [127.0.0.1]\n"
	  "Nov 20 06:25:02 mx sm-mta[124]: uAK6P1ab000001: to=<u@e.example>, mailer=esmtp, "
	  "relay=mx.e.example. [192.0.2.26], dsn=5.1.1, stat=User unknown\n"
	  "Nov 20 06:25:02 mx sm-mta[124]: uAK6P1ab000001: uAK6P2ab000002: DSN: User unknown\n"
	  "Nov 20 06:27:02 mx sm-mta[124]: uAK6P1ab000004: to=<u@e.example>, relay=mx.e.example. "
	  "[192.0.2.26], dsn=2.0.0, stat=Sent (ok 450abc)\n",
	  "unknown-recipient 0/1/0 mx.e.example contoso.com Nov 20 06:25:02 to Nov 20 06:25:02" },
	{ "OpenSMTPD", "Nov 20 06:28:02 mx smtpd[9]: 0a1b mta delivery evpid=1 "
	  "from=<a@contoso.com> to=<b@c.example> relay=\"192.0.2.26 (mx.e.example)\" "
	  "result=\"TempFail\" stat=\"451 4.7.1 Greylisted, try again in 300 seconds\"\n",
	  "greylisted 1/0/0 mx.e.example contoso.com Nov 20 06:28:02 to Nov 20 06:28:02" },
	{ "Exchange, a reply of two lines, the sender by the session",
	  "2026-11-20T12:00:00.300Z,Out,08DE000000000001,3,10.0.0.1:1234,192.0.2.26:25,>,MAIL "
	  "FROM:<i@contoso.com> SIZE=450,\n"
	  "2026-11-20T12:00:00.600Z,Out,08DE000000000001,6,10.0.0.1:1234,192.0.2.26:25,<,550-5.1.1 "
	  "No such,\n"
	  "2026-11-20T12:00:00.600Z,Out,08DE000000000001,7,10.0.0.1:1234,192.0.2.26:25,<,550 5.1.1 "
	  "User unknown,\n", "unknown-recipient 0/0/1 192.0.2.26 contoso.com "
	  "2026-11-20T12:00:00.600Z to 2026-11-20T12:00:00.600Z" },
	{ "a nodemailer block is one failure, with the time above it",
	  "2026-11-20 12:00:01 ERROR send failed\nError: Invalid login: " OFF
	  "\n    at SMTPConnection._formatError (/app/index.js:535:19)\n"
	  "    at x (/app/index.js:1540:34) {\n  code: 'EAUTH',\n  response: '" OFF
	  "',\n  responseCode: 535,\n  command: 'AUTH LOGIN'\n}\n"
	  "2026-11-20 12:00:05 INFO took 450 ms\n",
	  "tenant-smtp-auth-disabled 0/0/1 - - 2026-11-20 12:00:01 to 2026-11-20 12:00:01" },
	{ "a Python trace is one failure, chained ones too", "2026-11-20 12:01:00 ERROR job\n"
	  "Traceback (most recent call last):\n  File \"a.py\", line 535, in send\n"
	  "smtplib.SMTPAuthenticationError: (535, b'5.7.139 Authentication unsuccessful, "
	  "SmtpClientAuthentication is disabled for the Tenant.')\n\n"
	  "During handling of the above exception, another exception occurred:\n\n"
	  "Traceback (most recent call last):\n  File \"b.py\", line 1, in x\n"
	  "app.MailError: (535, b'5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
	  "disabled for the Tenant.')\n",
	  "tenant-smtp-auth-disabled 0/0/1 - - 2026-11-20 12:01:00 to 2026-11-20 12:01:00" },
	{ "two traces after one another are two", "smtplib.SMTPServerDisconnected: Connection "
	  "unexpectedly closed\nTraceback (most recent call last):\n  File \"a.py\", line 1, in x\n"
	  "smtplib.SMTPServerDisconnected: Connection unexpectedly closed\n",
	  "connection-dropped 0/0/2 - - - to -" },
	{ "a line of JSON, its time in it",
	  "{\"level\":\"error\",\"time\":\"2026-11-20T12:03:00Z\",\"msg\":\"" OFF "\"}\n",
	  "tenant-smtp-auth-disabled 0/0/1 - - 2026-11-20T12:03:00Z to 2026-11-20T12:03:00Z" },
	{ "numbers that are no codes", "2026-11-20 12:00:00 took 450 ms\n"
	  "10.0.0.1 - - [20/Nov/2026:12:00:00 +0000] \"GET /x HTTP/1.1\" 502 450\n"
	  "2026-11-20 12:00:01 version 5.1.1 starts\n    at x (/app/index.js:535:19)\n", "" },
	{ "first and last by their times, not by their order", P "4AB12C0DE1: to=<a@b.example>, "
	  "relay=m.example[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)\n"
	  "Nov 19 01:00:00 mx postfix/smtp[812]: 4AB12C0DE2: to=<a@b.example>, "
	  "relay=m.example[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 5.1.1 User unknown)\n",
	  "unknown-recipient 0/2/0 m.example - Nov 19 01:00:00 to Nov 20 06:25:02" },
};

static void test_logs(void)
{
	static const size_t steps[] = { 1 << 20, 1, 7 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
			_cleanup_(arena_freep) struct arena *a = arena_new();
			_cleanup_(tally_freep) struct tally *t = tally_new(know);

			feed(t, cases[i].log, strlen(cases[i].log), steps[k]);
			is_str(told(a, t), cases[i].want,
			       arena_printf(a, "%s (%zu bytes at a time)", cases[i].what,
					    steps[k]));
		}
	}
}

/* --- the same refusal with other names and numbers is judged once; another one anew --- */

static void test_cache(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(tally_freep) struct tally *t = tally_new(know);
	struct tally_sum s;

	for (unsigned i = 0; i < 1000; i++) {
		const char *line = arena_printf(
			a, "Nov 20 06:%02u:02 mx postfix/smtp[%u]: %08X0: to=<u%u@e.example>, "
			"relay=mx%u.e.example[192.0.2.%u]:25, delay=%u, dsn=5.1.1, status=bounced "
			"(host mx%u.e.example[192.0.2.%u] said: 550 5.1.1 <u%u@e.example>: User "
			"unknown [A%uB%u.prod.example 2026-11-20T06:25:02.123Z 08DE%08X] (in reply "
			"to RCPT TO command))", i % 60, i, i * 77777u, i, i, i % 255, i, i, i % 255,
			i, i + 100, i, i * 999u);

		tally_line(t, span_of(line), false);
	}
	tally_line(t, span_of("x 535 5.7.139 Authentication unsuccessful, the user credentials "
			      "were incorrect."),
		   false);
	tally_line(t, span_of("x " OFF), false);
	tally_end(t);
	s = tally_sum(t, a);
	is_int(s.count.all, 1002, "all are counted");
	is_int(s.judged, 3, "a thousand refusals that differ in names and numbers, and two others: "
	       "three judgements");
	is_int(s.n_causes, 3, "three causes");
	is_int(s.n_relays, 1001, "each relay is counted by name");
}

static void test_keys(void)
{
	static const struct { const char *a, *b; bool same; } pairs[] = {
		{ "550 5.1.1 <a@b.example>: unknown",
		  "550 5.1.1 <xy@longer.example>: unknown", true },
		{ "550 5.1.1 unknown", "550 5.1.2 unknown", false },
		{ "535 5.7.8 no", "535 5.7.139 no", false },
		{ "AADSTS50126: no", "AADSTS50053: no", false },
		{ "connect to 192.0.2.1:25: no", "connect to 198.51.100.77:25: no", true },
		{ "connect to 192.0.2.1:25: no", "connect to 192.0.2.1:587: no", false },
		{ "at 12:00:00 no", "at 23:59:01 no", true },
		{ "session 1a2b3c4d5e no", "session 9f8e7d6c5b4a no", true },
		{ "no 31-20020a05aa00b0.49 - gsmtp", "no 4-20020b17cc11d0.7 - gsmtp", true },
		{ "[BL1PR01MB12.prod.exchange.example 08DE12AB34]",
		  "[AM5PR05MB9.prod.exchange.example 08DF99CD01EF]", true },
		{ "[BL1PR01MB12.prod.exchange.example]", "[AM5PR05MB9.mail.example]", false },
		{ "SocketException (10060)", "SocketException (10061)", false },
		{ "<** 535 no >", "<** 550 no >", false },
		{ "blocked using zen.list.example", "blocked using other.list.example", false },
		{ "550 5.1.1 mueller unknown", "550 5.1.1 schmidt unknown", true },
		{ "550 5.1.1 Kowalczyk", "550 5.1.1 qwxvkzj", true },
		{ "550 5.1.1 mailbox unknown", "550 5.1.1 account unknown", false },
		{ "550 5.1.1 mailbox unknown", "550 5.1.1 mueller unknown", false },
		{ "550 5.1.1 refuse", "550 5.1.1 ablehnen", false },
		{ "550 x=mueller", "550 x=schmidt", false },
	};

	_cleanup_(arena_freep) struct arena *arena = arena_new();
	const struct vocabulary *words = vocabulary_new(arena, know);

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		bool same = tally_key(1, span_of(pairs[i].a), span_of(""), words) ==
			    tally_key(1, span_of(pairs[i].b), span_of(""), words);
		_cleanup_(arena_freep) struct arena *a = arena_new();

		is_int(same, pairs[i].same,
		       arena_printf(a, "'%s' and '%s' are %s", pairs[i].a, pairs[i].b,
				    pairs[i].same ? "one" : "two"));
	}
}

/* --- limits --- */

static void test_limits(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(tally_freep) struct tally *t = tally_new(know);
	uint64_t by_cause = 0, by_relay = 0, by_cell = 0;
	struct tally_sum s;
	unsigned n = 3 * LIMIT_TALLY_CELLS;

	for (unsigned i = 0; i < n; i++)
		tally_line(t, span_of(arena_printf(a, "%s from=<x@d%u.example>, relay=r%u.example, "
						   "dsn=5.1.1, status=bounced (550 5.1.1 User "
						   "unknown)", P, i / 3, i)),
			   false);
	s = tally_sum(t, a);
	is_int(s.count.all, n, "more relays and domains than there is room for: all are counted");
	is_int(s.n_relays, LIMIT_TALLY_NAMES + 1, "so many by name, and the others");
	ok(s.relays[0]->name == NULL && s.relays[0]->count.all == n - LIMIT_TALLY_NAMES,
	   "... which have the rest");
	for (size_t i = 0; i < s.n_causes; i++)
		by_cause += s.causes[i]->count.all;
	for (size_t i = 0; i < s.n_relays; i++)
		by_relay += s.relays[i]->count.all;
	for (size_t i = 0; i < s.n_cells; i++)
		by_cell += s.cells[i]->count.all;
	is_int(by_cause, n, "the causes add up");
	is_int(by_relay, n, "the relays add up");
	is_int(by_cell, n, "the cells add up");
	ok(s.n_cells <= LIMIT_TALLY_CELLS + 1, "there are no more cells than allowed");
}

static void test_many_unknown(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(tally_freep) struct tally *t = tally_new(know);
	struct tally_sum s;
	unsigned n = 0;

	for (unsigned i = 8; i < 1000; i++)
		for (unsigned k = 0; k < 2; k++, n++)
			tally_line(t,
				   span_of(arena_printf(a, "%s relay=r.example, dsn=5.7.0, "
							"status=bounced (x said: %u 5.%u.%u zzz)",
							P, 560 + k, i % 8, i)),
				   false);
	s = tally_sum(t, a);
	is_int(s.count.all, n, "more unknown codes than there is room for: all are counted");
	ok(s.n_causes <= LIMIT_TALLY_CAUSES, "... in no more groups than allowed");
}

static uint64_t lines_seen, cut_seen;
static size_t longest;

static void look(void *arg, struct span line, bool cut)
{
	(void)arg;
	lines_seen++;
	cut_seen += cut;
	longest = line.len > longest ? line.len : longest;
}

static void test_lines(void)
{
	static const size_t lengths[] = { LIMIT_LOG_LINE - 1, LIMIT_LOG_LINE, LIMIT_LOG_LINE + 1,
					  10 * LIMIT_LOG_LINE };

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		char *text = arena_alloc(a, lengths[i] + 8);

		for (size_t step = 1000; step <= 1000000; step *= 1000) {
			struct lines l;

			lines_seen = cut_seen = longest = 0;
			memset(text, 'x', lengths[i]);
			memcpy(text + lengths[i], "\nab\r\n\nc", 8);
			lines_init(&l, LIMIT_LOG_LINE, look, NULL);
			for (size_t at = 0; at < lengths[i] + 7; at += step)
				lines_feed(&l, text + at,
					   lengths[i] + 7 - at < step ? lengths[i] + 7 - at : step);
			lines_end(&l);
			is_int(lines_seen,
			       4, arena_printf(a, "a line of %zu bytes and three more, %zu at a "
					       "time: four lines", lengths[i], step));
			is_int(cut_seen, lengths[i] > LIMIT_LOG_LINE, "... cut when it's too long");
			is_int(longest, lengths[i] > LIMIT_LOG_LINE ? LIMIT_LOG_LINE : lengths[i],
			       "... at the limit");
			lines_release(&l);
		}
	}
}

/*
 * What is worth a look at the end of a long line is found; of what is too long it's cut around it.
 */
static void test_long_line(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(tally_freep) struct tally *t = tally_new(know);
	size_t n = LIMIT_LOG_LINE - 1;
	char *text = arena_alloc(a, n + 1);

	memset(text, '.', n);
	memcpy(text + n - strlen(" " OFF), " " OFF, strlen(" " OFF));
	tally_line(t, (struct span) { text, n }, false);
	tally_end(t);
	is_str(told(a, t), "tenant-smtp-auth-disabled 0/0/1 - - - to -",
	       "a refusal at the end of a line of 64 KiB");
}

/* --- times --- */

static void test_stamps(void)
{
	static const struct { const char *line, *want; } table[] = {
		{ "Nov 20 06:25:02 mx x", "Nov 20 06:25:02" },
		{ "Nov  2 06:25:02 mx x", "Nov  2 06:25:02" },
		{ "<22>Nov 20 06:25:02 mx", "Nov 20 06:25:02" },
		{ "2026-11-20T12:00:00Z x", "2026-11-20T12:00:00Z" },
		{ "<134>1 2026-11-20T12:00:00.123456+01:00 mx",
		  "2026-11-20T12:00:00.123456+01:00" },
		{ "2026-11-20 12:00:00,123 ERROR", "2026-11-20 12:00:00,123" },
		{ "2026-11-20 12:00:00 +0100 x", "2026-11-20 12:00:00 +0100" },
		{ "2026/11/20 12:00:00 x", "2026/11/20 12:00:00" },
		{ "[20-Nov-2026 12:00:00 UTC] x", "20-Nov-2026 12:00:00" },
		{ "1 - - [20/Nov/2026:12:00:00 +0000] x", "20/Nov/2026:12:00:00 +0000" },
		{ "Fri, 20 Nov 2026 12:00:00 +0000", "20 Nov 2026 12:00:00 +0000" },
		{ "[1795176000.123] x", "1795176000.123" },
		{ "{\"a\":1,\"ts\":1795176000123}", "1795176000123" },
		{ "1795176000 x", "1795176000" },
		{ "550 5.1.1 User unknown", "" }, { "2026-13-20 12:00:00", "" },
		{ "x 1795176000 y", "" }, { "", "" }, { "Nov 20", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct stamp st = { .text = "" };

		stamp_find(span_of(table[i].line), &st);
		is_str(st.text, table[i].want, table[i].line);
	}
}

static void test_stamp_order(void)
{
	static const struct { const char *a, *b; bool earlier; } table[] = {
		{ "Nov 19 06:25:02", "Nov 20 06:25:01", true },
		{ "Nov 20 06:25:02", "Nov 20 06:25:02", false },
		{ "Dec 31 23:59:59", "Jan  1 00:00:01", true },
		{ "Jan  1 00:00:01", "Dec 31 23:59:59", false },
		{ "2026-11-20T12:00:00Z", "2027-01-01 00:00:00", true },
		{ "Nov 20 06:25:02", "2026-11-20T12:00:00Z", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct stamp a, b;
		_cleanup_(arena_freep) struct arena *arena = arena_new();

		stamp_find(span_of(table[i].a), &a);
		stamp_find(span_of(table[i].b), &b);
		is_int(stamp_earlier(&a, &b), table[i].earlier,
		       arena_printf(arena, "%s before %s", table[i].a, table[i].b));
	}
}

/* --- who sent what --- */

static void test_senders(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct senders *s = senders_new(a);
	struct span got = { "", 0 };
	char long_id[64];

	memset(long_id, 'x', sizeof(long_id));
	senders_put(s, span_of("A1"), span_of("one.example"));
	senders_put(s, span_of("A2"), span_of(""));
	senders_put(s, span_of("A1"), span_of("two.example"));
	senders_put(s, (struct span) { long_id, sizeof(long_id) }, span_of("x"));
	ok(senders_get(s, span_of("A1"), &got) && span_eq(got, "two.example"),
	   "the newest one counts");
	ok(senders_get(s, span_of("A2"), &got) && got.len == 0, "the null sender");
	ok(!senders_get(s, span_of("A3"), &got) && !senders_get(s, span_of(""), &got),
	   "an id that is not known");
	ok(!senders_get(s, (struct span) { long_id, sizeof(long_id) }, &got),
	   "an id that is too long is not kept");
	for (unsigned i = 0; i < 200000; i++)
		senders_put(s, span_of(arena_printf(a, "B%u", i)), span_of("x.example"));
	ok(senders_get(s, span_of("B199999"), &got), "the last one is always known");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = "";

	know = know_new(a, NULL, &error);
	if (!ok(know != NULL, "the tables load")) {
		printf("Bail out! %s\n", error);
		return 1;
	}
	test_logs();
	test_cache();
	test_keys();
	test_limits();
	test_many_unknown();
	test_lines();
	test_long_line();
	test_stamps();
	test_stamp_order();
	test_senders();
	return tap_done();
}
