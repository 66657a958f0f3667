/*
 * What to ask a token service for, what is wrong with a request before it is made, and
 * the table of clouds.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "know/tables.h"
#include "token/scope.h"

struct asked {
	const char		*what, *cloud, *purpose, *how, *tenant, *scopes;
	const char		*findings;	/* blanks between */
	const char		*words;		/* in the first one's message or advice; "" = any */
};

/* how: u = a user, d = a user by device code, a = an application */
static const struct asked table[] = {
	{ "what the documentation says", "worldwide", "smtp", "u", "",
	  "https://outlook.office.com/SMTP.Send offline_access", "", "" },
	{ "the other name", "worldwide", "smtp", "d", "",
	  "https://outlook.office365.com/SMTP.Send offline_access", "", "" },
	{ "the service's id", "worldwide", "smtp", "u", "",
	  "00000002-0000-0ff1-ce00-000000000000/SMTP.Send offline_access", "", "" },
	{ "... for an application", "worldwide", "smtp", "a", "contoso.com",
	  "https://outlook.office365.com/.default", "", "" },
	{ "Graph's address", "worldwide", "smtp", "u", "",
	  "https://graph.microsoft.com/SMTP.Send offline_access", "scope.graph-audience",
	  "535 5.7.3" },
	{ "... with capital letters", "worldwide", "smtp", "u", "",
	  "https://Graph.Microsoft.com/SMTP.Send offline_access", "scope.graph-audience", "" },
	{ "no address", "worldwide", "smtp", "u", "", "SMTP.Send offline_access",
	  "scope.graph-audience", "without an address" },
	{ "Graph for an application", "worldwide", "smtp", "a", "contoso.com",
	  "https://graph.microsoft.com/.default", "scope.graph-audience", "" },
	{ "Graph's id", "worldwide", "smtp", "a", "contoso.com",
	  "00000003-0000-0000-c000-000000000000/.default", "scope.graph-audience", "" },
	{ "two services", "worldwide", "smtp", "u", "", "https://outlook.office.com/SMTP.Send "
	  "https://graph.microsoft.com/User.Read offline_access",
	  "scope.graph-audience scope.mixed-services", "" },
	{ "two services, one without an address", "worldwide", "smtp", "u", "",
	  "https://outlook.office.com/SMTP.Send User.Read offline_access",
	  "scope.graph-audience scope.mixed-services", "" },
	{ "a permission by name", "worldwide", "smtp", "a", "contoso.com",
	  "https://outlook.office.com/SMTP.Send", "scope.not-default", "AADSTS1002012" },
	{ "... an application's", "worldwide", "smtp", "a", "contoso.com",
	  "https://outlook.office365.com/SMTP.SendAsApp", "scope.not-default", "/.default" },
	{ "an application's for a user", "worldwide", "smtp", "u", "",
	  "https://outlook.office.com/SMTP.SendAsApp offline_access",
	  "scope.app-permission scope.not-smtp", "SMTP.Send" },
	{ "common", "worldwide", "smtp", "a", "common", "https://outlook.office365.com/.default",
	  "scope.no-tenant", "'common' is none" },
	{ "no tenant", "worldwide", "smtp", "a", "", "https://outlook.office365.com/.default",
	  "scope.no-tenant", "none is named" },
	{ "organizations", "worldwide", "smtp", "a", "Organizations",
	  "https://outlook.office365.com/.default", "scope.no-tenant", "" },
	{ "common for a user", "worldwide", "smtp", "u", "common",
	  "https://outlook.office.com/SMTP.Send offline_access", "", "" },
	{ "a personal account's application", "personal", "smtp", "a", "",
	  "https://outlook.office.com/.default", "scope.personal-app", "sign in" },
	{ "a refresh token for an application", "worldwide", "smtp", "a", "contoso.com",
	  "https://outlook.office365.com/.default offline_access", "scope.offline-app", "" },
	{ "no refresh token", "worldwide", "smtp", "u", "", "https://outlook.office.com/SMTP.Send",
	  "scope.no-refresh", "every hour" },
	{ "IMAP", "worldwide", "smtp", "u", "",
	  "https://outlook.office.com/IMAP.AccessAsUser.All offline_access", "scope.not-smtp", "" },
	{ "IMAP and SMTP", "worldwide", "smtp", "u", "",
	  "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send "
	  "offline_access", "", "" },
	{ "all that was agreed to", "worldwide", "smtp", "u", "",
	  "https://outlook.office.com/.default offline_access", "", "" },
	{ "consent for POP and IMAP", "worldwide", "smtp", "a", "contoso.com",
	  "https://ps.outlook.com/.default", "scope.pop-imap-consent", "" },
	{ "Azure", "worldwide", "smtp", "a", "contoso.com", "https://management.azure.com/.default",
	  "scope.other-service", "management.azure.com" },
	{ "... with two slashes", "worldwide", "smtp", "a", "contoso.com",
	  "https://management.azure.com//.default", "scope.other-service", "" },
	{ "an own interface", "worldwide", "smtp", "a", "contoso.com", "api://x/.default",
	  "scope.other-service", "" },
	{ "Google's", "worldwide", "smtp", "u", "", "https://mail.google.com/ offline_access",
	  "scope.other-house", "Microsoft is asked" },
	{ "another cloud's", "gcch", "smtp", "u", "",
	  "https://outlook.office.com/SMTP.Send offline_access", "scope.other-cloud",
	  "--cloud worldwide" },
	{ "... the other way", "worldwide", "smtp", "a", "contoso.com",
	  "https://outlook.office365.us/.default", "scope.other-cloud", "--cloud gcch" },
	{ "China's", "21v", "smtp", "a", "contoso.cn", "https://partner.outlook.cn/.default",
	  "", "" },
	{ "Graph for Graph", "worldwide", "graph", "u", "",
	  "https://graph.microsoft.com/Mail.Send offline_access", "", "" },
	{ "... without an address", "worldwide", "graph", "u", "", "Mail.Send offline_access",
	  "", "" },
	{ "Outlook for Graph", "worldwide", "graph", "u", "",
	  "https://outlook.office.com/SMTP.Send offline_access", "scope.other-service",
	  "Microsoft Graph wants" },
	{ "Graph for Exchange", "worldwide", "exo", "a", "contoso.com",
	  "https://graph.microsoft.com/.default", "scope.other-service", "" },
	{ "the whole mailbox at Google", "google", "smtp", "u", "", "https://mail.google.com/",
	  "", "" },
	{ "Google's API", "google", "smtp", "u", "", "https://www.googleapis.com/auth/gmail.send",
	  "scope.google-not-mail", "" },
	{ "a device at Google", "google", "smtp", "d", "", "https://mail.google.com/",
	  "scope.google-device", "--flow browser" },
	{ "Microsoft's at Google", "google", "smtp", "u", "",
	  "https://outlook.office.com/SMTP.Send", "scope.other-house scope.google-not-mail", "" },
};

