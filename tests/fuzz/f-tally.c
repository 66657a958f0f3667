/*
 * f-tally - any bytes as a log, in pieces of any size: nothing is read outside them, everything
 * that is counted adds up.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "logs/lines.h"
#include "base/scan.h"
#include "logs/log-line.h"
#include "logs/tally.h"
#include "tests/fuzz/fuzz.h"

static void inside(struct span part, struct span whole)
{
	assert(part.len == 0 || (part.p >= whole.p && part.p + part.len <= whole.p + whole.len));
}

static void take(void *arg, struct span line, bool cut)
{
	struct log_line l = log_line_read(line);
	struct stamp st;

	assert(line.len <= LIMIT_LOG_LINE);
	inside(l.id, line);
	inside(l.sender, line);
	inside(l.relay, line);
	inside(l.said, line);
	if (stamp_find(line, &st))
		assert(st.kind != STAMP_NONE && *st.text && strlen(st.text) < sizeof(st.text));
	tally_line(arg, line, cut);
}

static void adds_up(const struct tally *t)
{
	struct arena *a = arena_new();
	struct tally_sum s = tally_sum(t, a);
	uint64_t causes = 0, relays = 0, senders = 0, cells = 0;

	for (size_t i = 0; i < s.n_causes; i++) {
		causes += s.causes[i]->count.all;
		assert(*s.causes[i]->title && *s.causes[i]->example && s.causes[i]->example_line);
	}
	for (size_t i = 0; i < s.n_relays; i++)
		relays += s.relays[i]->count.all;
	for (size_t i = 0; i < s.n_senders; i++)
		senders += s.senders[i]->count.all;
	for (size_t i = 0; i < s.n_cells; i++)
		cells += s.cells[i]->count.all;
	assert(s.count.all == causes && causes == relays && relays == senders && senders == cells);
	assert(s.count.all == s.count.deferred + s.count.bounced + s.count.failed);
	arena_free(a);
}

/*
 * One tally for all inputs: its memory is bounded, and building one takes longer than a small log.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *forever;
	static struct tally *t;
	static unsigned count;
	size_t step = size ? 1 + data[0] : 1;
	struct lines l;

	if (!t) {
		const char *error;

		forever = arena_new();
		t = tally_new(know_new(forever, NULL, &error));
	}
	tally_file(t, "fuzz");
	lines_init(&l, LIMIT_LOG_LINE, take, t);
	for (size_t i = 0; i < size; i += step)
		lines_feed(&l, (const char *)data + i, size - i < step ? size - i : step);
	lines_end(&l);
	lines_release(&l);
	tally_end(t);
	if (count++ % 64 == 0)
		adds_up(t);
	return 0;
}
