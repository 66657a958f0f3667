/*
 * letter - one message on its way into an inbox: RFC 5321, 4.1.1.2 to 4.1.1.4 and 4.1.1.11;
 * RFC 1870 (SIZE), RFC 6152 (BODY), RFC 6531 (SMTPUTF8), RFC 3030 (BDAT).
 */
#include "lab/inbox.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "fiber/fiber.h"
#include "lab/dialogue.h"
#include "lab/line.h"

static void release(struct smtp_dialogue *t)
{
	struct inbox_letter *l = &t->letter;

	*t->d->inbox->held -= l->held;
	buf_release(&l->data);
	arena_free(l->arena);
	l->arena = NULL;
	l->held = 0;
}

void letter_forget(struct smtp_dialogue *t)
{
	if (t->d->inbox && t->letter.arena)
		release(t);
}

void letter_hello(struct smtp_dialogue *t, bool extended)
{
	t->extended = extended;
}

void letter_begin(struct smtp_dialogue *t)
{
	struct inbox_letter *l = &t->letter;

	if (!t->d->inbox)
		return;
	letter_forget(t);
	t->from = t->to = "";
	*l = (struct inbox_letter) { .arena = arena_new(), .helo = t->helo, .body = "",
				     .tls = "", .extended = t->extended,
				     .secure = t->player.secure, .login = t->login,
				     .lf_commands = t->lf_commands };
	if (t->player.wire.tls)
		l->tls = gnutls_protocol_get_name(
			gnutls_protocol_get_version(t->player.wire.tls));
	buf_init(&l->data, t->d->inbox->size_most);
}

/* "SIZE=123", "BODY=8BITMIME", "SMTPUTF8", "AUTH=<>". NULL, or the reply. */
static const char *mail_parameter(struct smtp_dialogue *t, struct span word)
{
	struct scan s = scan_span(word);
	unsigned long size;

	if (span_eq_nocase(word, "SMTPUTF8")) {
		t->letter.utf8 = true;
	} else if (scan_accept_str(&s, "SIZE=")) {
		if (!line_number(scan_rest(&s), 1UL << 60, &size))
			return "501 5.5.4 SIZE is not a number of bytes";
		if (size > t->d->inbox->size_most)
			return "552 5.3.4 Message size exceeds the limit";
	} else if (scan_accept_str(&s, "BODY=")) {
		word = scan_rest(&s);
		if (!span_eq_nocase(word, "7BIT") && !span_eq_nocase(word, "8BITMIME"))
			return "501 5.5.4 BODY is neither 7BIT nor 8BITMIME";
		t->letter.body = span_eq_nocase(word, "7BIT") ? "7BIT" : "8BITMIME";
	} else if (!scan_accept_str(&s, "AUTH=")) {
		return "555 5.5.4 MAIL parameter not recognized";
	}
	return NULL;
}

bool letter_mail(struct smtp_dialogue *t, struct span parameters)
{
	struct scan s = scan_span(parameters);
	const char *wrong = NULL;

	if (!t->d->inbox)
		return true;
	if (t->d->inbox->needs_login && !t->login)
		wrong = "530 5.7.0 Authentication required";
	for (struct span w = line_word(&s); w.len > 0 && !wrong; w = line_word(&s))
		wrong = mail_parameter(t, w);
	if (!wrong) {
		t->letter.from = arena_strdup(t->letter.arena, t->from);
		return true;
	}
	dialogue_line(t, wrong);
	t->wasted++;
	return false;
}

bool letter_has_room(struct smtp_dialogue *t)
{
	if (!t->d->inbox || t->letter.to.n < INBOX_RECIPIENTS)
		return true;
	dialogue_line(t, "452 4.5.3 Too many recipients");
	return false;
}

bool letter_recipient(struct smtp_dialogue *t, struct span parameters)
{
	struct scan s = scan_span(parameters);

	if (!t->d->inbox)
		return true;
	/* RFC 3461 is not offered, so nothing may follow. */
	if (line_word(&s).len > 0) {
		dialogue_line(t, "555 5.5.4 RCPT parameter not recognized");
		t->wasted++;
		return false;
	}
	strv_add(&t->letter.to, t->letter.arena, t->to);
	return true;
}

/* --- the message's bytes --- */

/* Where we are in the text, seen from the last CRLF, or from the last end that is none. */
enum place {
	LINE_START,		/* behind CRLF */
	LINE_DOT,		/* ... and a dot, which is not kept yet */
	LINE_DOT_CR,
	INSIDE,
	BEHIND_CR,
	FALSE_START,		/* behind a bare LF or CR */
	FALSE_DOT,
	FALSE_DOT_CR,
	DATA_END,
};

