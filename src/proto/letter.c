/*
 * letter - a test message as RFC 5322 text.
 */
#include "proto/letter.h"

#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

enum {
	BASE64_LINE	= 57,		/* bytes that make a line of 76 (RFC 2045, 6.8) */
	WORD_BYTES	= 45,		/* of an encoded word, which has 75 (RFC 2047, 2) */
	PAD_LINE	= 76,
};

const char *letter_mark(struct arena *a)
{
	uint64_t noise[2] = { (uint64_t)clock_us(), (uint64_t)clock_wall() };

	/* Not random in the first second of a machine's life: then the clock has to do. */
	if (getrandom(noise, sizeof(noise), GRND_NONBLOCK) < 0)
		noise[0] ^= noise[1];
	return arena_printf(a, "smtpwhy-%016llx%016llx", (unsigned long long)noise[0],
			    (unsigned long long)noise[1]);
}

static bool is_ascii(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			return false;
	return true;
}

/* --- the header --- */

/* As many whole letters as an encoded word has room for (RFC 2047, 5: none is cut in two). */
static size_t word_length(const char *p, size_t n)
{
	size_t len = 0;

	while (len < n) {
		size_t letter = str_utf8(p + len, n - len);

		if (!letter)
			letter = 1;
		if (len + letter > WORD_BYTES)
			break;
		len += letter;
	}
	return len;
}

/* As it is, or as encoded words where it has other letters, or looks like such words. */
static void put_subject(struct buf *b, const char *subject)
{
	size_t n = strlen(subject);

	buf_adds(b, "Subject:");
	if (is_ascii(subject, n) && !strstr(subject, "=?")) {
		buf_addf(b, " %s\r\n", subject);
		return;
	}
	for (size_t at = 0, len; at < n; at += len) {
		len = word_length(subject + at, n - at);
		buf_adds(b, at ? "\r\n =?utf-8?B?" : " =?utf-8?B?");
		base64_encode(b, subject + at, len);
		buf_adds(b, "?=");
	}
	buf_adds(b, "\r\n");
}

static void put_header(struct buf *b, struct arena *a, const struct letter *l, const char *id)
{
	buf_addf(b, "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nMessage-ID: %s\r\n",
		 clock_date(a, "+0000"), l->from, l->to, id);
	put_subject(b, l->subject);
	buf_adds(b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
}

/* --- parts --- */

static const char *boundary_of(struct arena *a, const struct letter *l)
{
	/* "=_" stands neither in base64 nor, at the beginning of a line, in the text. */
	return arena_printf(a, "=_%s", l->mark);
}

static void put_text_head(struct buf *b, const struct letter *l)
{
	bool ascii = is_ascii(l->text, strlen(l->text));

	buf_addf(b, "Content-Type: text/plain; charset=%s\r\n"
		    "Content-Transfer-Encoding: %s\r\n\r\n",
		 ascii ? "us-ascii" : "utf-8", ascii ? "7bit" : "8bit");
}

/* filename= as a quoted string, or by RFC 2231, 4 where it has other letters. */
static void put_file_name(struct buf *b, const char *name)
{
	size_t n = strlen(name);
	bool plain = is_ascii(name, n);

	buf_adds(b, plain ? "filename=\"" : "filename*=utf-8''");
	for (size_t i = 0; i < n; i++) {
		char c = name[i];

		if (plain && (c == '"' || c == '\\'))
			buf_addc(b, '\\');
		if (plain || ascii_is_alnum(c) || c == '.' || c == '-' || c == '_')
			buf_addc(b, c);
		else
			buf_addf(b, "%%%02X", (unsigned char)c);
	}
	buf_adds(b, plain ? "\"\r\n" : "\r\n");
}

static void put_file(struct buf *b, const char *boundary, const struct letter_file *f)
{
	buf_addf(b, "--%s\r\nContent-Type: application/octet-stream\r\n"
		    "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n ",
		 boundary);
	put_file_name(b, f->name);
	buf_adds(b, "\r\n");
	for (size_t at = 0; at < f->n; at += BASE64_LINE) {
		base64_encode(b, f->bytes + at, f->n - at < BASE64_LINE ? f->n - at : BASE64_LINE);
		buf_adds(b, "\r\n");
	}
}

static void put_files(struct buf *b, struct arena *a, const struct letter *l)
{
	const char *boundary = boundary_of(a, l);

	for (size_t i = 0; i < l->n_files; i++)
		put_file(b, boundary, &l->files[i]);
	if (l->n_files)
		buf_addf(b, "--%s--\r\n", boundary);
}

/* So many octets, before the line end that the text ends with. */
static void put_padding(struct buf *b, size_t n)
{
	char line[PAD_LINE + 2];

	memset(line, 'x', sizeof(line));
	line[0] = '\r';
	line[1] = '\n';
	for (; n >= sizeof(line); n -= sizeof(line))
		buf_add(b, line, sizeof(line));
	if (n == 1)
		buf_addc(b, 'x');
	else
		buf_add(b, line, n);
}

/* The text without its last line end, the padding, the line end. */
static void put_text(struct buf *b, const struct letter *l, size_t padding)
{
	size_t n = strlen(l->text);

	buf_add(b, l->text, n >= 2 && l->text[n - 1] == '\n' ? n - 2 : n);
	put_padding(b, padding);
	buf_adds(b, "\r\n");
}

/* --- the whole --- */

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at && at[1] ? at + 1 : "localhost";
}

static void put_all(struct buf *b, struct arena *a, const struct letter *l, const char *id,
		    size_t padding)
{
	put_header(b, a, l, id);
	if (l->n_files)
		buf_addf(b, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
			 boundary_of(a, l), boundary_of(a, l));
	put_text_head(b, l);
	put_text(b, l, padding);
	put_files(b, a, l);
}

const char *letter_write(struct buf *b, struct arena *a, const struct letter *l,
			 struct letter_sent *ret)
{
	/* Unique, under the sender's own domain (RFC 5322, 3.6.4). */
	const char *id = arena_printf(a, "<%s@%s>", l->mark, domain_of(l->from));
	size_t before = b->len, n;

	put_all(b, a, l, id, 0);
	n = b->len - before;
	if (!b->overflow && l->size && l->size < n)
		return arena_printf(a, "the message has %zu octets without padding", n);
	if (!b->overflow && l->size > n) {
		b->len = before;
		put_all(b, a, l, id, l->size - n);
	}
	if (b->overflow || b->len - before > LETTER_MOST)
		return arena_printf(a, "the message would be larger than %d MB",
				    LETTER_MOST / 1024 / 1024);
	*ret = (struct letter_sent) { .bytes = b->data + before, .n = b->len - before, .id = id,
				      .mark = l->mark };
	ret->eight_bit = !is_ascii(ret->bytes, ret->n);
	return NULL;
}
