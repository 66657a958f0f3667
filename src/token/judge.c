/*
 * What is wrong with a token, in the order in which it decides: form, time, issuer, cloud,
 * audience, permission, tenant, user. Which cause each of it stands for, and how certainly, is in
 * data/rules.tsv.
 */
#include "token/token.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "know/know.h"

enum {
	SLACK_S = 300,		/* clocks differ */
	MARGIN_HVE_S = 600,	/* High Volume Email refuses what ends soon: 501 5.5.127 */
};

/* the service's own id, which is a legal audience, too */
#define EXCHANGE_ONLINE "00000002-0000-0ff1-ce00-000000000000"
#define GRAPH "00000003-0000-0000-c000-000000000000"	/* likewise, of Microsoft Graph */
#define PERSONAL_TENANT "9188040d-6c67-4c5b-b112-36a304b66dad"

/* Names for audiences that people get by mistake. */
static const struct { const char *glob, *name; } services[] = {
	{ GRAPH, "Microsoft Graph" }, { "https://graph.microsoft.*", "Microsoft Graph" },
	{ "https://dod-graph.microsoft.us*", "Microsoft Graph" },
	{ "https://microsoftgraph.chinacloudapi.cn*", "Microsoft Graph" },
	{ "00000002-0000-0000-c000-000000000000", "Azure AD Graph" },
	{ "https://graph.windows.net*", "Azure AD Graph" },
	{ "https://management.*", "the management of Azure" },
	{ "https://ps.outlook.com*", "POP and IMAP consent, not for SMTP" },
	{ "api://*", "an application's own interface" },
};

const char *token_fault_name(enum token_fault f)
{
	static const char *const names[TOKEN_FAULTS] = {
		[FAULT_LOGIN_STRING] = "login-string", [FAULT_DAMAGED] = "damaged",
		[FAULT_WRONG_KIND] = "wrong-kind", [FAULT_EXPIRED] = "expired",
		[FAULT_EARLY] = "early", [FAULT_FOREIGN] = "foreign", [FAULT_CLOUD] = "cloud",
		[FAULT_AUDIENCE] = "audience", [FAULT_SCOPE] = "scope",
		[FAULT_ROLES] = "roles", [FAULT_TENANT] = "tenant", [FAULT_PERSONAL] = "personal",
		[FAULT_APP_AS_USER] = "app-as-user",
		[FAULT_USER] = "user", [FAULT_SIGNATURE] = "signature",
	};

	return f < TOKEN_FAULTS ? names[f] : "";
}

enum token_fault token_first_fault(const struct token_faults *f)
{
	enum token_fault i = 0;

	while (i < TOKEN_FAULTS && !f->why[i])
		i++;
	return i;
}

struct judging {
	struct arena			*arena;
	const struct token		*token;
	const struct token_wanted	*wanted;
	struct token_faults		*faults;
	/* in which it is to count; NULL = unknown */
	const struct cloud		*cloud;
};

static const char *claim(const struct judging *j, const char *name)
{
	return token_claim(j->token, name);
}

static bool by_graph(const struct judging *j)
{
	return j->wanted->purpose == PURPOSE_GRAPH;
}

/* The server in a sentence: its name, or what it is. */
static const char *server(const struct judging *j)
{
	if (*j->wanted->host)
		return j->wanted->host;
	return by_graph(j) ? "Microsoft Graph" : "Exchange Online";
}

/* --- time --- */

char *token_span_words(struct arena *a, long long s)
{
	static const struct { long long s; const char *name; } units[] = {
		{ 365LL * 86400, "years" }, { 86400, "days" }, { 3600, "hours" }, { 60, "minutes" },
		{ 1, "seconds" },
	};
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(units) && s < 2 * units[i].s)
		i++;
	return arena_printf(a, "%lld %s", s / units[i].s, units[i].name);
}

static const char *clock_words(const struct judging *j)
{
	return j->wanted->server_clock ? "the server's clock" : "this machine's clock";
}

