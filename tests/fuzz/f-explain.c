/*
 * f-explain - any bytes as a paste: nothing is claimed that is not in the tables, and
 * every limit holds.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "paste/explain.h"
#include "tests/fuzz/fuzz.h"

static void replies(const struct explanation *e)
{
	for (size_t i = 0; i < e->n_replies; i++) {
		const struct reply *r = e->replies[i];

		assert(r->code == 0 || (r->code >= 400 && r->code <= 599));
		assert(r->code || *r->enhanced);
		assert(r->lines >= 1 && r->lines <= LIMIT_REPLY_LINES && !r->text[r->lines]);
		assert(r->source_line >= 0);
		for (size_t j = 0; j < r->lines; j++)
			assert(strlen(r->text[j]) <= LIMIT_REPLY_LINE + 32);
	}
}

static void diagnosis(const struct explanation *e)
{
	for (size_t i = 0; i < e->n_diagnosis; i++) {
		const struct diagnosed *d = &e->diagnosis[i];

		assert(d->certainty >= POSSIBLE && d->certainty <= CERTAIN);
		assert(*d->title && *d->meaning && *d->matched_by && d->because.n && d->sources.n);
		assert(i == 0 || d->certainty <= e->diagnosis[i - 1].certainty);
		for (size_t j = 0; j < i; j++)
			assert(e->diagnosis[j].cause != d->cause);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *forever;
	static struct know *know;
	const char *error;
	struct arena *a = arena_new();
	const struct explanation *e;

	if (!forever) {
		forever = arena_new();
		know = know_new(forever, NULL, &error);
		assert(know);
	}
	e = explain_text(a, know, (const char *)data, size);
	assert(*paste_kind_name(e->kind) && e->provider && e->decoded);
	replies(e);
	diagnosis(e);
	arena_free(a);
	return 0;
}
