/*
 * dmarc-old - the same question by RFC 7489: the organisational domain by the public suffix list,
 * two names asked.
 */
#include "domain/dmarc-inside.h"

static bool same(const char *a, const char *b)
{
	return domain_name_under(a, b) && domain_name_under(b, a);
}

static bool readable(const struct dmarc_record *rec)
{
	return rec && (rec->reports || (rec->p != DMARC_ABSENT && rec->p != DMARC_INVALID &&
					rec->sp != DMARC_INVALID));
}

/* RFC 7489, 6.6.3: the author's record, else that of the organisational domain; two records end the
 * search. */
static const struct dmarc_record *find(struct dmarc_run *r, const char *org, bool *ret_failed)
{
	struct dmarc_found f = dmarc_look(r, str_lower(r->arena, r->ask->author), false);

	if (f.n_records == 0 && !same(org, r->ask->author))
		f = dmarc_look(r, org, false);
	*ret_failed = f.status != DNS_OK && f.status != DNS_NXDOMAIN && f.status != DNS_NODATA;
	return readable(f.record) ? f.record : NULL;
}

static enum dmarc_policy policy_of(struct dmarc_run *r, const struct dmarc_record *rec)
{
	bool broken = rec->p == DMARC_ABSENT || rec->p == DMARC_INVALID || rec->sp == DMARC_INVALID;

	if (broken)
		return DMARC_NONE;
	return !same(rec->domain, r->ask->author) && rec->sp != DMARC_ABSENT ? rec->sp : rec->p;
}

static bool aligned(struct dmarc_run *r, const struct psl *psl, const char *domain, bool strict)
{
	const char *org = psl_registrable(psl, r->arena, domain, true);

	if (strict || same(domain, r->ask->author))
		return same(domain, r->ask->author);
	return same(org ? org : domain, r->d->old.org_domain);
}

/* What happens to messages that pct leaves out: one step less (RFC 7489, 6.6.4). */
static enum dmarc_policy sampled(const struct dmarc_record *rec, enum dmarc_policy p)
{
	if (!rec->has_pct || rec->pct > 0)
		return p;
	return p == DMARC_REJECT ? DMARC_QUARANTINE : DMARC_NONE;
}

void dmarc_judge_old(struct dmarc_run *r)
{
	_cleanup_(psl_freep) struct psl *psl = psl_load(NULL);
	const struct dmarc_ask *ask = r->ask;
	const struct dmarc_record *rec;
	struct dmarc_view *v = &r->d->old;
	const char *org;
	bool failed;

	r->d->have_list = psl != NULL;
	if (!psl)
		return;
	org = psl_registrable(psl, r->arena, ask->author, true);
	v->org_domain = org ? org : str_lower(r->arena, ask->author);
	rec = find(r, v->org_domain, &failed);
	if (rec) {
		v->policy_domain = rec->domain;
		v->policy = policy_of(r, rec);
		v->applied = sampled(rec, v->policy);
	}
	if (ask->spf_pass && ask->spf_domain && *ask->spf_domain)
		v->spf_aligned = aligned(r, psl, ask->spf_domain, rec && rec->strict_spf);
	for (size_t i = 0; i < ask->n_dkim; i++)
		v->dkim_aligned |= ask->dkim[i].pass &&
				   aligned(r, psl, ask->dkim[i].domain, rec && rec->strict_dkim);
	v->result = DMARC_FAIL;
	if (!rec)
		v->result = failed ? DMARC_TEMPERROR : DMARC_NO_RECORD;
	else if (v->spf_aligned || v->dkim_aligned)
		v->result = DMARC_PASS;
	r->d->differ = v->policy != r->d->now.policy || v->applied != r->d->now.applied ||
		       v->result != r->d->now.result ||
		       !str_eq_nocase(v->policy_domain, r->d->now.policy_domain);
}
