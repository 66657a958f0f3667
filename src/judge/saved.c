/*
 * Evidence into JSON, and back. Members are read in the order in which they are written; the first
 * mistake is kept, with its place.
 */
#include "judge/saved.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/limits.h"
#include "base/reply.h"
#include "base/str.h"

enum { LIMIT_SAVED_LIST = 4096 };

/* --- writing --- */

static json_t *word(const char *s)
{
	return s && *s ? json_safe(s) : json_null();
}

/* What follows from the tables is left to those of the day it is judged (evidence_complete()). */
static bool is_derived(const char *name)
{
	return str_has_prefix(name, "provider.") || str_in(name, "ask.from-is|ask.to-is");
}

static json_t *facts_json(const struct facts *facts)
{
	json_t *j = json_object();

	for (const struct fact *f = facts_match(facts, "*", NULL); f;
	     f = facts_match(facts, "*", f)) {
		if (is_derived(f->name))
			continue;
		if (f->type == FACT_NUMBER)
			json_put(j, f->name, json_integer(f->number));
		else if (f->type == FACT_BOOL)
			json_put(j, f->name, json_boolean(f->number));
		else
			json_put(j, f->name, json_safe(f->string));
	}
	return j;
}

static json_t *reply_json(const struct reply *r)
{
	json_t *j, *text;

	if (!r)
		return json_null();
	j = json_object();
	text = json_array();
	for (size_t i = 0; i < r->lines; i++)
		json_push(text, json_safe(r->text[i]));
	json_put(j, "stage", json_safe(stage_name(r->stage)));
	json_put(j, "code", json_integer(r->code));
	json_put(j, "enhanced", word(r->enhanced));
	json_put(j, "text", text);
	return j;
}

static json_t *verdict_json(const struct verdict *d)
{
	json_t *j = json_object();

	json_put(j, "check", json_safe(d->check));
	json_put(j, "id", json_safe(d->id));
	json_put(j, "endpoint", json_safe(d->endpoint));
	json_put(j, "port", json_integer(d->port));
	json_put(j, "status", json_safe(status_name(d->status)));
	json_put(j, "stage", json_safe(stage_name(d->stage)));
	json_put(j, "finding", word(d->finding));
	json_put(j, "summary", json_safe(d->summary));
	json_put(j, "reply", reply_json(d->reply));
	json_put(j, "replier", word(d->replier));
	return j;
}

static json_t *said_json(const struct said *s)
{
	json_t *j = json_object();

	json_put(j, "reply", reply_json(s->reply));
	json_put(j, "provider", word(s->provider));
	json_put(j, "server", word(s->server));
	json_put(j, "recipients", word(s->recipients));
	json_put(j, "recipient", json_integer((json_int_t)s->recipient));
	return j;
}

static json_t *sign_json(const struct sign *s)
{
	json_t *j = json_object();

	json_put(j, "number", s->number ? json_integer((json_int_t)s->number->code) : json_null());
	json_put(j, "text", json_safe(s->text));
	json_put(j, "in_reply", json_boolean(s->in_reply));
	json_put(j, "most", json_safe(certainty_name(s->most)));
	json_put(j, "recipient", json_integer((json_int_t)s->recipient));
	return j;
}

json_t *evidence_json(const struct evidence *e)
{
	json_t *j = json_object(), *verdicts = json_array(), *said = json_array(),
		*signs = json_array();

	json_put(j, "schema", json_safe("smtpwhy.evidence/1"));
	if (e->client && *e->client)
		json_put(j, "client", json_safe(e->client));
	if (e->line)
		json_put(j, "line", json_integer(e->line));
	json_put(j, "kind", word(e->kind));
	json_put(j, "partial", json_boolean(e->partial));
	json_put(j, "provider", word(e->provider));
	json_put(j, "path", word(e->path));
	json_put(j, "asked", facts_json(e->asked));
	json_put(j, "facts", facts_json(e->facts));
	for (size_t i = 0; i < e->n_verdicts; i++)
		json_push(verdicts, verdict_json(&e->verdicts[i]));
	for (size_t i = 0; i < e->n_said; i++)
		json_push(said, said_json(&e->said[i]));
	for (size_t i = 0; i < e->n_signs; i++)
		json_push(signs, sign_json(&e->signs[i]));
	json_put(j, "verdicts", verdicts);
	json_put(j, "said", said);
	json_put(j, "signs", signs);
	return j;
}

/* --- reading --- */

struct reading {
	struct arena	*arena;
	const char	*place;		/* "verdicts[3]." */
	const char	*error;
};

static void bad(struct reading *r, const char *key, const char *what)
{
	if (!r->error)
		r->error = arena_printf(r->arena, "%s%s: %s", r->place, key, what);
}

static const char *text_of(struct reading *r, const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	if (json_is_string(v))
		return arena_strdup(r->arena, json_string_value(v));
	if (v && !json_is_null(v))
		bad(r, key, "is not a string");
	return "";
}

