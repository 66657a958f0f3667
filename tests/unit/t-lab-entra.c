/*
 * t-lab-entra - the lab's token services: what they tell about an organisation, each grant, and
 * each way to be refused.
 */
#include "base/arena.h"
#include "base/str.h"
#include "lab/cloud/token-store.h"
#include "lab/cloud/jwt.h"
#include "lab/lab.h"
#include "tests/unit/lab-client.h"
#include "tests/unit/tap.h"

#define FORM "application/x-www-form-urlencoded"
#define PUBLIC_APP "client_id=aaaaaaaa-0000-4000-8000-000000000001"
#define SECRET_APP "client_id=aaaaaaaa-0000-4000-8000-000000000002"
#define SECRET "client_secret=made-up~Secret.value%2Bof%2Fthe%3Dapp"
#define OUTLOOK "scope=https://outlook.office365.com/.default"
#define SMTP_SEND "scope=https://outlook.office.com/SMTP.Send+offline_access"
#define DEVICE "grant_type=urn:ietf:params:oauth:grant-type:device_code&" PUBLIC_APP "&device_code="

static const char login[] = "login.microsoftonline.com";

static const char scenario[] =
	"like m365\n"
	"title a test\n"
	"target smtp.office365.com:587\n"
	"tenant contoso.com\n"
	"\tdevice pending=1 slow-down=1 interval=1\n"
	"\tapp bare-app secret=x\n"
	"\tapp old-app secret=x secret-expired\n"
	"\tapp off-app secret=x disabled\n"
	"\tapp some-app public scopes=Mail.Send\n"
	"\tuser out@contoso.com disabled\n"
	"\tuser mfa@contoso.com refuse=50076\n"
	"tenant declined.example\n"
	"\tid 22222222-2222-3333-4444-555555555555\n"
	"\trealm federated https://sts.declined.example/adfs/ls/\n"
	"\tdevice ends=declined\n"
	"\tuser a@declined.example\n"
	"\tapp bbb public\n"
	"\trefuse refresh_token 700082\n"
	"\trefuse authorize 65004 The person said no.\n"
	"tenant contoso.us\n"
	"\tid 33333333-2222-3333-4444-555555555555\n"
	"\tcloud usgov\n"
	"\tregion USGov DODCON\n"
	"tenant outlook.com\n"
	"\tid 9188040d-6c67-4c5b-b112-36a304b66dad\n"
	"\tcloud personal\n"
	"\tuser someone@outlook.com\n"
	"\tapp ccc public\n"
	"tenant example.org\n"
	"\tcloud google\n"
	"\tuser printer@example.org\n"
	"\tapp ggg.apps.googleusercontent.com secret=GOCSPX-made-up\n"
	"\tdevice pending=1\n"
	"server login.microsoftonline.us:443\n\trole entra\n"
	"server oauth2.googleapis.com:443\n\trole google\n";

static const char *token_at(struct lab *l, const char *authority, const char *form)
{
	return https_post(l, login, arena_printf(client_arena, "/%s/oauth2/v2.0/token", authority),
			  FORM, form, "");
}

static const char *token(struct lab *l, const char *form)
{
	return token_at(l, "contoso.com", form);
}

static const char *joined(const char *a, const char *b)
{
	return arena_printf(client_arena, "%s%s", a, b);
}

