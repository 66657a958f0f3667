/*
 * path - the tables applied to a case.
 */
#include "sending/path.h"

#include "base/arena.h"
#include "base/str.h"
#include "sending/inside.h"

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
			    (!due || policy->from < due))
				due = policy->from;
	}
	return due;
}

static void add_finding(const struct rule_view *view, const struct path_finding_row *row, struct path_finding **at)
{
	struct path_finding *f = arena_alloc(view->e->arena, sizeof(*f));

	*f = (struct path_finding) {
		.finding = row->id, .cause = row->cause, .severity = row->severity, .setting = row->setting,
		.message = rule_text(view->e, row->message), .fix = rule_text(view->e, row->fix),
		.confidence = row->confidence, .source = row->source,
	};
	*at = f;
}

static struct path_finding *find_all(const struct path_view *v)
{
	const struct evidence e = { .arena = v->arena, .facts = v->facts, .asked = v->facts };
	const struct rule_view view = { .e = &e };
	struct path_finding *first = NULL, **at = &first;
	const struct path_finding_row *row;

	for (unsigned s = ERROR + 1; s-- > INFO;) {
		for (size_t i = 0; (row = know_path_finding_at(v->know, i)); i++) {
			if (row->severity == s && rule_holds(&view, &row->when, 0)) {
				add_finding(&view, row, at);
				(*at)->due = due_day(v->know, row);
				at = &(*at)->next;
			}
		}
	}
	return first;
}

struct path_judgement *path_judge(struct arena *a, const struct know *know, const struct path_case *c)
{
	struct path_judgement *j = arena_alloc(a, sizeof(*j));
	struct path_view v;

	path_view_of(a, know, c, &v);
	*j = (struct path_judgement) {
		.path = facts_string(v.facts, "case.path"), .path_why = v.why, .maybe = v.maybe,
		.provider = v.provider ? v.provider->id : v.house ? v.house->id : "",
		.findings = find_all(&v),
	};
	path_choose(&v, j);
	return j;
}
