/*
 * f-spf - any zone, evaluated for SPF and DMARC: it ends after few questions, and what is told of
 * it is safe to print.
 *
 * The first line: ADDRESS SENDER HELO. Each further line is a record, "NAME TYPE VALUE"
 * (tests/unit/zone-table.h).
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "domain/dmarc.h"
#include "domain/spf.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/zone-table.h"

enum {
	/* Asked ahead, and what judgement and survey ask beyond: 50 lookups of 11 names in 2
	   families, and the address's own names. */
	QUESTIONS_MOST = 120 + 50 * 22 + 50,
	RECORDS_MOST = 200,
};

static const char *word(struct arena *a, struct span *line)
{
	const char *blank = line->len ? memchr(line->p, ' ', line->len) : NULL;
	size_t n = blank ? (size_t)(blank - line->p) : line->len;
	const char *w = span_dup(a, (struct span) { line->p, n });

	*line = (struct span) { line->p + n, line->len - n };
	if (blank)
		*line = (struct span) { line->p + 1, line->len - 1 };
	return w;
}

static struct zone_table *zone_of(struct arena *a, struct food f)
{
	struct zone_table *z = zone_table_new(a);
	struct span line;

	for (size_t n = 0; n < RECORDS_MOST && food_line(&f, &line); n++) {
		const char *name = word(a, &line), *type = word(a, &line);

		(void)zone_table_add(z, name, type, span_dup(a, line));
	}
	return z;
}

static void told_is_safe(struct arena *a, const struct spf *s)
{
	struct strv lines = spf_trace(a, s, NULL);
	size_t n = 0;

	frame_shown(s->why);
	frame_shown(s->domain);
	frame_shown(s->explanation);
	for (const struct spf_fault *f = s->faults; f; f = f->next, n++)
		frame_shown(f->words);
	assert(n <= SPF_FAULTS_MOST && n <= s->n_faults);
	for (size_t i = 0; i < lines.n; i++)
		frame_shown(lines.v[i]);
	if (spf_allowing(a, s))
		frame_shown(spf_allowing(a, s));
}

static void spf(struct arena *a, struct food f, const struct spf_ask *ask)
{
	struct zone_table *z = zone_of(a, f), *again = zone_of(a, f);
	struct domain_dns dns = zone_table_dns(z), plain = zone_table_dns(again);
	const struct spf *s = spf_check(a, &dns, ask), *t;

	told_is_safe(a, s);
	assert(s->lookups <= SPF_LOOKUPS_MOST + 1 && s->voids <= SPF_VOIDS_MOST + 1);
	assert(s->worst_lookups <= SPF_COUNTED_MOST + 1);
	assert((s->result == SPF_PERMERROR) ||
	       (s->lookups <= SPF_LOOKUPS_MOST && s->voids <= SPF_VOIDS_MOST));
	assert(s->result != SPF_PASS || (s->decided && s->decided->matched));
	assert(!!*s->ip || s->result == SPF_NOT_JUDGED || s->result == SPF_NONE ||
	       s->result == SPF_TEMPERROR || s->result == SPF_PERMERROR);
	assert(zone_table_asked(z) <= QUESTIONS_MOST);
	/* Asking ahead changes nothing but the order of questions. */
	plain.ask_all = NULL;
	t = spf_check(a, &plain, ask);
	assert(t->result == s->result && t->lookups == s->lookups &&
	       t->worst_lookups == s->worst_lookups);
}

static void dmarc(struct arena *a, struct food f, const char *from)
{
	struct zone_table *z = zone_of(a, f);
	struct domain_dns dns = zone_table_dns(z);
	struct dmarc_ask ask = {
		.author = from, .spf_domain = "mail.example.com", .spf_pass = true, .reports = true
	};
	const struct dmarc *d = dmarc_check(a, &dns, &ask);

	assert(d->questions.n <= 8);
	assert(d->now.result != DMARC_PASS || d->now.spf_aligned || d->now.dkim_aligned);
	assert(d->now.policy != DMARC_INVALID && d->old.policy != DMARC_INVALID);
	for (const struct dmarc_fault *x = d->faults; x; x = x->next)
		frame_shown(x->words);
	/* The walks of author, SPF domain and 2 * 16 report addresses, with a question each. */
	assert(zone_table_asked(z) <= 8 * (2 + 32) + 32 + 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct food f = food_of(data, size);
	struct arena *a = arena_new();
	struct spf_ask ask = { .now = 1790000000 };
	struct span line;
	const char *at;

	if (food_line(&f, &line)) {
		ask.ip = word(a, &line);
		ask.from = word(a, &line);
		ask.helo = word(a, &line);
		spf(a, f, &ask);
		at = strrchr(ask.from, '@');
		dmarc(a, f, at ? at + 1 : ask.from);
	}
	arena_free(a);
	return 0;
}
