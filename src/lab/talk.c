/*
 * talk - answers: steps of the scenario, with {placeholders} filled in.
 */
#include "lab/talk.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "lab/echo.h"

static const char *front_of(const struct talk *t)
{
	return t->d->server->front[0] ? t->d->server->front : t->d->server->host;
}

/* The value of a placeholder, NULL when there is none of that name. */
static const char *value_of(struct player *p, struct span name)
{
	struct talk *t = (struct talk *)p;
	const char *value;
	const struct { const char *name, *value; } plain[] = {
		{ "front",     front_of(t) },
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
		return arena_printf(t->arena, "%s %s %s", t->d->server->node[0] ? t->d->server->node : front_of(t),
				    play_time(t->arena, SPAN_LITERAL("utc")), t->session);
	return play_time(t->arena, name);
}

void talk_init(struct talk *t, const struct smtpd *d, struct arena *a, int fd)
{
	*t = (struct talk) { .play.value = value_of, .d = d, .arena = a, .helo = "", .user = "", .mechanism = "", .from = "", .to = "",
			     .session = "", .response = "" };
	wire_init(&t->play.wire, fd);
}

void talk_line(struct talk *t, const char *line)
{
	play_text(&t->play, line, strlen(line));
	wire_add(&t->play.wire, "\r\n", 2);
}

/* The code of what was added to the output since `before`, while it is still there. */
static int code_at(const struct talk *t, size_t before)
{
	struct scan s = scan_over(buf_str(&t->play.wire.out), t->play.wire.out.len);
	struct span digits;
	unsigned long code;

	scan_seek(&s, before);
	digits = scan_take(&s, 3);
	s = scan_span(digits);
	code = scan_number(&s, 999);
	return scan_failed(&s) ? 0 : (int)code;
}

static void play(struct talk *t, const struct step *steps)
{
	int e = 0;

	t->code = 0;
	for (const struct step *s = steps; s && s->kind != STEP_THEN && e == 0 && !t->play.over; s = s->next) {
		size_t before = t->play.wire.out.len;

		e = play_step(&t->play, s);
		if (t->code == 0 && (s->kind == STEP_LINE || s->kind == STEP_SEND))
			t->code = code_at(t, before);
	}
	if (e == 0 && t->play.wire.slow)
		e = wire_flush(&t->play.wire);
	t->play.wire.slow = t->d->server->pace_ms >= 0;
	t->play.wire.slow_ms = t->d->server->pace_ms;
	if (e < 0)
		t->play.over = true;
}

bool talk_special(struct talk *t, enum point p, const char *argument)
{
	const struct step *steps = server_next_answer(t->d->server, p, argument, "");

	if (!steps)
		return false;
	trace(TRACE_LAB, "%s:%u answers at %s", t->d->server->host, t->d->server->port, point_name(p));
	play(t, steps);
	return true;
}

void talk_answer(struct talk *t, enum point p, const char *argument, const char *otherwise)
{
	const struct step line = { .kind = STEP_LINE, .n = 1, .text = otherwise, .len = strlen(otherwise) };

	if (!talk_special(t, p, argument))
		play(t, &line);
}

bool talk_read(struct talk *t, struct span *ret)
{
	int e = t->play.over ? -EPIPE : wire_line(&t->play.wire, ret);

	if (e == -EMSGSIZE)
		talk_line(t, "500 5.5.2 Line too long");
	t->play.over |= e < 0;
	return e == 0;
}
