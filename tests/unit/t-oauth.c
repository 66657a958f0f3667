/*
 * What a token service answers, and what its refusals mean: the number first, then the word, its
 * sentences never.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "token/refusal.h"
#include "proto/oauth-inside.h"

static void answers(struct arena *a)
{
	static const struct { const char *what; int status; const char *body, *access, *refresh,
			      *error, *words; long long life; } cases[] = {
		{ "a token", 200, "{\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\","
		  "\"expires_in\":3599,\"refresh_token\":\"r\"}", "a.b.c", "r", "", "", 3599 },
		{ "a life as a text", 200,
		  "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":\"60\"}", "a",
		  "", "", "", 60 },
		{ "no life", 200, "{\"access_token\":\"a\"}", "a", "", "", "", -1 },
		{ "a life that is no number", 200, "{\"access_token\":\"a\",\"expires_in\":-5}",
		  "a", "", "", "", -1 },
		{ "a token with an error's status", 400, "{\"access_token\":\"a\"}", "", "", "",
		  "neither a token nor an error", -1 },
		{ "a refusal with a token's status", 200,
		  "{\"error\":\"invalid_grant\",\"access_token\":\"a\"}", "", "", "invalid_grant",
		  "", -1 },
		{ "a refresh token with a line end", 200,
		  "{\"access_token\":\"a\",\"refresh_token\":\"r\\n\"}", "a", "", "", "", -1 },
		{ "an empty token", 200, "{\"access_token\":\"\"}", "", "", "", "is no token", -1 },
		{ "another kind", 200, "{\"access_token\":\"a\",\"token_type\":\"pop\"}", "", "",
		  "", "token_type is not Bearer", -1 },
		{ "a list", 200, "[1]", "", "", "", "its answer is no JSON", -1 },
		{ "nothing", 503, "", "", "", "", "it answers 503, and nothing else", -1 },
		{ "a page", 200, "\n <!doctype html>", "", "", "", "web page", -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct oauth_answer r;
		const char *why;

		oauth_answer_init(&r);
		why = oauth_read(a, cases[i].status, "application/json", cases[i].body,
				 strlen(cases[i].body), &r);
		is_str(r.access ? secret_bytes(r.access) : "", cases[i].access, cases[i].what);
		is_str(r.refresh ? secret_bytes(r.refresh) : "", cases[i].refresh,
		       "... its refresh token");
		is_str(r.error.error, cases[i].error, "... its error");
		is_int(r.expires_in, cases[i].life, "... its life");
		ok(*cases[i].words ? why && strstr(why, cases[i].words) : !why,
		   why ? why : "... is understood");
		oauth_answer_release(&r);
	}
}

static void refusals(struct arena *a, const struct know *know)
{
	static const unsigned long secret[] = { 7000222 }, skew[] = { 700024 },
		unknown[] = { 99999123 }, second[] = { 99999123, 50076 };
	const struct { const char *what; struct token_refusal r; const char *cause;
		       enum certainty certainty; const char *because; } cases[] = {
		{ "a number", { .error = "invalid_client", .numbers = secret, .n_numbers = 1,
				.house = "microsoft" },
		  "oauth-client-credentials-invalid", CERTAIN, "AADSTS7000222" },
		{ "a word", { .error = "invalid_client", .house = "" },
		  "oauth-client-credentials-invalid", LIKELY, "the error \"invalid_client\"" },
		{ "a house's own word", { .error = "unauthorized_client", .house = "google" },
		  "oauth-consent-missing", LIKELY, "unauthorized_client" },
		{ "... which is another one elsewhere",
		  { .error = "unauthorized_client", .house = "microsoft" },
		  "oauth-client-credentials-invalid", LIKELY, "" },
		{ "a number that nobody knows", { .error = "invalid_grant", .numbers = unknown,
						  .n_numbers = 1, .house = "microsoft" },
		  "oauth-token-expired", POSSIBLE, "AADSTS99999123 is not in our table" },
		{ "... and one behind it that is known",
		  { .error = "invalid_grant", .numbers = second, .n_numbers = 2,
		    .house = "microsoft" },
		  "conditional-access-block", CERTAIN, "AADSTS50076" },
		{ "a word that nobody knows", { .error = "flux", .house = "" },
		  "oauth-token-request-invalid", POSSIBLE, "which no standard knows" },
		{ "... of a service in trouble", { .error = "flux", .house = "", .busy = true },
		  "transient-server-error", POSSIBLE, "" },
		{ "an assertion outside its time",
		  { .error = "invalid_client", .numbers = skew, .n_numbers = 1,
		    .house = "microsoft", .knows_skew = true, .skew_s = 10 },
		  "clock-skew", LIKELY, "AADSTS700024" },
		{ "... and the clocks differ",
		  { .error = "invalid_client", .numbers = skew, .n_numbers = 1,
		    .house = "microsoft", .knows_skew = true, .skew_s = 1800 },
		  "clock-skew", CERTAIN, "30 minutes behind" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct token_refusal r = cases[i].r;
		const struct filling f = { .user = NULL };
		struct diagnosed *list;
		size_t n = 0;

		r.service = "login.example";
		r.suberror = "";
		list = refusal_explain(a, know, &r, &f, &n);
		is_str(n ? list[0].cause->id : "", cases[i].cause, cases[i].what);
		is_str(n ? certainty_name(list[0].certainty) : "",
		       certainty_name(cases[i].certainty), "... how certain");
		ok(n && strstr(strv_join(&list[0].because, a, "; "), cases[i].because),
		   n ? strv_join(&list[0].because, a, "; ") : "nothing");
	}
}

/* Each row of the table has a sentence of its own, and leads somewhere. */
static void rows(const struct know *know)
{
	const struct oauth_row *row;
	size_t n = 0;

	for (; (row = know_oauth_at(know, n)); n++)
		if (!row->words.cause || !*row->words.meaning ||
		    know_oauth(know, row->error, row->vendor) != row)
			ok(false, row->error);
	ok(n > 20, "the words of token services are there");
}

