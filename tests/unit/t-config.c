/*
 * t-config - what configuration files say: one line of text in, one line of settings out. "host
 * port tls auth user password from | notes".
 */
#include "tests/unit/tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/data.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/entries.h"
#include "config/read.h"
#include "config/settings.h"
#include "config/shown.h"
#include "tests/unit/config-samples.h"

static const char *shown(const struct setting *s)
{
	return s->value ? s->value : "-";
}

static const char *summary(struct arena *a, const struct mail_settings *s)
{
	const char *line = arena_printf(a, "%s %s %s %s %s %s %s", shown(&s->host), shown(&s->port),
					s->tls ? settings_tls_name(s->tls) : "-", shown(&s->auth),
					shown(&s->user), s->secret ? secret_bytes(s->secret) : "-",
					shown(&s->from));

	if (s->api.value)
		line = arena_printf(a, "%s api=%s", line, s->api.value);
	if (s->verify_off)
		line = arena_printf(a, "%s unverified", line);
	for (const struct settings_note *n = s->notes; n; n = n->next)
		if (n->severity)
			line = arena_printf(a, "%s | %s:%u", line, n->finding + 5, n->line);
	return s->next ? arena_printf(a, "%s // %s", line, summary(a, s->next)) : line;
}

static const struct config_sample samples[] = {
	/* The words for TLS and the defaults of each program. */
	{ "Postfix: nothing said is clear text on port 25", "main.cf",
	  "relayhost = [mail.example.com]\n", "mail.example.com 25 none none - - -" },
	{ "Postfix: may", "main.cf", "relayhost=[a.example]:587\nsmtp_tls_security_level=may\n",
	  "a.example 587 opportunistic none - - -" },
	{ "Postfix: the old words", "main.cf", "relayhost=[a.example]\nsmtp_use_tls=yes\n",
	  "a.example 25 opportunistic none - - -" },
	{ "Postfix: wrapped", "main.cf",
	  "relayhost=[a.example]:465\nsmtp_tls_wrappermode=yes\nsmtp_tls_security_level=encrypt\n",
	  "a.example 465 implicit none - - -" },
	{ "Postfix: wrapped without a level", "main.cf",
	  "relayhost=[a.example]:465\nsmtp_tls_wrappermode=yes\n",
	  "a.example 465 implicit none - - - | both-tls-modes:2" },
	{ "Postfix: the last one counts, variables and lines that go on", "main.cf",
	  "relayhost = [old]\nhub = b.example\nrelayhost =\n  [$hub]:${port}\n# no\n"
	  "port=submission\nsmtp_x = 1\n", "b.example 587 none none - - -" },
	{ "Postfix: a variable of itself ends", "main.cf", "relayhost = $relayhost x\nsmtp_a=1\n",
	  "- 25 none none - - - | mx-lookup:1 | placeholder:1" },
	{ "Postfix: no brackets", "main.cf", "relayhost = contoso.com\n",
	  "contoso.com 25 none none - - - | mx-lookup:1" },
	{ "Postfix: a map, but no login", "main.cf",
	  "relayhost = [a.example]\nsmtp_sasl_password_maps = hash:/etc/x\n",
	  "a.example 25 none none - - - | switched-off:2" },
	{ "msmtp: nothing said", "msmtprc", "account a\nhost a.example\n",
	  "a.example 25 none none - - -" },
	{ "msmtp: TLS is STARTTLS", "msmtprc",
	  "account a\nhost a.example\ntls on\nauth on\nuser u\n",
	  "a.example 25 starttls auto u - -" },
	{ "msmtp: port 465 by default without STARTTLS", "msmtprc",
	  "host a.example\ntls on\ntls_starttls off\n", "a.example 465 implicit none - - -" },
	{ "msmtp: what an account copies, and defaults that end", "msmtprc",
	  "defaults\nport 587\naccount a\nhost a.example\nuser u\nauth plain\ndefaults\naccount b "
	  ": a\nfrom x@y\n", "a.example 587 none plain u - - // a.example 587 none plain u - x@y" },
	{ "msmtp: a password in quotes", "msmtprc",
	  "host a.example\nauth on\nuser u\npassword \"a b\"\n", "a.example 25 none auto u a b -" },
	{ "Exim of Debian", "update-exim4.conf.conf",
	  "dc_eximconfig_configtype='smarthost'\ndc_smarthost='a.example::587'\n",
	  "a.example 587 opportunistic auto - - -" },
	{ "ssmtp: UseTLS alone is from the first byte", "ssmtp.conf",
	  "mailhub=a.example:465\nUseTLS=YES\n", "a.example 465 implicit none - - -" },
	{ "ssmtp: a # in a password", "ssmtp.conf",
	  "mailhub=a.example\nAuthUser=u\nAuthPass=ab#cd\n",
	  "a.example 25 none login u ab - | password-cut:3" },
	{ "Nodemailer: nothing said", "m.js", "nodemailer.createTransport({ host: 'a.example' })",
	  "a.example 587 opportunistic - - - -" },
	{ "Nodemailer: secure", "m.js", "createTransport({ host: 'a.example', secure: true })",
	  "a.example 465 implicit - - - -" },
	{ "Nodemailer: port 465 and nothing said", "m.js",
	  "createTransport({ host: 'a.example', port: 465 })", "a.example 465 implicit - - - -" },
	{ "Nodemailer: port 465 and secure false", "m.js",
	  "createTransport({ host: 'a.example', port: 465, secure: false })",
	  "a.example 465 opportunistic - - - -" },
	{ "Nodemailer: ignoreTLS", "m.js", "createTransport({host:'a.example',ignoreTLS:true})",
	  "a.example 587 none - - - -" },
	{ "Nodemailer: a URL", "m.js",
	  "createTransport('smtps://u%40b.example:p%3Aw@a.example/?pool=true')",
	  "a.example 465 implicit - u@b.example p:w -" },
	{ "Nodemailer: names of services", "m.js",
	  "createTransport({ service: 'gmail', auth: { user: 'u', pass: `p` } });",
	  "smtp.gmail.com 465 implicit - u p -" },
	{ "Nodemailer: short names", "m.ts", "const host = 'a.example', port: number = 25;\n"
	  "const x = createTransport({ host, port: 26 });\n",
	  "a.example 26 opportunistic - - - -" },
	{ "Nodemailer: two calls", "m.js", "createTransport({host:'a.example'});\n"
	  "createTransport({host:'b.example',secure:true});\n",
	  "a.example 587 opportunistic - - - - // b.example 465 implicit - - - -" },
	{ "Nodemailer: a comment is none of it", "m.js", "// createTransport({host:'no'})\n"
	  "/* createTransport({host:'no'}) */ createTransport({host:'a.example'})",
	  "a.example 587 opportunistic - - - -" },
	{ "Laravel: nothing said", ".env", "MAIL_MAILER=smtp\n",
	  "127.0.0.1 2525 opportunistic - - - hello@example.com" },
	{ "Laravel: null is nothing", ".env", "MAIL_MAILER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_PORT=465\nMAIL_USERNAME=null\nMAIL_PASSWORD=null\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 465 implicit - - - x@y" },
	{ "Laravel: a scheme that is none", ".env", "MAIL_MAILER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_PORT=587\nMAIL_SCHEME=tls\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 587 opportunistic - - - x@y | tls-word-ignored:4" },
	{ "Laravel: ssl on a port that is not", ".env", "MAIL_MAILER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_PORT=587\nMAIL_ENCRYPTION=ssl\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 587 opportunistic - - - x@y | tls-word-ignored:4" },
	{ "Symfony: clear words", ".env", "MAILER_DSN=smtp://u:p@a.example:587\n",
	  "a.example 587 opportunistic - u p -" },
	{ "Symfony: port 465 is TLS", ".env", "MAILER_DSN=smtp://u:p@a.example:465\n",
	  "a.example 465 implicit - u p -" },
	{ "Symfony: no TLS at all", ".env", "MAILER_DSN='smtp://a.example?auto_tls=false'\n",
	  "a.example 25 none - - - -" },
	{ "Symfony: a provider's API", ".env", "MAILER_DSN=sendgrid+api://KEY@default\n",
	  "- - - - - - - api=sendgrid" },
	{ "Symfony: nothing is sent", ".env", "MAILER_DSN=null://null\n",
	  "- 25 opportunistic - - - - | switched-off:1" },
	{ "Django: nothing said", "settings.py", "EMAIL_HOST = 'a.example'\n",
	  "a.example 25 none - - - webmaster@localhost | from-default:0" },
	{ "Django: both", "settings.py", "EMAIL_HOST='a.example'\nEMAIL_USE_TLS=True\n"
	  "EMAIL_USE_SSL=True\nDEFAULT_FROM_EMAIL='x@y'\nSERVER_EMAIL='x@y'\n",
	  "a.example 25 implicit - - - x@y | both-tls-modes:3" },
	{ "Django: the environment with a default", "settings.py",
	  "EMAIL_HOST = env('H', default='a.example')\nEMAIL_PORT = int(os.environ.get('P', 587))\n"
	  "EMAIL_USE_TLS: bool = True\nDEFAULT_FROM_EMAIL = f'x@y'\n",
	  "a.example 587 starttls - - - x@y" },
	{ "Spring: nothing said", "application.properties", "spring.mail.host=a.example\n",
	  "a.example 25 none - - - -" },
	{ "Spring: STARTTLS is enabled, not required", "application.properties",
	  "spring.mail.host: a.example\nspring.mail.properties.mail.smtp.starttls.enable true\n",
	  "a.example 25 opportunistic - - - -" },
	{ "Spring: escapes", "application.properties", "spring.mail.host=a.example\n"
	  "spring.mail.username=u\nspring.mail.password=a\\u0041\\:\\\\b\n",
	  "a.example 25 none - u aA:\\b -" },
	{ "Spring: smtps", "application.yml",
	  "spring:\n  mail:\n    host: a.example\n    protocol: smtps\n",
	  "a.example 25 implicit - - - -" },
	{ "Spring: keys in brackets", "application.yml",
	  "spring.mail:\n  host: a.example\n  properties:\n    \"[mail.smtp.ssl.enable]\": true\n",
	  "a.example 25 implicit - - - -" },
	{ "Grafana: nothing said", "grafana.ini",
	  "[smtp]\nenabled=true\nhost=a.example\nfrom_address=x@y\n",
	  "a.example 25 opportunistic - - - x@y" },
	{ "Grafana: quotes", "grafana.ini", "[smtp]\nenabled=true\nhost=a.example:465\nuser=u\n"
	  "password=\"\"\"a#b;c\"\"\"\nfrom_address=x@y\n",
	  "a.example 465 implicit - u a#b;c x@y" },
	{ "Grafana: simple quotes don't help", "grafana.ini",
	  "[smtp]\nenabled=true\nhost=a.example:587\nuser=u\npassword=\"a#b\"\nfrom_address=x@y\n",
	  "a.example 587 opportunistic - u \"a x@y | password-cut:5" },
	{ "Grafana: a comment behind a blank", "grafana.ini",
	  "[smtp]\nenabled=true\nhost=a.example:587 ; the relay\nfrom_address=x@y\n",
	  "a.example 587 opportunistic - - - x@y" },
	{ "GitLab: nothing said", "gitlab.rb",
	  "gitlab_rails['smtp_enable'] = true\ngitlab_rails['smtp_address'] = 'a.example'\n",
	  "a.example 25 opportunistic - - - - | from-default:0" },
	{ "GitLab: switched off", "gitlab.rb", "gitlab_rails['smtp_address'] = 'a.example'\n",
	  "a.example 25 opportunistic - - - - | from-default:0 | switched-off:0" },
	{ "Jenkins: both ticks", "hudson.tasks.Mailer.xml",
	  "<hudson.tasks.Mailer_-DescriptorImpl><smtpHost>a.example</smtpHost>\n"
	  "<useSsl>true</useSsl><useTls>true</useTls></hudson.tasks.Mailer_-DescriptorImpl>",
	  "a.example 465 implicit - - - - | both-tls-modes:2" },
	{ "WordPress: constants that are not looked at", "wp-config.php",
	  "<?php define('WPMS_SMTP_HOST', 'a.example'); define('WPMS_SSL', '');",
	  "a.example 25 opportunistic - - - - | switched-off:0" },
	{ ".NET: MailKit's word", "appsettings.json", "{\"MailSettings\":{\"Host\":\"a.example\","
	  "\"Port\":465,\"SecureSocketOptions\":\"SslOnConnect\"}}",
	  "a.example 465 implicit - - - -" },
	{ ".NET: web.config", "web.config", "<a><mailSettings><smtp from='x@y'><network "
	  "host='a.example' password='&lt;p&gt;' userName='u'/></smtp></mailSettings></a>",
	  "a.example 25 none - u - x@y | placeholder:1" },
	{ "git: nothing said", ".gitconfig", "[sendemail]\nsmtpserver = a.example\n",
	  "a.example 25 none - - - -" },
	{ "git: ssl, and a value in quotes", ".gitconfig", "[sendemail]\nsmtpserver = a.example ; "
	  "c\nsmtpencryption = ssl\nsmtpuser = u\nsmtppass = \"p;#\\\"w\"\n",
	  "a.example 465 implicit - u p;#\"w -" },
	{ "git: another program sends", ".gitconfig", "[sendemail]\nsmtpserver = /usr/bin/msmtp\n",
	  "- - none - - - - api=sendmail" },
	{ "Gitea: the protocol by the port", "app.ini",
	  "[mailer]\nENABLED=true\nSMTP_ADDR=a.example\nSMTP_PORT=587\n",
	  "a.example 587 starttls - - - -" },
	{ "Gitea: the old names", "app.ini", "[mailer]\nENABLED=true\nHOST=a.example:465\n"
	  "IS_TLS_ENABLED=true\nUSER=x@y\nPASSWD=`p`\n", "a.example 465 implicit - x@y p x@y" },
	{ "Mattermost: nothing said", "config.json",
	  "{\"EmailSettings\":{\"SMTPServer\":\"a.example\",\"EnableSMTPAuth\":true}}",
	  "a.example 10025 none - - - - | setting-missing:0" },
	{ "Keycloak: in a list of realms", "realms.json",
	  "[{\"smtpServer\":{\"host\":\"a.example\",\"ssl\":\"true\",\"auth\":\"true\","
	  "\"user\":\"u\",\"password\":\"p\"}}]",
	  "a.example 25 implicit - u p - | setting-missing:0" },
	{ "Nextcloud: tls is not looked at", "config.php",
	  "<?php $CONFIG = ['mail_smtphost' => 'a.example', 'mail_smtpsecure' => 'tls'];",
	  "a.example 25 opportunistic none - - -" },
	{ "Home Assistant: nothing said", "configuration.yaml",
	  "notify:\n- platform: smtp\n  server: a.example\n  sender: x@y\n",
	  "a.example 587 starttls - - - x@y" },
	{ "Home Assistant: two, one inside a line", "x.yaml",
	  "notify:\n  - {platform: smtp, server: a.example, encryption: tls, sender: x@y}\n"
	  "  - platform: smtp\n    server: 'b.example'\n",
	  "a.example 587 implicit - - - x@y // b.example 587 starttls - - - -" },
	{ "PHPMailer: its own words", "x.php", "<?php $m->Host='a.example'; "
	  "$m->SMTPSecure=PHPMailer::ENCRYPTION_SMTPS; $m->SMTPAuth=true; $m->setFrom('x@y', 'X');",
	  "a.example 25 implicit - - - x@y" },
	{ "anybody's .env", ".env", "SMTP_HOST=a.example:587\nSMTP_USER=u\nSMTP_PASS=p#w # old\n",
	  "a.example 587 starttls - u p#w -" },
	{ "anybody's .env: quotes and variables", "prod.env",
	  "H=a.example\nexport SMTP_HOST=\"${H}\"\nSMTP_PASS='${H}'\nSMTP_TLS=true\n",
	  "a.example - starttls - - ${H} -" },

	/* What could be a secret, wherever it stands, and what is kept elsewhere. */
	{ "Postfix: user and password in main.cf", "main.cf",
	  "relayhost=[a.example]\nsmtp_sasl_auth_enable=yes\nsmtp_sasl_security_options=\n"
	  "smtp_sasl_password_maps=static:u@a.example:p:w\n",
	  "a.example 25 none auto u@a.example p:w -" },
	{ "Postfix: a token's file of sasl-xoauth2", "main.cf",
	  "relayhost=[a.example]\nsmtp_sasl_auth_enable=yes\nsmtp_sasl_security_options=\n"
	  "smtp_sasl_mechanism_filter=xoauth2\n"
	  "smtp_sasl_password_maps=static:u@a.example:/etc/tokens/u\n",
	  "a.example 25 none xoauth2 u@a.example - -" },
	{ "Postfix: the same, where the mechanism is left open", "main.cf",
	  "relayhost=[a.example]\nsmtp_sasl_auth_enable=yes\nsmtp_sasl_security_options=\n"
	  "smtp_sasl_mechanism_filter=login, xoauth2\n"
	  "smtp_sasl_password_maps=static:u@a.example:/etc/tokens/u\n",
	  "a.example 25 none xoauth2 u@a.example - -" },
	{ "Postfix: a password that begins with a slash", "main.cf",
	  "relayhost=[a.example]\nsmtp_sasl_auth_enable=yes\nsmtp_sasl_security_options=\n"
	  "smtp_sasl_mechanism_filter=plain, login\n"
	  "smtp_sasl_password_maps=static:u@a.example:/p/w\n",
	  "a.example 25 none auto u@a.example /p/w -" },
	{ "Postfix: a database nobody can look into from here", "main.cf",
	  "relayhost=[a.example]\nsmtp_sasl_auth_enable=yes\nsmtp_sasl_security_options=\n"
	  "smtp_sasl_password_maps=proxy:ldap:sasl\n", "a.example 25 none auto - - -" },
	{ "anybody's .env: an address where a host belongs", ".env",
	  "EMAIL_SERVER=smtp://u:p@a.example:587\n", "a.example 587 opportunistic - u p -" },
	{ "anybody's .env: user and password in one", ".env",
	  "SMTP_HOST=a.example\nSMTP_LOGIN=u:p\n", "a.example - - - - - -" },
	{ "anybody's .env: a key as user", ".env", "SMTP_HOST=a.example\nSMTP_USER=q7Xk2LmP9vR4\n",
	  "a.example - - - - - -" },
	{ "anybody's .env: what stands elsewhere", ".env",
	  "SMTP_HOST=$MAIL_HOST\nSMTP_USER={{ user }}\nSMTP_PASS=vault:secret/mail#pw\n",
	  "- - - - - - -" },
	{ "anybody's .env: docker's secrets", ".env",
	  "SMTP_HOST=a.example\nSMTP_USER=u\nSMTP_PASSWORD_FILE=/run/secrets/pw\n",
	  "a.example - - - u - -" },
	{ "Symfony: a key alone is no user", ".env",
	  "MAILER_DSN=postmark+api://11111111-2222-3333-4444-555555555555@default\n",
	  "- - - - - - - api=postmark" },
	{ "Symfony: how the environment is read", "mailer.yaml",
	  "framework:\n  mailer:\n    dsn: '%env(resolve:MAILER_DSN)%'\n", "- - - - - - -" },
	{ "Spring: encrypted by Jasypt", "application.properties",
	  "spring.mail.host=a.example\nspring.mail.username=u\nspring.mail.password=ENC(abc=)\n",
	  "a.example 25 none - u - -" },
	{ "git: the password comes from a helper", ".gitconfig",
	  "[sendemail]\nsmtpserver=a.example\nsmtpuser=u\n[credential]\nhelper=store\n",
	  "a.example 25 none - u - -" },
	{ "Exim: a login by lookup", "exim.conf",
	  "begin routers\nr:\n  route_list = * a.example\nbegin authenticators\nl:\n  public_name "
	  "= LOGIN\n  client_send = : ${extract{user}{$value}} : ${extract{pass}{$value}}\n",
	  "a.example 25 opportunistic login - - -" },

	/* What is none of it, and what is broken. */
	{ "nothing", "x", "", "x: it cannot be told which program's settings these are, or there "
	  "are none for mail in it; name the program with --application" },
	{ "no text", "main.cf", "\x01", "main.cf: it cannot be told which program's settings these "
	  "are, or there are none for mail in it; name the program with --application" },
	{ "JSON that ends", "config.json", "{\n\"EmailSettings\": {\n",
	  "config.json:3: a name in quotes, or } is expected here" },
	{ "XML that does not close", "web.config", "<a>\n<b>\n</a>",
	  "web.config:3: this end of an element does not fit the one that is open" },
	{ "an account that is copied from nowhere", "msmtprc", "account a : b\n",
	  "msmtprc:1: there is no account of the name that is copied above this line" },
};

