/*
 * t-lab-tokens - tokens that the lab issued, at its SMTP servers: what each kind of server says of
 * them, and of login strings.
 */
#include "base/arena.h"
#include "base/str.h"
#include "lab/cloud/token-store.h"
#include "lab/lab.h"
#include "tests/unit/lab-client.h"
#include "tests/unit/tap.h"

#define BULK \
	"issue tenant=contoso.com app=aaaaaaaa-0000-4000-8000-000000000050 " \
	"scope=https://outlook.office365.com/.default\n"

/* One login with the scenario's own token. */
struct login {
	const char	*scenario;	/* after `like` */
	const char	*host, *user, *want;
	const char	*challenge;	/* base64 JSON before it; NULL = none */
};

static const struct login logins[] = {
	{ "like hve\n" BULK, "smtp.hve.mx.microsoft", "bulk@contoso.com", "235 ", NULL },
	{ "like hve\n" BULK, "smtp.hve.mx.microsoft", "scan@contoso.com", "550 5.7.240 ", NULL },
	{ "like hve\n" BULK, "smtp.hve.mx.microsoft", "nobody@contoso.com", "535 5.7.3 ", NULL },
	{ "like google\nissue tenant=example.org app=000000000000-made.apps.googleusercontent.com "
	  "user=printer@example.org scope=https://mail.google.com/\n",
	  "smtp.gmail.com", "printer@example.org", "235 ", NULL },
	{ "like google\nissue tenant=example.org app=000000000000-made.apps.googleusercontent.com "
	  "user=printer@example.org scope=https://mail.google.com/\n",
	  "smtp.gmail.com", "office@example.org", "535-5.7.8 ", "eyJzdGF0dXMiOiI0MDAi" },
	{ "like google\nissue tenant=example.org app=000000000000-made.apps.googleusercontent.com "
	  "user=printer@example.org scope=https://mail.google.com/ age=4000s\n", "smtp.gmail.com",
	  "printer@example.org", "535-5.7.8 ", "eyJzdGF0dXMiOiI0MDEi" },
	{ "like m365\nissue tenant=contoso.com app=aaaaaaaa-0000-4000-8000-000000000001 "
	  "user=scan@contoso.com\n", "smtp.office365.com", "scan@contoso.com", "235 ", NULL },
	{ "like m365\nissue tenant=contoso.com app=aaaaaaaa-0000-4000-8000-000000000001 "
	  "user=scan@contoso.com\n", "smtp.office365.com",
	  "info@contoso.com", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication "
	  "is disabled for the Tenant.", NULL },
	{ "like m365\ntenant contoso.com\n\tuser far@contoso.com mailbox=mailuser smtp-auth=on\n"
	  "\tuser scan@contoso.com access=far@contoso.com\n"
	  "issue tenant=contoso.com app=aaaaaaaa-0000-4000-8000-000000000001 "
	  "user=scan@contoso.com\n", "smtp.office365.com", "far@contoso.com",
	  "535 5.7.3 ", NULL },
	{ "like gcch\nissue tenant=agency.example app=aaaaaaaa-0000-4000-8000-000000000061 "
	  "user=scan@agency.example scope=https://outlook.office365.us/"
	  "SMTP.Send\n", "smtp.office365.us", "scan@agency.example", "235 ", NULL },
	{ "like gcch\nissue tenant=agency.example app=aaaaaaaa-0000-4000-8000-000000000061 "
	  "user=scan@agency.example scope=https://outlook.office.com/"
	  "SMTP.Send\n", "smtp.office365.us", "scan@agency.example", "535 5.7.3 ", NULL },
	{ "like personal\nissue tenant=outlook.com app=aaaaaaaa-0000-4000-8000-000000000071 "
	  "user=someone@outlook.com\n", "smtp-mail.outlook.com",
	  "someone@outlook.com", "235 ", NULL },
};

/* A scenario without servers of its own. */
static const char *whole(const char *text)
{
	return arena_printf(client_arena, "%stitle a test\ntarget x:587\n", text);
}

/* Greeting to the EHLO in TLS. */
static bool ready(struct peer *p, struct lab *l, const char *host)
{
	unsigned status = 1;

	if (dial(p, l, host, 587) != 0)
		return false;
	ask(p, NULL);
	ask(p, "EHLO test.example");
	ask(p, "STARTTLS");
	if (secure(p, l, host, "NORMAL", &status) != 0)
		return false;
	ask(p, "EHLO test.example");
	return true;
}

