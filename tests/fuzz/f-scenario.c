/*
 * f-scenario - any bytes as a scenario: they are refused with a line that says where, or what was
 * read holds together. Then the same bytes as a query to its name server: the answer is bounded.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "lab/dnsd.h"
#include "lab/ports.h"
#include "lab/scenario.h"
#include "tests/fuzz/fuzz.h"

static void holds_together(const struct lab_server *v)
{
	assert(v->port > 0 && v->port <= 65535);
	assert(v->pace_ms >= -1 && v->pace_ms <= SCENARIO_MAX_WAIT_MS);
	for (unsigned p = 0; p < POINT_COUNT; p++) {
		unsigned n = 0;

		for (const struct step *s = server_answer(v, (enum point)p, "x"); s; s = s->next,
		     n++) {
			assert(s->n >= -1 && s->n <= SCENARIO_MAX_LENGTH);
			assert(s->len == 0 || s->text);
		}
		assert(n <= SCENARIO_MAX_STEPS);
	}
}

static void answer(struct arena *a, const uint8_t *data, size_t size)
{
	static const char *const lines[] = { "a.example A 192.0.2.1", "b.example CNAME a.example",
					     "*.example TXT x", "c.example garbage" };
	struct buf out = BUF_INIT(DNSD_MAX_ANSWER);
	struct zone z = { .records = NULL };

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		zone_parse(&z, a, span_of(lines[i]), 1);
	if (dnsd_answer(&z, data, size, true, &out))
		assert(out.len >= 12 && out.len <= DNSD_MAX_UDP);
	dnsd_answer(&z, data, size, false, &out);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct port_list ports = { .n = 0 };
	const char *error = NULL;
	struct scenario *s = NULL;

	/* A file of the machine is nobody's business here. */
	if (!memmem(data, size, "like", 4))
		s = scenario_parse(a, "x", (const char *)data, size, &error);
	if (s) {
		assert(!error);
		for (const struct lab_server *v = s->servers; v; v = v->next)
			holds_together(v);
		ports_add_names(s, a);
		ports_make(&ports, a, s);
		assert(ports.n <= PORTS_MAX);
	} else if (error) {
		assert(str_has_prefix(error, "x:"));
	}
	answer(a, data, size);
	arena_free(a);
	return 0;
}
