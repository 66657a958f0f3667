/*
 * t-path - which way a case is, what contradicts it, and what fits: every row of path-findings.tsv and of path-choices.tsv is reached.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/settings.h"
#include "know/tables.h"
#include "sending/inside.h"

enum { BEFORE = 1795132800, AFTER = 1798761600 };	/* 20 November 2026; 1 January 2027 */

#define SUB .ask.host = "smtp.office365.com", .port = 587, .tls = "starttls"
#define MXH .ask.host = "contoso-com.mail.protection.outlook.com", .port = 25
#define PASSWORD .credentials = PATH_YES, .password = PATH_YES, .token = PATH_NO
#define OAUTH .credentials = PATH_YES, .password = PATH_NO, .token = PATH_YES
#define SCAN .ask.user = "scan@contoso.com"
#define WORLD "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
#define GUID "6e1f7f0c-1111-4222-8333-0123456789ab"

static const struct wanted { const char *what; struct path_case c; const char *path, *findings; } cases[] = {
	{ "nothing at all", { .ask.host = "" }, "", "" },
	{ "client submission, as it should be", { SUB, SCAN, .ask.from = "scan@contoso.com", OAUTH, .ask.auth = "xoauth2", .token_url = WORLD,
	  .scope = "https://outlook.office365.com/.default" }, "client-submission", "" },
	{ "... with a password", { SUB, SCAN, PASSWORD, .ask.auth = "login" }, "client-submission", "path.password-flip-coming" },
	{ "... after the day", { SUB, SCAN, PASSWORD, .ask.auth = "login", .now = AFTER }, "client-submission", "path.password-flip-past" },
	{ "... which the server takes all the same", { SUB, SCAN, PASSWORD, .ask.auth = "login", .now = AFTER, .seen_login = PATH_YES }, "client-submission", "" },
	{ "a typo", { .ask.host = "smtp.office356.com", .port = 587 }, "", "path.host-typo" },
	{ "names mixed up", { .ask.host = "smtp.outlook.office365.com", .port = 587 }, "", "path.host-mixed" },
	{ "another typo", { .ask.host = "smtp.gmial.com", .port = 587 }, "", "path.host-near" },
	{ "... of a server that answers", { .ask.host = "smtp.gmial.com", .port = 587, .seen_open = PATH_YES }, "", "" },
	{ "the host for reading", { .ask.host = "outlook.office365.com", .port = 587, OAUTH }, "client-submission", "path.host-for-reading" },
	{ "an address", { .ask.host = "203.0.113.9", .port = 587, .credentials = PATH_YES }, "", "path.host-is-address" },
	{ "an address with its certificate", { .ask.host = "203.0.113.9", .port = 587, .credentials = PATH_YES, .seen_name = PATH_YES }, "", "" },
	{ "an alias of one's own", { .ask.host = "mail.contoso.com", .port = 587, .cname = "smtp.office365.com outlook.office365.com" }, "client-submission",
	  "path.host-is-alias" },
	{ "a retired host", { .ask.host = "smtp.live.com", .port = 587, .ask.user = "a@outlook.com", OAUTH }, "personal-outlook", "path.host-retired" },
	{ "a regional host", { .ask.host = "smtp-mail-eu.outlook.com", .port = 587 }, "personal-outlook", "path.host-retired" },
	{ "the host for old TLS", { .ask.host = "smtp-legacy.office365.com", .port = 587 }, "client-submission", "path.host-legacy-tls" },
	{ "credentials at the MX host", { MXH, SCAN, PASSWORD }, "direct-send", "path.credentials-at-mx" },
	{ "a login is meant, and the MX host is given", { MXH, .ask.path = "client-submission" }, "direct-send", "path.asked-login-at-mx" },
	{ "direct send to the submission host", { .ask.host = "smtp.office365.com", .port = 25, .ask.path = "direct-send", .seen_open = PATH_YES }, "client-submission",
	  "path.asked-mx-at-submission" },
	{ "the MX host on 587", { .ask.host = "contoso-com.mail.protection.outlook.com", .port = 587 }, "direct-send", "path.mx-wrong-port" },
	{ "outside recipients at the MX host", { MXH, .ask.means.external = PATH_YES }, "direct-send", "path.mx-outside" },
	{ "... which it takes", { MXH, .ask.means.external = PATH_YES, .seen_to = PATH_YES }, "direct-send", "" },
	{ "... with a certificate", { MXH, .ask.means.external = PATH_YES, .client_cert = PATH_YES, .tls = "starttls" }, "smtp-relay", "" },
	{ "... without demanding TLS", { MXH, .client_cert = PATH_YES, .tls = "opportunistic" }, "smtp-relay", "path.connector-without-tls" },
	{ "somebody else's recipient", { MXH, .ask.from = "a@contoso.com", .ask.to = "b@example.net" }, "direct-send", "path.mx-other-recipient" },
	{ "somebody else's MX host", { MXH, .ask.from = "a@fabrikam.com" }, "direct-send", "path.mx-of-other-domain" },
	{ "... to a recipient there", { MXH, .ask.from = "a@fabrikam.com", .ask.to = "b@contoso.com" }, "direct-send", "" },
	{ "... to somebody else's", { MXH, .ask.from = "a@fabrikam.com", .ask.to = "b@example.net" }, "direct-send", "path.mx-other-recipient path.mx-of-other-domain" },
	{ "its MX host under another name", { MXH, .ask.from = "a@fabrikam.com", .mx = "contoso-com.mail.protection.outlook.com" }, "direct-send", "" },
	{ "no login", { SUB, .credentials = PATH_NO }, "client-submission", "path.no-login" },
	{ "a relay that needs none", { .ask.host = "smtp-relay.gmail.com", .port = 587, .tls = "starttls", .credentials = PATH_NO }, "smtp-relay", "" },
	{ "a secret's id", { SUB, OAUTH, .client_id = GUID, .secret_is_id = PATH_YES }, "client-submission", "path.secret-is-id" },
	{ "465 at Microsoft", { .ask.host = "smtp.office365.com", .port = 465, .tls = "implicit" }, "client-submission", "path.port-465-microsoft" },
	{ "TLS at once on 587", { .ask.host = "smtp.office365.com", .port = 587, .tls = "implicit" }, "client-submission", "path.implicit-on-starttls" },
	{ "... at somebody unknown", { .ask.host = "mail.example.net", .port = 587, .tls = "implicit" }, "", "path.implicit-on-587" },
	{ "STARTTLS on 465", { .ask.host = "smtp.gmail.com", .port = 465, .tls = "starttls" }, "client-submission", "path.starttls-on-implicit" },
	{ "no TLS", { .ask.host = "smtp.office365.com", .port = 587, .tls = "none", SCAN, OAUTH }, "client-submission", "path.no-tls" },
	{ "TLS if it's offered", { .ask.host = "smtp.office365.com", .port = 587, .tls = "opportunistic", SCAN, OAUTH }, "client-submission", "path.tls-not-demanded" },
	{ "port 25", { .ask.host = "smtp.office365.com", .port = 25 }, "client-submission", "path.port-25-login" },
	{ "... which is open", { .ask.host = "smtp.office365.com", .port = 25, .seen_open = PATH_YES }, "client-submission", "" },
	{ "a port nobody documents", { .ask.host = "smtp.office365.com", .port = 2525 }, "client-submission", "path.port-not-offered" },
	{ "465 at others", { .ask.host = "smtp.postmarkapp.com", .port = 465, .tls = "implicit" }, "third-party", "path.port-465-not-offered" },
	{ "certificates unchecked", { SUB, .verify_off = PATH_YES }, "client-submission", "path.verify-off" },
	{ "PLAIN", { SUB, .ask.auth = "plain" }, "client-submission", "path.plain-at-microsoft" },
	{ "OAUTHBEARER", { SUB, .ask.auth = "oauthbearer" }, "client-submission", "path.oauthbearer-at-microsoft" },
	{ "OAuth, but LOGIN", { SUB, OAUTH, .ask.auth = "login" }, "client-submission", "path.oauth-but-password-login" },
	{ "XOAUTH2, but a password", { SUB, PASSWORD, .ask.auth = "xoauth2" }, "client-submission", "path.oauth-login-with-password" },
	{ "a user with a blank", { SUB, .ask.user = "Scan <scan@contoso.com>" }, "client-submission", "path.user-has-blank" },
	{ "DOMAIN\\user", { SUB, .ask.user = "CONTOSO\\scan" }, "client-submission", "path.user-domain-backslash" },
	{ "a bare user", { SUB, .ask.user = "scan" }, "client-submission", "path.user-bare" },
	{ "... who gets in", { SUB, .ask.user = "scan", .seen_login = PATH_YES }, "client-submission", "" },
	{ "the application as the user", { SUB, .ask.user = GUID }, "client-submission", "path.user-is-guid" },
	{ "an alias, maybe", { SUB, SCAN, .ask.from = "a@contoso.com", PASSWORD }, "client-submission",
	  "path.from-differs path.user-maybe-alias path.password-flip-coming" },
	{ "Google's own password", { .ask.host = "smtp.gmail.com", .port = 587, .ask.user = "a@gmail.com", PASSWORD, .app_password = PATH_NO }, "client-submission",
	  "path.app-password-needed" },
	{ "some password at Google", { .ask.host = "smtp.gmail.com", .port = 587, .ask.user = "a@gmail.com", PASSWORD }, "client-submission", "path.password-unseen" },
	{ "an app password", { .ask.host = "smtp.gmail.com", .port = 587, .ask.user = "a@gmail.com", PASSWORD, .app_password = PATH_YES }, "client-submission", "" },
	{ "SendGrid's user", { .ask.host = "smtp.sendgrid.net", .port = 587, .ask.user = "me@contoso.com", PASSWORD }, "third-party", "path.esp-user" },
	{ "... as it should be", { .ask.host = "smtp.sendgrid.net", .port = 587, .ask.user = "apikey", PASSWORD }, "third-party", "" },
	{ "Resend's user", { .ask.host = "smtp.resend.com", .port = 587, .ask.user = "me@contoso.com" }, "third-party", "path.esp-user-resend" },
	{ "a preset sender", { SUB, SCAN, .ask.from = "webmaster@localhost" }, "client-submission", "path.from-local" },
	{ "a sender of another domain", { SUB, SCAN, .ask.from = "a@fabrikam.com" }, "client-submission", "path.from-other-domain" },
	{ "another sender", { SUB, SCAN, .ask.from = "a@contoso.com" }, "client-submission", "path.from-differs" },
	{ "... accepted so far", { SUB, SCAN, .ask.from = "a@contoso.com", .seen_from = PATH_YES }, "client-submission", "path.from-unproven" },
	{ "a sender under onmicrosoft.com", { SUB, .ask.from = "a@contoso.onmicrosoft.com" }, "client-submission", "path.onmicrosoft-sender" },
	{ "scopes of two services", { SUB, OAUTH, .scope = "https://graph.microsoft.com/Mail.Send https://outlook.office.com/SMTP.Send" }, "client-submission",
	  "path.scope-mixed" },
	{ "Graph's scope", { SUB, OAUTH, .scope = "https://graph.microsoft.com/.default" }, "client-submission", "path.scope-graph" },
	{ "a scope without service", { SUB, OAUTH, .scope = "offline_access SMTP.Send" }, "client-submission", "path.scope-without-service" },
	{ "Google's scope", { SUB, OAUTH, .scope = "https://mail.google.com/" }, "client-submission", "path.scope-of-google" },
	{ "Microsoft's scope at Google", { .ask.host = "smtp.gmail.com", .port = 587, OAUTH, .scope = "https://outlook.office.com/SMTP.Send" }, "client-submission",
	  "path.scope-of-microsoft" },
	{ "Google's token", { SUB, OAUTH, .token_url = "https://oauth2.googleapis.com/token" }, "client-submission", "path.token-from-google" },
	{ "Microsoft's token at Google", { .ask.host = "smtp.gmail.com", .port = 587, OAUTH, .token_url = WORLD }, "client-submission", "path.token-from-microsoft" },
	{ "an application at common", { SUB, OAUTH, .token_url = "https://login.microsoftonline.com/common/oauth2/v2.0/token",
	  .scope = "https://outlook.office365.com/.default" }, "client-submission", "path.common-for-application" },
	{ "a national login", { SUB, OAUTH, .token_url = "https://login.microsoftonline.us/x/oauth2/v2.0/token" }, "client-submission", "path.cloud-of-login" },
	{ "a worldwide login in the US cloud", { .ask.host = "smtp.office365.us", .port = 587, OAUTH, .token_url = WORLD }, "client-submission", "path.cloud-of-login" },
	{ "... in China", { .ask.host = "smtp.partner.outlook.cn", .port = 587, OAUTH, .token_url = WORLD }, "client-submission", "path.cloud-of-login" },
	{ "a national scope", { SUB, OAUTH, .scope = "https://outlook.office365.us/.default" }, "client-submission", "path.cloud-of-scope" },
	{ "a worldwide scope in the US cloud", { .ask.host = "smtp.office365.us", .port = 587, OAUTH, .scope = "https://outlook.office365.com/.default" },
	  "client-submission", "path.cloud-of-scope" },
	{ "... in China", { .ask.host = "smtp.partner.outlook.cn", .port = 587, OAUTH, .scope = "https://outlook.office.com/SMTP.Send" }, "client-submission",
	  "path.cloud-of-scope" },
	{ "HVE to the outside", { .ask.host = "smtp.hve.mx.microsoft", .port = 587, .ask.means.external = PATH_YES }, "high-volume-email", "path.hve-outside" },
	{ "HVE to somebody else's", { .ask.host = "smtp.hve.mx.microsoft", .port = 587, .ask.user = "h@contoso.com", .ask.to = "a@example.net", .seen_login = PATH_YES },
	  "high-volume-email", "path.hve-other-recipient" },
	{ "HVE as another", { .ask.host = "smtp.hve.mx.microsoft", .port = 587, .ask.user = "h@contoso.com", .ask.from = "a@contoso.com" }, "high-volume-email",
	  "path.hve-from path.hve-account" },
	{ "HVE's old name", { .ask.host = "smtp-hve.office365.com", .port = 587 }, "high-volume-email", "path.hve-old-host" },
	{ "ACS, as it should be", { .ask.host = "smtp.azurecomm.net", .port = 587, .ask.user = "mail|" GUID "|" GUID, PASSWORD }, "azure-communication-services", "" },
	{ "ACS with a bar too few", { .ask.host = "smtp.azurecomm.net", .port = 587, .ask.user = "mail|" GUID }, "azure-communication-services", "path.acs-user" },
	{ "ACS with a mailbox", { .ask.host = "smtp.azurecomm.net", .port = 587, SCAN }, "azure-communication-services", "path.acs-user-is-mailbox" },
	{ "ACS's user elsewhere", { SUB, .ask.user = "mail|" GUID "|" GUID }, "client-submission", "path.acs-user-elsewhere" },
	{ "ACS by its user", { .ask.host = "mail.example.net", .port = 587, .ask.user = "mail|" GUID "|" GUID }, "azure-communication-services", "" },
	{ "a personal account", { SUB, .ask.user = "a@hotmail.co.uk" }, "client-submission", "path.personal-at-work-host" },
	{ "an organisation's at the personal host", { .ask.host = "smtp-mail.outlook.com", .port = 587, SCAN, OAUTH }, "personal-outlook", "path.work-at-personal-host" },
	{ "a personal password", { .ask.host = "smtp-mail.outlook.com", .port = 587, .ask.user = "a@outlook.com", PASSWORD }, "personal-outlook", "path.personal-password" },
	{ "an application at a personal account", { .ask.host = "smtp-mail.outlook.com", .port = 587, .ask.user = "a@outlook.com", OAUTH,
	  .scope = "https://outlook.office.com/.default" }, "personal-outlook", "path.personal-application" },
	{ "Graph", { .api = "graph" }, "graph", "path.not-smtp" },
	{ "Graph and SMTP", { SUB, .api = "microsoft_graph_mailer" }, "graph", "path.two-doors path.not-smtp" },
	{ "another door", { .api = "ses" }, "third-party", "path.not-smtp" },
	{ "a server of one's own", { .ask.host = "relay.contoso.local", .port = 25, .credentials = PATH_NO }, "third-party", "" },
	{ "... by address", { .ask.host = "172.20.1.1", .port = 25, .credentials = PATH_YES }, "third-party", "" },
	{ "Google's MX host", { .ask.host = "aspmx.l.google.com", .port = 25, .credentials = PATH_YES }, "direct-send", "path.credentials-at-mx" },
	{ "an MX host of one's own", { .ask.host = "mx.example.net", .port = 25, .mx = "mx.example.net", .credentials = PATH_YES }, "direct-send",
	  "path.credentials-at-mx" },
};

