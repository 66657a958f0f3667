/*
 * graph-mail - mailboxes by Graph: can they be read, and may this one send?
 */
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/scan.h"
#include "lab/cloud/graph.h"
#include "lab/line.h"

enum { MESSAGE_MAX = 4 * 1024 * 1024 };

/* Is there a mailbox in the cloud? False: refused. */
static bool has_mailbox(struct graph_request *g, const struct tenant_user *u)
{
	if (str_in(u->mailbox, "user|shared|room"))
		return true;
	graph_refuse(g, 404, "MailboxNotEnabledForRESTAPI",
		     "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
	return false;
}

/*
 * May the token act in this mailbox at all? An app by its scope, a person in their own and in those
 * they have access to. False: refused.
 */
static bool in_scope(struct graph_request *g, const struct tenant_user *u)
{
	bool may = u == g->me || (g->me && strv_has_nocase(&g->me->access, u->name));

	for (size_t i = 0; !g->me && g->app && i < g->app->access.n; i++)
		may |= str_glob(g->app->access.v[i], u->name);
	if (!g->me && g->app && g->app->access.n == 0)
		may = true;
	if (!may)
		graph_refuse(g, 403, "ErrorAccessDenied",
			     "Access is denied. Check credentials and try again.");
	return may;
}

static void settings(struct graph_request *g, const struct tenant_user *u)
{
	json_t *j;

	if (!graph_may(g, "MailboxSettings.Read MailboxSettings.ReadWrite") || !in_scope(g, u) ||
	    !has_mailbox(g, u))
		return;
	j = json_object();
	json_put_texts(j, "timeZone", "W. Europe Standard Time",
		"userPurpose", u->mailbox, NULL);
	web_json(g->c->reply, g->c->arena, 200, j);
}

static void folder(struct graph_request *g, const struct tenant_user *u, const char *name)
{
	json_t *j;

	if (!graph_may(g, "Mail.ReadBasic Mail.ReadBasic.All Mail.Read Mail.ReadWrite") ||
	    !in_scope(g, u) || !has_mailbox(g, u))
		return;
	j = json_object();
	json_put_texts(j, "id", guid_new(g->c->arena),
		"displayName", *name ? name : "Inbox", NULL);
	web_json(g->c->reply, g->c->arena, 200, j);
}

/* --- sendMail --- */

/* The address in the From field of a message, "" = none. */
static const char *from_of_mime(struct arena *a, const char *bytes, size_t len)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MESSAGE_MAX);
	struct scan s, in;
	struct span line;

	if (!base64_decode(&b, bytes, len))
		return NULL;
	s = scan_over(buf_str(&b), b.len);
	for (line = scan_line(&s); line.len > 0; line = scan_line(&s)) {
		in = scan_span(line);
		if (!scan_accept_str(&in, "From:"))
			continue;
		line = scan_rest(&in);
		in = scan_span(line);
		scan_until(&in, "<");
		if (scan_accept(&in, '<'))
			return span_dup(a, scan_until(&in, ">"));
		return span_dup(a, span_trim(line));
	}
	return "";
}

/* The same of a JSON message. NULL and *ret_why: it is none. */
static const char *from_of_json(struct arena *a, const struct web_request *r, const char **ret_why)
{
	json_t *j = json_loadb(r->body, r->body_len, 0, NULL);
	const json_t *message = json_object_get(j, "message"),
		*to = json_object_get(message, "toRecipients");
	const char *from = json_string_value(json_object_get(
		json_object_get(json_object_get(message, "from"), "emailAddress"), "address"));

	*ret_why = json_array_size(to) == 0 ? "At least one recipient is not valid." : NULL;
	if (!message)
		*ret_why = "The value of the parameter 'Message' is empty.";
	if (!j)
		*ret_why = "Unable to read JSON request payload.";
	from = *ret_why ? NULL : arena_strdup(a, from ? from : "");
	json_decref(j);
	return from;
}

static void send_mail(struct graph_request *g, const struct tenant_user *u)
{
	const struct web_request *r = g->c->request;
	bool mime = str_has_prefix_nocase(web_field(r, "content-type"), "text/plain");
	const char *why = "The message is not base64.", *from;

	if (!graph_may(g, "Mail.Send") || !in_scope(g, u) || !has_mailbox(g, u))
		return;
	from = mime ? from_of_mime(g->c->arena, r->body, r->body_len) :
	       from_of_json(g->c->arena, r, &why);
	if (!from) {
		graph_refuse(g, 400,
			     str_find_nocase(why, "recipient") ? "ErrorInvalidRecipients" :
			     "BadRequest",
			     why);
	} else if (*from && !str_eq_nocase(from, u->name) && !strv_has_nocase(&u->access, from)) {
		graph_refuse(g, 403, "ErrorSendAsDenied",
			     "The user account which was used to submit this request does not have "
			     "the right to send mail on behalf of the specified sending account.");
	} else {
		web_text(g->c->reply, 202, "", "");
		web_add_field(g->c->reply, g->c->arena, "request-id", guid_new(g->c->arena));
	}
}

bool graph_mailbox(struct graph_request *g, const struct tenant_user *u, const char *rest)
{
	bool get = str_eq(g->c->request->method, "GET");

	if (get && str_eq_nocase(rest, "/mailboxSettings"))
		settings(g, u);
	else if (get && str_has_prefix_nocase(rest, "/mailFolders"))
		folder(g, u, rest[12] ? rest + 13 : "");
	else if (!get && str_eq_nocase(rest, "/sendMail"))
		send_mail(g, u);
	else
		return false;
	return true;
}
