/*
 * tenant-dns - what a domain's DNS says of Microsoft 365: names only, of which each is a hint and
 * some are a fault.
 *
 * The patterns: MX old and new
 * https://learn.microsoft.com/powershell/module/exchangepowershell/enable-dnssecforverifieddomain;
 * DKIM https://learn.microsoft.com/defender-office-365/email-authentication-dkim-configure for the
 * old form, field reports for the new one; SPF
 * https://learn.microsoft.com/defender-office-365/email-authentication-spf-configure; what a
 * tenant's other names are
 * https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records.
 */
#include <string.h>

#include "net/dns.h"
#include "talk/talk.h"

enum { SELECTORS = 2 };

enum which { ASK_MX, ASK_TXT, ASK_SELECTOR1, ASK_SELECTOR2, ASK_AUTODISCOVER, ASK_REGISTRATION,
	     ASK_ENROLLMENT, QUESTIONS };

struct names {
	struct probe		*probe;
	const char		*domain;
	struct dns_question	 q[QUESTIONS];
	struct strv		 signs;
	struct talk_tenant_dns	*told;
};

/* A name, or its pattern, and the cloud (clouds.tsv) it belongs to. */
struct mark { const char *glob, *form, *cloud; };

static const struct mark mx_marks[] = {
	{ "*.mail.protection.outlook.com", "old", "worldwide" },
	{ "*.mx.microsoft", "new", "worldwide" },
	{ "*.mail.protection.office365.us", "old", "gcch" },
	{ "*.mail.protection.partner.outlook.cn", "old", "21v" },
	{ "*.olc.protection.outlook.com", "old", "personal" },
};

static const struct mark dkim_marks[] = {
	{ "*._domainkey.*.onmicrosoft.*", "old", "" },
	{ "*._domainkey.*.partner.onmschina.cn", "old", "21v" },
	{ "*._domainkey.*.dkim.mail.microsoft", "new", "" },
};

static const struct mark spf_marks[] = {
	{ "include:spf.protection.outlook.com", "", "worldwide" },
	{ "include:spf.protection.office365.us", "", "gcch" },
	{ "include:spf.protection.partner.outlook.cn", "", "21v" },
};

static const struct mark *mark_of(const struct mark *marks, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_glob(marks[i].glob, name))
			return &marks[i];
	return NULL;
}

static bool known(const struct dns_answer *r)
{
	return r && (r->status == DNS_OK || r->status == DNS_NXDOMAIN || r->status == DNS_NODATA);
}

/* --- asking --- */

_waits_ static void ask_all(struct names *n)
{
	static const struct { const char *before; enum dns_type type; } of[QUESTIONS] = {
		[ASK_MX] = { "", DNS_MX }, [ASK_TXT] = { "", DNS_TXT },
		[ASK_SELECTOR1] = { "selector1._domainkey.", DNS_TXT },
		[ASK_SELECTOR2] = { "selector2._domainkey.", DNS_TXT },
		[ASK_AUTODISCOVER] = { "autodiscover.", DNS_CNAME },
		[ASK_REGISTRATION] = { "enterpriseregistration.", DNS_CNAME },
		[ASK_ENROLLMENT] = { "enterpriseenrollment.", DNS_CNAME },
	};

	for (size_t i = 0; i < QUESTIONS; i++)
		n->q[i] = (struct dns_question) {
			.name = arena_printf(probe_arena(n->probe), "%s%s", of[i].before,
					     n->domain),
			.type = of[i].type
		};
	dns_ask_all(net_dns(probe_net(n->probe)), n->q, QUESTIONS);
}

/* --- reading --- */

static void sign(struct names *n, const char *what)
{
	strv_add(&n->signs, probe_arena(n->probe), what);
}

/*
 * The hosts that take mail for it; and, when they are somebody else's, whether Microsoft's entrance
 * stands there all the same.
 */
_waits_ static void read_mx(struct names *n)
{
	const struct dns_answer *r = n->q[ASK_MX].answer;
	const struct dns_record *mx = known(r) ? r->records : NULL;
	const struct mark *mark = mx ? mark_of(mx_marks, ARRAY_LEN(mx_marks), mx->name) : NULL;
	const char *other = mx && *mx->name ? "other" : "none", *kind = mark ? mark->form : other;
	struct arena *a = probe_arena(n->probe);
	char *entrance;

	probe_fact(n->probe, "tenant.mx-kind", "%s", known(r) ? kind : "unknown");
	if (!mx || !*mx->name)
		return;
	n->told->mx = mx->name;
	probe_fact(n->probe, "tenant.mx", "%s", mx->name);
	if (mark) {
		n->told->mx_microsoft = true;
		probe_fact(n->probe, "tenant.mx-cloud", "%s", mark->cloud);
		sign(n, "MX");
		return;
	}
	entrance = arena_printf(a, "%s.mail.protection.outlook.com", n->domain);
	for (char *c = entrance; c < entrance + strlen(n->domain); c++)
		if (*c == '.')
			*c = '-';
	if (dns_ask(net_dns(probe_net(n->probe)), entrance, DNS_A)->status != DNS_OK)
		return;
	n->told->entrance = entrance;
	probe_fact(n->probe, "tenant.entrance", "%s", entrance);
	probe_fact_bool(n->probe, "tenant.gateway", true);
	sign(n, "an entrance at Microsoft");
}

