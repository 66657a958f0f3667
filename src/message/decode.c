/*
 * What data/headers.tsv knows of the values in the header.
 */
#include "message/inside.h"

#include "base/arena.h"
#include "know/know.h"

static void add(struct message *m, const char *header, const char *key, const char *value)
{
	const struct header_row *row = *value ? know_header(m->know, header, key, value) : NULL;

	if (!row || m->n_decoded >= LIMIT_DECODED)
		return;
	m->decoded[m->n_decoded++] = (struct decoded) {
		header, key, value, row->meaning, row->source, row->confidence,
	};
}

/* Internal numbers (SFS, SRVR, ENG ...) are in no row, and stay out. */
static void add_pairs(struct message *m, const char *header, const struct antispam *s)
{
	for (size_t i = 0; i < s->n; i++)
		add(m, header, s->v[i].key, s->v[i].value);
}

static void add_tests(struct message *m)
{
	for (size_t i = 0; i < m->spam.n_tests; i++)
		add(m, "X-Spam-Status", "test", m->spam.tests[i].name);
}

void decode_all(struct message *m)
{
	const struct microsoft *ms = &m->ms;

	m->decoded = arena_alloc(m->arena, LIMIT_DECODED * sizeof(*m->decoded));
	add(m, "Authentication-Results", "compauth", m->auth.compauth);
	add(m, "Authentication-Results", "reason", m->auth.reason);
	add(m, "Authentication-Results", "action", m->auth.action);
	add_pairs(m, "X-Forefront-Antispam-Report", &ms->report);
	if (!*antispam_value(&ms->report, "SCL"))
		add(m, "X-Forefront-Antispam-Report", "SCL", ms->scl);
	add_pairs(m, "X-Microsoft-Antispam", &ms->bulk);
	add_pairs(m, "X-Microsoft-Antispam-Mailbox-Delivery", &ms->delivery);
	add_pairs(m, "X-Forefront-Antispam-Report-Untrusted", &ms->outbound);
	add(m, "X-CustomSpam", "text", ms->custom_spam);
	add(m, "X-MS-Exchange-Organization-AuthAs", "value", ms->auth_as);
	add(m, "X-MS-Exchange-Organization-AuthMechanism", "value", ms->auth_mechanism);
	add(m, "X-MS-Exchange-CrossTenant-FromEntityHeader", "value", ms->entity);
	add(m, "X-MS-Exchange-Organization-MessageDirectionality", "value", ms->directionality);
	add_tests(m);
}
