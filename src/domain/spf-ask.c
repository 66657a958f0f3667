/*
 * spf-ask - what the terms of an SPF record ask DNS. RFC 7208, 4.4, 4.5, 5.
 */
#include "domain/spf-inside.h"

bool spf_costs(const struct spf_term *t)
{
	return t->kind == SPF_INCLUDE || t->kind == SPF_A || t->kind == SPF_MX ||
	       t->kind == SPF_PTR || t->kind == SPF_EXISTS || t->kind == SPF_REDIRECT;
}

bool spf_is_error(enum dns_status s)
{
	return s != DNS_OK && s != DNS_NXDOMAIN && s != DNS_NODATA && s != DNS_BAD_NAME;
}

const unsigned char *spf_octets(const struct net_address *a, size_t *ret_len)
{
	bool four = net_address_family(a) == AF_INET;

	*ret_len = four ? 4 : 16;
	return four ? (const unsigned char *)&((const struct sockaddr_in *)&a->sa)->sin_addr :
		      (const unsigned char *)&((const struct sockaddr_in6 *)&a->sa)->sin6_addr;
}

static const struct dns_answer *ask(struct spf_run *r, const char *name, enum dns_type type)
{
	if (domain_name_fits(name))
		return r->dns->ask(r->dns->arg, name, type);
	struct dns_answer *no = arena_alloc(r->arena, sizeof(*no));

	*no = (struct dns_answer){ .name = name,
				   .type = type,
				   .status = DNS_BAD_NAME,
				   .server = "",
				   .why = "it is not a name that DNS can hold" };
	return no;
}

static void keep(struct spf_run *r, struct spf_term *t, const struct dns_answer *answer)
{
	const struct dns_answer **list = arena_alloc(r->arena, (t->n_answers + 1) * sizeof(*list));

	for (size_t i = 0; i < t->n_answers; i++)
		list[i] = t->answers[i];
	list[t->n_answers++] = answer;
	t->answers = list;
}

/* The addresses of a name in the family of who connects; both where that is not known. */
static enum dns_status ask_addresses(struct spf_run *r, struct spf_term *t, const char *name)
{
	const struct dns_answer *four = NULL, *six = NULL;

	if (r->ip_len != 16)
		keep(r, t, four = ask(r, name, DNS_A));
	if (r->ip_len != 4)
		keep(r, t, six = ask(r, name, DNS_AAAA));
	if (!four || !six)
		return four ? four->status : six->status;
	return four->status == DNS_OK || spf_is_error(four->status) ? four->status : six->status;
}

static bool nothing(enum dns_status s)
{
	return s == DNS_NXDOMAIN || s == DNS_NODATA;
}

static void look_up_mx(struct spf_run *r, struct spf_term *t)
{
	const struct dns_answer *mx = ask(r, t->target, DNS_MX);
	size_t asked = 0, empty = 0;

	t->status = mx->status;
	t->n_names = mx->count;
	for (const struct dns_record *m = mx->records; m && asked < SPF_NAMES_MOST; m = m->next) {
		if (!*m->name)
			continue;	/* the null MX (RFC 7505) */
		asked++;
		empty += nothing(ask_addresses(r, t, m->name));
	}
	t->is_void = nothing(mx->status) || (asked && empty == asked);
}

static bool has_address(const struct dns_answer *answer, const unsigned char *ip, size_t len)
{
	for (const struct dns_record *d = answer->records; d; d = d->next) {
		size_t n;
		const unsigned char *octets = spf_octets(&d->address, &n);

		if (n == len && memcmp(octets, ip, len) == 0)
			return true;
	}
	return false;
}

const struct strv *spf_names(struct spf_run *r)
{
	const struct dns_answer *ptr;
	size_t n = 0;

	if (r->have_names || !r->ip_len)
		return &r->names;
	r->have_names = true;
	ptr = ask(r, ptr_name(r->arena, r->ip, r->ip_len), DNS_PTR);
	for (const struct dns_record *p = ptr->records; p && n < SPF_NAMES_MOST; p = p->next, n++)
		if (has_address(ask(r, p->name, r->ip_len == 4 ? DNS_A : DNS_AAAA), r->ip,
				r->ip_len))
			strv_add(&r->names, r->arena, p->name);
	return &r->names;
}

