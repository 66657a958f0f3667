/*
 * t-smtp-client - what else proto/smtp.h does: what was offered, failures that stay, how long a
 * reply may be and how slow a server.
 */
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/smtp.h"
#include "tests/unit/peer.h"
#include "tests/unit/smtp-run.h"
#include "tests/unit/tap.h"

static void capabilities_client(struct smtp *s, struct run *r)
{
	usual_client(s, r);
	ok(smtp_offers(s, "starttls"), "a keyword on the last line, asked for in lower case");
	is_str(smtp_parameters(s, "SIZE"), "157286400", "parameters");
	is_str(smtp_parameters(s, "PIPELINING"), "", "no parameters");
	ok(!smtp_offers(s, "CHUNKING"), "what is not offered");
	is_str(smtp_parameters(s, "LIMITS"), "MAILMAX=20 RCPTMAX=100",
	       "parameters with an equals sign");
	is_str(strv_join(smtp_mechanisms(s), r->arena, " "), "LOGIN XOAUTH2 PLAIN",
	       "AUTH and AUTH= are merged, upper case, each once");
	is_str(strv_join(smtp_capabilities(s), r->arena, "|"),
	       "SIZE 157286400|pipelining|AUTH login XOAUTH2|AUTH=LOGIN PLAIN|"
	       "LIMITS MAILMAX=20 RCPTMAX=100|STARTTLS", "the lines as sent");
	is_str(smtp_peer(s), "mx.example[192.0.2.25]:25", "peer");
	ok(smtp_times(s)->greeting >= 0 && smtp_times(s)->ehlo >= 0,
	   "times of the stages that came");
	is_int(smtp_times(s)->auth, -1, "time of a stage that did not come");
}

static const struct dialogue capabilities = {
	.title = "capabilities", .class = NO_FAILURE, .code = 250,
	.script = SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250-SIZE 157286400",
			 "> 250-pipelining", "> 250-AUTH login XOAUTH2",
			 "> 250-AUTH=LOGIN PLAIN", "> 250-LIMITS MAILMAX=20 RCPTMAX=100",
			 "> 250 STARTTLS", "< MAIL", "> 250 ok", "hang"),
};

static void sticky_client(struct smtp *s, struct run *r _unused_)
{
	smtp_greeting(s);
	smtp_ehlo(s, "probe.example");
	ok(!smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS"), "a refusal is false");
	is_int(smtp_failure(s)->reply->code, 454, "and quotes the reply");
	ok(!smtp_ask(s, STAGE_MAIL, 250, "MAIL FROM:<a@b>"), "after a failure nothing is said");
	is_int(smtp_failure(s)->stage, STAGE_STARTTLS, "and the first failure stays");
	smtp_forgive(s);
	ok(!smtp_failure(s), "forgiven");
	is_int(smtp_try(s, STAGE_MAIL, "MAIL FROM:<a@b>")->code, 530, "a try is no failure");
	ok(!smtp_failure(s), "whatever the reply says");
	ok(smtp_ask(s, STAGE_UNKNOWN, 2, "RSET"), "any 2yz will do");
	ok(!smtp_try(s, STAGE_MAIL, "MAIL FROM:<%s>", "a@b>\r\nRCPT TO:<c@d"),
	   "a line break makes two commands of one: refused");
	is_int(smtp_failure(s)->class, FAILURE_LOCAL, "and that's our fault");
	smtp_forgive(s);
	ok(smtp_failure(s), "which is not forgiven");
}

static const struct dialogue sticky = {
	.title = "a sticky failure", .class = FAILURE_LOCAL, .stage = STAGE_MAIL,
	.text = "a line break",
	.script = SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250 STARTTLS", "< STARTTLS",
			 "> 454 4.7.0 not now", "< MAIL FROM:<a@b>",
			 "> 530 5.7.0 no", "< RSET", "> 200 fine", "hang"),
};

static void buffered_client(struct smtp *s, struct run *r _unused_)
{
	ok(smtp_greeting(s) && smtp_ehlo(s, "x") && smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS"),
	   "as far as the 220");
	is_int(smtp_buffered(s), 22, "what follows it is counted");
}

static const struct dialogue buffered = {
	.title = "plaintext after the 220 to STARTTLS", .class = NO_FAILURE, .code = 220,
	.script = SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250 STARTTLS", "< STARTTLS",
			 ">> 220 go\\r\\n250-evil\\r\\n250 AUTH X\\r\\n", "hang"),
};

static void quit_client(struct smtp *s, struct run *r)
{
	usual_client(s, r);
}

/* --- limits --- */