static char *ids(struct arena *a, const struct path_judgement *j)
{
	struct strv list = { 0 };

	for (const struct path_finding *f = j->findings; f; f = f->next)
		strv_add(&list, a, f->finding);
	return strv_join(&list, a, " ");
}

/* Nothing that is told may have a hole in it. */
static bool whole(const char *text)
{
	return *text && !strchr(text, '{') && !strstr(text, "unknown");
}

/* The names of the facts of a case. */
static void left(const struct know *know, struct arena *a, const struct path_case *c, struct strv *reached)
{
	const struct fact *f = NULL;
	struct path_view v;

	path_view_of(a, know, c, &v);
	while ((f = facts_match(v.facts, "*", f)))
		if (!strv_has(reached, f->name))
			strv_add(reached, a, f->name);
}

static void judged(const struct know *know, struct arena *a, struct strv *reached)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct path_case c = cases[i].c;
		const struct path_judgement *j;
		bool good = true;

		c.now = c.now ? c.now : BEFORE;
		left(know, a, &c, reached);
		j = path_judge(a, know, &c);
		is_str(j->path, cases[i].path, cases[i].what);
		is_str(ids(a, j), cases[i].findings, cases[i].what);
		ok(!*j->path || *j->path_why, "... and how the way is known");
		for (const struct path_finding *f = j->findings; f; f = f->next) {
			strv_add(reached, a, f->finding);
			good = good && whole(f->message) && whole(f->fix) && *f->source;
		}
		ok(good, "... in whole sentences");
	}
}

