/*
 * tenant-discovery - whose domain is it in Microsoft's eyes: which directory, which cloud, and
 * where do its users sign in?
 *
 *	the domain's names in DNS; the OpenID configuration and the realm of the domain, over HTTPS,
 *		without credentials
 *
 * OpenID Connect Discovery 1.0, 4; what Microsoft adds: src/microsoft/tenant.h. Nothing is asked
 * about a user, whoever it is. It goes on beside all other checks, and nothing depends on it but
 * what token-claims.c can compare: without a way to the web it keeps still.
 */
#include <string.h>

#include "base/str.h"
#include "check/check.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "net/net.h"
#include "microsoft/tenant.h"
#include "talk/talk.h"

enum { DISCOVERY_MS = 6000, CLOUDS_MOST = 16 };

#define PERSONAL_TENANT "9188040d-6c67-4c5b-b112-36a304b66dad"

/* The domain that it is about: of the target, of who logs in, of the sender. */
static const char *domain_of(const struct ask *ask)
{
	if (ask->kind != TARGET_HOST)
		return ask->domain;
	return *str_domain(ask->user) ? str_domain(ask->user) : str_domain(ask->from);
}

static bool wanted(const struct ask *ask)
{
	return *domain_of(ask) != '\0';
}

/* What this run of the check knows. */
struct discovery {
	struct probe		*probe;
	const struct know	*know;
	const char		*domain;
	/* of the provider's; NULL = it is not Microsoft's */
	const struct cloud	*of_host;
	bool			 personal_host;
	struct talk_tenant_dns	 dns;
	const struct tenant	*tenant;
	const struct cloud	*cloud;		/* of the domain; NULL = unknown */
};

static bool is_microsoft(const struct cloud *c)
{
	return c && str_eq(c->vendor, "microsoft");
}

/* Microsoft's sign-in services, each once, in the order of the table. */
static const char *const *logins_of(struct discovery *d)
{
	const char **v = arena_alloc(probe_arena(d->probe), (CLOUDS_MOST + 1) * sizeof(*v));
	const struct cloud *c;
	size_t n = 0;

	for (size_t i = 0; (c = know_cloud_at(d->know, i)) && n < CLOUDS_MOST; i++) {
		bool again = !is_microsoft(c);

		for (size_t k = 0; k < n; k++)
			again |= str_eq(v[k], c->login);
		if (!again)
			v[n++] = c->login;
	}
	return v;
}

_waits_ static void ask_web(void *arg)
{
	struct discovery *d = arg;

	d->tenant = tenant_ask(probe_net(d->probe), d->domain, logins_of(d));
}

/*
 * Names and web side by side when the host is Microsoft's; else the names tell first whether there
 * is anything to ask.
 */
_waits_ static void ask(struct discovery *d)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(DISCOVERY_MS);
	struct scope s;

	if (!d->of_host) {
		talk_tenant_dns(d->probe, d->domain, &d->dns);
		if (*d->dns.signs)
			ask_web(d);
		return;
	}
	scope_begin(&s);
	if (fiber_spawn(&s, "tenant", ask_web, d) == 0)
		talk_tenant_dns(d->probe, d->domain, &d->dns);
	scope_join(&s);
}

/*
 * Which of our clouds it is: DoD and GCC High share the sign-in service, personal accounts are a
 * tenant of the worldwide one.
 */
static const struct cloud *cloud_of(const struct know *k, const struct tenant *t)
{
	const struct cloud *c;

	if (str_eq(t->id, PERSONAL_TENANT))
		return know_cloud(k, "personal");
	if (str_eq(t->sub_region, "DOD"))
		return know_cloud(k, "dod");
	if (str_eq(t->sub_region, "DODCON") || str_glob("*microsoftonline.us", t->instance))
		return know_cloud(k, "gcch");
	if (str_glob("*microsoftonline.cn", t->instance))
		return know_cloud(k, "21v");
	for (size_t i = 0; (c = know_cloud_at(k, i)); i++)
		if (str_eq(c->login, t->login))
			return c;
	return NULL;
}

static bool by_graph(const struct discovery *d)
{
	return str_eq(probe_ask(d->probe)->via, "graph");
}

