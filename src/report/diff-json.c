/*
 * diff-json - what changed between two runs, as data: smtpwhy.diff/1. The schema is in doc/.
 */
#include "base/json.h"

#include "drift/drift.h"
#include "report/json-parts.h"
#include "report/printer.h"

static json_t *integer(size_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *change_object(const struct drift_change *c)
{
	json_t *j = json_object();

	json_put_text(j, "kind", c->kind == DRIFT_FACT ? "fact" : "finding");
	json_put_text(j, "name", c->name);
	json_put_word(j, "check", c->check);
	json_put(j, "port", c->port ? json_integer(c->port) : json_null());
	json_put_text(j, "severity", change_severity_name(c->severity));
	json_put_word(j, "row", c->row);
	json_put_text(j, "title", c->title);
	json_put(j, "was", c->how == DRIFT_ADDED && !*c->was ? json_null() : json_safe(c->was));
	json_put(j, "now", c->how == DRIFT_REMOVED && !*c->now ? json_null() : json_safe(c->now));
	json_put_list(j, "gone", &c->gone);
	json_put_list(j, "new", &c->come);
	json_put_word(j, "why", c->why);
	json_put_word(j, "who", c->who);
	json_put(j, "role", json_role(c->role));
	json_put_word(j, "do", c->act);
	json_put_word(j, "under", c->under);
	return j;
}

static json_t *changes_of(const struct drift *d, enum drift_how how)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].how == how)
			json_push(list, change_object(&d->v[i]));
	return list;
}

static json_t *cause_object(const struct run_cause *c)
{
	json_t *j;

	if (!*c->id)
		return json_null();
	j = json_object();
	json_put_text(j, "cause", c->id);
	json_put_text(j, "title", c->title);
	json_put_word(j, "certainty", c->certainty);
	json_put_word(j, "who", c->who);
	json_put(j, "role", json_role(c->role));
	json_put_word(j, "do", c->act);
	json_put_word(j, "command", c->command);
	return j;
}

static json_t *target_object(const struct drift *d)
{
	static const char *const in[] = { "both", "old", "new" };
	json_t *j = json_object();

	json_put_text(j, "target", d->target);
	json_put_text(j, "in", in[d->in]);
	json_put_text(j, "severity", d->severity == CHANGE_NOISE ? "none" :
		      change_severity_name(d->severity));
	json_put_bool(j, "regression", d->severity == CHANGE_REGRESSION);
	json_put(j, "added", changes_of(d, DRIFT_ADDED));
	json_put(j, "removed", changes_of(d, DRIFT_REMOVED));
	json_put(j, "changed", changes_of(d, DRIFT_CHANGED));
	json_put_list(j, "untested", &d->untested);
	json_put_list(j, "unknown", &d->unknown);
	json_put(j, "cause", cause_object(&d->cause));
	return j;
}

json_t *json_of_diff(struct arena *a _unused_, const void *of)
{
	const struct drift_report *r = of;
	json_t *j = json_object(), *counts = json_object(), *targets = json_array();

	for (size_t s = CHANGE_NOTE; s < CHANGE_SEVERITIES; s++)
		json_put(counts, change_severity_name((enum change_severity)s),
			 integer(r->count[s]));
	json_put(counts, "none", integer(r->count[CHANGE_NOISE]));
	json_put(counts, "only_old", integer(r->only_old));
	json_put(counts, "only_new", integer(r->only_new));
	json_put(counts, "unknown", integer(r->unknown));
	for (size_t i = 0; i < r->n; i++)
		json_push(targets, target_object(&r->v[i]));
	json_put_text(j, "schema", "smtpwhy.diff/1");
	json_put_text(j, "old", r->old_name);
	json_put_word(j, "new", r->new_name);
	json_put_bool(j, "regression", r->count[CHANGE_REGRESSION] > 0);
	json_put(j, "counts", counts);
	json_put(j, "targets", targets);
	return j;
}
