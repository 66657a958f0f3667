/*
 * prog-web - frameworks for web programs: Django, Laravel, Symfony, Nodemailer, and PHPMailer in anybody's code.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

#define FILES(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define TRUE_WORDS "true|yes|on|1"
#define FALSE_WORDS "false|no|off|0"

/* --- Django: docs.djangoproject.com/en/stable/ref/settings/#email-host and following --- */

static const struct key_row django_keys[] = {
	{ "EMAIL_HOST", FIELD_HOST }, { "EMAIL_PORT", FIELD_PORT }, { "EMAIL_HOST_USER", FIELD_USER },
	{ "EMAIL_HOST_PASSWORD", FIELD_PASSWORD },
	{ "DEFAULT_FROM_EMAIL", FIELD_FROM }, { "EMAIL_SSL_CERTFILE", FIELD_CERT }, { NULL, FIELD_NONE },
};
static const struct word_row django_tls[] = {
	{ "EMAIL_USE_SSL", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL }, { "EMAIL_USE_TLS", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL },
	{ "", "", SETTINGS_TLS_NONE, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row django_lines[] = {
	{ "host", "EMAIL_HOST = '%'" }, { "port", "EMAIL_PORT = %" }, { "user", "EMAIL_HOST_USER = '%'" },
	{ "from", "DEFAULT_FROM_EMAIL = '%'\nSERVER_EMAIL = '%'" }, { "tls=starttls", "EMAIL_USE_TLS = True\nEMAIL_USE_SSL = False" },
	{ "tls=implicit", "EMAIL_USE_TLS = False\nEMAIL_USE_SSL = True" }, { NULL, NULL },
};

static void django(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *tls = find(r, "EMAIL_USE_TLS", group), *ssl = find(r, "EMAIL_USE_SSL", group),
		*backend = find(r, "EMAIL_BACKEND", group);

	if (is_true(tls) && is_true(ssl))
		note(r, s, ssl->line > tls->line ? ssl->line : tls->line, ERROR, "lint.both-tls-modes", "EMAIL_USE_SSL = False",
		     "EMAIL_USE_TLS and EMAIL_USE_SSL are both True: Django refuses to send (\"mutually exclusive\")");
	if (value_is(backend, "*console*|*dummy*|*locmem*|*filebased*"))
		note(r, s, backend->line, ERROR, "lint.switched-off", "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'",
		     "this EMAIL_BACKEND sends nothing: mail is shown, dropped or written to a file");
	if (!s->from.value && !s->from.line) {
		set_default(&s->from, "webmaster@localhost");
		note(r, s, 0, WARNING, "lint.from-default", s->user.value && strchr(s->user.value, '@') ?
		     arena_printf(r->arena, "DEFAULT_FROM_EMAIL = '%s'", s->user.value) : "DEFAULT_FROM_EMAIL = 'ADDRESS OF THE MAILBOX'",
		     "DEFAULT_FROM_EMAIL is not set: Django sends as webmaster@localhost, which no provider lets out");
	}
	if (value_is(find(r, "SERVER_EMAIL", group), "*") || !s->from.line)
		return;
	note(r, s, s->from.line, INFO, "lint.from-default", arena_printf(r->arena, "SERVER_EMAIL = %s", "DEFAULT_FROM_EMAIL"),
	     "SERVER_EMAIL is not set: mail about errors to ADMINS goes out as root@localhost");
}

const struct program program_django = {
	.name = "django", .title = "Django", .source = "https://docs.djangoproject.com/en/stable/ref/settings/#email-backend",
	.files = FILES("settings*.py", "*/settings/*.py", "*_settings.py"),
	.signs = FILES("EMAIL_HOST", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_HOST_USER"),
	.parse = parse_python, .keys = django_keys, .tls = django_tls, .lines = django_lines, .host = "localhost", .port = "25",
	.finish = django,
};

/*
 * --- Laravel: github.com/laravel/framework, Illuminate/Mail/MailManager.php: createSmtpTransport(), and config/mail.php ---
 *
 * The scheme is MAIL_SCHEME, smtp or smtps; without one, port 465 is TLS from the start, others STARTTLS where it is offered. MAIL_ENCRYPTION
 * is not looked at since Laravel 11, before it mattered on port 465 alone (pull request 53863).
 */

static const struct key_row laravel_keys[] = {
	{ "MAIL_HOST", FIELD_HOST }, { "MAIL_PORT", FIELD_PORT }, { "MAIL_USERNAME", FIELD_USER }, { "MAIL_PASSWORD", FIELD_PASSWORD },
	{ "MAIL_FROM_ADDRESS", FIELD_FROM }, { "MAIL_EHLO_DOMAIN", FIELD_HELO }, { "MAIL_URL", FIELD_URL }, { NULL, FIELD_NONE },
};
static const struct word_row laravel_tls[] = {
	{ "MAIL_SCHEME", "smtps", SETTINGS_TLS_IMPLICIT, NULL }, { "", "", SETTINGS_TLS_IMPLICIT, "465" },
	{ "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct line_row laravel_lines[] = {
	{ "host", "MAIL_HOST=%" }, { "port", "MAIL_PORT=%" }, { "user", "MAIL_USERNAME=%" }, { "from", "MAIL_FROM_ADDRESS=\"%\"" },
	{ "tls=starttls", "MAIL_SCHEME=smtp" }, { "tls=implicit", "MAIL_SCHEME=smtps" }, { NULL, NULL },
};

static void laravel_words(struct reading *r, struct mail_settings *s, const struct entry *mailer, const struct entry *scheme,
			  const struct entry *encryption)
{
	if (value_is(mailer, "log|array|null"))
		note(r, s, mailer->line, ERROR, "lint.switched-off", "MAIL_MAILER=smtp",
		     "this mailer sends nothing: mail is written to the log or dropped");
	else if (value_is(mailer, "ses*|mailgun|postmark|resend|sendmail|microsoft*|mailersend"))
		take_field(r, s, FIELD_API, value_is(mailer, "microsoft*") ? &(struct entry) { .key = mailer->key, .value = "graph",
			.line = mailer->line } : mailer);
	if (scheme && scheme->value && *scheme->value && !value_is(scheme, "smtp|smtps|null"))
		note(r, s, scheme->line, ERROR, "lint.tls-word-ignored", s->port.value && str_eq(s->port.value, "465") ? "MAIL_SCHEME=smtps" :
		     "MAIL_SCHEME=smtp",
		     "the scheme is smtp or smtps, nothing else: \"The scheme is not supported\" is what Laravel says. smtp uses STARTTLS where it is offered");
	/* Laravel 8 and before send by SwiftMailer, to which ssl means TLS from the first byte on any port. */
	if (value_is(encryption, "ssl") && !(s->port.value && str_eq(s->port.value, "465")))
		note(r, s, encryption->line, WARNING, "lint.tls-word-ignored", "MAIL_ENCRYPTION=tls",
		     "up to Laravel 8, ssl is TLS from the first byte, which only port 465 speaks: elsewhere \"wrong version number\" or a time-out. Since "
		     "Laravel 9 the word is not looked at there, and STARTTLS is used where it is offered");
	else if (value_is(encryption, "*?") && !value_is(encryption, "null"))
		note(r, s, encryption->line, INFO, "lint.tls-word-ignored", "MAIL_SCHEME=smtp",
		     "MAIL_ENCRYPTION is not looked at any more: port 465 is TLS from the start, every other port STARTTLS where it is offered");
}

static void laravel(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *mailer = find(r, "MAIL_MAILER", group);

	laravel_words(r, s, mailer ? mailer : find(r, "MAIL_DRIVER", group), find(r, "MAIL_SCHEME", group), find(r, "MAIL_ENCRYPTION",
														 group));
}

const struct program program_laravel = {
	.name = "laravel", .title = "Laravel", .source = "https://laravel.com/docs/mail", .files = FILES(".env*", "*.env"),
	.signs = FILES("MAIL_MAILER", "MAIL_DRIVER", "MAIL_SCHEME", "MAIL_ENCRYPTION", "MAIL_FROM_ADDRESS"),
	.parse = parse_env, .keys = laravel_keys,
	.tls = laravel_tls, .lines = laravel_lines, .host = "127.0.0.1", .port = "2525", .from = "hello@example.com", .finish = laravel,
};

static const struct key_row laravel_php_keys[] = {
	{ "mailers.smtp.host", FIELD_HOST }, { "host", FIELD_HOST }, { "mailers.smtp.port", FIELD_PORT }, { "port", FIELD_PORT },
	{ "mailers.smtp.username", FIELD_USER }, { "username", FIELD_USER }, { "mailers.smtp.password", FIELD_PASSWORD },
	{ "password", FIELD_PASSWORD },
	{ "from.address", FIELD_FROM }, { "mailers.smtp.local_domain", FIELD_HELO }, { NULL, FIELD_NONE },
};
static const struct word_row laravel_php_tls[] = {
	{ "mailers.smtp.scheme", "smtps", SETTINGS_TLS_IMPLICIT, NULL }, { "", "", SETTINGS_TLS_IMPLICIT, "465" },
	{ "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL }, { NULL, NULL, 0, NULL },
};
static const struct word_row laravel_php_verify[] = {
	{ "*verify_peer", FALSE_WORDS, true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row laravel_php_lines[] = {
	{ "host", "'host' => '%'," }, { "port", "'port' => %," }, { "user", "'username' => '%'," },
	{ "from", "'from' => ['address' => '%']," },
	{ "tls=starttls", "'scheme' => 'smtp'," }, { "tls=implicit", "'scheme' => 'smtps'," }, { NULL, NULL },
};

static void laravel_php(struct reading *r, struct mail_settings *s, unsigned group)
{
	laravel_words(r, s, NULL, find(r, "mailers.smtp.scheme", group), NULL);
}

const struct program program_laravel_php = {
	.name = "laravel", .title = "Laravel", .source = "https://laravel.com/docs/mail", .files = FILES("mail.php"),
	.signs = FILES("mailers.smtp.host", "mailers.smtp.transport"), .parse = parse_php, .keys = laravel_php_keys, .tls = laravel_php_tls,
	.verify = laravel_php_verify, .lines = laravel_php_lines, .host = "127.0.0.1", .port = "2525", .finish = laravel_php,
};

/* --- Symfony: symfony.com/doc/current/mailer.html; Transport/Smtp/EsmtpTransportFactory.php --- */

static void symfony_urls(struct reading *r, const char *glob)
{
	for (const struct entry *e = r->entries.first; e; e = e->next) {
		struct mail_settings *s;

		if (!str_glob(glob, e->key) || (!e->variable && !*e->value))
			continue;
		s = reading_new(r, e->key);
		if (!s)
			return;
		if (!take_url(r, s, e) && e->value)
			note(r, s, e->line, ERROR, "lint.url-not-encoded", "smtp://USER:PASSWORD@HOST:587",
			     "%s is no address of the form SCHEME://HOST", key_shown(e->key));
		if (value_is(e, "null://*"))
			note(r, s, e->line, ERROR, "lint.switched-off", "smtp://USER:PASSWORD@HOST:587", "null:// sends nothing");
	}
	if (r->n == 1)
		r->list->name = "";
}

static void read_symfony(struct reading *r)
{
	symfony_urls(r, "MAILER_DSN*");
}

static void read_symfony_yaml(struct reading *r)
{
	symfony_urls(r, "*framework.mailer.dsn");
	symfony_urls(r, "*framework.mailer.transports.*");
	for (struct mail_settings *s = r->list; s; s = s->next)
		take_field(r, s, FIELD_FROM, entries_find(&r->entries, "*framework.mailer.envelope.sender", 0, true) ?
			   entries_find(&r->entries, "*framework.mailer.envelope.sender", 0, true) : &(struct entry) { .key = "",
			   	.value = NULL });
}

static const struct line_row symfony_lines[] = {
	{ "url", "MAILER_DSN=%" }, { NULL, NULL },
};

const struct program program_symfony = {
	.name = "symfony", .title = "Symfony Mailer", .source = "https://symfony.com/doc/current/mailer.html", .files = FILES(".env*",
															      "*.env"),
	.signs = FILES("MAILER_DSN*"), .parse = parse_env, .lines = symfony_lines, .port = "25", .read = read_symfony,
};

const struct program program_symfony_yaml = {
	.name = "symfony", .title = "Symfony Mailer", .source = "https://symfony.com/doc/current/mailer.html",
	.files = FILES("mailer.yaml", "mailer.yml"),
	.signs = FILES("*framework.mailer.dsn", "*framework.mailer.transports.*"),
	.parse = parse_yaml, .lines = symfony_lines, .port = "25", .read = read_symfony_yaml,
};

/* --- PHPMailer: github.com/PHPMailer/PHPMailer, src/PHPMailer.php --- */

static const struct key_row phpmailer_keys[] = {
	{ "*.Host", FIELD_HOST }, { "*.Port", FIELD_PORT }, { "*.Username", FIELD_USER }, { "*.Password", FIELD_PASSWORD },
	{ "*.AuthType", FIELD_AUTH },
	{ "*.From", FIELD_FROM }, { "setFrom", FIELD_FROM }, { "*.Helo", FIELD_HELO }, { NULL, FIELD_NONE },
};
static const struct word_row phpmailer_tls[] = {
	{ "*.SMTPSecure", "ssl|*ENCRYPTION_SMTPS", SETTINGS_TLS_IMPLICIT, NULL },
	{ "*.SMTPSecure", "tls|*ENCRYPTION_STARTTLS", SETTINGS_TLS_STARTTLS, NULL },
	{ "*.SMTPAutoTLS", FALSE_WORDS, SETTINGS_TLS_NONE, NULL }, { "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL }, { NULL, NULL, 0, NULL },
};
static const struct word_row phpmailer_verify[] = {
	{ "*.SMTPOptions.ssl.verify_peer*", FALSE_WORDS, true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row phpmailer_lines[] = {
	{ "host", "$mail->Host = '%';" }, { "port", "$mail->Port = %;" }, { "user", "$mail->Username = '%';" },
	{ "from", "$mail->setFrom('%');" },
	{ "tls=starttls", "$mail->SMTPSecure = PHPMailer::ENCRYPTION_STARTTLS;" },
	{ "tls=implicit", "$mail->SMTPSecure = PHPMailer::ENCRYPTION_SMTPS;" },
	{ "auth=login", "$mail->AuthType = 'LOGIN';" }, { "auth=xoauth2", "$mail->AuthType = 'XOAUTH2';" }, { NULL, NULL },
};

static void phpmailer(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *secure = find(r, "*.SMTPSecure", group), *auth = find(r, "*.SMTPAuth", group);

	/* The library's own names of the two. */
	if (secure && secure->variable && str_find_nocase(secure->variable, "STARTTLS"))
		take_tls(r, s, SETTINGS_TLS_STARTTLS, secure);
	else if (secure && secure->variable && str_find_nocase(secure->variable, "ENCRYPTION_SMTPS"))
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, secure);
	if (setting_is_set(&s->user) && !is_true(auth))
		note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off", "$mail->SMTPAuth = true;",
		     "there is a user name, but SMTPAuth is not true: PHPMailer does not log in");
}

const struct program program_phpmailer = {
	.name = "phpmailer", .expert = true, .title = "PHPMailer", .source = "https://github.com/PHPMailer/PHPMailer",
	.files = FILES("*mail*.php"),
	.signs = FILES("*.SMTPSecure", "*.SMTPAuth", "*.SMTPAutoTLS"), .parse = parse_php, .keys = phpmailer_keys, .tls = phpmailer_tls,
	.verify = phpmailer_verify, .lines = phpmailer_lines, .host = "localhost", .port = "25", .finish = phpmailer,
};