static void cases(struct arena *a, const struct config_sample *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct config_sample *c = &all[i];
		const char *error = NULL;
		_cleanup_(settings_freep) struct mail_settings *list =
			settings_read(a, c->file, NULL, c->text, strlen(c->text), &error);

		is_str(list ? summary(a, list) : error, c->want, c->what);
	}
}

/* Files that only want to cost something. */
static void bounds(struct arena *a)
{
	enum { SIZE = 256 * 1024 };
	static const struct { const char *what, *file, *piece; } heavy[] = {
		{ "brackets without end", "a.json", "[" },
		{ "brackets of a program", "a.js", "f(" }, { "conversions", "a.py", "int(" },
		{ "elements", "a.xml", "<a>" },
		{ "items", "a.yaml", "- " }, { "deeper and deeper", "a.yaml", "a:\n " },
		{ "documents", "a.yaml", "a: 1\n---\n" }, { "open quotes", ".env", "A=\"" },
		{ "lines that go on", "application.properties", "a\\\n" },
		{ "sections", ".gitconfig", "[sendemail \"a\"]\nsmtpserver=b\n" },
		{ "calls", "a.js", "createTransport({host:'a'});" },
		{ "entries", "main.cf", "a=$a$a$a$a\n" },
		{ "accounts", "msmtprc", "account a\nhost b\n" },
		{ "addresses", ".env", "MAILER_DSN=smtp://a@b?c=d&c=d\n" },
		{ "names", "a.py", "a = b\n" },
	};
	char *text = arena_alloc(a, SIZE + 1);

	for (size_t i = 0; i < ARRAY_LEN(heavy); i++) {
		size_t n = strlen(heavy[i].piece), count = 0, len = 0;
		const char *error = NULL;
		_cleanup_(settings_freep) struct mail_settings *list = NULL;

		for (; len + n < SIZE; len += n)
			memcpy(text + len, heavy[i].piece, n);
		list = settings_read(a, heavy[i].file, NULL, text, len, &error);
		for (const struct mail_settings *s = list; s; s = s->next)
			count++;
		ok(count <= 64 && (list || (error && *error)), heavy[i].what);
	}
}