/* How often a service wants to be asked about a device code. */
static void intervals(struct arena *a)
{
	static const struct { const char *said; long long taken;
	} cases[] = {
		{ "\"interval\":7,", 7 },     { "", 5 },
		{ "\"interval\":0,", 5 },     { "\"interval\":-1,", 5 },
		{ "\"interval\":\"9\",", 9 }, { "\"interval\":60,", 60 },
		{ "\"interval\":61,", 60 },   { "\"interval\":300000000,", 60 },
		{ "\"interval\":1e300,", 5 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *body = arena_printf(a,
						"{%s\"device_code\":\"made-up\",\"user_code\":"
						"\"U\",\"verification_uri\":\"https://x/\"}",
						cases[i].said);
		struct oauth_device d = { .code = NULL };

		ok(!oauth_read_device(a, body, strlen(body), &d), "a device code");
		is_int(d.interval, cases[i].taken,
		       arena_printf(a, "its interval: %s", cases[i].said));
		oauth_device_release(&d);
	}
}

/* What a refusal quotes of what it was sent, and what it gives away without being asked. */
static void quotes(struct arena *a)
{
	static const char body[] =
		"{\"error\":\"cl13nt-S3cret\",\"error_description\":\"bad \\u0063l13nt-S3cret, not "
		"n3w-T0ken-77\",\"suberror\":\"x\","
		"\"trace_id\":\"Y2wxM250LVMzY3JldA==\",\"access_token\":\"n3w-T0ken-77\"}";
	struct oauth_answer r;

	redact_secret("cl13nt-S3cret", 13);
	oauth_answer_init(&r);
	ok(!oauth_read(a, 400, "application/json", body, sizeof(body) - 1, &r),
	   "a refusal that quotes");
	is_str(r.error.error, "*************", "... as its name");
	is_str(r.error.description, "bad *************, not ************",
	       "... in its words, escaped, and a token of its own");
	is_str(r.error.trace, "********************", "... in base64");
	is_str(r.error.suberror, "x", "... and the rest is told");
	oauth_answer_release(&r);
	redact_end();
}

int main(void)
{
	struct arena *a = arena_new();
	const char *error = NULL;
	const struct know *know = know_new(a, NULL, &error);

	answers(a);
	intervals(a);
	quotes(a);
	refusals(a, know);
	rows(know);
	arena_free(a);
	return tap_done();
}
