/*
 * service - asking, page by page, and what an error says.
 */
#include "microsoft/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/redact.h"
#include "base/str.h"
#include "base/trace.h"
#include "net/http.h"

/* Brackets in brackets that are followed; rows that are kept of all pages. */
enum { DEPTH = 24, ROWS_MAX = 5000, WHY_MAX = 400, TRIES = 3 };

/* --- what an error says --- */

static const char *text_of(struct arena *a, const json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));

	return s ? arena_strndup(a, redacted(a, s), WHY_MAX) : "";
}

/*
 * Exchange tells the cmdlet's own words deep inside, behind the exception's name:
 * "Ex6F9304|...NotFoundException|The operation ...".
 */
static const char *own_words(struct arena *a, const json_t *error)
{
	const json_t *details = json_object_get(error, "details"),
		*inner = json_object_get(error, "innererror");
	const char *words = text_of(a,
				    json_is_array(details) ? json_array_get(details, 0) : details,
				    "message"),
		*bar;

	if (!*words)
		words = text_of(a, json_object_get(inner, "internalException"), "message");
	if (!*words)
		words = text_of(a, json_object_get(inner, "internalexception"), "message");
	if (!*words)
		words = text_of(a, error, "message");
	bar = strrchr(words, '|');
	return bar && bar[1] ? bar + 1 : words;
}

static void read_error(struct arena *a, const char *body, size_t n, struct service_answer *ret)
{
	_cleanup_(json_decrefp) json_t *j = json_too_deep(body, n, DEPTH) ? NULL :
					    json_loadb(body, n, 0, NULL);
	const json_t *error = json_object_get(j, "error");

	ret->code = json_is_string(error) ? text_of(a, j, "error") : text_of(a, error, "code");
	ret->why = json_is_string(error) ? text_of(a, j, "error_description") : own_words(a, error);
}

static enum service_state state_of(int status)
{
	switch (status) {
	case 401:
		return SERVICE_UNAUTHORIZED;
	case 403:
		return SERVICE_FORBIDDEN;
	case 404:
		return SERVICE_NOT_FOUND;
	case 429:
	case 503:
		return SERVICE_THROTTLED;
	default:
		if (status >= 400)
			return SERVICE_REFUSED;
		return status >= 200 && status < 300 ? SERVICE_ANSWERED : SERVICE_UNEXPECTED;
	}
}

void service_judge(struct arena *a, int status, const char *type, const char *body, size_t n,
		   struct service_answer *ret)
{
	_cleanup_(json_decrefp) json_t *j = NULL;

	*ret = (struct service_answer) { .state = state_of(status), .status = status, .body = "",
					 .why = "", .code = "", .retry_after_s = -1,
					 .request_id = "" };
	if (ret->state == SERVICE_UNEXPECTED) {
		ret->why = arena_printf(a, "it answers with %d", status);
		return;
	}
	if (ret->state != SERVICE_ANSWERED) {
		read_error(a, body, n, ret);
		if (!*ret->why)
			ret->why = arena_printf(a,
						"it answers with %d and gives no reason", status);
		return;
	}
	if (!json_too_deep(body, n, DEPTH))
		j = json_loadb(body, n, 0, NULL);
	if (json_is_object(j)) {
		ret->body = body;
		ret->body_len = n;
		return;
	}
	ret->state = SERVICE_UNEXPECTED;
	ret->why = n ? "its answer is no JSON" : "its answer is empty";
	if (str_eq(type, "text/html"))
		ret->why = "it answers with a web page: something on the way wants a sign-in, or "
			   "took the request";
}

/* --- pages --- */

bool service_same_host(const char *base, const char *link)
{
	size_t n = strlen(base);

	return str_has_prefix_nocase(link, base) && (link[n] == '/' || link[n] == '?');
}

static void ask_page(struct net *n, struct arena *a, const struct service *s,
		     const struct service_request *r, const char *url, struct service_answer *ret)
{
	struct http_request request = {
		.url = url, .headers = r->headers, .bearer = s->token,
		.type = r->body ? "application/json" : NULL, .body = r->body,
		.body_len = r->body ? strlen(r->body) : 0, .tries = TRIES,
	};
	struct http_answer answer;

	strv_add(&request.headers, a, "Accept: application/json");
	if (!http_ask(n, a, &request, &answer)) {
		*ret = (struct service_answer) {
			.state = SERVICE_UNREACHED, .body = "", .why = answer.failure->text,
			.code = "", .retry_after_s = -1, .request_id = "",
			.failure = answer.failure,
		};
		return;
	}
	service_judge(a, answer.status, answer.type, answer.body, answer.body_len, ret);
	if (answer.status == 401 && !*ret->code && *answer.www_authenticate)
		ret->why = arena_strndup(a, answer.www_authenticate, WHY_MAX);
	ret->retry_after_s = answer.retry_after_s;
	ret->request_id = answer.request_id;
	trace(TRACE_HTTP, "%s: %d %s", s->base, answer.status, ret->code);
}

/* The rows of a page go to those before; the link to the next one, or NULL. */
static const char *take_page(struct arena *a, json_t *rows, const char *body, size_t n)
{
	_cleanup_(json_decrefp) json_t *page = json_loadb(body, n, 0, NULL);
	json_t *list = json_object_get(page, "value"), *row;
	const char *next = json_string_value(json_object_get(page, "@odata.nextLink"));
	size_t i;

	json_array_foreach(list, i, row) {
		if (json_array_size(rows) < ROWS_MAX)
			json_push(rows, json_incref(row));
	}
	return next ? arena_strdup(a, next) : NULL;
}

static void give_rows(struct arena *a, json_t *rows, const char *next, struct service_answer *ret)
{
	_cleanup_(json_decrefp) json_t *all = json_object();
	char *text;

	json_put(all, "value", json_incref(rows));
	if (next)
		json_put(all, "@odata.nextLink", json_safe(next));
	text = json_dumps(all, JSON_COMPACT);
	ret->body = arena_strdup(a, text ? text : "{}");
	ret->body_len = strlen(ret->body);
	free(text);
}

void service_ask(struct net *n, struct arena *a, const struct service *s,
		 const struct service_request *r, struct service_answer *ret)
{
	_cleanup_(json_decrefp) json_t *rows = json_array();
	struct service_answer more;
	const char *next;

	ask_page(n, a, s, r, arena_printf(a, "%s%s", s->base, r->path), ret);
	if (ret->state != SERVICE_ANSWERED || r->pages < 2)
		return;
	next = take_page(a, rows, ret->body, ret->body_len);
	if (!next)
		return;
	for (unsigned page = 1; next && page < r->pages; page++) {
		if (!service_same_host(s->base, next) || json_array_size(rows) >= ROWS_MAX)
			break;
		ask_page(n, a, s, r, next, &more);
		if (more.state != SERVICE_ANSWERED)
			break;
		next = take_page(a, rows, more.body, more.body_len);
	}
	give_rows(a, rows, next, ret);
}