static void keep(struct smtp_dialogue *t, char c)
{
	struct inbox_letter *l = &t->letter;
	const struct inbox *inbox = t->d->inbox;

	l->nuls += c == '\0';
	if (l->too_long || l->no_room)
		return;
	if (*inbox->held >= inbox->held_most) {
		l->no_room = true;
		return;
	}
	if (!buf_addc(&l->data, c)) {
		l->too_long = true;
		return;
	}
	l->held++;
	++*inbox->held;
}

/* A byte that begins no line; where it leads. */
static enum place inside(struct smtp_dialogue *t, char c)
{
	keep(t, c);
	if (c == '\r')
		return BEHIND_CR;
	if (c != '\n')
		return INSIDE;
	t->letter.bare_lf++;
	return FALSE_START;
}

/* Behind a CR: the end of a line, or a CR that ends none. */
static enum place behind_cr(struct smtp_dialogue *t, char c)
{
	if (c == '\n') {
		keep(t, c);
		return LINE_START;
	}
	t->letter.bare_cr++;
	if (c != '.')
		return inside(t, c);
	keep(t, c);
	return FALSE_DOT;
}

/* A dot stood at the start of a line: the end, or stuffed (RFC 5321, 4.5.2). */
static enum place behind_dot(struct smtp_dialogue *t, enum place at, char c)
{
	if (at == LINE_DOT && c == '\r')
		return LINE_DOT_CR;
	if (at == LINE_DOT_CR && c == '\n')
		return DATA_END;
	if (at == LINE_DOT_CR) {
		t->letter.false_ends++;
		keep(t, '\r');
		return behind_cr(t, c);
	}
	t->letter.false_ends += c == '\n';
	return inside(t, c);
}

static enum place next_place(struct smtp_dialogue *t, enum place at, char c)
{
	switch (at) {
	case LINE_START:
		return c == '.' ? LINE_DOT : inside(t, c);
	case LINE_DOT:
	case LINE_DOT_CR:
		return behind_dot(t, at, c);
	case BEHIND_CR:
		return behind_cr(t, c);
	case FALSE_START:
		at = inside(t, c);
		return c == '.' ? FALSE_DOT : at;
	case FALSE_DOT:
		t->letter.false_ends += c == '\n';
		at = inside(t, c);
		return at == BEHIND_CR ? FALSE_DOT_CR : at;
	case FALSE_DOT_CR:
		t->letter.false_ends++;
		return behind_cr(t, c);
	case INSIDE:
	case DATA_END:
		break;
	}
	return inside(t, c);
}

/* Bytes up to the end of the data, which are then done with. */
static enum place take_piece(struct smtp_dialogue *t, enum place at)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(INBOX_IDLE_MS);
	struct wire *w = &t->player.wire;
	struct span piece;
	size_t n = 0;
	int e = wire_piece(w, &piece);

	if (e < 0) {
		dialogue_ended(t, e);
		return at;
	}
	while (n < piece.len && at != DATA_END)
		at = next_place(t, at, piece.p[n++]);
	wire_used(w, n);
	return at;
}

/* The message is complete. */
static void hand_over(struct smtp_dialogue *t)
{
	struct inbox_letter *l = &t->letter;

	if (l->no_room)
		dialogue_line(t, "452 4.3.1 Too many messages are kept in memory, try again");
	else if (l->too_long)
		dialogue_line(t, "552 5.3.4 Message size exceeds the limit");
	else
		dialogue_line(t, t->d->inbox->take(t->d->inbox->arg, l));
}

void letter_data(struct smtp_dialogue *t)
{
	enum place at = LINE_START;

	while (at != DATA_END && !t->player.over)
		at = take_piece(t, at);
	if (at == DATA_END)
		hand_over(t);
}

/* A dot means nothing here, so that no line begins with one. */
static enum place chunk_piece(struct smtp_dialogue *t, enum place at, size_t *left)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(INBOX_IDLE_MS);
	struct span piece;
	int e = wire_piece(&t->player.wire, &piece);
	size_t n;

	if (e < 0) {
		dialogue_ended(t, e);
		return at;
	}
	if (piece.len > *left)
		piece.len = *left;
	for (n = 0; n < piece.len && t->rcpts > 0; n++) {
		if (at == LINE_START)
			at = INSIDE;
		at = next_place(t, at, piece.p[n]);
	}
	wire_used(&t->player.wire, piece.len);
	*left -= piece.len;
	return at;
}

void letter_chunk(struct smtp_dialogue *t, size_t n, bool last)
{
	enum place at = t->letter.chunks ? (enum place)t->chunk_place : INSIDE;

	while (n > 0 && !t->player.over)
		at = chunk_piece(t, at, &n);
	t->chunk_place = (int)at;
	if (t->player.over)
		return;
	if (t->rcpts == 0) {
		dialogue_line(t, "503 5.5.2 Bad sequence of commands");
		t->wasted++;
		return;
	}
	t->letter.chunks = true;
	if (last)
		hand_over(t);
	else
		dialogue_line(t, "250 2.0.0 Chunk taken");
}
