/*
 * graph-send - the requests, and what an answer says.
 */
#include "microsoft/graph-send.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/http.h"

enum { DEPTH = 16, WORDS_MAX = 500 };

static const char *member(struct arena *a, const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s ? arena_strndup(a, s, WORDS_MAX) : "";
}

void graph_read(struct arena *a, int status, int want, const char *body, size_t n,
		struct graph_answer *r)
{
	_cleanup_(json_decrefp) json_t *j = json_too_deep(body, n, DEPTH) ? NULL :
					    json_loadb(body, n, JSON_ALLOW_NUL, NULL);
	const json_t *error = json_object_get(j, "error");

	*r = (struct graph_answer) {
		.status = status, .good = status == want && (status != 200 || json_is_object(j)),
		.code = "", .message = "", .request_id = "",
		.retry_after_s = -1, .peer = "", .id = "", .name = "", .mail = "",
	};
	if (r->good) {
		r->id = member(a, j, "id");
		r->name = member(a, j, "userPrincipalName");
		r->mail = member(a, j, "mail");
		return;
	}
	r->code = member(a, error, "code");
	r->message = member(a, error, "message");
	if (!*r->code)
		r->message = status == want ? "an answer that is none of Microsoft Graph's" :
			     "no reason is given";
}

_waits_ static bool ask(struct net *n, struct arena *a, const struct http_request *request,
			int want, struct graph_answer *r)
{
	struct http_answer answer;

	if (!http_ask(n, a, request, &answer)) {
		graph_read(a, 0, want, "", 0, r);
		r->failure = answer.failure;
		return false;
	}
	graph_read(a, answer.status, want, answer.body, answer.body_len, r);
	r->request_id = answer.request_id;
	r->retry_after_s = answer.retry_after_s;
	r->peer = answer.peer;
	r->us = answer.us;
	return r->good;
}

static char *url_of(struct arena *a, const struct graph_door *d, const char *rest)
{
	return *d->mailbox ?
	       arena_printf(a, "%s/v1.0/users/%s%s", d->base, http_encode(a, d->mailbox), rest) :
	       arena_printf(a, "%s/v1.0/me%s", d->base, rest);
}

_waits_ static bool get(struct net *n, struct arena *a, const struct graph_door *d,
			const char *rest, struct graph_answer *r)
{
	return ask(n, a, &(struct http_request) { .url = url_of(a, d, rest), .bearer = d->token },
		   200, r);
}

bool graph_account(struct net *n, struct arena *a, const struct graph_door *d,
		   struct graph_answer *r)
{
	return get(n, a, d, "?$select=id,mail,userPrincipalName", r);
}

bool graph_mailbox_settings(struct net *n, struct arena *a, const struct graph_door *d,
			    struct graph_answer *r)
{
	return get(n, a, d, "/mailboxSettings", r);
}

bool graph_inbox(struct net *n, struct arena *a, const struct graph_door *d, struct graph_answer *r)
{
	return get(n, a, d, "/mailFolders/inbox?$select=id", r);
}

static json_t *address(const char *mail)
{
	json_t *outer = json_object(), *inner = json_object();

	json_put(inner, "address", json_safe(mail));
	json_put(outer, "emailAddress", inner);
	return outer;
}

char *graph_message_json(struct arena *a, const struct graph_message *m)
{
	_cleanup_(json_decrefp) json_t *j = json_object();
	json_t *message = json_object(), *body = json_object(), *to = json_array(),
		*headers = json_array(), *header = json_object();
	char *text, *kept;

	json_put(body, "contentType", json_string("Text"));
	json_put(body, "content", json_string(m->text));
	json_push(to, address(m->to));
	/*
	 * RFC 3834, 5: nobody's absence notice has to answer a test. Graph lets headers through
	 * whose names begin with x- only.
	 */
	json_put(header, "name", json_string("x-auto-response-suppress"));
	json_put(header, "value", json_string("All"));
	json_push(headers, header);
	json_put(message, "subject", json_safe(m->subject));
	json_put(message, "body", body);
	json_put(message, "toRecipients", to);
	json_put(message, "internetMessageHeaders", headers);
	if (*m->from)
		json_put(message, "from", address(m->from));
	json_put(j, "message", message);
	json_put(j, "saveToSentItems", json_true());
	text = json_dumps(j, JSON_COMPACT);
	kept = arena_strdup(a, text ? text : "{}");
	free(text);
	return kept;
}

bool graph_send(struct net *n, struct arena *a, const struct graph_door *d,
		const struct graph_message *m, struct graph_answer *r)
{
	const char *body = graph_message_json(a, m);

	return ask(n, a, &(struct http_request) {
		.url = url_of(a, d, "/sendMail"), .bearer = d->token, .type = "application/json",
		.body = body, .body_len = strlen(body),
	}, 202, r);
}
