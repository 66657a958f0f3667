/*
 * Which administrator: the table as shipped, cells that name roles and mistakes in them, and who is
 * told at which provider.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "paste/explain.h"
#include "know/tables.h"

#define ROLES "id\ttitle\tproviders\tcan\tsource\tconfidence\n"
#define GOOD "a\tan A\tm365 m365-*\tit\ts\tofficial\n"

static void mistakes(struct arena *a)
{
	static const struct { const char *what, *rows, *error; } cases[] = {
		{ "a good row", GOOD, NULL },
		{ "the same id twice", GOOD GOOD,
		  "mine.tsv:3: column 'id': 'a' is there twice, first in line 2" },
		{ "a title without an article", "a\tAdministrator\t*\tit\ts\tofficial\n",
		  "mine.tsv:2: column 'title': begins with none of: a, an, the" },
		{ "no such provider", "a\tan A\tnobody\tit\ts\tofficial\n",
		  "mine.tsv:2: column 'providers': 'nobody' matches no provider of providers.tsv" },
		{ "no source", "a\tan A\t*\tit\t-\tofficial\n",
		  "mine.tsv:2: column 'source': must not be empty" },
		{ "no confidence", "a\tan A\t*\tit\ts\t-\n",
		  "mine.tsv:2: column 'confidence': must not be empty" },
		{ "nothing that it can do", "a\tan A\t*\t-\ts\tofficial\n",
		  "mine.tsv:2: column 'can': must not be empty" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL;
		struct know *k = know_new(a, NULL, &error);
		const char *text = arena_printf(a, "%s%s", ROLES, cases[i].rows);

		table_read_text(k, TABLE_ROLES, "mine.tsv", text, strlen(text), &error);
		is_str(error, cases[i].error, cases[i].what);
	}
}

/* Cells of other tables that name a role. */
static void cells(struct arena *a)
{
	static const struct { const char *what, *who, *fix, *error; } cases[] = {
		{ "a cause that an administrator fixes",
		  "tenant-admin/exchange-admin,workspace-admin", "w :: d :: -", NULL },
		{ "... and a step that another one does", "tenant-admin/exchange-admin",
		  "w :: d :: c :: reports-reader", NULL },
		{ "nobody else needs a role", "user", "w :: d :: -", NULL },
		{ "tenant-admin alone says too little", "tenant-admin", "w :: d :: -",
		  "mine.tsv:2: column 'who': which administrator? tenant-admin/ROLE, from "
		  "roles.tsv" },
		{ "nothing behind the /", "tenant-admin/", "w :: d :: -",
		  "mine.tsv:2: column 'who': no role behind the /" },
		{ "no such role", "tenant-admin/boss", "w :: d :: -",
		  "mine.tsv:2: column 'who': 'boss' is no role of roles.tsv" },
		{ "the second is none", "tenant-admin/exchange-admin,boss", "w :: d :: -",
		  "mine.tsv:2: column 'who': 'boss' is no role of roles.tsv" },
		{ "a role of somebody else", "user/exchange-admin", "w :: d :: -",
		  "mine.tsv:2: column 'who': only tenant-admin has roles" },
		{ "no such role of a step", "user", "w :: d :: - :: boss",
		  "mine.tsv:2: column 'fix': 'boss' is no role of roles.tsv" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL;
		struct know *k = know_new(a, NULL, &error);
		const char *text = arena_printf(a, "id\ttitle\twho\tretry\tmeaning\tfix\tverify\t"
						"decide\tnext\tsources\tconfidence\n"
						"x\tt\t%s\tno\tm\t%s\tv\t-\t-\ts\texpert\n",
						cases[i].who, cases[i].fix);

		table_read_text(k, TABLE_CAUSES, "mine.tsv", text, strlen(text), &error);
		is_str(error, cases[i].error, cases[i].what);
	}
}

static void at_providers(struct arena *a, const struct know *k)
{
	static const struct { const char *named, *provider, *role; } cases[] = {
		{ "exchange-admin", "m365", "exchange-admin" },
		{ "security-admin", "m365", "security-admin" },
		{ "security-admin", "m365-gcch", "security-admin" },
		{ "security-admin,workspace-admin", "google", "workspace-admin" },
		{ "conditional-access-admin", "google", "workspace-admin" },
		{ "exchange-admin", "google", "workspace-admin" },
		{ "exchange-admin,exchange-server-admin", "exchange", "exchange-server-admin" },
		{ "exchange-admin", "exchange", "exchange-server-admin" },
		{ "exchange-server-admin", "m365", "exchange-server-admin" },
		{ "exchange-admin,workspace-admin", "qq", "mail-admin" },
		{ "exchange-admin", "mailgun", "mail-admin" },
		{ "exchange-admin", "", "exchange-admin" },
		{ "exchange-admin", NULL, "exchange-admin" },
		{ "exchange-admin,workspace-admin", "", "mail-admin" },
		{ "", "m365", "exchange-admin" },
		{ "", "google", "workspace-admin" },
		{ "", "", "mail-admin" },
		{ "", "nobody.example", "mail-admin" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strv named = { 0 };

		strv_split(&named, a, cases[i].named, ',');
		is_str(know_role_for(k, &named, cases[i].provider)->id, cases[i].role,
		       arena_printf(a, "[%s] at %s: %s", cases[i].named,
				    cases[i].provider ? cases[i].provider : "an unknown provider",
				    cases[i].role));
	}
}

/* Nobody is sent to somebody of another house: the role of a row fits its provider. */
static void no_stranger(struct arena *a, const struct know *k)
{
	const struct error_row *r;
	size_t seen = 0;

	for (size_t i = 0; (r = know_error_at(k, i)); i++) {
		const struct strv *named = r->words.roles.n ? &r->words.roles :
					   &r->words.cause->roles;
		const char *who = *r->words.who ? r->words.who : r->words.cause->who;
		const struct role *role = know_role_for(k, named,
							str_eq(r->words.provider, "*") ? "postfix" :
							r->words.provider);
		bool fits = false;

		if (!str_eq(who, "tenant-admin"))
			continue;
		seen++;
		for (size_t j = 0; j < role->providers.n; j++)
			fits |= str_glob(role->providers.v[j],
					 str_eq(r->words.provider, "*") ? "postfix" :
					 r->words.provider);
		if (!fits)
			ok(false, arena_printf(a, "%s: %s is no administrator of %s", r->words.id,
					       role->id, r->words.provider));
	}
	ok(seen > 50, "rows that an administrator fixes, each with one of that provider");
}

static void told(struct arena *a, const struct know *k)
{
	static const struct { const char *text, *cause, *role; } cases[] = {
		{ "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled "
		  "for the Tenant.", "tenant-smtp-auth-disabled",
		  "exchange-admin" },
		{ "535 5.7.139 Authentication unsuccessful, user is locked by your organization's "
		  "security defaults policy.", "security-defaults-block", "security-admin" },
		{ "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria "
		  "to be authenticated successfully.",
		  "conditional-access-block", "conditional-access-admin" },
		{ "AADSTS53003", "conditional-access-block", "conditional-access-admin" },
		{ "AADSTS65001", "oauth-consent-missing", "cloud-app-admin" },
		{ "AADSTS50053", "account-locked", "user-admin" },
		{ "AADSTS80012", "conditional-access-block", "user-admin" },
		{ "550 5.1.8 Access denied, bad outbound sender AS(42003) [x.prod.outlook.com]",
		  "sender-blocked", "security-admin" },
		{ "550 5.7.520 Access denied, Your organization does not allow external "
		  "forwarding. [x.prod.outlook.com]", "auto-forward-blocked",
		  "security-admin" },
		{ "550-5.7.1 Invalid credentials for relay [192.0.2.1]. The IP address you have "
		  "registered in your Workspace SMTP Relay service does not match 550 5.7.1 gsmtp",
		  "relay-denied", "workspace-admin" },
		{ "535 5.7.8 Username and Password not accepted. BadCredentials gsmtp",
		  "app-password-required", NULL },
		{ "550 5.7.1 Relaying denied", "relay-denied", "mail-admin" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct explanation *e = explain_text(a, k, cases[i].text, strlen(cases[i].text));
		const struct diagnosed *d = e->n_diagnosis ? &e->diagnosis[0] : NULL;

		is_str(d ? d->cause->id : NULL, cases[i].cause, cases[i].text);
		is_str(d && d->role ? d->role->id : NULL, cases[i].role, "... and who can fix it");
	}
}

/* Of a login at one house no step leads into another's. */
static void steps(struct arena *a, const struct know *k)
{
	static const struct { const char *text, *place; bool there; } cases[] = {
		{ "535 5.7.139 Authentication unsuccessful "
		  "[AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM]", "Sign-in logs", true },
		{ "535 5.7.3 Authentication unsuccessful [AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM]",
		  "Get-TransportConfig", true },
		{ "535-5.7.8 Username and Password not accepted 535 5.7.8 gsmtp", "Entra", false },
		{ "534-5.7.9 Application-specific password required 534 5.7.9 gsmtp",
		  "Entra", false },
		{ "535 5.7.0 Too many login attempts, account is disabled gsmtp", "Entra", false },
		{ "550 5.7.0 Mail relay denied [192.0.2.1]. Invalid credentials for relay gsmtp",
		  "Exchange admin center", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct explanation *e = explain_text(a, k, cases[i].text, strlen(cases[i].text));
		bool there = false;

		for (size_t d = 0; d < e->n_diagnosis; d++)
			for (size_t s = 0; s < e->diagnosis[d].fix.n; s++)
				there |= strstr(e->diagnosis[d].fix.steps[s].where,
						cases[i].place) ||
					 strstr(e->diagnosis[d].fix.steps[s].command,
						cases[i].place);
		ok(e->n_diagnosis && e->diagnosis[0].fix.n,
		   arena_printf(a, "%s: there are steps", cases[i].text));
		ok(there == cases[i].there,
		   arena_printf(a, "... %s %s", there ? "with" : "without", cases[i].place));
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	const struct know *k = know_new(a, NULL, &error);

	mistakes(a);
	cells(a);
	at_providers(a, k);
	no_stranger(a, k);
	told(a, k);
	steps(a, k);
	return tap_done();
}
