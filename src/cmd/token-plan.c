/*
 * token-plan - from the options to a request; what makes no sense is reported before any service
 * is asked.
 */
#include "cmd/token-get.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "net/http.h"

static const char me[] = "token";

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

int token_not_asked(const char *why)
{
	opt_wrong(me, "%s", why);
	return EXIT_UNTESTED;
}

/* --- what the options say --- */

/* Letters, digits, dots and hyphens: it becomes part of an address. */
static bool is_tenant(const char *s)
{
	size_t n = strlen(s);

	for (const char *p = s; *p; p++)
		if (!ascii_is_alnum(*p) && *p != '.' && *p != '-')
			return false;
	return n && n < 254 && *s != '.' && *s != '-';
}

static bool is_service_url(const char *s)
{
	for (const char *p = s; *p; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	return str_has_prefix_nocase(s, "https://") ||
	       str_has_prefix_nocase(s, "http://localhost") ||
	       str_has_prefix_nocase(s, "http://127.0.0.1") ||
	       str_has_prefix_nocase(s, "http://[::1]");
}

/* "https://user:secret@host/" (RFC 3986, 3.2.1), or anything that could be meant as that. */
static bool has_userinfo(const char *url)
{
	return memchr(url, '@', strcspn(url, "?#")) != NULL;
}

static int test_urls(const struct token_options *o)
{
	const struct { const char *option, *value, *instead; } urls[] = {
		{ "token-url", o->token_url, "give a secret by --client-secret-file" },
		{ "device-url", o->device_url, "give a secret by --client-secret-file" },
		{ "auth-url", o->auth_url, "give a secret by --client-secret-file" },
		{ "proxy", o->session.net.proxy,
		  "give the proxy in the environment (https_proxy)" },
	};

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		if (!urls[i].value)
			continue;
		if (has_userinfo(urls[i].value))
			return opt_wrong(me,
					 "--%s has a user name or password before the host, and "
					 "everyone on this machine can read a command line; "
					 "%s",
					 urls[i].option, urls[i].instead);
		if (!str_eq(urls[i].option, "proxy") && !is_service_url(urls[i].value))
			return opt_wrong(
				me,
				"--%s: '%s' does not begin with https://, and a secret goes there",
				urls[i].option, urls[i].value);
	}
	return OPT_GO;
}

static int test_words(const struct token_options *o, struct arena *a)
{
	unsigned long port;

	if (test_urls(o) != OPT_GO)
		return EXIT_USAGE;
	if (!o->token_url && (o->device_url || o->auth_url))
		return opt_wrong(me, "--%s needs --token-url, too",
				 o->device_url ? "device-url" : "auth-url");
	if (o->token_url && (o->cloud || o->provider))
		return opt_wrong(me,
				 "--token-url is another service than --%s names; which one is it?",
				 o->cloud ? "cloud" : "provider");
	if (o->tenant && !is_tenant(o->tenant))
		return opt_wrong(me,
				 "--tenant: '%s' is neither the id of a tenant nor a domain of it",
				 o->tenant);
	if (o->client_id && (!*o->client_id || strpbrk(o->client_id, " \t\r\n")))
		return opt_wrong(me, "--client-id: '%s' has blanks in it", o->client_id);
	if (o->redirect_port && (!str_number(o->redirect_port, 65535, &port) || !port))
		return opt_wrong(me, "--redirect-port: '%s' is no port: 1 to 65535",
				 o->redirect_port);
	if (o->cert && !o->key)
		return opt_wrong(me, "--client-cert needs the private key that belongs to it, too: "
				 "--client-key FILE");
	if ((o->key != NULL) + (o->assertion_file != NULL) + (o->secret_file || o->secret_command) >
	    1)
		return opt_wrong(me, "a client secret, a certificate and an assertion are ways to "
				 "prove the same; give one of them");
	if (o->no_cache && o->flow && str_eq(o->flow, "refresh"))
		return opt_wrong(me, "--flow refresh takes the refresh token that is kept; "
				 "--no-cache forbids that");
	return session_test(&o->session, me, a);
}

