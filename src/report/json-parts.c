/*
 * json-parts - what a report and an explanation have in common.
 */
#include "report/json-parts.h"

json_t *json_word(const char *s)
{
	return s && *s ? json_safe(s) : json_null();
}

void json_put_text(json_t *j, const char *key, const char *s)
{
	json_put(j, key, json_safe(s));
}

void json_put_word(json_t *j, const char *key, const char *s)
{
	json_put(j, key, json_word(s));
}

void json_put_bool(json_t *j, const char *key, bool b)
{
	json_put(j, key, json_boolean(b));
}

void json_put_list(json_t *j, const char *key, const struct strv *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_push(list, json_safe(l->v[i]));
	json_put(j, key, list);
}

json_t *json_reply(const struct reply *r, bool with_line)
{
	json_t *j, *text;

	if (!r)
		return json_null();
	j = json_object();
	text = json_array();
	json_put_text(j, "stage", stage_name(r->stage));
	json_put(j, "code", r->code ? json_integer(r->code) : json_null());
	json_put_word(j, "enhanced", r->enhanced);
	for (size_t i = 0; i < r->lines; i++)
		json_push(text, json_safe(r->text[i]));
	json_put(j, "text", text);
	if (with_line)
		json_put(j, "line",
			 r->source_line > 0 ? json_integer(r->source_line) : json_null());
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

		json_put_word(step, "where", fix->steps[i].where);
		json_put_word(step, "do", fix->steps[i].act);
		json_put_word(step, "command", fix->steps[i].command);
		json_put(step, "role", json_role(fix->steps[i].role));
		json_push(steps, step);
	}
	return steps;
}

static json_t *json_diagnosed(const struct diagnosed *d)
{
	json_t *j = json_object();

	json_put_text(j, "cause", d->cause->id);
	json_put_text(j, "title", d->title && *d->title ? d->title : d->cause->title);
	json_put_text(j, "certainty", certainty_name(d->certainty));
	json_put_text(j, "stage", stage_name(d->stage));
	json_put_word(j, "meaning", d->meaning);
	json_put_list(j, "because", &d->because);
	json_put_word(j, "who", d->who);
	json_put(j, "role", json_role(d->role));
	json_put_word(j, "retry", d->retry);
	json_put(j, "fix", json_fix(&d->fix));
	json_put_word(j, "verify", d->verify);
	json_put_word(j, "decide", d->decide);
	json_put_list(j, "also_possible", &d->also);
	json_put_list(j, "sources", &d->sources);
	json_put_word(j, "matched_by", d->matched_by);
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

	json_put_list(j, "causes", &t->causes);
	json_put_text(j, "test", t->test);
	json_put_word(j, "command", t->command);
	json_put_text(j, "decides", t->decides);
	json_put_text(j, "who", t->who);
	json_put(j, "role", json_role(t->role));
	json_put_text(j, "source", t->source);
	json_put_text(j, "confidence", t->confidence);
	return j;
}

void json_apart(json_t *j, const struct apart *apart)
{
	json_t *tests = json_array();

	for (size_t i = 0; i < apart->n; i++)
		json_push(tests, json_tell(&apart->tests[i]));
	json_put(j, "tell_apart", tests);
	json_put_list(j, "unknowable", &apart->unknowable);
}

static json_t *json_fact(const struct fact *f)
{
	if (f->type == FACT_NUMBER)
		return json_integer(f->number);
	return f->type == FACT_BOOL ? json_boolean(f->number) : json_safe(f->string);
}

json_t *json_facts(const struct facts *facts)
{
	json_t *j = json_object();

	for (const struct fact *f = facts_match(facts, "*", NULL); f;
	     f = facts_match(facts, "*", f))
		json_put(j, f->name, json_fact(f));
	return j;
}
