/*
 * prog-more - .NET, WordPress with WP Mail SMTP, git send-email, Home Assistant.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"

/*
 * --- .NET: learn.microsoft.com, "<network> Element (Network Settings)"; System.Net.Mail.SmtpClient
 * knows STARTTLS only, MailKit's SecureSocketOptions both. appsettings.json has no fixed names:
 * those that people use. ---
 */

static void webconfig(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *own = find(r, "*mailSettings.smtp.network@defaultCredentials", group),
		*method = find(r, "*mailSettings.smtp@deliveryMethod", group);

	if (is_true(own) && setting_is_set(&s->user))
		note(r, s, own->line, ERROR, "lint.credentials-cleared",
		     "defaultCredentials=\"false\"", "defaultCredentials is true: the account of "
		     "Windows is used, and userName and password are not");
	if (value_is(method, "SpecifiedPickupDirectory|PickupDirectoryFromIis"))
		note(r, s, method->line, ERROR, "lint.switched-off", "deliveryMethod=\"Network\"",
		     "messages are written to a folder: nothing is sent from here");
	if (str_eq(s->port.value, "465"))
		note(r, s, s->port.line, ERROR, "lint.both-tls-modes", "port=\"587\"",
		     "System.Net.Mail.SmtpClient only knows STARTTLS: on port 465 it waits for a "
		     "greeting that never comes, until it times out");
}

const struct program_code code_webconfig = { "webconfig", .finish = webconfig };

/* --- WP Mail SMTP: wpmailsmtp.com/docs/how-to-secure-smtp-settings-by-using-constants/ --- */

static void mailer_of(struct reading *r, struct mail_settings *s, const struct entry *mailer)
{
	struct entry door;

	if (!mailer || !mailer->value || value_is(mailer, "smtp|") || !*mailer->value)
		return;
	door = *mailer;
	if (value_is(mailer, "outlook"))
		door.value = "graph";
	take_setting(r, s, &s->api, &door);
}

static void wordpress(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *on = find(r, "WPMS_ON", group),
		*auth = find(r, "WPMS_SMTP_AUTH", group),
		*stop = find(r, "WPMS_DO_NOT_SEND", group),
		*force = find(r, "WPMS_MAIL_FROM_FORCE", group);

	if (!is_true(on))
		note(r, s, on ? on->line : 0, ERROR, "lint.switched-off",
		     "define( 'WPMS_ON', true );",
		     "WPMS_ON is not true: the plugin looks at none of these constants");
	if (is_true(stop))
		note(r, s, stop->line, ERROR, "lint.switched-off",
		     "define( 'WPMS_DO_NOT_SEND', false );",
		     "WPMS_DO_NOT_SEND is true: nothing is sent");
	if (is_false(auth))
		s->auth = (struct setting) { .value = "none", .key = "WPMS_SMTP_AUTH",
					     .line = auth->line };
	if (!is_true(force) && setting_is_set(&s->user))
		note(r, s, force ? force->line : 0, WARNING, "lint.from-default",
		     "define( 'WPMS_MAIL_FROM_FORCE', true );",
		     "the sender is not forced: forms and plugins send as the visitor or as "
		     "wordpress@your-domain, and the provider refuses that");
	mailer_of(r, s, find(r, "WPMS_MAILER", group));
}

const struct program_code code_wordpress = { "wordpress", .finish = wordpress };

static void wordpress_json(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *auth = find(r, "*smtp.auth", group),
		*pass = find(r, "*smtp.pass", group),
		*force = find(r, "*mail.from_email_force", group);

	if (is_false(auth))
		s->auth = (struct setting) { .value = "none", .key = "smtp.auth",
					     .line = auth->line };
	if (pass && pass->value && *pass->value) {
		s->password = (struct setting) { .key = "smtp.pass", .line = pass->line };
		note(r, s, pass->line, INFO, "lint.value-elsewhere", "",
		     "the password is encrypted with a key of this site: it was not read");
	}
	if (is_false(force) && setting_is_set(&s->user))
		note(r, s, force->line, WARNING, "lint.from-default", "\"from_email_force\": true,",
		     "the sender is not forced: forms and plugins send as the visitor or as "
		     "wordpress@your-domain, and the provider refuses that");
	mailer_of(r, s, find(r, "*mail.mailer", group));
}

const struct program_code code_wordpress_json = { "wordpress-json", .finish = wordpress_json };

/*
 * --- git send-email: git-scm.com/docs/git-send-email; port 25, or 465 with ssl
 * (git-send-email.perl) ---
 */