static void judge_time(struct judging *j)
{
	time_t now = j->wanted->now, exp = j->token->exp, begins = j->token->begins;
	bool hve = str_eq(j->wanted->path, "high-volume-email");
	struct arena *a = j->arena;

	if (exp && exp <= now)
		j->faults->why[FAULT_EXPIRED] =
			arena_printf(a, "its life ended at %s, %s ago by %s", clock_utc(a, exp),
				     token_span_words(a, (long long)(now - exp)), clock_words(j));
	else if (exp && hve && exp - now <= MARGIN_HVE_S)
		j->faults->why[FAULT_EXPIRED] =
			arena_printf(a, "its life ends at %s, in %s, and High Volume Email refuses "
				     "a token so close to its end",
				     clock_utc(a, exp),
				     token_span_words(a, (long long)(exp - now)));
	if (begins && begins > now + SLACK_S)
		j->faults->why[FAULT_EARLY] = arena_printf(
			a, "its life begins at %s only, in %s by %s", clock_utc(a, begins),
			token_span_words(a, (long long)(begins - now)), clock_words(j));
}

/* --- issuer, cloud, audience --- */

/* Is one of the audiences (a list has blanks between) that name, a final slash aside? */
static bool is_audience(const char *aud, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = aud; *p; p += strcspn(p, " "), p += *p == ' ') {
		size_t len = strcspn(p, " ");

		if (len && p[len - 1] == '/')
			len--;
		if (len == n && span_eq_nocase((struct span) { p, len }, name))
			return true;
	}
	return false;
}

static bool is_graph(const struct cloud *c, const char *aud)
{
	return *c->graph && is_audience(aud, c->graph);
}

static bool serves(const struct cloud *c, const char *aud)
{
	for (size_t i = 0; i < c->audiences.n; i++)
		if (is_audience(aud, c->audiences.v[i]))
			return true;
	return false;
}

/* Of Microsoft's clouds the one with that issuer, or with that name of the mail service. */
static const struct cloud *cloud_of_issuer(const struct judging *j, const char *iss)
{
	const struct cloud *c = know_cloud_of_issuer(j->wanted->know, iss);

	return c && str_eq(c->vendor, "microsoft") ? c : NULL;
}

static const struct cloud *cloud_of_audience(const struct judging *j, const char *aud)
{
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(j->wanted->know, i)); i++)
		if (str_eq(c->vendor, "microsoft") &&
		    (by_graph(j) ? is_graph(c, aud) : serves(c, aud)))
			return c;
	return NULL;
}

const struct cloud *token_cloud(const struct know *k, const struct token *t)
{
	const char *aud = token_claim(t, "aud");
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(k, i)); i++)
		if (str_eq(c->vendor, "microsoft") && (is_graph(c, aud) || serves(c, aud)))
			return c;
	c = know_cloud_of_issuer(k, token_claim(t, "iss"));
	return c && str_eq(c->vendor, "microsoft") ? c : NULL;
}

/*
 * The cloud of the host: of its provider; Graph is one provider in all of them, but
 * has a name in each.
 */
static const struct cloud *cloud_of_host(const struct judging *j)
{
	const struct cloud *c;

	if (!by_graph(j))
		return know_cloud_of_provider(j->wanted->know, j->wanted->provider);
	for (size_t i = 0; (c = know_cloud_at(j->wanted->know, i)); i++)
		if (str_eq(c->vendor, "microsoft") &&
		    str_has_suffix_nocase(c->graph, arena_printf(j->arena, "//%s", server(j))))
			return c;
	return NULL;
}

/* What its aud should be. */
static const char *right_audience(const struct judging *j)
{
	return by_graph(j) ? j->cloud->graph : j->cloud->audiences.v[0];
}

/* A token of another house: then its claims mean nothing here. */
static bool judge_house(struct judging *j)
{
	bool google = str_eq(j->wanted->provider, "google");
	const struct cloud *of_provider = cloud_of_host(j), *of_host = google ? NULL : of_provider,
		*of_issuer = cloud_of_issuer(j, claim(j, "iss"));
	const char **why = &j->faults->why[FAULT_FOREIGN];

	if (of_host && j->token->kind == TOKEN_GOOGLE)
		*why = arena_printf(j->arena, "it is %s, and %s is Microsoft's", j->token->form,
				    server(j));
	else if (google && j->token->readable && of_issuer)
		*why = arena_printf(j->arena,
				    "it was issued by %s, which is Microsoft's, and %s is Google's",
				    claim(j, "iss"), server(j));
	else if (of_host && j->token->readable && *claim(j, "iss") && !of_issuer)
		*why = arena_printf(j->arena, "it was issued by %s, and %s takes tokens of "
				    "Microsoft's sign-in service only", claim(j, "iss"), server(j));
	if (google)
		of_issuer = NULL;
	j->cloud = of_host ? of_host : of_issuer;
	j->faults->judged = *why || (j->cloud && j->token->readable);
	return !*why && j->faults->judged;
}