static void writing(struct arena *a)
{
	const char *error = NULL, text[] = "relayhost = [a.example]\n",
		other[] = "EMAIL_HOST='a'\n";
	_cleanup_(settings_freep) struct mail_settings *s = settings_read(a, "main.cf", NULL, text,
									  strlen(text), &error);
	_cleanup_(settings_freep) struct mail_settings *d = settings_read(a, "settings.py", NULL,
									  other, strlen(other),
									  &error);

	is_str(settings_line(a, s, "host+port", "smtp.office365.com:587"),
	       "relayhost = [smtp.office365.com]:587", "Postfix writes host and port as one");
	is_str(settings_line(a, s, "port", "587"), NULL, "... and no port alone");
	is_str(settings_line(a, d, "tls=starttls", ""),
	       "EMAIL_USE_TLS = True\nEMAIL_USE_SSL = False", "Django's two lines");
	is_str(settings_line(a, d, "user", "o'brien@contoso.com"), NULL,
	       "nothing that would end a quote");
	is_str(settings_line(a, d, "from", "a@b"),
	       "DEFAULT_FROM_EMAIL = 'a@b'\nSERVER_EMAIL = 'a@b'", "a value in two lines");
}

/* The gate: what the settings take is shown, what people's passwords look like is not. */
static void gate(struct arena *a)
{
	static const struct { enum shown kind; const char *shown, *hidden; } words[] = {
		{ SHOWN_HOST, "smtp.office365.com smtp.Office365.com localhost mailhog "
		  "mx0a-001b2d01.pphosted.com 192.0.2.1 [2001:db8::1]:587 "
		  "contoso-com.mail.protection.outlook.com a.example:587 ssl://a.example:465 "
		  "email-smtp.us-east-1.amazonaws.com xn--mller-kva.example",
		  "user:pw smtp://u:p@a.example u:p@a.example q7Xk2LmP9vR4 a..b a.example:pw "
		  "q7Xk.2LmP9vR4 abcdefghijklmnop" },
		{ SHOWN_PORT, "587 submission smtps", "70000 587x q7Xk" },
		{ SHOWN_USER, "scan@contoso.com apikey CONTOSO\\scan "
		  "resource|11111111-2222-3333-4444-555555555555|"
		  "11111111-2222-3333-4444-555555555555 "
		  "AKIAIOSFODNN7EXAMPLE SMTP_Injection first.last no-reply@mg.contoso.com "
		  "Max.Muster1@contoso.com scan@localhost M\xc3\xbcller",
		  "user:pw u:p@a.example 11111111-2222-3333-4444-555555555555 q7Xk2LmP9vR4 "
		  "Sommer2024! Sommer2024 abcdefghijklmnop 1a2b3c4d5e6f7a SG.x7Qm2LpA9vR4 "
		  "q7Xk2LmP9vR4@a.example key-1a2b3c4d5e6f" },
		{ SHOWN_ADDRESS, "scan@contoso.com a@b.example,c@d.example",
		  "scan u:p@a.example Geheim" },
		{ SHOWN_AUTH, "login LOGIN xoauth2 plain,login !gssapi", "Geheim login:pw" },
		{ SHOWN_PATH, "/etc/ssl/certs/ca-certificates.crt C:\\certs\\mail.pem sasl_passwd",
		  "user:pw /etc/q7Xk2LmP9vR4 u@p" },
		{ SHOWN_URL,
		  "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/"
		  "v2.0/token https://oauth2.googleapis.com/token",
		  "https://u:p@a.example/ https://a.example/t?secret=x "
		  "https://a.example/q7Xk2LmP9vR4" },
		{ SHOWN_SCOPE, "https://outlook.office.com/SMTP.Send offline_access "
		  "https://mail.google.com/ api://11111111-2222-3333-4444-555555555555/.default",
		  "q7Xk2LmP9vR4" },
		{ SHOWN_TENANT, "11111111-2222-3333-4444-555555555555 contoso.com common",
		  "q7Xk2LmP9vR4 u:p" },
		{ SHOWN_CLIENT_ID, "11111111-2222-3333-4444-555555555555 "
		  "1234-a1b2c3.apps.googleusercontent.com mail-client", "GOCSPX-q7Xk2LmP9vR4" },
		{ SHOWN_NAME, "office MAILER_DSN_MAIN smtp.contoso.com",
		  "q7Xk2LmP9vR4 abcdefghijklmnop a:b" },
		{ SHOWN_KEY, "spring.mail.properties.mail.smtp.ssl.enable notify[0].server "
		  "hudson.tasks.Mailer_-DescriptorImpl.smtpHost",
		  "a.q7Xk2LmP9vR4.Host" },
		{ SHOWN_NOTHING, "", "587 localhost a" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct strv shown = { NULL, 0, 0 }, hidden = { NULL, 0, 0 };

		strv_split(&shown, a, words[i].shown, ' ');
		strv_split(&hidden, a, words[i].hidden, ' ');
		for (size_t k = 0; *words[i].shown && k < shown.n; k++)
			ok(is_shown(words[i].kind, shown.v[k]),
			   arena_printf(a, "gate %d: %s is shown", words[i].kind, shown.v[k]));
		for (size_t k = 0; k < hidden.n; k++)
			ok(!is_shown(words[i].kind, hidden.v[k]),
			   arena_printf(a, "gate %d: %s is not", words[i].kind, hidden.v[k]));
	}
	is_str(shape_of(a, "a \xc3\xa4"), "3 characters, with blanks", "a shape");
}

/* A typing error in data/mail-programs.tsv would only show where somebody has that key. */
static void table(struct arena *a)
{
	const struct data_table *t = data_table_find("mail-programs.tsv");

	ok(t && t->n > 500, "the table of programs is there");
	for (const struct program *const *p = programs_all(); *p; p++) {
		for (size_t i = 0; i < (*p)->n; i++) {
			const struct program_row *row = &(*p)->rows[i];
			const char *fault = program_row_fault(row);

			if (fault)
				ok(false, arena_printf(a, "%s %s '%s': %s", (*p)->id, row->kind,
						       row->name, fault));
		}
		ok(*program_text(*p, "title") && *program_text(*p, "files") &&
		   *program_text(*p, "source") && ((*p)->parse || ((*p)->code && (*p)->code->read)),
		   arena_printf(a, "%s has a title, names of files, a source and a reader",
				(*p)->id));
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *const *names = settings_applications(a);

	cases(a, samples, ARRAY_LEN(samples));
	cases(a, config_samples, n_config_samples);
	gate(a);
	bounds(a);
	writing(a);
	table(a);
	for (; names[0] && names[1]; names++)
		ok(strcmp(names[0], names[1]) < 0,
		   arena_printf(a, "%s stands before %s", names[0], names[1]));
	return tap_done();
}
