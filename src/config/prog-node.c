/*
 * prog-node - Nodemailer's createTransport() in JavaScript and TypeScript, and .env files that anybody reads. nodemailer.com/smtp and
 * nodemailer.com/smtp/oauth2: secure false; port 587, or 465 when secure; STARTTLS where it is offered unless ignoreTLS, always with
 * requireTLS; port 465 without `secure` is TLS from the start (lib/smtp-connection); tokens are fetched from Google unless accessUrl is set.
 */
#include <string.h>

#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

#define FILES(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define TRUE_WORDS "true|yes|on|1"
#define FALSE_WORDS "false|no|off|0"

static const struct key_row node_keys[] = {
	{ "createTransport.host", FIELD_HOST }, { "createTransport.port", FIELD_PORT }, { "createTransport.auth.user", FIELD_USER },
	{ "createTransport.auth.pass", FIELD_PASSWORD }, { "createTransport.auth.type", FIELD_AUTH },
	{ "createTransport.authMethod", FIELD_AUTH },
	{ "createTransport.auth.clientId", FIELD_CLIENT_ID }, { "createTransport.auth.clientSecret", FIELD_CLIENT_SECRET },
	{ "createTransport.auth.accessUrl", FIELD_TOKEN_URL }, { "createTransport.auth.scope", FIELD_SCOPE },
	{ "createTransport.name", FIELD_HELO },
	{ "createTransport.tls.cert", FIELD_CERT }, { "createTransport.tls.ca", FIELD_CA }, { "sendMail.from", FIELD_FROM },
	{ "*mailOptions.from", FIELD_FROM },
	{ "createTransport.from", FIELD_FROM }, { "createTransport", FIELD_URL }, { NULL, FIELD_NONE },
};
static const struct word_row node_tls[] = {
	{ "createTransport.secure", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "createTransport.ignoreTLS", TRUE_WORDS, SETTINGS_TLS_NONE, NULL },
	{ "createTransport.requireTLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL },
	{ "createTransport.secure", FALSE_WORDS, SETTINGS_TLS_OPPORTUNISTIC, NULL }, { "", "", SETTINGS_TLS_IMPLICIT, "465" },
	{ "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL }, { NULL, NULL, 0, NULL },
};
static const struct word_row node_verify[] = {
	{ "createTransport.tls.rejectUnauthorized", FALSE_WORDS, true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row node_lines[] = {
	{ "host", "host: '%'," }, { "port", "port: %," }, { "user", "auth: { user: '%', ... }," }, { "from", "from: '%'," },
	{ "tls=starttls", "secure: false,\nrequireTLS: true," }, { "tls=implicit", "secure: true," },
	{ "auth=login", "authMethod: 'LOGIN'," }, { NULL, NULL },
};

/* Nodemailer's names of services, lib/well-known/services.json: those of providers that people ask about. */
static const struct { const char *names, *host, *port; bool implicit; } services[] = {
	{ "outlook365", "smtp.office365.com", "587", false },
	{ "hotmail|outlook|outlook.com|hotmail.com", "smtp-mail.outlook.com", "587", false },
	{ "gmail|google mail|gmail.com|googlemail.com", "smtp.gmail.com", "465", true }, { "sendgrid", "smtp.sendgrid.net", "587", false },
	{ "mailgun", "smtp.mailgun.org", "465", true }, { "yahoo|yahoo.com", "smtp.mail.yahoo.com", "465", true },
	{ "icloud", "smtp.mail.me.com", "587", false },
	{ "zoho", "smtp.zoho.com", "465", true }, { "fastmail", "smtp.fastmail.com", "465", true },
	{ "postmark", "smtp.postmarkapp.com", "2525", false },
	{ "brevo|sendinblue", "smtp-relay.brevo.com", "587", false },
};

static void service(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	for (size_t i = 0; e && i < ARRAY_LEN(services); i++) {
		struct entry part = *e;

		if (!value_is(e, services[i].names))
			continue;
		part.value = services[i].host;
		take_setting(r, s, &s->host, &part);
		part.value = services[i].port;
		take_setting(r, s, &s->port, &part);
		part.value = e->value;
		take_tls(r, s, services[i].implicit ? SETTINGS_TLS_IMPLICIT : SETTINGS_TLS_OPPORTUNISTIC, &part);
	}
}

static void node(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *ciphers = find(r, "createTransport.tls.ciphers", group),
		*oldest = find(r, "createTransport.tls.minVersion", group),
		*newest = find(r, "createTransport.tls.maxVersion", group), *secure = find(r, "createTransport.secure", group);

	if (s->host.value && !s->host.line)
		service(r, s, find(r, "createTransport.service", group));
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) { .value = s->tls == SETTINGS_TLS_IMPLICIT ? "465" : "587", .key = "" };
	if (value_is(ciphers, "*SSLv3*|*TLSv1*"))
		note(r, s, ciphers->line, WARNING, "lint.old-tls-forced", "take the line out: the versions that are in use are the default",
		     "tls.ciphers: %s is copied from old answers: it limits TLS to ciphers of before TLS 1.2, which Microsoft 365 and others no longer take",
		     value_is(ciphers, "*SSLv3*") ? "SSLv3" : "TLSv1");
	if (value_is(oldest, "TLSv1|TLSv1.1") || value_is(newest, "TLSv1|TLSv1.1"))
		note(r, s, (oldest ? oldest : newest)->line, WARNING, "lint.old-tls-forced", "minVersion: 'TLSv1.2'",
		     "TLS before 1.2 is allowed or demanded");
	if (str_eq(s->auth.value, "oauth2")) {
		s->auth.value = "xoauth2";
		if (!s->token_url.value && !s->token_url.line && find(r, "createTransport.auth.refreshToken", group))
			note(r, s, s->auth.line, ERROR, "lint.token-from-google",
			     "accessUrl: 'https://login.microsoftonline.com/TENANT/oauth2/v2.0/token',",
			     "without accessUrl Nodemailer asks Google for the token: a refresh token of another provider is refused there");
	}
	if (secure && secure->variable && !secure->value && s->tls == SETTINGS_TLS_OPPORTUNISTIC)
		note(r, s, secure->line, INFO, "lint.value-elsewhere", "",
		     "whether TLS starts with the first byte is worked out when the program runs (secure)");
}

const struct program program_nodemailer = {
	.name = "nodemailer", .title = "Nodemailer", .source = "https://nodemailer.com/smtp/",
	.files = FILES("*.js", "*.ts", "*.mjs", "*.cjs", "*.mts", "*.jsx", "*.tsx"), .signs = FILES("createTransport", "createTransport.*"),
	.parse = parse_js, .keys = node_keys, .tls = node_tls, .verify = node_verify, .lines = node_lines, .host = "localhost",
	.inherit = true, .finish = node,
};

/* --- anybody's .env: no documentation but the names --- */

#define ANY(what, ...) \
	{ "SMTP_" what, __VA_ARGS__ }, { "MAIL_" what, __VA_ARGS__ }, { "EMAIL_" what, __VA_ARGS__ }, { "MAILER_" what, __VA_ARGS__ }, \
	{ "*_SMTP_" what, __VA_ARGS__ }, { "*_EMAIL_" what, __VA_ARGS__ }, { "NODEMAILER_" what, __VA_ARGS__ }

static const struct key_row env_keys[] = {
	ANY("HOST", FIELD_HOST_PORT), ANY("SERVER", FIELD_HOST_PORT), ANY("ADDRESS", FIELD_HOST_PORT), ANY("HOSTNAME", FIELD_HOST_PORT),
	{ "SMTPHOST", FIELD_HOST_PORT }, { "SMTP", FIELD_HOST_PORT }, ANY("PORT", FIELD_PORT), ANY("USER", FIELD_USER),
	ANY("USERNAME", FIELD_USER),
	ANY("USER_NAME", FIELD_USER), ANY("LOGIN", FIELD_USER), ANY("HOST_USER", FIELD_USER), ANY("PASSWORD", FIELD_PASSWORD),
	ANY("PASS", FIELD_PASSWORD),
	ANY("PASSWD", FIELD_PASSWORD), ANY("HOST_PASSWORD", FIELD_PASSWORD), ANY("FROM", FIELD_FROM), ANY("FROM_ADDRESS", FIELD_FROM),
	ANY("FROM_EMAIL", FIELD_FROM), ANY("SENDER", FIELD_FROM), { "FROM_EMAIL", FIELD_FROM }, { "DEFAULT_FROM_EMAIL", FIELD_FROM },
	{ "EMAIL_FROM", FIELD_FROM }, ANY("TO", FIELD_TO), ANY("AUTH_METHOD", FIELD_AUTH), ANY("AUTHENTICATION", FIELD_AUTH),
	ANY("AUTH_TYPE", FIELD_AUTH),
	ANY("HELO", FIELD_HELO), ANY("DOMAIN", FIELD_HELO), ANY("URL", FIELD_URL), { NULL, FIELD_NONE },
};
static const struct word_row env_tls[] = {
	ANY("SECURE", "ssl|smtps|implicit|force_tls", SETTINGS_TLS_IMPLICIT, NULL),
	ANY("SECURE", "tls|starttls", SETTINGS_TLS_STARTTLS, NULL),
	ANY("SECURE", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL), ANY("ENCRYPTION", "ssl|smtps|implicit", SETTINGS_TLS_IMPLICIT, NULL),
	ANY("ENCRYPTION", "tls|starttls", SETTINGS_TLS_STARTTLS, NULL), ANY("ENCRYPTION", "none|off|plain", SETTINGS_TLS_NONE, NULL),
	ANY("SECURITY", "ssl|smtps|force_tls|tls", SETTINGS_TLS_IMPLICIT, "465"),
	ANY("SECURITY", "tls|starttls", SETTINGS_TLS_STARTTLS, NULL),
	ANY("SECURITY", "ssl|force_tls", SETTINGS_TLS_IMPLICIT, NULL), ANY("SECURITY", "none|off", SETTINGS_TLS_NONE, NULL),
	ANY("USE_SSL", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL), ANY("SSL", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL),
	ANY("SSL_ENABLE", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL), ANY("USE_TLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL),
	ANY("STARTTLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL), ANY("USE_STARTTLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL),
	ANY("REQUIRE_TLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL), ANY("TLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL),
	ANY("ENABLE_STARTTLS_AUTO", TRUE_WORDS, SETTINGS_TLS_OPPORTUNISTIC, NULL),
	ANY("SECURE", FALSE_WORDS, SETTINGS_TLS_OPPORTUNISTIC, NULL),
	{ NULL, NULL, 0, NULL },
};
static const struct word_row env_verify[] = {
	ANY("TLS_REJECT_UNAUTHORIZED", FALSE_WORDS, true, NULL), ANY("SKIP_VERIFY", TRUE_WORDS, true, NULL),
	ANY("VERIFY", FALSE_WORDS, true, NULL),
	ANY("VERIFY_PEER", FALSE_WORDS, true, NULL), ANY("ACCEPT_INVALID_CERTS", TRUE_WORDS, true, NULL),
	{ "NODE_TLS_REJECT_UNAUTHORIZED", "0", true, NULL },
	{ NULL, NULL, 0, NULL },
};

static void env(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *ssl = find(r, "*_USE_SSL", group), *tls = find(r, "*_USE_TLS", group);

	if (is_true(ssl) && is_true(tls))
		note(r, s, ssl->line > tls->line ? ssl->line : tls->line, ERROR, "lint.both-tls-modes", s->port.value && str_eq(s->port.value,
															    "465") ?
		     "switch the one for TLS (STARTTLS) off" : "switch the one for SSL (TLS from the first byte) off",
		     "both %s and %s are on: a connection begins with TLS or changes to it, not both", key_shown(ssl->key), key_shown(tls->key));
	if (str_eq(s->auth.value, "oauth2"))
		s->auth.value = "xoauth2";
}

const struct program program_env = {
	.name = "env", .title = "environment file", .source = "", .files = FILES(".env*", "*.env", "*.env.*"),
	.signs = FILES("SMTP_HOST", "SMTP_SERVER", "SMTPHOST", "SMTP_ADDRESS", "SMTP_HOSTNAME", "MAIL_HOST", "MAIL_SERVER", "EMAIL_HOST",
		       "EMAIL_SERVER", "EMAIL_SMTP_*",
		       "MAILER_HOST", "*_SMTP_HOST", "*_SMTP_SERVER", "*_SMTP_ADDRESS", "*_EMAIL_HOST", "NODEMAILER_HOST", "SMTP_URL",
		       	"MAIL_URL"),
	.parse = parse_env, .keys = env_keys, .tls = env_tls, .verify = env_verify, .generic = true, .finish = env,
};
