/*
 * t-token - what a token is, by its form and its claims, and which fault is found first.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"
#include "know/know.h"
#include "token/inspect.h"
#include "tests/unit/token-maker.h"

enum { NOW = 1900000000 };	/* the tokens here live from 1700000000 to 2000000000 */

/* --- forms --- */

static void is_token(const struct token *t, const char *kind, const char *damage, const char *what)
{
	is_str(token_kind_name(t->kind), kind, what);
	if (!*damage)
		is_str(t->damage, "", "... and nothing is wrong with its form");
	else if (*t->damage)
		ok(strstr(t->damage, damage) || strstr(t->signature, damage), t->damage);
	else
		ok(strstr(t->signature, damage) != NULL,
		   *t->signature ? t->signature : "no damage");
}

struct form { const char *what, *token, *kind, *damage; };

static void read_forms(struct arena *a, const struct form *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct token t;

		token_read(a, cases[i].token, strlen(cases[i].token), &t);
		is_token(&t, cases[i].kind, cases[i].damage, cases[i].what);
	}
}

/* What there is besides a user's access token. */
static void kinds(struct arena *a)
{
	const struct form cases[] = {
		{ "a user's access token", token_of(a, USER_TOKEN), "access", "" },
		{ "an application's", token_of(a, APP_TOKEN), "access", "" },
		{ "an ID token, by its nonce",
		  token_of(a, "{\"aud\":\"" APP "\",\"nonce\":\"x\",\"exp\":2000000000}"),
		  "id", "" },
		{ "an ID token, by its audience",
		  token_of(a, "{\"aud\":\"" APP "\",\"preferred_username\":\"a@b.example\"}"),
		  "id", "" },
		{ "an ID token of Google", token_of(a, "{\"iss\":\"https://accounts.google.com\","
						    "\"azp\":\"x\",\"scope\":\"y\"}"),
		  "id", "" },
		{ "a v2 access token has azp", token_of(a, "{\"aud\":\"" APP "\",\"azp\":\"" APP
							"\",\"scp\":\"x\",\"nonce\":\"n\"}"),
		  "access", "" },
		{ "a refresh token", "0.AXoA-made-up.AgABAA-made-up", "refresh", "" },
		{ "a refresh token of Google", "1//0made-up", "refresh", "" },
		{ "a refresh token of a personal account", "M.C500_BAY.0.U.-made-up",
		  "refresh", "" },
		{ "an access token of a personal account",
		  "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA", "opaque", "" },
		{ "one of Google", "ya29.made-up", "google", "" },
		{ "JWE", "eyJhbGciOiJSU0EifQ.a.b.c.d", "opaque", "" },
		{ "anything else", "opaque-lab-token-for-something-else", "opaque", "" },
		{ "three words with dots", "one.two.three", "opaque", "" },
	};

	read_forms(a, cases, ARRAY_LEN(cases));
}

/* What was copied with a token, or in its place. */
static void copied(struct arena *a)
{
	const char *good = token_of(a, USER_TOKEN);
	const struct form cases[] = {
		{ "in quotes", arena_printf(a, "\"%s\"", good), "access", "in quotes" },
		{ "one quote", arena_printf(a, "'%s", good), "access", "in quotes" },
		{ "with Bearer", arena_printf(a, "Bearer %s", good), "access", "\"Bearer\"" },
		{ "with a line end", arena_printf(a, "%s\r\n", good), "access", "line end" },
		{ "a blank inside", arena_printf(a, "%.40s %s", good, good + 40),
		  "unknown", "inside" },
		{ "nothing", "", "unknown", "nothing in it" },
		{ "blanks alone", " \n ", "unknown", "nothing in it" },
		{ "quotes alone", "\"\"", "unknown", "nothing in it" },
		{ "a variable", "result.AccessToken", "unknown", "name of a variable" },
		{ "a variable in quotes", "\"result.AccessToken\"", "unknown",
		  "name of a variable" },
		{ "a shell variable", "$SMTP_TOKEN2", "unknown", "name of a variable" },
		{ "a template", "{{access_token}}", "unknown", "name of a variable" },
		{ "the whole answer",
		  arena_printf(a, "{\"token_type\":\"Bearer\",\"access_token\":\"%s\"}", good),
		  "unknown", "whole answer" },
		{ "UTF-8 letters", "t\xc3\xb6ken-12345", "unknown", "no token has" },
	};

	read_forms(a, cases, ARRAY_LEN(cases));
}

