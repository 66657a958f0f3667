/*
 * SPF, DKIM and DMARC as the receiver saw them. Only fields of the receiving organization count;
 * they stand beside the Received line of its first server, above those of the servers before (RFC
 * 8601, 4.1).
 */
#include "message/inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/scan.h"

/* --- which fields count --- */

/* Fields below this one were there before the receiver got the message. */
static size_t end_of_receiver(const struct message *m)
{
	return m->border > 0 && m->border < m->n_hops ? hop_field(m, m->border - 1) : m->fields.n;
}

/* Microsoft's way to write it, with the recipient's domain in place of a server's name, or with
 * nothing. */
static bool is_microsoft_style(const struct authres *r)
{
	const struct auth_result *spf = authres_find(r, "spf"), *dmarc = authres_find(r, "dmarc");

	return authres_find(r, "compauth") || *auth_prop(dmarc, "", "action") ||
	       (spf && str_has_prefix_nocase(spf->comment, "sender IP is"));
}

/* Is it the name of the receiving organization? Microsoft writes none. */
static bool is_of_receiver(const struct message *m, const struct authres *r)
{
	const char *by = m->border < m->n_hops ? m->hops[m->border].by_host : "";

	if (!*r->id || (m->ms.receiver && m->ms.cloud && is_microsoft_style(r)))
		return m->ms.receiver;
	return domain_same_org(r->id, by) || str_eq_nocase(r->id, by);
}

static void add_results(struct message *m, const struct authres *r)
{
	struct authres *all = &m->auth.all;

	for (size_t i = 0; i < r->n && all->n < LIMIT_AUTH_RESULTS; i++) {
		all->v = arena_grow(m->arena, all->v, all->n, &all->cap, sizeof(*all->v));
		all->v[all->n++] = r->v[i];
	}
}

/* One server may write a field for each method: those of the same name belong together. */
static void add_like(struct message *m, const char *id, size_t end)
{
	for (const struct field *f = NULL;
	     (f = fields_find(&m->fields, "Authentication-Results", f));) {
		struct authres r;

		if ((size_t)(f - m->fields.v) >= end)
			break;
		authres_read(m->arena, f->value, &r);
		if (str_eq_nocase(r.id, id))
			add_results(m, &r);
	}
}

static bool choose(struct message *m)
{
	size_t end = end_of_receiver(m);
	const char *first = NULL, *mine = NULL;
	enum { MOST = 32 };
	size_t n = 0;

	for (const struct field *f = NULL;
	     (f = fields_find(&m->fields, "Authentication-Results", f)) && n < MOST && !mine; n++) {
		struct authres r;

		if (!*f->value)
			continue;
		authres_read(m->arena, f->value, &r);
		if (!first && r.n)
			first = r.id;
		if ((size_t)(f - m->fields.v) < end && is_of_receiver(m, &r))
			mine = r.id;
	}
	if (!mine && !first)
		return false;
	m->auth.trust = mine ? TRUST_RECEIVER : TRUST_BETWEEN;
	m->auth.by = mine ? mine : first;
	add_like(m, m->auth.by, mine ? end : m->fields.n);
	if (!*m->auth.by || (mine && m->ms.receiver && m->ms.cloud))
		m->auth.by = "Microsoft";
	return true;
}

/* Of a chain of seals the newest one: what the last forwarder saw (RFC 8617, 5.2). */
static bool choose_arc(struct message *m)
{
	struct authres best = { .id = "", .n = 0 };
	enum { MOST = 50 };
	size_t n = 0;

	for (const struct field *f = NULL;
	     (f = fields_find(&m->fields, "ARC-Authentication-Results", f)) && n < MOST; n++) {
		struct authres r;

		authres_read(m->arena, f->value, &r);
		if (r.n && r.instance >= best.instance)
			best = r;
	}
	if (!best.n)
		return false;
	m->auth.trust = TRUST_BETWEEN;
	m->auth.by = best.id;
	add_results(m, &best);
	return true;
}

/* --- what they say --- */

static bool aligned(const struct message *m, const char *domain)
{
	return domain_same_org(domain, m->from_domain);
}

