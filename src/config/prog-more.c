/*
 * prog-more - .NET, WordPress with WP Mail SMTP, git send-email, Home Assistant.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"

#define FILES(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define TRUE_WORDS "true|yes|on|1"
#define FALSE_WORDS "false|no|off|0"

/*
 * --- .NET: learn.microsoft.com, "<network> Element (Network Settings)"; System.Net.Mail.SmtpClient knows STARTTLS only, MailKit's
 * SecureSocketOptions both. appsettings.json has no fixed names: those that people use. ---
 */

#define SECTION(what, ...) \
	{ "*Smtp*." what, __VA_ARGS__ }, { "*Mail*." what, __VA_ARGS__ }, { "*Email*." what, __VA_ARGS__ }

static const struct key_row dotnet_keys[] = {
	SECTION("Host", FIELD_HOST), SECTION("Server", FIELD_HOST), SECTION("SmtpServer", FIELD_HOST), SECTION("SmtpHost", FIELD_HOST),
	SECTION("MailServer", FIELD_HOST), SECTION("Port", FIELD_PORT), SECTION("SmtpPort", FIELD_PORT), SECTION("MailPort", FIELD_PORT),
	SECTION("UserName", FIELD_USER), SECTION("User", FIELD_USER), SECTION("SmtpUser*", FIELD_USER), SECTION("Login", FIELD_USER),
	SECTION("Password", FIELD_PASSWORD), SECTION("SmtpPass*", FIELD_PASSWORD), SECTION("Pass", FIELD_PASSWORD),
	SECTION("From", FIELD_FROM),
	SECTION("FromEmail", FIELD_FROM), SECTION("FromAddress", FIELD_FROM), SECTION("SenderEmail", FIELD_FROM),
	SECTION("Sender", FIELD_FROM),
	SECTION("Mail", FIELD_USER), SECTION("TenantId", FIELD_TENANT), SECTION("ClientId", FIELD_CLIENT_ID),
	SECTION("ClientSecret", FIELD_CLIENT_SECRET),
	{ NULL, FIELD_NONE },
};
static const struct word_row dotnet_tls[] = {
	SECTION("SecureSocketOptions", "SslOnConnect|2", SETTINGS_TLS_IMPLICIT, NULL),
	SECTION("SecureSocketOptions", "StartTls|3", SETTINGS_TLS_STARTTLS, NULL),
	SECTION("SecureSocketOptions", "StartTlsWhenAvailable|4", SETTINGS_TLS_OPPORTUNISTIC, NULL),
	SECTION("SecureSocketOptions", "None|0", SETTINGS_TLS_NONE, NULL),
	SECTION("UseStartTls", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL), SECTION("EnableSsl", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL),
	SECTION("EnableSsl", FALSE_WORDS, SETTINGS_TLS_NONE, NULL), SECTION("UseSsl", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, "465"),
	{ NULL, NULL, 0, NULL },
};
static const struct line_row dotnet_lines[] = {
	{ "host", "\"Host\": \"%\"," }, { "port", "\"Port\": %," }, { "user", "\"UserName\": \"%\"," }, { "from", "\"From\": \"%\"," },
	{ "tls=starttls", "\"EnableSsl\": true,\n\"SecureSocketOptions\": \"StartTls\"," },
	{ "tls=implicit", "\"SecureSocketOptions\": \"SslOnConnect\"," }, { NULL, NULL },
};

const struct program program_dotnet = {
	.name = "dotnet", .title = ".NET", .source = "https://learn.microsoft.com/dotnet/api/system.net.mail.smtpclient",
	.files = FILES("appsettings*.json"),
	.signs = FILES("*Smtp*.Host", "*Smtp*.Server", "*Mail*.Host", "*Mail*.Server", "*Mail*.Smtp*", "*Email*.Host",
		       "*Email*.SmtpServer", "*Smtp*.Port"),
	.parse = parse_json, .keys = dotnet_keys, .tls = dotnet_tls, .lines = dotnet_lines,
};

