/*
 * transcript - a conversation as evidence.
 */
#include "base/transcript.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"

struct transcript *transcript_new(struct arena *a, const char *endpoint)
{
	struct transcript *t = arena_alloc(a, sizeof(*t));

	t->arena = a;
	t->endpoint = arena_strdup(a, endpoint);
	t->start_ms = clock_ms();
	return t;
}

void transcript_add(struct transcript *t, enum transcript_dir dir, const char *p, size_t n)
{
	transcript_add_at(t, dir, p, n, clock_ms());
}

void transcript_add_at(struct transcript *t, enum transcript_dir dir, const char *p, size_t n,
		       int64_t at_ms)
{
	n = span_line((struct span) { p, n }).len;
	/* Empty lines cost memory too: each is counted as a byte. */
	if (t->truncated || n + 1 > LIMIT_TRANSCRIPT - t->bytes) {
		t->truncated = true;
		return;
	}
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 16;
		struct transcript_line *lines = arena_alloc(t->arena, cap * sizeof(*lines));

		if (t->n)
			memcpy(lines, t->lines, t->n * sizeof(*lines));
		t->lines = lines;
		t->cap = cap;
	}
	t->lines[t->n++] = (struct transcript_line) {
		.t_ms = at_ms - t->start_ms,
		.dir = dir,
		.text = str_without_nul(t->arena, p, n),
	};
	t->bytes += n + 1;
}

size_t transcript_round_trips(const struct transcript *t)
{
	enum transcript_dir last = TRANSCRIPT_SERVER;
	size_t turns = 0;

	for (size_t i = 0; i < t->n; i++) {
		enum transcript_dir dir = t->lines[i].dir;

		if (dir == TRANSCRIPT_NOTE)
			continue;
		if (dir == TRANSCRIPT_SERVER && last == TRANSCRIPT_CLIENT)
			turns++;
		last = dir;
	}
	return turns;
}