static int find_cloud(struct getting *g)
{
	const struct token_options *o = g->options;
	const char *usual = str_eq(o->provider, "google") ? "google" : "worldwide";
	const char *id = o->cloud ? o->cloud : usual;
	struct strv ids = { NULL, 0, 0 };
	const struct cloud *c;

	if (o->token_url)
		return OPT_GO;
	g->cloud = know_cloud(g->got.know, id);
	for (size_t i = 0; (c = know_cloud_at(g->got.know, i)); i++)
		strv_add(&ids, g->arena, c->id);
	if (!g->cloud)
		return opt_wrong(me, "--cloud: '%s' is not known; it is one of %s", id,
				 strv_join(&ids, g->arena, " "));
	if (o->provider && !str_eq(o->provider, g->cloud->vendor))
		return opt_wrong(me, "--provider %s has no --cloud %s", o->provider, id);
	g->got.house = g->cloud->vendor;
	g->got.cloud = g->cloud->id;
	return OPT_GO;
}

static bool is_google(const struct getting *g)
{
	return str_eq(g->got.house, "google");
}

static bool has_proof(const struct getting *g)
{
	return g->secret || g->key || g->assertion;
}

static const char *usual_flow(const struct getting *g)
{
	const struct token_options *o = g->options;

	/* A desktop application at Google has a secret and a person in front of it. */
	if (g->key || (has_proof(g) && !is_google(g)))
		return "client-credentials";
	if (is_google(g) || (o->token_url && !o->device_url && o->auth_url))
		return "browser";
	return "device";
}

/* Who asks, and how, where nobody says. */
static int find_flow(struct getting *g)
{
	const struct token_options *o = g->options;
	const char *flow = o->flow, *at = strrchr(g->got.user, '@'), *domain = at ? at + 1 : "";

	if (!flow)
		flow = usual_flow(g);
	g->app_only = str_eq(flow, "client-credentials");
	g->device = str_eq(flow, "device");
	g->refresh_only = str_eq(flow, "refresh");
	g->got.flow = flow;
	if (g->app_only && !has_proof(g))
		return opt_wrong(me, "client credentials need something that proves who the "
				 "application is: --client-secret-file, --client-key or "
				 "--assertion-file");
	if (g->app_only && is_google(g) && !g->key)
		return opt_wrong(me, "at Google an application alone is a service account: give "
				 "its JSON file with --client-key");
	if (o->token_url && g->device && !o->device_url)
		return opt_wrong(me, "a device code needs the address where it is given out: "
				 "--device-url URL");
	if (o->token_url && str_eq(flow, "browser") && !o->auth_url)
		return opt_wrong(me,
				 "a browser needs the address where it signs in: --auth-url URL");
	/* The domain of the mailbox is a name of the tenant, too. */
	if (g->app_only && g->cloud && !*g->got.tenant && is_tenant(domain) &&
	    !str_eq(g->cloud->tenant, "consumers"))
		g->got.tenant = domain;
	return OPT_GO;
}

/* Nothing works without an application of one's own: say how to come by one. */
static int no_client_id(const struct getting *g)
{
	int status = opt_wrong(me, "which application asks? Give --client-id ID");

	if (is_google(g))
		fputs("Google Cloud console > APIs & Services > Credentials > Create credentials > "
		      "OAuth client ID > Desktop app.\n"
		      "Take its client id, and the client secret into a file for "
		      "--client-secret-file.\n", stderr);
	else if (g->cloud && g->app_only)
		fputs("Entra admin center > Entra ID > App registrations > New registration: a "
		      "name, \"this organizational directory only\".\n"
		      "API permissions > Add > APIs my organization uses > Office 365 Exchange "
		      "Online > Application permissions > SMTP.SendAsApp > Grant admin consent.\n"
		      "Certificates & secrets: a secret (copy its Value) or a certificate. "
		      "Overview has \"Application (client) ID\" and \"Directory (tenant) ID\".\n"
		      "Then Exchange has to know it: 'smtpwhy token inspect' prints the commands "
		      "for the token that comes of it.\n", stderr);
	else if (g->cloud)
		fputs("Entra admin center > Entra ID > App registrations > New registration: a "
		      "name, and who may sign in (for outlook.com: personal accounts, too).\n"
		      "Authentication > Add a platform > Mobile and desktop applications > "
		      "http://localhost; there, too: \"Allow public client flows\" = Yes.\n"
		      "API permissions > Add > Microsoft Graph > Delegated permissions > SMTP.Send "
		      "and offline_access (listed there, but asked of Outlook).\n"
		      "Overview has \"Application (client) ID\" for --client-id and \"Directory "
		      "(tenant) ID\" for --tenant.\n", stderr);
	return status;
}

