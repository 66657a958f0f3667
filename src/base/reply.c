/*
 * reply - what a server said, cut into its parts.
 */
#include "base/reply.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"

bool enhanced_valid(struct span text)
{
	struct scan s = scan_span(text);
	int class = scan_peek(&s);

	if (class != '2' && class != '4' && class != '5')
		return false;
	scan_take(&s, 1);
	for (int part = 0; part < 2; part++) {
		size_t from;

		/*
		 * Subject and detail have one to three digits, without leading zeros (RFC 3463, 2).
		 * Some servers write them with.
		 */
		if (!scan_accept(&s, '.'))
			return false;
		from = scan_pos(&s);
		scan_number(&s, 999);
		if (scan_failed(&s) || scan_pos(&s) - from > 3)
			return false;
	}
	return scan_done(&s);
}

bool reply_parse_line(struct span line, struct reply_line *ret)
{
	struct scan s = scan_span(line);
	struct span digits = scan_take(&s, 3), word;
	struct reply_line l = { .last = true };
	size_t from;

	if (scan_failed(&s) || digits.p[0] < '2' || digits.p[0] > '5' ||
	    !ascii_is_digit(digits.p[1]) || !ascii_is_digit(digits.p[2]))
		return false;
	l.code = (digits.p[0] - '0') * 100 + (digits.p[1] - '0') * 10 + (digits.p[2] - '0');
	if (scan_accept(&s, '-'))
		l.last = false;
	else if (!scan_done(&s) && scan_blanks(&s) == 0)
		return false;

	scan_blanks(&s);
	from = scan_pos(&s);
	word = scan_until(&s, " \t");
	if (enhanced_valid(word) && word.p[0] == digits.p[0]) {
		l.enhanced = word;
		scan_blanks(&s);
	} else {
		l.enhanced = (struct span) { "", 0 };
		scan_seek(&s, from);
	}
	l.words = scan_rest(&s);
	*ret = l;
	return true;
}

/* The code of the last line that has one, and whether all have the same. */
static int code_of(const struct span *lines, size_t n, bool *ret_mixed)
{
	struct reply_line l;
	int code = 0;

	*ret_mixed = false;
	for (size_t i = 0; i < n; i++) {
		if (!reply_parse_line(lines[i], &l))
			continue;
		if (code && code != l.code)
			*ret_mixed = true;
		code = l.code;
	}
	return code;
}

struct reply *reply_of_lines(struct arena *a, enum stage stage, const struct span *lines, size_t n)
{
	bool mixed;
	int code = code_of(lines, n, &mixed);
	struct reply *r;

	if (!code)
		return NULL;
	r = arena_alloc(a, sizeof(*r));
	r->stage = stage;
	r->code = code;
	r->mixed_codes = mixed;
	r->enhanced = "";
	r->truncated = n > LIMIT_REPLY_LINES;
	r->lines = n > LIMIT_REPLY_LINES ? LIMIT_REPLY_LINES : n;
	r->text = arena_alloc(a, (r->lines + 1) * sizeof(*r->text));
	for (size_t i = 0; i < n; i++) {
		size_t len = lines[i].len > LIMIT_REPLY_LINE ? LIMIT_REPLY_LINE : lines[i].len;
		struct reply_line l;

		if (i < r->lines) {
			r->truncated |= len < lines[i].len;
			r->text[i] = str_without_nul(a, lines[i].p, len);
		}
		/* The last one whose class is that of the code that counts. */
		if (reply_parse_line(lines[i], &l) && l.enhanced.len && l.code / 100 == code / 100)
			r->enhanced = span_dup(a, l.enhanced);
	}
	return r;
}

/*
 * Copies words, with each run of white space as one blank, one before them unless they are the
 * first. Answers where they end.
 */
static char *put_words(char *to, const char *start, struct span words)
{
	bool blank = to > start;

	for (size_t i = 0; i < words.len; i++) {
		if (ascii_is_space(words.p[i])) {
			blank = to > start;
			continue;
		}
		if (blank)
			*to++ = ' ';
		blank = false;
		*to++ = words.p[i];
	}
	return to;
}

/*
 * The words of a line: all of it when it is no reply line. An enhanced code other than the reply's
 * is part of them.
 */
static struct span words_of(const struct reply *r, const char *line)
{
	struct reply_line l;
	struct span whole = span_of(line);

	if (!reply_parse_line(whole, &l))
		return whole;
	if (l.enhanced.len && !span_eq(l.enhanced, r->enhanced))
		return (struct span) { l.enhanced.p, (size_t)(whole.p + whole.len - l.enhanced.p) };
	return l.words;
}

static char *flat(const struct reply *r, struct arena *a, bool codes)
{
	size_t room = strlen(r->enhanced) + sizeof("550 ");
	char *start, *to;

	for (size_t i = 0; i < r->lines; i++)
		room += strlen(r->text[i]) + 1;
	to = start = arena_alloc(a, room);
	if (codes && r->code) {
		*to++ = (char)('0' + r->code / 100 % 10);
		*to++ = (char)('0' + r->code / 10 % 10);
		*to++ = (char)('0' + r->code % 10);
	}
	if (codes && *r->enhanced)
		to = put_words(to, start, span_of(r->enhanced));
	for (size_t i = 0; i < r->lines; i++)
		to = put_words(to, start, words_of(r, r->text[i]));
	return start;
}

char *reply_flat(const struct reply *r, struct arena *a)
{
	return flat(r, a, true);
}

char *reply_words(const struct reply *r, struct arena *a)
{
	return flat(r, a, false);
}