/* A token that is not whole, or not one. */
static void damaged(struct arena *a)
{
	const char *good = token_of(a, USER_TOKEN);
	const struct form cases[] = {
		{ "no signature", signed_token(a, RS256, USER_TOKEN, 0), "access", "is missing" },
		{ "alg none", signed_token(a, "{\"alg\":\"none\"}", USER_TOKEN, 0), "access",
		  "not signed" },
		{ "alg None, and a signature",
		  signed_token(a, "{\"alg\":\"None\"}", USER_TOKEN, 64), "access", "not signed" },
		{ "half a signature", signed_token(a, RS256, USER_TOKEN, 120), "access",
		  "120 bytes" },
		{ "a short one by ECDSA", signed_token(a, "{\"alg\":\"ES256\"}", USER_TOKEN, 64),
		  "access", "" },
		{ "cut in the claims", arena_strndup(a, good, 200), "unknown", "2 parts" },
		{ "cut in the header", arena_strndup(a, good, 20), "unknown", "1 part with" },
		{ "four parts", arena_printf(a, "%s.x", good), "unknown", "4 parts" },
		{ "nine parts", "eyJ.a.b.c.d.e.f.g.h", "unknown", "6 or more parts" },
		{ "a header that is none", arena_printf(a, "eyJ9.%s.s", part_of(a, USER_TOKEN)),
		  "unknown", "header" },
		{ "a deep header", signed_token(a, "{\"a\":{\"b\":{}}}", USER_TOKEN, 256),
		  "unknown", "header" },
		{ "claims that are no base64", arena_printf(a, "%s.!!!.s", part_of(a, RS256)),
		  "unknown", "second part" },
		{ "claims that are no JSON", token_of(a, "scan@contoso.com"),
		  "unknown", "no JSON" },
		{ "claims that end", token_of(a, "{\"aud\":\"https://outl"), "unknown",
		  "letters are missing" },
		{ "a list in place of claims", token_of(a, "[1]"), "unknown", "no claims" },
		{ "a claim twice", token_of(a, "{\"aud\":\"a\",\"aud\":\"b\"}"),
		  "unknown", "twice" },
		{ "a claim twice, below", token_of(a, "{\"x\":{\"a\":1,\"a\":2}}"),
		  "unknown", "twice" },
		{ "a number for nobody", token_of(a, "{\"exp\":99999999999999999999}"), "unknown",
		  "too large" },
	};

	read_forms(a, cases, ARRAY_LEN(cases));
}

static char *nested(struct arena *a, size_t depth)
{
	char *s = arena_alloc(a, 2 * depth + 16);
	size_t n = strlen("{\"x\":");		/* the object is one level */

	memcpy(s, "{\"x\":", n);
	memset(s + n, '[', depth - 1);
	memset(s + n + depth - 1, ']', depth - 1);
	s[n + 2 * (depth - 1)] = '}';
	return s;
}

static void edges(struct arena *a)
{
	char *utf16 = arena_alloc(a, 64), *big = arena_alloc(a, LIMIT_SECRET + 2),
		*scp = arena_alloc(a, LIMIT_CLAIM + 2);
	struct token t;

	for (size_t i = 0; i < 20; i++)
		utf16[2 * i] = "eyJhbGciOiJSUzI1NiJ9"[i];
	token_read(a, utf16, 40, &t);
	is_token(&t, "unknown", "UTF-16", "UTF-16");
	token_read(a, token_of(a, nested(a, LIMIT_TOKEN_DEPTH)),
		   strlen(token_of(a, nested(a, LIMIT_TOKEN_DEPTH))), &t);
	is_token(&t, "access", "", "as deep as may be");
	token_read(a, token_of(a, nested(a, LIMIT_TOKEN_DEPTH + 1)),
		   strlen(token_of(a, nested(a, LIMIT_TOKEN_DEPTH + 1))), &t);
	is_token(&t, "unknown", "nested", "one deeper");
	token_read(a, token_of(a, nested(a, 20000)), strlen(token_of(a, nested(a, 20000))), &t);
	is_token(&t, "unknown", "nested", "very deep");
	memset(big, 'x', LIMIT_SECRET + 1);
	token_read(a, big, LIMIT_SECRET + 1, &t);
	is_token(&t, "unknown", "longer than 65536 bytes", "too long by one byte");
	token_read(a, big, LIMIT_SECRET, &t);
	is_token(&t, "opaque", "", "as long as may be");
	memset(scp, 'x', LIMIT_CLAIM + 1);
	token_read(a, token_of(a, arena_printf(a, "{\"scp\":\"%s\"}", scp)),
		   strlen(token_of(a, arena_printf(a, "{\"scp\":\"%s\"}", scp))), &t);
	is_int(strlen(token_claim(&t, "scp")), LIMIT_CLAIM + 4, "a long claim is cut, and says so");
}

