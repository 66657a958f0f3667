/*
 * caa - records that name certification authorities. RFC 8659, 3 and 4.
 */
#include "domain/caa.h"

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"

enum { CRITICAL = 128, LABELS_MOST = 32 };

static bool is_ldh(char c)
{
	return ascii_is_alnum(c) || c == '-';
}

/* issue-value = *WSP [issuer-domain-name *WSP] [";" ...] (RFC 8659, 4.2). False: it cannot be read,
 * so it allows nobody. */
static bool issuer_of(struct span value, struct span *ret)
{
	struct scan s = scan_over(value.p, value.len);
	struct span name = span_trim(scan_until(&s, ";"));

	for (size_t i = 0; i < name.len; i++) {
		bool dot = name.p[i] == '.';

		if (!is_ldh(name.p[i]) && !dot)
			return false;
		if (dot && (i == 0 || i + 1 == name.len || name.p[i - 1] == '.'))
			return false;
	}
	*ret = name;
	return true;
}

static void take_issuer(struct arena *a, struct caa *c, const struct dns_record *r,
			struct strv *to)
{
	struct span value = { r->text, r->text_len }, name;

	if (!issuer_of(value, &name))
		strv_addf(&c->faults, a, "%s \"%s\" names no authority: write its domain, as in "
			  "%s \"ca.example\"", r->tag, domain_shown(a, r->text, r->text_len),
			  r->tag);
	else if (name.len)
		strv_add(to, a, span_dup(a, name));
}

static void take(struct arena *a, struct caa *c, const struct dns_record *r)
{
	static const char *const others[] = { "issuewild", "iodef", "contactemail", "contactphone",
					      "issuevmc" };

	if (str_eq_nocase(r->tag, "issue")) {
		c->has_issue = true;
		take_issuer(a, c, r, &c->issue);
		return;
	}
	if (str_eq_nocase(r->tag, "issuemail")) {
		c->has_mail = true;
		take_issuer(a, c, r, &c->issue_mail);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_eq_nocase(r->tag, others[i]))
			return;
	if (!(r->flags & CRITICAL))
		return;
	c->blocks = true;
	strv_addf(&c->faults, a, "the property '%s' is critical and not known to authorities, so "
		  "they issue nothing", domain_shown(a, r->tag, strlen(r->tag)));
}

static size_t names_above(const char *name, const char *ret[LABELS_MOST])
{
	size_t n = 0;

	for (const char *at = name; at && *at && n < LABELS_MOST; n++) {
		ret[n] = at;
		at = strchr(at, '.');
		at = at ? at + 1 : NULL;
	}
	return n;
}

struct caa caa_look(struct arena *a, const struct domain_dns *dns, const char *name)
{
	struct caa c = { .found = CAA_NONE, .name = name, .domain = "", .why = "" };
	const char *names[LABELS_MOST];
	struct dns_question q[LABELS_MOST];
	size_t n;

	if (!domain_name_fits(name))
		return c;
	n = names_above(name, names);
	for (size_t i = 0; i < n; i++)
		q[i] = (struct dns_question){ .name = names[i], .type = DNS_CAA };
	dns->ask_all(dns->arg, q, n);
	for (size_t i = 0; i < n; i++) {
		const struct dns_answer *ans = dns->ask(dns->arg, names[i], DNS_CAA);

		if (ans->status == DNS_NXDOMAIN || ans->status == DNS_NODATA)
			continue;
		c.domain = names[i];
		c.found = ans->status == DNS_OK ? CAA_SET : CAA_NO_ANSWER;
		c.why = ans->why;
		for (const struct dns_record *r = ans->records; r; r = r->next)
			take(a, &c, r);
		return c;
	}
	return c;
}

bool caa_allows(const struct caa *c, const struct strv *authorities)
{
	if (c->blocks)
		return false;
	if (c->found != CAA_SET || !c->has_issue)
		return true;
	for (size_t i = 0; i < c->issue.n; i++)
		if (strv_has_nocase(authorities, c->issue.v[i]))
			return true;
	return false;
}