static int64_t number_of(struct reading *r, const json_t *j, const char *key, int64_t most)
{
	const json_t *v = json_object_get(j, key);

	if (!v || json_is_null(v))
		return 0;
	if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= most)
		return json_integer_value(v);
	bad(r, key, arena_printf(r->arena, "is not a number from 0 to %lld", (long long)most));
	return 0;
}

static bool flag_of(struct reading *r, const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	if (v && !json_is_boolean(v))
		bad(r, key, "is not true or false");
	return json_is_true(v);
}

static enum stage stage_in(struct reading *r, const json_t *j, const char *key)
{
	const char *name = text_of(r, j, key);
	enum stage s = stage_of(name);

	if (s == STAGE_UNKNOWN && *name && !str_eq(name, stage_name(STAGE_UNKNOWN)))
		bad(r, key, arena_printf(r->arena, "'%.40s' is not a stage", name));
	return s;
}

static enum status status_in(struct reading *r, const json_t *j, const char *key)
{
	const char *name = text_of(r, j, key);

	for (enum status s = STATUS_PASS; s <= STATUS_UNKNOWN; s++) {
		if (str_eq(status_name(s), name))
			return s;
	}
	bad(r, key, arena_printf(r->arena, "'%.40s' is not a status", name));
	return STATUS_UNKNOWN;
}

static enum certainty certainty_in(struct reading *r, const json_t *j, const char *key)
{
	const char *name = text_of(r, j, key);

	for (enum certainty c = POSSIBLE; c <= CERTAIN; c++) {
		if (str_eq(certainty_name(c), name))
			return c;
	}
	bad(r, key, arena_printf(r->arena, "'%.40s' is not a certainty", name));
	return POSSIBLE;
}

/* Facts have names of lower case letters, digits and . : - alone (facts.h). */
static bool is_name(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++) {
		if (!(s[i] >= 'a' && s[i] <= 'z') && !ascii_is_digit(s[i]) && !strchr(".:-", s[i]))
			return false;
	}
	return n > 0 && n <= LIMIT_FACT;
}

static enum fact_type type_of(const json_t *v)
{
	if (json_is_integer(v))
		return FACT_NUMBER;
	if (json_is_boolean(v))
		return FACT_BOOL;
	return json_is_string(v) ? FACT_STRING : FACT_NONE;
}

static void fact_of(struct reading *r, struct facts *f, const char *name, const json_t *v)
{
	if (!is_name(name))
		bad(r, "", arena_printf(r->arena, "'%.40s' is not the name of a fact", name));
	else if (is_derived(name) || fact_type_of(name) == FACT_NONE)
		return;
	else if (type_of(v) == FACT_NONE)
		bad(r, name, "is not a string, a whole number, true or false");
	else if (fact_type_of(name) != type_of(v))
		bad(r, name, "has another type");
	else if (json_is_integer(v))
		facts_set_number(f, name, json_integer_value(v));
	else if (json_is_boolean(v))
		facts_set_bool(f, name, json_is_true(v));
	else
		facts_set(f, name, json_string_value(v));
}

static struct facts *facts_of(struct reading *r, const json_t *j, const char *key)
{
	struct facts *f = facts_new(r->arena);
	json_t *object = json_object_get(j, key), *v;
	const char *name;

	if (!json_is_object(object)) {
		bad(r, key, "is not an object");
		return f;
	}
	r->place = arena_printf(r->arena, "%s.", key);
	json_object_foreach(object, name, v)
		fact_of(r, f, name, v);
	r->place = "";
	return f;
}

static const struct reply *reply_of(struct reading *r, const json_t *j, const char *key)
{
	const json_t *from = json_object_get(j, key), *text;
	const char *above = r->place;
	struct reply *to;

	if (!from || json_is_null(from))
		return NULL;
	text = json_object_get(from, "text");
	r->place = arena_printf(r->arena, "%s%s.", above, key);
	if (!json_is_array(text) || !json_array_size(text) ||
	    json_array_size(text) > LIMIT_REPLY_LINES)
		bad(r, "text",
		    arena_printf(r->arena, "is not a list of 1 to %d lines", LIMIT_REPLY_LINES));
	to = arena_alloc(r->arena, sizeof(*to));
	to->stage = stage_in(r, from, "stage");
	to->code = (int)number_of(r, from, "code", 999);
	to->enhanced = text_of(r, from, "enhanced");
	to->text = arena_alloc(r->arena, (json_array_size(text) + 1) * sizeof(*to->text));
	for (size_t i = 0; !r->error && i < json_array_size(text); i++) {
		const char *line = json_string_value(json_array_get(text, i));

		if (!line)
			bad(r, "text", "has a line that is not a string");
		to->text[to->lines++] = line ? arena_strdup(r->arena, line) : "";
	}
	r->place = above;
	return to->lines ? to : NULL;
}

