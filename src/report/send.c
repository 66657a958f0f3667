/*
 * send - what became of one message that was sent on purpose: taken or not, and where to look
 * whether it arrived.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "message/message.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "report/text-checks.h"
#include "report/text-diagnosis.h"
#include "report/text-verbose.h"

static bool by_graph(const struct result *r)
{
	return str_eq(r->ask->via, "graph");
}

/* The value of a fact "smtp.PORT.data.NAME"; NULL when no server got so far. */
static const struct fact *data_fact(const struct result *r, const char *name)
{
	return facts_match(r->facts, arena_printf(r->arena, "smtp.*.data.%s", name), NULL);
}

static const char *data_string(const struct result *r, const char *name)
{
	const struct fact *f = data_fact(r, name);

	return f ? f->string : "";
}

static bool accepted(const struct result *r)
{
	const struct fact *f = data_fact(r, "accepted");

	return by_graph(r) ? facts_true(r->facts, "graph.accepted") : f && f->number;
}

/* The reply that decided: of the last step of the mail transaction or the login that has one. */
static const struct outcome *decided(const struct result *r)
{
	const struct outcome *last = NULL;

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *c = &r->outcomes[i];

		if (c->reply && c->port && c->check->stage >= STAGE_AUTH &&
		    c->check->stage <= STAGE_DATA &&
		    (!last || c->check->stage >= last->check->stage))
			last = c;
	}
	return last;
}

static bool has_finding(const struct result *r, const char *finding)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (str_eq(r->outcomes[i].finding, finding))
			return true;
	return false;
}

/* "accepted", "refused", "not-sent"; "unknown" when it went out and no answer came. */
static const char *status_of(const struct result *r)
{
	const struct outcome *c = decided(r);

	if (has_finding(r, "graph.unanswered") || data_fact(r, "in-doubt"))
		return "unknown";
	if (accepted(r))
		return "accepted";
	if (by_graph(r))
		return facts_number(r->facts, "graph.send.status", 0) ? "refused" : "not-sent";
	return c && c->status == STATUS_FAIL ? "refused" : "not-sent";
}

static void look_at_graph(const struct result *r, struct arena *a, struct strv *l)
{
	const char *mailbox = *r->ask->user ? r->ask->user : "whoever signed in";

	strv_addf(l, a, "Sent Items of %s: the message is there once Exchange has taken it over "
		  "from Graph", mailbox);
	strv_addf(l, a, "the inbox of %s, then its folder for junk", r->ask->to);
	strv_addf(l, a, "the inbox of %s: a refusal by the other side comes back as a bounce, "
		  "mostly within minutes; smtpwhy explain reads it", mailbox);
}

static void look_by_smtp(const struct result *r, struct arena *a, struct strv *l)
{
	const char *queue_id = data_string(r, "queue-id");

	strv_addf(l, a, "the inbox of %s, then its junk folder and its quarantine", r->ask->to);
	if (*r->ask->from && *r->ask->from != '<')
		strv_addf(l, a, "the inbox of %s: a refusal by a later server comes back as a "
			  "bounce, mostly within minutes; smtpwhy explain reads it", r->ask->from);
	/* Nobody but a big provider reads the logs of its servers. */
	if (*r->provider)
		return;
	strv_addf(l, a, "the log of %s, by %s %s", *r->host ? r->host : "the server",
		  *queue_id ? "the queue id" : "the Message-ID",
		  *queue_id ? queue_id : data_string(r, "message-id"));
}

static struct strv look(const struct result *r, struct arena *a)
{
	struct strv l = { NULL, 0, 0 };

	if (!accepted(r))
		return l;
	if (by_graph(r))
		look_at_graph(r, a, &l);
	else
		look_by_smtp(r, a, &l);
	if (by_graph(r) || str_eq(r->provider, "m365"))
		strv_add(&l, a, "Exchange admin center > Mail flow > Message trace, some minutes "
			 "later: Delivered, Failed, or Filtered as spam");
	return l;
}

/* --- for people --- */

static void put_places(struct out *o, const struct result *r, bool looked)
{
	struct strv places = look(r, o->arena);

	for (size_t i = 0; i < places.n; i++) {
		if (i == 0) {
			out_line(o);
			text_block(o, "Look");
			out_wrapped(o, TEXT_LEFT,
				    "Accepted is not delivered. Whether it arrived shows here:");
		}
		out_to(o, TEXT_LEFT);
		out_list(o, TEXT_LEFT, "- ", places.v[i]);
	}
	if (!places.n || looked)
		return;
	out_to(o, TEXT_LEFT);
	out_list(o, TEXT_LEFT, "- ", "--fetch imaps://USER@HOST finds it there the next time, and "
		 "says why it is in junk");
}

/* "mail.example.com:587 accepted it with \"250 2.0.0 Ok: queued as 4F1A2B3C4D\"" */
static const char *acceptance(const struct result *r, struct arena *a)
{
	const struct outcome *c = decided(r);

	if (by_graph(r) || !c)
		return arena_printf(a, "%s accepted it", *r->host ? r->host : "the server");
	return arena_printf(a, "%s accepted it with \"%s\"", c->endpoint,
			    reply_flat(c->reply, a));
}

static const char *folder_words(const struct arrival *w, struct arena *a)
{
	const char *name = str_escaped(a, w->folder, strlen(w->folder));

	if (w->inbox)
		return "in the inbox";
	return arena_printf(a, w->junk ? "in the junk folder \"%s\"" :
			    "in the folder \"%s\", where a rule must have put it", name);
}

