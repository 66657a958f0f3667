/*
 * dmarc - policy discovery, organisational domain and alignment of RFC 9989, 4.10 and 5.3.
 */
#include "domain/dmarc.h"

#include "domain/dmarc-inside.h"

const char *dmarc_policy_name(enum dmarc_policy p)
{
	static const char *const names[] = {
		[DMARC_ABSENT] = "absent", [DMARC_NONE] = "none", [DMARC_QUARANTINE] = "quarantine",
		[DMARC_REJECT] = "reject", [DMARC_INVALID] = "invalid",
	};

	return names[p];
}

const char *dmarc_result_name(enum dmarc_result r)
{
	static const char *const names[] = {
		[DMARC_NO_RECORD] = "none", [DMARC_PASS] = "pass", [DMARC_FAIL] = "fail",
		[DMARC_TEMPERROR] = "temperror",
	};

	return names[r];
}

const char *dmarc_fault_name(enum dmarc_fault_kind k)
{
	static const char *const names[DMARC_FAULT_COUNT] = {
		[DMARC_FAULT_TWO_RECORDS] = "two-records",
		[DMARC_FAULT_NOT_A_RECORD] = "not-a-record",
		[DMARC_FAULT_POLICY] = "policy",
		[DMARC_FAULT_SUBPOLICY] = "subpolicy",
		[DMARC_FAULT_SYNTAX] = "syntax",
		[DMARC_FAULT_DUPLICATE] = "duplicate",
		[DMARC_FAULT_VALUE] = "value",
		[DMARC_FAULT_ORDER] = "order",
		[DMARC_FAULT_ADDRESS] = "address",
		[DMARC_FAULT_NOT_AUTHORISED] = "not-authorised",
		[DMARC_FAULT_OBSOLETE] = "obsolete",
		[DMARC_FAULT_DNS] = "dns",
	};

	return names[k];
}

const struct dmarc_fault *dmarc_fault_of(const struct dmarc *d, enum dmarc_fault_kind k)
{
	const struct dmarc_fault *f = d->faults;

	while (f && f->kind != k)
		f = f->next;
	return f;
}

void dmarc_note(struct dmarc_run *r, struct dmarc_fault *f)
{
	*r->fault_end = f;
	while (*r->fault_end)
		r->fault_end = &(*r->fault_end)->next;
}

/* --- what stands at one name --- */

static bool failed(enum dns_status s)
{
	return s != DNS_OK && s != DNS_NXDOMAIN && s != DNS_NODATA && s != DNS_BAD_NAME;
}

/* Somebody meant it as DMARC: the first 40 bytes say so. */
static bool nearly_dmarc(const struct dns_record *t)
{
	struct span start = { t->text, t->text_len > 40 ? 40 : t->text_len };

	return span_find_nocase(start, SPAN_LITERAL("dmarc")) != NULL;
}

struct dmarc_found dmarc_look(struct dmarc_run *r, const char *domain, bool note)
{
	const char *name = arena_printf(r->arena, "_dmarc.%s", domain);
	struct dmarc_found f = { .domain = domain, .status = DNS_BAD_NAME };
	const struct dns_answer *txt;

	if (!domain_name_fits(name))
		return f;
	txt = r->dns->ask(r->dns->arg, name, DNS_TXT);
	f.status = txt->status;
	for (const struct dns_record *t = txt->records; t; t = t->next) {
		struct dmarc_record *rec =
			dmarc_read(r->arena, domain, (struct span){ t->text, t->text_len });

		if (rec && f.n_records++ == 0)
			f.record = rec;
		else if (!rec && note && nearly_dmarc(t))
			dmarc_note(r,
				   dmarc_fault(r->arena, DMARC_FAULT_NOT_A_RECORD, false,
					       "a TXT record of %s looks like DMARC but does not "
					       "begin with 'v=DMARC1;': %s",
					       name, domain_shown(r->arena, t->text, t->text_len)));
	}
	if (note && failed(txt->status))
		dmarc_note(r, dmarc_fault(r->arena, DMARC_FAULT_DNS, false,
					  "%s cannot be looked up: %s", name, txt->why));
	if (note && f.n_records > 1)
		dmarc_note(r, dmarc_fault(r->arena, DMARC_FAULT_TWO_RECORDS, false,
					  "%s has %zu DMARC records: no receiver applies any of "
					  "them",
					  domain, f.n_records));
	if (note && f.n_records == 1)
		dmarc_note(r, f.record->faults);
	/* All are discarded (RFC 9989, 4.10). */
	if (f.n_records > 1)
		f.record = NULL;
	return f;
}

