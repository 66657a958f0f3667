/*
 * prog-server - servers that send mail beside their work: Grafana, Gitea and Forgejo, GitLab,
 * Mattermost, Keycloak, Nextcloud.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"

/*
 * --- Grafana: grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#smtp ---
 *
 * host localhost:25, startTLS_policy OpportunisticStartTLS, port 465 is TLS from the start
 * (github.com/go-mail/mail: NewDialer). No OAuth: github.com/grafana/alerting/issues/365.
 */

static void grafana_both(struct reading *r, struct mail_settings *s, const struct entry *enabled,
			 const char *enable)
{
	if (!is_true(enabled))
		note(r, s, enabled ? enabled->line : 0, ERROR, "lint.switched-off", enable,
		     "mail is switched off%s: Grafana sends nothing",
		     enabled ? "" : " by default");
	if (setting_is_set(&s->user) &&
	    (str_find_nocase(s->host.value ? s->host.value : "", "office365") ||
	     str_find_nocase(s->host.value ? s->host.value : "", "outlook")))
		note(r, s, s->user.line, WARNING, "lint.no-oauth",
		     "send through a relay of your own that knows OAuth, or by another path",
		     "Grafana logs in with a password only, it has no OAuth: this works as long as "
		     "Microsoft takes passwords");
	if (!s->from.line)
		note(r, s, 0, WARNING, "lint.from-default", "from_address = ADDRESS OF THE MAILBOX",
		     "from_address is not set: Grafana sends as %s, which no provider lets out",
		     s->from.value ? s->from.value : "nobody");
}

static void grafana(struct reading *r, struct mail_settings *s, unsigned group)
{
	grafana_both(r, s, find(r, "smtp.enabled", group), "enabled = true");
}

const struct program_code code_grafana = { "grafana", .finish = grafana };

static void grafana_env(struct reading *r, struct mail_settings *s, unsigned group)
{
	grafana_both(r, s, find(r, "GF_SMTP_ENABLED", group), "GF_SMTP_ENABLED=true");
}

const struct program_code code_grafana_env = { "grafana-env", .finish = grafana_env };

/*
 * --- Gitea and Forgejo: github.com/go-gitea/gitea, modules/setting/mailer.go;
 * docs.gitea.com/administration/email-setup ---
 */

static void gitea(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *enabled = find(r, "mailer.ENABLED", group),
		*protocol = find(r, "mailer.PROTOCOL", group);
	const char *plain_port = s->tls == SETTINGS_TLS_NONE ? "25" : "587";
	bool implicit = s->tls == SETTINGS_TLS_IMPLICIT;

	if (!is_true(enabled))
		note(r, s, enabled ? enabled->line : 0, ERROR, "lint.switched-off",
		     "ENABLED = true", "the mailer is switched off%s: nothing is sent",
		     enabled ? "" : " by default");
	if (value_is(protocol, "sendmail|dummy|smtp+unix"))
		take_field(r, s, FIELD_API, protocol);
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) { .value = implicit ? "465" : plain_port, .key = "" };
	if (!s->from.value && !s->from.line)
		s->from = (struct setting) { .value = s->user.value, .key = "" };
	if (setting_is_set(&s->user) && s->tls == SETTINGS_TLS_NONE)
		note(r, s, s->tls_said.line, ERROR, "lint.auth-without-tls",
		     "PROTOCOL = smtp+starttls",
		     "Gitea logs in over TLS only: with PROTOCOL = smtp it gives up");
}

const struct program_code code_gitea = { "gitea", .finish = gitea };

/*
 * --- GitLab: docs.gitlab.com/omnibus/settings/smtp; both TLS modes:
 * gitlab.com/gitlab-org/gitlab/-/issues/409835 ---
 */

static void gitlab(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *enable = find(r, "gitlab_rails.smtp_enable", group),
		*graph = find(r, "gitlab_rails.microsoft_graph_mailer_enabled", group);
	const struct entry *tls = find(r, "gitlab_rails.smtp_tls", group),
		*starttls = find(r, "gitlab_rails.smtp_enable_starttls_auto", group);
	const struct entry *user = find(r, "gitlab_rails.microsoft_graph_mailer_user_id", group);

	if (is_true(tls) && is_true(starttls))
		note(r, s, starttls->line, ERROR, "lint.both-tls-modes",
		     "gitlab_rails['smtp_enable_starttls_auto'] = false",
		     "smtp_tls and smtp_enable_starttls_auto are both true: since 15.10.4 GitLab "
		     "refuses to send (\"mutually exclusive\")");
	if (is_true(graph) && is_true(enable))
		note(r, s, graph->line, ERROR, "lint.two-mailers",
		     "gitlab_rails['smtp_enable'] = false", "SMTP and the Microsoft Graph mailer "
		     "are both switched on: one of them sends, and not the one you look at");
	if (is_true(graph)) {
		s->api = (struct setting) { .value = "graph",
					    .key = "gitlab_rails.microsoft_graph_mailer_enabled",
					    .line = graph->line };
		if (user)
			take_setting(r, s, &s->user, user);
	} else if (!is_true(enable)) {
		note(r, s, enable ? enable->line : 0, ERROR, "lint.switched-off",
		     "gitlab_rails['smtp_enable'] = true",
		     "smtp_enable is not true: GitLab hands mail to the sendmail program of this "
		     "machine, and these settings don't count");
	}
}