/*
 * The text records of the domain itself: SPF (RFC 7208, 4.5) and the record that proved the
 * domain's owner.
 */
static void read_txt(struct names *n)
{
	const struct dns_answer *r = n->q[ASK_TXT].answer;
	const char *spf = known(r) ? "none" : "unknown";

	for (const struct dns_record *t = known(r) ? r->records : NULL; t; t = t->next) {
		if (str_has_prefix_nocase(t->text, "MS=ms")) {
			probe_fact_bool(n->probe, "tenant.verified-record", true);
			break;
		}
	}
	for (const struct dns_record *t = known(r) ? r->records : NULL; t; t = t->next) {
		if (!str_has_prefix_nocase(t->text, "v=spf1"))
			continue;
		spf = "other";
		for (size_t i = 0; i < ARRAY_LEN(spf_marks); i++)
			if (str_find_nocase(t->text, spf_marks[i].glob))
				spf = spf_marks[i].cloud;
		if (!str_eq(spf, "other"))
			sign(n, "SPF");
		break;
	}
	probe_fact(n->probe, "tenant.spf", "%s", spf);
}

/*
 * "selector1-contoso-com._domainkey.contoso.onmicrosoft.com" -> "contoso.onmicrosoft.com"; the new
 * form has "contoso" at the same place.
 */
static const char *initial_domain(struct arena *a, const struct mark *mark, const char *target)
{
	static const char between[] = "._domainkey.";
	const char *p = strstr(target, between);

	if (!p)
		return "";
	p += strlen(between);
	return str_eq(mark->form, "new") ?
	       arena_printf(a, "%.*s.onmicrosoft.com", (int)strcspn(p, "."), p) : p;
}

/*
 * A key's place (RFC 6376, 3.6.2): a CNAME to Microsoft's key, somebody's own key, or a text that
 * should have been a CNAME.
 */
static const char *read_selector(struct names *n, const struct dns_answer *r, bool *ret_dangling)
{
	const char *target = r && r->cnames.n ? r->cnames.v[0] : NULL;
	const struct mark *mark = target ? mark_of(dkim_marks, ARRAY_LEN(dkim_marks), target) :
				  NULL;

	*ret_dangling = mark && (r->status == DNS_NXDOMAIN || r->status == DNS_NODATA);
	if (mark && !*n->told->initial_domain)
		n->told->initial_domain = initial_domain(probe_arena(n->probe), mark, target);
	if (mark)
		return mark->form;
	if (target)
		return "other";
	for (const struct dns_record *t = known(r) ? r->records : NULL; t; t = t->next) {
		if (str_find_nocase(t->text, "p="))
			return "key";
		if (str_find_nocase(t->text, "._domainkey."))
			return "txt";
	}
	return known(r) ? "none" : "unknown";
}

static void read_dkim(struct names *n)
{
	bool any = false, all = true;

	for (unsigned i = 0; i < SELECTORS; i++) {
		bool dangling;
		const char *form = read_selector(n, n->q[ASK_SELECTOR1 + i].answer, &dangling);
		bool microsoft = str_in(form, "old|new");

		probe_fact(n->probe, i ? "tenant.selector2" : "tenant.selector1", "%s", form);
		any |= microsoft;
		all &= !microsoft || dangling;
		n->told->dkim_txt |= str_eq(form, "txt");
	}
	n->told->dkim_dangling = any && all;
	if (any) {
		probe_fact_bool(n->probe, "tenant.dkim-dangling", n->told->dkim_dangling);
		sign(n, "DKIM");
	}
	if (*n->told->initial_domain)
		probe_fact(n->probe, "tenant.initial-domain", "%s", n->told->initial_domain);
}

/* Where a name leads; "" when it leads nowhere. */
static const char *target_of(const struct dns_question *q)
{
	const struct dns_answer *r = q->answer;

	return known(r) && r->records && r->records->name ? r->records->name : "";
}

static void read_others(struct names *n)
{
	static const char *const globs[] = { "autodiscover.outlook.com",
					     "autodiscover*.office365.us",
					     "autodiscover.partner.outlook.cn" };
	const char *autodiscover = target_of(&n->q[ASK_AUTODISCOVER]);

	if (*autodiscover)
		probe_fact(n->probe, "tenant.autodiscover", "%s", autodiscover);
	for (size_t i = 0; i < ARRAY_LEN(globs); i++)
		if (str_glob(globs[i], autodiscover))
			sign(n, "autodiscover");
	probe_fact_bool(n->probe, "tenant.registration",
			str_glob("enterpriseregistration.*", target_of(&n->q[ASK_REGISTRATION])));
	probe_fact_bool(n->probe, "tenant.enrollment",
			str_glob("enterpriseenrollment*.manage.microsoft.*",
				 target_of(&n->q[ASK_ENROLLMENT])));
}

void talk_tenant_dns(struct probe *p, const char *domain, struct talk_tenant_dns *ret)
{
	struct names n = { .probe = p, .domain = domain, .told = ret };

	*ret = (struct talk_tenant_dns) { .mx = "", .entrance = "", .initial_domain = "",
					  .signs = "" };
	ask_all(&n);
	if (probe_cancelled(p))
		return;
	read_mx(&n);
	read_txt(&n);
	read_dkim(&n);
	read_others(&n);
	ret->signs = strv_join(&n.signs, probe_arena(p), ", ");
	if (*ret->signs)
		probe_fact(p, "tenant.signs", "%s", ret->signs);
}