static void test_discovery(struct lab *l)
{
	const char *got = https_get(l, login,
				    "/contoso.com/v2.0/.well-known/openid-configuration", "");

	has(got, "200 OK", "a domain's configuration");
	is_str(member(got, "issuer"),
	       "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
	       "its issuer names the tenant");
	is_str(member(got, "tenant_region_scope"), "EU", "its region");
	got = https_get(l, login, "/contoso.onmicrosoft.com/.well-known/openid-configuration", "");
	is_str(member(got, "issuer"),
	       "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
	       "version 1, by another of its domains");
	got = https_get(l, login, "/contoso.us/v2.0/.well-known/openid-configuration", "");
	has(got, "400 Bad Request", "a domain of another cloud is not known here");
	has(got, "AADSTS90002: Tenant 'contoso.us' not found", "and the service says so");
	got = https_get(l, "login.microsoftonline.us",
			"/contoso.us/v2.0/.well-known/openid-configuration", "");
	is_str(member(got, "tenant_region_sub_scope"), "DODCON", "there it is");
	is_str(member(got, "msgraph_host"), "graph.microsoft.us", "with its Graph");
	got = https_get(l, login, "/outlook.com/v2.0/.well-known/openid-configuration", "");
	has(got, "9188040d-6c67-4c5b-b112-36a304b66dad", "personal accounts have a tenant, too");
	got = https_get(l, login, "/GetUserRealm.srf?login=nn%40contoso.com&json=1", "");
	is_str(member(got, "NameSpaceType"), "Managed", "managed");
	got = https_get(l, login, "/GetUserRealm.srf?login=nn@declined.example&json=1", "");
	is_str(member(got, "NameSpaceType"), "Federated", "federated");
	has(member(got, "AuthURL"),
	    "https://sts.declined.example/adfs/ls/?username=nn%40declined.example&wa=wsignin1.0",
	    "and where");
	is_str(member(https_get(l, login, "/GetUserRealm.srf?login=x@nobody.example", ""),
		      "NameSpaceType"),
	       "Unknown", "unknown");
	got = https_get(l, login, "/common/userrealm/nn@declined.example?api-version=1.0", "");
	is_str(member(got, "federation_metadata_url"),
	       "https://sts.declined.example/adfs/services/trust/mex", "the other door");
	has(https_get(l, login, "/common/oauth2/nowhere", ""), "404 Not Found",
	    "a path that nobody knows");
	has(https_get(l, login, "/common/oauth2/v2.0/token", ""), "AADSTS900561",
	    "GET where POST is due");
}

static void test_app(struct lab *l)
{
	static const struct { const char *form, *want; } cases[] = {
		{ "", "AADSTS900144: The request body must contain the following parameter: "
		  "'grant_type'" },
		{ "grant_type=password&" SECRET_APP "&" SECRET, "unsupported_grant_type" },
		{ "grant_type=client_credentials", "parameter: 'client_id'" },
		{ "grant_type=client_credentials&client_id=nobody", "\"error_codes\":[700016]" },
		{ "grant_type=client_credentials&" SECRET_APP, "AADSTS7000218" },
		{ "grant_type=client_credentials&" SECRET_APP "&client_secret=wrong",
		  "AADSTS7000215" },
		{ "grant_type=client_credentials&client_id=old-app&client_secret=x&" OUTLOOK,
		  "AADSTS7000222" },
		{ "grant_type=client_credentials&client_id=off-app&client_secret=x&" OUTLOOK,
		  "AADSTS7000112" },
		{ "grant_type=client_credentials&" PUBLIC_APP "&client_secret=x&" OUTLOOK,
		  "AADSTS700025" },
		{ "grant_type=client_credentials&" SECRET_APP "&" SECRET, "parameter: 'scope'" },
		{ "grant_type=client_credentials&" SECRET_APP "&" SECRET
		  "&scope=https://outlook.office.com/SMTP.Send", "AADSTS1002012" },
		{ "grant_type=client_credentials&" SECRET_APP "&" SECRET
		  "&scope=https://mail.example.net/.default", "AADSTS500011" },
		{ "grant_type=client_credentials&" SECRET_APP "&" SECRET "&scope=x/y",
		  "AADSTS70011" },
		{ "grant_type=client_credentials&" SECRET_APP "&" SECRET "&" OUTLOOK
		  "+https://graph.microsoft.com/.default", "AADSTS28000" },
	};
	const char *form = "grant_type=client_credentials&" SECRET_APP "&" SECRET "&" OUTLOOK, *got;
	struct jwt j;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		has(token(l, cases[i].form), cases[i].want, cases[i].form);
	has(token_at(l, "common", form), "AADSTS9001023", "no app signs in at common");
	has(token(l, cases[5].form), "401 Unauthorized", "a wrong secret is 401");
	ok(strlen(member(token(l, cases[5].form), "trace_id")) == 36, "with ids to quote");
	got = token(l, form);
	if (ok(jwt_read(&j, client_arena, member(got, "access_token")), "a token for an app")) {
		is_str(jwt_text(j.claims, "aud"), "https://outlook.office365.com", "its audience");
		is_str(jwt_text(j.claims, "idtyp"), "app", "its kind");
		is_str(jwt_text(j.claims, "oid"), "cccccccc-0000-4000-8000-000000000002",
		       "its enterprise application");
		is_str(json_string_value(json_array_get(json_object_get(j.claims, "roles"), 0)),
		       "SMTP.SendAsApp", "its permission");
		ok(!json_object_get(j.claims, "scp"), "and no delegated one");
		is_str(jwt_text(j.claims, "appidacr"), "1", "it was a secret");
		jwt_release(&j);
	}
	ok(!strstr(got, "refresh_token"), "no refresh token");
	got = token(l, "grant_type=client_credentials&client_id=bare-app&client_secret=x&" OUTLOOK);
	if (ok(jwt_read(&j, client_arena, member(got, "access_token")),
	       "an app without permissions gets a token, too")) {
		ok(!json_object_get(j.claims, "roles"), "one without roles");
		jwt_release(&j);
	}
}

