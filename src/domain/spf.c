/*
 * spf - check_host() of RFC 7208, 4: the terms in their order, from the answers that are there.
 */
#include "domain/spf-inside.h"

enum step { NO_MATCH, MATCH, TEMP_ERROR, PERM_ERROR };

static enum spf_result judge(struct spf_run *r, struct spf_record *rec,
			     const struct spf_record **ret_last);

static void why(struct spf_run *r, const char *fmt, ...) _printf_(2, 3);
static void why(struct spf_run *r, const char *fmt, ...)
{
	va_list ap;

	if (*r->spf->why)
		return;
	va_start(ap, fmt);
	r->spf->why = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
}

/* --- matching --- */

static bool in_network(const struct spf_run *r, const unsigned char *network, size_t len,
		       unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (r->ip_len != len || memcmp(r->ip, network, whole) != 0)
		return false;
	return !rest || (r->ip[whole] ^ network[whole]) >> (8 - rest) == 0;
}

/* The addresses found, in order, up to the first that could not be asked. */
static enum step match_addresses(struct spf_run *r, const struct spf_term *t)
{
	for (size_t i = 0; i < t->n_answers; i++) {
		const struct dns_answer *answer = t->answers[i];

		for (const struct dns_record *d = answer->records; d; d = d->next) {
			size_t len;
			const unsigned char *octets = spf_octets(&d->address, &len);

			if (in_network(r, octets, len, len == 4 ? t->bits4 : t->bits6))
				return MATCH;
		}
		if (spf_is_error(answer->status)) {
			why(r, "%s cannot be looked up for '%s': %s", answer->name,
			    spf_term_text(r->arena, t), answer->why);
			return TEMP_ERROR;
		}
	}
	return NO_MATCH;
}

static enum step match_ptr(struct spf_run *r, const struct spf_term *t)
{
	const struct strv *names = spf_names(r);

	for (size_t i = 0; i < names->n; i++)
		if (domain_name_under(names->v[i], t->target))
			return MATCH;
	return NO_MATCH;
}

/* The record of another domain: what its result means here. RFC 7208, 5.2 */
static enum step match_include(struct spf_run *r, const struct spf_term *t)
{
	const struct spf_record *last;

	switch (judge(r, t->record, &last)) {
	case SPF_PASS:
		return MATCH;
	case SPF_TEMPERROR:
		return TEMP_ERROR;
	case SPF_NONE:
		why(r, "'%s' names a domain without an SPF record", spf_term_text(r->arena, t));
		return PERM_ERROR;
	case SPF_PERMERROR:
		return PERM_ERROR;
	default:
		r->spf->decided = NULL;
		r->spf->decided_in = NULL;
		return NO_MATCH;
	}
}

/* The limits (RFC 7208, 4.6.4), then the questions. False when a limit is passed. */
static bool look_up(struct spf_run *r, struct spf_record *rec, struct spf_term *t)
{
	struct spf *s = r->spf;
	const char *text = spf_term_text(r->arena, t);

	t->lookup = ++s->lookups;
	if (s->lookups > SPF_LOOKUPS_MOST) {
		why(r, "'%s' of %s would be lookup %u; only %d are allowed", text, rec->domain,
		    s->lookups, SPF_LOOKUPS_MOST);
		spf_fault(r, SPF_FAULT_LOOKUPS, rec, t,
			  "'%s' of %s would be lookup %u; only %d are allowed", text, rec->domain,
			  s->lookups, SPF_LOOKUPS_MOST);
		return false;
	}
	spf_look_up(r, rec, t);
	if (t->kind == SPF_MX && t->n_names > SPF_NAMES_MOST) {
		why(r, "'%s' of %s leads to %zu MX hosts; only %d are allowed", text, rec->domain,
		    t->n_names, SPF_NAMES_MOST);
		return false;
	}
	if (!t->is_void || t->record || ++s->voids <= SPF_VOIDS_MOST)
		return true;
	why(r, "'%s' of %s is the third term for which DNS has no answer; only %d are allowed",
	    text, rec->domain, SPF_VOIDS_MOST);
	spf_fault(r, SPF_FAULT_VOIDS, rec, t,
		  "'%s' of %s is the third term for which DNS has no answer; only %d are allowed",
		  text, rec->domain, SPF_VOIDS_MOST);
	return false;
}

