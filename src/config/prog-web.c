/*
 * prog-web - frameworks for web programs: Django, Laravel, Symfony, Nodemailer, and PHPMailer in
 * anybody's code.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

/* --- Django: docs.djangoproject.com/en/stable/ref/settings/#email-host and following --- */

static void django(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *tls = find(r, "EMAIL_USE_TLS", group),
		*ssl = find(r, "EMAIL_USE_SSL", group), *backend = find(r, "EMAIL_BACKEND", group);

	if (is_true(tls) && is_true(ssl))
		note(r, s, ssl->line > tls->line ? ssl->line : tls->line, ERROR,
		     "lint.both-tls-modes", "EMAIL_USE_SSL = False",
		     "EMAIL_USE_TLS and EMAIL_USE_SSL are both True: Django refuses to send "
		     "(\"mutually exclusive\")");
	if (value_is(backend, "*console*|*dummy*|*locmem*|*filebased*"))
		note(r, s, backend->line, ERROR, "lint.switched-off",
		     "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'",
		     "this EMAIL_BACKEND sends nothing: mail is shown, dropped or written to a "
		     "file");
	if (!s->from.value && !s->from.line && find(r, "SERVER_EMAIL", group)) {
		take_field(r, s, FIELD_FROM, find(r, "SERVER_EMAIL", group));
		note(r, s, 0, WARNING, "lint.from-default", "DEFAULT_FROM_EMAIL = SERVER_EMAIL",
		     "DEFAULT_FROM_EMAIL is not set: all but mail about errors goes out as "
		     "webmaster@localhost, unless the program says otherwise");
	} else if (!s->from.value && !s->from.line) {
		set_default(&s->from, "webmaster@localhost");
		note(r, s, 0, WARNING, "lint.from-default",
		     s->user.value && strchr(s->user.value, '@') ?
		     arena_printf(r->arena, "DEFAULT_FROM_EMAIL = '%s'", s->user.value) :
		     "DEFAULT_FROM_EMAIL = 'ADDRESS OF THE MAILBOX'",
		     "DEFAULT_FROM_EMAIL is not set: Django sends as webmaster@localhost, which no "
		     "provider lets out");
	}
	if (value_is(find(r, "SERVER_EMAIL", group), "*") || !s->from.line)
		return;
	note(r, s, s->from.line, INFO, "lint.from-default",
	     arena_printf(r->arena, "SERVER_EMAIL = %s", "DEFAULT_FROM_EMAIL"),
	     "SERVER_EMAIL is not set: mail about errors to ADMINS goes out as root@localhost");
}

const struct program_code code_django = { "django", .finish = django };

/*
 * --- Laravel: github.com/laravel/framework, Illuminate/Mail/MailManager.php:
 * createSmtpTransport(), and config/mail.php ---
 *
 * The scheme is MAIL_SCHEME, smtp or smtps; without one, port 465 is TLS from the start, others
 * STARTTLS where it is offered. MAIL_ENCRYPTION is not looked at since Laravel 11, before it
 * mattered on port 465 alone (pull request 53863).
 */