static const char *xoauth2(const char *user, const char *token)
{
	const char *text = arena_printf(client_arena, "user=%s\1auth=Bearer %s\1\1", user, token);

	return auth_line("AUTH XOAUTH2", text, strlen(text));
}

static void test_login(struct lab *l, const char *error, const void *arg)
{
	const struct login *now = arg;
	const char *line;
	struct peer p;

	if (!started(l, error) || !ok(ready(&p, l, now->host), "a server"))
		return;
	line = xoauth2(now->user, lab_token(l));
	if (now->challenge) {
		const char *got = ask(&p, line);

		ok(str_has_prefix(got, "334 ") && str_has_prefix(got + 4, now->challenge),
		   now->challenge);
		line = "";
	}
	ok(str_has_prefix(ask(&p, line), now->want),
	   arena_printf(client_arena, "%s at %s: %s", now->user, now->host, now->want));
	hang_up(&p);
}

/* High Volume Email reads the string before the token. */
static void test_strings(struct lab *l, const char *error, const void *arg)
{
	static const struct { const char *string, *want; } cases[] = {
		{ "hello", "501 5.5.121 " },
		{ "user=\1auth=Bearer x\1\1", "501 5.5.122 " },
		{ "user=bulk@contoso.com\1\1", "501 5.5.123 " },
		{ "user=bulk\1auth=Bearer x\1\1", "501 5.5.124 " },
		{ "user=bulk%40contoso.com\1auth=Bearer x\1\1", "501 5.5.124 " },
		{ "user=bulk@contoso.com\1auth=Basic x\1\1", "501 5.5.125 " },
		{ "user=bulk@contoso.com\1auth=Bearer \1\1", "501 5.5.126 " },
		{ "user=bulk@contoso.com\1auth=Bearer x.y.z\1\1", "535 5.7.3 " },
	};
	struct peer p;

	(void)arg;
	if (!started(l, error) || !ok(ready(&p, l, "smtp.hve.mx.microsoft"), "High Volume Email"))
		return;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		says(&p, auth_line("AUTH XOAUTH2", cases[i].string, strlen(cases[i].string)),
		     cases[i].want);
	hang_up(&p);
}

static void test_wrong(struct lab *l, const char *error, const void *arg)
{
	const char *want = arg;

	ok(!l && str_find_nocase(error, want), want);
}

#define APP "app=aaaaaaaa-0000-4000-8000-000000000001"

static const struct { const char *text, *want; } wrong[] = {
	{ "tenant=nobody.example app=x", "a tenant and an app of it" },
	{ "tenant=contoso.com app=x", "a tenant and an app of it" },
	{ "tenant=contoso.com " APP " user=nobody@contoso.com", "a user of the tenant" },
	{ "tenant=contoso.com " APP " age=old", "some of tenant= app=" },
	{ "tenant=contoso.com " APP " scope=https://x/y", "a scope of one resource" },
};

/* What is sealed is read by nobody else, and not after it was touched. */
static void test_seals(void)
{
	json_t *j = json_object(), *back;
	char *sealed;

	json_put(j, "a", json_string("b"));
	sealed = token_seal(client_arena, "X.", j);
	back = token_unseal("X.", sealed);
	ok(json_equal(j, back), "a seal opens");
	json_decref(back);
	ok(!token_unseal("Y.", sealed), "not under another name");
	sealed[strlen(sealed) - 2] = (char)(sealed[strlen(sealed) - 2] == 'A' ? 'B' : 'A');
	ok(!token_unseal("X.", sealed), "nor when it was changed");
	ok(!token_unseal("X.", "X.") && !token_unseal("X.", "X.!!"), "nor when it is none");
	json_decref(j);
	ok(strlen(guid_new(client_arena)) == 36 &&
	   !str_eq(guid_new(client_arena), guid_new(client_arena)),
	   "ids differ");
}

int main(void)
{
	client_arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(logins); i++)
		with_lab(whole(logins[i].scenario), test_login, &logins[i]);
	with_lab(whole("like hve\n"), test_strings, NULL);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		with_lab(whole(arena_printf(client_arena, "like m365\nissue %s\n", wrong[i].text)),
			 test_wrong, wrong[i].want);
	test_seals();
	arena_free(client_arena);
	return tap_done();
}
