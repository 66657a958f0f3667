/*
 * smtpd - the commands of one conversation (RFC 5321; RFC 3207; RFC 3030).
 */
#include "lab/smtpd.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "lab/line.h"
#include "lab/dialogue.h"

enum { SMTPD_PATIENCE_MS = 600 * 1000, SMTPD_MAX_COMMANDS = 1000 };

static void refuse_sequence(struct smtp_dialogue *t, const char *command)
{
	dialogue_answer(t, POINT_SEQUENCE, command, "503 5.5.2 Bad sequence of commands");
}

static void forget_mail(struct smtp_dialogue *t)
{
	letter_forget(t);
	t->mail = false;
	t->rcpts = 0;
	t->from = t->to = "";
}

/* The greeting line and a line for each extension, the last with a blank (RFC 5321, 4.1.1.1). */
static void default_ehlo(struct smtp_dialogue *t, const struct strv *offers)
{
	const char *hello = t->d->server->hello;

	t->code = 250;
	dialogue_line(t, arena_printf(t->arena, "250%c%s", offers->n > 0 ? '-' : ' ', hello));
	for (size_t i = 0; i < offers->n; i++)
		dialogue_line(t, arena_printf(t->arena, "250%c%s", i + 1 < offers->n ? '-' : ' ',
					      offers->v[i]));
}

/* Can it be kept as an address or a name: no control character (RFC 5321, 4.1.2), not too long? */
static bool keepable(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if ((unsigned char)word.p[i] < ' ' || word.p[i] == 0x7f)
			return false;
	return word.len <= INBOX_PATH;
}

static void do_ehlo(struct smtp_dialogue *t, struct span argument)
{
	enum point p = t->player.secure ? POINT_EHLO_TLS : POINT_EHLO;

	t->helo = span_dup(t->arena, argument);
	letter_hello(t, true);
	forget_mail(t);
	if (argument.len == 0 || (t->d->inbox && !keepable(argument))) {
		dialogue_line(t, "501 5.5.4 Syntax: EHLO hostname");
		return;
	}
	if (!dialogue_special(t, p, t->helo))
		default_ehlo(t,
			     t->player.secure ? &t->d->server->offers_tls : &t->d->server->offers);
	t->hello = t->code / 100 == 2;
}

static void do_helo(struct smtp_dialogue *t, struct span argument)
{
	t->helo = span_dup(t->arena, argument);
	letter_hello(t, false);
	forget_mail(t);
	if (t->d->inbox && (argument.len == 0 || !keepable(argument))) {
		dialogue_line(t, "501 5.5.4 Syntax: HELO hostname");
		return;
	}
	dialogue_answer(t, POINT_HELO, t->helo,
			t->d->inbox ? "250 {front}" : "250 {front} Hello [{client}]");
	t->hello = t->code / 100 == 2;
}

/* The handshake, or what the scenario does in its place. */
static void handshake(struct smtp_dialogue *t)
{
	if (dialogue_special(t, POINT_HANDSHAKE, "") && t->player.over)
		return;
	t->player.over = wire_secure(&t->player.wire, t->d->credentials, t->d->server) < 0;
	t->player.secure = !t->player.over;
	t->hello = t->login = false;
	forget_mail(t);
}

static void do_starttls(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	if (t->player.secure) {
		refuse_sequence(t, "STARTTLS");
		return;
	}
	dialogue_answer(t, POINT_STARTTLS, "", "220 2.0.0 SMTP server ready");
	if (!t->player.over && t->code == 220)
		handshake(t);
}

/* What stands between < and >: a > in a quoted local part is none (RFC 5321, 4.1.2). */
static struct span path_of(struct scan *s)
{
	const char *from = s->p;
	bool quoted = false;

	for (int c = scan_peek(s); c >= 0 && (c != '>' || quoted); c = scan_peek(s)) {
		scan_take(s, c == '\\' && quoted && scan_left(s) > 1 ? 2 : 1);
		quoted ^= c == '"';
	}
	return (struct span) { from, (size_t)(s->p - from) };
}

