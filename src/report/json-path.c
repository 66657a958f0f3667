/*
 * json-path - the way of sending: what it is, what contradicts it, what would fit.
 */
#include "report/json-parts.h"

json_t *json_path_finding(const struct path_finding *f)
{
	json_t *j = json_object();

	json_put(j, "finding", json_safe(f->finding));
	json_put(j, "cause", json_word(f->cause));
	json_put(j, "severity", json_safe(severity_name(f->severity)));
	json_put(j, "setting", json_word(f->setting));
	json_put(j, "message", json_safe(f->message));
	json_put(j, "fix", json_word(f->fix));
	json_put(j, "confidence", json_safe(f->confidence));
	json_put(j, "source", json_word(f->source));
	return j;
}

static json_t *choice(const struct path_choice *c)
{
	json_t *j = json_object();

	json_put(j, "path", json_safe(c->path));
	json_put(j, "name", json_safe(c->name));
	json_put(j, "rule", json_safe(c->rule));
	json_put(j, "why", json_safe(c->why));
	json_put(j, "prerequisites", json_strings(&c->prerequisites));
	json_put(j, "breaks", json_strings(&c->breaks));
	json_put(j, "confidence", json_safe(c->confidence));
	json_put(j, "source", json_word(c->source));
	return j;
}

json_t *json_path_fit(const struct path_judgement *p)
{
	json_t *j = json_object(), *findings = json_array(), *recommended = json_array();

	for (const struct path_finding *f = p->findings; f; f = f->next)
		json_push(findings, json_path_finding(f));
	for (size_t i = 0; i < p->n_recommended; i++)
		json_push(recommended, choice(&p->recommended[i]));
	json_put(j, "path", json_word(p->path));
	json_put(j, "why", json_word(p->path_why));
	json_put(j, "maybe", json_strings(&p->maybe));
	json_put(j, "findings", findings);
	json_put(j, "recommended", recommended);
	json_put(j, "questions", json_strings(&p->unknown));
	return j;
}