/* The envelope's result, not HELO's; taking the first one is a known fault of other readers. */
static void read_spf(struct message *m)
{
	struct identity_check *c = &m->auth.spf;
	const struct authres *all = &m->auth.all;

	for (size_t i = 0; i < all->n; i++) {
		const struct auth_result *r = &all->v[i];
		const char *from = auth_prop(r, "smtp", "mailfrom");

		if (!str_eq(r->method, "spf"))
			continue;
		from = *from ? from : auth_prop(r, "smtp", "mail");
		if (*c->result && (!*from || *c->domain))
			continue;
		c->result = r->result;
		c->words = r->comment;
		c->domain = domain_of_address(m->arena, from);
	}
	c->aligned = aligned(m, c->domain);
}

static int dkim_rank(const struct auth_result *r, bool is_aligned)
{
	if (str_eq(r->result, "pass"))
		return is_aligned ? 4 : 3;
	return str_eq(r->result, "none") ? 1 : 2;
}

/* Of several signatures the one that counts: aligned and good, else good, else the first that is
 * bad. */
static void read_dkim(struct message *m)
{
	const struct authres *all = &m->auth.all;
	int best = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct auth_result *r = &all->v[i];
		const char *domain = auth_prop(r, "header", "d");
		int rank;

		if (!str_eq(r->method, "dkim"))
			continue;
		domain =
			domain_of_address(m->arena, *domain ? domain : auth_prop(r, "header", "i"));
		if (str_eq(domain, "none"))
			domain = "";
		rank = dkim_rank(r, aligned(m, domain));
		if (rank <= best)
			continue;
		best = rank;
		m->auth.dkim = (struct identity_check){ r->result, domain, r->comment,
							aligned(m, domain) };
	}
}

/* "p=REJECT sp=NONE dis=QUARANTINE": the value of a word in the comment, lower case; "". */
static const char *in_comment(struct arena *a, const char *comment, const char *key)
{
	const char *at = comment;
	struct scan s;

	while ((at = str_find_nocase(at, key)) != NULL && at > comment && ascii_is_alpha(at[-1]))
		at++;
	if (!at)
		return "";
	s = scan_span(span_of(at + strlen(key)));
	return str_lower(a, span_dup(a, scan_while(&s, ascii_is_alpha)));
}

static void read_dmarc(struct message *m)
{
	const struct auth_result *r = authres_find(&m->auth.all, "dmarc");
	struct authentication *auth = &m->auth;

	if (!r)
		return;
	auth->dmarc = (struct identity_check){
		r->result,
		domain_of_address(m->arena, auth_prop(r, "header", "from")),
		r->comment,
		str_eq(r->result, "pass"),
	};
	auth->action = str_lower(m->arena, auth_prop(r, "", "action"));
	if (!*auth->action)
		auth->action = in_comment(m->arena, r->comment, "dis=");
	auth->policy = in_comment(m->arena, r->comment, "p=");
	if (!*auth->policy)
		auth->policy =
			str_lower(m->arena, auth_prop(r, "policy", "published-domain-policy"));
	if (!*m->from_domain)
		m->from_domain = auth->dmarc.domain;
}

static void read_rest(struct message *m)
{
	const struct auth_result *comp = authres_find(&m->auth.all, "compauth");
	const struct auth_result *arc = authres_find(&m->auth.all, "arc");

	if (comp) {
		m->auth.compauth = comp->result;
		m->auth.reason = comp->reason;
	}
	m->auth.arc = arc ? arc->result : "";
	if (str_find_nocase(m->auth.spf.words, "sender IP is ")) {
		struct scan s = scan_span(
			span_of(str_find_nocase(m->auth.spf.words, "sender IP is ") + 13));

		m->auth.client = span_dup(m->arena, scan_until(&s, " )"));
	}
}

/* Where no Authentication-Results names SPF, the field made for it may. */
static void read_received_spf(struct message *m)
{
	const char *v = fields_value(&m->fields, "Received-SPF");
	struct received_spf r;

	if (*m->auth.spf.result || !*v)
		return;
	received_spf_read(m->arena, v, &r);
	m->auth.spf.result = r.result;
	m->auth.spf.words = r.comment;
	m->auth.spf.domain =
		domain_of_address(m->arena, *r.envelope_from ? r.envelope_from : m->envelope);
	m->auth.spf.aligned = aligned(m, m->auth.spf.domain);
	m->auth.client = *m->auth.client ? m->auth.client : r.client_ip;
	if (m->auth.trust == TRUST_NONE) {
		m->auth.trust = TRUST_FILTER;
		m->auth.by = "Received-SPF";
	}
}