static enum step match(struct spf_run *r, struct spf_record *rec, struct spf_term *t)
{
	t->judged = true;
	if (spf_costs(t) && !look_up(r, rec, t))
		return PERM_ERROR;
	switch (t->kind) {
	case SPF_ALL:
		return MATCH;
	case SPF_IP4:
		return in_network(r, t->network, 4, t->bits4) ? MATCH : NO_MATCH;
	case SPF_IP6:
		return in_network(r, t->network, 16, t->bits6) ? MATCH : NO_MATCH;
	case SPF_INCLUDE:
		return match_include(r, t);
	case SPF_PTR:
		return match_ptr(r, t);
	case SPF_EXISTS:
		if (t->status == DNS_OK)
			return MATCH;
		return match_addresses(r, t);
	case SPF_MX:
		if (spf_is_error(t->status))
			why(r, "the MX records of %s cannot be looked up for '%s'", t->target,
			    spf_term_text(r->arena, t));
		return spf_is_error(t->status) ? TEMP_ERROR : match_addresses(r, t);
	case SPF_A:
		return match_addresses(r, t);
	default:
		return NO_MATCH;
	}
}

/* --- records --- */

static enum spf_result of_qualifier(char q)
{
	switch (q) {
	case '-': return SPF_FAIL;
	case '~': return SPF_SOFTFAIL;
	case '?': return SPF_NEUTRAL;
	}
	return SPF_PASS;
}

/* What can be said before a term is looked at; SPF_NOT_JUDGED = go on. RFC 7208, 4.4 to 4.6 */
static enum spf_result before_terms(struct spf_run *r, const struct spf_record *rec)
{
	if (spf_is_error(rec->status)) {
		why(r, "the SPF record of %s cannot be looked up: %s", rec->domain, rec->dns_why);
		return SPF_TEMPERROR;
	}
	if (!rec->n_spf) {
		if (rec->depth == 0)
			why(r, "%s has no SPF record", rec->domain);
		return SPF_NONE;
	}
	if (rec->n_spf > 1) {
		why(r, "%s has %zu SPF records; only one is allowed", rec->domain, rec->n_spf);
		return SPF_PERMERROR;
	}
	if (rec->broken) {
		const struct spf_fault *f = r->spf->faults;

		while (f && (f->kind != SPF_FAULT_SYNTAX || f->record != rec))
			f = f->next;
		why(r, "%s", f ? f->words : "the record cannot be read");
		return SPF_PERMERROR;
	}
	return SPF_NOT_JUDGED;
}

/* After all terms, without a match. RFC 7208, 6.1 */
static enum spf_result redirected(struct spf_run *r, struct spf_record *rec,
				  const struct spf_record **ret_last)
{
	struct spf_term *t = rec->redirect;
	enum spf_result result;

	if (!t) {
		why(r, "no term of the SPF record of %s matches, and it has no 'all'", rec->domain);
		return SPF_NEUTRAL;
	}
	t->judged = true;
	if (!look_up(r, rec, t))
		return SPF_PERMERROR;
	result = judge(r, t->record, ret_last);
	t->matched = result != SPF_NONE;
	if (result == SPF_NONE)
		why(r, "'%s' names a domain without an SPF record", spf_term_text(r->arena, t));
	return result == SPF_NONE ? SPF_PERMERROR : result;
}

static enum spf_result judge_terms(struct spf_run *r, struct spf_record *rec,
				   const struct spf_record **ret_last)
{
	for (struct spf_term *t = rec->terms; t; t = t->next) {
		if (t->kind == SPF_REDIRECT || t->kind == SPF_EXP || t->kind == SPF_OTHER)
			continue;
		switch (match(r, rec, t)) {
		case NO_MATCH:
			break;
		case MATCH:
			t->matched = true;
			if (!r->spf->decided) {
				r->spf->decided = t;
				r->spf->decided_in = rec;
			}
			return of_qualifier(t->qualifier);
		case TEMP_ERROR:
			return SPF_TEMPERROR;
		case PERM_ERROR:
			return SPF_PERMERROR;
		}
	}
	return redirected(r, rec, ret_last);
}

