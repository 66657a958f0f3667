/*
 * message - the test message (RFC 5322), and sending it.
 */
#include "base/buf.h"
#include "proto/banner.h"
#include "proto/letter.h"
#include "talk/talk.h"

enum { TEST_MOST = 8 * 1024 };		/* bytes of the message that check sends */

/* What check --data sends. */
static void write_test(struct probe *p, const char *from, const char *to, struct buf *b,
		       struct letter_sent *ret)
{
	struct arena *a = probe_arena(p);
	struct letter l = { .from = from, .to = to, .subject = "Test message of smtpwhy",
			    .mark = letter_mark(a) };

	l.text = arena_printf(
		a, "This is a test. Somebody ran smtpwhy check with --data to see whether\r\n"
		"mail can be sent from\r\n    %s\r\n"
		"to\r\n    %s\r\n"
		"through %s.\r\n"
		"\r\n"
		"It can: you are reading it. There is nothing to do, and nobody is told\r\n"
		"that you opened it. It may be deleted.\r\n",
		from, to, probe_endpoint(p));
	if (letter_write(b, a, &l, ret))
		*ret = (struct letter_sent) { .bytes = "", .id = "" };
}

void talk_send(struct probe *p, struct smtp *s, const char *from, const char *to,
	       struct talk_sent *ret)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(TEST_MOST);
	const struct letter_sent *letter = probe_ask(p)->letter;
	struct letter_sent test;
	const char *id = NULL;

	if (!letter) {
		write_test(p, from, to, &b, &test);
		letter = &test;
	}
	*ret = (struct talk_sent) { .queue_id = "", .message_id = letter->id };
	ret->reply = smtp_data(s, letter->bytes, letter->n, &ret->at_dot);
	talk_reply_facts(p, ret->reply);
	ret->accepted = ret->at_dot && ret->reply && ret->reply->code / 100 == 2;
	if (ret->accepted)
		id = banner_queue_id(probe_arena(p), reply_flat(ret->reply, probe_arena(p)));
	if (id)
		ret->queue_id = id;
}