/* The address in "FROM:<a@b> SIZE=1", and what follows it; false when there is none. */
static bool address_of(struct smtp_dialogue *t, struct scan *s, const char *word,
		       const char **ret)
{
	struct span address;

	if (!scan_accept_str(s, word))
		return false;
	scan_blanks(s);
	if (!scan_accept(s, '<'))
		return false;
	address = path_of(s);
	if (!scan_accept(s, '>') || (t->d->inbox && !keepable(address)))
		return false;
	*ret = span_dup(t->letter.arena ? t->letter.arena : t->arena, address);
	return true;
}

static void bad_address(struct smtp_dialogue *t, const char *reply)
{
	t->wasted++;
	dialogue_line(t, reply);
}

static void do_mail(struct smtp_dialogue *t, struct span argument)
{
	struct scan s = scan_span(argument);

	if (!t->hello || t->mail) {
		refuse_sequence(t, "MAIL");
		return;
	}
	letter_begin(t);
	if (!address_of(t, &s, "FROM:", &t->from)) {
		bad_address(t, "501 5.1.7 Invalid address");
		return;
	}
	if (!t->player.secure && dialogue_special(t, POINT_MAIL_CLEARTEXT, t->from))
		return;
	if (!t->login && dialogue_special(t, POINT_MAIL_ANONYMOUS, t->from))
		return;
	if (!letter_mail(t, scan_rest(&s)))
		return;
	dialogue_answer(t, POINT_MAIL, t->from, "250 2.1.0 Sender OK");
	t->mail = t->code == 250;
}

static void do_rcpt(struct smtp_dialogue *t, struct span argument)
{
	struct scan s = scan_span(argument);

	if (!t->mail) {
		refuse_sequence(t, "RCPT");
		return;
	}
	if (!letter_has_room(t))
		return;
	if (!address_of(t, &s, "TO:", &t->to) || t->to[0] == '\0') {
		bad_address(t, "501 5.1.3 Invalid address");
		return;
	}
	if (!t->login && dialogue_special(t, POINT_RCPT_ANONYMOUS, t->to))
		return;
	if (!letter_recipient(t, scan_rest(&s)))
		return;
	dialogue_answer(t, POINT_RCPT, t->to, "250 2.1.5 Recipient OK");
	t->rcpts += t->code / 100 == 2;
}

/* What nobody keeps: up to the dot. */
static void forget_data(struct smtp_dialogue *t)
{
	struct span line;

	while (dialogue_read(t, &line) && !span_eq(line, "."))
		;
	if (!t->player.over)
		dialogue_answer(t, POINT_ACCEPTED, t->from, "250 2.6.0 Queued mail for delivery");
}

static void do_data(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	if (t->rcpts == 0 || t->letter.chunks) {
		refuse_sequence(t, "DATA");
		return;
	}
	dialogue_answer(t, POINT_DATA, "", "354 Start mail input; end with <CRLF>.<CRLF>");
	if (t->code != 354)
		return;
	if (t->d->inbox)
		letter_data(t);
	else
		forget_data(t);
	forget_mail(t);
}

static void do_bdat(struct smtp_dialogue *t, struct span argument)
{
	struct scan s = scan_span(argument);
	unsigned long n;
	bool last;

	if (!line_number(line_word(&s), 256 * 1024 * 1024, &n)) {
		dialogue_line(t, "501 5.5.4 Syntax: BDAT size [LAST]");
		return;
	}
	last = span_eq_nocase(line_rest(&s), "LAST");
	if (t->d->inbox)
		letter_chunk(t, n, last);
	else if (wire_skip(&t->player.wire, n) < 0)
		t->player.over = true;
	else if (t->rcpts == 0)
		refuse_sequence(t, "BDAT");
	else if (last)
		dialogue_answer(t, POINT_ACCEPTED, t->from, "250 2.6.0 Queued mail for delivery");
	else
		dialogue_line(t, "250 2.0.0 Chunk taken");
	if (last)
		forget_mail(t);
}

static void do_rset(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	forget_mail(t);
	dialogue_answer(t, POINT_RSET, "", "250 2.0.0 Resetting");
}

static void do_noop(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	dialogue_answer(t, POINT_NOOP, "", "250 2.0.0 OK");
}