/* A script of one big reply. The strings live in the arena. */
static const char *const *big_reply(struct arena *a, size_t line, size_t lines)
{
	const char **script = arena_alloc(a, (lines * (line / 3000 + 3) + 4) * sizeof(*script));
	size_t n = 0;

	for (size_t i = 0; i < lines; i++) {
		size_t left = line - 4;

		script[n++] = i + 1 < lines ? ">> 220-" : ">> 220 ";
		while (left) {
			size_t part = left < 3000 ? left : 3000;
			char *text = arena_alloc(a, part + 4);

			memcpy(text, ">> ", 3);
			memset(text + 3, 'x', part);
			script[n++] = text;
			left -= part;
		}
		script[n++] = ">> \\r\\n";
	}
	script[n++] = "hang";
	return script;
}

static void greeting_client(struct smtp *s, struct run *r _unused_)
{
	smtp_greeting(s);
}

static void limits(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct dialogue at_the_edge[] = {
		{ "a line of 8 KiB", big_reply(a, LIMIT_REPLY_LINE, 2), NO_FAILURE, STAGE_UNKNOWN,
		  220, NULL },
		{ "a line of one byte more", big_reply(a, LIMIT_REPLY_LINE + 1, 1),
		  FAILURE_PROTOCOL, STAGE_GREETING, 0, "a reply line of more than 8192 bytes" },
		{ "a line without end", big_reply(a, 3 * LIMIT_REPLY_LINE, 1), FAILURE_PROTOCOL,
		  STAGE_GREETING, 0, "a reply line of more than 8192 bytes" },
		{ "256 lines", big_reply(a, 10, LIMIT_REPLY_LINES), NO_FAILURE, STAGE_UNKNOWN,
		  220, NULL },
		{ "257 lines", big_reply(a, 10, LIMIT_REPLY_LINES + 1), FAILURE_PROTOCOL,
		  STAGE_GREETING, 0, "a reply of more than 256 lines" },
		{ "256 lines of 8 KiB", big_reply(a, LIMIT_REPLY_LINE, LIMIT_REPLY_LINES),
		  NO_FAILURE, STAGE_UNKNOWN, 220, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(at_the_edge); i++)
		alone(&at_the_edge[i], greeting_client, NULL);
}

/* A server that says nothing may be waiting for TLS: an alert is an answer, too. */
static void late_client(struct smtp *s, struct run *r)
{
	bool alert = str_eq(r->peer.script[0], "drop");

	ok(!smtp_greeting(s), "no greeting comes");
	is_int(smtp_offer_tls(s), alert,
	       alert ? "a ClientHello is answered" : "a ClientHello is not answered either");
}

static void late(const char *const *script)
{
	struct dialogue d = { "silence", script, FAILURE_TIMEOUT, STAGE_GREETING, 0,
			      "no reply within" };
	/* Long enough for a busy machine to answer, for the silence is waited for as well. */
	struct run *r = run_begin(&d, 2000);

	r->client = late_client;
	fiber_run(conversation, r);
	check_outcome(r, ", then a ClientHello");
	run_end(r);
}

/* A greeting a byte a while: each byte comes in time, the whole does not. */
static void drip(void *arg)
{
	struct peer *p = arg;

	for (const char *text = "220 mx.example\r\n"; *text; text++)
		if (fiber_sleep(20) < 0 || write(p->fd, text, 1) != 1)
			break;
	close(p->fd);
}

static int tarpit(void *arg)
{
	struct run *r = arg;
	struct reached where = peer_reached(r->client_fd);
	struct scope scope;
	struct smtp *s = smtp_new(r->net, r->arena, "mx.example:25", "mx.example", &where,
				  SMTP_CLEAR);

	scope_begin(&scope);
	fiber_spawn(&scope, "drip", drip, &r->peer);
	ok(!smtp_greeting(s), "a greeting that drips is not waited for");
	is_int(smtp_failure(s)->class, FAILURE_TIMEOUT,
	       "longer than one step takes: that's a time-out");
	smtp_close(s);
	scope_cancel(&scope);
	scope_join(&scope);
	return 0;
}

int main(void)
{
	struct run *r;

	alone(&capabilities, capabilities_client, NULL);
	alone(&sticky, sticky_client, NULL);
	alone(&buffered, buffered_client, NULL);
	alone(&(struct dialogue) { .title = "QUIT", .class = NO_FAILURE, .code = 250,
				   .script = SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL",
						    "> 250 ok", "< QUIT", "hang") },
	      quit_client, "QUIT\n");
	alone(&(struct dialogue) { .title = "QUIT after a 554", .class = FAILURE_REFUSED,
				   .stage = STAGE_GREETING, .code = 554, .text = "refused",
				   .script = SCRIPT("> 554 no", "< QUIT", "hang") },
	      quit_client, "QUIT\n");
	limits();
	late(SCRIPT("drop", ">> \\x15\\x03\\x03\\x00\\x02\\x02\\x46", "hang"));
	late(SCRIPT("hang"));

	r = run_begin(&capabilities, 100);
	fiber_run(tarpit, r);
	run_end(r);
	return tap_done();
}
