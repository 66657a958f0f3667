/*
 * json-parts - what a report and an explanation have in common.
 */
#include "report/json-parts.h"

json_t *json_word(const char *s)
{
	return s && *s ? json_safe(s) : json_null();
}

json_t *json_strings(const struct strv *l)
{
	json_t *j = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_push(j, json_safe(l->v[i]));
	return j;
}

json_t *json_reply(const struct reply *r, bool with_line)
{
	json_t *j, *text;

	if (!r)
		return json_null();
	j = json_object();
	text = json_array();
	json_put(j, "stage", json_safe(stage_name(r->stage)));
	json_put(j, "code", r->code ? json_integer(r->code) : json_null());
	json_put(j, "enhanced", json_word(r->enhanced));
	for (size_t i = 0; i < r->lines; i++)
		json_push(text, json_safe(r->text[i]));
	json_put(j, "text", text);
	if (with_line)
		json_put(j, "line", r->source_line > 0 ? json_integer(r->source_line) : json_null());
	return j;
}

json_t *json_role(const struct role *role)
{
	return json_word(role ? role->id : NULL);
}

static json_t *json_fix(const struct fix *fix)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < fix->n; i++) {
		json_t *step = json_object();

		json_put(step, "where", json_word(fix->steps[i].where));
		json_put(step, "do", json_word(fix->steps[i].act));
		json_put(step, "command", json_word(fix->steps[i].command));
		json_put(step, "role", json_role(fix->steps[i].role));
		json_push(steps, step);
	}
	return steps;
}

static json_t *json_diagnosed(const struct diagnosed *d)
{
	json_t *j = json_object();

	json_put(j, "cause", json_safe(d->cause->id));
	json_put(j, "title", json_safe(d->title && *d->title ? d->title : d->cause->title));
	json_put(j, "certainty", json_safe(certainty_name(d->certainty)));
	json_put(j, "stage", json_safe(stage_name(d->stage)));
	json_put(j, "meaning", json_word(d->meaning));
	json_put(j, "because", json_strings(&d->because));
	json_put(j, "who", json_word(d->who));
	json_put(j, "role", json_role(d->role));
	json_put(j, "retry", json_word(d->retry));
	json_put(j, "fix", json_fix(&d->fix));
	json_put(j, "verify", json_word(d->verify));
	json_put(j, "decide", json_word(d->decide));
	json_put(j, "also_possible", json_strings(&d->also));
	json_put(j, "sources", json_strings(&d->sources));
	json_put(j, "matched_by", json_word(d->matched_by));
	return j;
}

json_t *json_diagnosis(const struct diagnosed *list, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++)
		json_push(j, json_diagnosed(&list[i]));
	return j;
}

static json_t *json_tell(const struct tell *t)
{
	json_t *j = json_object();

	json_put(j, "causes", json_strings(&t->causes));
	json_put(j, "test", json_safe(t->test));
	json_put(j, "command", json_word(t->command));
	json_put(j, "decides", json_safe(t->decides));
	json_put(j, "who", json_safe(t->who));
	json_put(j, "role", json_role(t->role));
	json_put(j, "source", json_safe(t->source));
	json_put(j, "confidence", json_safe(t->confidence));
	return j;
}

void json_apart(json_t *j, const struct apart *apart)
{
	json_t *tests = json_array();

	for (size_t i = 0; i < apart->n; i++)
		json_push(tests, json_tell(&apart->tests[i]));
	json_put(j, "tell_apart", tests);
	json_put(j, "unknowable", json_strings(&apart->unknowable));
}

json_t *json_facts(const struct facts *facts)
{
	json_t *j = json_object();

	for (const struct fact *f = facts_match(facts, "*", NULL); f; f = facts_match(facts, "*", f))
		json_put(j, f->name, f->type == FACT_NUMBER ? json_integer(f->number) :
			 f->type == FACT_BOOL ? json_boolean(f->number) : json_safe(f->string));
	return j;
}