static void test_device(struct lab *l)
{
	const char *start = https_post(l, login, "/contoso.com/oauth2/v2.0/devicecode", FORM,
				       PUBLIC_APP "&" SMTP_SEND, "");
	const char *poll = joined(DEVICE, member(start, "device_code")), *got;
	struct jwt j;

	is_int(strlen(member(start, "user_code")), 9, "a code for the person");
	is_str(member(start, "verification_uri"), "https://microsoft.com/devicelogin",
	       "and where to type it");
	has(start, "\"interval\":1", "and how often to ask");
	is_str(member(token(l, poll), "error"), "slow_down", "asked too often");
	is_str(member(token(l, poll), "error"), "authorization_pending", "not yet");
	got = token(l, poll);
	is_str(member(got, "scope"), "https://outlook.office.com/SMTP.Send",
	       "then tokens, with the scope they are for");
	if (ok(jwt_read(&j, client_arena, member(got, "access_token")), "one of them is a JWT")) {
		is_str(jwt_text(j.claims, "scp"), "SMTP.Send", "with the permission");
		is_str(jwt_text(j.claims, "upn"), "scan@contoso.com", "of the person");
		jwt_release(&j);
	}
	has(token(l, poll), "AADSTS54005", "a code is good once");
	has(token(l, DEVICE "DAQABnonsense"), "AADSTS70018", "a code that is none");
	got = token(l, joined("grant_type=refresh_token&" PUBLIC_APP "&refresh_token=",
			      member(got, "refresh_token")));
	has(got, "\"refresh_token\":\"1.A", "refresh gives a new one of each");
	has(token(l, "grant_type=refresh_token&" PUBLIC_APP "&refresh_token=1.Anonsense"),
	    "AADSTS70000", "one that is none");
	has(token(l, joined("grant_type=refresh_token&client_id=some-app&refresh_token=",
			    member(got, "refresh_token"))),
	    "AADSTS70000", "one of another client");
	start = https_post(l, login, "/declined.example/oauth2/v2.0/devicecode", FORM,
			   "client_id=bbb&" SMTP_SEND, "");
	has(token_at(l, "declined.example", joined("grant_type=device_code&client_id=bbb&"
						   "device_code=", member(start, "device_code"))),
	    "authorization_declined", "the person says no");
	has(https_post(l, login, "/contoso.com/oauth2/v2.0/devicecode", FORM,
		       SECRET_APP "&" SMTP_SEND, ""),
	    "AADSTS7000218", "an app that is not public");
}

