/*
 * prog-java - Spring Boot and Jenkins. Both give their words to Jakarta Mail:
 * jakarta.ee/specifications/mail, package org.eclipse.angus.mail.smtp.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"

/*
 * --- Spring Boot: docs.spring.io/spring-boot/reference/io/email.html; port 25, no TLS, STARTTLS
 * only when it is enabled ---
 */

static void spring(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *profile = entries_find(&r->entries, "spring.config.activate.on-profile",
						   group, false),
		*trust = find(r, "*mail.smtp.ssl.trust", group),
		*versions = find(r, "*mail.smtp.ssl.protocols", group),
		*ssl = find(r, "*mail.smtp.ssl.enable", group),
		*starttls = find(r, "*mail.smtp.starttls.enable", group),
		*auth = find(r, "*mail.smtp.auth", group);

	if (!profile)
		profile = entries_find(&r->entries, "spring.profiles", group, false);
	if (profile && profile->value)
		s->name = arena_strdup(r->arena, profile->value);
	/* Hosts that are named, or all, are trusted without a look. */
	if (trust && trust->value &&
	    (str_eq(trust->value, "*") || (s->host.value && strstr(trust->value, s->host.value)))) {
		s->verify_off = true;
		take_setting(r, s, &s->verify_said, trust);
		note(r, s, trust->line, WARNING, "lint.certificate-unchecked",
		     "take ssl.trust out; put an authority of your own into the trust store "
		     "instead", "ssl.trust: the server's certificate is not looked at: whoever "
		     "stands in between can read the password");
	}
	if (value_is(versions, "*SSLv3*|TLSv1|TLSv1.1|TLSv1 *"))
		note(r, s, versions->line, WARNING, "lint.old-tls-forced",
		     "spring.mail.properties.mail.smtp.ssl.protocols=TLSv1.2 TLSv1.3",
		     "TLS before 1.2 is demanded: Microsoft 365 and others no longer take it");
	if (is_true(ssl) && is_true(starttls))
		note(r, s, starttls->line, INFO, "lint.both-tls-modes",
		     "spring.mail.properties.mail.smtp.starttls.enable=false",
		     "ssl.enable and starttls.enable are both true: TLS begins with the first "
		     "byte, and STARTTLS never comes");
	if (s->auth.value) {	/* a list, of which one is tried after the other */
		size_t n = strcspn(s->auth.value, " ,");

		s->auth.value = s->auth.value[n] ? "auto" : s->auth.value;
	}
	if (is_false(auth) && setting_is_set(&s->user) && !s->secret)
		s->auth = (struct setting) { .value = "none",
					     .key = arena_strdup(r->arena, auth->key),
					     .line = auth->line };
}

const struct program_code code_spring = { "spring", .finish = spring };

const struct program_code code_spring_yaml = { "spring-yaml", .finish = spring };

/*
 * --- Jenkins: github.com/jenkinsci/mailer-plugin, hudson.tasks.Mailer: createSession();
 * github.com/jenkinsci/email-ext-plugin, MailAccount ---
 *
 * useSsl is TLS from the start, port 465; useTls is STARTTLS. Passwords are encrypted with a key of
 * that Jenkins. The sender is the address of the administrator, in
 * jenkins.model.JenkinsLocationConfiguration.xml beside it.
 */

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
	const struct entry *ssl = find(r, "*.useSsl", group), *tls = find(r, "*.useTls", group),
		*oauth = find(r, "*.useOAuth2", group), *password = find(r, "*assword", group);

	if (is_true(ssl) && is_true(tls))
		note(r, s, ssl->line, ERROR, "lint.both-tls-modes",
		     s->port.value && str_eq(s->port.value, "465") ? "<useTls>false</useTls>" :
		     "<useSsl>false</useSsl>",
		     "Use SSL and Use TLS are both ticked: TLS begins with the first byte, as on "
		     "port 465 only, and STARTTLS never comes");
	if (is_true(oauth))
		s->auth = (struct setting) { .value = "xoauth2", .key = "useOAuth2",
					     .line = oauth->line };
	if (password) {		/* encrypted: of no use outside */
		s->password = (struct setting) { .key = arena_strdup(r->arena, password->key),
						 .line = password->line };
		note(r, s, password->line, INFO, "lint.value-elsewhere", "",
		     "the password is encrypted with a key of this Jenkins: it was not read");
	}
	if (!s->from.value && !s->from.line)
		jenkins_from(r, s);
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) { .value = "25", .key = "" };
	if (s->from.value && str_find_nocase(s->from.value, "nobody@nowhere"))
		note(r, s, s->from.line, ERROR, "lint.from-default", "Manage Jenkins > System > "
		     "System Admin e-mail address: the mailbox that logs in",
		     "the administrator's address is still \"address not configured yet "
		     "<nobody@nowhere>\": no server lets that out")->file = s->from.file;
}

const struct program_code code_jenkins = { "jenkins", .finish = jenkins };