static bool judge_cloud(struct judging *j)
{
	const struct cloud *by_audience = cloud_of_audience(j, claim(j, "aud"));
	const char *iss = claim(j, "iss");
	const char **why = &j->faults->why[FAULT_CLOUD];

	if (*iss && !cloud_issues(j->cloud, iss))
		*why = arena_printf(j->arena, "it was issued by %s, in %s, and %s belongs to %s",
				    iss, cloud_of_issuer(j, iss)->name, server(j), j->cloud->name);
	else if (by_audience && by_audience != j->cloud)
		*why = arena_printf(j->arena, "it is for %s (aud), in %s, and %s belongs to %s",
				    claim(j, "aud"), by_audience->name, server(j), j->cloud->name);
	return !*why;
}

static bool judge_audience(struct judging *j)
{
	const char *aud = claim(j, "aud"), *name = NULL;
	const char **why = &j->faults->why[FAULT_AUDIENCE];

	if (cloud_of_audience(j, aud) == j->cloud ||
	    is_audience(aud, by_graph(j) ? GRAPH : EXCHANGE_ONLINE))
		return true;
	if (by_graph(j) && (is_audience(aud, EXCHANGE_ONLINE) || serves(j->cloud, aud)))
		name = "Exchange Online, good for SMTP";
	for (size_t i = 0; i < ARRAY_LEN(services) && !name; i++)
		if (str_glob(services[i].glob, aud))
			name = services[i].name;
	if (!*aud)
		*why = arena_printf(j->arena, "it says of no service that it is for it (there is "
				    "no aud), and %s wants %s", server(j), right_audience(j));
	else
		*why = arena_printf(j->arena, "it is for %s%s%s (aud), and %s wants %s",
				    name ? name : "", name ? ", " : "", aud, server(j),
				    right_audience(j));
	return false;
}

/* --- permission --- */

static bool has_word(const char *list, const char *word)
{
	struct span all = span_of(list);
	const char *at = list;
	size_t n = strlen(word);

	while ((at = span_find_nocase((struct span) { at, (size_t)(all.p + all.len - at) },
				      span_of(word)))) {
		if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
			return true;
		at += n;
	}
	return false;
}

/*
 * To send by Graph: https://learn.microsoft.com/graph/api/user-sendmail. An application may have
 * its right by RBAC in Exchange instead.
 */
static void judge_graph_permission(struct judging *j)
{
	const char *scp = claim(j, "scp"), *roles = claim(j, "roles");

	if (!j->token->app_only && !has_word(scp, "Mail.Send") &&
	    !has_word(scp, "Mail.Send.Shared"))
		j->faults->why[FAULT_SCOPE] =
			*scp ?
			arena_printf(j->arena,
				     "it permits %s (scp), and Mail.Send is not among it", scp) :
			"it permits nothing (there is no scp); Mail.Send has to be there";
	if (j->token->app_only && !has_word(roles, "Mail.Send"))
		j->faults->why[FAULT_ROLES] =
			*roles ? arena_printf(j->arena, "it is an application's and has the roles "
					      "%s; Mail.Send is not among them", roles) :
			"it is an application's and has no roles; Mail.Send has to be there, "
			"unless the application has its right by RBAC in Exchange";
}

static void judge_permission(struct judging *j)
{
	const char *scp = claim(j, "scp"), *roles = claim(j, "roles");
	bool hve = str_eq(j->wanted->path, "high-volume-email");

	if (!j->token->app_only && !has_word(scp, "SMTP.Send"))
		j->faults->why[FAULT_SCOPE] =
			*scp ?
			arena_printf(j->arena,
				     "it permits %s (scp), and SMTP.Send is not among it", scp) :
			"it permits nothing (there is no scp); SMTP.Send has to be there";
	if (!j->token->app_only || has_word(roles, "SMTP.SendAsApp") ||
	    (hve && has_word(roles, "Mail.Send")))
		return;
	j->faults->why[FAULT_ROLES] =
		*roles ? arena_printf(j->arena, "it is an application's and has the roles %s; "
				      "SMTP.SendAsApp is not among them", roles) :
		"it is an application's and has no roles; SMTP.SendAsApp has to be there, unless "
		"the application has its right by RBAC in Exchange";
}

