/*
 * prog-java - Spring Boot and Jenkins. Both give their words to Jakarta Mail: jakarta.ee/specifications/mail, package org.eclipse.angus.mail.smtp.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"

#define FILES(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define TRUE_WORDS "true|yes|on|1"
#define FALSE_WORDS "false|no|off|0"

/* --- Spring Boot: docs.spring.io/spring-boot/reference/io/email.html; port 25, no TLS, STARTTLS only when it is enabled --- */

/* In "spring.mail.properties" the rest may stand in brackets: properties[mail.smtp.auth]. */
#define JAVA_MAIL(what, ...) \
	{ "*mail.smtp." what, __VA_ARGS__ }, { "*[mail.smtp." what "]", __VA_ARGS__ }, { "*mail.smtps." what, __VA_ARGS__ }

static const struct key_row spring_keys[] = {
	{ "spring.mail.host", FIELD_HOST }, JAVA_MAIL("host", FIELD_HOST), { "spring.mail.port", FIELD_PORT },
	JAVA_MAIL("port", FIELD_PORT),
	{ "spring.mail.username", FIELD_USER }, JAVA_MAIL("user", FIELD_USER), { "spring.mail.password", FIELD_PASSWORD },
	JAVA_MAIL("password", FIELD_PASSWORD),
	JAVA_MAIL("from", FIELD_FROM), JAVA_MAIL("localhost", FIELD_HELO), JAVA_MAIL("auth.mechanisms", FIELD_AUTH), { NULL, FIELD_NONE },
};
static const struct word_row spring_tls[] = {
	JAVA_MAIL("ssl.enable", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL),
	{ "spring.mail.ssl.enabled", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "spring.mail.protocol", "smtps", SETTINGS_TLS_IMPLICIT, NULL },
	JAVA_MAIL("socketFactory.class", "*SSLSocketFactory", SETTINGS_TLS_IMPLICIT, NULL),
	JAVA_MAIL("starttls.required", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL),
	JAVA_MAIL("starttls.enable", TRUE_WORDS, SETTINGS_TLS_OPPORTUNISTIC, NULL),
	{ "", "", SETTINGS_TLS_NONE, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row spring_lines[] = {
	{ "host", "spring.mail.host=%" }, { "port", "spring.mail.port=%" }, { "user", "spring.mail.username=%" },
	{ "from", "spring.mail.properties.mail.smtp.from=%" },
	{ "tls=starttls", "spring.mail.properties.mail.smtp.starttls.enable=true\nspring.mail.properties.mail.smtp.starttls.required=true\n"
	  "spring.mail.properties.mail.smtp.ssl.enable=false" },
	{ "tls=implicit", "spring.mail.properties.mail.smtp.ssl.enable=true\nspring.mail.properties.mail.smtp.starttls.enable=false" },
	{ "auth=login", "spring.mail.properties.mail.smtp.auth.mechanisms=LOGIN" },
	{ "auth=xoauth2", "spring.mail.properties.mail.smtp.auth.mechanisms=XOAUTH2" }, { NULL, NULL },
};

static void spring(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *profile = entries_find(&r->entries, "spring.config.activate.on-profile", group, false),
		*trust = find(r, "*mail.smtp.ssl.trust", group),
		*versions = find(r, "*mail.smtp.ssl.protocols", group), *ssl = find(r, "*mail.smtp.ssl.enable", group),
		*starttls = find(r, "*mail.smtp.starttls.enable", group), *auth = find(r, "*mail.smtp.auth", group);

	if (!profile)
		profile = entries_find(&r->entries, "spring.profiles", group, false);
	if (profile && profile->value)
		s->name = arena_strdup(r->arena, profile->value);
	/* Hosts that are named, or all, are trusted without a look. */
	if (trust && trust->value && (str_eq(trust->value, "*") || (s->host.value && strstr(trust->value, s->host.value)))) {
		s->verify_off = true;
		take_setting(r, s, &s->verify_said, trust);
		note(r, s, trust->line, WARNING, "lint.certificate-unchecked",
		     "take ssl.trust out; put an authority of your own into the trust store instead",
		     "ssl.trust: the server's certificate is not looked at: whoever stands in between can read the password");
	}
	if (value_is(versions, "*SSLv3*|TLSv1|TLSv1.1|TLSv1 *"))
		note(r, s, versions->line, WARNING, "lint.old-tls-forced", "spring.mail.properties.mail.smtp.ssl.protocols=TLSv1.2 TLSv1.3",
		     "TLS before 1.2 is demanded: Microsoft 365 and others no longer take it");
	if (is_true(ssl) && is_true(starttls))
		note(r, s, starttls->line, INFO, "lint.both-tls-modes", "spring.mail.properties.mail.smtp.starttls.enable=false",
		     "ssl.enable and starttls.enable are both true: TLS begins with the first byte, and STARTTLS never comes");
	if (s->auth.value) {	/* a list, of which one is tried after the other */
		size_t n = strcspn(s->auth.value, " ,");

		s->auth.value = s->auth.value[n] ? "auto" : s->auth.value;
	}
	if (is_false(auth) && setting_is_set(&s->user) && !s->secret)
		s->auth = (struct setting) { .value = "none", .key = arena_strdup(r->arena, auth->key), .line = auth->line };
}

const struct program program_spring = {
	.name = "spring", .title = "Spring Boot", .source = "https://docs.spring.io/spring-boot/reference/io/email.html",
	.files = FILES("application*.properties", "bootstrap*.properties"),
	.signs = FILES("spring.mail.host", "spring.mail.port", "*mail.smtp.host"),
	.parse = parse_properties, .keys = spring_keys, .tls = spring_tls, .lines = spring_lines, .port = "25", .inherit = true,
	.finish = spring,
};

static const struct line_row spring_yaml_lines[] = {
	{ "host", "spring.mail.host: %" }, { "port", "spring.mail.port: %" }, { "user", "spring.mail.username: %" },
	{ "from", "spring.mail.properties.mail.smtp.from: %" },
	{ "tls=starttls",
	  "spring.mail.properties.mail.smtp.starttls.enable: true\nspring.mail.properties.mail.smtp.starttls.required: true\n"
	  "spring.mail.properties.mail.smtp.ssl.enable: false" },
	{ "tls=implicit", "spring.mail.properties.mail.smtp.ssl.enable: true\nspring.mail.properties.mail.smtp.starttls.enable: false" },
	{ "auth=login", "spring.mail.properties.mail.smtp.auth.mechanisms: LOGIN" },
	{ "auth=xoauth2", "spring.mail.properties.mail.smtp.auth.mechanisms: XOAUTH2" }, { NULL, NULL },
};

const struct program program_spring_yaml = {
	.name = "spring", .title = "Spring Boot", .source = "https://docs.spring.io/spring-boot/reference/io/email.html",
	.files = FILES("application*.yml", "application*.yaml", "bootstrap*.yml"),
	.signs = FILES("spring.mail.host", "spring.mail.port", "*mail.smtp.host"),
	.parse = parse_yaml, .keys = spring_keys, .tls = spring_tls, .lines = spring_yaml_lines, .port = "25", .inherit = true,
	.finish = spring,
};

/*
 * --- Jenkins: github.com/jenkinsci/mailer-plugin, hudson.tasks.Mailer: createSession(); github.com/jenkinsci/email-ext-plugin, MailAccount ---
 *
 * useSsl is TLS from the start, port 465; useTls is STARTTLS. Passwords are encrypted with a key of that Jenkins. The sender is the
 * address of the administrator, in jenkins.model.JenkinsLocationConfiguration.xml beside it.
 */

static const struct key_row jenkins_keys[] = {
	{ "hudson.tasks.Mailer*.smtpHost", FIELD_HOST }, { "*ExtendedEmailPublisherDescriptor.mailAccount.smtpHost", FIELD_HOST },
	{ "*ExtendedEmailPublisherDescriptor.smtpHost", FIELD_HOST }, { "hudson.tasks.Mailer*.smtpPort", FIELD_PORT },
	{ "*ExtendedEmailPublisherDescriptor.mailAccount.smtpPort", FIELD_PORT },
	{ "*ExtendedEmailPublisherDescriptor.smtpPort", FIELD_PORT },
	{ "hudson.tasks.Mailer*.authentication.username", FIELD_USER }, { "hudson.tasks.Mailer*.smtpAuthUsername", FIELD_USER },
	{ "*ExtendedEmailPublisherDescriptor.*mtpUsername", FIELD_USER },
	{ "*ExtendedEmailPublisherDescriptor.mailAccount.address", FIELD_FROM },
	{ NULL, FIELD_NONE },
};
static const struct word_row jenkins_tls[] = {
	{ "hudson.tasks.Mailer*.useSsl", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "*ExtendedEmailPublisherDescriptor.*useSsl", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "hudson.tasks.Mailer*.useTls", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL },
	{ "*ExtendedEmailPublisherDescriptor.*useTls", TRUE_WORDS, SETTINGS_TLS_STARTTLS, NULL },
	{ "", "", SETTINGS_TLS_NONE, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row jenkins_lines[] = {
	{ "host", "<smtpHost>%</smtpHost>" }, { "port", "<smtpPort>%</smtpPort>" }, { "user", "<username>%</username>" },
	{ "tls=starttls", "<useSsl>false</useSsl>\n<useTls>true</useTls>" },
	{ "tls=implicit", "<useSsl>true</useSsl>\n<useTls>false</useTls>" }, { NULL, NULL },
};

/* The administrator's address, from the file beside. */
static void jenkins_from(struct reading *r, struct mail_settings *s)
{
	struct entries e;
	const struct entry *admin;
	struct entry from;
	const char *path, *text;
	size_t n;

	text = beside(r, "jenkins.model.JenkinsLocationConfiguration.xml", &n, &path);
	entries_init(&e, r->work);
	if (!text || !parse_xml(&e, text, n))
		return;
	admin = entries_find(&e, "*adminAddress", 0, true);
	if (!admin)
		return;
	from = *admin;
	from.file = path;
	take_field(r, s, FIELD_FROM, &from);
}

static void jenkins(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *ssl = find(r, "*.useSsl", group), *tls = find(r, "*.useTls", group), *oauth = find(r, "*.useOAuth2", group),
		*password = find(r, "*assword", group);

	if (is_true(ssl) && is_true(tls))
		note(r, s, ssl->line, ERROR, "lint.both-tls-modes", s->port.value && str_eq(s->port.value, "465") ? "<useTls>false</useTls>" :
		     "<useSsl>false</useSsl>",
		     "Use SSL and Use TLS are both ticked: TLS begins with the first byte, as on port 465 only, and STARTTLS never comes");
	if (is_true(oauth))
		s->auth = (struct setting) { .value = "xoauth2", .key = "useOAuth2", .line = oauth->line };
	if (password) {		/* encrypted: of no use outside */
		s->password = (struct setting) { .key = arena_strdup(r->arena, password->key), .line = password->line };
		note(r, s, password->line, INFO, "lint.value-elsewhere", "",
		     "the password is encrypted with a key of this Jenkins: it was not read");
	}
	if (!s->from.value && !s->from.line)
		jenkins_from(r, s);
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) { .value = "25", .key = "" };
	if (s->from.value && str_find_nocase(s->from.value, "nobody@nowhere"))
		note(r, s, s->from.line, ERROR, "lint.from-default",
		     "Manage Jenkins > System > System Admin e-mail address: the mailbox that logs in",
		     "the administrator's address is still \"address not configured yet <nobody@nowhere>\": no server lets that out")->file = s->from.file;
}

const struct program program_jenkins = {
	.name = "jenkins", .expert = true, .title = "Jenkins", .source = "https://plugins.jenkins.io/mailer/",
	.files = FILES("hudson.tasks.Mailer.xml", "*ExtendedEmailPublisher*.xml"),
	.signs = FILES("hudson.tasks.Mailer*.smtpHost", "*ExtendedEmailPublisherDescriptor*smtpHost"),
	.parse = parse_xml, .keys = jenkins_keys, .tls = jenkins_tls,
	.lines = jenkins_lines, .finish = jenkins,
};
