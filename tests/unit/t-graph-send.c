/*
 * t-graph-send - Microsoft Graph's answers, and the message that is handed in.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "microsoft/graph-send.h"

static void answers(struct arena *a)
{
	static const struct { const char *what; int status, want; const char *body; bool good;
			      const char *code, *message, *mail; } cases[] = {
		{ "an account", 200, 200, "{\"id\":\"1\",\"mail\":\"scan@contoso.com\"}", true, "",
		  "", "scan@contoso.com" },
		{ "an account without an address", 200, 200, "{\"id\":\"1\",\"mail\":null}", true,
		  "", "", "" },
		{ "taken, with nothing to say", 202, 202, "", true, "", "", "" },
		{ "refused, with name and words", 403, 202,
		  "{\"error\":{\"code\":\"ErrorSendAsDenied\",\"message\":\"no\"}}", false,
		  "ErrorSendAsDenied", "no", "" },
		{ "refused without a reason", 403, 202, "", false, "", "no reason is given", "" },
		{ "an error that is a word", 400, 202, "{\"error\":\"x\"}", false, "",
		  "no reason is given", "" },
		{ "a web page instead of an account", 200, 200, "<html>", false, "",
		  "an answer that is none of Microsoft Graph's", "" },
		{ "a list instead of an account", 200, 200, "[]", false, "",
		  "an answer that is none of Microsoft Graph's", "" },
		{ "200 where 202 has to come is not taken", 200, 202, "{}", false, "",
		  "no reason is given", "" },
		{ "nested too deep", 200, 200, "{\"a\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}",
		  false, "", "an answer that is none of Microsoft Graph's", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct graph_answer r;

		graph_read(a, cases[i].status, cases[i].want, cases[i].body, strlen(cases[i].body),
			   &r);
		ok(r.good == cases[i].good, cases[i].what);
		is_str(r.code, cases[i].code, "its name");
		is_str(r.message, cases[i].message, "its words");
		is_str(r.mail, cases[i].mail, "its address");
	}
}

static void message(struct arena *a)
{
	const char *text = graph_message_json(a, &(struct graph_message) {
		.from = "", .to = "a\"b@example.org", .subject = "x\r\ny\"}", .text = "hello\n"
	});
	_cleanup_(json_decrefp) json_t *j = json_loads(text, 0, NULL), *with = NULL;
	const json_t *m = json_object_get(j, "message"),
		*to = json_array_get(json_object_get(m, "toRecipients"), 0);

	is_str(json_string_value(json_object_get(json_object_get(to, "emailAddress"), "address")),
	       "a\"b@example.org", "a quote in an address stays inside");
	is_str(json_string_value(json_object_get(m, "subject")), "x\\r\\ny\"}",
	       "a line end in a subject is none");
	ok(json_is_true(json_object_get(j, "saveToSentItems")), "it is kept in Sent Items");
	ok(!json_object_get(m, "from"), "the mailbox itself is not named as From");
	with = json_loads(graph_message_json(a,
					     &(struct graph_message) { .from = "c@example.org",
								       .to = "a@example.org",
								       .subject = "", .text = "" }),
			  0, NULL);
	m = json_object_get(json_object_get(with, "message"), "from");
	is_str(json_string_value(json_object_get(json_object_get(m, "emailAddress"), "address")),
	       "c@example.org", "another From is");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	answers(a);
	message(a);
	return tap_done();
}
