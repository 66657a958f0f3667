/*
 * json-path - the way of sending: what it is, what contradicts it, what would fit.
 */
#include "report/json-parts.h"

json_t *json_path_finding(const struct path_finding *f)
{
	json_t *j = json_object();

	json_put_text(j, "finding", f->finding);
	json_put_word(j, "cause", f->cause);
	json_put_text(j, "severity", severity_name(f->severity));
	json_put_word(j, "setting", f->setting);
	json_put_text(j, "message", f->message);
	json_put_word(j, "fix", f->fix);
	json_put_text(j, "confidence", f->confidence);
	json_put_word(j, "source", f->source);
	return j;
}

static json_t *choice(const struct path_choice *c)
{
	json_t *j = json_object();

	json_put_text(j, "path", c->path);
	json_put_text(j, "name", c->name);
	json_put_text(j, "rule", c->rule);
	json_put_text(j, "why", c->why);
	json_put_list(j, "prerequisites", &c->prerequisites);
	json_put_list(j, "breaks", &c->breaks);
	json_put_text(j, "confidence", c->confidence);
	json_put_word(j, "source", c->source);
	return j;
}

json_t *json_path_fit(const struct path_judgement *p)
{
	json_t *j = json_object(), *findings = json_array(), *recommended = json_array();

	for (const struct path_finding *f = p->findings; f; f = f->next)
		json_push(findings, json_path_finding(f));
	for (size_t i = 0; i < p->n_recommended; i++)
		json_push(recommended, choice(&p->recommended[i]));
	json_put_word(j, "path", p->path);
	json_put_word(j, "why", p->path_why);
	json_put_list(j, "maybe", &p->maybe);
	json_put(j, "findings", findings);
	json_put(j, "recommended", recommended);
	json_put_list(j, "questions", &p->unknown);
	return j;
}
