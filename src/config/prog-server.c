/*
 * prog-server - servers that send mail beside their work: Grafana, Gitea and Forgejo, GitLab, Mattermost, Keycloak, Nextcloud.
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
 * --- Grafana: grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#smtp ---
 *
 * host localhost:25, startTLS_policy OpportunisticStartTLS, port 465 is TLS from the start (github.com/go-mail/mail: NewDialer). No OAuth:
 * github.com/grafana/alerting/issues/365.
 */

static const struct key_row grafana_keys[] = {
	{ "smtp.host", FIELD_HOST_PORT }, { "smtp.user", FIELD_USER }, { "smtp.password", FIELD_PASSWORD },
	{ "smtp.from_address", FIELD_FROM },
	{ "smtp.ehlo_identity", FIELD_HELO }, { "smtp.cert_file", FIELD_CERT }, { NULL, FIELD_NONE },
};
static const struct word_row grafana_tls[] = {
	{ "", "", SETTINGS_TLS_IMPLICIT, "465" }, { "smtp.startTLS_policy", "MandatoryStartTLS", SETTINGS_TLS_STARTTLS, NULL },
	{ "smtp.startTLS_policy", "NoStartTLS", SETTINGS_TLS_NONE, NULL },
	{ "smtp.startTLS_policy", "*", SETTINGS_TLS_OPPORTUNISTIC, NULL },
	{ "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL }, { NULL, NULL, 0, NULL },
};
static const struct word_row grafana_verify[] = {
	{ "smtp.skip_verify", TRUE_WORDS, true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row grafana_lines[] = {
	{ "host+port", "host = %:^" }, { "user", "user = %" }, { "from", "from_address = %" },
	{ "tls=starttls", "startTLS_policy = MandatoryStartTLS" },
	{ NULL, NULL },
};

static void grafana_both(struct reading *r, struct mail_settings *s, const struct entry *enabled, const char *enable)
{
	if (!is_true(enabled))
		note(r, s, enabled ? enabled->line : 0, ERROR, "lint.switched-off", enable, "mail is switched off%s: Grafana sends nothing",
		     enabled ? "" : " by default");
	if (setting_is_set(&s->user) && (str_find_nocase(s->host.value ? s->host.value : "", "office365") || str_find_nocase(s->host.value ?
														  s->host.value : "",
														  	"outlook")))
		note(r, s, s->user.line, WARNING, "lint.no-oauth", "send through a relay of your own that knows OAuth, or by another path",
		     "Grafana logs in with a password only, it has no OAuth: this works as long as Microsoft takes passwords");
	if (!s->from.line)
		note(r, s, 0, WARNING, "lint.from-default", "from_address = ADDRESS OF THE MAILBOX",
		     "from_address is not set: Grafana sends as %s, which no provider lets out", s->from.value ? s->from.value : "nobody");
}

static void grafana(struct reading *r, struct mail_settings *s, unsigned group)
{
	grafana_both(r, s, find(r, "smtp.enabled", group), "enabled = true");
}

const struct program program_grafana = {
	.name = "grafana", .title = "Grafana", .source = "https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#smtp",
	.files = FILES("grafana*.ini", "custom.ini", "defaults.ini"),
	.signs = FILES("smtp.host", "smtp.startTLS_policy", "smtp.from_address"),
	.parse = parse_ini, .keys = grafana_keys, .tls = grafana_tls, .verify = grafana_verify, .lines = grafana_lines,
	.host = "localhost", .port = "25",
	.from = "admin@grafana.localhost", .finish = grafana,
};

static const struct key_row grafana_env_keys[] = {
	{ "GF_SMTP_HOST", FIELD_HOST_PORT }, { "GF_SMTP_USER", FIELD_USER }, { "GF_SMTP_PASSWORD", FIELD_PASSWORD },
	{ "GF_SMTP_FROM_ADDRESS", FIELD_FROM },
	{ "GF_SMTP_EHLO_IDENTITY", FIELD_HELO }, { NULL, FIELD_NONE },
};
static const struct word_row grafana_env_tls[] = {
	{ "", "", SETTINGS_TLS_IMPLICIT, "465" }, { "GF_SMTP_STARTTLS_POLICY", "MandatoryStartTLS", SETTINGS_TLS_STARTTLS, NULL },
	{ "GF_SMTP_STARTTLS_POLICY", "NoStartTLS", SETTINGS_TLS_NONE, NULL }, { "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct word_row grafana_env_verify[] = {
	{ "GF_SMTP_SKIP_VERIFY", TRUE_WORDS, true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row grafana_env_lines[] = {
	{ "host+port", "GF_SMTP_HOST=%:^" }, { "user", "GF_SMTP_USER=%" }, { "from", "GF_SMTP_FROM_ADDRESS=%" },
	{ "tls=starttls", "GF_SMTP_STARTTLS_POLICY=MandatoryStartTLS" }, { NULL, NULL },
};

static void grafana_env(struct reading *r, struct mail_settings *s, unsigned group)
{
	grafana_both(r, s, find(r, "GF_SMTP_ENABLED", group), "GF_SMTP_ENABLED=true");
}

const struct program program_grafana_env = {
	.name = "grafana", .title = "Grafana", .source = "https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#smtp",
	.files = FILES(".env*", "*.env"), .signs = FILES("GF_SMTP_*"), .parse = parse_env, .keys = grafana_env_keys, .tls = grafana_env_tls,
	.verify = grafana_env_verify, .lines = grafana_env_lines, .host = "localhost", .port = "25", .from = "admin@grafana.localhost",
	.finish = grafana_env,
};

/* --- Gitea and Forgejo: github.com/go-gitea/gitea, modules/setting/mailer.go; docs.gitea.com/administration/email-setup --- */

static const struct key_row gitea_keys[] = {
	{ "mailer.SMTP_ADDR", FIELD_HOST }, { "mailer.HOST", FIELD_HOST_PORT }, { "mailer.SMTP_PORT", FIELD_PORT },
	{ "mailer.USER", FIELD_USER },
	{ "mailer.PASSWD", FIELD_PASSWORD }, { "mailer.FROM", FIELD_FROM }, { "mailer.HELO_HOSTNAME", FIELD_HELO },
	{ "mailer.CLIENT_CERT_FILE", FIELD_CERT }, { NULL, FIELD_NONE },
};
static const struct word_row gitea_tls[] = {
	{ "mailer.PROTOCOL", "smtps", SETTINGS_TLS_IMPLICIT, NULL },
	{ "mailer.PROTOCOL", "smtp+starttls|smtp+startls", SETTINGS_TLS_STARTTLS, NULL },
	{ "mailer.PROTOCOL", "smtp", SETTINGS_TLS_NONE, NULL }, { "mailer.IS_TLS_ENABLED", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "mailer.IS_TLS_ENABLED", FALSE_WORDS, SETTINGS_TLS_STARTTLS, NULL }, { "", "", SETTINGS_TLS_STARTTLS, "587" },
	{ "", "", SETTINGS_TLS_NONE, "25" }, { "", "", SETTINGS_TLS_IMPLICIT, NULL }, { NULL, NULL, 0, NULL },
};
static const struct word_row gitea_verify[] = {
	{ "mailer.FORCE_TRUST_SERVER_CERT", TRUE_WORDS, true, NULL }, { "mailer.SKIP_VERIFY", TRUE_WORDS, true, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct line_row gitea_lines[] = {
	{ "host", "SMTP_ADDR = %" }, { "port", "SMTP_PORT = %" }, { "user", "USER = %" }, { "from", "FROM = %" },
	{ "tls=starttls", "PROTOCOL = smtp+starttls" }, { "tls=implicit", "PROTOCOL = smtps" }, { NULL, NULL },
};

static void gitea(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *enabled = find(r, "mailer.ENABLED", group), *protocol = find(r, "mailer.PROTOCOL", group);

	if (!is_true(enabled))
		note(r, s, enabled ? enabled->line : 0, ERROR, "lint.switched-off", "ENABLED = true",
		     "the mailer is switched off%s: nothing is sent",
		     enabled ? "" : " by default");
	if (value_is(protocol, "sendmail|dummy|smtp+unix"))
		take_field(r, s, FIELD_API, protocol);
	if (!s->port.value && !s->port.line)
		s->port = (struct setting) { .value = s->tls == SETTINGS_TLS_IMPLICIT ? "465" : s->tls == SETTINGS_TLS_NONE ? "25" :
					     "587", .key = "" };
	if (!s->from.value && !s->from.line)
		s->from = (struct setting) { .value = s->user.value, .key = "" };
	if (setting_is_set(&s->user) && s->tls == SETTINGS_TLS_NONE)
		note(r, s, s->tls_said.line, ERROR, "lint.auth-without-tls", "PROTOCOL = smtp+starttls",
		     "Gitea logs in over TLS only: with PROTOCOL = smtp it gives up");
}

const struct program program_gitea = {
	.name = "gitea", .title = "Gitea or Forgejo", .source = "https://docs.gitea.com/administration/config-cheat-sheet#mailer-mailer",
	.files = FILES("app.ini"),
	.signs = FILES("mailer.SMTP_ADDR", "mailer.HOST", "mailer.PROTOCOL"),
	.parse = parse_ini, .keys = gitea_keys, .tls = gitea_tls, .verify = gitea_verify,
	.lines = gitea_lines, .finish = gitea,
};

/* --- GitLab: docs.gitlab.com/omnibus/settings/smtp; both TLS modes: gitlab.com/gitlab-org/gitlab/-/issues/409835 --- */

static const struct key_row gitlab_keys[] = {
	{ "gitlab_rails.smtp_address", FIELD_HOST }, { "gitlab_rails.smtp_port", FIELD_PORT },
	{ "gitlab_rails.smtp_user_name", FIELD_USER },
	{ "gitlab_rails.smtp_password", FIELD_PASSWORD }, { "gitlab_rails.smtp_authentication", FIELD_AUTH },
	{ "gitlab_rails.smtp_domain", FIELD_HELO },
	{ "gitlab_rails.gitlab_email_from", FIELD_FROM }, { "gitlab_rails.smtp_ca_file", FIELD_CA },
	{ "gitlab_rails.microsoft_graph_mailer_tenant", FIELD_TENANT },
	{ "gitlab_rails.microsoft_graph_mailer_client_id", FIELD_CLIENT_ID },
	{ "gitlab_rails.microsoft_graph_mailer_client_secret", FIELD_CLIENT_SECRET }, { NULL, FIELD_NONE },
};
static const struct word_row gitlab_tls[] = {
	{ "gitlab_rails.smtp_tls", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "gitlab_rails.smtp_ssl", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "gitlab_rails.smtp_enable_starttls_auto", FALSE_WORDS, SETTINGS_TLS_NONE, NULL }, { "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct word_row gitlab_verify[] = {
	{ "gitlab_rails.smtp_openssl_verify_mode", "none", true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row gitlab_lines[] = {
	{ "host", "gitlab_rails['smtp_address'] = \"%\"" }, { "port", "gitlab_rails['smtp_port'] = %" },
	{ "user", "gitlab_rails['smtp_user_name'] = \"%\"" },
	{ "from", "gitlab_rails['gitlab_email_from'] = \"%\"" },
	{ "tls=starttls", "gitlab_rails['smtp_enable_starttls_auto'] = true\ngitlab_rails['smtp_tls'] = false" },
	{ "tls=implicit", "gitlab_rails['smtp_tls'] = true\ngitlab_rails['smtp_enable_starttls_auto'] = false" },
	{ "auth=login", "gitlab_rails['smtp_authentication'] = \"login\"" },
	{ "auth=plain", "gitlab_rails['smtp_authentication'] = \"plain\"" }, { NULL, NULL },
};

static void gitlab(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *enable = find(r, "gitlab_rails.smtp_enable", group),
		*graph = find(r, "gitlab_rails.microsoft_graph_mailer_enabled", group);
	const struct entry *tls = find(r, "gitlab_rails.smtp_tls", group),
		*starttls = find(r, "gitlab_rails.smtp_enable_starttls_auto", group);
	const struct entry *user = find(r, "gitlab_rails.microsoft_graph_mailer_user_id", group);

	if (is_true(tls) && is_true(starttls))
		note(r, s, starttls->line, ERROR, "lint.both-tls-modes", "gitlab_rails['smtp_enable_starttls_auto'] = false",
		     "smtp_tls and smtp_enable_starttls_auto are both true: since 15.10.4 GitLab refuses to send (\"mutually exclusive\")");
	if (is_true(graph) && is_true(enable))
		note(r, s, graph->line, ERROR, "lint.two-mailers", "gitlab_rails['smtp_enable'] = false",
		     "SMTP and the Microsoft Graph mailer are both switched on: one of them sends, and not the one you look at");
	if (is_true(graph)) {
		s->api = (struct setting) { .value = "graph", .key = "gitlab_rails.microsoft_graph_mailer_enabled", .line = graph->line };
		if (user)
			take_setting(r, s, &s->user, user);
	} else if (!is_true(enable)) {
		note(r, s, enable ? enable->line : 0, ERROR, "lint.switched-off", "gitlab_rails['smtp_enable'] = true",
		     "smtp_enable is not true: GitLab hands mail to the sendmail program of this machine, and these settings don't count");
	}
}

const struct program program_gitlab = {
	.name = "gitlab", .title = "GitLab (Omnibus)", .source = "https://docs.gitlab.com/omnibus/settings/smtp",
	.files = FILES("gitlab.rb"),
	.signs = FILES("gitlab_rails.smtp_address", "gitlab_rails.smtp_enable", "gitlab_rails.microsoft_graph_mailer_enabled"),
	.parse = parse_ruby,
	.keys = gitlab_keys, .tls = gitlab_tls, .verify = gitlab_verify, .lines = gitlab_lines, .host = "localhost", .port = "25",
	.finish = gitlab,
};

/* --- Mattermost: docs.mattermost.com/configure/smtp-email-configuration-settings.html --- */

static const struct key_row mattermost_keys[] = {
	{ "EmailSettings.SMTPServer", FIELD_HOST }, { "EmailSettings.SMTPPort", FIELD_PORT }, { "EmailSettings.SMTPUsername", FIELD_USER },
	{ "EmailSettings.SMTPPassword", FIELD_PASSWORD }, { "EmailSettings.FeedbackEmail", FIELD_FROM }, { NULL, FIELD_NONE },
};
static const struct word_row mattermost_tls[] = {
	{ "EmailSettings.ConnectionSecurity", "TLS", SETTINGS_TLS_IMPLICIT, NULL },
	{ "EmailSettings.ConnectionSecurity", "STARTTLS", SETTINGS_TLS_STARTTLS, NULL },
	{ "", "", SETTINGS_TLS_NONE, NULL }, { NULL, NULL, 0, NULL },
};
static const struct word_row mattermost_verify[] = {
	{ "EmailSettings.SkipServerCertificateVerification", TRUE_WORDS, true, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row mattermost_lines[] = {
	{ "host", "\"SMTPServer\": \"%\"," }, { "port", "\"SMTPPort\": \"%\"," }, { "user", "\"SMTPUsername\": \"%\"," },
	{ "from", "\"FeedbackEmail\": \"%\"," },
	{ "tls=starttls", "\"ConnectionSecurity\": \"STARTTLS\"," }, { "tls=implicit", "\"ConnectionSecurity\": \"TLS\"," }, { NULL, NULL },
};

static void mattermost(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *auth = find(r, "EmailSettings.EnableSMTPAuth", group),
		*send = find(r, "EmailSettings.SendEmailNotifications", group);

	if (is_true(auth))
		return;
	s->auth = (struct setting) { .value = "none", .key = "EmailSettings.EnableSMTPAuth", .line = auth ? auth->line : 0 };
	if (setting_is_set(&s->user))
		note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off", "\"EnableSMTPAuth\": true,",
		     "there is a user name, but EnableSMTPAuth is not true: Mattermost does not log in");
	if (is_false(send))
		note(r, s, send->line, WARNING, "lint.switched-off", "\"SendEmailNotifications\": true,",
		     "notifications by mail are switched off");
}

const struct program program_mattermost = {
	.name = "mattermost", .title = "Mattermost",
	.source = "https://docs.mattermost.com/configure/smtp-email-configuration-settings.html",
	.files = FILES("config.json", "*mattermost*.json"),
	.signs = FILES("EmailSettings.SMTPServer", "EmailSettings.ConnectionSecurity"), .parse = parse_json,
	.keys = mattermost_keys, .tls = mattermost_tls, .verify = mattermost_verify, .lines = mattermost_lines, .host = "localhost",
	.port = "10025",
	.finish = mattermost,
};

/*
 * --- Keycloak: www.keycloak.org/docs/latest/server_admin/#_email; org.keycloak.email.DefaultEmailSenderProvider ---
 *
 * ssl is TLS from the start, starttls goes with mail.smtp.starttls.enable: where it is offered. Port 25.
 */

static const struct key_row keycloak_keys[] = {
	{ "*smtpServer.host", FIELD_HOST }, { "*smtpServer.port", FIELD_PORT }, { "*smtpServer.user", FIELD_USER },
	{ "*smtpServer.password", FIELD_PASSWORD },
	{ "*smtpServer.from", FIELD_FROM }, { "*smtpServer.authTokenUrl", FIELD_TOKEN_URL }, { "*smtpServer.authTokenScope", FIELD_SCOPE },
	{ "*smtpServer.authTokenClientId", FIELD_CLIENT_ID }, { "*smtpServer.authTokenClientSecret", FIELD_CLIENT_SECRET },
	{ NULL, FIELD_NONE },
};
static const struct word_row keycloak_tls[] = {
	{ "*smtpServer.ssl", TRUE_WORDS, SETTINGS_TLS_IMPLICIT, NULL },
	{ "*smtpServer.starttls", TRUE_WORDS, SETTINGS_TLS_OPPORTUNISTIC, NULL },
	{ "", "", SETTINGS_TLS_NONE, NULL }, { NULL, NULL, 0, NULL },
};
static const struct line_row keycloak_lines[] = {
	{ "host", "\"host\": \"%\"," }, { "port", "\"port\": \"%\"," }, { "user", "\"user\": \"%\"," }, { "from", "\"from\": \"%\"," },
	{ "tls=starttls", "\"starttls\": \"true\",\n\"ssl\": \"false\"," },
	{ "tls=implicit", "\"ssl\": \"true\",\n\"starttls\": \"false\"," },
	{ "auth=xoauth2", "\"authType\": \"token\"," }, { NULL, NULL },
};

static void keycloak(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *auth = find(r, "*smtpServer.auth", group), *type = find(r, "*smtpServer.authType", group);
	const struct entry *ssl = find(r, "*smtpServer.ssl", group), *starttls = find(r, "*smtpServer.starttls", group);

	if (is_true(ssl) && is_true(starttls))
		note(r, s, starttls->line, WARNING, "lint.both-tls-modes", "\"starttls\": \"false\",",
		     "ssl and starttls are both on: TLS from the first byte is what is done");
	if (!is_true(auth)) {
		s->auth = (struct setting) { .value = "none", .key = "smtpServer.auth", .line = auth ? auth->line : 0 };
		if (setting_is_set(&s->user))
			note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off", "\"auth\": \"true\",",
			     "there is a user name, but auth is not true: Keycloak does not log in");
	} else if (value_is(type, "token")) {
		s->auth = (struct setting) { .value = "xoauth2", .key = "smtpServer.authType", .line = type->line };
	}
	if (s->secret && str_has_prefix(secret_bytes(s->secret), "**")) {
		secret_free(s->secret);
		s->secret = NULL;
		note(r, s, s->password.line, INFO, "lint.value-elsewhere", "",
		     "an export leaves the password out: asterisks stand in its place");
	}
}

const struct program program_keycloak = {
	.name = "keycloak", .expert = true, .title = "Keycloak", .source = "https://www.keycloak.org/docs/latest/server_admin/#_email",
	.files = FILES("*realm*.json"),
	.signs = FILES("*smtpServer.host", "*smtpServer.from"),
	.parse = parse_json, .keys = keycloak_keys, .tls = keycloak_tls, .lines = keycloak_lines,
	.port = "25", .finish = keycloak,
};

/*
 * --- Nextcloud: docs.nextcloud.com/server/latest/admin_manual/configuration_server/email_configuration.html ---
 *
 * mail_smtpsecure: ssl is TLS from the start; everything else is left to Symfony Mailer, STARTTLS where it is offered, port 465 TLS.
 */

static const struct key_row nextcloud_keys[] = {
	{ "*mail_smtphost", FIELD_HOST }, { "*mail_smtpport", FIELD_PORT }, { "*mail_smtpname", FIELD_USER },
	{ "*mail_smtppassword", FIELD_PASSWORD },
	{ NULL, FIELD_NONE },
};
static const struct word_row nextcloud_tls[] = {
	{ "*mail_smtpsecure", "ssl", SETTINGS_TLS_IMPLICIT, NULL }, { "", "", SETTINGS_TLS_IMPLICIT, "465" },
	{ "", "", SETTINGS_TLS_OPPORTUNISTIC, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct word_row nextcloud_verify[] = {
	{ "*mail_smtpstreamoptions.ssl.verify_peer*", FALSE_WORDS, true, NULL },
	{ "*mail_smtpstreamoptions.ssl.allow_self_signed", TRUE_WORDS, true, NULL },
	{ NULL, NULL, 0, NULL },
};
static const struct line_row nextcloud_lines[] = {
	{ "host", "'mail_smtphost' => '%'," }, { "port", "'mail_smtpport' => %," }, { "user", "'mail_smtpname' => '%'," },
	{ "tls=starttls", "'mail_smtpsecure' => ''," },
	{ "tls=implicit", "'mail_smtpsecure' => 'ssl'," }, { NULL, NULL },
};

static void nextcloud(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *mode = find(r, "*mail_smtpmode", group), *auth = find(r, "*mail_smtpauth", group),
		*name = find(r, "*mail_from_address", group),
		*domain = find(r, "*mail_domain", group);

	if (value_is(mode, "sendmail|qmail|php|null"))
		take_field(r, s, FIELD_API, mode);
	if (!is_true(auth)) {
		s->auth = (struct setting) { .value = "none", .key = "mail_smtpauth", .line = auth ? auth->line : 0 };
		if (setting_is_set(&s->user))
			note(r, s, auth ? auth->line : s->user.line, ERROR, "lint.switched-off", "'mail_smtpauth' => true,",
			     "there is a user name, but mail_smtpauth is not true: Nextcloud does not log in");
	}
	if (name && domain && name->value && domain->value) {
		struct entry from = *name;

		from.value = arena_printf(r->work, "%s@%s", name->value, domain->value);
		take_setting(r, s, &s->from, &from);
	}
}

const struct program program_nextcloud = {
	.name = "nextcloud", .title = "Nextcloud",
	.source = "https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/email_configuration.html",
	.files = FILES("config.php", "*.config.php"), .signs = FILES("*mail_smtphost", "*mail_smtpmode"),
	.parse = parse_php, .keys = nextcloud_keys,
	.tls = nextcloud_tls, .verify = nextcloud_verify, .lines = nextcloud_lines, .host = "127.0.0.1", .port = "25", .finish = nextcloud,
};
