/*
 * dkim-selectors - the keys of a domain by their selectors. RFC 6376, 3.1 and 3.6.2.1.
 */
#include "domain/dkim-selectors.h"

#include "domain/dkim-inside.h"

static void add_selectors(struct strv *l, struct arena *a, const struct sending_service *s)
{
	for (size_t i = 0; s && i < s->selectors.n && l->n < DKIM_SELECTORS_MOST; i++)
		if (!strv_has(l, s->selectors.v[i]))
			strv_add(l, a, s->selectors.v[i]);
}

struct strv dkim_selectors_of(struct arena *a, const struct know *know,
			      const struct strv *services)
{
	struct strv l = { NULL, 0, 0 };

	for (size_t i = 0; i < services->n; i++)
		add_selectors(&l, a, know_service(know, services->v[i]));
	add_selectors(&l, a, know_service(know, "*"));
	return l;
}

/* Panels that add the domain by themselves are given the whole name: it stands there twice. */
static const char *doubled(struct arena *a, const struct domain_dns *dns,
			   const struct dkim_keys *k, const struct dkim_selector *s)
{
	const char *name = arena_printf(a, "%s.%s", s->asked, k->domain);

	return domain_name_fits(name) && dns->ask(dns->arg, name, DNS_TXT)->status == DNS_OK ? name
											     : "";
}

static void look(struct arena *a, const struct domain_dns *dns, const struct dkim_keys *k,
		 struct dkim_selector *s)
{
	const struct dns_answer *ans;

	if (!*s->asked) {
		s->fault = DKIM_NO_KEY;
		s->why = arena_printf(a, "'%s' is not a selector", s->name);
		return;
	}
	ans = dns->ask(dns->arg, s->asked, DNS_TXT);
	if (ans->cnames.n)
		s->alias = ans->cnames.v[ans->cnames.n - 1];
	s->key = dkim_key_ask(a, dns, s->asked, &s->status, &s->fault, &s->why);
	if (s->fault == DKIM_NO_KEY && !*s->alias)
		s->doubled = doubled(a, dns, k, s);
}

const struct dkim_keys *dkim_keys_ask(struct arena *a, const struct domain_dns *dns,
				      const char *domain, const struct strv *selectors)
{
	struct dkim_keys *k = arena_alloc(a, sizeof(*k));
	struct dns_question q[DKIM_SELECTORS_MOST + 1];
	const char *parent = arena_printf(a, "_domainkey.%s", domain);
	size_t n = 0;

	k->domain = domain;
	for (size_t i = 0; i < selectors->n && k->n < DKIM_SELECTORS_MOST; i++) {
		const char *name = selectors->v[i];
		const char *whole = arena_printf(a, "%s.%s", name, parent);
		bool fits = dkim_is_domain(span_of(name), 1) && domain_name_fits(whole);

		k->v[k->n++] = (struct dkim_selector){
			.name = domain_shown(a, name, strlen(name)),
			.asked = fits ? whole : "", .why = "", .alias = "", .doubled = "",
		};
		if (fits)
			q[n++] = (struct dns_question){ .name = whole, .type = DNS_TXT };
	}
	if (domain_name_fits(parent)) {
		q[n++] = (struct dns_question){ .name = parent, .type = DNS_TXT };
		dns->ask_all(dns->arg, q, n);
		/* What does not exist has nothing below it (RFC 8020, 2). */
		k->nothing = dns->ask(dns->arg, parent, DNS_TXT)->status == DNS_NXDOMAIN;
	}
	for (size_t i = 0; i < k->n; i++) {
		look(a, dns, k, &k->v[i]);
		/* A server that denies the name is wrong where there is something below. */
		k->nothing &= k->v[i].fault == DKIM_NO_KEY && !*k->v[i].alias;
	}
	return k;
}
