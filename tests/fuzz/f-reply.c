/*
 * f-reply - any bytes as the lines of a reply: nothing is read outside them, and what is made of
 * them keeps its promises.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/reply.h"
#include "base/scan.h"
#include "tests/fuzz/fuzz.h"

static void inside(struct span part, struct span whole)
{
	assert(part.len == 0 || (part.p >= whole.p && part.p + part.len <= whole.p + whole.len));
}

static void one_line(struct span line)
{
	struct reply_line l;

	if (!reply_parse_line(line, &l))
		return;
	assert(l.code >= 200 && l.code <= 599);
	inside(l.enhanced, line);
	inside(l.words, line);
	if (l.enhanced.len) {
		assert(enhanced_valid(l.enhanced));
		assert(l.enhanced.p[0] - '0' == l.code / 100);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scan s = scan_over(data, size);
	struct arena *a = arena_new();
	enum { MOST = LIMIT_REPLY_LINES + 8 };
	struct span *lines = arena_alloc(a, MOST * sizeof(*lines));
	struct reply_line again;
	struct reply *r;
	size_t n = 0;

	while (!scan_done(&s) && n < MOST) {
		lines[n] = scan_line(&s);
		one_line(lines[n++]);
	}
	r = reply_of_lines(a, STAGE_AUTH, lines, n);
	if (r) {
		const char *flat = reply_flat(r, a), *words = reply_words(r, a);

		assert(r->lines <= LIMIT_REPLY_LINES && r->text[r->lines] == NULL);
		assert(!*r->enhanced || enhanced_valid(span_of(r->enhanced)));
		assert(strlen(words) <= strlen(flat));
		/* A reply in one line is the same reply. */
		assert(reply_parse_line(span_of(flat), &again) && again.code == r->code);
		assert(!*r->enhanced || span_eq(again.enhanced, r->enhanced));
	}
	arena_free(a);
	return 0;
}