/* The code in a redirect. */
static const char *code_of(const char *answer)
{
	const char *at = strstr(answer, "code=");

	return at ? arena_strndup(client_arena, at + 5, strcspn(at + 5, "&\r")) : "";
}

static const char *authorize(struct lab *l, const char *authority, const char *more)
{
	return https_get(l, login,
			 arena_printf(client_arena, "/%s/oauth2/v2.0/authorize?response_type=code&"
				      "redirect_uri=http%%3A%%2F%%2Flocalhost%%3A"
				      "4711%%2F&state=a%%26b&"
				      "scope=https%%3A%%2F%%2Foutlook.office.com%%2FSMTP.Send&%s",
				      authority, more),
			 "");
}

static void test_browser(struct lab *l)
{
	/* RFC 7636, appendix B */
	static const char pkce[] = PUBLIC_APP
				   "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"
				   "code_challenge_method=S256";
	static const char redeem[] = "grant_type=authorization_code&" PUBLIC_APP
				     "&redirect_uri=http://localhost:4711/&code=";
	static const char verifier[] = "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	const char *got = authorize(l, "contoso.com", pkce),
		*form = joined(joined(redeem, code_of(got)), verifier);

	has(got, "302 Found", "the browser is sent back");
	has(got, "Location: http://localhost:4711/?code=1.AX", "with a code");
	has(got, "&state=a%26b\r\n", "and the state");
	has(token(l, form), "\"access_token\":\"eyJ", "which gives tokens");
	has(token(l, form), "AADSTS54005", "once");
	got = authorize(l, "contoso.com", pkce);
	has(token(l, joined(redeem, code_of(got))), "AADSTS501481", "but not without the verifier");
	got = authorize(l, "contoso.com", pkce);
	form = joined(joined("grant_type=authorization_code&" PUBLIC_APP
			     "&redirect_uri=http://localhost:1/&code=", code_of(got)),
		      verifier);
	has(token(l, form), "AADSTS500112", "nor with another address");
	got = authorize(l, "declined.example", "client_id=bbb");
	has(got,
	    "/?error=access_denied&error_description=AADSTS65004%3A%20The%20person%20said%20no.",
	    "the person says no");
	got = https_get(l, login, "/contoso.com/oauth2/v2.0/authorize?response_type=code&"
			"redirect_uri=https://evil.example/&" PUBLIC_APP, "");
	has(got, "200 OK", "an address that is not registered gets a page");
	has(got, "AADSTS50011", "that says so");
	ok(!strstr(got, "Location:"), "and no redirect");
	got = authorize(l, "common", PUBLIC_APP "&login_hint=out@contoso.com");
	has(got, "AADSTS50057", "a disabled account");
	got = authorize(l, "common", PUBLIC_APP "&login_hint=mfa@contoso.com");
	got = token_at(l, "common", joined(redeem, code_of(got)));
	has(got, "AADSTS50076", "a person of whom more is asked");
	has(got, "\"suberror\":\"basic_action\"", "with the kind of it");
	has(got, "\\\"capolids\\\"", "and the claims to ask for");
	got = authorize(l, "contoso.com", "client_id=some-app");
	has(token(l, joined("grant_type=authorization_code&client_id=some-app&"
			    "redirect_uri=http://localhost:4711/&code=", code_of(got))),
	    "consent_required", "a permission nobody consented to");
}

static void test_personal(struct lab *l)
{
	const char *start = https_post(l, login, "/consumers/oauth2/v2.0/devicecode", FORM,
				       "client_id=ccc&" SMTP_SEND, ""),
		*got;

	is_str(member(start, "verification_uri"), "https://www.microsoft.com/link",
	       "personal accounts have another page");
	got = token_at(l, "consumers", joined("grant_type=device_code&client_id=ccc&device_code=",
					      member(start, "device_code")));
	has(got, "\"access_token\":\"EwB", "and tokens that nobody else reads");
	has(token_at(l, "consumers",
		     "grant_type=client_credentials&client_id=ccc&client_secret=x&" OUTLOOK),
	    "AADSTS9001023", "but no apps");
}