static enum token_purpose purpose_of(const char *name)
{
	enum token_purpose p = PURPOSE_SMTP;

	while (p < TOKEN_PURPOSES && !str_eq(token_purpose_name(p), name))
		p++;
	return p;
}

static struct scope_asked asked_of(struct arena *a, const struct know *know, const struct asked *c)
{
	struct scope_asked asked = {
		.know = know, .cloud = know_cloud(know, c->cloud),
		.purpose = purpose_of(c->purpose), .app_only = *c->how == 'a',
		.device = *c->how == 'd',
		.tenant = c->tenant,
	};

	strv_split(&asked.scopes, a, c->scopes, ' ');
	return asked;
}

static void findings(struct arena *a, const struct know *know)
{
	struct scope_finding list[LIMIT_SCOPE_FINDINGS];

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct asked *c = &table[i];
		struct scope_asked asked = asked_of(a, know, c);
		size_t n = scope_lint(a, &asked, list);
		struct strv names = { NULL, 0, 0 };

		for (size_t k = 0; k < n; k++)
			strv_add(&names, a, list[k].finding);
		is_str(strv_join(&names, a, " "), c->findings, c->what);
		if (*c->words)
			ok(n &&
			   (strstr(list[0].message, c->words) || strstr(list[0].instead, c->words)),
			   n ? list[0].message : "no finding");
		if (n)
			ok(*list[0].source && *list[0].instead,
			   "... with a source, and what to write instead");
	}
}