/* The list, and where its elements are; 0 when there is none. */
static size_t list_of(struct reading *r, const json_t *j, const char *key, const json_t **ret)
{
	size_t n;

	*ret = json_object_get(j, key);
	n = json_array_size(*ret);
	if (!json_is_array(*ret) || n > LIMIT_SAVED_LIST) {
		bad(r, key,
		    arena_printf(r->arena, "is not a list of at most %d", LIMIT_SAVED_LIST));
		return 0;
	}
	return n;
}

static const json_t *element(struct reading *r, const json_t *list, const char *key, size_t i)
{
	const json_t *j = json_array_get(list, i);

	r->place = arena_printf(r->arena, "%s[%zu].", key, i);
	if (!json_is_object(j))
		bad(r, "", "is not an object");
	return j;
}

static void read_verdicts(struct reading *r, struct evidence *e, const json_t *j)
{
	const json_t *list;
	size_t n = list_of(r, j, "verdicts", &list);

	e->verdicts = arena_alloc(e->arena, (n + 1) * sizeof(*e->verdicts));
	for (size_t i = 0; i < n && !r->error; i++) {
		const json_t *one = element(r, list, "verdicts", i);
		struct verdict *d = &e->verdicts[e->n_verdicts++];
		const char *replier = text_of(r, one, "replier");

		*d = (struct verdict) {
			.check = text_of(r, one, "check"), .id = text_of(r, one, "id"),
			.endpoint = text_of(r, one, "endpoint"),
			.finding = text_of(r, one, "finding"),
			.summary = text_of(r, one, "summary"),
			.replier = *replier ? replier : NULL,
		};
		d->port = (unsigned)number_of(r, one, "port", 65535);
		d->status = status_in(r, one, "status");
		d->stage = stage_in(r, one, "stage");
		d->reply = reply_of(r, one, "reply");
	}
	r->place = "";
}

static void read_said(struct reading *r, struct evidence *e, const json_t *j)
{
	const json_t *list;
	size_t n = list_of(r, j, "said", &list);

	e->said = arena_alloc(e->arena, (n + 1) * sizeof(*e->said));
	for (size_t i = 0; i < n && !r->error; i++) {
		const json_t *one = element(r, list, "said", i);
		struct said *s = &e->said[e->n_said++];

		*s = (struct said) {
			.reply = reply_of(r, one, "reply"), .provider = text_of(r, one, "provider"),
			.server = text_of(r, one, "server"),
			.recipients = text_of(r, one, "recipients"),
		};
		s->recipient = (size_t)number_of(r, one, "recipient", LIMIT_SAVED_LIST);
		if (!s->reply)
			bad(r, "reply", "is missing");
	}
	r->place = "";
}

/* By the tables of today: false when no row knows the line. */
static bool recognise(const struct evidence *e, struct sign *s, int64_t number)
{
	size_t n = strlen(s->text);

	s->words = "";
	if (number) {
		s->number = know_aadsts(e->know, (unsigned long)number);
		return s->number != NULL;
	}
	s->symptom = know_symptom(e->know, e->arena, s->text, n, s->in_reply, &s->words);
	return s->symptom != NULL;
}

static void read_signs(struct reading *r, struct evidence *e, const json_t *j)
{
	const json_t *list;
	size_t n = list_of(r, j, "signs", &list);

	e->signs = arena_alloc(e->arena, (n + 1) * sizeof(*e->signs));
	for (size_t i = 0; i < n && !r->error; i++) {
		const json_t *one = element(r, list, "signs", i);
		struct sign *s = &e->signs[e->n_signs];

		*s = (struct sign) { .text = text_of(r, one, "text"),
				     .in_reply = flag_of(r, one, "in_reply") };
		s->most = certainty_in(r, one, "most");
		s->recipient = (size_t)number_of(r, one, "recipient", LIMIT_SAVED_LIST);
		e->n_signs += recognise(e, s, number_of(r, one, "number", 99999999));
	}
	r->place = "";
}

struct evidence *evidence_of_json(struct arena *a, const struct know *k, const json_t *j,
				  const char **ret_error)
{
	struct evidence *e = evidence_new(a, k);
	struct reading r = { .arena = a, .place = "" };

	if (!json_is_object(j) || !str_eq(text_of(&r, j, "schema"), "smtpwhy.evidence/1"))
		bad(&r, "schema", "is not smtpwhy.evidence/1");
	if (!r.error) {
		e->client = text_of(&r, j, "client");
		e->line = (unsigned)number_of(&r, j, "line", UINT32_MAX);
		e->kind = text_of(&r, j, "kind");
		e->partial = flag_of(&r, j, "partial");
		e->provider = text_of(&r, j, "provider");
		e->path = text_of(&r, j, "path");
		e->asked = facts_of(&r, j, "asked");
		e->facts = facts_of(&r, j, "facts");
		read_verdicts(&r, e, j);
		read_said(&r, e, j);
		read_signs(&r, e, j);
		evidence_complete(e);
	}
	*ret_error = r.error;
	return r.error ? NULL : e;
}