/* --- tenant and user --- */

static bool is_personal_address(const char *user)
{
	static const char *const domains[] = { "@outlook.*", "@hotmail.*", "@live.*", "@msn.com" };
	const char *at = strrchr(user, '@');

	for (size_t i = 0; at && i < ARRAY_LEN(domains); i++)
		if (str_glob(domains[i], at))
			return true;
	return false;
}

static void judge_tenant(struct judging *j)
{
	const char *tid = claim(j, "tid"), *tenant = j->wanted->tenant;

	if (*tenant && *tid && !str_eq_nocase(tid, tenant))
		j->faults->why[FAULT_TENANT] = arena_printf(j->arena, "it comes from the tenant %s "
							    "(tid), and the mailbox's is %s",
							    tid, tenant);
	if (str_eq_nocase(tid, PERSONAL_TENANT) && !str_eq(j->wanted->provider, "outlook.com") &&
	    !is_personal_address(j->wanted->user))
		j->faults->why[FAULT_PERSONAL] = "somebody signed in for it with a personal "
						 "account: its tid is the one of all personal "
						 "accounts";
}

static void judge_user(struct judging *j)
{
	static const char *const names[] = { "upn", "unique_name", "preferred_username", "email" };
	const char *user = j->wanted->user, *app = token_app(j->token), *oid = claim(j, "oid");

	if (!*user)
		return;
	if ((*app && str_eq_nocase(user, app)) || (*oid && str_eq_nocase(user, oid)))
		j->faults->why[FAULT_APP_AS_USER] =
			arena_printf(j->arena, "the user name of the login, %s, is the token's own "
				     "%s; the mailbox's address belongs there",
				     user, str_eq_nocase(user, app) ? "application" : "oid");
	if (j->token->app_only || !*token_user(j->token))
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		j->faults->user_fits |= str_eq_nocase(claim(j, names[i]), user);
	if (!j->faults->user_fits)
		j->faults->why[FAULT_USER] = arena_printf(j->arena, "%s signed in for it, and the "
							  "login is for %s: that needs rights on "
							  "this mailbox",
							  token_user(j->token), user);
}

/* --- the whole --- */

static bool judge_form(struct judging *j)
{
	const struct token *t = j->token;

	if (*t->damage)
		j->faults->why[FAULT_DAMAGED] = t->damage;
	if (t->kind == TOKEN_ID)
		j->faults->why[FAULT_WRONG_KIND] = "it is an ID token, which tells the application "
						   "who signed in; the server wants the access "
						   "token";
	if (t->kind == TOKEN_REFRESH)
		j->faults->why[FAULT_WRONG_KIND] =
			arena_printf(j->arena, "it is %s%s; the server wants the access token",
				     t->guessed ? "by its first letters " : "", t->form);
	return t->kind != TOKEN_ID && t->kind != TOKEN_REFRESH && t->kind != TOKEN_UNKNOWN;
}

void token_judge(struct arena *a, const struct token *t, const struct token_wanted *w,
		 struct token_faults *ret)
{
	struct token_faults faults = { .judged = false };
	struct judging j = { .arena = a, .token = t, .wanted = w, .faults = &faults };

	if (judge_form(&j)) {
		judge_time(&j);
		if (judge_house(&j) && judge_cloud(&j) && judge_audience(&j)) {
			if (w->purpose == PURPOSE_GRAPH)
				judge_graph_permission(&j);
			else
				judge_permission(&j);
		}
		if (faults.judged && !faults.why[FAULT_FOREIGN]) {
			judge_tenant(&j);
			judge_user(&j);
		}
	}
	/*
	 * Last: what the claims say is plain, and a signature that was cut away says
	 * nothing against it.
	 */
	if (*t->signature)
		faults.why[FAULT_SIGNATURE] = t->signature;
	*ret = faults;
}
