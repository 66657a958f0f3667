/*
 * f-dkim - any message with any key: its signatures and its chain of seals are judged within
 * bounds, and what is told of them is safe to print.
 *
 * The first line: the key record of every selector. Then the message.
 */
#include <assert.h>

#include "base/arena.h"
#include "domain/arc.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/zone-table.h"

static void told_is_safe(const struct dkim_sig *s)
{
	frame_shown(s->why);
	frame_shown(s->domain);
	frame_shown(s->selector);
	frame_shown(s->identity);
	frame_shown(s->algorithm_text);
	frame_shown(s->key_name);
	for (size_t i = 0; i < s->notes.n; i++)
		frame_shown(s->notes.v[i]);
}

static void dkim(struct arena *a, const struct domain_dns *dns, struct span message)
{
	const struct dkim *d = dkim_verify(a, dns, message, 1790000000);
	size_t n = 0;

	for (const struct dkim_sig *s = d->sigs; s; s = s->next, n++) {
		told_is_safe(s);
		assert(s->result != DKIM_NONE);
		assert((s->result == DKIM_PASS) == (s->fault == DKIM_OK));
		assert(s->result != DKIM_PASS || (s->verifies && s->key && s->key->bits >= 256));
		assert((s->fault == DKIM_OK) == !*s->why);
		assert(s->n_headers <= DKIM_HEADERS_MOST);
	}
	assert(n <= DKIM_SIGS_MOST && n <= d->n_sigs);
}

static void arc(struct arena *a, const struct domain_dns *dns, struct span message)
{
	const struct arc *c = arc_verify(a, dns, message, 1790000000);

	frame_shown(c->why);
	assert(c->n <= ARC_SETS_MOST && c->failed <= ARC_SETS_MOST);
	assert((c->result == ARC_PASS) == !*c->why);
	for (size_t i = 0; i < c->n; i++) {
		frame_shown(c->sets[i].results);
		frame_shown(c->sets[i].cv);
		if (c->sets[i].seal)
			told_is_safe(c->sets[i].seal);
		if (c->sets[i].message)
			told_is_safe(c->sets[i].message);
		assert(c->result != ARC_PASS || c->sets[i].sealed);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct food f = food_of(data, size);
	struct arena *a = arena_new();
	struct zone_table *z = zone_table_new(a);
	struct domain_dns dns = zone_table_dns(z);
	const struct dkim_key *key;
	struct span record;

	if (food_line(&f, &record)) {
		zone_table_add(z, "*.com", "TXT", span_dup(a, record));
		zone_table_add(z, "*.example", "TXT", span_dup(a, record));
		key = dkim_key_read(a, record);
		frame_shown(key->why);
		assert((key->fault == DKIM_OK) == !*key->why);
		assert(key->fault != DKIM_OK || key->bits);
		dkim(a, &dns, f.rest);
		arc(a, &dns, f.rest);
	}
	arena_free(a);
	return 0;
}
