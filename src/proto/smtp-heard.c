/*
 * smtp-heard - what a peer said, on its way into evidence: secrets that it repeats are struck out,
 * then it goes into the transcript.
 *
 * A reply is looked at when all of it is there, for a server may cut what it quotes and go on in
 * the next line.
 */
#include "proto/smtp-inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/redact.h"
#include "base/str.h"

/* What a line says behind its codes, or all of it where it has none. */
static struct redact_piece words_of(char *p, size_t n)
{
	struct reply_line line;
	struct span words = { p, n };

	if (reply_parse_line((struct span) { p, n }, &line))
		words = span_trim(line.words);
	return (struct redact_piece) { p + (words.p - p), words.len };
}

/* The code is what the reply means, and stays: a line that looks as if it began with one, and is
 * all secret, shows four bytes of it. */
static void strike_line(char *p, size_t n)
{
	struct reply_line line;
	char code[4];
	bool has_code = n >= sizeof(code) && reply_parse_line((struct span) { p, n }, &line);

	if (has_code)
		memcpy(code, p, sizeof(code));
	redact(p, n);
	if (has_code)
		memcpy(p, code, sizeof(code));
}

/* Each of the lines in p[0..n), without its end. Answers how many: at most `most`. */
static size_t cut(char *p, size_t n, struct redact_piece *lines, size_t most)
{
	size_t count = 0;

	while (n && count < most) {
		const char *nl = memchr(p, '\n', n);
		size_t whole = nl ? (size_t)(nl - p) + 1 : n;

		lines[count++] = (struct redact_piece) {
			p, span_line((struct span) { p, whole }).len
		};
		p += whole;
		n -= whole;
	}
	return count;
}

/* What a 334 asks, as it came: decoded it can be judged, and is looked at again before it is shown
 * (sasl-challenge.c). */
static void keep_challenge(struct smtp *s, struct redact_piece last)
{
	buf_wipe(&s->challenge);
	if (last.n > 4 && memcmp(last.p, "334", 3) == 0)
		buf_add(&s->challenge, last.p + 4, last.n - 4);
}

void smtp_heard(struct smtp *s, size_t n, const int64_t *at_ms)
{
	enum { MOST = LIMIT_REPLY_LINES + 1 };
	struct redact_piece *lines, *words;
	size_t count;

	if (!n)
		return;
	lines = xcalloc(2 * MOST, sizeof(*lines));
	words = lines + MOST;
	count = cut(s->in.data, n, lines, MOST);
	keep_challenge(s, lines[count - 1]);
	for (size_t i = 0; i < count; i++)
		words[i] = words_of(lines[i].p, lines[i].n);
	redact_pieces(words, count);
	for (size_t i = 0; i < count; i++) {
		strike_line(lines[i].p, lines[i].n);
		transcript_add_at(s->transcript, TRANSCRIPT_SERVER, lines[i].p, lines[i].n,
				  at_ms[i]);
	}
	free(lines);
}