const struct program_code code_gitlab = { "gitlab", .finish = gitlab };

/* --- Mattermost: docs.mattermost.com/configure/smtp-email-configuration-settings.html --- */

static void mattermost(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *auth = find(r, "EmailSettings.EnableSMTPAuth", group),
		*send = find(r, "EmailSettings.SendEmailNotifications", group);

	if (is_true(auth))
		return;
	s->auth = (struct setting) { .value = "none", .key = "EmailSettings.EnableSMTPAuth",
				     .line = auth ? auth->line : 0 };
	if (setting_is_set(&s->user))
		note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off",
		     "\"EnableSMTPAuth\": true,", "there is a user name, but EnableSMTPAuth is not "
		     "true: Mattermost does not log in");
	if (is_false(send))
		note(r, s, send->line, WARNING, "lint.switched-off",
		     "\"SendEmailNotifications\": true,", "notifications by mail are switched off");
}

const struct program_code code_mattermost = { "mattermost", .finish = mattermost };

/*
 * --- Keycloak: www.keycloak.org/docs/latest/server_admin/#_email;
 * org.keycloak.email.DefaultEmailSenderProvider ---
 *
 * ssl is TLS from the start, starttls goes with mail.smtp.starttls.enable: where it
 * is offered. Port 25.
 */

static void keycloak(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *auth = find(r, "*smtpServer.auth", group),
		*type = find(r, "*smtpServer.authType", group);
	const struct entry *ssl = find(r, "*smtpServer.ssl", group),
		*starttls = find(r, "*smtpServer.starttls", group);

	if (is_true(ssl) && is_true(starttls))
		note(r, s, starttls->line, WARNING, "lint.both-tls-modes",
		     "\"starttls\": \"false\",",
		     "ssl and starttls are both on: TLS from the first byte is what is done");
	if (!is_true(auth)) {
		s->auth = (struct setting) { .value = "none", .key = "smtpServer.auth",
					     .line = auth ? auth->line : 0 };
		if (setting_is_set(&s->user))
			note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off",
			     "\"auth\": \"true\",", "there is a user name, but auth is not true: "
			     "Keycloak does not log in");
	} else if (value_is(type, "token")) {
		s->auth = (struct setting) { .value = "xoauth2", .key = "smtpServer.authType",
					     .line = type->line };
	}
	if (s->secret && str_has_prefix(secret_bytes(s->secret), "**")) {
		secret_free(s->secret);
		s->secret = NULL;
		note(r, s, s->password.line, INFO, "lint.value-elsewhere", "",
		     "an export leaves the password out: asterisks stand in its place");
	}
}

const struct program_code code_keycloak = { "keycloak", .finish = keycloak };

/*
 * --- Nextcloud:
 * docs.nextcloud.com/server/latest/admin_manual/configuration_server/email_configuration.html ---
 *
 * mail_smtpsecure: ssl is TLS from the start; everything else is left to Symfony Mailer, STARTTLS
 * where it is offered, port 465 TLS.
 */

static void nextcloud(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *mode = find(r, "*mail_smtpmode", group),
		*auth = find(r, "*mail_smtpauth", group),
		*name = find(r, "*mail_from_address", group),
		*domain = find(r, "*mail_domain", group);

	if (value_is(mode, "sendmail|qmail|php|null"))
		take_field(r, s, FIELD_API, mode);
	if (!is_true(auth)) {
		s->auth = (struct setting) { .value = "none", .key = "mail_smtpauth",
					     .line = auth ? auth->line : 0 };
		if (setting_is_set(&s->user))
			note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off",
			     "'mail_smtpauth' => true,", "there is a user name, but mail_smtpauth "
			     "is not true: Nextcloud does not log in");
	}
	if (name && domain && name->value && domain->value) {
		struct entry from = *name;

		from.value = arena_printf(r->work, "%s@%s", name->value, domain->value);
		take_setting(r, s, &s->from, &from);
	}
}

const struct program_code code_nextcloud = { "nextcloud", .finish = nextcloud };