static void test_google(struct lab *l)
{
	static const char host[] = "oauth2.googleapis.com";
	static const char app[] = "client_id=ggg.apps.googleusercontent.com&"
				  "client_secret=GOCSPX-made-up&grant_type=";
	const char *start = https_post(l, host, "/device/code", FORM,
				       "client_id=ggg.apps.googleusercontent.com&"
				       "scope=https://mail.google.com/", "");
	const char *poll = joined(app, joined("urn:ietf:params:oauth:grant-type:device_code&"
					      "device_code=", member(start, "device_code"))),
		*got;

	is_str(member(start, "verification_url"), "https://www.google.com/device",
	       "Google's name for it");
	got = https_post(l, host, "/token", FORM, poll, "");
	has(got, "428 ", "not yet: its status");
	is_str(member(got, "error"), "authorization_pending", "not yet");
	got = https_post(l, host, "/token", FORM, poll, "");
	has(got, "\"access_token\":\"ya29.", "then a token");
	got = https_post(l, host, "/token", FORM, joined(app, joined("refresh_token&refresh_token=",
								     member(got, "refresh_token"))),
			 "");
	has(got, "\"access_token\":\"ya29.", "and by refresh");
	has(https_post(l, host, "/token", FORM,
		       joined(app, "refresh_token&refresh_token=1//0ebad"), ""),
	    "invalid_grant", "one that is none");
	has(https_post(l, host, "/token", FORM,
		       "client_id=ggg.apps.googleusercontent.com&grant_type=refresh_token", ""),
	    "invalid_client", "no secret");
	got = https_get(l, host, "/o/oauth2/v2/auth?client_id=ggg.apps.googleusercontent.com&"
			"redirect_uri=http://127.0.0.1:4711/&scope=x&state=s&"
			"code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "");
	has(got, "Location: http://127.0.0.1:4711/?code=4%2F0A", "a code by the browser");
	has(got, "&state=s\r\n", "with the state");
	poll = joined(joined(app, "authorization_code&redirect_uri=http://127.0.0.1:4711/&code="),
		      code_of(got));
	has(https_post(l, host, "/token", FORM, joined(poll, "&code_verifier=wrong"), ""),
	    "invalid_grant", "not without the verifier");
	got = https_get(l, host, "/o/oauth2/v2/auth?client_id=ggg.apps.googleusercontent.com&"
			"redirect_uri=http://127.0.0.1:4711/&scope=x", "");
	poll = joined(joined(app, "authorization_code&redirect_uri=http://127.0.0.1:4711/&code="),
		      code_of(got));
	has(https_post(l, host, "/token", FORM, poll, ""), "\"refresh_token\":\"1//0e",
	    "it gives tokens");
	has(https_post(l, host, "/token", FORM, poll, ""), "invalid_grant", "once");
	has(https_get(l, host, "/o/oauth2/v2/auth?client_id=ggg.apps.googleusercontent.com&"
		      "redirect_uri=https://evil.example/", ""),
	    "redirect_uri_mismatch", "and only on one's own machine");
	has(https_post(l, host, "/token", FORM, joined(app, "password"), ""),
	    "unsupported_grant_type", "another grant");
}

static void test_all(struct lab *l, const char *error, const void *arg)
{
	(void)arg;
	if (!started(l, error))
		return;
	test_discovery(l);
	test_app(l);
	test_device(l);
	test_browser(l);
	test_personal(l);
	test_google(l);
}

int main(void)
{
	client_arena = arena_new();
	with_lab(scenario, test_all, NULL);
	arena_free(client_arena);
	return tap_done();
}
