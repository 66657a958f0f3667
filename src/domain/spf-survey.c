/*
 * spf-survey - what an SPF record costs where nothing matches, and what is wrong with it apart from
 * this evaluation: the answers that the judgement did not need are looked at, too.
 */
#include "domain/spf-inside.h"

/* Counted so far, over the whole tree. */
struct counted { unsigned lookups, voids; };

static void survey_record(struct spf_run *r, struct spf_record *rec, struct counted *c);

/* Is it the record that is judged in the end: the first, or one it redirects to? */
static bool is_policy(const struct spf_record *rec)
{
	for (; rec->parent; rec = rec->parent)
		if (rec->by->kind != SPF_REDIRECT)
			return false;
	return true;
}

static bool leads_back(const struct spf_record *rec, const char *target)
{
	for (; rec; rec = rec->parent)
		if (domain_name_under(rec->domain, target) &&
		    domain_name_under(target, rec->domain))
			return true;
	return false;
}

static void survey_link(struct spf_run *r, struct spf_record *rec, struct spf_term *t,
			struct counted *c)
{
	const struct spf_record *to = t->record;
	const char *text = spf_term_text(r->arena, t);

	if (leads_back(rec, t->target)) {
		spf_fault(r, SPF_FAULT_LOOP, rec, t,
			  "'%s' of %s leads back to a record that is being read", text,
			  rec->domain);
		c->lookups = SPF_COUNTED_MOST;
		return;
	}
	if (!to)
		return;
	if (!to->n_spf && !spf_is_error(to->status))
		spf_fault(r, SPF_FAULT_DEAD_INCLUDE, rec, t, "'%s' of %s: %s %s", text, rec->domain,
			  to->domain,
			  to->status == DNS_NXDOMAIN ? "does not exist" : "has no SPF record");
	if (to->depth < SPF_DEPTH_MOST)
		survey_record(r, t->record, c);
}

static void survey_answers(struct spf_run *r, struct spf_record *rec, struct spf_term *t)
{
	const char *text = spf_term_text(r->arena, t);

	if (t->kind == SPF_MX && t->n_names > SPF_NAMES_MOST)
		spf_fault(r, SPF_FAULT_NAMES, rec, t,
			  "'%s' of %s leads to %zu MX hosts; only %d are allowed", text,
			  rec->domain, t->n_names, SPF_NAMES_MOST);
	if (spf_is_error(t->status) && t->kind != SPF_PTR)
		spf_fault(r, SPF_FAULT_DNS, rec, t,
			  "what '%s' of %s names cannot be looked up (%s)", text, rec->domain,
			  dns_status_name(t->status));
	else if (t->is_void && t->kind == SPF_A)
		spf_fault(r, SPF_FAULT_VOID, rec, t, "'%s' of %s: %s %s", text, rec->domain,
			  t->target,
			  t->status == DNS_NXDOMAIN ? "does not exist"
						    : "has no address of that family");
	else if (t->is_void && t->kind == SPF_MX)
		spf_fault(r, SPF_FAULT_VOID, rec, t, "'%s' of %s: %s %s", text, rec->domain,
			  t->target,
			  t->status == DNS_OK ? "has MX hosts without an address"
					      : "has no MX record");
}

static void survey_cost(struct spf_run *r, struct spf_record *rec, struct spf_term *t,
			struct counted *c)
{
	struct counted before = *c;

	if (c->lookups >= SPF_COUNTED_MOST)
		return;
	spf_look_up(r, rec, t);
	c->lookups++;
	if (t->kind == SPF_PTR)
		spf_fault(r, SPF_FAULT_PTR, rec, t,
			  "'%s' of %s: ptr is slow and unreliable, and some receivers ignore it",
			  spf_term_text(r->arena, t), rec->domain);
	if (t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT) {
		survey_link(r, rec, t, c);
	} else {
		c->voids += t->is_void;
		survey_answers(r, rec, t);
	}
	t->worst_lookups = c->lookups - before.lookups;
	t->worst_voids = c->voids - before.voids;
}

