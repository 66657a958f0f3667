/*
 * t-smtp - dialogues with a scripted peer: what is understood, what is named as broken, and where.
 *
 * Each is run plainly, one byte a segment, cut off at each step in three ways, and cancelled at each suspension.
 */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/smtp.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }
#define NO_FAILURE (-1)

struct dialogue {
	const char		*title;
	const char *const	*script;
	int			 class;		/* of the failure, NO_FAILURE */
	enum stage		 stage;
	int			 code;		/* of the reply the failure quotes, or of the last one */
	const char		*text;		/* within the failure's text */
};

static const struct dialogue dialogues[] = {
	{ "a plain dialogue", SCRIPT("> 220 mx.example ESMTP", "< EHLO probe.example", "> 250-mx.example Hello [192.0.2.7]", "> 250-SIZE 1000",
				     "> 250 PIPELINING", "< MAIL FROM:<>", "> 250 2.1.0 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "a greeting of several lines", SCRIPT("> 220-mx.example", "> 220-no spam", "> 220 please", "< EHLO", "> 250 mx", "< MAIL", "> 250 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "bare line feeds", SCRIPT(">> 220 mx\\n", "< EHLO", ">> 250-mx\\n250 SIZE\\n", "< MAIL", ">> 250 ok\\n", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "bare codes and two CRs", SCRIPT(">> 220\\r\\r\\n", "< EHLO", ">> 250\\r\\r\\n", "< MAIL", ">> 250-\\r\\r\\r\\n250\\r\\r\\n", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "a refusal of a bare code and two CRs", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", ">> 550\\r\\r\\n", "hang"),
	  FAILURE_REFUSED, STAGE_MAIL, 550, "refused with 550" },
	{ "a bare code and a CR, then the end", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", ">> 550\\r", "close"),
	  FAILURE_REFUSED, STAGE_MAIL, 550, "refused with 550" },
	{ "CR alone ends no line", SCRIPT(">> 220 mx\\r", "hang"), FAILURE_TIMEOUT, STAGE_GREETING, 0, "no complete reply within" },
	{ "a NUL behind the code", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", ">> 250\\0\\r\\n", "hang"),
	  FAILURE_PROTOCOL, STAGE_MAIL, 0, "\"250\\x00\"" },
	{ "all replies at once", SCRIPT(">> 220 mx\\r\\n250 mx\\r\\n250 ok\\r\\n", "< EHLO", "< MAIL", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "421 as a greeting", SCRIPT("> 421 4.3.2 too many connections", "close"), FAILURE_REFUSED, STAGE_GREETING, 421, "refused with 421" },
	{ "554 as a greeting", SCRIPT("> 554-5.7.1 listed", "> 554 5.7.1 go away", "hang"), FAILURE_REFUSED, STAGE_GREETING, 554, "refused with 554" },
	{ "554 without a line end", SCRIPT(">> 554 5.7.1 go away", "close"), FAILURE_REFUSED, STAGE_GREETING, 554, "refused with 554" },
	{ "250 as a greeting", SCRIPT("> 250 hi", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 250, "answered with 250 where 220 was due" },
	{ "closed without a word", SCRIPT("close"), FAILURE_NET, STAGE_GREETING, 0, "the server closed the connection while waiting for the greeting" },
	{ "reset without a word", SCRIPT("reset"), FAILURE_NET, STAGE_GREETING, 0, "the connection was reset while waiting for the greeting" },
	{ "silence", SCRIPT("hang"), FAILURE_TIMEOUT, STAGE_GREETING, 0, "no reply within" },
	{ "half a greeting, then silence", SCRIPT(">> 220-mx\\r\\n220 m", "hang"), FAILURE_TIMEOUT, STAGE_GREETING, 0, "no complete reply within" },
	{ "half a greeting, then the end", SCRIPT(">> 220-mx\\r\\n", "close"), FAILURE_NET, STAGE_GREETING, 220, "closed the connection" },
	{ "HTTP", SCRIPT("> HTTP/1.1 400 Bad Request", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 0, "greeted with HTTP" },
	{ "a TLS alert", SCRIPT(">> \\x15\\x03\\x01\\x00\\x02\\x02\\x46", "close"), FAILURE_PROTOCOL, STAGE_GREETING, 0, "greeted with a TLS alert" },
	{ "SSH", SCRIPT("> SSH-2.0-OpenSSH_9.2", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 0, "greeted with SSH" },
	{ "noise", SCRIPT(">> \\x00\\xff\\xfe\\x1b[2J", "close"), FAILURE_PROTOCOL, STAGE_GREETING, 0, "\"\\x00\\xff\\xfe\\x1b[2J\"" },
	{ "noise in the middle of a reply", SCRIPT("> 220-mx", "> hello", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 0, "\"hello\"" },
	{ "HELO after 502", SCRIPT("> 220 mx", "< EHLO", "> 502 what?", "< HELO probe.example", "> 250 mx", "< MAIL", "> 250 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "EHLO and HELO refused", SCRIPT("> 220 mx", "< EHLO", "> 550 5.7.1 no", "< HELO", "> 550 5.7.1 no, I said", "hang"),
	  FAILURE_REFUSED, STAGE_EHLO, 550, "HELO was refused with 550" },
	{ "EHLO refused, HELO met by the end", SCRIPT("> 220 mx", "< EHLO", "> 554 5.7.1 no", "close"), FAILURE_REFUSED, STAGE_EHLO, 554,
	  "EHLO was refused with 554" },
	{ "421 to EHLO", SCRIPT("> 220 mx", "< EHLO", "> 421 4.4.2 bye", "close"), FAILURE_REFUSED, STAGE_EHLO, 421, "EHLO was refused with 421" },
	{ "421 before MAIL", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "> 421 4.4.2 too slow", "close"), FAILURE_REFUSED, STAGE_MAIL, 421,
	  "refused with 421" },
	{ "closed after EHLO", SCRIPT("> 220 mx", "< EHLO", "close"), FAILURE_NET, STAGE_EHLO, 0, "closed the connection while performing the EHLO" },
	{ "reset after EHLO", SCRIPT("> 220 mx", "< EHLO", "reset"), FAILURE_NET, STAGE_EHLO, 0, "reset while performing the EHLO" },
	{ "mixed codes", SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 500 oops", "< HELO", "> 250 mx", "< MAIL", "> 250 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "MAIL refused", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", "> 530 5.7.57 not authenticated", "hang"),
	  FAILURE_REFUSED, STAGE_MAIL, 530, "MAIL was refused with 530" },
	{ "MAIL answered with 354", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", "> 354 go", "hang"), FAILURE_PROTOCOL, STAGE_MAIL, 354,
	  "answered with 354 where 250 was due" },
};

/* --- running one --- */

struct run {
	const struct dialogue	*d;
	struct peer		 peer;
	int			 client_fd;
	struct arena		*arena;
	struct net		*net;
	const struct failure	*failure;
	const struct transcript	*transcript;
	int			 code;
	void			(*client)(struct smtp *s, struct run *r);
};

static void usual_client(struct smtp *s, struct run *r _unused_)
{
	(void)(smtp_greeting(s) && smtp_ehlo(s, "probe.example") && smtp_ask(s, STAGE_MAIL, 250, "MAIL FROM:<>"));
}

static int conversation(void *arg)
{
	struct run *r = arg;
	struct reached where = peer_reached(r->client_fd);
	struct scope scope;
	struct smtp *s = smtp_new(r->net, r->arena, "mx.example:25", "mx.example", &where, SMTP_PLAIN);

	scope_begin(&scope);
	if (fiber_spawn(&scope, "peer", peer_run, &r->peer) < 0)
		close(r->peer.fd);
	r->client(s, r);
	r->failure = smtp_failure(s);
	r->transcript = smtp_transcript(s);
	r->code = smtp_code(s);
	smtp_close(s);
	scope_join(&scope);
	return 0;
}

/* Everything made here is freed by run_end(). */
static struct run *run_begin(const struct dialogue *d, int64_t timeout_ms)
{
	struct net_options o = { .timeout_ms = timeout_ms };
	struct run *r = xcalloc(1, sizeof(*r));
	const char *error = NULL;
	int fds[2];

	peer_sockets(fds);
	r->d = d;
	r->client = usual_client;
	r->client_fd = fds[0];
	r->peer = (struct peer) { .fd = fds[1], .script = d->script, .cut_at = PEER_NO_CUT };
	r->arena = arena_new();
	r->net = net_new(r->arena, &o, &error);
	assert(r->net);
	return r;
}

static void run_end(struct run *r)
{
	net_free(r->net);
	arena_free(r->arena);
	free(r);
}

static int64_t timeout_for(const struct dialogue *d)
{
	return d->class == FAILURE_TIMEOUT ? 60 : 5000;
}

static void check_outcome(struct run *r, const char *how)
{
	const struct dialogue *d = r->d;
	const struct failure *f = r->failure;
	char what[256];

	snprintf(what, sizeof(what), "%s%s: failure class", d->title, how);
	is_str(f ? failure_class_name(f->class) : "none", d->class == NO_FAILURE ? "none" : failure_class_name((enum failure_class)d->class), what);
	snprintf(what, sizeof(what), "%s%s: code", d->title, how);
	is_int(f ? (f->reply ? f->reply->code : 0) : r->code, d->code, what);
	snprintf(what, sizeof(what), "%s%s: the peer heard what it should", d->title, how);
	is_str(r->peer.wrong, "", what);
	if (!f || d->class == NO_FAILURE)
		return;
	snprintf(what, sizeof(what), "%s%s: stage", d->title, how);
	is_str(stage_name(f->stage), stage_name(d->stage), what);
	snprintf(what, sizeof(what), "%s%s: text", d->title, how);
	if (!ok(strstr(f->text, d->text) != NULL, what))
		printf("#   got   %s\n#   want  ...%s...\n", f->text, d->text);
	snprintf(what, sizeof(what), "%s%s: peer", d->title, how);
	is_str(f->peer, "mx.example[192.0.2.25]:25", what);
}

static void plainly(const struct dialogue *d)
{
	struct run *r;

	r = run_begin(d, timeout_for(d));
	is_int(fiber_run(conversation, r), 0, d->title);
	check_outcome(r, "");
	run_end(r);

	r = run_begin(d, timeout_for(d) * 4);
	r->peer.chunk = 1;
	fiber_run(conversation, r);
	check_outcome(r, ", byte by byte");
	run_end(r);
}

/* Cut off at each step: the end is clean, and it's never our fault. */
static void cut_off(const struct dialogue *d)
{
	static const char *const ways[] = { "close", "reset", "hang" };
	char what[256];
	bool good = true;
	int steps = 0;

	while (d->script[steps])
		steps++;
	for (size_t w = 0; w < ARRAY_LEN(ways); w++)
		for (int i = 0; i < steps; i++) {
			struct run *r;

			r = run_begin(d, str_eq(ways[w], "hang") ? 30 : 2000);
			r->peer.cut_at = i;
			r->peer.cut = ways[w];
			fiber_run(conversation, r);
			if (r->failure && (r->failure->class == FAILURE_LOCAL || r->failure->class == FAILURE_CANCELLED)) {
				printf("# cut by %s at step %d: %s\n", ways[w], i, r->failure->text);
				good = false;
			}
			run_end(r);
		}
	snprintf(what, sizeof(what), "%s: cut off at each of %d steps in three ways", d->title, steps);
	ok(good, what);
}

/* Cancelled at each suspension: it ends, and says so. */
static void cancelled(const struct dialogue *d)
{
	char what[256];
	bool good = true, reached = true;
	uint64_t n = 0;

	while (reached && n < 200) {
		struct run *r;
		struct fiber_stats stats;

		r = run_begin(d, timeout_for(d));
		fiber_cancel_at(++n);
		fiber_run(conversation, r);
		fiber_cancel_at(0);
		fiber_stats(&stats);
		reached = r->failure && r->failure->class == FAILURE_CANCELLED;
		if (r->failure && r->failure->class == FAILURE_LOCAL) {
			printf("# cancelled at %d: %s\n", (int)n, r->failure->text);
			good = false;
		}
		run_end(r);
	}
	snprintf(what, sizeof(what), "%s: cancelled at each of %d suspensions", d->title, (int)n - 1);
	ok(good && n > 1, what);
}

/* --- one thing at a time --- */

static void capabilities_client(struct smtp *s, struct run *r)
{
	usual_client(s, r);
	ok(smtp_offers(s, "starttls"), "a keyword on the last line, asked for in lower case");
	is_str(smtp_parameters(s, "SIZE"), "157286400", "parameters");
	is_str(smtp_parameters(s, "PIPELINING"), "", "no parameters");
	ok(!smtp_offers(s, "CHUNKING"), "what is not offered");
	is_str(smtp_parameters(s, "LIMITS"), "MAILMAX=20 RCPTMAX=100", "parameters with an equals sign");
	is_str(strv_join(smtp_mechanisms(s), r->arena, " "), "LOGIN XOAUTH2 PLAIN", "AUTH and AUTH= are merged, upper case, each once");
	is_str(strv_join(smtp_capabilities(s), r->arena, "|"), "SIZE 157286400|pipelining|AUTH login XOAUTH2|AUTH=LOGIN PLAIN|"
	       "LIMITS MAILMAX=20 RCPTMAX=100|STARTTLS", "the lines as sent");
	is_str(smtp_peer(s), "mx.example[192.0.2.25]:25", "peer");
	ok(smtp_times(s)->greeting >= 0 && smtp_times(s)->ehlo >= 0, "times of the stages that came");
	is_int(smtp_times(s)->auth, -1, "time of a stage that did not come");
}

static const struct dialogue capabilities = {
	.title = "capabilities", .class = NO_FAILURE, .code = 250,
	.script = SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250-SIZE 157286400", "> 250-pipelining", "> 250-AUTH login XOAUTH2",
			 "> 250-AUTH=LOGIN PLAIN", "> 250-LIMITS MAILMAX=20 RCPTMAX=100", "> 250 STARTTLS", "< MAIL", "> 250 ok", "hang"),
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
	ok(!smtp_try(s, STAGE_MAIL, "MAIL FROM:<%s>", "a@b>\r\nRCPT TO:<c@d"), "a line break makes two commands of one: refused");
	is_int(smtp_failure(s)->class, FAILURE_LOCAL, "and that's our fault");
	smtp_forgive(s);
	ok(smtp_failure(s), "which is not forgiven");
}

static const struct dialogue sticky = {
	.title = "a sticky failure", .class = FAILURE_LOCAL, .stage = STAGE_MAIL, .text = "a line break",
	.script = SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250 STARTTLS", "< STARTTLS", "> 454 4.7.0 not now", "< MAIL FROM:<a@b>",
			 "> 530 5.7.0 no", "< RSET", "> 200 fine", "hang"),
};

static void buffered_client(struct smtp *s, struct run *r _unused_)
{
	ok(smtp_greeting(s) && smtp_ehlo(s, "x") && smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS"), "as far as the 220");
	is_int(smtp_buffered(s), 22, "what follows it is counted");
}

static const struct dialogue buffered = {
	.title = "plaintext after the 220 to STARTTLS", .class = NO_FAILURE, .code = 220,
	.script = SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250 STARTTLS", "< STARTTLS", ">> 220 go\\r\\n250-evil\\r\\n250 AUTH X\\r\\n", "hang"),
};

static void helo_client(struct smtp *s, struct run *r)
{
	usual_client(s, r);
	ok(smtp_used_helo(s), "HELO was used");
	is_int(smtp_capabilities(s)->n, 0, "and offers nothing");
	is_str(smtp_garbage(s), "", "no garbage");
}

static void garbage_client(struct smtp *s, struct run *r)
{
	usual_client(s, r);
	is_str(smtp_garbage(s), "HTTP/1.1 400 Bad Request\\r\\n", "the garbage is kept, escaped");
}

static void quit_client(struct smtp *s, struct run *r)
{
	usual_client(s, r);
}

static void alone(const struct dialogue *d, void (*client)(struct smtp *s, struct run *r), const char *heard_last)
{
	struct run *r;

	r = run_begin(d, 5000);
	r->client = client;
	fiber_run(conversation, r);
	check_outcome(r, "");
	if (heard_last)
		ok(str_has_suffix_nocase(r->peer.heard, heard_last), "the peer heard the last word");
	run_end(r);
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
		{ "a line of 8 KiB", big_reply(a, LIMIT_REPLY_LINE, 2), NO_FAILURE, STAGE_UNKNOWN, 220, NULL },
		{ "a line of one byte more", big_reply(a, LIMIT_REPLY_LINE + 1, 1), FAILURE_PROTOCOL, STAGE_GREETING, 0, "a reply line of more than 8192 bytes" },
		{ "a line without end", big_reply(a, 3 * LIMIT_REPLY_LINE, 1), FAILURE_PROTOCOL, STAGE_GREETING, 0, "a reply line of more than 8192 bytes" },
		{ "256 lines", big_reply(a, 10, LIMIT_REPLY_LINES), NO_FAILURE, STAGE_UNKNOWN, 220, NULL },
		{ "257 lines", big_reply(a, 10, LIMIT_REPLY_LINES + 1), FAILURE_PROTOCOL, STAGE_GREETING, 0, "a reply of more than 256 lines" },
		{ "256 lines of 8 KiB", big_reply(a, LIMIT_REPLY_LINE, LIMIT_REPLY_LINES), NO_FAILURE, STAGE_UNKNOWN, 220, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(at_the_edge); i++)
		alone(&at_the_edge[i], greeting_client, NULL);
}

/* A server that says nothing may be waiting for TLS: an alert is an answer, too. */
static void late_client(struct smtp *s, struct run *r)
{
	bool alert = str_eq(r->peer.script[0], "drop");

	ok(!smtp_greeting(s), "no greeting comes");
	is_int(smtp_offer_tls(s), alert, alert ? "a ClientHello is answered" : "a ClientHello is not answered either");
}

static void late(const char *const *script)
{
	struct dialogue d = { "silence", script, FAILURE_TIMEOUT, STAGE_GREETING, 0, "no reply within" };
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
	struct smtp *s = smtp_new(r->net, r->arena, "mx.example:25", "mx.example", &where, SMTP_PLAIN);

	scope_begin(&scope);
	fiber_spawn(&scope, "drip", drip, &r->peer);
	ok(!smtp_greeting(s), "a greeting that drips is not waited for");
	is_int(smtp_failure(s)->class, FAILURE_TIMEOUT, "longer than one step takes: that's a time-out");
	smtp_close(s);
	scope_cancel(&scope);
	scope_join(&scope);
	return 0;
}

int main(void)
{
	struct run *r;

	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		plainly(&dialogues[i]);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		cut_off(&dialogues[i]);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		cancelled(&dialogues[i]);

	alone(&capabilities, capabilities_client, NULL);
	alone(&sticky, sticky_client, NULL);
	alone(&buffered, buffered_client, NULL);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++) {
		if (str_eq(dialogues[i].title, "HELO after 502"))
			alone(&dialogues[i], helo_client, NULL);
		if (str_eq(dialogues[i].title, "HTTP"))
			alone(&dialogues[i], garbage_client, NULL);
	}
	alone(&(struct dialogue) { .title = "QUIT", .class = NO_FAILURE, .code = 250,
		.script = SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", "> 250 ok", "< QUIT", "hang") }, quit_client, "QUIT\n");
	alone(&(struct dialogue) { .title = "QUIT after a 554", .class = FAILURE_REFUSED, .stage = STAGE_GREETING, .code = 554, .text = "refused",
		.script = SCRIPT("> 554 no", "< QUIT", "hang") }, quit_client, "QUIT\n");
	limits();
	late(SCRIPT("drop", ">> \\x15\\x03\\x03\\x00\\x02\\x02\\x46", "hang"));
	late(SCRIPT("hang"));

	r = run_begin(&dialogues[0], 100);
	fiber_run(tarpit, r);
	run_end(r);
	return tap_done();
}