static void do_vrfy(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	dialogue_answer(t, POINT_VRFY, "", "252 2.1.5 Cannot VRFY user");
}

static void do_help(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	dialogue_answer(t, POINT_HELP, "", "214 2.0.0 This server only plays one");
}

static void do_quit(struct smtp_dialogue *t, struct span argument)
{
	(void)argument;
	dialogue_answer(t, POINT_QUIT, "", "221 2.0.0 Service closing transmission channel");
	if (!t->player.over && wire_flush(&t->player.wire) == 0 && t->player.secure)
		wire_bye(&t->player.wire);
	t->player.over = true;
}

static const struct {
	const char	*word;
	void		(*run)(struct smtp_dialogue *t, struct span argument);
	bool		 idle;		/* leads to no message by itself */
} commands[] = {
	{ "EHLO", do_ehlo, true }, { "HELO", do_helo, true }, { "STARTTLS", do_starttls, true },
	{ "AUTH", dialogue_auth, true }, { "MAIL", do_mail, false },
	{ "RCPT", do_rcpt, false }, { "DATA", do_data, false }, { "BDAT", do_bdat, false },
	{ "RSET", do_rset, false }, { "NOOP", do_noop, true },
	{ "VRFY", do_vrfy, true }, { "HELP", do_help, true }, { "QUIT", do_quit, false },
};

static void command(struct smtp_dialogue *t, struct span line)
{
	struct scan s = scan_span(line);
	struct span word = line_word(&s), argument = line_rest(&s);

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (span_eq_nocase(word, commands[i].word)) {
			t->wasted += commands[i].idle;
			commands[i].run(t, argument);
			return;
		}
	}
	t->wasted++;
	dialogue_answer(t, POINT_UNKNOWN, span_dup(t->arena, word),
			"500 5.3.3 Unrecognized command");
}

/* STARTTLS where the EHLO answer does not offer it is an unknown command. */
static bool known(const struct smtp_dialogue *t, struct span line)
{
	if (!span_has_prefix_nocase(line, "STARTTLS") || t->player.secure)
		return true;
	return strv_has_nocase(&t->d->server->offers, "STARTTLS") ||
	       server_answer(t->d->server, POINT_STARTTLS, "");
}

/* Who does nothing but keep the server busy has to go. */
static bool patient(struct smtp_dialogue *t, unsigned so_far)
{
	if (!t->d->inbox)
		return so_far < SMTPD_MAX_COMMANDS;
	if (t->wasted < INBOX_WASTED)
		return true;
	if (!t->player.over)
		dialogue_line(t, "421 4.7.0 Too many commands that lead to no message");
	return false;
}

static void converse(struct smtp_dialogue *t)
{
	struct span line;

	t->player.wire.slow = t->d->server->pace_ms >= 0;
	t->player.wire.slow_ms = t->d->server->pace_ms;
	if (t->d->server->implicit_tls)
		handshake(t);
	if (!t->player.over)
		dialogue_answer(t, POINT_GREETING, "", "220 {front} ESMTP ready");
	for (unsigned n = 0; patient(t, n) && dialogue_read(t, &line); n++) {
		if (known(t, line))
			command(t, line);
		else
			dialogue_answer(t, POINT_UNKNOWN, "STARTTLS",
					"500 5.3.3 Unrecognized command");
	}
	/* A last word that was still gathered. */
	wire_flush(&t->player.wire);
	letter_forget(t);
}

void smtpd_serve(const struct smtpd *d, int fd)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(deadline_end) struct deadline deadline =
		deadline_in(d->inbox ? INBOX_SESSION_MS : SMTPD_PATIENCE_MS);
	struct smtp_dialogue t;

	dialogue_init(&t, d, a, fd);
	/* The form of Exchange's session ids. */
	t.session = arena_printf(a, "08DE%012llX",
				 (unsigned long long)clock_us() * 0x9e3779b97f4a7c15ULL >> 16);
	trace(TRACE_LAB, "%s:%u takes a connection", d->server->host, d->server->port);
	converse(&t);
	wire_release(&t.player.wire);
	/* Somebody's password may be in there. */
	if (d->inbox)
		arena_wipe(a);
}