static void survey_all(struct spf_run *r, const struct spf_record *rec, const struct spf_term *t)
{
	const char *text = spf_term_text(r->arena, t);

	if (t->qualifier == '+')
		spf_fault(r, SPF_FAULT_PASS_ALL, rec, t,
			  "'%s' of %s allows the whole Internet to send", text, rec->domain);
	else if (t->qualifier == '?' && is_policy(rec))
		spf_fault(r, SPF_FAULT_NEUTRAL_ALL, rec, t,
			  "'%s' of %s says nothing about other senders; write ~all or -all", text,
			  rec->domain);
	for (const struct spf_term *u = t->next; u; u = u->next) {
		if (u->kind == SPF_EXP || u->kind == SPF_OTHER || u->kind == SPF_REDIRECT)
			continue;
		spf_fault(r, SPF_FAULT_AFTER_ALL, rec, u,
			  "'%s' of %s stands behind '%s', so nobody reads it",
			  spf_term_text(r->arena, u), rec->domain, text);
	}
	if (rec->redirect)
		spf_fault(r, SPF_FAULT_AFTER_ALL, rec, rec->redirect,
			  "'%s' of %s has no effect beside '%s'",
			  spf_term_text(r->arena, rec->redirect), rec->domain, text);
}

static void survey_network(struct spf_run *r, const struct spf_record *rec,
			   const struct spf_term *t)
{
	enum { WIDE_4 = 8, WIDE_6 = 19 };

	if (t->qualifier != '+' || (t->kind == SPF_IP4 ? t->bits4 > WIDE_4 : t->bits6 > WIDE_6))
		return;
	spf_fault(r, SPF_FAULT_WIDE, rec, t,
		  "'%s' of %s allows a very large part of the Internet to send",
		  spf_term_text(r->arena, t), rec->domain);
}

static void survey_record(struct spf_run *r, struct spf_record *rec, struct counted *c)
{
	const struct spf_term *all = NULL;

	if (rec->n_spf != 1 || rec->broken)
		return;
	for (struct spf_term *t = rec->terms; t && !all; t = t->next) {
		if (t->kind == SPF_ALL)
			all = t;
		else if (t->kind == SPF_IP4 || t->kind == SPF_IP6)
			survey_network(r, rec, t);
		else if (spf_costs(t) && t->kind != SPF_REDIRECT)
			survey_cost(r, rec, t, c);
	}
	if (all)
		survey_all(r, rec, all);
	else if (rec->redirect)
		survey_cost(r, rec, rec->redirect, c);
	else if (is_policy(rec))
		spf_fault(r, SPF_FAULT_NO_ALL, rec, NULL,
			  "the SPF record of %s has no 'all' at its end, so other senders are "
			  "neutral",
			  rec->domain);
}

void spf_survey(struct spf_run *r)
{
	struct counted c = { 0, 0 };
	struct spf *s = r->spf;

	survey_record(r, s->record, &c);
	s->worst_lookups = c.lookups;
	s->worst_voids = c.voids;
	if (c.lookups > SPF_LOOKUPS_MOST && !spf_fault_of(s, SPF_FAULT_LOOKUPS))
		spf_fault(r, SPF_FAULT_LOOKUPS_WORST, s->record, NULL,
			  "the SPF record of %s needs %u%s DNS lookups for an address that nothing "
			  "matches; only %d are allowed",
			  s->record->domain, c.lookups,
			  c.lookups >= SPF_COUNTED_MOST ? " or more" : "", SPF_LOOKUPS_MOST);
	if (c.voids > SPF_VOIDS_MOST && !spf_fault_of(s, SPF_FAULT_VOIDS))
		spf_fault(r, SPF_FAULT_VOIDS_WORST, s->record, NULL,
			  "%u terms of the SPF record of %s name nothing; for an address that "
			  "nothing matches only %d are allowed",
			  c.voids, s->record->domain, SPF_VOIDS_MOST);
}