static void claims(struct arena *a)
{
	const char *text =
		token_of(a, "{\"aud\":[\"a\",\"b\"],\"exp\":2000000000.5,\"nonce\":\"N-secret\","
			 "\"sid\":\"S-secret\",\"sub\":\"s\",\"scp\":{\"x\":1},"
			 "\"roles\":[\"R1\",5,\"R2\"],\"unique_name\":\"u@b.example\",\"iat\":-5,"
			 "\"ver\":1.0,\"email\":null}");
	struct token t;

	token_read(a, text, strlen(text), &t);
	is_str(token_claim(&t, "aud"), "a b", "a list of audiences");
	is_str(token_claim(&t, "roles"), "R1 R2", "what is no string in a list is left out");
	is_str(token_claim(&t, "scp"), "", "an object is no claim of ours");
	is_str(token_claim(&t, "nonce"), "", "a nonce is not kept");
	is_str(token_claim(&t, "sid"), "", "nor a session");
	is_str(token_claim(&t, "sub"), "", "nor the subject");
	is_str(token_user(&t), "u@b.example", "the user");
	is_int(t.exp, 2000000000, "a time with a fraction");
	is_int(t.begins, 0, "a time before 1970 is none");
	token_read(a, token_of(a, "{\"exp\":1e300,\"scp\":\"x\"}"),
		   strlen(token_of(a, "{\"exp\":1e300,\"scp\":\"x\"}")), &t);
	is_int(t.exp, 0, "nor one beyond all years");
	is_str(token_kind_name(t.kind), "access", "... and the rest is read");
	ok(is_guid(APP) && !is_guid("aaaaaaaa-0000-4000-8000-00000000000") && !is_guid(APP "0") &&
	   !is_guid("aaaaaaaa-0000-4000-8000-00000000000;") &&
	   !is_guid("") && !is_guid("aaaaaaaa00000-4000-8000-000000000001"),
	   "what a GUID is");
}

/* --- faults --- */

#define WITH(aud, rest) "{\"aud\":\"" aud "\"," ISS rest "}"

struct judged {
	const char *what, *claims;
	const char *host, *user, *tenant;
	const char *fault;		/* the first; "" = none */
	const char *words;		/* a piece of its sentence */
};

