/*
 * Which lines of a log are worth a look: those with a code, with words of the tables, or with what
 * servers write about an outcome.
 */
#include "logs/inside.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/needles.h"
#include "know/tables.h"

/*
 * So much of a word is looked for; a text of the table of replies that is shorter than the second
 * says too little without its code.
 */
enum { WORD_MOST = 20, REPLY_LEAST = 20 };
/* Bytes of a line looked at together. */
enum { BLOCK = 32, AHEAD = 3 };

static bool boundary(char c)
{
	switch (c) {
	case ' ': case '(': case '"': case '\'': case '[': case ':': case '=': case ',': case '<':
	case '>': case ';': case '#': case '\t':
		return true;
	default:
		return false;
	}
}

/* "535" with what can't be part of a longer number or name around it. */
static bool code_at(const char *p, const char *start, const char *end)
{
	if (end - p < 3 || !ascii_is_digit(p[1]) || !ascii_is_digit(p[2]))
		return false;
	if (p + 3 < end && (ascii_is_alnum(p[3]) || p[3] == '.' || p[3] == '/' || p[3] == '%'))
		return p[3] == '.' && (p + 4 == end || !ascii_is_digit(p[4]));
	/* ":535" is a line of a source file, a port, or part of a time. */
	return !(p - start >= 2 && p[-1] == ':' && ascii_is_alnum(p[-2]));
}

static bool enhanced_at(const char *p, const char *end)
{
	return end - p >= 5 && p[1] == '.' && p[2] >= '0' && p[2] <= '7' && p[3] == '.' &&
	       ascii_is_digit(p[4]);
}

/* The place behind the first code that begins at from or later, before to; NULL without one. */
static const char *code_between(struct span line, const char *from, const char *to)
{
	const char *end = line.p + line.len;

	for (const char *p = from; p < to; p++) {
		if ((*p != '4' && *p != '5') || (p > line.p && !boundary(p[-1])))
			continue;
		if (code_at(p, line.p, end) || enhanced_at(p, end))
			return p + 3;
	}
	return NULL;
}

/* 0 or 1, to be reckoned with: see below. */
static unsigned char digit(unsigned char c)
{
	return (unsigned char)(c - '0') < 10;
}

static unsigned char letter(unsigned char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/*
 * May a code begin at one of the BLOCK bytes at p? Looks at the byte before and AHEAD behind them.
 * Written for compilers that do it for many bytes at once.
 */
static bool block_may_begin(const unsigned char *p)
{
	unsigned char any = 0;

	for (int i = 0; i < BLOCK; i++) {
		unsigned char begins = (p[i] & 0xfe) == '4', plain = digit(p[i + 1]),
			      dot = p[i + 1] == '.', third = digit(p[i + 2]),
			      longer = digit(p[i + 3]), second_dot = p[i + 3] == '.',
			      inside = digit(p[i - 1]) | letter(p[i - 1]);

		any |= begins & third & ((plain & (longer ^ 1)) | (dot & second_dot)) &
		       (inside ^ 1);
	}
	return any;
}

/* The place behind the first code; NULL without one. */
static const char *first_code(struct span line)
{
	const char *p = line.p, *end = p + line.len, *found;

	if (line.len <= BLOCK + AHEAD)
		return code_between(line, p, end);
	found = code_between(line, p, p + 1);
	for (p++; !found && end - p >= BLOCK + AHEAD; p += BLOCK) {
		if (block_may_begin((const unsigned char *)p))
			found = code_between(line, p, p + BLOCK);
	}
	/* What is left, and something before it once more. */
	p = end - BLOCK - AHEAD;
	if (!found && block_may_begin((const unsigned char *)p))
		found = code_between(line, p, end);
	return found ? found : code_between(line, end - AHEAD, end);
}

bool has_code(struct span line)
{
	return first_code(line) != NULL;
}

size_t code_end(struct span line)
{
	const char *end = first_code(line);

	return end ? (size_t)(end - line.p) : line.len;
}

/* --- words --- */

/* The longest piece of each alternative: the whole pattern can't be there without it. */
static void add_pattern(struct arena *a, struct needle_maker *s, const char *text, size_t least)
{
	struct span rest = pattern_plain(a, str_eq(text, "*") ? "" : text), piece;

	while (pattern_next_piece(&rest, &piece)) {
		if (piece.len < least)
			continue;
		if (piece.len > WORD_MOST)
			piece.len = WORD_MOST;
		needles_add(s, piece, MARKED_SYMPTOM);
	}
}

/* What lines have that tell of nothing: servers' logs of mail that went well. */
static const char uneventful[] =
	"Nov 20 12:00:00 mail relay postfix/smtpd[1234]: client=unknown[192.0.2.1], "
	"sasl_method=LOGIN, sasl_method=PLAIN, sasl_username=user@example.com "
	"postfix/cleanup message-id=<x@mail.example.com> postfix/qmgr from=<user@example.com>, "
	"size=1000, nrcpt=1 (queue active) removed postfix/smtp to=<user@example.org>, "
	"relay=mail.example.net[192.0.2.1]:25, delay=0.5, delays=0.1/0/0.2/0.2, dsn=2.0.0, "
	"status=sent (250 2.0.0 Ok: queued as 4AB12) connect from mail.example.com[192.0.2.1] "
	"disconnect from ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6 Anonymous TLS "
	"connection established TLSv1.3 with cipher sendmail mailer=esmtp, pri=1, stat=Sent (ok) "
	"ctladdr=user (1000/1000), xdelay= class=0, nrcpts= proto=ESMTP, daemon=MTA exim => "
	"R=dnslookup T=remote_smtp H=mail.example.com X=TLS1.3 P=esmtps S=1000 Completed "
	"http://www. https:// .com, .net .org admin server service info INFO debug host user name";

const struct needles *tally_words(struct arena *a, const struct know *k)
{
	static const char *const fates[] = {
		"status=deferred", "status=bounced", "status=expired", "status=softbounce",
		"status=undeliverable", " == ", " ** ", "stat=", "result=\"tempfail",
		"result=\"permfail", "reject", "reject=",
	};
	static const char *const senders[] = { "from=<", " F=<", " <= ", "mail from:<" };
	struct needle_maker *s = needle_maker_new(a);

	needles_avoid(s, span_of(uneventful));
	for (size_t i = 0; i < ARRAY_LEN(fates); i++)
		needles_add(s, span_of(fates[i]), MARKED_FATE);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++)
		needles_add(s, span_of(senders[i]), MARKED_SENDER);
	for (size_t i = 0; i < table_size(k, TABLE_SYMPTOMS); i++)
		add_pattern(a, s, know_words_of(k, FOUND_SYMPTOM, i), 1);
	for (size_t i = 0; i < table_size(k, TABLE_ERRORS); i++)
		add_pattern(a, s, know_words_of(k, FOUND_ERROR, i), REPLY_LEAST);
	return needles_made(s);
}
