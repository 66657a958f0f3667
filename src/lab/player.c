/*
 * player - steps, one by one.
 */
#include "lab/player.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "fiber/fiber.h"

enum { PLAYER_PIECE = 128 * 1024 };

static const char *utc_of(struct arena *a)
{
	char *utc = clock_utc(a, clock_wall());
	size_t n = strlen(utc);

	return arena_printf(a, "%.*s.000Z", (int)(n > 0 ? n - 1 : 0), utc);
}

const char *player_time(struct arena *a, struct span name)
{
	if (span_eq(name, "date"))
		return clock_date(a, "+0000");
	return span_eq(name, "utc") ? utc_of(a) : NULL;
}

void player_fill_in(struct player *p, struct buf *b, const char *text, size_t len)
{
	struct scan s = scan_over(text, len);

	while (!scan_done(&s)) {
		struct span plain = scan_until(&s, "{");
		struct scan at = s;
		const char *value = NULL;

		buf_add(b, plain.p, plain.len);
		if (!scan_accept(&s, '{'))
			continue;
		plain = scan_until(&s, "}{\"");
		if (scan_accept(&s, '}'))
			value = p->value(p, plain);
		if (value) {
			buf_adds(b, value);
			continue;
		}
		s = at;
		scan_take(&s, 1);
		buf_addc(b, '{');
	}
}

void player_text(struct player *p, const char *text, size_t len)
{
	player_fill_in(p, &p->wire.out, text, len);
}

/* What is too much for one piece leaves in several. */
static int send_noise(struct player *p, int64_t n, bool garbage)
{
	uint32_t x = 0x2545f491;

	for (; n > 0; n--) {
		char c = 'x';
		int e = p->wire.out.len < PLAYER_PIECE ? 0 : wire_flush(&p->wire);

		if (e < 0)
			return e;
		if (garbage) {
			x = x * 1664525 + 1013904223;
			c = (char)(x >> 24);
		}
		wire_add(&p->wire, &c, 1);
	}
	return 0;
}

/* Once the peer has spoken: an alert record (RFC 8446, 5.1 and 6). */
static int send_alert(struct player *p, int64_t description)
{
	const char record[] = { 21, 3, 3, 0, 2, 2, (char)description };
	int e = wire_peek(&p->wire);

	wire_add(&p->wire, record, sizeof(record));
	return e < 0 ? e : wire_flush(&p->wire);
}

static int end(struct player *p, enum step_kind kind)
{
	int e = wire_flush(&p->wire);

	if (kind == STEP_RESET)
		wire_abort(&p->wire);
	else if (e == 0 && p->secure)
		wire_bye(&p->wire);
	p->over = true;
	return e;
}

int player_step(struct player *p, const struct step *s)
{
	int e;

	switch (s->kind) {
	case STEP_LINE:
		for (int64_t i = 0; i < s->n; i++) {
			player_text(p, s->text, s->len);
			wire_add(&p->wire, "\r\n", 2);
		}
		return 0;
	case STEP_SEND:
		player_text(p, s->text, s->len);
		return 0;
	case STEP_FILL:
	case STEP_GARBAGE:
		return send_noise(p, s->n, s->kind == STEP_GARBAGE);
	case STEP_WAIT:
		e = wire_flush(&p->wire);
		return e < 0 ? e : fiber_sleep(s->n);
	case STEP_SLOW:
		e = wire_flush(&p->wire);
		p->wire.slow = true;
		p->wire.slow_ms = s->n;
		return e;
	case STEP_ALERT:
		return send_alert(p, s->n);
	case STEP_SILENT:
		return wire_silence(&p->wire);
	case STEP_RESET:
	case STEP_DROP:
		return end(p, s->kind);
	case STEP_THEN:
	case STEP_USUAL:
	case STEP_HEADER:
	case STEP_LENGTH:
	case STEP_CHUNKED:
		return 0;
	}
	return 0;
}
