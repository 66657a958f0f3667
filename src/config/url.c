/*
 * url - where mail goes, written as an address: smtp://user:password@host:port?verify_peer=0,
 * microsoftgraph+api://ID:SECRET@default?tenantId=X. RFC 3986; the schemes are Symfony's
 * (symfony.com/doc/current/mailer.html) and Nodemailer's (nodemailer.com/smtp).
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

/* Without %XX. In the work arena: it may be the password. */
static const char *decoded(struct reading *r, const char *p, size_t n)
{
	char *out = arena_alloc(r->work, n + 1);
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		bool escape = p[i] == '%' && i + 2 < n && ascii_hex(p[i + 1]) >= 0 &&
			      ascii_hex(p[i + 2]) >= 0;

		out[k++] = escape ? (char)(ascii_hex(p[i + 1]) * 16 + ascii_hex(p[i + 2])) : p[i];
		i += escape ? 2 : 0;
	}
	return out;
}

static struct entry part_of(struct reading *r, const struct entry *e, const char *p, size_t n)
{
	struct entry part = *e;

	part.value = decoded(r, p, n);
	part.variable = NULL;
	return part;
}

/* The value of a name in the query; NULL. */
static const char *query(struct reading *r, const char *url, const char *name)
{
	const char *p = strchr(url, '?');
	size_t len = strlen(name);

	while (p) {
		p++;
		if (strncmp(p, name, len) == 0 && p[len] == '=')
			return decoded(r, p + len + 1, strcspn(p + len + 1, "&#"));
		p = strchr(p, '&');
	}
	return NULL;
}

static void scheme_of(struct reading *r, struct mail_settings *s, const struct entry *e,
		      const char *scheme)
{
	struct entry said = *e;
	const char *api = strstr(scheme, "+api");

	said.value = scheme;
	if (str_has_prefix(scheme, "microsoftgraph")) {
		said.value = "graph";
		take_setting(r, s, &s->api, &said);
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, NULL);
	} else if (api) {
		said.value = arena_strndup(r->work, scheme, (size_t)(api - scheme));
		take_setting(r, s, &s->api, &said);
	} else if (str_in(scheme, "smtps|submissions") || strstr(scheme, "+smtps")) {
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, &said);
	} else {
		take_tls(r, s, SETTINGS_TLS_OPPORTUNISTIC, &said);
		s->tls_by_scheme = true;
	}
}

/*
 * Swift Mailer's own: symfony.com/doc/4.4/email/swiftmailer.html. Symfony Mailer, which came after
 * it, looks at none of them.
 */
static void swift_queries(struct reading *r, struct mail_settings *s, const struct entry *e,
			  const char *url)
{
	struct entry said = *e;

	if ((said.value = query(r, url, "username")))
		take_field(r, s, FIELD_USER, &said);
	if ((said.value = query(r, url, "password")))
		take_field(r, s, FIELD_PASSWORD, &said);
	if ((said.value = query(r, url, "auth_mode")))
		take_field(r, s, FIELD_AUTH, &said);
	said.value = query(r, url, "encryption");
	if (value_is(&said, "tls|ssl"))
		take_tls(r, s, value_is(&said, "tls") ? SETTINGS_TLS_STARTTLS :
			       SETTINGS_TLS_IMPLICIT, &said);
	s->tls_by_scheme &= !value_is(&said, "tls|ssl");
}

