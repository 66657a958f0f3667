/*
 * t-smtp - dialogues with a scripted peer: what is understood, what is named as broken, and where.
 *
 * Each is run plainly, one byte a segment, cut off at each step in three ways, and cancelled at
 * each suspension.
 */
#include "base/arena.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/smtp.h"
#include "tests/unit/peer.h"
#include "tests/unit/smtp-run.h"
#include "tests/unit/tap.h"

static const struct dialogue dialogues[] = {
	{ "a plain dialogue",
	  SCRIPT("> 220 mx.example ESMTP", "< EHLO probe.example",
		 "> 250-mx.example Hello [192.0.2.7]", "> 250-SIZE 1000",
		 "> 250 PIPELINING", "< MAIL FROM:<>", "> 250 2.1.0 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "a greeting of several lines", SCRIPT("> 220-mx.example", "> 220-no spam", "> 220 please",
						"< EHLO", "> 250 mx", "< MAIL", "> 250 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "bare line feeds", SCRIPT(">> 220 mx\\n", "< EHLO", ">> 250-mx\\n250 SIZE\\n", "< MAIL",
				    ">> 250 ok\\n", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "bare codes and two CRs", SCRIPT(">> 220\\r\\r\\n", "< EHLO", ">> 250\\r\\r\\n", "< MAIL",
					   ">> 250-\\r\\r\\r\\n250\\r\\r\\n", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "a refusal of a bare code and two CRs",
	  SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", ">> 550\\r\\r\\n", "hang"),
	  FAILURE_REFUSED, STAGE_MAIL, 550, "refused with 550" },
	{ "a bare code and a CR, then the end",
	  SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", ">> 550\\r", "close"),
	  FAILURE_REFUSED, STAGE_MAIL, 550, "refused with 550" },
	{ "CR alone ends no line", SCRIPT(">> 220 mx\\r", "hang"), FAILURE_TIMEOUT, STAGE_GREETING,
	  0, "no complete reply within" },
	{ "a NUL behind the code",
	  SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", ">> 250\\0\\r\\n", "hang"),
	  FAILURE_PROTOCOL, STAGE_MAIL, 0, "\"250\\x00\"" },
	{ "all replies at once",
	  SCRIPT(">> 220 mx\\r\\n250 mx\\r\\n250 ok\\r\\n", "< EHLO", "< MAIL", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "421 as a greeting", SCRIPT("> 421 4.3.2 too many connections", "close"), FAILURE_REFUSED,
	  STAGE_GREETING, 421, "refused with 421" },
	{ "554 as a greeting", SCRIPT("> 554-5.7.1 listed", "> 554 5.7.1 go away", "hang"),
	  FAILURE_REFUSED, STAGE_GREETING, 554, "refused with 554" },
	{ "554 without a line end", SCRIPT(">> 554 5.7.1 go away", "close"), FAILURE_REFUSED,
	  STAGE_GREETING, 554, "refused with 554" },
	{ "250 as a greeting", SCRIPT("> 250 hi", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 250,
	  "answered with 250 where 220 was due" },
	{ "closed without a word", SCRIPT("close"), FAILURE_NET, STAGE_GREETING, 0,
	  "the server closed the connection while waiting for the greeting" },
	{ "reset without a word", SCRIPT("reset"), FAILURE_NET, STAGE_GREETING, 0,
	  "the connection was reset while waiting for the greeting" },
	{ "silence", SCRIPT("hang"), FAILURE_TIMEOUT, STAGE_GREETING, 0, "no reply within" },
	{ "half a greeting, then silence", SCRIPT(">> 220-mx\\r\\n220 m", "hang"), FAILURE_TIMEOUT,
	  STAGE_GREETING, 0, "no complete reply within" },
	{ "half a greeting, then the end", SCRIPT(">> 220-mx\\r\\n", "close"), FAILURE_NET,
	  STAGE_GREETING, 220, "closed the connection" },
	{ "HTTP", SCRIPT("> HTTP/1.1 400 Bad Request", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 0,
	  "greeted with HTTP" },
	{ "a TLS alert", SCRIPT(">> \\x15\\x03\\x01\\x00\\x02\\x02\\x46", "close"),
	  FAILURE_PROTOCOL, STAGE_GREETING, 0, "greeted with a TLS alert" },
	{ "SSH", SCRIPT("> SSH-2.0-OpenSSH_9.2", "hang"), FAILURE_PROTOCOL, STAGE_GREETING, 0,
	  "greeted with SSH" },
	{ "noise", SCRIPT(">> \\x00\\xff\\xfe\\x1b[2J", "close"), FAILURE_PROTOCOL, STAGE_GREETING,
	  0, "\"\\x00\\xff\\xfe\\x1b[2J\"" },
	{ "noise in the middle of a reply", SCRIPT("> 220-mx", "> hello", "hang"), FAILURE_PROTOCOL,
	  STAGE_GREETING, 0, "\"hello\"" },
	{ "HELO after 502", SCRIPT("> 220 mx", "< EHLO", "> 502 what?", "< HELO probe.example",
				   "> 250 mx", "< MAIL", "> 250 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "EHLO and HELO refused", SCRIPT("> 220 mx", "< EHLO", "> 550 5.7.1 no", "< HELO",
					  "> 550 5.7.1 no, I said", "hang"),
	  FAILURE_REFUSED, STAGE_EHLO, 550, "HELO was refused with 550" },
	{ "EHLO refused, HELO met by the end",
	  SCRIPT("> 220 mx", "< EHLO", "> 554 5.7.1 no", "close"), FAILURE_REFUSED, STAGE_EHLO, 554,
	  "EHLO was refused with 554" },
	{ "421 to EHLO", SCRIPT("> 220 mx", "< EHLO", "> 421 4.4.2 bye", "close"), FAILURE_REFUSED,
	  STAGE_EHLO, 421, "EHLO was refused with 421" },
	{ "421 before MAIL",
	  SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "> 421 4.4.2 too slow", "close"),
	  FAILURE_REFUSED, STAGE_MAIL, 421, "refused with 421" },
	{ "closed after EHLO", SCRIPT("> 220 mx", "< EHLO", "close"), FAILURE_NET, STAGE_EHLO, 0,
	  "closed the connection while performing the EHLO" },
	{ "reset after EHLO", SCRIPT("> 220 mx", "< EHLO", "reset"), FAILURE_NET, STAGE_EHLO, 0,
	  "reset while performing the EHLO" },
	{ "mixed codes", SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 500 oops", "< HELO",
				"> 250 mx", "< MAIL", "> 250 ok", "hang"),
	  NO_FAILURE, STAGE_UNKNOWN, 250, NULL },
	{ "MAIL refused", SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL",
				 "> 530 5.7.57 not authenticated", "hang"),
	  FAILURE_REFUSED, STAGE_MAIL, 530, "MAIL was refused with 530" },
	{ "MAIL answered with 354",
	  SCRIPT("> 220 mx", "< EHLO", "> 250 mx", "< MAIL", "> 354 go", "hang"), FAILURE_PROTOCOL,
	  STAGE_MAIL, 354, "answered with 354 where 250 was due" },
};

static int64_t timeout_for(const struct dialogue *d)
{
	return d->class == FAILURE_TIMEOUT ? 60 : 5000;
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
			if (r->failure && (r->failure->class == FAILURE_LOCAL ||
					   r->failure->class == FAILURE_CANCELLED)) {
				printf("# cut by %s at step %d: %s\n", ways[w], i,
				       r->failure->text);
				good = false;
			}
			run_end(r);
		}
	snprintf(what, sizeof(what), "%s: cut off at each of %d steps in three ways",
		 d->title, steps);
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
	snprintf(what, sizeof(what), "%s: cancelled at each of %d suspensions", d->title,
		 (int)n - 1);
	ok(good && n > 1, what);
}

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

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		plainly(&dialogues[i]);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		cut_off(&dialogues[i]);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		cancelled(&dialogues[i]);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++) {
		if (str_eq(dialogues[i].title, "HELO after 502"))
			alone(&dialogues[i], helo_client, NULL);
		if (str_eq(dialogues[i].title, "HTTP"))
			alone(&dialogues[i], garbage_client, NULL);
	}
	return tap_done();
}
