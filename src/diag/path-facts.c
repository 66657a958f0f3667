/*
 * What a case is made of, as facts: which way it is, whose server and whose mailboxes, what its addresses and names look like.
 */
#include "diag/path-table.h"

#include <arpa/inet.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/str.h"
#include "diag/token.h"

static const char *const names[] = {
	/* as given */
	"case.host", "case.port", "case.tls", "case.auth", "case.user", "case.from", "case.to", "case.scope", "case.api", "case.client-id",
	"case.credentials", "case.password", "case.app-password", "case.app-password-known", "case.token", "case.client-cert", "case.verify-off",
	"case.secret-is-id", "case.volume", "case.external", "case.static-ip", "case.port-25", "case.own-code",
	"case.can.oauth", "case.can.auth", "case.can.tls12", "case.can.cert", "case.can.admin",
	"seen.open", "seen.name", "seen.login", "seen.from", "seen.to",
	/* of the host: whose it is, submission, mx, private or api; the way; whether it documents the port, and how TLS begins there */
	"case.provider", "case.provider-name", "case.role", "case.path", "case.port-offered", "case.port-mode", "case.literal", "case.private",
	"case.near-host", "case.near-name", "case.alias-of", "case.mx-fits",
	/* where one logs in there */
	"case.login-host", "case.login-port", "case.login-tls",
	/* of the domain's mailboxes: whose, their server with a login, their MX host */
	"case.house", "case.house-name", "case.house-note", "case.house-limits", "case.door", "case.mx-door",
	/* of the addresses */
	"case.domain", "case.user-form", "case.personal", "case.from-domain", "case.from-is-user", "case.from-domain-is-users", "case.to-outside",
	"case.sender-hint",
	/* of OAuth */
	"case.basic", "case.token-host", "case.token-tenant", "case.cloud", "case.cloud-login", "case.cloud-scope", "case.token-cloud",
	"case.token-differs", "case.scope-differs",
};