static const struct judged judgements[] = {
	{ "all in order", USER_TOKEN, "m365", "scan@contoso.com", TENANT, "", "" },
	{ "without a host: its own cloud", USER_TOKEN, "", "", "", "", "" },
	{ "letters' case does not count", USER_TOKEN, "m365", "Scan@Contoso.COM", "", "", "" },
	{ "a final slash does not count", WITH("https://outlook.office365.com/", USER_CLAIMS),
	  "m365", "", "", "", "" },
	{ "the service's own id", WITH("00000002-0000-0ff1-ce00-000000000000", USER_CLAIMS), "m365",
	  "", "", "", "" },
	{ "expired", "{" OUTLOOK "\"exp\":1899999999," USER_CLAIMS "}", "m365", "", "", "expired",
	  "1 seconds ago by this machine's clock" },
	{ "it ends this second", "{" OUTLOOK "\"exp\":1900000000," USER_CLAIMS "}", "m365", "", "",
	  "expired", "" },
	{ "one second left", "{" OUTLOOK "\"exp\":1900000001," USER_CLAIMS "}", "m365", "", "",
	  "", "" },
	{ "ten minutes are too few for High Volume Email", "{" OUTLOOK "\"exp\":1900000600,"
	  USER_CLAIMS "}", "hve", "", "", "expired", "in 10 minutes" },
	{ "... and a second more is enough", "{" OUTLOOK "\"exp\":1900000601," USER_CLAIMS "}",
	  "hve", "", "", "", "" },
	{ "not yet", "{" OUTLOOK "\"exp\":2000000000,\"nbf\":1900000301," USER_CLAIMS "}", "m365",
	  "", "", "early", "in 5 minutes" },
	{ "clocks may differ by five minutes", "{" OUTLOOK "\"exp\":2000000000,\"nbf\":1900000300,"
	  USER_CLAIMS "}", "m365", "", "", "", "" },
	{ "iat counts where nbf is not there", "{" OUTLOOK "\"exp\":2000000000,\"iat\":1900009000,"
	  USER_CLAIMS "}", "m365", "", "", "early", "" },
	{ "expired goes before the audience", "{\"aud\":\"https://graph.microsoft.com\",\"exp\":1,"
	  USER_CLAIMS "}", "m365", "", "", "expired", "" },
	{ "Graph, by its id", WITH("00000003-0000-0000-c000-000000000000", USER_CLAIMS), "m365", "",
	  "", "audience", "Microsoft Graph" },
	{ "Graph, by its name, without a host", WITH("https://graph.microsoft.com", USER_CLAIMS),
	  "", "", "", "audience", "Microsoft Graph" },
	{ "POP and IMAP consent", WITH("https://ps.outlook.com", USER_CLAIMS), "m365", "", "",
	  "audience", "POP and IMAP" },
	{ "an interface of one's own", WITH("api://x", USER_CLAIMS), "m365", "", "", "audience",
	  "an application's own" },
	{ "a name that only begins alike", WITH("https://outlook.office.com.example", USER_CLAIMS),
	  "m365", "", "", "audience", "" },
	{ "no audience", "{" ISS USER_CLAIMS "}", "m365", "", "", "audience", "no aud" },
	{ "a wrong audience says nothing of scopes",
	  WITH("https://graph.microsoft.com", "\"scp\":\"Mail.Send\",\"upn\":\"a@b.example\""),
	  "m365", "", "", "audience", "" },
	{ "a national audience", WITH("https://outlook.office365.us", USER_CLAIMS), "m365", "", "",
	  "cloud", "US government" },
	{ "... where it belongs", WITH("https://outlook.office365.us", USER_CLAIMS), "gcch", "", "",
	  "", "" },
	{ "the worldwide audience there", USER_TOKEN, "gcch", "", "", "cloud", "worldwide" },
	{ "a national issuer", "{" OUTLOOK
	  "\"iss\":\"https://login.microsoftonline.us/x/v2.0\",\"exp\":2000000000," USER_CLAIMS "}",
	  "m365", "", "", "cloud", "login.microsoftonline.us" },
	{ "China",
	  "{\"aud\":\"https://partner.outlook.cn\",\"iss\":\"https://sts.chinacloudapi.cn/x/\","
	  USER_CLAIMS "}", "21v", "", "", "", "" },
	{ "China at the worldwide host",
	  "{\"aud\":\"https://partner.outlook.cn\",\"iss\":\"https://sts.chinacloudapi.cn/x/\","
	  USER_CLAIMS "}", "m365", "", "", "cloud", "China" },
	{ "another issuer", "{" OUTLOOK "\"iss\":\"https://idp.example/\"," USER_CLAIMS "}", "m365",
	  "", "", "foreign", "idp.example" },
	{ "... at another host",
	  "{\"aud\":\"mail\",\"iss\":\"https://idp.example/\",\"scp\":\"smtp\"}", "other", "", "",
	  "", "" },
	{ "Microsoft's at Google", USER_TOKEN, "google", "", "", "foreign", "Google's" },
	{ "no SMTP.Send", WITH("https://outlook.office.com",
			       "\"scp\":\"IMAP.AccessAsUser.All\",\"upn\":\"a@b.example\""),
	  "m365", "", "", "scope", "IMAP.AccessAsUser.All" },
	{ "a scope that only begins alike",
	  WITH("https://outlook.office.com", "\"scp\":\"SMTP.SendAs xSMTP.Send\""), "m365", "", "",
	  "scope", "" },
	{ "no scope at all",
	  WITH("https://outlook.office.com", "\"upn\":\"a@b.example\",\"appid\":\"" APP "\""),
	  "m365", "", "", "scope", "no scp" },
	{ "an application's", APP_TOKEN, "m365", "scan@contoso.com", TENANT, "", "" },
	{ "... without a role",
	  WITH("https://outlook.office.com", "\"idtyp\":\"app\",\"appid\":\"" APP "\""), "m365", "",
	  "", "roles", "no roles" },
	{ "... known without idtyp", WITH("https://outlook.office.com",
					  "\"appid\":\"" APP "\",\"roles\":[\"IMAP.AccessAsApp\"]"),
	  "m365", "", "", "roles", "IMAP.AccessAsApp" },
	{ "... with Graph's role",
	  WITH("https://outlook.office.com", "\"idtyp\":\"app\",\"roles\":[\"Mail.Send\"]"), "m365",
	  "", "", "roles", "Mail.Send" },
	{ "... which is High Volume Email's",
	  WITH("https://outlook.office.com", "\"idtyp\":\"app\",\"roles\":[\"Mail.Send\"]"), "hve",
	  "", "", "", "" },
	{ "another tenant", USER_TOKEN, "m365", "", "99999999-2222-3333-4444-555555555555",
	  "tenant", TENANT },
	{ "a personal account's at a work mailbox", "{" OUTLOOK
	  "\"tid\":\"9188040d-6c67-4c5b-b112-36a304b66dad\",\"exp\":2000000000," USER_CLAIMS "}",
	  "m365", "scan@contoso.com", "", "personal", "" },
	{ "... at its own", "{" OUTLOOK "\"tid\":\"9188040d-6c67-4c5b-b112-36a304b66dad\","
	  "\"scp\":\"SMTP.Send\",\"upn\":\"a@outlook.com\"}", "m365", "a@outlook.com", "", "", "" },
	{ "somebody else's", USER_TOKEN, "m365", "printer@contoso.com", "", "user",
	  "scan@contoso.com signed in" },
	{ "one of several names is enough",
	  WITH("https://outlook.office.com", "\"scp\":\"SMTP.Send\",\"upn\":\"a@b.example\","
	       "\"preferred_username\":\"c@b.example\""),
	  "m365", "c@b.example", "", "", "" },
	{ "an application's id as the user", APP_TOKEN, "m365", APP, "", "app-as-user",
	  "mailbox's address" },
	{ "an ID token", "{\"aud\":\"" APP "\",\"nonce\":\"x\",\"exp\":1}", "m365", "", "",
	  "wrong-kind", "ID token" },
};

