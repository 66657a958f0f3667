/*
 * The facts a message leaves. What is only not said stays unset; what rules negate is always set.
 */
#include "message/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "judge/facts.h"

static void set(struct facts *f, const char *name, const char *value)
{
	if (value && *value)
		facts_set(f, name, value);
}

static void set_number(struct facts *f, const char *name, const char *digits)
{
	bool minus = *digits == '-';
	unsigned long n;

	if (str_number(digits + minus, 1000000, &n))
		facts_set_number(f, name, minus ? -(int64_t)n : (int64_t)n);
}

static void identity_facts(const struct message *m, struct facts *f)
{
	const struct authentication *auth = &m->auth;
	bool spf = str_eq(auth->spf.result, "pass"), dkim = str_eq(auth->dkim.result, "pass");

	set(f, "message.from-domain", m->from_domain);
	set(f, "message.envelope-domain", m->envelope_domain);
	set(f, "message.auth-by", auth->by);
	set(f, "message.spf", auth->spf.result);
	set(f, "message.spf-domain", auth->spf.domain);
	set(f, "message.dkim", auth->dkim.result);
	set(f, "message.dkim-domain", auth->dkim.domain);
	set(f, "message.dkim-words", auth->dkim.words);
	set(f, "message.dmarc", auth->dmarc.result);
	set(f, "message.dmarc-action", auth->action);
	set(f, "message.dmarc-policy", auth->policy);
	set(f, "message.compauth", auth->compauth);
	facts_set_bool(f, "message.compauth-failed", str_eq(auth->compauth, "fail"));
	set(f, "message.compauth-reason", auth->reason);
	set(f, "message.arc", auth->arc);
	set(f, "message.client", auth->client);
	facts_set_bool(f, "message.judged",
		       *auth->spf.result || *auth->dkim.result || *auth->dmarc.result);
	facts_set_bool(f, "message.spf-aligned", spf && auth->spf.aligned);
	facts_set_bool(f, "message.dkim-aligned", dkim && auth->dkim.aligned);
	facts_set_bool(f, "message.authenticated",
		       str_eq(auth->dmarc.result, "pass") ||
			       str_eq(auth->dmarc.result, "bestguesspass") ||
			       (spf && auth->spf.aligned) || (dkim && auth->dkim.aligned));
	facts_set_bool(f, "message.foreign-signature",
		       dkim && !auth->dkim.aligned && *auth->dkim.domain && *m->from_domain);
	set(f, "message.alignment", message_alignment(m));
}

static void microsoft_facts(const struct message *m, struct facts *f)
{
	const struct microsoft *ms = &m->ms;

	set(f, "message.sfv", antispam_value(&ms->report, "SFV"));
	set(f, "message.cat", antispam_value(&ms->report, "CAT"));
	set(f, "message.srv", antispam_value(&ms->report, "SRV"));
	set(f, "message.sfty", antispam_value(&ms->report, "SFTY"));
	set_number(f, "message.scl", ms->scl);
	set_number(f, "message.bcl", antispam_value(&ms->bulk, "BCL"));
	set(f, "message.delivered-to", antispam_value(&ms->delivery, "dest"));
	set(f, "message.delivered-by", antispam_value(&ms->delivery, "OFR"));
	set(f, "message.outbound-category", antispam_value(&ms->outbound, "CAT"));
	set(f, "message.custom-spam", ms->custom_spam);
	set(f, "message.auth-as", ms->auth_as);
	set(f, "message.auth-mechanism", ms->auth_mechanism);
	set(f, "message.forged", strv_join(&m->forged, m->arena, ", "));
}

/* --- spam filters of others --- */

static int by_score(const void *x, const void *y)
{
	const struct spam_test *a = x, *b = y;

	if (a->score < b->score)
		return 1;
	return a->score > b->score ? -1 : strcmp(a->name, b->name);
}

/* The three that weigh most. */
static const char *heaviest(const struct message *m)
{
	struct spam_test *sorted = arena_alloc(m->arena, (m->spam.n_tests + 1) * sizeof(*sorted));
	struct strv names = { NULL, 0, 0 };
	bool scored = false;

	for (size_t i = 0; i < m->spam.n_tests; i++) {
		sorted[i] = m->spam.tests[i];
		scored |= sorted[i].has_score;
	}
	if (scored)
		qsort(sorted, m->spam.n_tests, sizeof(*sorted), by_score);
	for (size_t i = 0; i < m->spam.n_tests && names.n < 3; i++) {
		if (!scored)
			strv_add(&names, m->arena, sorted[i].name);
		else if (sorted[i].score > 0)
			strv_addf(&names, m->arena, "%s (%.1f)", sorted[i].name, sorted[i].score);
	}
	return strv_join(&names, m->arena, ", ");
}