/* --- credentials --- */

static int read_key(struct getting *g)
{
	const struct token_options *o = g->options;
	const char *error;
	time_t now = clock_wall(), until, from;
	int status = credentials_file(me, "private key", o->key, &g->key_bytes);

	if (status == OPT_GO && o->cert)
		status = credentials_file(me, "certificate", o->cert, &g->cert_bytes);
	if (status == OPT_GO && o->key_password_file)
		status = credentials_file(me, "password of the key", o->key_password_file,
					  &g->key_password);
	if (status != OPT_GO)
		return status;
	g->key = jwt_key_read(g->arena,
			      &(struct jwt_files) { .key = g->key_bytes, .cert = g->cert_bytes,
						    .password = g->key_password },
			      &error);
	if (!g->key)
		return opt_wrong(me, "'%s': %s",
				 o->cert ? arena_printf(g->arena, "%s' and '%s", o->key, o->cert) :
				 o->key,
				 error);
	until = jwt_key_until(g->key);
	from = jwt_key_from(g->key);
	if (jwt_key_has_cert(g->key) && until <= now)
		return opt_wrong(me, "the certificate has expired at %s; the service refuses what "
				 "is signed with it: make a new one and register it",
				 clock_utc(g->arena, until));
	if (jwt_key_has_cert(g->key) && from > now)
		return opt_wrong(me, "the certificate is good from %s on only; is this machine's "
				 "clock right?", clock_utc(g->arena, from));
	return OPT_GO;
}

static int read_credentials(struct getting *g)
{
	const struct token_options *o = g->options;
	int status = OPT_GO;

	if (o->key)
		status = read_key(g);
	else if (o->assertion_file)
		status = credentials_file(me, "assertion", o->assertion_file, &g->assertion);
	else
		status = credentials_client_secret(me, o->secret_file, o->secret_command,
						   &g->secret);
	if (status != OPT_GO || !g->key)
		return status;
	if (!is_google(g) && g->cloud && !jwt_key_has_cert(g->key))
		return opt_wrong(me, "Microsoft wants to know which certificate the key belongs "
				 "to: give it with --client-cert");
	return OPT_GO;
}

/* --- scopes --- */

static int tell_findings(const struct getting *g)
{
	int status = OPT_GO;

	for (size_t i = 0; i < g->got.n_findings; i++) {
		const struct scope_finding *f = &g->got.findings[i];

		if (f->severity == ERROR && !g->options->force_scope)
			status = opt_wrong(me, "%s: %s. Instead: %s (%s; --force-scope asks all "
					   "the same)", f->finding, f->message, f->instead,
					   f->source);
	}
	return status;
}

static int find_scopes(struct getting *g)
{
	struct token_got *got = &g->got;
	struct scope_finding *found = arena_alloc(g->arena, LIMIT_SCOPE_FINDINGS * sizeof(*found));
	struct scope_asked asked = {
		.know = got->know, .cloud = g->cloud, .purpose = g->purpose,
		.app_only = g->app_only, .device = g->device, .tenant = got->tenant,
	};

	for (size_t i = 0; i < g->options->scopes.n; i++)
		strv_split(&asked.scopes, g->arena, g->options->scopes.v[i], ' ');
	if (!asked.scopes.n)
		asked.scopes = scope_default(g->arena, &asked);
	if (!asked.scopes.n && g->cloud)
		return opt_wrong(me, "--for %s: there is nothing of the kind in %s", got->purpose,
				 g->cloud->name);
	got->scope = strv_join(&asked.scopes, g->arena, " ");
	got->n_findings = scope_lint(g->arena, &asked, found);
	got->findings = found;
	return tell_findings(g);
}

