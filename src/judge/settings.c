/*
 * settings - what does not fit together in a set-up.
 */
#include "judge/settings.h"

#include "base/str.h"
#include "judge/eval.h"
#include "know/path.h"

/* The first of the days to come that its condition speaks of: "policy.ID = coming". 0: none. */
static time_t due_day(const struct know *know, const struct path_finding_row *row)
{
	const struct policy_row *policy;
	time_t due = 0;

	for (size_t i = 0; i < row->when.n_terms; i++) {
		const struct rule_term *t = &row->when.terms[i];

		if (t->negated || !str_has_prefix(t->name, "policy.") ||
		    !strv_has(&t->values, "coming"))
			continue;
		for (size_t j = 0; (policy = know_policy_at(know, j)); j++)
			if (str_eq(policy->id, t->name + strlen("policy.")) &&
			    (!due || policy->by < due))
				due = policy->by;
	}
	return due;
}

static void add_finding(const struct rule_view *view, const struct path_finding_row *row,
			struct path_finding **at)
{
	struct path_finding *f = arena_alloc(view->e->arena, sizeof(*f));

	*f = (struct path_finding) {
		.finding = row->id, .cause = row->cause, .severity = row->severity,
		.setting = row->setting,
		.message = rule_text(view->e, row->message), .fix = rule_text(view->e, row->fix),
		.confidence = row->confidence, .source = row->source,
	};
	*at = f;
}

struct path_finding *judge_settings(const struct evidence *e)
{
	const struct rule_view view = { .e = e };
	struct path_finding *first = NULL, **at = &first;
	const struct path_finding_row *row;

	if (!evidence_has(e, "case.*"))
		return NULL;
	for (unsigned s = ERROR + 1; s-- > INFO;) {
		for (size_t i = 0; (row = know_path_finding_at(e->know, i)); i++) {
			if (row->severity == s && rule_holds(&view, &row->when, 0)) {
				add_finding(&view, row, at);
				(*at)->due = due_day(e->know, row);
				at = &(*at)->next;
			}
		}
	}
	return first;
}
