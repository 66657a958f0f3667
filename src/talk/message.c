/*
 * message - the test message (RFC 5322), and sending it.
 */
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "proto/banner.h"
#include "talk/talk.h"

/* Unique, under the sender's own domain (RFC 5322, 3.6.4). */
static const char *id_of(struct arena *a, const char *from)
{
	const char *at = strrchr(from, '@');
	uint64_t noise[2] = { (uint64_t)clock_us(), (uint64_t)clock_wall() };

	/* Not random in the first second of a machine's life: then the clock has to do. */
	if (getrandom(noise, sizeof(noise), GRND_NONBLOCK) < 0)
		noise[0] ^= noise[1];
	return arena_printf(a, "<smtpwhy-%016llx%016llx@%s>", (unsigned long long)noise[0],
			    (unsigned long long)noise[1], at && at[1] ? at + 1 : "localhost");
}

static bool is_ascii(const char *s)
{
	while (*s && (unsigned char)*s < 0x80)
		s++;
	return !*s;
}

const char *talk_message(struct probe *p, const char *from, const char *to, const char **ret_id)
{
	struct arena *a = probe_arena(p);
	bool ascii = is_ascii(from) && is_ascii(to);

	*ret_id = id_of(a, from);
	return arena_printf(
		a, "Date: %s\r\n"
		"From: <%s>\r\n"
		"To: <%s>\r\n"
		"Message-ID: %s\r\n"
		"Subject: Test message of smtpwhy\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=%s\r\n"
		"Content-Transfer-Encoding: %s\r\n"
		"\r\n"
		"This is a test. Somebody ran smtpwhy check with --data to see whether\r\n"
		"mail can be sent from\r\n    %s\r\n"
		"to\r\n    %s\r\n"
		"through %s.\r\n"
		"\r\n"
		"It can: you are reading it. There is nothing to do, and nobody is told\r\n"
		"that you opened it. It may be deleted.\r\n",
		clock_date(a, "+0000"), from, to, *ret_id, ascii ? "us-ascii" : "utf-8",
		ascii ? "7bit" : "8bit", from, to, probe_endpoint(p));
}

void talk_send(struct probe *p, struct smtp *s, const char *from, const char *to,
	       struct talk_sent *ret)
{
	const char *message;
	const char *id = NULL;

	*ret = (struct talk_sent) { .queue_id = "" };
	message = talk_message(p, from, to, &ret->message_id);
	ret->reply = smtp_data(s, message, strlen(message), &ret->at_dot);
	talk_reply_facts(p, ret->reply);
	ret->accepted = ret->at_dot && ret->reply && ret->reply->code / 100 == 2;
	if (ret->accepted)
		id = banner_queue_id(probe_arena(p), reply_flat(ret->reply, probe_arena(p)));
	if (id)
		ret->queue_id = id;
}
