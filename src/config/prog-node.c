/*
 * prog-node - Nodemailer's createTransport() in JavaScript and TypeScript, and .env files that
 * anybody reads. nodemailer.com/smtp and nodemailer.com/smtp/oauth2: secure false; port 587, or 465
 * when secure; STARTTLS where it is offered unless ignoreTLS, always with requireTLS; port 465
 * without `secure` is TLS from the start (lib/smtp-connection); tokens are fetched from Google
 * unless accessUrl is set.
 */
#include <string.h>

#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

/*
 * Nodemailer's names of services, lib/well-known/services.json: those of providers
 * that people ask about.
 */
static const struct { const char *names, *host, *port; bool implicit; } services[] = {
	{ "outlook365", "smtp.office365.com", "587", false },
	{ "hotmail|outlook|outlook.com|hotmail.com", "smtp-mail.outlook.com", "587", false },
	{ "gmail|google mail|gmail.com|googlemail.com", "smtp.gmail.com", "465", true },
	{ "sendgrid", "smtp.sendgrid.net", "587", false },
	{ "mailgun", "smtp.mailgun.org", "465", true },
	{ "yahoo|yahoo.com", "smtp.mail.yahoo.com", "465", true },
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
		take_tls(r, s,
			 services[i].implicit ? SETTINGS_TLS_IMPLICIT : SETTINGS_TLS_OPPORTUNISTIC,
			 &part);
	}
}

static void node(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *ciphers = find(r, "createTransport.tls.ciphers", group),
		*oldest = find(r, "createTransport.tls.minVersion", group),
		*newest = find(r, "createTransport.tls.maxVersion", group),
		*secure = find(r, "createTransport.secure", group);

	if (s->host.value && !s->host.line)
		service(r, s, find(r, "createTransport.service", group));
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) {
			.value = s->tls == SETTINGS_TLS_IMPLICIT ? "465" : "587", .key = ""
		};
	if (value_is(ciphers, "*SSLv3*|*TLSv1*"))
		note(r, s, ciphers->line, WARNING, "lint.old-tls-forced",
		     "take the line out: the versions that are in use are the default",
		     "tls.ciphers: %s is copied from old answers: it limits TLS to ciphers of "
		     "before TLS 1.2, which Microsoft 365 and others no longer take",
		     value_is(ciphers, "*SSLv3*") ? "SSLv3" : "TLSv1");
	if (value_is(oldest, "TLSv1|TLSv1.1") || value_is(newest, "TLSv1|TLSv1.1"))
		note(r, s, (oldest ? oldest : newest)->line, WARNING, "lint.old-tls-forced",
		     "minVersion: 'TLSv1.2'", "TLS before 1.2 is allowed or demanded");
	if (str_eq(s->auth.value, "oauth2")) {
		s->auth.value = "xoauth2";
		if (!s->token_url.value && !s->token_url.line &&
		    find(r, "createTransport.auth.refreshToken", group))
			note(r, s, s->auth.line, ERROR, "lint.token-from-google",
			     "accessUrl: "
			     "'https://login.microsoftonline.com/TENANT/oauth2/v2.0/token',",
			     "without accessUrl Nodemailer asks Google for the token: a refresh "
			     "token of another provider is refused there");
	}
	if (secure && secure->variable && !secure->value && s->tls == SETTINGS_TLS_OPPORTUNISTIC)
		note(r, s, secure->line, INFO, "lint.value-elsewhere", "",
		     "whether TLS starts with the first byte is worked out when the program runs "
		     "(secure)");
}

const struct program_code code_nodemailer = { "nodemailer", .finish = node };

/* --- anybody's .env: no documentation but the names --- */

static void env(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *ssl = find(r, "*_USE_SSL", group), *tls = find(r, "*_USE_TLS", group);

	if (is_true(ssl) && is_true(tls))
		note(r, s, ssl->line > tls->line ? ssl->line : tls->line, ERROR,
		     "lint.both-tls-modes", s->port.value && str_eq(s->port.value, "465") ?
					    "switch the one for TLS (STARTTLS) off" :
					    "switch the one for SSL (TLS from the first byte) off",
		     "both %s and %s are on: a connection begins with TLS or changes to it, not "
		     "both", key_shown(ssl->key), key_shown(tls->key));
	if (str_eq(s->auth.value, "oauth2"))
		s->auth.value = "xoauth2";
}

const struct program_code code_env = { "env", .finish = env };