static void put_found(struct out *o, const struct result *r, const struct arrival *w)
{
	text_block(o, w->junk ? "Junk" : "Arrived");
	out_ink(o, INK_STRONG);
	out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "Found %s of %s after %s.",
					       folder_words(w, o->arena), w->mailbox,
					       message_span(o->arena, w->after_ms)));
	out_ink(o, INK_NONE);
	out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "%s.", acceptance(r, o->arena)));
	out_line(o);
	text_of_headers(o, w->judged);
}

static void put_missing(struct out *o, const struct result *r, const struct arrival *w)
{
	text_block(o, "Missing");
	out_ink(o, INK_STRONG);
	out_wrapped(o, TEXT_LEFT,
		    arena_printf(o->arena, "Not in the mailbox of %s within %s: neither inbox nor "
				 "junk nor any other of the %zu folders that were looked into.",
				 w->mailbox, message_span(o->arena, w->after_ms), w->n_folders));
	out_ink(o, INK_NONE);
	out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "%s. It is still on its way, held back, "
					       "or lost after that.", acceptance(r, o->arena)));
	text_block(o, "Fix");
	out_list(o, TEXT_LEFT, "1. ", "Wait longer: --wait 900. Greylisting and content scanners "
		 "take minutes.");
	out_list(o, TEXT_LEFT, "2. ", "Ask for the quarantine of the recipient's mail service: no "
		 "mailbox shows what is held there.");
	out_list(o, TEXT_LEFT, "3. ", "Is the mailbox that of the recipient? An alias, a "
		 "forwarding or a rule that deletes takes it elsewhere.");
	put_places(o, r, true);
}

static void put_arrival(struct out *o, const struct result *r, const struct arrival *w)
{
	if (w->state == ARRIVAL_FOUND) {
		put_found(o, r, w);
	} else if (w->state == ARRIVAL_MISSING) {
		put_missing(o, r, w);
	} else {
		text_block(o, "Unknown");
		out_wrapped(o, TEXT_LEFT,
			    arena_printf(o->arena, "%s. Whether it arrived could not be seen: %s",
					 acceptance(r, o->arena), w->trouble));
		put_places(o, r, true);
	}
}

void text_of_send(struct out *o, const void *of)
{
	const struct sent *sent = of;
	const struct result *r = sent->result;

	/* What went wrong on the way in comes first, unless all was well there. */
	if (!sent->arrival || r->n_diagnosis)
		text_of_check(o, r);
	if (!sent->arrival) {
		put_places(o, r, false);
		return;
	}
	if (r->n_diagnosis)
		out_line(o);
	put_arrival(o, r, sent->arrival);
	if (!r->n_diagnosis && o->style->verbose) {
		out_line(o);
		text_checks(o, r);
		text_verbose(o, r);
	}
}

/* --- JSON --- */

static json_t *json_arrival(struct arena *a, const struct arrival *w)
{
	static const char *const states[] = {
		[ARRIVAL_FOUND] = "found", [ARRIVAL_MISSING] = "missing",
		[ARRIVAL_UNREAD] = "unread",
	};
	json_t *j;

	if (!w)
		return json_null();
	j = json_object();
	json_put_text(j, "state", states[w->state]);
	json_put_text(j, "mailbox", w->mailbox);
	json_put_word(j, "folder", w->folder);
	json_put(j, "junk", json_boolean(w->junk));
	json_put(j, "after_ms", json_integer(w->after_ms));
	json_put(j, "folders", json_integer((json_int_t)w->n_folders));
	json_put_word(j, "trouble", w->trouble);
	json_put(j, "message", w->judged ? json_of_headers(a, w->judged) : json_null());
	return j;
}

/* What the server said to the step that decided; of SMTP only. */
static void json_put_smtp(json_t *j, const struct result *r)
{
	const struct outcome *c = by_graph(r) ? NULL : decided(r);

	json_put_word(j, "endpoint", c ? c->endpoint : "");
	json_put_word(j, "message_id", data_string(r, "message-id"));
	json_put_word(j, "queue_id", data_string(r, "queue-id"));
	json_put(j, "reply", json_reply(c ? c->reply : NULL, false));
}

json_t *json_of_send(struct arena *a, const void *of)
{
	const struct sent *sent = of;
	const struct result *r = sent->result;
	json_t *j = json_object();
	struct strv places = look(r, a);
	const struct ask *ask = r->ask;
	const struct fact *http = facts_get(r->facts, "graph.send.status"),
		*retry = facts_get(r->facts, "graph.send.retry-after-s");

	json_put_text(j, "schema", "smtpwhy.send/1");
	json_put_text(j, "started", clock_utc(a, r->started));
	json_put(j, "duration_ms", json_integer(r->duration_ms));
	json_put_text(j, "via", by_graph(r) ? "graph" : "smtp");
	json_put_word(j, "host", r->host);
	json_put_word(j, "mailbox", ask->user);
	json_put_word(j, "from", *ask->from ? ask->from : ask->user);
	json_put_text(j, "to", ask->to);
	json_put_text(j, "status", status_of(r));
	json_put_smtp(j, r);
	json_put(j, "http_status", http && http->number ? json_integer(http->number) : json_null());
	json_put_word(j, "error_code", facts_string(r->facts, "graph.send.code"));
	json_put_word(j, "request_id", facts_string(r->facts, "graph.send.request-id"));
	json_put(j, "retry_after_s", retry ? json_integer(retry->number) : json_null());
	json_put_list(j, "look", &places);
	json_put(j, "arrival", json_arrival(a, sent->arrival));
	json_put(j, "facts", json_facts(r->facts));
	json_put(j, "diagnosis", json_diagnosis(r->diagnosis, r->n_diagnosis));
	return j;
}
