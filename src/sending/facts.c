/*
 * What a case is made of, as facts: what is given, what its addresses look like, where its tokens
 * come from. Its host: path-way.c.
 */
#include "sending/inside.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/str.h"
#include "token/token.h"

void path_set(struct path_view *v, const char *name, const char *value)
{
	if (value && *value)
		facts_set(v->facts, name, value);
}

static void set_known(struct path_view *v, const char *name, enum path_known k)
{
	if (k)
		facts_set_bool(v->facts, name, k == PATH_YES);
}

const char *path_get(const struct path_view *v, const char *name)
{
	return facts_string(v->facts, name);
}

/* --- as given --- */

/* What was said; where nothing was, what follows from something else. */
static enum path_known or_else(enum path_known said, bool follows, enum path_known what)
{
	if (said)
		return said;
	return follows ? what : PATH_UNKNOWN;
}

static void as_given(struct path_view *v)
{
	const struct path_case *c = v->c;
	const struct ask *ask = &c->ask;
	const struct path_means *m = &ask->means;
	const char *auth = str_eq(path_text(ask->auth), "auto") ? "" : ask->auth;
	bool logs_in = m->can_oauth == PATH_YES || c->credentials == PATH_YES;
	enum path_known can_auth = or_else(m->can_auth, logs_in, PATH_YES);
	const struct { const char *name, *value; } texts[] = {
		{ "case.host", ask->host }, { "case.tls", c->tls }, { "case.auth", auth },
		{ "case.user", ask->user }, { "case.from", ask->from }, { "case.to", ask->to },
		{ "case.scope", c->scope }, { "case.api", c->api },
		{ "case.client-id", c->client_id }, { "case.asked", ask->path },
	};
	const struct { const char *name; enum path_known value; } flags[] = {
		{ "case.credentials", c->credentials }, { "case.password", c->password },
		{ "case.app-password", c->app_password },
		{ "case.app-password-known", c->app_password ? PATH_YES : PATH_UNKNOWN },
		{ "case.token", c->token }, { "case.client-cert", c->client_cert },
		{ "case.verify-off", c->verify_off }, { "case.secret-is-id", c->secret_is_id },
		{ "case.external", m->external },
		{ "case.static-ip", m->static_ip }, { "case.port-25", m->port_25 },
		{ "case.own-code", m->own_code },
		{ "case.can.oauth", or_else(m->can_oauth, m->can_auth == PATH_NO, PATH_NO) },
		{ "case.can.auth", can_auth },
		{ "case.can.tls12", m->can_tls12 }, { "case.can.cert", m->can_cert },
		{ "case.can.admin", m->admin },
		{ "seen.open", c->seen_open }, { "seen.name", c->seen_name },
		{ "seen.login", c->seen_login }, { "seen.from", c->seen_from },
		{ "seen.to", c->seen_to },
	};

	path_set(v, "case.egress",
		 *path_text(c->egress) ?
		 arena_printf(v->arena, "%s, the address you are seen under", c->egress) :
		 "its public address");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		path_set(v, texts[i].name, texts[i].value);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		set_known(v, flags[i].name, flags[i].value);
	if (c->port)
		facts_set_number(v->facts, "case.port", c->port);
	if (m->volume > 0)
		facts_set_number(v->facts, "case.volume", m->volume);
}

/* --- addresses --- */

/* Domains in which everybody can get a mailbox of Microsoft's. */
static bool is_personal(const char *domain)
{
	static const char globs[] =
		"outlook.com|outlook.??|outlook.co.??|outlook.com.??|hotmail.com|"
		"hotmail.??|hotmail.co.??|hotmail.com.??|live.com|live.??|live.co.??|"
		"live.com.??|msn.com|windowslive.com|passport.com";

	return str_globs(globs, domain);
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
	if (is_guid(user))
		return "guid";
	return strchr(user, '@') ? "address" : "bare";
}

