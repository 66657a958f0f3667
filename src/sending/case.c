/*
 * Filling a case: from a program's settings, or from what a check was asked and has seen.
 */
#include "sending/path.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/settings.h"
#include "check/ask.h"
#include "judge/facts.h"
#include "token/token.h"

static enum path_known known(bool yes)
{
	return yes ? PATH_YES : PATH_NO;
}

static const char *value_of(const struct setting *s)
{
	return s->value ? s->value : "";
}

static bool is_written(const struct setting *s)
{
	return s->value || (s->key && *s->key && s->line);
}

/* --- secrets: their form alone --- */

enum path_known path_app_password(const struct secret *s)
{
	enum { LETTERS = 16 };
	size_t letters = 0;

	if (!s)
		return PATH_UNKNOWN;
	for (size_t i = 0; i < secret_len(s); i++) {
		char c = secret_bytes(s)[i];

		letters += c >= 'a' && c <= 'z';
		if ((c < 'a' || c > 'z') && c != ' ' && c != '-')
			return PATH_NO;
	}
	return known(letters == LETTERS);
}

enum path_known path_is_id(const struct secret *s)
{
	return s ? known(is_guid(secret_bytes(s))) : PATH_UNKNOWN;
}

/* --- settings --- */

static unsigned port_of(const struct setting *s)
{
	unsigned long port = 0;

	return s->value && str_number(s->value, 65535, &port) ? (unsigned)port : 0;
}

void path_case_of(struct arena *a, const struct mail_settings *s, struct path_case *ret)
{
	enum { TOKEN_LEAST = 64 };
	bool oauth = is_written(&s->token_url) || is_written(&s->scope) ||
		     is_written(&s->client_id) || s->client_secret;
	bool password = s->secret || is_written(&s->password);
	const char *auth = str_lower(a, value_of(&s->auth));
	bool by_token = str_in(auth, "xoauth2|oauthbearer");
	/*
	 * What a plug-in or a command brings can't be seen from here; nor is a string of a token's
	 * length a password.
	 */
	bool unseen = by_token && !oauth && (!s->secret || secret_len(s->secret) >= TOKEN_LEAST);

	*ret = (struct path_case) {
		.ask = ask_nothing, .port = port_of(&s->port), .tls = settings_tls_name(s->tls),
		.scope = value_of(&s->scope), .tenant = value_of(&s->tenant),
		.client_id = value_of(&s->client_id),
		.token_url = *value_of(&s->token_url) ? value_of(&s->token_url) :
			     value_of(&s->authority),
		.api = value_of(&s->api),
		.credentials = known(setting_is_set(&s->user) || is_written(&s->user) || password ||
				     oauth || by_token),
		.password = unseen ? PATH_UNKNOWN : known(password),
		.app_password = path_app_password(s->secret),
		.token = unseen ? PATH_UNKNOWN : known(oauth), .user_form = s->user.form,
		.client_cert = known(is_written(&s->client_cert)),
		.verify_off = known(s->verify_off),
		.secret_is_id = path_is_id(s->client_secret),
	};
	ret->ask.host = str_lower(a, value_of(&s->host));
	ret->ask.auth = auth;
	ret->ask.user = value_of(&s->user);
	ret->ask.from = value_of(&s->from);
	ret->ask.to = value_of(&s->to);
	if (str_eq(auth, "none"))
		ret->credentials = PATH_NO;
	if (oauth || by_token)
		ret->ask.means.can_oauth = PATH_YES;
}

/* --- a check --- */

/* Is a fact with such a name true anywhere? */
static bool any_true(const struct facts *f, const char *glob)
{
	const struct fact *fact = NULL;

	while ((fact = facts_match(f, glob, fact)))
		if (fact->type == FACT_BOOL && fact->number)
			return true;
	return false;
}

/* Did a certificate prove whose server it is, wherever one was shown? */
static bool all_proven(const struct facts *f)
{
	const struct fact *fact = NULL;

	while ((fact = facts_match(f, "cert.*.trouble", fact)))
		if (*fact->string)
			return false;
	return facts_match(f, "cert.*.verdict", NULL) && !facts_match(f, "cert.*.unjudged", NULL);
}

static enum path_known seen(bool yes)
{
	return yes ? PATH_YES : PATH_UNKNOWN;
}

static void what_was_seen(const struct facts *f, struct path_case *c)
{
	c->seen_open = seen(any_true(f, "tcp.*.open"));
	c->seen_name = seen(all_proven(f));
	c->seen_login = seen(any_true(f, "auth.*.accepted"));
	c->seen_from = seen(any_true(f, "smtp.*.mail.accepted"));
	c->seen_to = seen(any_true(f, "smtp.*.rcpt.accepted"));
}

/*
 * What only the program's configuration says; where the check asks another host, it
 * says nothing of that.
 */
static void add_settings(struct arena *a, const struct mail_settings *s, struct path_case *c)
{
	struct path_case said;

	path_case_of(a, s, &said);
	if (!str_eq_nocase(said.ask.host, c->ask.host))
		return;
	c->scope = said.scope;
	c->token_url = said.token_url;
	c->tenant = said.tenant;
	c->client_id = said.client_id;
	c->client_cert = said.client_cert;
	c->verify_off = said.verify_off;
	c->secret_is_id = said.secret_is_id;
	c->tls = *said.tls && !str_eq(c->tls, "implicit") ? said.tls : c->tls;
	c->ask.auth = *c->ask.auth ? c->ask.auth : said.ask.auth;
	c->credentials = c->credentials ? c->credentials : said.credentials;
	c->password = c->password ? c->password : said.password;
	c->token = c->token ? c->token : said.token;
	c->ask.means.can_oauth = c->ask.means.can_oauth ?: said.ask.means.can_oauth;
}

void path_case_seen(struct arena *a, const struct ask *ask, const struct facts *f,
		    struct path_case *ret)
{
	const char *state = facts_string(f, "tcp.25.state");
	const struct fact *egress = facts_match(f, "smtp.*.egress", NULL);
	const struct ask_port *port = ask->n_ports == 1 ? ask->ports : NULL;
	struct path_means *means = &ret->ask.means;
	bool login = ask->password || ask->token;

	*ret = (struct path_case) {
		.ask = *ask, .port = port ? port->port : 0, .tls = "",
		.cname = facts_string(f, "dns.address.cname"), .mx = facts_string(f, "dns.mx.host"),
		.egress = egress ? egress->string : "", .credentials = seen(*ask->user != '\0'),
		.password = login ? known(ask->password != NULL) : PATH_UNKNOWN,
		.app_password = path_app_password(ask->password),
		.token = login ? known(ask->token != NULL) : PATH_UNKNOWN, .now = clock_wall(),
	};
	if (port)
		ret->tls = port->implicit_tls ? "implicit" : "starttls";
	if (!*ask->host)
		ret->ask.host = facts_string(f, "target.host");
	if (ask->kind == TARGET_HOST)
		ret->ask.domain = "";
	if (!means->can_oauth && ask->token)
		means->can_oauth = PATH_YES;
	if (!means->port_25 && str_eq(state, "open"))
		means->port_25 = PATH_YES;
	else if (!means->port_25 && str_in(state, "filtered|prohibited"))
		means->port_25 = PATH_NO;
	if (ask->settings)
		add_settings(a, ask->settings, ret);
	what_was_seen(f, ret);
}