/* What is asked for by default has nothing wrong with it, in any cloud. */
static void defaults(struct arena *a, const struct know *know)
{
	static const struct { const char *cloud, *purpose, *how, *scopes; } cases[] = {
		{ "worldwide", "smtp", "u", "https://outlook.office.com/SMTP.Send offline_access" },
		{ "worldwide", "smtp", "a", "https://outlook.office365.com/.default" },
		{ "worldwide", "graph", "u",
		  "https://graph.microsoft.com/Mail.Send offline_access" },
		{ "worldwide", "graph", "a", "https://graph.microsoft.com/.default" },
		{ "worldwide", "signins", "u",
		  "https://graph.microsoft.com/AuditLog.Read.All offline_access" },
		{ "worldwide", "exo", "a", "https://outlook.office365.com/.default" },
		{ "gcch", "smtp", "u", "https://outlook.office365.us/SMTP.Send offline_access" },
		{ "gcch", "smtp", "a", "https://outlook.office365.us/.default" },
		{ "dod", "graph", "a", "https://dod-graph.microsoft.us/.default" },
		{ "21v", "smtp", "u", "https://partner.outlook.cn/SMTP.Send offline_access" },
		{ "21v", "smtp", "a", "https://partner.outlook.cn/.default" },
		{ "personal", "smtp", "d", "https://outlook.office.com/SMTP.Send offline_access" },
		{ "personal", "exo", "u", "" },
		{ "google", "smtp", "u", "https://mail.google.com/" },
		{ "google", "graph", "u", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct asked c = { "", cases[i].cloud, cases[i].purpose, cases[i].how,
					 "contoso.com", "", "", "" };
		struct scope_asked asked = asked_of(a, know, &c);
		struct scope_finding list[LIMIT_SCOPE_FINDINGS];
		struct strv got = scope_default(a, &asked);

		is_str(strv_join(&got, a, " "), cases[i].scopes,
		       arena_printf(a, "%s, %s, %s", cases[i].cloud, cases[i].purpose,
				    cases[i].how));
		asked.scopes = got;
		if (got.n)
			is_int(scope_lint(a, &asked, list), 0,
			       "... and nothing is wrong with that");
	}
}

static void clouds(struct arena *a)
{
	static const char head[] = "id\tname\tvendor\ttenant\tlogin\tauth_url\ttoken_url\t"
				   "device_url\taudiences\tgraph\texchange\tsmtp\tproviders\t"
				   "issuers\tnote\tsource\tconfidence\n";
	static const struct { const char *what, *row, *error; } cases[] = {
		{ "a good row", "a\tA\tgoogle\t-\thttps://a\thttps://a/x\thttps://a/t\t"
		  "https://a/d\ths\t-\t-\th\tgoogle\ti\t-\ts\texpert\n", NULL },
		{ "no vendor", "a\tA\tyahoo\t-\thttps://a\thttps://a/x\thttps://a/t\thttps://a/d\t"
		  "hs\t-\t-\th\tm365\ti\t-\ts\texpert\n",
		  "mine.tsv:2: column 'vendor': 'yahoo' is none of: microsoft, google" },
		{ "clear text", "a\tA\tgoogle\t-\thttp://a\thttps://a/x\thttps://a/t\thttps://a/d\t"
		  "hs\t-\t-\th\tgoogle\ti\t-\ts\texpert\n",
		  "mine.tsv:2: column 'login': 'http://a' does not begin with https://" },
		{ "no place for the tenant", "a\tA\tmicrosoft\tt\thttps://a\thttps://a/x\t"
		  "https://a/t\thttps://a/d\ths\t-\t-\th\tm365\ti\t-\ts\texpert\n",
		  "mine.tsv:2: column 'auth_url': 'https://a/x' must have /{tenant}/, as the "
		  "column 'tenant' says" },
		{ "no such provider", "a\tA\tgoogle\t-\thttps://a\thttps://a/x\thttps://a/t\t"
		  "https://a/d\ths\t-\t-\th\tpigeon\ti\t-\ts\texpert\n",
		  "mine.tsv:2: column 'providers': 'pigeon' is no provider of providers.tsv" },
		{ "a provider of another vendor", "a\tA\tgoogle\t-\thttps://a\thttps://a/x\t"
		  "https://a/t\thttps://a/d\ths\t-\t-\th\tm365\ti\t-\ts\texpert\n",
		  "mine.tsv:2: column 'providers': 'm365' has another vendor in providers.tsv" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL, *text = arena_printf(a, "%s%s", head, cases[i].row);

		table_read_text(know_new(a, NULL, &error), TABLE_CLOUDS, "mine.tsv", text,
				strlen(text), &error);
		is_str(error, cases[i].error, cases[i].what);
	}
}

int main(void)
{
	struct arena *a = arena_new();
	const char *error = NULL;
	const struct know *know = know_new(a, NULL, &error);

	ok(know != NULL, "the tables are there");
	findings(a, know);
	defaults(a, know);
	clouds(a);
	is_str(know_cloud_of_provider(know, "m365")->id, "worldwide", "a provider's cloud");
	is_str(know_cloud_of_issuer(know, "https://login.microsoftonline.us/x/v2.0")->id, "gcch",
	       "an issuer's cloud");
	ok(!know_cloud_of_issuer(know, "https://example.com"), "nobody's");
	arena_free(a);
	return tap_done();
}