/* The host that is asked for, as a cloud has it. */
static const char *host_in(struct discovery *d, const struct cloud *c)
{
	return by_graph(d) && str_has_prefix(c->graph, "https://") ? c->graph + strlen("https://") :
	       c->smtp;
}

/*
 * Of the host that was asked for; NULL = it is not Microsoft's. Graph is one provider in all
 * clouds, and has a name in each.
 */
static const struct cloud *cloud_of_host(struct discovery *d, const char *provider)
{
	const struct cloud *c = know_cloud_of_provider(d->know, provider);

	for (size_t i = 0; by_graph(d) && (c = know_cloud_at(d->know, i)); i++)
		if (is_microsoft(c) && str_eq_nocase(host_in(d, c), probe_host(d->probe)))
			break;
	return is_microsoft(c) ? c : NULL;
}

static void fact(struct discovery *d, const char *name, const char *value)
{
	if (*value)
		probe_fact(d->probe, name, "%s", value);
}

static void leave_facts(struct discovery *d)
{
	const struct tenant *t = d->tenant;

	fact(d, "tenant.domain", d->domain);
	probe_fact_bool(d->probe, "tenant.of-user",
			str_eq_nocase(str_domain(probe_ask(d->probe)->user), d->domain));
	fact(d, "tenant.state", tenant_state_name(t->state));
	fact(d, "tenant.state-why", t->why);
	if (t->state != TENANT_FOUND)
		return;
	fact(d, "tenant.id", t->id);
	fact(d, "tenant.region", t->region);
	fact(d, "tenant.sub-region", t->sub_region);
	fact(d, "tenant.realm", t->realm);
	fact(d, "tenant.realm-why", t->realm_why);
	fact(d, "tenant.brand", t->brand);
	fact(d, "tenant.sts", t->sts);
	if (!d->cloud)
		return;
	fact(d, "tenant.cloud", d->cloud->id);
	fact(d, "tenant.cloud-name", d->cloud->name);
	fact(d, "tenant.cloud-host", host_in(d, d->cloud));
	fact(d, "tenant.cloud-login", d->cloud->login);
}

/* --- in words --- */

static const char *escaped(struct discovery *d, const char *s)
{
	return str_escaped(probe_arena(d->probe), s, strlen(s));
}

static const char *where_signed_in(struct discovery *d)
{
	const struct tenant *t = d->tenant;

	if (str_eq(t->realm, "federated"))
		return arena_printf(probe_arena(d->probe), ", federated%s%s",
				    *t->sts ? " with " : "", t->sts);
	return str_eq(t->realm, "managed") ? ", managed" : "";
}

static const char *mail_words(struct discovery *d)
{
	struct arena *a = probe_arena(d->probe);

	if (*d->dns.entrance)
		return arena_printf(a,
				    "; its MX is %s, and Microsoft's entrance %s stands beside it",
				    escaped(d, d->dns.mx), d->dns.entrance);
	if (!*d->dns.signs)
		return "; nothing in its DNS says that its mail is there";
	return "";
}

static const char *words(struct discovery *d)
{
	struct arena *a = probe_arena(d->probe);
	const struct tenant *t = d->tenant;
	const char *region = *t->region ?
			     arena_printf(a, " (%s%s%s)", escaped(d, t->region),
					  *t->sub_region ? ", " : "", escaped(d, t->sub_region)) :
			     "";

	if (t->state == TENANT_UNKNOWN)
		return arena_printf(a, "%s: Microsoft 365 by its DNS (%s)", d->domain,
				    d->dns.signs);
	if (t->state == TENANT_NONE)
		return arena_printf(a, "%s is in no directory of Microsoft's, in any of its "
				    "clouds%s%s%s", d->domain, *d->dns.mx ? "; its MX is " : "",
				    escaped(d, d->dns.mx),
				    *d->dns.signs ? ", although its DNS names Microsoft 365" : "");
	if (str_eq(t->id, PERSONAL_TENANT))
		return arena_printf(a, "%s: personal accounts of Microsoft, no organisation",
				    d->domain);
	return arena_printf(a, "%s: %s%s%s, id %s%s", d->domain,
			    d->cloud ? d->cloud->name : "Microsoft", region, where_signed_in(d),
			    t->id, mail_words(d));
}

