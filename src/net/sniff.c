/*
 * sniff - what do the first bytes of a peer look like?
 */
#include "net/sniff.h"

#include "base/attr.h"
#include "base/scan.h"
#include "base/str.h"

bool sniff_may_be_reply(const char *p, size_t n)
{
	return (n < 1 || (p[0] >= '2' && p[0] <= '5')) && (n < 2 || ascii_is_digit(p[1])) &&
	       (n < 3 || ascii_is_digit(p[2])) &&
	       (n < 4 || p[3] == ' ' || p[3] == '-' || p[3] == '\t' || p[3] == '\r' ||
		p[3] == '\n');
}

enum sniffed sniff(const char *p, size_t n)
{
	static const struct {
		const char	*start;
		enum sniffed	 what;
	} talks[] = {
		{ "HTTP/", SNIFF_HTTP },
		{ "<html", SNIFF_HTML },
		{ "<!doc", SNIFF_HTML },
		{ "SSH-", SNIFF_SSH },
		{ "+OK", SNIFF_POP3 },
		{ "-ERR", SNIFF_POP3 },
		{ "* OK", SNIFF_IMAP },
		{ "* PREAUTH", SNIFF_IMAP },
		{ "* BYE", SNIFF_IMAP },
	};
	struct scan s = scan_over(p, n);
	int first = scan_peek(&s);

	if (n == 0)
		return SNIFF_NOTHING;
	/* Records are of type 20 to 24 with a major version of 3 (RFC 8446, 5.1). */
	if (first >= 20 && first <= 24 && (n < 2 || p[1] == 3))
		return first == 21 ? SNIFF_TLS_ALERT : SNIFF_TLS;
	/*
	 * An SSL 2.0 record: two bytes of length with the high bit set, then the server's hello (4)
	 * or an error (0).
	 */
	if (n >= 3 && (first & 0x80) && (p[2] == 4 || p[2] == 0))
		return SNIFF_SSL2;
	for (size_t i = 0; i < ARRAY_LEN(talks); i++)
		if (scan_looking_at(&s, talks[i].start))
			return talks[i].what;
	if (n >= 3 && sniff_may_be_reply(p, n))
		return first < '4' ? SNIFF_SMTP : SNIFF_SMTP_REFUSAL;
	return SNIFF_OTHER;
}

const char *sniff_words(enum sniffed what)
{
	switch (what) {
	case SNIFF_NOTHING:
		return "nothing";
	case SNIFF_TLS:
		return "a TLS record";
	case SNIFF_TLS_ALERT:
		return "a TLS alert";
	case SNIFF_SSL2:
		return "an SSL 2.0 record";
	case SNIFF_SMTP:
		return "an SMTP reply in the clear";
	case SNIFF_SMTP_REFUSAL:
		return "an SMTP refusal in the clear";
	case SNIFF_HTTP:
		return "HTTP";
	case SNIFF_HTML:
		return "HTML";
	case SNIFF_SSH:
		return "SSH";
	case SNIFF_POP3:
		return "POP3";
	case SNIFF_IMAP:
		return "IMAP";
	case SNIFF_OTHER:
		break;
	}
	return "bytes of no known protocol";
}

bool sniff_is_tls(enum sniffed what)
{
	return what == SNIFF_NOTHING || what == SNIFF_TLS || what == SNIFF_TLS_ALERT;
}
