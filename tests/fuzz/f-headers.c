/*
 * f-headers - any bytes as a delivered message: bounded, judged, and printed as text and JSON that
 * are safe; and as the value of each field that has a parser of its own. The first byte says which.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "message/message.h"
#include "report/report.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

static const struct report_style style = { .unicode = true, .columns = 80 };

struct printed { const char *format; const struct message_judged *of; };

static int print(FILE *to, void *arg)
{
	const struct printed *p = arg;

	return report_alone(to, p->format, &style, REPORT_HEADERS, p->of);
}

static void whole(struct arena *a, struct span text)
{
	const struct message *m = message_read(a, frame_know(), text);
	const struct message_judged *j = message_judge(m);

	assert(m->fields.n <= LIMIT_HEADER_FIELDS && m->n_hops <= LIMIT_HOPS &&
	       m->n_signatures <= LIMIT_SIGNATURES);
	assert(m->n_decoded <= LIMIT_DECODED && m->border <= m->n_hops);
	for (size_t i = 0; i < m->fields.n; i++) {
		const struct field *f = &m->fields.v[i];

		assert(strlen(f->value) <= LIMIT_HEADER_VALUE && f->raw.len);
		assert(!m->fields.exact ||
		       (f->raw.p >= text.p && f->raw.p + f->raw.len <= text.p + text.len));
	}
	frame_shown(frame_printed(a, print, &(struct printed) { "text", j }));
	frame_json(frame_printed(a, print, &(struct printed) { "json", j }), true);
}

static void values(struct arena *a, struct span text)
{
	const char *v = str_without_nul(a, text.p, text.len);
	struct authres r;
	struct antispam p;
	struct spam_status s;
	struct dkim_signature d;
	struct received_spf spf;
	struct hop h;

	authres_read(a, v, &r);
	assert(r.n <= LIMIT_AUTH_RESULTS);
	for (size_t i = 0; i < r.n; i++)
		assert(*r.v[i].method && r.v[i].n_props <= LIMIT_AUTH_PROPS);
	antispam_read(a, v, &p);
	assert(p.n <= LIMIT_ANTISPAM);
	spam_status_read(a, v, &s);
	assert(s.n_tests <= LIMIT_SPAM_TESTS);
	rspamd_result_read(a, v, &s);
	assert(s.n_tests <= LIMIT_SPAM_TESTS);
	dkim_read(a, v, &d);
	assert(d.headers.n <= LIMIT_SIGNED && (*d.fault || *d.domain));
	received_spf_read(a, v, &spf);
	received_read(a, v, &h);
	assert(!h.when.known || h.when.ms < INT64_MAX / 2);
	domain_of_address(a, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct food f = food_of(data, size);

	if (food_choice(&f, 4) == 3)
		values(a, f.rest);
	else
		whole(a, f.rest);
	return 0;
}