static void laravel_words(struct reading *r, struct mail_settings *s, const struct entry *mailer,
			  const struct entry *scheme, const struct entry *encryption)
{
	if (value_is(mailer, "log|array|null"))
		note(r, s, mailer->line, ERROR, "lint.switched-off", "MAIL_MAILER=smtp",
		     "this mailer sends nothing: mail is written to the log or dropped");
	else if (value_is(mailer, "ses*|mailgun|postmark|resend|sendmail|microsoft*|mailersend"))
		take_field(r, s, FIELD_API,
			   value_is(mailer, "microsoft*") ? &(struct entry) {
			.key = mailer->key, .value = "graph",
			.line = mailer->line
		} : mailer);
	if (scheme && scheme->value && *scheme->value && !value_is(scheme, "smtp|smtps|null"))
		note(r, s, scheme->line, ERROR, "lint.tls-word-ignored",
		     s->port.value && str_eq(s->port.value, "465") ? "MAIL_SCHEME=smtps" :
		     "MAIL_SCHEME=smtp",
		     "the scheme is smtp or smtps, nothing else: \"The scheme is not supported\" "
		     "is what Laravel says. smtp uses STARTTLS where it is offered");
	/*
	 * Laravel 8 and before send by SwiftMailer, to which ssl means TLS from the
	 * first byte on any port.
	 */
	if (value_is(encryption, "ssl") && !(s->port.value && str_eq(s->port.value, "465")))
		note(r, s, encryption->line, WARNING, "lint.tls-word-ignored",
		     "MAIL_ENCRYPTION=tls",
		     "up to Laravel 8, ssl is TLS from the first byte, which only port 465 speaks: "
		     "elsewhere \"wrong version number\" or a time-out. Since Laravel 9 the word "
		     "is not looked at there, and STARTTLS is used where it is offered");
	else if (value_is(encryption, "*?") && !value_is(encryption, "null"))
		note(r, s, encryption->line, INFO, "lint.tls-word-ignored", "MAIL_SCHEME=smtp",
		     "MAIL_ENCRYPTION is not looked at any more: port 465 is TLS from the start, "
		     "every other port STARTTLS where it is offered");
}

static void laravel(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *mailer = find(r, "MAIL_MAILER", group),
		*encryption = find(r, "MAIL_ENCRYPTION", group);

	/* MAIL_DRIVER is of Laravel 6 and older, whose Swift Mailer obeys the other one. */
	if (!mailer && find(r, "MAIL_DRIVER", group) && value_is(encryption, "ssl|tls")) {
		take_tls(r, s, value_is(encryption, "ssl") ? SETTINGS_TLS_IMPLICIT :
			       SETTINGS_TLS_STARTTLS, encryption);
		encryption = NULL;
	}
	laravel_words(r, s, mailer ? mailer : find(r, "MAIL_DRIVER", group),
		      find(r, "MAIL_SCHEME", group), encryption);
}

const struct program_code code_laravel = { "laravel", .finish = laravel };

static void laravel_php(struct reading *r, struct mail_settings *s, unsigned group)
{
	laravel_words(r, s, NULL, find(r, "mailers.smtp.scheme", group), NULL);
}

const struct program_code code_laravel_php = { "laravel-php", .finish = laravel_php };

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
			note(r, s, e->line, ERROR, "lint.url-not-encoded",
			     "smtp://USER:PASSWORD@HOST:587",
			     "%s is no address of the form SCHEME://HOST", key_shown(e->key));
		if (value_is(e, "null://*"))
			note(r, s, e->line, ERROR, "lint.switched-off",
			     "smtp://USER:PASSWORD@HOST:587", "null:// sends nothing");
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
		take_field(r, s, FIELD_FROM,
			   entries_find(&r->entries, "*framework.mailer.envelope.sender", 0, true) ?
			   entries_find(&r->entries, "*framework.mailer.envelope.sender", 0, true) :
			   &(struct entry) { .key = "", .value = NULL });
}

const struct program_code code_symfony = { "symfony", .read = read_symfony };

const struct program_code code_symfony_yaml = { "symfony-yaml", .read = read_symfony_yaml };

/* --- PHPMailer: github.com/PHPMailer/PHPMailer, src/PHPMailer.php --- */

static void phpmailer(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *secure = find(r, "*.SMTPSecure", group),
		*auth = find(r, "*.SMTPAuth", group);

	/* The library's own names of the two. */
	if (secure && secure->variable && str_find_nocase(secure->variable, "STARTTLS"))
		take_tls(r, s, SETTINGS_TLS_STARTTLS, secure);
	else if (secure && secure->variable &&
		 str_find_nocase(secure->variable, "ENCRYPTION_SMTPS"))
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, secure);
	if (setting_is_set(&s->user) && !is_true(auth))
		note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off",
		     "$mail->SMTPAuth = true;",
		     "there is a user name, but SMTPAuth is not true: PHPMailer does not log in");
}

const struct program_code code_phpmailer = { "phpmailer", .finish = phpmailer };
