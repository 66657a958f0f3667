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

static const char *date_of(struct arena *a)
{
	char text[64] = "";
	time_t now = clock_wall();
	struct tm tm;

	/* Names of days and months are the C locale's: the program never sets another. */
	if (gmtime_r(&now, &tm))
		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	return arena_strdup(a, text);
}

static const char *utc_of(struct arena *a)
{
	char *utc = clock_utc(a, clock_wall());
	size_t n = strlen(utc);

	return arena_printf(a, "%.*s.000Z", (int)(n > 0 ? n - 1 : 0), utc);
}

static const char *front_of(const struct talk *t)
{
	return t->d->server->front[0] ? t->d->server->front : t->d->server->host;
}

/* The value of a placeholder, NULL when there is none of that name. */
static const char *value_of(struct talk *t, struct span name)
{
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
	if (span_eq(name, "date"))
		return date_of(t->arena);
	if (span_eq(name, "utc"))
		return utc_of(t->arena);
	if (span_eq(name, "trailer"))
		return arena_printf(t->arena, "%s %s %s", t->d->server->node[0] ? t->d->server->node : front_of(t), utc_of(t->arena), t->session);
	return NULL;
}

/* A brace that begins no placeholder stays as it is: JSON has many. */
static void add_text(struct talk *t, const char *text, size_t len)
{
	struct scan s = scan_over(text, len);

	while (!scan_done(&s)) {
		struct span plain = scan_until(&s, "{");
		struct scan at = s;
		const char *value = NULL;

		wire_add(&t->wire, plain.p, plain.len);
		if (!scan_accept(&s, '{'))
			continue;
		plain = scan_until(&s, "} {\"");
		if (scan_accept(&s, '}'))
			value = value_of(t, plain);
		if (value) {
			wire_add(&t->wire, value, strlen(value));
			continue;
		}
		s = at;
		scan_take(&s, 1);
		wire_add(&t->wire, "{", 1);
	}
}

void talk_line(struct talk *t, const char *line)
{
	add_text(t, line, strlen(line));
	wire_add(&t->wire, "\r\n", 2);
}

static void add_noise(struct talk *t, int64_t n, bool garbage)
{
	uint32_t x = 0x2545f491;

	for (; n > 0; n--) {
		char c = 'x';

		if (garbage) {
			x = x * 1664525 + 1013904223;
			c = (char)(x >> 24);
		}
		wire_add(&t->wire, &c, 1);
	}
}

/* Once the peer has spoken: an alert record (RFC 8446, 5.1 and 6). */
static int send_alert(struct talk *t, int64_t description)
{
	const char record[] = { 21, 3, 3, 0, 2, 2, (char)description };
	int e = wire_peek(&t->wire);

	wire_add(&t->wire, record, sizeof(record));
	return e < 0 ? e : wire_flush(&t->wire);
}

static int step(struct talk *t, const struct step *s)
{
	int e = 0;

	switch (s->kind) {
	case STEP_LINE:
		for (int64_t i = 0; i < s->n; i++) {
			add_text(t, s->text, s->len);
			wire_add(&t->wire, "\r\n", 2);
		}
		return 0;
	case STEP_SEND:
		add_text(t, s->text, s->len);
		return 0;
	case STEP_FILL:
	case STEP_GARBAGE:
		add_noise(t, s->n, s->kind == STEP_GARBAGE);
		return 0;
	case STEP_WAIT:
		e = wire_flush(&t->wire);
		return e < 0 ? e : fiber_sleep(s->n);
	case STEP_SLOW:
		e = wire_flush(&t->wire);
		t->wire.slow = true;
		t->wire.slow_ms = s->n;
		return e;
	case STEP_ALERT:
		return send_alert(t, s->n);
	case STEP_SILENT:
		return wire_silence(&t->wire);
	case STEP_RESET:
		e = wire_flush(&t->wire);
		wire_abort(&t->wire);
		t->over = true;
		return e;
	case STEP_DROP:
		e = wire_flush(&t->wire);
		if (e == 0 && t->secure)
			wire_bye(&t->wire);
		t->over = true;
		return e;
	}
	return e;
}

/* The code of what was added to the output since `before`, while it is still there. */
static int code_at(const struct talk *t, size_t before)
{
	struct scan s = scan_over(buf_str(&t->wire.out), t->wire.out.len);
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
	for (const struct step *s = steps; s && e == 0 && !t->over; s = s->next) {
		size_t before = t->wire.out.len;

		e = step(t, s);
		if (t->code == 0 && (s->kind == STEP_LINE || s->kind == STEP_SEND))
			t->code = code_at(t, before);
	}
	if (e == 0 && t->wire.slow)
		e = wire_flush(&t->wire);
	t->wire.slow = t->d->server->pace_ms >= 0;
	t->wire.slow_ms = t->d->server->pace_ms;
	if (e < 0)
		t->over = true;
}

bool talk_special(struct talk *t, enum point p, const char *argument)
{
	const struct step *steps = server_answer(t->d->server, p, argument);

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
	int e = t->over ? -EPIPE : wire_line(&t->wire, ret);

	if (e == -EMSGSIZE)
		talk_line(t, "500 5.5.2 Line too long");
	t->over |= e < 0;
	return e == 0;
}
