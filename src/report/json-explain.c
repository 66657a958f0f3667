/*
 * json-explain - what a paste means, as data: smtpwhy.explanation/1. The schema is in doc/.
 */
#include "base/json.h"

#include "report/json-parts.h"
#include "report/report.h"

int report_explanation_json(FILE *to, const struct explanation *e)
{
	_cleanup_(json_decrefp) json_t *j = json_object();
	json_t *replies = json_array();

	for (size_t i = 0; i < e->n_replies; i++)
		json_push(replies, json_reply(e->replies[i], true));
	json_put(j, "schema", json_safe("smtpwhy.explanation/1"));
	json_put(j, "kind", json_safe(paste_kind_name(e->kind)));
	json_put(j, "provider", json_word(e->provider));
	json_put(j, "replies", replies);
	json_put(j, "diagnosis", json_diagnosis(e->diagnosis, e->n_diagnosis));
	json_put(j, "decoded", json_word(e->decoded));
	return json_write(to, j, false);
}