bool path_fact_exists(const char *name)
{
	if (str_has_prefix(name, "policy."))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

static void set(struct path_view *v, const char *name, const char *value)
{
	if (value && *value)
		facts_set(v->facts, name, value);
}

static void set_known(struct path_view *v, const char *name, enum path_known k)
{
	if (k)
		facts_set_bool(v->facts, name, k == PATH_YES);
}

static const char *get(const struct path_view *v, const char *name)
{
	return facts_string(v->facts, name);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* --- as given --- */

static void as_given(struct path_view *v)
{
	const struct path_case *c = v->c;
	const struct path_means *m = &c->means;
	const char *auth = str_eq(or_empty(c->auth), "auto") ? "" : c->auth;
	bool logs_in = m->can_oauth == PATH_YES || c->credentials == PATH_YES;
	enum path_known can_auth = m->can_auth ? m->can_auth : logs_in ? PATH_YES : PATH_UNKNOWN;
	const struct { const char *name, *value; } texts[] = {
		{ "case.host", c->host }, { "case.tls", c->tls }, { "case.auth", auth }, { "case.user", c->user }, { "case.from", c->from },
		{ "case.to", c->to }, { "case.scope", c->scope }, { "case.api", c->api }, { "case.client-id", c->client_id },
	};
	const struct { const char *name; enum path_known value; } flags[] = {
		{ "case.credentials", c->credentials }, { "case.password", c->password }, { "case.app-password", c->app_password },
		{ "case.app-password-known", c->app_password ? PATH_YES : PATH_UNKNOWN }, { "case.token", c->token }, { "case.client-cert", c->client_cert },
		{ "case.verify-off", c->verify_off }, { "case.secret-is-id", c->secret_is_id }, { "case.external", m->external },
		{ "case.static-ip", m->static_ip }, { "case.port-25", m->port_25 }, { "case.own-code", m->own_code },
		{ "case.can.oauth", m->can_oauth ? m->can_oauth : m->can_auth == PATH_NO ? PATH_NO : PATH_UNKNOWN }, { "case.can.auth", can_auth },
		{ "case.can.tls12", m->can_tls12 }, { "case.can.cert", m->can_cert }, { "case.can.admin", m->admin },
		{ "seen.open", c->seen_open }, { "seen.name", c->seen_name }, { "seen.login", c->seen_login }, { "seen.from", c->seen_from },
		{ "seen.to", c->seen_to },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		set(v, texts[i].name, texts[i].value);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		set_known(v, flags[i].name, flags[i].value);
	if (c->port)
		facts_set_number(v->facts, "case.port", c->port);
	if (m->volume > 0)
		facts_set_number(v->facts, "case.volume", m->volume);
}

/* --- the host --- */

static bool in_globs(const struct strv *globs, const char *host)
{
	for (size_t i = 0; i < globs->n; i++)
		if (str_glob(globs->v[i], host))
			return true;
	return false;
}

static bool is_literal(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* A name or an address that exists in one house only (RFC 1918, RFC 4193, RFC 6761, RFC 6762, and habit). */
static bool is_private(const char *host)
{
	static const char *const globs[] = {
		"localhost", "*.localhost", "*.local", "*.localdomain", "*.lan", "*.internal", "*.home", "*.home.arpa", "*.intranet",
		"10.*", "192.168.*", "127.*", "169.254.*", "172.1[6-9].*", "::1", "fe80:*", "fc??:*", "fd??:*",
	};
	unsigned char b[4];

	if (inet_pton(AF_INET, host, b) == 1)
		return b[0] == 10 || b[0] == 127 || (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16);
	for (size_t i = 0; i < ARRAY_LEN(globs); i++)
		if (str_glob(globs[i], host))
			return true;
	return !strchr(host, '.') && !strchr(host, ':');
}

/* The provider of the last name of the chain that is somebody's; the host itself is somebody else's, or nobody's. */
static const struct provider *of_alias(struct path_view *v, const char *host)
{
	const struct provider *p = NULL;
	struct strv chain = { 0 };

	strv_split(&chain, v->arena, or_empty(v->c->cname), ' ');
	for (size_t i = 0; i < chain.n && !p; i++) {
		p = know_provider_of_host(v->know, chain.v[i]);
		if (p && !is_literal(host))
			set(v, "case.alias-of", chain.v[i]);
	}
	return p;
}

static const struct provider *provider_of(struct path_view *v, const char *host)
{
	const char *given = or_empty(v->c->provider);
	const struct provider *p = *host ? know_provider_of_host(v->know, host) : NULL;

	if (!p && *host)
		p = of_alias(v, host);
	return p ? p : *given ? know_provider(v->know, given, NULL) : NULL;
}

static const char *role_of(const struct path_view *v, const char *host)
{
	const struct provider *p = v->provider;

	if (p && in_globs(&p->hosts, host))
		return "submission";
	if ((p && in_globs(&p->mx, host)) || (*host && str_eq_nocase(or_empty(v->c->mx), host)))
		return "mx";
	if (*host && is_private(host))
		return "private";
	return p && *get(v, "case.alias-of") ? in_globs(&p->mx, get(v, "case.alias-of")) ? "mx" : "submission" : "";
}

static void of_port(struct path_view *v)
{
	const struct provider *p = v->provider;
	bool offered = false;

	if (!p || !p->n_ports || !v->c->port || !str_eq(get(v, "case.role"), "submission"))
		return;
	for (size_t i = 0; i < p->n_ports; i++) {
		if (p->ports[i].port != v->c->port)
			continue;
		offered = true;
		set(v, "case.port-mode", p->ports[i].implicit_tls ? "implicit" : "starttls");
	}
	facts_set_bool(v->facts, "case.port-offered", offered);
}

/* --- where one logs in --- */

static const struct provider *house_of(const struct path_view *v)
{
	const char *mx = or_empty(v->c->mx);
	const struct provider *p = *mx ? know_provider_of_host(v->know, mx) : NULL;

	if (!p || str_eq(p->path, "third-party"))
		p = v->provider;
	if (!p && facts_true(v->facts, "case.personal"))
		p = know_provider(v->know, "outlook.com", NULL);
	if (!p && str_glob("graph*", or_empty(v->c->api)))
		p = know_provider(v->know, "m365", NULL);
	return !p || str_eq(p->path, "third-party") ? NULL : know_provider_login(v->know, p->id);
}

static void of_house(struct path_view *v)
{
	const struct provider *h = v->house = house_of(v), *own = v->provider;
	const char *mx = str_eq(get(v, "case.role"), "mx") ? v->c->host : or_empty(v->c->mx);

	if (own && !*provider_host(own))
		own = know_provider_login(v->know, own->id);
	if (!own || str_eq(own->path, "graph"))
		own = h;
	set(v, "case.login-host", own && *provider_host(own) ? provider_host(own) : "the provider's server for sending");
	set(v, "case.login-port", own && own->n_ports ? arena_printf(v->arena, "%u", own->ports[0].port) : "587");
	set(v, "case.login-tls", own && own->n_ports && own->ports[0].implicit_tls ? "TLS from the start (often called SSL)" : "STARTTLS");
	set(v, "case.mx-door", *mx ? mx : "the domain's MX host");
	if (!h)
		return;
	set(v, "case.house", h->id);
	set(v, "case.house-name", h->name);
	set(v, "case.house-note", *h->note ? h->note : "see its help pages");
	set(v, "case.house-limits", *h->limits ? h->limits : "not published");
	if (*provider_host(h))
		set(v, "case.door", arena_printf(v->arena, "%s:%u", provider_host(h), h->ports[0].port));
}

/* --- addresses --- */

static const char *domain_part(const char *address)
{
	const char *at = strrchr(or_empty(address), '@');

	return at ? at + 1 : "";
}

/* Domains in which everybody can get a mailbox of Microsoft's. */
static bool is_personal(const char *domain)
{
	static const char *const globs[] = {
		"outlook.com", "outlook.??", "outlook.co.??", "outlook.com.??", "hotmail.com", "hotmail.??", "hotmail.co.??", "hotmail.com.??",
		"live.com", "live.??", "live.co.??", "live.com.??", "msn.com", "windowslive.com", "passport.com",
	};

	for (size_t i = 0; i < ARRAY_LEN(globs); i++)
		if (str_glob(globs[i], domain))
			return true;
	return false;
}

/* RESOURCE|GUID|GUID, the user of Azure Communication Services. */
static bool is_acs_user(struct arena *a, const char *user)
{
	struct strv parts = { 0 };

	strv_split(&parts, a, user, '|');
	return parts.n == 3 && is_guid(parts.v[1]) && is_guid(parts.v[2]);
}

static const char *form_of(struct arena *a, const char *user)
{
	if (!*user)
		return "";
	if (strchr(user, '|'))
		return is_acs_user(a, user) ? "acs" : "bars";
	if (strchr(user, ' '))
		return "blank";
	if (strchr(user, '\\'))
		return "backslash";
	return is_guid(user) ? "guid" : strchr(user, '@') ? "address" : "bare";
}

static void of_addresses(struct path_view *v)
{
	const struct path_case *c = v->c;
	const char *user = or_empty(c->user), *from = or_empty(c->from), *domain = or_empty(c->domain), *of_user;

	set(v, "case.user-form", form_of(v->arena, user));
	of_user = str_eq(get(v, "case.user-form"), "address") ? domain_part(user) : "";
	if (!*domain)
		domain = *domain_part(from) ? domain_part(from) : of_user;
	set(v, "case.domain", domain);
	set(v, "case.from-domain", domain_part(from));
	set(v, "case.sender-hint", *of_user ? user : "an address of your own domain");
	if (*of_user)
		facts_set_bool(v->facts, "case.personal", is_personal(of_user));
	else if (*domain && is_personal(domain))
		facts_set_bool(v->facts, "case.personal", true);
	if (*domain_part(from) && *of_user) {
		facts_set_bool(v->facts, "case.from-is-user", str_eq_nocase(from, user));
		facts_set_bool(v->facts, "case.from-domain-is-users", str_eq_nocase(domain_part(from), of_user));
	}
}

/* contoso.com's MX host at Microsoft begins with contoso-com, maybe with a few letters more. */
static bool is_mx_of(struct arena *a, const char *host, const char *domain)
{
	char *made = str_lower(a, domain);

	for (char *p = made; *p; p++)
		if (*p == '.')
			*p = '-';
	return *made && str_glob("*.mail.protection.*", host) && str_has_prefix_nocase(host, made);
}

/* Sender and recipient against each other, and against the name of an MX host: mail to its own domain is no relaying, whoever sends it. */
static void of_mx(struct path_view *v)
{
	const char *host = or_empty(v->c->host), *domain = get(v, "case.domain"), *of_to = domain_part(v->c->to);
	bool mx = str_eq(get(v, "case.role"), "mx"), to_its_own = mx && is_mx_of(v->arena, host, of_to);

	if (*domain && *of_to)
		facts_set_bool(v->facts, "case.to-outside", !str_eq_nocase(domain, of_to) && !to_its_own);
	if (mx && *domain && !to_its_own && str_glob("*.mail.protection.*", host) && !str_eq_nocase(or_empty(v->c->mx), host))
		facts_set_bool(v->facts, "case.mx-fits", is_mx_of(v->arena, host, domain));
}

/* --- OAuth --- */

static void of_oauth(struct path_view *v)
{
	const struct path_case *c = v->c;
	struct scan s = scan_span(span_of(or_empty(c->token_url)));
	const char *auth = get(v, "case.auth"), *tenant;

	if (str_eq(auth, "xoauth2") || str_eq(auth, "oauthbearer") || c->token == PATH_YES)
		facts_set_bool(v->facts, "case.basic", false);
	else if (c->password == PATH_YES)
		facts_set_bool(v->facts, "case.basic", true);
	if (!scan_accept_str(&s, "https://"))
		scan_accept_str(&s, "http://");
	set(v, "case.token-host", str_lower(v->arena, span_dup(v->arena, scan_until(&s, "/:?#"))));
	scan_until(&s, "/");
	scan_accept(&s, '/');
	tenant = span_dup(v->arena, scan_until(&s, "/?#"));
	set(v, "case.token-tenant", str_lower(v->arena, *or_empty(c->tenant) ? c->tenant : tenant));
}

/* The service whose sign-in host it is; NULL. */
static const struct cloud *cloud_of_login(const struct path_view *v, const char *host)
{
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(v->know, i)); i++)
		if (*host && str_eq(c->house, "microsoft") && str_has_suffix_nocase(c->login, arena_printf(v->arena, "//%s", host)))
			return c;
	return NULL;
}

/* Is a name of the mail service of another cloud in the scope, and none of this one's? */
static bool is_scope_of_other(const struct path_view *v, const struct cloud *own)
{
	const char *scope = or_empty(v->c->scope);
	const struct cloud *c;
	bool other = false;

	for (size_t i = 0; i < own->audiences.n; i++)
		if (str_find_nocase(scope, own->audiences.v[i]))
			return false;
	for (size_t i = 0; (c = know_cloud_at(v->know, i)); i++)
		for (size_t k = 0; k < c->audiences.n && str_eq(c->house, own->house); k++)
			other |= str_find_nocase(scope, c->audiences.v[k]) != NULL;
	return other;
}

static void of_clouds(struct path_view *v)
{
	const struct cloud *own = v->provider ? know_cloud_of_provider(v->know, v->provider->id) : NULL, *of_token;

	if (!own || !str_eq(own->house, "microsoft"))
		return;
	of_token = cloud_of_login(v, get(v, "case.token-host"));
	set(v, "case.cloud", own->name);
	set(v, "case.cloud-login", own->login);
	set(v, "case.cloud-scope", arena_printf(v->arena, "%s/.default", strv_has(&own->audiences, own->exchange) ? own->exchange : own->audiences.v[0]));
	if (of_token) {
		set(v, "case.token-cloud", of_token->name);
		facts_set_bool(v->facts, "case.token-differs", !str_eq(of_token->login, own->login));
	}
	facts_set_bool(v->facts, "case.scope-differs", is_scope_of_other(v, own));
}

static void of_policies(struct path_view *v)
{
	time_t now = v->c->now ? v->c->now : clock_wall();
	const struct policy_row *row;

	for (size_t i = 0; (row = know_policy_at(v->know, i)); i++)
		facts_set(v->facts, arena_printf(v->arena, "policy.%s", row->id), row->from <= now ? "since" : "coming");
}

/* --- the way --- */

static void is_way(struct path_view *v, const char *path, const char *why)
{
	set(v, "case.path", path);
	v->why = why;
}

static void of_mx_way(struct path_view *v, const char *host)
{
	const char *whose = v->provider ? v->provider->name : get(v, "case.domain");

	if (v->c->client_cert == PATH_YES) {
		is_way(v, "smtp-relay", arena_printf(v->arena, "%s takes incoming mail for %s, and a client certificate is shown to it", host, whose));
		return;
	}
	is_way(v, "direct-send", arena_printf(v->arena, "%s takes incoming mail for %s, without a login", host, whose));
	if (v->provider && str_has_prefix(v->provider->id, "m365"))
		strv_add(&v->maybe, v->arena, "smtp-relay");
}

static void of_way(struct path_view *v)
{
	const char *host = or_empty(v->c->host), *role = get(v, "case.role");
	bool alias = *get(v, "case.alias-of") != '\0';

	if (*or_empty(v->c->api)) {
		bool graph = str_glob("graph*", v->c->api) || str_glob("*microsoft*graph*", v->c->api);

		is_way(v, graph ? "graph" : "third-party", arena_printf(v->arena, "it sends by %s over HTTPS", v->c->api));
	} else if (str_eq(role, "mx")) {
		of_mx_way(v, host);
	} else if (str_eq(role, "submission")) {
		is_way(v, v->provider->path, arena_printf(v->arena, "%s is %s%s%s of %s", host, alias ? "an alias of " : "", alias ? get(v, "case.alias-of") : "",
							  alias ? ", a server" : "a server", v->provider->name));
	} else if (str_eq(get(v, "case.user-form"), "acs")) {
		is_way(v, "azure-communication-services", "the user name has the form RESOURCE|APP_ID|TENANT_ID");
	} else if (str_eq(role, "private")) {
		is_way(v, "third-party", arena_printf(v->arena, "%s is a server of your own: what it does with the mail afterwards is another question", host));
	} else if (v->provider && *v->provider->path) {
		is_way(v, v->provider->path, arena_printf(v->arena, "%s was named as the provider", v->provider->name));
	}
}

void path_view_of(struct arena *a, const struct know *know, const struct path_case *c, struct path_view *ret)
{
	struct path_view *v = ret;
	const char *host = or_empty(c->host), *near;
	const struct provider *nearly = NULL;

	*v = (struct path_view) { .arena = a, .know = know, .c = c, .facts = facts_new(a), .why = "" };
	as_given(v);
	of_addresses(v);
	if (*host) {
		facts_set_bool(v->facts, "case.literal", is_literal(host));
		facts_set_bool(v->facts, "case.private", is_private(host));
	}
	v->provider = provider_of(v, host);
	set(v, "case.role", *or_empty(c->api) && !*host ? "api" : role_of(v, host));
	if (v->provider) {
		set(v, "case.provider", v->provider->id);
		set(v, "case.provider-name", v->provider->name);
	}
	near = v->provider ? NULL : path_near_host(know, a, host, &nearly);
	set(v, "case.near-host", near);
	set(v, "case.near-name", near ? nearly->name : "");
	of_port(v);
	of_house(v);
	of_mx(v);
	of_oauth(v);
	of_clouds(v);
	of_policies(v);
	of_way(v);
}
