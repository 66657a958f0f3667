/*
 * The host of a case: whose it is, what it is for, where one logs in there, who has the domain's
 * mailboxes, and which way of sending that makes.
 */
#include "sending/inside.h"

#include <arpa/inet.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/strv.h"

/* --- the host --- */

static bool is_literal(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/*
 * A name or an address that exists in one house only (RFC 1918, RFC 4193, RFC 6761,
 * RFC 6762, and habit).
 */
static bool is_private(const char *host)
{
	static const char *const globs[] = {
		"localhost", "*.localhost", "*.local", "*.localdomain", "*.lan", "*.internal",
		"*.home", "*.home.arpa", "*.intranet", "10.*", "192.168.*", "127.*", "169.254.*",
		"172.1[6-9].*", "::1", "fe80:*", "fc??:*", "fd??:*",
	};
	unsigned char b[4];

	if (inet_pton(AF_INET, host, b) == 1)
		return b[0] == 10 || b[0] == 127 || (b[0] == 192 && b[1] == 168) ||
		       (b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16);
	for (size_t i = 0; i < ARRAY_LEN(globs); i++)
		if (str_glob(globs[i], host))
			return true;
	return !strchr(host, '.') && !strchr(host, ':');
}

/*
 * The provider of the last name of the chain that is somebody's; the host itself is somebody
 * else's, or nobody's.
 */
static const struct provider *of_alias(struct path_view *v, const char *host)
{
	const struct provider *p = NULL;
	struct strv chain = { 0 };

	strv_split(&chain, v->arena, path_text(v->c->cname), ' ');
	for (size_t i = 0; i < chain.n && !p; i++) {
		p = know_provider_of_host(v->know, chain.v[i]);
		if (p && !is_literal(host))
			path_set(v, "case.alias-of", chain.v[i]);
	}
	return p;
}

static const struct provider *provider_of(struct path_view *v, const char *host)
{
	const char *given = path_text(v->c->ask.provider);
	const struct provider *p = *host ? know_provider_of_host(v->know, host) : NULL;

	if (!p && *host)
		p = of_alias(v, host);
	if (p)
		return p;
	return *given ? know_provider(v->know, given, NULL) : NULL;
}

static const char *role_of(const struct path_view *v, const char *host)
{
	const struct provider *p = v->provider;

	if (p && strv_glob(&p->hosts, host))
		return "submission";
	if ((p && strv_glob(&p->mx, host)) || (*host && str_eq_nocase(path_text(v->c->mx), host)))
		return "mx";
	if (*host && is_private(host))
		return "private";
	if (!p || !*path_get(v, "case.alias-of"))
		return "";
	return strv_glob(&p->mx, path_get(v, "case.alias-of")) ? "mx" : "submission";
}

static void of_port(struct path_view *v)
{
	const struct provider *p = v->provider;
	bool offered = false;

	if (!p || !p->n_ports || !v->c->port || !str_eq(path_get(v, "case.role"), "submission"))
		return;
	for (size_t i = 0; i < p->n_ports; i++) {
		if (p->ports[i].port != v->c->port)
			continue;
		offered = true;
		path_set(v, "case.port-mode", p->ports[i].implicit_tls ? "implicit" : "starttls");
	}
	facts_set_bool(v->facts, "case.port-offered", offered);
}

/* --- where one logs in --- */

static const struct provider *house_of(const struct path_view *v)
{
	const char *mx = path_text(v->c->mx);
	const struct provider *p = *mx ? know_provider_of_host(v->know, mx) : NULL;

	if (!p || str_eq(p->path, "third-party"))
		p = v->provider;
	if (!p && facts_true(v->facts, "case.personal"))
		p = know_provider(v->know, "outlook.com", NULL);
	if (!p && str_glob("graph*", path_text(v->c->api)))
		p = know_provider(v->know, "m365", NULL);
	return !p || str_eq(p->path, "third-party") ? NULL : know_provider_login(v->know, p->id);
}

static void of_house(struct path_view *v)
{
	const struct provider *h = v->house = house_of(v), *own = v->provider;
	const char *mx = str_eq(path_get(v, "case.role"), "mx") ? v->c->ask.host :
			 path_text(v->c->mx);

	if (own && !*provider_host(own))
		own = know_provider_login(v->know, own->id);
	if (!own || str_eq(own->path, "graph"))
		own = h;
	path_set(v, "case.login-host", own && *provider_host(own) ? provider_host(own) :
				       "the provider's server for sending");
	path_set(v, "case.login-port",
		 own && own->n_ports ? arena_printf(v->arena, "%u", own->ports[0].port) : "587");
	path_set(v, "case.login-tls", own && own->n_ports && own->ports[0].implicit_tls ?
				      "TLS from the start (often called SSL)" : "STARTTLS");
	path_set(v, "case.mx-door", *mx ? mx : "the domain's MX host");
	if (!h)
		return;
	path_set(v, "case.house", h->id);
	path_set(v, "case.house-name", h->name);
	path_set(v, "case.house-note", *h->note ? h->note : "see its help pages");
	path_set(v, "case.house-limits", *h->limits ? h->limits : "not published");
	if (*provider_host(h))
		path_set(v, "case.door",
			 arena_printf(v->arena, "%s:%u", provider_host(h), h->ports[0].port));
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

/*
 * Sender and recipient against each other, and against the name of an MX host: mail to its own
 * domain is no relaying, whoever sends it.
 */
static void of_mx(struct path_view *v)
{
	const char *host = path_text(v->c->ask.host), *domain = path_get(v, "case.domain");
	const char *of_to = str_domain(v->c->ask.to);
	bool mx = str_eq(path_get(v, "case.role"), "mx"),
		to_its_own = mx && is_mx_of(v->arena, host, of_to);

	if (*domain && *of_to)
		facts_set_bool(v->facts, "case.to-outside",
			       !str_eq_nocase(domain, of_to) && !to_its_own);
	if (mx && *domain && !to_its_own && str_glob("*.mail.protection.*", host) &&
	    !str_eq_nocase(path_text(v->c->mx), host))
		facts_set_bool(v->facts, "case.mx-fits", is_mx_of(v->arena, host, domain));
}

/* --- the way --- */

static void is_way(struct path_view *v, const char *path, const char *why)
{
	path_set(v, "case.path", path);
	v->why = why;
}

static void of_mx_way(struct path_view *v, const char *host)
{
	const char *whose = v->provider ? v->provider->name : path_get(v, "case.domain");

	if (v->c->client_cert == PATH_YES) {
		is_way(v, "smtp-relay",
		       arena_printf(v->arena, "%s takes incoming mail for %s, and a client "
				    "certificate is shown to it", host, whose));
		return;
	}
	is_way(v, "direct-send",
	       arena_printf(v->arena, "%s takes incoming mail for %s, without a login",
			    host, whose));
	if (v->provider && str_has_prefix(v->provider->id, "m365"))
		strv_add(&v->maybe, v->arena, "smtp-relay");
}

static void of_way(struct path_view *v)
{
	const char *host = path_text(v->c->ask.host), *role = path_get(v, "case.role");
	bool alias = *path_get(v, "case.alias-of") != '\0';

	if (*path_text(v->c->api)) {
		bool graph = str_glob("graph*", v->c->api) ||
			     str_glob("*microsoft*graph*", v->c->api);

		is_way(v, graph ? "graph" : "third-party",
		       arena_printf(v->arena, "it sends by %s over HTTPS", v->c->api));
	} else if (str_eq(role, "mx")) {
		of_mx_way(v, host);
	} else if (str_eq(role, "submission")) {
		is_way(v, v->provider->path,
		       arena_printf(v->arena, "%s is %s%s%s of %s", host,
				    alias ? "an alias of " : "",
				    alias ? path_get(v, "case.alias-of") : "",
				    alias ? ", a server" : "a server", v->provider->name));
	} else if (str_eq(path_get(v, "case.user-form"), "acs")) {
		is_way(v, "azure-communication-services",
		       "the user name has the form RESOURCE|APP_ID|TENANT_ID");
	} else if (str_eq(role, "private")) {
		is_way(v, "third-party",
		       arena_printf(v->arena, "%s is a server of your own: what it does with the "
				    "mail afterwards is another question", host));
	} else if (v->provider && *v->provider->path) {
		is_way(v, v->provider->path,
		       arena_printf(v->arena, "%s was named as the provider", v->provider->name));
	}
}

void path_way(struct path_view *v)
{
	const char *host = path_text(v->c->ask.host), *near;
	const struct provider *nearly = NULL;

	if (*host) {
		facts_set_bool(v->facts, "case.literal", is_literal(host));
		facts_set_bool(v->facts, "case.private", is_private(host));
	}
	v->provider = provider_of(v, host);
	path_set(v, "case.role", *path_text(v->c->api) && !*host ? "api" : role_of(v, host));
	if (v->provider) {
		path_set(v, "case.provider", v->provider->id);
		path_set(v, "case.provider-name", v->provider->name);
	}
	near = v->provider ? NULL : path_near_host(v->know, v->arena, host, &nearly);
	path_set(v, "case.near-host", near);
	path_set(v, "case.near-name", near ? nearly->name : "");
	of_port(v);
	of_house(v);
	of_mx(v);
	of_way(v);
}