static enum token_purpose purpose_of(const char *name)
{
	enum token_purpose p = PURPOSE_SMTP;

	while (name && p < TOKEN_PURPOSES && !str_eq(token_purpose_name(p), name))
		p++;
	return p;
}

/* --- the request --- */

/*
 * The tenant goes into the address: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token".
 */
static const char *at_tenant(const struct getting *g, const char *url)
{
	const char *at = strstr(url, "{tenant}");

	if (!at)
		return url;
	return arena_printf(g->arena, "%.*s%s%s", (int)(at - url), url, *g->got.tenant ?
			    g->got.tenant : g->cloud->tenant, at + strlen("{tenant}"));
}

static const char *host_of(struct arena *a, const char *url)
{
	const char *p = strstr(url, "://");

	p = p ? p + 3 : url;
	return arena_strndup(a, p, strcspn(p, "/?#"));
}

static const char *proof_of(const struct getting *g)
{
	if (g->key)
		return is_google(g) ? "service-account" : "certificate";
	if (g->assertion)
		return "assertion";
	return g->secret ? "secret" : "none";
}

static void fill_request(struct getting *g)
{
	const struct token_options *o = g->options;
	const struct cloud *c = g->cloud;
	struct token_got *got = &g->got;

	g->oauth = (struct oauth) {
		.arena = g->arena, .client_id = got->client_id, .scope = got->scope,
		.secret = g->secret, .key = g->key, .assertion = g->assertion,
		.pkcs1 = str_eq(o->algorithm, "RS256"),
		.token_url = c ? at_tenant(g, c->token_url) : o->token_url,
		.device_url = c ? at_tenant(g, c->device_url) : or_empty(o->device_url),
		.auth_url = c ? at_tenant(g, c->auth_url) : or_empty(o->auth_url),
	};
	got->proof = proof_of(g);
	got->service = host_of(g->arena, g->oauth.token_url);
	g->entry = (struct cached) {
		.cloud = got->cloud, .token_url = g->oauth.token_url, .client_id = got->client_id,
		.scope = got->scope, .user = got->user, .flow = g->app_only ? "app" : "user",
		.purpose = got->purpose, .proof = got->proof, .name = or_empty(o->name), .file = "",
	};
}

/* What the options say of it already; what became of it is still open. */
static void begin(struct getting *g)
{
	const struct token_options *o = g->options;

	g->purpose = purpose_of(o->purpose);
	g->got = (struct token_got) {
		.know = g->got.know, .purpose = token_purpose_name(g->purpose), .house = "",
		.cloud = "", .tenant = or_empty(o->tenant), .user = or_empty(o->user),
		.expires_in = -1, .granted = "", .name = "", .folder = "", .next = "", .error = "",
		.suberror = "", .description = "", .correlation = "", .trace = "", .timestamp = "",
		.request_id = "",
	};
}

int token_plan(struct getting *g)
{
	const struct token_options *o = g->options;
	int status = test_words(o, g->arena);

	begin(g);
	if (status == OPT_GO)
		status = find_cloud(g);
	if (status == OPT_GO)
		status = read_credentials(g);
	if (status == OPT_GO)
		status = find_flow(g);
	if (status != OPT_GO)
		return status;
	g->got.client_id = o->client_id ? o->client_id : "";
	if (!o->client_id && g->key)
		g->got.client_id = jwt_key_owner(g->key);
	if (!*g->got.client_id)
		return no_client_id(g);
	status = find_scopes(g);
	if (status == OPT_GO && http_missing())
		status = token_not_asked(http_missing());
	if (status == OPT_GO)
		fill_request(g);
	return status;
}
