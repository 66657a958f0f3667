/*
 * smtp-data - the message itself (RFC 5321, 4.1.1.4).
 */
#include <string.h>

#include "base/arena.h"
#include "proto/letter.h"
#include "proto/smtp-inside.h"

enum {
	MESSAGE_MOST	= LETTER_MOST,
	TEXT_LINE	= 998,		/* without CRLF (RFC 5321, 4.5.3.1.6) */

	/*
	 * What RFC 5321, 4.5.3.2 gives each: 2 minutes to 354, 3 for a block, 10 for the answer to
	 * the dot. In steps of the net's time, whose default of 15 s is meant here: someone who
	 * asks for less patience gets less of it everywhere.
	 */
	STEPS_TO_354	= 8,
	STEPS_TO_END	= 40,
	SLOWEST		= 64,		/* bytes a millisecond that a line has to carry */
};

static size_t line_end(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '\r' && p[i] != '\n')
		i++;
	return i;
}

/* Why it can't be sent; NULL when it can. */
static const char *trouble(const struct smtp *s, const char *message, size_t n)
{
	bool eight = smtp_offers(s, "8BITMIME") || smtp_offers(s, "SMTPUTF8");

	if (n > MESSAGE_MOST)
		return "the message is larger than a test needs";
	if (memchr(message, '\0', n))
		return "the message has a NUL in it";
	for (size_t at = 0; at < n; at++) {
		size_t len = line_end(message + at, n - at);

		if (len > TEXT_LINE)
			return "the message has a line of more than 998 bytes";
		at += len;
	}
	for (size_t i = 0; i < n && !eight; i++)
		if ((unsigned char)message[i] >= 0x80)
			return "the message has 8-bit letters, and the server offers neither "
			       "8BITMIME nor SMTPUTF8";
	return NULL;
}

/*
 * Line ends become CRLF, a dot at the beginning of a line is doubled, a line of one dot ends it
 * (RFC 5321, 2.3.8 and 4.5.2).
 */
static bool stuffed(struct buf *b, const char *message, size_t n)
{
	size_t at = 0;

	while (at < n) {
		size_t len = line_end(message + at, n - at);

		if (message[at] == '.')
			buf_addc(b, '.');
		buf_add(b, message + at, len);
		buf_adds(b, "\r\n");
		at += len;
		if (at < n)
			at += message[at] == '\r' && at + 1 < n && message[at + 1] == '\n' ? 2 : 1;
	}
	return buf_adds(b, ".\r\n");
}

const struct reply *smtp_data(struct smtp *s, const char *message, size_t n, bool *ret_sent)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * MESSAGE_MOST);
	const char *why = trouble(s, message, n);
	const struct reply *r;
	char shown[64];

	*ret_sent = false;
	if (!smtp_may(s, STAGE_DATA))
		return NULL;
	if (why || !stuffed(&b, message, n)) {
		smtp_fail(s, FAILURE_LOCAL, STAGE_DATA, 0, NULL, "%s",
			  why ?: "the message is larger than a test needs");
		return NULL;
	}
	r = smtp_exchange_in(s, STAGE_DATA, SPAN_LITERAL("DATA"), SPAN_LITERAL("DATA\r\n"),
			     STEPS_TO_354 * net_timeout(s->net));
	if (!r || r->code / 100 >= 4)
		return r;
	/*
	 * Only 354 asks for the message (RFC 5321, 4.3.2). To anything else it must not be sent:
	 * its lines would be taken for commands.
	 */
	if (r->code != 354) {
		smtp_fail(s, FAILURE_PROTOCOL, STAGE_DATA, 0, r,
			  "DATA was answered with %d where 354 was due", r->code);
		return NULL;
	}
	*ret_sent = true;
	snprintf(shown, sizeof(shown), "(a message of %zu bytes, and the dot)", b.len);
	return smtp_exchange_in(s, STAGE_DATA, span_of(shown), (struct span) { b.data, b.len },
				STEPS_TO_END * net_timeout(s->net) + (int64_t)(b.len / SLOWEST));
}