static struct token_wanted wanted_of(const struct judged *c)
{
	static const struct { const char *name, *host, *provider, *path; } hosts[] = {
		{ "", "", "", "" }, { "m365", "smtp.office365.com", "m365", "client-submission" },
		{ "hve", "smtp.hve.mx.microsoft", "m365", "high-volume-email" },
		{ "gcch", "smtp.office365.us", "m365-gcch", "client-submission" },
		{ "21v", "smtp.partner.outlook.cn", "m365-21v", "client-submission" },
		{ "google", "smtp.gmail.com", "google", "client-submission" },
		{ "other", "mail.example.com", "", "" },
	};
	struct token_wanted w = { .user = c->user, .tenant = c->tenant, .now = NOW };

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
		if (str_eq(hosts[i].name, c->host))
			w.host = hosts[i].host, w.provider = hosts[i].provider,
				w.path = hosts[i].path;
	return w;
}

static void faults(struct arena *a, const struct know *know)
{
	for (size_t i = 0; i < ARRAY_LEN(judgements); i++) {
		const struct judged *c = &judgements[i];
		const char *text = token_of(a, c->claims);
		struct token_wanted w = wanted_of(c);
		struct token_faults f;
		enum token_fault first;
		struct token t;

		token_read(a, text, strlen(text), &t);
		w.know = know;
		token_judge(a, &t, &w, &f);
		first = token_first_fault(&f);
		is_str(token_fault_name(first), c->fault, c->what);
		if (*c->words)
			ok(first < TOKEN_FAULTS && strstr(f.why[first], c->words),
			   first < TOKEN_FAULTS ? f.why[first] : "no fault");
	}
}

/* --- the whole: causes and commands --- */