/* Tests that fire because a list refuses to answer the receiver's resolver: they say nothing of the
 * sender. */
static const char *refused_lists(const struct message *m)
{
	struct strv names = { NULL, 0, 0 };
	size_t validity = 0;

	for (size_t i = 0; i < m->spam.n_tests; i++) {
		const char *name = m->spam.tests[i].name;

		validity += str_has_prefix(name, "RCVD_IN_VALIDITY_") != 0;
		if (str_glob("*_BLOCKED", name) || str_glob("*_BLOCKED_OPENDNS", name))
			strv_add(&names, m->arena, name);
	}
	if (validity > 1)
		strv_add(&names, m->arena, "RCVD_IN_VALIDITY_*");
	return strv_join(&names, m->arena, ", ");
}

static void filter_facts(const struct message *m, struct facts *f)
{
	facts_set_bool(f, "message.spam-flag", m->spam.yes);
	set(f, "message.spam-field", m->spam.yes ? m->spam_field : "");
	set(f, "message.spam-score", m->spam.score);
	facts_set_bool(f, "message.spam-scored", *m->spam.score != '\0');
	set(f, "message.spam-required", m->spam.required);
	set(f, "message.spam-tests", heaviest(m));
	set(f, "message.spam-lists-refused", refused_lists(m));
}

/* --- the way and its time --- */

static void way_facts(const struct message *m, struct facts *f)
{
	const struct lateness *l = &m->late;
	const struct hop *slow = l->hop < m->n_hops ? &m->hops[l->hop] : NULL;

	facts_set_number(f, "message.hops", (int64_t)m->n_hops);
	set(f, "message.receiver", m->receiver);
	set(f, "message.path", m->path);
	set(f, "message.path-words", m->path_words);
	set(f, "message.forwarded-by", m->forwarded_by);
	facts_set_bool(f, "message.forwarded", m->forwarded);
	facts_set_bool(f, "message.list", m->list);
	set(f, "message.loop", m->loop);
	set(f, "message.clock", strv_join(&m->clocks, m->arena, "; "));
	if (m->greylisted_s) {
		facts_set_number(f, "message.greylisted-s", m->greylisted_s);
		facts_set(f, "message.greylisted-for",
			  message_span(m->arena, m->greylisted_s * 1000));
		set(f, "message.greylisted-by", m->greylisted_by);
	}
	facts_set_bool(f, "message.greylisted", m->greylisted_s > 0);
	if (l->before_ms >= 1000) {
		facts_set_number(f, "message.age-at-first-hop-s", l->before_ms / 1000);
		facts_set(f, "message.age-at-first-hop", message_span(m->arena, l->before_ms));
	}
	if (l->known)
		facts_set_number(f, "message.took-s", l->total_ms / 1000);
	if (!l->wait_ms || !slow)
		return;
	facts_set_number(f, "message.longest-wait-s", l->wait_ms / 1000);
	facts_set(f, "message.longest-wait", message_span(m->arena, l->wait_ms));
	facts_set(f, "message.waited-where", l->where);
	set(f, "message.waited-by", slow->by_host);
	set(f, "message.waited-from", l->hop ? m->hops[l->hop - 1].by_host : slow->helo);
}

void message_facts(const struct message *m, struct facts *f)
{
	bool spam = microsoft_found_spam(m) || m->spam.yes;
	const char *dest = antispam_value(&m->ms.delivery, "dest");

	identity_facts(m, f);
	microsoft_facts(m, f);
	filter_facts(m, f);
	way_facts(m, f);
	verified_facts(m, f);
	facts_set_bool(f, "message.found-clean", microsoft_found_clean(m));
	facts_set_bool(f, "message.found-spam", spam);
	facts_set_bool(f, "message.junk",
		       str_eq(dest, "J") || (spam && !*dest) ||
			       str_eq(m->auth.action, "quarantine"));
}