/*
 * Does the cloud of the host serve the domain's? The hosts of GCC High and DoD are
 * one provider to us.
 */
static bool serves(const struct discovery *d)
{
	bool gov = str_in(d->of_host->id, "gcch|dod");

	return d->cloud == d->of_host || (gov && str_in(d->cloud->id, "gcch|dod"));
}

/* What is wrong between domain and host, in words; "" = nothing, *ret_finding is set otherwise. */
static const char *misplaced(struct discovery *d, const char **ret_finding)
{
	bool personal = d->cloud && str_eq(d->cloud->id, "personal");
	const char *host = probe_host(d->probe);
	struct arena *a = probe_arena(d->probe);

	if (!d->of_host || d->tenant->state == TENANT_UNKNOWN ||
	    (d->tenant->state == TENANT_FOUND && !d->cloud))
		return "";
	*ret_finding = "tenant.none";
	if (d->tenant->state == TENANT_NONE)
		return words(d);
	*ret_finding = "tenant.personal";
	if (personal && by_graph(d))
		return "";
	if (personal && !d->personal_host)
		return arena_printf(a, "%s; their host is %s, and %s is for organisations",
				    words(d), host_in(d, d->cloud), host);
	*ret_finding = "tenant.organisation";
	if (!personal && d->personal_host)
		return arena_printf(a, "%s; its host is %s, and %s is for personal accounts",
				    words(d), host_in(d, d->cloud), host);
	*ret_finding = "tenant.other-cloud";
	if (!personal && !serves(d))
		return arena_printf(a, "%s; its host is %s, and %s belongs to %s", words(d),
				    host_in(d, d->cloud), host, d->of_host->name);
	return "";
}

static enum status verdict(struct discovery *d)
{
	struct probe *p = d->probe;
	const char *finding = "", *trouble = misplaced(d, &finding);

	probe_fact_bool(p, "tenant.elsewhere", *trouble && probe_true(p, "tenant.of-user"));
	if (*trouble)
		return probe_warn(p, finding, "%s", trouble);
	if (d->dns.dkim_txt)
		return probe_warn(p, "tenant.dkim-txt", "%s; its DKIM selector is published as a "
				  "text, and has to be a CNAME", words(d));
	if (d->dns.dkim_dangling)
		return probe_warn(p, "tenant.dkim-dangling", "%s; its DKIM selectors lead to names "
				  "without a key: signing is not switched on there", words(d));
	if (d->tenant->state == TENANT_UNKNOWN)
		return probe_idle(p, "whose domain %s is could not be asked: %s", d->domain,
				  d->tenant->why);
	return probe_pass(p, "%s", words(d));
}

static enum status run(struct probe *p)
{
	const struct ask *a = probe_ask(p);
	const char *provider = probe_get(p, "target.provider");
	struct discovery d = {
		.probe = p, .know = a->know, .domain = str_lower(probe_arena(p), domain_of(a)),
		.personal_host = str_eq(provider, "outlook.com"),
	};

	d.of_host = cloud_of_host(&d, provider);
	if (a->redirected)
		return probe_idle(p, "--connect-to says where to connect, so nobody else is asked");
	if (*provider && !d.of_host && a->kind == TARGET_HOST)
		return probe_idle(p, "the server is not Microsoft's");
	ask(&d);
	if (probe_cancelled(p))
		return probe_unknown(p, "", "interrupted");
	if (!d.tenant)
		return probe_idle(p, "nothing in the DNS of %s points to Microsoft 365", d.domain);
	if (d.tenant->state == TENANT_FOUND)
		d.cloud = cloud_of(d.know, d.tenant);
	leave_facts(&d);
	return verdict(&d);
}

const struct check check_tenant_discovery = {
	.id		= "tenant.discovery",
	.title		= "It is known whose domain it is at Microsoft",
	.label		= "tenant",
	.stage		= STAGE_DNS,
	.after		= CHECKS("target.provider", "dns.mx"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
