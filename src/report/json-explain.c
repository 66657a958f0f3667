/*
 * json-explain - what a paste means, as data: smtpwhy.explanation/1. The schema is in doc/.
 */
#include "base/json.h"

#include "report/json-parts.h"
#include "report/printer.h"

static json_t *json_message(const struct explanation *e)
{
	json_t *j = json_object();

	json_put_word(j, "from", e->from);
	json_put_word(j, "to", e->to);
	json_put_word(j, "id", e->id);
	return j;
}

static json_t *json_missed(const struct explanation *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_missed; i++) {
		json_t *j = json_object();

		json_put_text(j, "address", e->missed[i].recipient);
		json_put_word(j, "server", e->missed[i].server);
		json_put_word(j, "status", e->missed[i].status);
		json_push(list, j);
	}
	return list;
}

/* What an administrator's report says. */
static json_t *json_admin(const struct explanation *e)
{
	json_t *j = json_object();

	json_put_list(j, "seen", &e->seen);
	json_put_list(j, "unread", &e->unread);
	json_put(j, "facts", json_facts(e->facts));
	return j;
}

json_t *json_of_explanation(struct arena *a _unused_, const void *of)
{
	const struct explanation *e = of;
	json_t *j = json_object(), *replies = json_array();

	for (size_t i = 0; i < e->n_replies; i++)
		json_push(replies, json_reply(e->replies[i], true));
	json_put_text(j, "schema", "smtpwhy.explanation/1");
	json_put_text(j, "kind", paste_kind_name(e->kind));
	json_put_word(j, "provider", e->provider);
	json_put_word(j, "note", *e->trouble ? e->trouble : e->note);
	json_put(j, "message", *e->from || *e->to || *e->id ? json_message(e) : json_null());
	json_put_word(j, "reporter", e->reporter);
	json_put(j, "recipients", json_missed(e));
	json_put(j, "replies", replies);
	json_put(j, "diagnosis", json_diagnosis(e->diagnosis, e->n_diagnosis));
	json_put(j, "admin", e->facts ? json_admin(e) : json_null());
	json_apart(j, &e->apart);
	json_put_list(j, "next_blockers", &e->next_blockers);
	json_put_word(j, "decoded", e->decoded);
	return j;
}