/* --- what fits --- */

#define M365 .mx = "contoso-com.mail.protection.outlook.com"
#define NO PATH_NO
#define YES PATH_YES

static const struct { const char *what; struct path_case c; const char *rules; } fits[] = {
	{ "nothing known", { .ask.host = "" }, "" },
	{ "a stranger's server", { .ask.host = "mail.example.net", .port = 587 }, "" },
	{ "Microsoft 365, nothing else", { M365 }, "usual usual-graph usual-relay" },
	{ "no administrator", { M365, .ask.means.admin = NO }, "no-admin usual usual-graph" },
	{ "no administrator, inside", { M365, .ask.means = { .admin = NO, .external = NO } }, "no-admin-inside no-admin usual" },
	{ "own code", { M365, .ask.means.own_code = YES }, "own-program usual usual-relay" },
	{ "it sends by Graph", { M365, .api = "graph" }, "graph-already usual usual-relay" },
	{ "OAuth", { M365, .ask.means.can_oauth = YES }, "oauth usual-graph usual-relay" },
	{ "OAuth, old TLS", { M365, .ask.means = { .can_oauth = YES, .can_tls12 = NO } }, "relay-for-old-tls legacy-endpoint usual-graph" },
	{ "old TLS, a fixed address", { M365, .ask.means = { .can_tls12 = NO, .external = YES, .static_ip = YES, .port_25 = YES } },
	  "outside-old-tls-by-address relay-for-old-tls legacy-endpoint" },
	{ "old TLS, inside", { M365, .ask.means = { .can_tls12 = NO, .external = NO, .static_ip = NO } }, "old-tls-inside relay-for-old-tls legacy-endpoint" },
	{ "old TLS, inside, a fixed address", { M365, .ask.means = { .can_tls12 = NO, .external = NO, .static_ip = YES } },
	  "old-tls-inside-fixed old-tls-inside relay-for-old-tls" },
	{ "no login, inside", { M365, .ask.means = { .can_auth = NO, .external = NO } }, "no-login-inside relay-with-oauth usual-relay" },
	{ "no login, inside, a fixed address", { M365, .ask.means = { .can_auth = NO, .external = NO, .static_ip = YES } },
	  "no-login-inside-fixed no-login-inside relay-with-oauth" },
	{ "no login, outside, a fixed address", { M365, .ask.means = { .can_auth = NO, .external = YES, .static_ip = YES, .port_25 = YES } },
	  "outside-by-address relay-with-oauth outside-service" },
	{ "no login, port 25 closed", { M365, .ask.means = { .can_auth = NO, .external = NO, .port_25 = NO } }, "relay-with-oauth usual-service" },
	{ "a certificate", { M365, .ask.means = { .can_oauth = NO, .external = YES, .can_cert = YES, .port_25 = YES } },
	  "outside-by-certificate relay-with-oauth password-until-the-day" },
	{ "a password, inside", { M365, .ask.means = { .can_oauth = NO, .external = NO } }, "inside-hve relay-with-oauth password-until-the-day" },
	{ "a password", { M365, .ask.means = { .can_oauth = NO, .external = YES } }, "relay-with-oauth password-until-the-day outside-acs" },
	{ "a password, later", { M365, .ask.means = { .can_oauth = NO, .external = YES }, .now = AFTER }, "relay-with-oauth password-after-the-day outside-acs" },
	{ "a password in China", { .mx = "x.mail.protection.partner.outlook.cn", .ask.means = { .can_oauth = NO, .external = YES } },
	  "relay-with-oauth outside-acs outside-service" },
	{ "much, to the outside", { M365, .ask.means.volume = 20000 }, "bulk-acs bulk-service usual-graph" },
	{ "much, to the inside", { M365, .ask.means = { .volume = 20000, .external = NO } }, "bulk-inside usual-graph usual-relay" },
	{ "inside, no OAuth and no port 25", { M365, .ask.means = { .can_oauth = NO, .can_tls12 = NO, .can_auth = NO, .external = NO, .port_25 = NO } },
	  "relay-with-oauth usual-service" },
	{ "inside, without fixed address", { M365, .ask.means = { .external = NO, .static_ip = NO } }, "usual usual-graph usual-direct" },
	{ "port 25 is closed", { M365, .ask.means.port_25 = NO }, "usual usual-graph usual-relay-with-oauth" },
	{ "the personal account", { .ask.host = "smtp-mail.outlook.com" }, "personal-oauth personal-graph personal-no-oauth" },
	{ "the personal account without OAuth", { .ask.user = "a@outlook.com", .ask.means.can_oauth = NO }, "personal-no-oauth" },
	{ "Google", { .ask.host = "smtp.gmail.com" }, "google-app-password google-relay-too google-other" },
	{ "Google with OAuth", { .ask.host = "smtp.gmail.com", .ask.means.can_oauth = YES }, "google-oauth google-app-password google-relay-too" },
	{ "Google without login", { .ask.host = "smtp.gmail.com", .ask.means.can_auth = NO }, "google-relay google-other" },
	{ "much at Google", { .ask.host = "smtp.gmail.com", .ask.means.volume = 5000 }, "google-bulk google-app-password google-relay-too" },
	{ "a provider like others", { .ask.host = "smtp.fastmail.com" }, "own-provider own-service" },
	{ "a mailing service", { .ask.host = "smtp.sendgrid.net" }, "stay" },
	{ "a filter before Microsoft 365", { .ask.host = "smtp.office365.com", .mx = "mxa.pphosted.com" }, "usual usual-graph usual-relay" },
};