/* What Symfony and Nodemailer take behind the question mark. */
static void queries(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	struct entry said = *e;
	static const struct { const char *name; enum field field; } fields[] = {
		{ "tenantId", FIELD_TENANT }, { "local_domain", FIELD_HELO },
		{ "name", FIELD_HELO }, { "authMethod", FIELD_AUTH },
	};

	said.variable = NULL;
	if (str_eq(r->program->id, "swiftmailer"))
		swift_queries(r, s, &said, e->value);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if ((said.value = query(r, e->value, fields[i].name)))
			take_field(r, s, fields[i].field, &said);
	said.value = query(r, e->value, "require_tls");
	if (!said.value)
		said.value = query(r, e->value, "requireTLS");
	s->tls_by_scheme &= !said.value;
	if (is_true(&said) && s->tls != SETTINGS_TLS_IMPLICIT)
		take_tls(r, s, SETTINGS_TLS_STARTTLS, &said);
	said.value = query(r, e->value, "auto_tls");
	s->tls_by_scheme &= !said.value;
	if (is_false(&said) && s->tls != SETTINGS_TLS_IMPLICIT)
		take_tls(r, s, SETTINGS_TLS_NONE, &said);
	said.value = query(r, e->value, "verify_peer");
	if (!said.value)
		said.value = query(r, e->value, "tls.rejectUnauthorized");
	if (is_false(&said)) {
		s->verify_off = true;
		take_setting(r, s, &s->verify_said, &said);
		note(r, s, e->line, WARNING, "lint.certificate-unchecked",
		     "take it out of the address", "the server's certificate is not looked at: "
		     "whoever stands in between can read the password");
	}
}

static void login_of(struct reading *r, struct mail_settings *s, const struct entry *e,
		     const char *from, size_t n)
{
	const char *colon = memchr(from, ':', n);
	size_t user = colon ? (size_t)(colon - from) : n;
	struct entry part = part_of(r, e, from, user);

	/*
	 * KEY@default, and Mailgun's KEY:DOMAIN@default: what stands in front is the secret
	 * (symfony.com/doc/current/mailer.html).
	 */
	if (s->api.value && (!colon || str_eq(s->api.value, "mailgun")))
		take_field(r, s, FIELD_CLIENT_SECRET, &part);
	else
		take_setting(r, s, s->api.value ? &s->client_id : &s->user, &part);
	if (!colon)
		return;
	part = part_of(r, e, colon + 1, n - user - 1);
	take_field(r, s, s->api.value ? FIELD_CLIENT_SECRET : FIELD_PASSWORD, &part);
	if (memchr(from, '@', n))
		note(r, s, e->line, WARNING, "lint.url-not-encoded",
		     "write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and + as %2B",
		     "the user name or the password in %s has an @ of its own: programs differ in "
		     "where they see the host begin", key_shown(e->key));
}

bool take_url(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	const char *sep = e->value ? strstr(e->value, "://") : NULL, *host, *at = NULL;
	size_t n;
	struct entry part;

	if (!sep || sep == e->value || sep - e->value > 64) {
		if (!e->value || is_reference(e->value, false))
			take_setting(r, s, &s->host, e);
		return is_reference(e->value, false);
	}
	scheme_of(r, s, e,
		  str_lower(r->work, arena_strndup(r->work, e->value, (size_t)(sep - e->value))));
	if (e->variable)
		take_setting(r, s, &(struct setting) { .key = NULL }, e);
	host = sep + 3;
	n = strcspn(host, "/?#");
	for (size_t i = 0; i < n; i++)
		if (host[i] == '@')
			at = host + i;
	if (at) {
		login_of(r, s, e, host, (size_t)(at - host));
		n -= (size_t)(at - host) + 1;
		host = at + 1;
	}
	part = part_of(r, e, host, n);
	if (!str_eq(part.value, "default") && !str_eq(part.value, "null"))
		take_host_port(r, s, &part);
	queries(r, s, e);
	if (s->api.value)
		return true;
	if (s->tls == SETTINGS_TLS_OPPORTUNISTIC && str_eq(s->port.value, "465"))
		/* Symfony's EsmtpTransportFactory, and Nodemailer's: 465 is TLS */
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, NULL);
	s->tls_by_scheme &= s->tls == SETTINGS_TLS_OPPORTUNISTIC;
	set_default(&s->port,
		    s->tls == SETTINGS_TLS_IMPLICIT ? "465" : program_text(r->program, "port"));
	return true;
}
