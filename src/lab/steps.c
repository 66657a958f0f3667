/*
 * steps - what a server does at one point of the dialogue: lines to send, bytes, waits and faults.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lab/line.h"
#include "lab/scenario.h"

static const struct step_word {
	const char	*word;
	enum step_kind	 kind;
	enum { NOTHING, TEXT, COUNT, COUNT_AND_LINE, TIME, ALERT, HEADER, LENGTH } takes;
	const char	*expected;
} words[] = {
	{ "send",    STEP_SEND,    TEXT,           "bytes after `send`" },
	{ "repeat",  STEP_LINE,    COUNT_AND_LINE, "a number and a line after `repeat`" },
	{ "fill",    STEP_FILL,    COUNT,          "a number of bytes after `fill`" },
	{ "garbage", STEP_GARBAGE, COUNT,          "a number of bytes after `garbage`" },
	{ "wait",    STEP_WAIT,    TIME,           "a time like 250ms or 2s after `wait`" },
	{ "slow",    STEP_SLOW,    TIME,           "a time like 0ms or 1s after `slow`" },
	{ "alert",   STEP_ALERT,   ALERT,          "the name of a TLS alert after `alert`" },
	{ "drop",    STEP_DROP,    NOTHING,        "" },
	{ "reset",   STEP_RESET,   NOTHING,        "" },
	{ "silent",  STEP_SILENT,  NOTHING,        "" },
	{ "then",    STEP_THEN,    NOTHING,        "" },
	{ "usual",   STEP_USUAL,   NOTHING,        "" },
	{ "header",  STEP_HEADER,  HEADER,         "`Name: value` after `header`" },
	{ "length",  STEP_LENGTH,  LENGTH,         "a number or `none` after `length`" },
	{ "chunked", STEP_CHUNKED, NOTHING,        "" },
};

/* RFC 8446, 6. */
static const struct { const char *name; int number; } alerts[] = {
	{ "close_notify", 0 }, { "unexpected_message", 10 }, { "bad_record_mac", 20 },
	{ "handshake_failure", 40 },
	{ "bad_certificate", 42 }, { "certificate_unknown", 46 }, { "illegal_parameter", 47 },
	{ "unknown_ca", 48 },
	{ "access_denied", 49 }, { "decode_error", 50 }, { "decrypt_error", 51 },
	{ "protocol_version", 70 },
	{ "insufficient_security", 71 }, { "internal_error", 80 }, { "inappropriate_fallback", 86 },
	{ "unrecognized_name", 112 }, { "certificate_required", 116 },
	{ "no_application_protocol", 120 },
};

static const struct step_word *word_of(struct span w)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_eq(w, words[i].word))
			return &words[i];
	return NULL;
}

bool steps_begin(struct span word)
{
	return word_of(word) || (word.len > 0 && ascii_is_digit(word.p[0]));
}

/* \r \n \t \0 \\ \xNN. False on another escape. */
static bool unescape(struct scan *s, struct buf *b)
{
	int c = scan_u8(s), high, low;

	switch (c) {
	case 'r':	return buf_addc(b, '\r');
	case 'n':	return buf_addc(b, '\n');
	case 't':	return buf_addc(b, '\t');
	case '0':	return buf_addc(b, '\0');
	case '\\':	return buf_addc(b, '\\');
	case 'x':
		high = ascii_hex((char)scan_u8(s));
		low = ascii_hex((char)scan_u8(s));
		return high >= 0 && low >= 0 && buf_addc(b, (char)(high * 16 + low));
	default:
		return false;
	}
}

static const char *set_text(struct arena *a, struct step *step, struct span text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SCENARIO_MAX_FILE);
	struct scan s = scan_span(text);
	char *copy;

	while (!scan_done(&s)) {
		struct span plain = scan_until(&s, "\\");

		buf_add(&b, plain.p, plain.len);
		if (scan_accept(&s, '\\') && !unescape(&s, &b))
			return "one of the escapes \\r \\n \\t \\0 \\\\ \\xNN";
	}
	copy = arena_alloc(a, b.len + 1);
	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	step->text = copy;
	step->len = b.len;
	return NULL;
}

static const char *alert_number(struct span name, int64_t *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(alerts); i++) {
		if (span_eq(name, alerts[i].name)) {
			*ret = alerts[i].number;
			return NULL;
		}
	}
	return "the name of a TLS alert, such as handshake_failure";
}

static const char *length(struct span w, int64_t *ret)
{
	unsigned long n = 0;

	if (!span_eq(w, "none") && !line_number(w, SCENARIO_MAX_LENGTH, &n))
		return "a number or `none` after `length`";
	*ret = span_eq(w, "none") ? -1 : (int64_t)n;
	return NULL;
}

static const char *header(struct arena *a, struct span field, struct step *step)
{
	struct scan s = scan_span(field);
	struct span name = scan_until(&s, ": \t");

	return name.len > 0 && scan_looking_at(&s, ":") ? set_text(a, step, field) :
	       "`Name: value` after `header`";
}

/* Reads what the word takes. */
static const char *operand(struct arena *a, struct scan *s, const struct step_word *w,
			   struct step *step)
{
	unsigned long n = 0;

	switch (w->takes) {
	case NOTHING:
		return NULL;
	case TEXT:
		scan_blanks(s);
		return set_text(a, step, scan_rest(s));
	case TIME:
		return line_duration(line_word(s), SCENARIO_MAX_WAIT_MS, &step->n) ? NULL :
		       w->expected;
	case ALERT:
		return alert_number(line_word(s), &step->n);
	case HEADER:
		return header(a, line_rest(s), step);
	case LENGTH:
		return length(line_word(s), &step->n);
	case COUNT:
		if (!line_number(line_word(s), SCENARIO_MAX_FILL, &n))
			return w->expected;
		step->n = (int64_t)n;
		return NULL;
	case COUNT_AND_LINE:
		if (!line_number(line_word(s), SCENARIO_MAX_REPEAT, &n))
			return w->expected;
		step->n = (int64_t)n;
		return set_text(a, step, line_rest(s));
	}
	return NULL;
}

const char *steps_parse(struct arena *a, struct span line, struct step **list)
{
	struct scan s = scan_span(line);
	size_t count = 0;

	while (*list) {
		list = &(*list)->next;
		count++;
	}
	for (scan_blanks(&s); scan_left(&s) > 0; scan_blanks(&s)) {
		struct scan before = s;
		struct span word = line_word(&s);
		const struct step_word *w = word_of(word);
		struct step *step = arena_alloc(a, sizeof(*step));
		const char *wrong;

		if (w) {
			step->kind = w->kind;
			wrong = operand(a, &s, w, step);
		} else if (steps_begin(word)) {
			s = before;
			step->kind = STEP_LINE;
			step->n = 1;
			wrong = set_text(a, step, scan_rest(&s));
		} else {
			wrong = "a reply (\"250 OK\") or one of send repeat fill garbage wait slow "
				"alert drop reset silent then usual header length chunked";
		}
		if (wrong)
			return wrong;
		if (++count > SCENARIO_MAX_STEPS)
			return "fewer steps";
		*list = step;
		list = &step->next;
	}
	return NULL;
}