static void chosen(const struct know *know, struct arena *a, struct strv *reached)
{
	for (size_t i = 0; i < ARRAY_LEN(fits); i++) {
		struct path_case c = fits[i].c;
		const struct path_judgement *j;
		struct strv rules = { 0 };
		bool good = true;

		c.now = c.now ? c.now : BEFORE;
		left(know, a, &c, reached);
		j = path_judge(a, know, &c);
		for (size_t k = 0; k < j->n_recommended; k++) {
			const struct path_choice *one = &j->recommended[k];

			strv_add(&rules, a, one->rule);
			strv_add(reached, a, one->rule);
			good = good && whole(one->name) && whole(one->why) && one->prerequisites.n && one->breaks.n && *one->source;
			for (size_t n = 0; n < one->prerequisites.n; n++)
				good = good && whole(one->prerequisites.v[n]);
		}
		is_str(strv_join(&rules, a, " "), fits[i].rules, fits[i].what);
		ok(good, "... in whole sentences, with what it needs and what would break it");
	}
}

static void asked(const struct know *know, struct arena *a)
{
	const struct { const char *what; struct path_case c; const char *want; size_t n; } table[] = {
		{ "nobody knows whose domain", { .ask.host = "" }, "mailboxes of the sender's domain", 1 },
		{ "all is open", { M365 }, "--own-code", 3 },
		{ "OAuth decides", { M365, .ask.means = { .own_code = NO, .volume = 100, .external = YES, .can_tls12 = YES } }, "--can oauth", 3 },
		{ "nothing is open", { M365, .ask.means = { .own_code = YES, .volume = 100 } }, NULL, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct path_judgement *j = path_judge(a, know, &table[i].c);
		char *all = strv_join(&j->unknown, a, "; ");

		ok(j->unknown.n == table[i].n && (!table[i].want || strstr(all, table[i].want)), table[i].what);
		if (j->unknown.n != table[i].n)
			printf("# %s\n", all);
	}
}

static void all_reached(const struct know *know, const struct strv *reached)
{
	const struct path_finding_row *f;
	const struct path_choice_row *c;
	const struct fact_kind *fact;

	for (size_t i = 0; (f = know_path_finding_at(know, i)); i++)
		if (!strv_has(reached, f->id))
			ok(false, f->id);
	for (size_t i = 0; (c = know_path_choice_at(know, i)); i++)
		if (!strv_has(reached, c->id))
			ok(false, c->id);
	for (size_t i = 0; (fact = know_fact_at(know, i)); i++)
		if (str_has_prefix(fact->by, "settings") && !strchr(fact->name, '*') &&
		    !strv_has(reached, fact->name))
			ok(false, fact->name);
	ok(reached->n > 100, "every row was reached, and every fact of a case was left");
}

/* --- the tables --- */

#define COLUMNS "id\twhen\tseverity\tsetting\tcause\tmessage\tfix\tconfidence\tsource\n"

static void mistakes(struct arena *a)
{
	static const struct { const char *what, *row, *error; } rows[] = {
		{ "a good row", "path.a\tcase.host = x\terror\thost\twrong-host\tm {case.host}\tf\texpert\ts\n", NULL },
		{ "no such fact", "path.a\tcase.hots = x\terror\thost\t-\tm\tf\texpert\ts\n", "mine.tsv:2: column 'when': 'case.hots' is no fact of a case" },
		{ "no such fact in the words", "path.a\tcase.host\terror\thost\t-\tm {case.hots}\tf\texpert\ts\n",
		  "mine.tsv:2: column 'message': '{case.hots}' is no fact of a case" },
		{ "a finding", "path.a\tfinding:x\terror\thost\t-\tm\tf\texpert\ts\n", "mine.tsv:2: column 'when': only facts can be asked for here" },
		{ "no source", "path.a\tcase.host\terror\thost\t-\tm\tf\texpert\t-\n", "mine.tsv:2: column 'source': must not be empty" },
		{ "no such cause", "path.a\tcase.host\terror\thost\tx\tm\tf\texpert\ts\n", "mine.tsv:2: column 'cause': 'x' is no cause of causes.txt" },
		{ "another name", "a\tcase.host\terror\thost\t-\tm\tf\texpert\ts\n", "mine.tsv:2: column 'id': 'a' does not begin with path." },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *error = NULL, *text = arena_printf(a, "%s%s", COLUMNS, rows[i].row);
		struct know *k = know_new(a, NULL, &error);

		table_read_text(k, TABLE_PATH_FINDINGS, "mine.tsv", text, strlen(text), &error);
		is_str(error, rows[i].error, rows[i].what);
	}
}

/* --- settings --- */

static void settings(const struct know *know, struct arena *a)
{
	_cleanup_(secret_freep) struct secret *secret = secret_new("abcd efgh ijkl mnop", 19), *other = secret_new("Abcdefghijklmnop", 16);
	_cleanup_(secret_freep) struct secret *id = secret_new(GUID, strlen(GUID));
	struct mail_settings s = {
		.host = { "SMTP.Office365.com", "host", 1, NULL }, .port = { "465", "port", 2, NULL }, .tls = SETTINGS_TLS_IMPLICIT,
		.auth = { "LOGIN", "auth", 3, NULL }, .user = { "scan@contoso.com", "user", 4, NULL }, .password = { NULL, "password", 5, NULL },
		.scope = { "https://outlook.office365.com/.default", "scope", 6, NULL },
		.client_secret = id,
	};
	struct path_case c;

	path_case_of(a, &s, &c);
	c.now = BEFORE;
	is_str(ids(a, path_judge(a, know, &c)), "path.secret-is-id path.port-465-microsoft path.oauth-but-password-login", "settings of a program");
	s = (struct mail_settings) { .host = { "smtp.office365.com", "host", 1, NULL }, .port = { "587", "", 0, NULL },
				     .auth = { "none", "auth", 2, NULL } };
	path_case_of(a, &s, &c);
	is_str(ids(a, path_judge(a, know, &c)), "path.no-login", "settings without a login");
	is_int(path_app_password(secret), PATH_YES, "an app password in groups");
	is_int(path_app_password(other), PATH_NO, "one with capitals is none");
	is_int(path_app_password(NULL), PATH_UNKNOWN, "none is known");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	struct know *know = know_new(a, NULL, &error);
	struct strv reached = { 0 };

	ok(know && know_check(know, &error), error ? error : "the tables are right");
	judged(know, a, &reached);
	chosen(know, a, &reached);
	all_reached(know, &reached);
	asked(know, a);
	mistakes(a);
	settings(know, a);
	return tap_done();
}