/*
 * Without blanks or dots in the identity's name, "sendemail.*.x" can't match what group 0 says of
 * sendemail itself.
 */
static void git(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *certificates = find(r, "sendemail*smtpsslcertpath", group),
		*server = find(r, "sendemail*smtpserver", group),
		*helper = entries_find(&r->entries, "credential*.helper", 0, true);

	if (group > 0 && r->entries.groups > 0)
		for (const struct entry *e = r->entries.first; e && !*s->name; e = e->next)
			if (e->group == group && str_has_prefix_nocase(e->key, "sendemail.")) {
				const char *name = e->key + 10, *dot = strrchr(name, '.');

				s->name = arena_strndup(r->arena, name,
							dot ? (size_t)(dot - name) : 0);
			}
	if (server && server->value && *server->value == '/') {
		s->api = (struct setting) { .value = "sendmail", .key = s->host.key,
					    .line = s->host.line };
		s->host = (struct setting) { .key = "" };
		return;
	}
	if (setting_is_set(&s->user) && !s->secret && !s->password.key)
		secret_elsewhere(r, s,
				 helper ? helper :
				 &(struct entry) { .key = s->user.key, .line = s->user.line },
				 "the password is asked for when mail is sent, or comes from git's "
				 "credential helper");
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) {
			.value = s->tls == SETTINGS_TLS_IMPLICIT ? "465" : "25", .key = ""
		};
	if (certificates && certificates->value && !*certificates->value) {
		s->verify_off = true;
		s->verify_said = (struct setting) { .key = "sendemail.smtpsslcertpath",
						    .line = certificates->line };
		note(r, s, certificates->line, WARNING, "lint.certificate-unchecked",
		     "take smtpSSLCertPath out",
		     "an empty smtpSSLCertPath: the server's certificate is not looked at");
	}
}

const struct program_code code_git = { "git", .finish = git };

/*
 * --- Home Assistant: www.home-assistant.io/integrations/smtp; github.com/home-assistant/core,
 * components/smtp ---
 */

static const struct { const char *key; enum field field; } home_fields[] = {
	{ "server", FIELD_HOST }, { "port", FIELD_PORT }, { "username", FIELD_USER },
	{ "password", FIELD_PASSWORD },
	{ "sender", FIELD_FROM },
	{ "recipient", FIELD_TO }, { "recipient[0]", FIELD_TO },
};

static void home_one(struct reading *r, const char *prefix)
{
	const struct entry *name = entries_find(&r->entries,
						arena_printf(r->work, "%s.name", prefix), 0, true),
		*tls, *verify;
	struct mail_settings *s = reading_new(r, name && name->value ? name->value : "");

	if (!s)
		return;
	for (size_t i = 0; i < ARRAY_LEN(home_fields); i++) {
		const struct entry *e = entries_find(&r->entries,
						     arena_printf(r->work, "%s.%s", prefix,
								  home_fields[i].key),
						     0, true);

		if (e)
			take_field(r, s, home_fields[i].field, e);
	}
	set_default(&s->host, "localhost");
	set_default(&s->port, "587");
	tls = entries_find(&r->entries, arena_printf(r->work, "%s.encryption", prefix), 0, true);
	if (value_is(tls, "tls"))
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, tls);
	else if (value_is(tls, "none"))
		take_tls(r, s, SETTINGS_TLS_NONE, tls);
	else
		take_tls(r, s, SETTINGS_TLS_STARTTLS, tls);
	verify = entries_find(&r->entries, arena_printf(r->work, "%s.verify_ssl", prefix), 0, true);
	if (is_false(verify)) {
		s->verify_off = true;
		take_setting(r, s, &s->verify_said, verify);
		note(r, s, verify->line, WARNING, "lint.certificate-unchecked", "verify_ssl: true",
		     "the server's certificate is not looked at: whoever stands in between can "
		     "read the password");
	}
	if (setting_is_set(&s->user) && !s->password.key)
		note(r, s, s->user.line, ERROR, "lint.switched-off",
		     "password: !secret smtp_password",
		     "there is a user name without a password: Home Assistant does not log in");
}

static void read_home(struct reading *r)
{
	for (const struct entry *e = r->entries.first; e; e = e->next) {
		size_t n = strlen(e->key);

		if (n > 9 && str_eq(e->key + n - 9, ".platform") && e->value &&
		    str_eq(e->value, "smtp"))
			home_one(r, arena_strndup(r->work, e->key, n - 9));
	}
}

const struct program_code code_home_assistant = { "home-assistant", .read = read_home };
