/*
 * f-ehlo - any bytes as what an SMTP server says: an EHLO reply and what it offers, a 334, the
 * first bytes of a conversation.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/reply.h"
#include "base/scan.h"
#include "proto/sasl-challenge.h"
#include "proto/smtp-offer.h"
#include "net/sniff.h"
#include "tests/fuzz/fuzz.h"

static void printable(const char *text)
{
	for (; *text; text++)
		assert((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void offer(struct arena *a, const struct reply *r)
{
	struct smtp_offer o;

	smtp_offer_read(a, r, &o);
	assert(o.lines.n == r->lines - 1);
	for (size_t i = 0; i < o.mechanisms.n; i++) {
		const char *m = o.mechanisms.v[i];

		assert(*m && !strpbrk(m, " \tabcdefghijklmnopqrstuvwxyz"));
		for (size_t k = 0; k < i; k++)
			assert(strcmp(m, o.mechanisms.v[k]) != 0);
	}
	for (const struct map_entry *e = map_first(o.keywords); e; e = map_next(e)) {
		assert(*e->key && !strpbrk(e->key, " \t="));
		assert(smtp_offer_parameters(&o, e->key) == e->value);
	}
	assert(!o.mechanisms.n || smtp_offer_parameters(&o, "auth"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scan s = scan_over(data, size);
	struct arena *a = arena_new();
	struct span *lines = arena_alloc(a, LIMIT_REPLY_LINES * sizeof(*lines));
	struct sasl_challenge c;
	enum sniffed what = sniff((const char *)data, size);
	struct reply *r;
	size_t n = 0;

	while (!scan_done(&s) && n < LIMIT_REPLY_LINES)
		lines[n++] = scan_line(&s);
	r = reply_of_lines(a, STAGE_EHLO, lines, n);
	if (r && r->lines)
		offer(a, r);
	for (size_t i = 0; i < n; i++) {
		sasl_challenge_read(a, lines[i], &c);
		printable(c.text);
		printable(c.status);
		printable(c.scope);
		assert(c.error || (!*c.status && !*c.scope));
	}
	assert(*sniff_words(what) && (what == SNIFF_NOTHING) == (size == 0));
	/* What begins like a reply is never taken for something else. */
	assert(size < 3 || !sniff_may_be_reply((const char *)data, size) || what == SNIFF_SMTP ||
	       what == SNIFF_SMTP_REFUSAL);
	arena_free(a);
	return 0;
}