static void look_up_ptr(struct spf_run *r, struct spf_term *t)
{
	const struct dns_answer *ptr;

	if (!r->ip_len) {
		t->unclear = true;
		return;
	}
	ptr = ask(r, ptr_name(r->arena, r->ip, r->ip_len), DNS_PTR);
	t->status = ptr->status;
	t->n_names = ptr->count;
	t->is_void = nothing(ptr->status);
	spf_names(r);
}

void spf_look_up(struct spf_run *r, struct spf_record *rec, struct spf_term *t)
{
	const char *target;

	if (t->looked_up || t->broken)
		return;
	t->looked_up = true;
	target = spf_target(r, rec, t->spec, false);
	if (!target) {
		t->unclear = true;
		return;
	}
	t->target = target;
	switch (t->kind) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		t->record = spf_fetch(r, target, rec, t);
		t->status = t->record->status;
		t->is_void = nothing(t->status);
		break;
	case SPF_A:
		t->status = ask_addresses(r, t, target);
		t->is_void = nothing(t->status);
		break;
	case SPF_EXISTS:
		/* Always A, whatever the family (RFC 7208, 5.7). */
		keep(r, t, ask(r, target, DNS_A));
		t->status = t->answers[0]->status;
		t->is_void = nothing(t->status);
		break;
	case SPF_MX:
		look_up_mx(r, t);
		break;
	case SPF_PTR:
		look_up_ptr(r, t);
		break;
	default:
		break;
	}
}

/* TXT records that somebody meant as SPF and that are none. */
static bool nearly_spf(const struct dns_record *d)
{
	struct scan s = scan_over(d->text, d->text_len);

	while (!scan_done(&s) && !ascii_is_alnum((char)scan_peek(&s)))
		scan_u8(&s);
	return scan_accept_str(&s, "spf1") || scan_accept_str(&s, "v=spf1") ||
	       scan_accept_str(&s, "v = spf1") || scan_accept_str(&s, "v= spf1") ||
	       scan_accept_str(&s, "v=spf 1") || scan_accept_str(&s, "v:spf1") ||
	       scan_accept_str(&s, "v=spf ") || scan_accept_str(&s, "spf2.0/");
}

static void choose_record(struct spf_run *r, struct spf_record *rec, const struct dns_answer *txt)
{
	const struct dns_record *first = spf_next_record(txt->records);

	for (const struct dns_record *d = first; d; d = spf_next_record(d->next))
		rec->n_spf++;
	for (const struct dns_record *d = txt->records; d && !first; d = d->next) {
		if (!nearly_spf(d) || rec->n_near++)
			continue;
		spf_fault(r, SPF_FAULT_NOT_A_RECORD, rec, NULL,
			  "a TXT record of %s looks like SPF but does not begin with 'v=spf1 ': "
			  "%s",
			  rec->domain, domain_shown(r->arena, d->text, d->text_len));
	}
	if (rec->n_spf > 1)
		spf_fault(r, SPF_FAULT_TWO_RECORDS, rec, NULL,
			  "%s has %zu SPF records; only one is allowed", rec->domain, rec->n_spf);
	if (!first)
		return;
	rec->text = (struct span) { first->text, first->text_len };
	if (first->text_len > SPF_LENGTH_ADVISED)
		spf_fault(r, SPF_FAULT_LONG, rec, NULL,
			  "the SPF record of %s has %zu bytes; up to %d fit in a DNS answer by UDP",
			  rec->domain, first->text_len, SPF_LENGTH_ADVISED);
	spf_read(r, r->arena, rec);
}

struct spf_record *spf_fetch(struct spf_run *r, const char *domain, const struct spf_record *parent,
			     const struct spf_term *by)
{
	struct spf_record *rec = arena_alloc(r->arena, sizeof(*rec));
	const struct dns_answer *txt = ask(r, domain, DNS_TXT);

	*rec = (struct spf_record){ .domain = str_escaped(r->arena, domain, strlen(domain)),
				    .parent = parent,
				    .by = by,
				    .status = txt->status,
				    .dns_why = txt->why,
				    .text = { "", 0 },
				    .result = SPF_NOT_JUDGED,
				    .depth = parent ? parent->depth + 1 : 0 };
	if (txt->status == DNS_OK)
		choose_record(r, rec, txt);
	else if (spf_is_error(txt->status))
		spf_fault(r, SPF_FAULT_DNS, rec, by, "the SPF record of %s cannot be looked up: %s",
			  rec->domain, txt->why);
	return rec;
}