/* --- the walk --- */

static size_t labels_of(const char *name)
{
	size_t n = 1;

	for (const char *p = name; *p; p++)
		n += *p == '.' && p[1];
	return n;
}

static const char *parent_of(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot && dot[1] ? dot + 1 : NULL;
}

/* Of the names with a record, longest first: psd=n is it, psd=y is above it, else the shortest (RFC
 * 9989, 4.10.2). */
static void choose_org(struct dmarc_walk *w, const char *start)
{
	const char *below = start;

	w->org = start;
	for (size_t i = 0; i < w->n; i++) {
		const struct dmarc_found *f = &w->found[i];

		if (!f->record)
			continue;
		if (f->record->psd == 'y' && i > 0) {
			/* One label below; the walk may have left names out. */
			for (below = start;
			     parent_of(below) && !str_eq_nocase(parent_of(below), f->domain);)
				below = parent_of(below);
			w->org = below;
			w->psd = f;
			return;
		}
		w->org = f->domain;
		if (f->record->psd == 'n')
			return;
	}
}

void dmarc_walk(struct dmarc_run *r, const char *domain, bool author, struct dmarc_walk *w)
{
	const char *name = domain;

	*w = (struct dmarc_walk) { .n = 0 };
	while (name && w->n < DMARC_QUESTIONS_MOST) {
		struct dmarc_found *f = &w->found[w->n];

		*f = dmarc_look(r, name, author);
		if (author)
			strv_addf(&r->d->questions, r->arena, "_dmarc.%s", name);
		w->n++;
		w->failed |= failed(f->status);
		if (f->record && f->record->psd != 'u')
			break;
		name = parent_of(name);
		/* Of a long name all but 7 labels go at once, after the first question. */
		while (name && w->n == 1 && labels_of(name) > 7)
			name = parent_of(name);
	}
	choose_org(w, domain);
}

/* --- judgement --- */

/* Is the domain of an identity another spelling of the author's? */
static bool same(const char *a, const char *b)
{
	return domain_name_under(a, b) && domain_name_under(b, a);
}

static bool needs_org(const struct dmarc_ask *ask)
{
	bool other = ask->spf_domain && *ask->spf_domain && !same(ask->spf_domain, ask->author);

	for (size_t i = 0; i < ask->n_dkim; i++)
		other |= !same(ask->dkim[i].domain, ask->author);
	return other;
}

static bool aligned(struct dmarc_run *r, const char *domain, bool strict)
{
	struct dmarc_walk w;

	if (same(domain, r->ask->author))
		return true;
	if (strict || !domain_name_fits(domain))
		return false;
	dmarc_walk(r, str_lower(r->arena, domain), false, &w);
	r->failed |= w.failed;
	return same(w.org, r->d->now.org_domain);
}

static void judge_alignment(struct dmarc_run *r)
{
	const struct dmarc_ask *ask = r->ask;
	const struct dmarc_record *rec = r->d->record;
	struct dmarc_view *v = &r->d->now;

	if (ask->spf_pass && ask->spf_domain && *ask->spf_domain)
		v->spf_aligned = aligned(r, ask->spf_domain, rec && rec->strict_spf);
	for (size_t i = 0; i < ask->n_dkim && !v->dkim_aligned; i++)
		v->dkim_aligned = ask->dkim[i].pass &&
				  aligned(r, ask->dkim[i].domain, rec && rec->strict_dkim);
}

/* The policy of a record for the author domain (RFC 9989, 4.7 and 4.10.1); DMARC_ABSENT = it is not
 * processed. */