static void whole(struct arena *a, const struct know *know)
{
	static const struct { const char *what, *claims, *user, *verdict, *cause,
			      *command; } cases[] = {
		{ "fit", USER_TOKEN, "scan@contoso.com", "fit", "", "" },
		{ "an application's: with its own ids in the commands", APP_TOKEN,
		  "scan@contoso.com", "fit", "oauth-service-principal-missing possible",
		  "New-ServicePrincipal -AppId " APP " -ObjectId " OBJECT " -DisplayName NAME" },
		{ "an id that is none goes into no command", "{" OUTLOOK ISS
		  "\"roles\":[\"SMTP.SendAsApp\"],\"appid\":\"x; rm -rf ~\",\"oid\":\"$(reboot)\"}",
		  "", "fit", "oauth-service-principal-missing possible",
		  "New-ServicePrincipal -AppId CLIENT_ID -ObjectId OBJECT_ID -DisplayName NAME" },
		{ "Graph", WITH("https://graph.microsoft.com", USER_CLAIMS), "", "problem",
		  "oauth-wrong-audience certain", "" },
		{ "no role",
		  WITH("https://outlook.office.com", "\"idtyp\":\"app\",\"appid\":\"" APP "\""), "",
		  "problem", "oauth-missing-scope likely", "" },
		{ "another user may have rights", USER_TOKEN, "printer@contoso.com", "fit",
		  "oauth-wrong-user possible", "" },
		{ "an ID token", "{\"aud\":\"" APP "\",\"nonce\":\"x\"}", "", "problem",
		  "oauth-token-malformed certain", "" },
		{ "too early", "{" OUTLOOK "\"exp\":9000000000,\"nbf\":8000000000," USER_CLAIMS "}",
		  "", "problem", "clock-skew likely", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = token_of(a, cases[i].claims);
		struct secret *secret = secret_new(text, strlen(text));
		const struct inspection *got = inspect(a, know, secret, false, "smtp.office365.com",
						       cases[i].user, "");
		const struct diagnosed *d = got->diagnosis;
		bool found = !*cases[i].command;

		is_str(inspection_verdict_name(got->verdict), cases[i].verdict, cases[i].what);
		is_str(got->n_diagnosis ?
		       arena_printf(a, "%s %s", d->cause->id, certainty_name(d->certainty)) : "",
		       cases[i].cause, "... its cause");
		for (size_t k = 0; got->n_diagnosis && k < d->fix.n; k++)
			found |= str_eq(d->fix.steps[k].command, cases[i].command);
		ok(found, *cases[i].command ? cases[i].command : "... and no command is asked for");
		secret_free(secret);
	}
}

/* For Microsoft Graph it is the other way round: what is good for SMTP is not good there. */
static void by_graph(struct arena *a, const struct know *know)
{
	static const struct { const char *what, *host, *claims, *verdict, *cause; } cases[] = {
		{ "an application's, for Graph", "graph.microsoft.com",
		  WITH("https://graph.microsoft.com",
		       "\"roles\":[\"Mail.Send\"],\"idtyp\":\"app\",\"appid\":\"" APP "\""),
		  "fit", "" },
		{ "Graph's own id as audience", "graph.microsoft.com",
		  WITH("00000003-0000-0000-c000-000000000000",
		       "\"scp\":\"Mail.Send\",\"upn\":\"scan@contoso.com\""),
		  "fit", "" },
		{ "the mailboxes of others", "graph.microsoft.com",
		  WITH("https://graph.microsoft.com",
		       "\"scp\":\"Mail.Send.Shared\",\"upn\":\"scan@contoso.com\""),
		  "fit", "" },
		{ "one for SMTP", "graph.microsoft.com", USER_TOKEN, "problem",
		  "graph-token-unfit certain" },
		{ "SMTP.Send is not Mail.Send", "graph.microsoft.com",
		  WITH("https://graph.microsoft.com", "\"scp\":\"SMTP.Send Mail.Read\""), "problem",
		  "graph-permission-missing certain" },
		{ "an application without the role may have it by RBAC", "graph.microsoft.com",
		  WITH("https://graph.microsoft.com",
		       "\"roles\":[\"User.Read.All\"],\"idtyp\":\"app\",\"appid\":\"" APP "\""),
		  "problem", "graph-permission-missing likely" },
		{ "Graph of another cloud", "graph.microsoft.us",
		  WITH("https://graph.microsoft.com", "\"scp\":\"Mail.Send\""), "problem",
		  "oauth-wrong-tenant certain" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = token_of(a, cases[i].claims);
		struct secret *secret = secret_new(text, strlen(text));
		const struct inspection *got = inspect(a, know, secret, false, cases[i].host,
						       "", "");
		const struct diagnosed *d = got->diagnosis;

		is_str(inspection_verdict_name(got->verdict), cases[i].verdict, cases[i].what);
		is_str(got->n_diagnosis ?
		       arena_printf(a, "%s %s", d->cause->id, certainty_name(d->certainty)) : "",
		       cases[i].cause, "... its cause");
		secret_free(secret);
	}
}

int main(void)
{
	struct arena *a = arena_new();
	const struct know *know;
	const char *error;

	setenv("SMTPWHY_NOW", "1900000000", 1);
	kinds(a);
	copied(a);
	damaged(a);
	edges(a);
	claims(a);
	know = know_new(a, NULL, &error);
	faults(a, know);
	whole(a, know);
	by_graph(a, know);
	arena_free(a);
	return tap_done();
}