static enum spf_result judge(struct spf_run *r, struct spf_record *rec,
			     const struct spf_record **ret_last)
{
	*ret_last = rec;
	rec->result = before_terms(r, rec);
	if (rec->result == SPF_NOT_JUDGED)
		rec->result = judge_terms(r, rec, ret_last);
	return rec->result;
}

/* --- the words of a fail: RFC 7208, 6.2 --- */

static void explain(struct spf_run *r, const struct spf_record *rec)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SPF_EXPLANATION_MOST);
	const struct dns_answer *txt;
	const char *name = rec->exp ? spf_target(r, rec, rec->exp->spec, false) : NULL;
	struct span text;

	if (!name || !domain_name_fits(name))
		return;
	txt = r->dns->ask(r->dns->arg, name, DNS_TXT);
	if (txt->status != DNS_OK || txt->count != 1)
		return;
	text = (struct span) { txt->records->text, txt->records->text_len };
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_print(text.p[i]))
			return;
	if (!spf_macro_fault(text, false, true) &&
	    spf_expand(r, rec->domain, text, false, &b) == SPF_EXPANDED)
		r->spf->explanation = str_escaped(r->arena, buf_str(&b), b.len);
}

/* --- who asks --- */

static void take_address(struct spf_run *r)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct net_address address;
	const unsigned char *octets;

	if (!r->ask->ip || !*r->ask->ip || !net_address_parse(r->ask->ip, &address))
		return;
	octets = spf_octets(&address, &r->ip_len);
	memcpy(r->ip, octets, r->ip_len);
	/* IPv4 in IPv6 clothes is IPv4 (RFC 7208, 5). */
	if (r->ip_len == 16 && memcmp(r->ip, mapped, sizeof(mapped)) == 0) {
		memmove(r->ip, r->ip + 12, 4);
		r->ip_len = 4;
		net_address_of(AF_INET, r->ip, &address);
	}
	r->spf->ip = arena_strdup(r->arena, address.text);
}

/* RFC 7208, 2.4, 4.3: without a local part it is postmaster, without a sender the HELO name's. */
static const char *take_identity(struct spf_run *r)
{
	const struct spf_ask *ask = r->ask;
	const char *helo = ask->helo ? ask->helo : "", *from = ask->from ? ask->from : "",
		   *at = strrchr(from, '@');

	r->from_domain = at ? at + 1 : from;
	if (!*r->from_domain)
		r->from_domain = helo;
	r->local =
		at && at > from ? arena_strndup(r->arena, from, (size_t)(at - from)) : "postmaster";
	return ask->domain && *ask->domain ? ask->domain : r->from_domain;
}

/* A name of several labels that can be asked, and no address in brackets (RFC 7208, 4.3). */
static bool can_have_record(const char *domain)
{
	size_t n = strlen(domain);

	return domain_name_fits(domain) && domain[0] != '[' && n && memchr(domain, '.', n - 1);
}

const struct spf *spf_check(struct arena *a, const struct domain_dns *dns,
			    const struct spf_ask *ask)
{
	struct spf *s = arena_alloc(a, sizeof(*s));
	struct spf_run r = {
		.arena = a, .dns = dns, .ask = ask, .spf = s, .fault_end = &s->faults
	};
	const struct spf_record *last;
	const char *domain;

	*s = (struct spf) { .result = SPF_NONE, .why = "", .ip = "", .explanation = "" };
	take_address(&r);
	domain = take_identity(&r);
	s->domain = str_escaped(a, domain, strlen(domain));
	if (!can_have_record(domain)) {
		why(&r, "'%s' is not a domain name that can have an SPF record", s->domain);
		return s;
	}
	spf_ask_ahead(&r, domain);
	s->record = spf_fetch(&r, domain, NULL, NULL);
	s->result = SPF_NOT_JUDGED;
	if (r.ip_len || before_terms(&r, s->record) != SPF_NOT_JUDGED)
		s->result = judge(&r, s->record, &last);
	if (s->result == SPF_FAIL)
		explain(&r, last);
	spf_survey(&r);
	return s;
}
