/*
 * send - what became of one message that was sent on purpose: taken or not, and where to look
 * whether it arrived.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

static bool accepted(const struct result *r)
{
	return facts_true(r->facts, "graph.accepted");
}

/* "accepted", "refused", "not-sent"; "unknown" when it went out and no answer came. */
static const char *status_of(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (str_eq(r->outcomes[i].finding, "graph.unanswered"))
			return "unknown";
	if (accepted(r))
		return "accepted";
	return facts_get(r->facts, "graph.send.status") &&
	       facts_number(r->facts, "graph.send.status", 0) ?
	       "refused" : "not-sent";
}

static struct strv look(const struct result *r, struct arena *a)
{
	const char *mailbox = *r->ask->user ? r->ask->user : "whoever signed in";
	struct strv l = { NULL, 0, 0 };

	if (!accepted(r))
		return l;
	strv_addf(&l, a, "Sent Items of %s: the message is there once Exchange has taken it over "
		  "from Graph", mailbox);
	strv_addf(&l, a, "the inbox of %s, then its folder for junk", r->ask->to);
	strv_addf(&l, a, "the inbox of %s: a refusal by the other side comes back as a bounce, "
		  "mostly within minutes; smtpwhy explain reads it", mailbox);
	strv_add(&l, a, "Exchange admin center > Mail flow > Message trace, some minutes later: "
		 "Delivered, Failed, or Filtered as spam");
	return l;
}

void text_of_send(struct out *o, const void *of)
{
	struct strv places = look(of, o->arena);

	text_of_check(o, of);
	for (size_t i = 0; i < places.n; i++) {
		if (i == 0) {
			out_line(o);
			text_block(o, "Look");
			out_wrapped(o, TEXT_LEFT,
				    "Taken is not delivered. Whether it arrived shows here:");
		}
		out_to(o, TEXT_LEFT);
		out_list(o, TEXT_LEFT, "- ", places.v[i]);
	}
}

json_t *json_of_send(struct arena *a, const void *of)
{
	const struct result *r = of;
	json_t *j = json_object();
	struct strv places = look(r, a);
	const struct ask *ask = r->ask;
	const struct fact *http = facts_get(r->facts, "graph.send.status"),
		*retry = facts_get(r->facts, "graph.send.retry-after-s");

	json_put_text(j, "schema", "smtpwhy.send/1");
	json_put_text(j, "started", clock_utc(a, r->started));
	json_put(j, "duration_ms", json_integer(r->duration_ms));
	json_put_text(j, "via", "graph");
	json_put_word(j, "host", r->host);
	json_put_word(j, "mailbox", ask->user);
	json_put_word(j, "from", *ask->from ? ask->from : ask->user);
	json_put_text(j, "to", ask->to);
	json_put_text(j, "status", status_of(r));
	json_put(j, "http_status", http && http->number ? json_integer(http->number) : json_null());
	json_put_word(j, "error_code", facts_string(r->facts, "graph.send.code"));
	json_put_word(j, "request_id", facts_string(r->facts, "graph.send.request-id"));
	json_put(j, "retry_after_s", retry ? json_integer(retry->number) : json_null());
	json_put_list(j, "look", &places);
	json_put(j, "facts", json_facts(r->facts));
	json_put(j, "diagnosis", json_diagnosis(r->diagnosis, r->n_diagnosis));
	return j;
}