static void of_addresses(struct path_view *v)
{
	const struct path_case *c = v->c;
	const char *user = path_text(c->ask.user), *from = path_text(c->ask.from), *of_user;
	const char *domain = path_text(c->ask.domain);

	path_set(v, "case.user-form", c->user_form ? c->user_form : form_of(v->arena, user));
	of_user = str_eq(path_get(v, "case.user-form"), "address") ? str_domain(user) : "";
	if (!*domain)
		domain = *str_domain(from) ? str_domain(from) : of_user;
	path_set(v, "case.domain", domain);
	path_set(v, "case.from-domain", str_domain(from));
	path_set(v, "case.sender-hint", *of_user ? user : "an address of your own domain");
	if (*of_user)
		facts_set_bool(v->facts, "case.personal", is_personal(of_user));
	else if (*domain && is_personal(domain))
		facts_set_bool(v->facts, "case.personal", true);
	if (*str_domain(from) && *of_user) {
		facts_set_bool(v->facts, "case.from-is-user", str_eq_nocase(from, user));
		facts_set_bool(v->facts, "case.from-domain-is-users",
			       str_eq_nocase(str_domain(from), of_user));
	}
}

/* --- OAuth --- */

static void of_oauth(struct path_view *v)
{
	const struct path_case *c = v->c;
	struct scan s = scan_span(span_of(path_text(c->token_url)));
	const char *auth = path_get(v, "case.auth"), *tenant;

	if (str_in(auth, "xoauth2|oauthbearer") || c->token == PATH_YES)
		facts_set_bool(v->facts, "case.basic", false);
	else if (c->password == PATH_YES)
		facts_set_bool(v->facts, "case.basic", true);
	if (!scan_accept_str(&s, "https://"))
		scan_accept_str(&s, "http://");
	path_set(v, "case.token-host",
		 str_lower(v->arena, span_dup(v->arena, scan_until(&s, "/:?#"))));
	scan_until(&s, "/");
	scan_accept(&s, '/');
	tenant = span_dup(v->arena, scan_until(&s, "/?#"));
	path_set(v, "case.token-tenant",
		 str_lower(v->arena, *path_text(c->tenant) ? c->tenant : tenant));
}

/* The service whose sign-in host it is; NULL. */
static const struct cloud *cloud_of_login(const struct path_view *v, const char *host)
{
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(v->know, i)); i++)
		if (*host && str_eq(c->vendor, "microsoft") &&
		    str_has_suffix_nocase(c->login, arena_printf(v->arena, "//%s", host)))
			return c;
	return NULL;
}

/* Is a name of the mail service of another cloud in the scope, and none of this one's? */
static bool is_scope_of_other(const struct path_view *v, const struct cloud *own)
{
	const char *scope = path_text(v->c->scope);
	const struct cloud *c;
	bool other = false;

	for (size_t i = 0; i < own->audiences.n; i++)
		if (str_find_nocase(scope, own->audiences.v[i]))
			return false;
	for (size_t i = 0; (c = know_cloud_at(v->know, i)); i++)
		for (size_t k = 0; k < c->audiences.n && str_eq(c->vendor, own->vendor); k++)
			other |= str_find_nocase(scope, c->audiences.v[k]) != NULL;
	return other;
}

static void of_clouds(struct path_view *v)
{
	const struct cloud *own = v->provider ? know_cloud_of_provider(v->know, v->provider->id) :
				  NULL,
		*of_token;

	if (!own || !str_eq(own->vendor, "microsoft"))
		return;
	of_token = cloud_of_login(v, path_get(v, "case.token-host"));
	path_set(v, "case.cloud", own->name);
	path_set(v, "case.cloud-login", own->login);
	path_set(v, "case.cloud-scope", arena_printf(v->arena, "%s/.default",
						     strv_has(&own->audiences, own->exchange) ?
						     own->exchange : own->audiences.v[0]));
	if (of_token) {
		path_set(v, "case.token-cloud", of_token->name);
		facts_set_bool(v->facts, "case.token-differs",
			       !str_eq(of_token->login, own->login));
	}
	facts_set_bool(v->facts, "case.scope-differs", is_scope_of_other(v, own));
}

static void of_policies(struct path_view *v)
{
	time_t now = v->c->now ? v->c->now : clock_wall();
	const struct policy_row *row;

	for (size_t i = 0; (row = know_policy_at(v->know, i)); i++)
		facts_set(v->facts, arena_printf(v->arena, "policy.%s", row->id),
			  row->by <= now ? "since" : "coming");
}

void path_view_of(struct arena *a, const struct know *know, const struct path_case *c,
		  struct path_view *ret)
{
	struct path_view *v = ret;

	*v = (struct path_view) { .arena = a, .know = know, .c = c, .facts = facts_new(a),
				  .why = "" };
	as_given(v);
	of_addresses(v);
	path_way(v);
	of_oauth(v);
	of_clouds(v);
	of_policies(v);
}
