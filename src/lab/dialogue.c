/*
 * dialogue - answers: steps of the scenario, with {placeholders} filled in.
 */
#include "lab/dialogue.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "lab/echo.h"

static const char *greeting_name(const struct smtp_dialogue *t)
{
	return t->d->server->greeting_name[0] ? t->d->server->greeting_name : t->d->server->host;
}

/* The value of a placeholder, NULL when there is none of that name. */
static const char *value_of(struct player *p, struct span name)
{
	struct smtp_dialogue *t = (struct smtp_dialogue *)p;
	const char *value;
	const struct { const char *name, *value; } plain[] = {
		{ "front",     greeting_name(t) },
		{ "host",      t->d->server->host },
		{ "client",    t->d->scenario->client },
		{ "helo",      t->helo },
		{ "user",      t->user },
		{ "mechanism", t->mechanism },
		{ "from",      t->from },
		{ "to",        t->to },
		{ "session",   t->session },
	};

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (span_eq(name, plain[i].name))
			return plain[i].value;
	if ((value = echo_value(t->arena, name, "response", t->response)) ||
	    (value = echo_value(t->arena, name, "secret", echo_of_response(t->arena, t->response))))
		return value;
	if (span_eq(name, "trailer"))
		return arena_printf(t->arena, "%s %s %s",
				    *t->d->server->trailer_name ? t->d->server->trailer_name :
				    greeting_name(t),
				    player_time(t->arena, SPAN_LITERAL("utc")), t->session);
	return player_time(t->arena, name);
}

void dialogue_init(struct smtp_dialogue *t, const struct smtpd *d, struct arena *a, int fd)
{
	*t = (struct smtp_dialogue) { .player.value = value_of, .d = d, .arena = a, .helo = "",
				      .user = "", .mechanism = "", .from = "", .to = "",
				      .session = "", .response = "" };
	wire_init(&t->player.wire, fd);
}

void dialogue_line(struct smtp_dialogue *t, const char *line)
{
	player_text(&t->player, line, strlen(line));
	wire_add(&t->player.wire, "\r\n", 2);
}

/* The code of what was added to the output since `before`, while it is still there. */
static int code_at(const struct smtp_dialogue *t, size_t before)
{
	struct scan s = scan_over(buf_str(&t->player.wire.out), t->player.wire.out.len);
	struct span digits;
	unsigned long code;

	scan_seek(&s, before);
	digits = scan_take(&s, 3);
	s = scan_span(digits);
	code = scan_number(&s, 999);
	return scan_failed(&s) ? 0 : (int)code;
}

static void send_steps(struct smtp_dialogue *t, const struct step *steps)
{
	int e = 0;

	t->code = 0;
	for (const struct step *s = steps; s && s->kind != STEP_THEN && e == 0 && !t->player.over;
	     s = s->next) {
		size_t before = t->player.wire.out.len;

		e = player_step(&t->player, s);
		if (t->code == 0 && (s->kind == STEP_LINE || s->kind == STEP_SEND))
			t->code = code_at(t, before);
	}
	if (e == 0 && t->player.wire.slow)
		e = wire_flush(&t->player.wire);
	t->player.wire.slow = t->d->server->pace_ms >= 0;
	t->player.wire.slow_ms = t->d->server->pace_ms;
	if (e < 0)
		t->player.over = true;
}

bool dialogue_special(struct smtp_dialogue *t, enum point p, const char *argument)
{
	const struct step *steps = server_next_answer(t->d->server, p, argument, "");

	if (!steps)
		return false;
	trace(TRACE_LAB, "%s:%u answers at %s", t->d->server->host, t->d->server->port,
	      point_name(p));
	send_steps(t, steps);
	return true;
}

void dialogue_answer(struct smtp_dialogue *t, enum point p, const char *argument,
		     const char *otherwise)
{
	const struct step line = { .kind = STEP_LINE, .n = 1, .text = otherwise,
				   .len = strlen(otherwise) };

	if (!dialogue_special(t, p, argument))
		send_steps(t, &line);
}

void dialogue_ended(struct smtp_dialogue *t, int e)
{
	if (e == -EMSGSIZE)
		dialogue_line(t, "500 5.5.2 Line too long");
	else if (e == -ETIMEDOUT && t->d->inbox)
		dialogue_line(t, "421 4.4.2 Timed out");
	t->player.over = true;
}

bool dialogue_read(struct smtp_dialogue *t, struct span *ret)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(t->d->inbox ? INBOX_IDLE_MS : -1);
	int e = t->player.over ? -EPIPE : wire_line(&t->player.wire, ret);

	if (e == 0 && t->d->inbox) {
		/* The line end is still behind the line. */
		t->lf_commands |= ret->p[ret->len] == '\n';
		e = ret->len > INBOX_LINE ? -EMSGSIZE : 0;
	}
	if (e < 0)
		dialogue_ended(t, e);
	return e == 0;
}