static const struct key_row webconfig_keys[] = {
	{ "*mailSettings.smtp.network@host", FIELD_HOST }, { "*mailSettings.smtp.network@port", FIELD_PORT },
	{ "*mailSettings.smtp.network@userName", FIELD_USER },
	{ "*mailSettings.smtp.network@password", FIELD_PASSWORD }, { "*mailSettings.smtp@from", FIELD_FROM },
	{ "*mailSettings.smtp.network@clientDomain", FIELD_HELO },
	{ NULL, FIELD_NONE },
};
static const struct word_row webconfig_tls[] = {
	{ "*mailSettings.smtp.network@enableSsl", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL }, { "", "", SETTINGS_TLS_NONE, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct line_row webconfig_lines[] = {
	{ "host", "host=\"%\"" }, { "port", "port=\"%\"" }, { "user", "userName=\"%\"" }, { "from", "<smtp from=\"%\">" },
	{ "tls=starttls", "enableSsl=\"true\"" },
	{ NULL, NULL },
};

static void webconfig(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *own = find(r, "*mailSettings.smtp.network@defaultCredentials", group),
		*method = find(r, "*mailSettings.smtp@deliveryMethod", group);

	if (is_true(own) && setting_is_set(&s->user))
		note(r, s, own->line, ERROR, "lint.credentials-cleared", "defaultCredentials=\"false\"",
		     "defaultCredentials is true: the account of Windows is used, and userName and password are not");
	if (value_is(method, "SpecifiedPickupDirectory|PickupDirectoryFromIis"))
		note(r, s, method->line, ERROR, "lint.switched-off", "deliveryMethod=\"Network\"",
		     "messages are written to a folder: nothing is sent from here");
	if (str_eq(s->port.value, "465"))
		note(r, s, s->port.line, ERROR, "lint.both-tls-modes", "port=\"587\"",
		     "System.Net.Mail.SmtpClient only knows STARTTLS: on port 465 it waits for a greeting that never comes, until it times out");
}

const struct program program_webconfig = {
	.name = "dotnet", .title = ".NET",
	.source = "https://learn.microsoft.com/dotnet/framework/configure-apps/file-schema/network/network-element-network-settings",
	.files = FILES("web.config", "app.config", "*.exe.config"),
	.signs = FILES("*mailSettings.smtp.network@host", "*mailSettings.smtp@from"), .parse = parse_xml,
	.keys = webconfig_keys, .tls = webconfig_tls, .lines = webconfig_lines, .port = "25", .finish = webconfig,
};

/* --- WP Mail SMTP: wpmailsmtp.com/docs/how-to-secure-smtp-settings-by-using-constants/ --- */

static const struct key_row wordpress_keys[] = {
	{ "WPMS_SMTP_HOST", FIELD_HOST }, { "WPMS_SMTP_PORT", FIELD_PORT }, { "WPMS_SMTP_USER", FIELD_USER },
	{ "WPMS_SMTP_PASS", FIELD_PASSWORD },
	{ "WPMS_MAIL_FROM", FIELD_FROM }, { "WPMS_OUTLOOK_CLIENT_ID", FIELD_CLIENT_ID },
	{ "WPMS_OUTLOOK_CLIENT_SECRET", FIELD_CLIENT_SECRET }, { NULL, FIELD_NONE },
};
static const struct word_row wordpress_tls[] = {
	{ "WPMS_SSL", "ssl", SETTINGS_TLS_IMPLICIT, NULL }, { "WPMS_SSL", "tls", SETTINGS_TLS_STARTTLS, NULL },
	{ "WPMS_SMTP_AUTOTLS", FALSE_WORDS, SETTINGS_TLS_NONE, NULL },
	{ "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row wordpress_lines[] = {
	{ "host", "define( 'WPMS_SMTP_HOST', '%' );" }, { "port", "define( 'WPMS_SMTP_PORT', % );" },
	{ "user", "define( 'WPMS_SMTP_USER', '%' );" },
	{ "from", "define( 'WPMS_MAIL_FROM', '%' );\ndefine( 'WPMS_MAIL_FROM_FORCE', true );" },
	{ "tls=starttls", "define( 'WPMS_SSL', 'tls' );" },
	{ "tls=implicit", "define( 'WPMS_SSL', 'ssl' );" }, { NULL, NULL },
};

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
	const struct entry *on = find(r, "WPMS_ON", group), *auth = find(r, "WPMS_SMTP_AUTH", group),
		*stop = find(r, "WPMS_DO_NOT_SEND", group),
		*force = find(r, "WPMS_MAIL_FROM_FORCE", group);

	if (!is_true(on))
		note(r, s, on ? on->line : 0, ERROR, "lint.switched-off", "define( 'WPMS_ON', true );",
		     "WPMS_ON is not true: the plugin looks at none of these constants");
	if (is_true(stop))
		note(r, s, stop->line, ERROR, "lint.switched-off", "define( 'WPMS_DO_NOT_SEND', false );",
		     "WPMS_DO_NOT_SEND is true: nothing is sent");
	if (is_false(auth))
		s->auth = (struct setting) { .value = "none", .key = "WPMS_SMTP_AUTH", .line = auth->line };
	if (!is_true(force) && setting_is_set(&s->user))
		note(r, s, force ? force->line : 0, WARNING, "lint.from-default", "define( 'WPMS_MAIL_FROM_FORCE', true );",
		     "the sender is not forced: forms and plugins send as the visitor or as wordpress@your-domain, and the provider refuses that");
	mailer_of(r, s, find(r, "WPMS_MAILER", group));
}

const struct program program_wordpress = {
	.name = "wordpress", .title = "WordPress (WP Mail SMTP)",
	.source = "https://wpmailsmtp.com/docs/how-to-secure-smtp-settings-by-using-constants/",
	.files = FILES("wp-config*.php"), .signs = FILES("WPMS_*"),
	.parse = parse_php, .keys = wordpress_keys, .tls = wordpress_tls, .lines = wordpress_lines,
	.port = "25", .finish = wordpress,
};

static const struct key_row wordpress_json_keys[] = {
	{ "*smtp.host", FIELD_HOST }, { "*smtp.port", FIELD_PORT }, { "*smtp.user", FIELD_USER }, { "*mail.from_email", FIELD_FROM },
	{ NULL, FIELD_NONE },
};
static const struct word_row wordpress_json_tls[] = {
	{ "*smtp.encryption", "ssl", SETTINGS_TLS_IMPLICIT, NULL }, { "*smtp.encryption", "tls", SETTINGS_TLS_STARTTLS, NULL },
	{ "*smtp.autotls", FALSE_WORDS, SETTINGS_TLS_NONE, NULL }, { "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row wordpress_json_lines[] = {
	{ "host", "\"host\": \"%\"," }, { "port", "\"port\": %," }, { "user", "\"user\": \"%\"," },
	{ "from", "\"from_email\": \"%\",\n\"from_email_force\": true," },
	{ "tls=starttls", "\"encryption\": \"tls\"," }, { "tls=implicit", "\"encryption\": \"ssl\"," }, { NULL, NULL },
};

static void wordpress_json(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *auth = find(r, "*smtp.auth", group), *pass = find(r, "*smtp.pass", group),
		*force = find(r, "*mail.from_email_force", group);

	if (is_false(auth))
		s->auth = (struct setting) { .value = "none", .key = "smtp.auth", .line = auth->line };
	if (pass && pass->value && *pass->value) {
		s->password = (struct setting) { .key = "smtp.pass", .line = pass->line };
		note(r, s, pass->line, INFO, "lint.value-elsewhere", "", "the password is encrypted with a key of this site: it was not read");
	}
	if (is_false(force) && setting_is_set(&s->user))
		note(r, s, force->line, WARNING, "lint.from-default", "\"from_email_force\": true,",
		     "the sender is not forced: forms and plugins send as the visitor or as wordpress@your-domain, and the provider refuses that");
	mailer_of(r, s, find(r, "*mail.mailer", group));
}

const struct program program_wordpress_json = {
	.name = "wordpress", .title = "WordPress (WP Mail SMTP)", .source = "https://wpmailsmtp.com/docs/",
	.files = FILES("*wp-mail-smtp*.json", "*wp_mail_smtp*.json"),
	.signs = FILES("*smtp.autotls", "*mail.from_email_force"),
	.parse = parse_json, .keys = wordpress_json_keys, .tls = wordpress_json_tls,
	.lines = wordpress_json_lines, .port = "25", .finish = wordpress_json,
};

/* --- git send-email: git-scm.com/docs/git-send-email; port 25, or 465 with ssl (git-send-email.perl) --- */

static const struct key_row git_keys[] = {
	{ "sendemail.*.smtpserver", FIELD_HOST }, { "sendemail.smtpserver", FIELD_HOST }, { "sendemail.*.smtpserverport", FIELD_PORT },
	{ "sendemail.smtpserverport", FIELD_PORT }, { "sendemail.*.smtpuser", FIELD_USER }, { "sendemail.smtpuser", FIELD_USER },
	{ "sendemail.*.smtppass", FIELD_PASSWORD }, { "sendemail.smtppass", FIELD_PASSWORD }, { "sendemail.*.smtpauth", FIELD_AUTH },
	{ "sendemail.smtpauth", FIELD_AUTH },
	{ "sendemail.*.from", FIELD_FROM }, { "sendemail.from", FIELD_FROM }, { "user.email", FIELD_FROM },
	{ "sendemail.*.smtpdomain", FIELD_HELO },
	{ "sendemail.smtpdomain", FIELD_HELO }, { NULL, FIELD_NONE },
};
/* Without blanks or dots in the identity's name, "sendemail.*.x" can't match what group 0 says of sendemail itself. */
static const struct word_row git_tls[] = {
	{ "sendemail*smtpencryption", "ssl", SETTINGS_TLS_IMPLICIT, NULL },
	{ "sendemail*smtpencryption", "tls", SETTINGS_TLS_STARTTLS, NULL },
	{ "sendemail*smtpssl", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL }, { "", "", SETTINGS_TLS_NONE, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row git_lines[] = {
	{ "host", "smtpServer = %" }, { "port", "smtpServerPort = %" }, { "user", "smtpUser = %" }, { "from", "from = %" },
	{ "tls=starttls", "smtpEncryption = tls" },
	{ "tls=implicit", "smtpEncryption = ssl" }, { "auth=login", "smtpAuth = LOGIN" }, { "auth=xoauth2", "smtpAuth = XOAUTH2" },
	{ NULL, NULL },
};

static void git(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *certificates = find(r, "sendemail*smtpsslcertpath", group),
		*server = find(r, "sendemail*smtpserver", group), *helper = entries_find(&r->entries, "credential*.helper", 0, true);

	if (group > 0 && r->entries.groups > 0)
		for (const struct entry *e = r->entries.first; e && !*s->name; e = e->next)
			if (e->group == group && str_has_prefix_nocase(e->key, "sendemail.")) {
				const char *name = e->key + 10, *dot = strrchr(name, '.');

				s->name = arena_strndup(r->arena, name, dot ? (size_t)(dot - name) : 0);
			}
	if (server && server->value && *server->value == '/') {
		s->api = (struct setting) { .value = "sendmail", .key = s->host.key, .line = s->host.line };
		s->host = (struct setting) { .key = "" };
		return;
	}
	if (setting_is_set(&s->user) && !s->secret && !s->password.key)
		secret_elsewhere(r, s, helper ? helper : &(struct entry) { .key = s->user.key, .line = s->user.line },
				 "the password is asked for when mail is sent, or comes from git's credential helper");
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) { .value = s->tls == SETTINGS_TLS_IMPLICIT ? "465" : "25", .key = "" };
	if (certificates && certificates->value && !*certificates->value) {
		s->verify_off = true;
		s->verify_said = (struct setting) { .key = "sendemail.smtpsslcertpath", .line = certificates->line };
		note(r, s, certificates->line, WARNING, "lint.certificate-unchecked", "take smtpSSLCertPath out",
		     "an empty smtpSSLCertPath: the server's certificate is not looked at");
	}
}

const struct program program_git = {
	.name = "git", .expert = true, .title = "git send-email", .source = "https://git-scm.com/docs/git-send-email",
	.files = FILES("*gitconfig", "*/.git/config"),
	.signs = FILES("sendemail.smtpserver", "sendemail.*.smtpserver"),
	.parse = parse_git, .keys = git_keys, .tls = git_tls, .lines = git_lines, .inherit = true,
	.finish = git,
};

/* --- Home Assistant: www.home-assistant.io/integrations/smtp; github.com/home-assistant/core, components/smtp --- */

static const struct { const char *key; enum field field; } home_fields[] = {
	{ "server", FIELD_HOST }, { "port", FIELD_PORT }, { "username", FIELD_USER }, { "password", FIELD_PASSWORD },
	{ "sender", FIELD_FROM },
	{ "recipient", FIELD_TO }, { "recipient[0]", FIELD_TO },
};

static void home_one(struct reading *r, const char *prefix)
{
	const struct entry *name = entries_find(&r->entries, arena_printf(r->work, "%s.name", prefix), 0, true), *tls, *verify;
	struct mail_settings *s = reading_new(r, name && name->value ? name->value : "");

	if (!s)
		return;
	for (size_t i = 0; i < ARRAY_LEN(home_fields); i++) {
		const struct entry *e = entries_find(&r->entries, arena_printf(r->work, "%s.%s", prefix, home_fields[i].key), 0, true);

		if (e)
			take_field(r, s, home_fields[i].field, e);
	}
	set_default(&s->host, "localhost");
	set_default(&s->port, "587");
	tls = entries_find(&r->entries, arena_printf(r->work, "%s.encryption", prefix), 0, true);
	take_tls(r, s, value_is(tls, "tls") ? SETTINGS_TLS_IMPLICIT : value_is(tls, "none") ? SETTINGS_TLS_NONE : SETTINGS_TLS_STARTTLS,
		 tls);
	verify = entries_find(&r->entries, arena_printf(r->work, "%s.verify_ssl", prefix), 0, true);
	if (is_false(verify)) {
		s->verify_off = true;
		take_setting(r, s, &s->verify_said, verify);
		note(r, s, verify->line, WARNING, "lint.certificate-unchecked", "verify_ssl: true",
		     "the server's certificate is not looked at: whoever stands in between can read the password");
	}
	if (setting_is_set(&s->user) && !s->password.key)
		note(r, s, s->user.line, ERROR, "lint.switched-off", "password: !secret smtp_password",
		     "there is a user name without a password: Home Assistant does not log in");
}

static void read_home(struct reading *r)
{
	for (const struct entry *e = r->entries.first; e; e = e->next) {
		size_t n = strlen(e->key);

		if (n > 9 && str_eq(e->key + n - 9, ".platform") && e->value && str_eq(e->value, "smtp"))
			home_one(r, arena_strndup(r->work, e->key, n - 9));
	}
}

static const struct line_row home_lines[] = {
	{ "host", "server: \"%\"" }, { "port", "port: %" }, { "user", "username: \"%\"" }, { "from", "sender: \"%\"" },
	{ "tls=starttls", "encryption: starttls" },
	{ "tls=implicit", "encryption: tls" }, { NULL, NULL },
};

const struct program program_home_assistant = {
	.name = "home-assistant", .title = "Home Assistant", .source = "https://www.home-assistant.io/integrations/smtp/",
	.files = FILES("configuration.yaml", "notify*.yaml"),
	.signs = FILES("*].platform"), .parse = parse_yaml, .lines = home_lines, .read = read_home,
};
