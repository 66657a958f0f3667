/*
 * t-service - what an answer of Graph or of Exchange's door means, where a further page may be, and
 * how questions are written.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "microsoft/exo.h"
#include "microsoft/msgraph.h"

static void answers(struct arena *a)
{
	static const struct { const char *what; int status; const char *type, *body;
			      enum service_state state; const char *why, *code; } cases[] = {
		{ "an object", 200, "application/json", "{\"value\":[]}", SERVICE_ANSWERED,
		  "", "" },
		{ "a list is none", 200, "application/json", "[]", SERVICE_UNEXPECTED,
		  "its answer is no JSON", "" },
		{ "half an object", 200, "application/json", "{\"value\":[", SERVICE_UNEXPECTED,
		  "its answer is no JSON", "" },
		{ "nothing", 200, "", "", SERVICE_UNEXPECTED, "its answer is empty", "" },
		{ "a web page", 200, "text/html", "<html>",
		  SERVICE_UNEXPECTED, "it answers with a web page: something on the way wants a "
		  "sign-in, or took the request", "" },
		{ "a redirect", 302, "", "", SERVICE_UNEXPECTED, "it answers with 302", "" },
		{ "too deep", 200, "",
		  "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]}",
		  SERVICE_UNEXPECTED, "its answer is no JSON", "" },
		{ "no token", 401, "", "", SERVICE_UNAUTHORIZED,
		  "it answers with 401 and gives no reason", "" },
		{ "a wrong token", 401, "", "{\"error\":{\"code\":\"InvalidAuthenticationToken\","
		  "\"message\":\"Access token validation failure.\"}}", SERVICE_UNAUTHORIZED,
		  "Access token validation failure.", "InvalidAuthenticationToken" },
		{ "no permission", 403, "", "{\"error\":{\"code\":\"Authorization_RequestDenied\","
		  "\"message\":\"Insufficient privileges\"}}", SERVICE_FORBIDDEN,
		  "Insufficient privileges", "Authorization_RequestDenied" },
		{ "an error that is a word", 400, "",
		  "{\"error\":\"invalid_grant\",\"error_description\":\"no\"}", SERVICE_REFUSED,
		  "no", "invalid_grant" },
		{ "not there", 404, "", "{\"error\":{\"code\":\"NotFound\","
		  "\"message\":\"Error executing request.\",\"details\":[{\"message\":"
		  "\"Ex6F9304|"
		  "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The "
		  "object couldn't be found.\"}]}}", SERVICE_NOT_FOUND,
		  "The object couldn't be found.", "NotFound" },
		{ "details as an object", 400, "",
		  "{\"error\":{\"code\":\"x\",\"details\":{\"message\":\"a|b\"}}}", SERVICE_REFUSED,
		  "b", "x" },
		{ "the exception inside", 500, "", "{\"error\":{\"code\":\"x\","
		  "\"innererror\":{\"internalException\":{\"message\":\"deep\"}}}}",
		  SERVICE_REFUSED, "deep", "x" },
		{ "busy", 429, "", "", SERVICE_THROTTLED,
		  "it answers with 429 and gives no reason", "" },
		{ "ill", 503, "", "<html>", SERVICE_THROTTLED,
		  "it answers with 503 and gives no reason", "" },
		{ "an error that is a number", 400, "", "{\"error\":7}", SERVICE_REFUSED,
		  "it answers with 400 and gives no reason", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct service_answer answer;

		service_judge(a, cases[i].status, cases[i].type, cases[i].body,
			      strlen(cases[i].body), &answer);
		is_int(answer.state, cases[i].state, cases[i].what);
		is_str(answer.why, cases[i].why, "... why");
		is_str(answer.code, cases[i].code, "... its name for it");
		is_int(answer.body_len,
		       cases[i].state == SERVICE_ANSWERED ? strlen(cases[i].body) : 0,
		       "... and a body when it is an answer");
	}
}

/* The token goes with the request: a link elsewhere must not be followed. */
static void links(void)
{
	static const struct { const char *link; bool same; } cases[] = {
		{ "https://graph.microsoft.com/v1.0/x?$skiptoken=1", true },
		{ "https://GRAPH.microsoft.com/v1.0/x", true },
		{ "https://graph.microsoft.com?x", true },
		{ "http://graph.microsoft.com/v1.0/x", false },
		{ "https://graph.microsoft.com.example.net/x", false },
		{ "https://graph.microsoft.com@example.net/", false },
		{ "https://graph.microsoft.com:8443/x", false },
		{ "https://example.net/https://graph.microsoft.com/", false },
		{ "//graph.microsoft.com/x", false },
		{ "/v1.0/x", false }, { "", false }, { "https://graph.microsoft.com", false },
		{ "https://graph.microsoft.com\\@example.net/", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(service_same_host("https://graph.microsoft.com", cases[i].link),
		       cases[i].same, cases[i].link);
}

static void questions(struct arena *a)
{
	const struct exo_parameter none[] = { { NULL, NULL } },
		two[] = { { "Identity", "o'\"b@x.example" }, { "Resource", "y" }, { NULL, NULL } };

	is_str(msgraph_sign_ins_path(a, "Scan@Contoso.com", 1900000000), "/v1.0/auditLogs/"
	       "signIns?$top=50&$filter=userPrincipalName%20eq%20%27scan%40contoso.com%27"
	       "%20and%20clientAppUsed%20eq%20%27Authenticated%20SMTP%27%20and%20"
	       "createdDateTime%20ge%202030-03-17T17%3A46%3A40Z",
	       "the question for sign-ins");
	ok(strstr(msgraph_sign_ins_path(a, "o'x' or '1' eq '1", 0),
		  "eq%20%27o%27%27x%27%27%20or%20%27%271%27%27%20eq%20%27%271%27%20and") != NULL,
	   "a quote in a name stays one");
	is_str(exo_body(a, "Get-TransportConfig", none),
	       "{\"CmdletInput\":{\"CmdletName\":\"Get-TransportConfig\",\"Parameters\":{}}}",
	       "a cmdlet");
	is_str(exo_body(a, "Get-X", two), "{\"CmdletInput\":{\"CmdletName\":\"Get-X\","
	       "\"Parameters\":{\"Identity\":\"o'\\\"b@x.example\",\"Resource\":\"y\"}}}",
	       "... with parameters");
}

int main(void)
{
	struct arena *a = arena_new();

	answers(a);
	links();
	questions(a);
	arena_free(a);
	return tap_done();
}