static enum dmarc_policy policy_of(struct dmarc_run *r, const struct dmarc_record *rec)
{
	bool own = same(rec->domain, r->ask->author);
	const struct dns_answer *a;

	if (rec->p == DMARC_ABSENT || rec->p == DMARC_INVALID || rec->sp == DMARC_INVALID ||
	    rec->np == DMARC_INVALID)
		return rec->reports || rec->p == DMARC_ABSENT ? DMARC_NONE : DMARC_ABSENT;
	if (own)
		return rec->p;
	if (rec->np != DMARC_ABSENT && domain_name_fits(r->ask->author)) {
		a = r->dns->ask(r->dns->arg, r->ask->author, DNS_A);
		r->d->exists = a->status != DNS_NXDOMAIN;
		if (!r->d->exists)
			return rec->np;
	}
	return rec->sp != DMARC_ABSENT ? rec->sp : rec->p;
}

static enum dmarc_policy lowered(enum dmarc_policy p)
{
	if (p == DMARC_REJECT)
		return DMARC_QUARANTINE;
	return p == DMARC_QUARANTINE ? DMARC_NONE : p;
}

/* Author's own, else the organisational domain's, else the public suffix domain's (RFC
 * 9989, 4.10.1). */
static struct dmarc_record *choose_record(const struct dmarc_walk *w)
{
	if (w->found[0].record)
		return w->found[0].record;
	for (size_t i = 0; i < w->n; i++)
		if (w->found[i].record && str_eq_nocase(w->found[i].domain, w->org))
			return w->found[i].record;
	return w->psd ? w->psd->record : NULL;
}

static struct dmarc_record *discover(struct dmarc_run *r)
{
	struct dmarc *d = r->d;
	struct dmarc_walk *w = arena_alloc(r->arena, sizeof(*w));
	const char *author = str_lower(r->arena, r->ask->author);
	struct dmarc_found first = dmarc_look(r, author, false);

	/* With a record of its own, what stands at the TLD counts only for alignment. */
	if (first.record && labels_of(author) < 3 && !needs_org(r->ask) && !r->ask->reports) {
		first = dmarc_look(r, author, true);
		strv_addf(&d->questions, r->arena, "_dmarc.%s", author);
		*w = (struct dmarc_walk) { .found = { first }, .n = 1, .org = author };
	} else {
		dmarc_walk(r, author, true, w);
	}
	r->failed = w->failed;
	d->author = w->found[0].record;
	d->now.org_domain = w->org;
	return choose_record(w);
}

static void judge_now(struct dmarc_run *r)
{
	struct dmarc *d = r->d;
	struct dmarc_view *v = &d->now;

	if (d->record) {
		v->policy = policy_of(r, d->record);
		v->policy_domain = d->record->domain;
	}
	v->applied = d->record && d->record->test ? lowered(v->policy) : v->policy;
	judge_alignment(r);
	if (v->policy == DMARC_ABSENT)
		v->result = r->failed ? DMARC_TEMPERROR : DMARC_NO_RECORD;
	else if (v->spf_aligned || v->dkim_aligned)
		v->result = DMARC_PASS;
	else
		v->result = r->failed ? DMARC_TEMPERROR : DMARC_FAIL;
}

const struct dmarc *dmarc_check(struct arena *a, const struct domain_dns *dns,
				const struct dmarc_ask *ask)
{
	struct dmarc *d = arena_alloc(a, sizeof(*d));
	struct dmarc_run r = {
		.arena = a, .dns = dns, .ask = ask, .d = d, .fault_end = &d->faults
	};
	struct dmarc_record *rec;

	*d = (struct dmarc){ .exists = true,
			     .now = { .org_domain = ask->author, .policy_domain = "" },
			     .old = { .org_domain = ask->author, .policy_domain = "" } };
	if (!domain_name_fits(ask->author))
		return d;
	d->record = rec = discover(&r);
	judge_now(&r);
	dmarc_judge_old(&r);
	if (rec && ask->reports)
		dmarc_look_at_reports(&r, rec);
	return d;
}
