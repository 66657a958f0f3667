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

static void do_ehlo(struct smtp_dialogue *t, struct span argument)
{
	enum point p = t->player.secure ? POINT_EHLO_TLS : POINT_EHLO;

	t->helo = span_dup(t->arena, argument);
	forget_mail(t);
	if (argument.len == 0) {
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
	forget_mail(t);
	dialogue_answer(t, POINT_HELO, t->helo, "250 {front} Hello [{client}]");
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

/* The address in "FROM:<a@b> SIZE=1"; false when there is none. */
static bool address_of(struct smtp_dialogue *t, struct span argument, const char *word,
		       const char **ret)
{
	struct scan s = scan_span(argument);
	struct span address;

	if (!scan_accept_str(&s, word))
		return false;
	scan_blanks(&s);
	if (!scan_accept(&s, '<'))
		return false;
	address = scan_until(&s, ">");
	if (!scan_accept(&s, '>'))
		return false;
	*ret = span_dup(t->arena, address);
	return true;
}

static void do_mail(struct smtp_dialogue *t, struct span argument)
{
	if (!t->hello || t->mail) {
		refuse_sequence(t, "MAIL");
		return;
	}
	if (!address_of(t, argument, "FROM:", &t->from)) {
		dialogue_line(t, "501 5.1.7 Invalid address");
		return;
	}
	if (!t->player.secure && dialogue_special(t, POINT_MAIL_CLEARTEXT, t->from))
		return;
	if (!t->login && dialogue_special(t, POINT_MAIL_ANONYMOUS, t->from))
		return;
	dialogue_answer(t, POINT_MAIL, t->from, "250 2.1.0 Sender OK");
	t->mail = t->code == 250;
}

static void do_rcpt(struct smtp_dialogue *t, struct span argument)
{
	if (!t->mail) {
		refuse_sequence(t, "RCPT");
		return;
	}
	if (!address_of(t, argument, "TO:", &t->to) || t->to[0] == '\0') {
		dialogue_line(t, "501 5.1.3 Invalid address");
		return;
	}
	if (!t->login && dialogue_special(t, POINT_RCPT_ANONYMOUS, t->to))
		return;
	dialogue_answer(t, POINT_RCPT, t->to, "250 2.1.5 Recipient OK");
	t->rcpts += t->code / 100 == 2;
}

static void do_data(struct smtp_dialogue *t, struct span argument)
{
	struct span line;

	(void)argument;
	if (t->rcpts == 0) {
		refuse_sequence(t, "DATA");
		return;
	}
	dialogue_answer(t, POINT_DATA, "", "354 Start mail input; end with <CRLF>.<CRLF>");
	if (t->code != 354)
		return;
	while (dialogue_read(t, &line) && !span_eq(line, "."))
		;
	if (!t->player.over)
		dialogue_answer(t, POINT_ACCEPTED, t->from, "250 2.6.0 Queued mail for delivery");
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
	if (wire_skip(&t->player.wire, n) < 0)
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
} commands[] = {
	{ "EHLO", do_ehlo }, { "HELO", do_helo }, { "STARTTLS", do_starttls },
	{ "AUTH", dialogue_auth }, { "MAIL", do_mail },
	{ "RCPT", do_rcpt }, { "DATA", do_data }, { "BDAT", do_bdat }, { "RSET", do_rset },
	{ "NOOP", do_noop },
	{ "VRFY", do_vrfy }, { "HELP", do_help }, { "QUIT", do_quit },
};

static void command(struct smtp_dialogue *t, struct span line)
{
	struct scan s = scan_span(line);
	struct span word = line_word(&s), argument = line_rest(&s);

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (span_eq_nocase(word, commands[i].word)) {
			commands[i].run(t, argument);
			return;
		}
	}
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

static void converse(struct smtp_dialogue *t)
{
	struct span line;

	t->player.wire.slow = t->d->server->pace_ms >= 0;
	t->player.wire.slow_ms = t->d->server->pace_ms;
	if (t->d->server->implicit_tls)
		handshake(t);
	if (!t->player.over)
		dialogue_answer(t, POINT_GREETING, "", "220 {front} ESMTP ready");
	for (unsigned n = 0; n < SMTPD_MAX_COMMANDS && dialogue_read(t, &line); n++) {
		if (known(t, line))
			command(t, line);
		else
			dialogue_answer(t, POINT_UNKNOWN, "STARTTLS",
					"500 5.3.3 Unrecognized command");
	}
	/* A last word that was still gathered. */
	wire_flush(&t->player.wire);
}

void smtpd_serve(const struct smtpd *d, int fd)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(deadline_end) struct deadline deadline = deadline_in(SMTPD_PATIENCE_MS);
	struct smtp_dialogue t;

	dialogue_init(&t, d, a, fd);
	/* The form of Exchange's session ids. */
	t.session = arena_printf(a, "08DE%012llX",
				 (unsigned long long)clock_us() * 0x9e3779b97f4a7c15ULL >> 16);
	trace(TRACE_LAB, "%s:%u takes a connection", d->server->host, d->server->port);
	converse(&t);
	wire_release(&t.player.wire);
}