void auth_read(struct message *m)
{
	static const struct identity_check nothing = { "", "", "", false };
	struct authentication *auth = &m->auth;

	*auth = (struct authentication){
		.by = "",
		.spf = nothing,
		.dkim = nothing,
		.dmarc = nothing,
		.action = "",
		.policy = "",
		.compauth = "",
		.reason = "",
		.arc = "",
		.client = "",
		.all = { .id = "", .version = "" },
	};
	if (!choose(m))
		choose_arc(m);
	read_dmarc(m);
	read_spf(m);
	read_dkim(m);
	read_rest(m);
	read_received_spf(m);
}

/* --- by the tests of a spam filter --- */

static bool has_test(const struct message *m, const char *const *names)
{
	for (; *names; names++)
		for (size_t i = 0; i < m->spam.n_tests; i++)
			if (str_eq(m->spam.tests[i].name, *names))
				return true;
	return false;
}

struct test_words { const char *result; bool aligned; const char *names[4]; };

static const char *result_of(const struct message *m, const struct test_words *v, size_t n,
			     bool *ret_aligned)
{
	for (size_t i = 0; i < n; i++) {
		if (has_test(m, v[i].names)) {
			*ret_aligned = v[i].aligned;
			return v[i].result;
		}
	}
	return "";
}

/* SpamAssassin's and rspamd's names of tests, where no field says it. */
void auth_of_filter(struct message *m)
{
	static const struct test_words spf[] = {
		{ "pass", false, { "SPF_PASS", "R_SPF_ALLOW", NULL } },
		{ "fail", false, { "SPF_FAIL", "R_SPF_FAIL", NULL } },
		{ "softfail", false, { "SPF_SOFTFAIL", "R_SPF_SOFTFAIL", NULL } },
		{ "neutral", false, { "SPF_NEUTRAL", "R_SPF_NEUTRAL", NULL } },
		{ "none", false, { "SPF_NONE", "R_SPF_NA", NULL } },
	};
	static const struct test_words dkim[] = {
		{ "pass", true, { "DKIM_VALID_AU", NULL } },
		{ "pass", false, { "DKIM_VALID", "R_DKIM_ALLOW", NULL } },
		{ "fail", false, { "DKIM_INVALID", "R_DKIM_REJECT", NULL } },
		{ "none", false, { "R_DKIM_NA", NULL } },
	};
	static const struct test_words dmarc[] = {
		{ "pass", true, { "DMARC_PASS", "DMARC_POLICY_ALLOW", NULL } },
		{ "fail", false, { "DMARC_REJECT", "DMARC_QUAR", "DMARC_POLICY_REJECT", NULL } },
		{ "fail", false, { "DMARC_POLICY_QUARANTINE", "DMARC_POLICY_SOFTFAIL", NULL } },
		{ "none", false, { "DMARC_MISSING", "DMARC_NA", NULL } },
	};
	struct authentication *auth = &m->auth;
	bool is_aligned = false;

	if (!m->spam.n_tests)
		return;
	if (!*auth->spf.result) {
		auth->spf.result = result_of(m, spf, ARRAY_LEN(spf), &is_aligned);
		auth->spf.domain = *auth->spf.result ? m->envelope_domain : "";
		auth->spf.aligned = aligned(m, auth->spf.domain);
	}
	if (!*auth->dkim.result) {
		auth->dkim.result = result_of(m, dkim, ARRAY_LEN(dkim), &is_aligned);
		auth->dkim.aligned = *auth->dkim.result && is_aligned;
	}
	if (!*auth->dmarc.result)
		auth->dmarc.result = result_of(m, dmarc, ARRAY_LEN(dmarc), &is_aligned);
	if (auth->trust == TRUST_NONE &&
	    (*auth->spf.result || *auth->dkim.result || *auth->dmarc.result)) {
		auth->trust = TRUST_FILTER;
		auth->by = "the spam filter's tests";
	}
}
