/*
 * spf-ahead - asks what an evaluation of SPF may need, side by side, one round per level of
 * include.
 *
 * The judgement comes afterwards and finds the answers there. Asked is what the terms of a record
 * name in its first SPF_LOOKUPS_MOST lookups, so a hostile record costs no more than an honest one.
 */
#include "domain/spf-inside.h"

#include "base/map.h"

struct round {
	struct spf_run		*run;
	struct map		*seen;		/* "16 example.com" */
	struct dns_question	 now[SPF_AHEAD_MOST], next[SPF_AHEAD_MOST];
	size_t			 n_now, n_next, total;
};

static void want(struct round *d, const char *name, enum dns_type type)
{
	const char *key;

	if (!name || !domain_name_fits(name) || d->total == SPF_AHEAD_MOST)
		return;
	key = arena_printf(d->run->arena, "%d %s", (int)type, str_lower(d->run->arena, name));
	if (map_get(d->seen, key))
		return;
	map_set(d->seen, key, d);
	d->next[d->n_next++] = (struct dns_question) { .name = name, .type = type };
	d->total++;
}

static void want_addresses(struct round *d, const char *name)
{
	if (d->run->ip_len != 16)
		want(d, name, DNS_A);
	if (d->run->ip_len != 4)
		want(d, name, DNS_AAAA);
}

static void want_term(struct round *d, const struct spf_record *rec, const struct spf_term *t)
{
	const char *target = spf_target(d->run, rec, t->spec, true);

	if (t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT)
		want(d, target, DNS_TXT);
	else if (t->kind == SPF_MX)
		want(d, target, DNS_MX);
	else if (t->kind == SPF_A)
		want_addresses(d, target);
	else if (t->kind == SPF_EXISTS)
		want(d, target, DNS_A);
	else if (t->kind == SPF_PTR && d->run->ip_len)
		want(d, ptr_name(d->run->arena, d->run->ip, d->run->ip_len), DNS_PTR);
}

static void want_record(struct round *d, const char *domain, const struct dns_record *txt)
{
	_cleanup_(arena_freep) struct arena *scratch = arena_new();
	struct spf_record rec = { .domain = domain, .text = { txt->text, txt->text_len } };
	unsigned costs = 0;
	bool all = false;

	spf_read(NULL, scratch, &rec);
	if (rec.broken)
		return;
	for (const struct spf_term *t = rec.terms; t && costs < SPF_LOOKUPS_MOST && !all;
	     t = t->next) {
		all = t->kind == SPF_ALL;
		if (t->kind == SPF_REDIRECT || !spf_costs(t))
			continue;
		want_term(d, &rec, t);
		costs++;
	}
	if (rec.redirect && !all && costs < SPF_LOOKUPS_MOST)
		want_term(d, &rec, rec.redirect);
}

static void follow(struct round *d, const struct dns_question *q)
{
	const struct dns_record *first;
	size_t n = 0;

	if (!q->answer || q->answer->status != DNS_OK)
		return;
	if (q->type == DNS_TXT) {
		first = spf_next_record(q->answer->records);
		if (first && !spf_next_record(first->next))
			want_record(d, q->name, first);
		return;
	}
	if (q->type != DNS_MX && q->type != DNS_PTR)
		return;
	for (const struct dns_record *m = q->answer->records; m && n < SPF_NAMES_MOST;
	     m = m->next, n++)
		want_addresses(d, m->name);
}

void spf_ask_ahead(struct spf_run *r, const char *domain)
{
	struct round *d;

	if (!r->dns->ask_all)
		return;
	d = arena_alloc(r->arena, sizeof(*d));
	*d = (struct round) { .run = r, .seen = map_new(r->arena) };
	want(d, domain, DNS_TXT);
	for (unsigned depth = 0; depth < SPF_DEPTH_MOST && d->n_next; depth++) {
		memcpy(d->now, d->next, d->n_next * sizeof(*d->now));
		d->n_now = d->n_next;
		d->n_next = 0;
		r->dns->ask_all(r->dns->arg, d->now, d->n_now);
		for (size_t i = 0; i < d->n_now; i++)
			follow(d, &d->now[i]);
	}
}
