/*
 * Runs as JSON, read back: a report is turned into evidence, so that one reader says what is wrong
 * with either.
 */
#include "drift/runs.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "judge/judge.h"
#include "judge/saved.h"

static const char *text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

/* --- a report as evidence --- */

/* The port of "mail.example:587"; 0 where there is none. */
static unsigned port_of(const char *endpoint)
{
	const char *colon = strrchr(endpoint, ':');
	unsigned long port = 0;

	return colon && str_number(colon + 1, 65535, &port) ? (unsigned)port : 0;
}

/* "tcp.$" of "tcp.587". */
static json_t *check_id(struct arena *a, const char *id, unsigned port)
{
	const char *end = arena_printf(a, ".%u", port);
	size_t n = strlen(id), tail = strlen(end);

	if (port && n > tail && str_eq(id + n - tail, end))
		id = arena_printf(a, "%.*s.$", (int)(n - tail), id);
	return json_safe(id);
}

static json_t *verdict_of(struct arena *a, const json_t *check)
{
	json_t *j = json_object(), *reply = json_object_get(check, "reply");
	unsigned port = port_of(text_of(check, "endpoint"));
	static const char *const same[] = { "id", "endpoint", "status", "finding", "summary" };

	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		json_t *v = json_object_get(check, same[i]);

		if (v)
			json_put(j, same[i], json_incref(v));
	}
	json_put(j, "check", check_id(a, text_of(check, "id"), port));
	json_put(j, "port", json_integer(port));
	if (json_is_object(reply)) {
		json_put(j, "reply", json_incref(reply));
		json_put_texts(j, "stage", text_of(reply, "stage"), NULL);
	}
	return j;
}

static json_t *evidence_of_report(struct arena *a, const json_t *report)
{
	json_t *j = json_object(), *target = json_object_get(report, "target"),
	       *checks = json_object_get(report, "checks"),
	       *facts = json_object_get(report, "facts"), *verdicts = json_array(), *check;
	size_t i;

	json_array_foreach(checks, i, check)
		json_push(verdicts, verdict_of(a, check));
	json_put_texts(j, "schema", "smtpwhy.evidence/1", "provider", text_of(target, "provider"),
		       "path", text_of(target, "path"), NULL);
	json_put(j, "asked", json_object());
	if (facts)
		json_put(j, "facts", json_incref(facts));
	json_put(j, "verdicts", json_is_array(checks) ? verdicts : json_null());
	if (!json_is_array(checks))
		json_decref(verdicts);
	json_put(j, "said", json_array());
	json_put(j, "signs", json_array());
	return j;
}

static void cause_of_report(struct arena *a, const struct know *k, const json_t *report,
			    struct run_cause *to)
{
	const json_t *first = json_array_get(json_object_get(report, "diagnosis"), 0);
	const json_t *step = json_array_get(json_object_get(first, "fix"), 0);
	const char *where = text_of(step, "where"), *act = text_of(step, "do");

	to->id = arena_strdup(a, text_of(first, "cause"));
	to->title = arena_strdup(a, text_of(first, "title"));
	to->certainty = arena_strdup(a, text_of(first, "certainty"));
	to->who = arena_strdup(a, text_of(first, "who"));
	to->role = know_role(k, text_of(first, "role"));
	to->act = *where ? arena_printf(a, "%s: %s", where, act) : arena_strdup(a, act);
	to->command = arena_strdup(a, text_of(step, "command"));
}

static void cause_of_evidence(struct run *r)
{
	struct arena *a = r->evidence->arena;
	struct diagnosis d = judge(r->evidence);
	const struct diagnosed *first = d.n ? &d.list[0] : NULL;
	const struct fix_step *step = first && first->fix.n ? &first->fix.steps[0] : NULL;
	const char *where = step && step->where ? step->where : "", *act = step ? step->act : "";

	if (!first)
		return;
	r->cause = (struct run_cause) {
		.id = first->cause->id,
		.title = *first->title ? first->title : first->cause->title,
		.certainty = certainty_name(first->certainty), .who = first->who,
		.role = first->role,
		.act = *where ? arena_printf(a, "%s: %s", where, act) : act,
		.command = step && step->command ? step->command : "",
	};
}

/* --- which target it is --- */

/* The first port that was asked; "" when nobody said one. */
static const char *port_asked(const struct evidence *e)
{
	const struct fact *f = facts_match(e->asked, "ask.port.*", NULL);

	return f && facts_true(e->asked, "ask.port-given") ? strrchr(f->name, '.') + 1 : "";
}

static const char *target_of_evidence(struct arena *a, const struct evidence *e)
{
	const char *kind = facts_string(e->asked, "ask.kind"), *port = port_asked(e);
	const char *mailbox = facts_string(e->asked, "ask.mailbox");
	const char *domain = facts_string(e->asked, "ask.domain");
	const char *host = facts_string(e->asked, "ask.host");

	if (str_eq(kind, "address"))
		return *mailbox ? mailbox : facts_string(e->asked, "ask.user");
	if (str_eq(kind, "domain") && *domain)
		return domain;
	if (!*port)
		return host;
	return arena_printf(a, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

static void detail_of(struct arena *a, const struct evidence *e, const char *to[RUN_DETAILS])
{
	static const char *const names[RUN_DETAILS] = {
		"ask.user", "ask.from", "ask.to", "ask.via",
	};

	for (size_t i = 0; i < RUN_DETAILS; i++)
		to[i] = arena_strdup(a, facts_string(e->asked, names[i]));
}

const char *runs_shown(struct arena *a, const char *name)
{
	return str_eq(name, "-") ? "standard input" : arena_printf(a, "'%s'", name);
}

/* --- reading --- */

static bool has_failed(const struct evidence *e)
{
	for (size_t i = 0; i < e->n_verdicts; i++)
		if (e->verdicts[i].status == STATUS_FAIL)
			return true;
	return false;
}

static struct run *run_new(struct arena *a, struct evidence *e, const char *target)
{
	struct run *r = arena_alloc(a, sizeof(*r));

	*r = (struct run) {
		.target = target, .evidence = e, .failed = has_failed(e),
		.cause = { .id = "", .title = "", .certainty = "", .who = "", .act = "",
			   .command = "" },
	};
	return r;
}

struct run *run_of_evidence(struct arena *a, struct evidence *e, const char *target)
{
	struct run *r = run_new(a, e, target);

	if (r->failed)
		cause_of_evidence(r);
	return r;
}

/* What stands in a report is called otherwise there. */
static const char *of_report(struct arena *a, const char *error)
{
	static const char verdicts[] = "verdicts";

	if (!str_has_prefix(error, verdicts))
		return error;
	return arena_printf(a, "checks%s", error + strlen(verdicts));
}

static struct run *run_of_json(struct arena *a, const struct know *k, const json_t *j,
			       const char **ret_error)
{
	bool report = str_eq(text_of(j, "schema"), "smtpwhy.report/1");
	json_t *made = report ? evidence_of_report(a, j) : NULL;
	struct evidence *e;
	struct run *r;

	if (!report && !str_eq(text_of(j, "schema"), "smtpwhy.evidence/1")) {
		*ret_error = "schema: is neither smtpwhy.report/1 nor smtpwhy.evidence/1";
		return NULL;
	}
	e = evidence_of_json(a, k, report ? made : j, ret_error);
	json_decref(made);
	if (!e) {
		if (report)
			*ret_error = of_report(a, *ret_error);
		return NULL;
	}
	if (*e->kind) {
		*ret_error = arena_printf(a, "kind: '%.40s' is what explain, headers or lint read, "
					  "and no run of a check", e->kind);
		return NULL;
	}
	if (report) {
		r = run_new(a, e, arena_strdup(a, text_of(json_object_get(j, "target"), "input")));
		cause_of_report(a, k, j, &r->cause);
	} else {
		r = run_of_evidence(a, e, target_of_evidence(a, e));
	}
	if (!*r->target) {
		*ret_error = "it does not say which target it is of";
		return NULL;
	}
	return r;
}

/*
 * The object at the beginning of the text, which is then what follows it. NULL: *ret_error, with
 * the line of the file that begins at `start`.
 */
static json_t *next_object(struct arena *a, const char *start, struct span *text,
			   const char **ret_error)
{
	json_error_t error;
	int line = 0;
	json_t *j;

	j = json_loadb(text->p, text->len, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
	if (!j) {
		for (; start < text->p; start++)
			line += *start == '\n';
		*ret_error = arena_printf(a, "line %d: it is not JSON: %s", line + error.line,
					  str_escaped(a, error.text, strlen(error.text)));
		return NULL;
	}
	text->p += error.position;
	text->len -= (size_t)error.position;
	return j;
}

struct run *run_read(struct arena *a, const struct know *k, const struct run_place *place,
		     const char **ret_error)
{
	struct span text = place->text;
	json_t *j = next_object(a, text.p, &text, ret_error);
	struct run *r = j ? run_of_json(a, k, j, ret_error) : NULL;

	json_decref(j);
	if (!r)
		*ret_error = arena_printf(a, "object %zu: %s", place->number, *ret_error);
	return r;
}

/* Reads the object to see whose it is; nothing else of it is kept. */
static bool index_one(struct arena *keep, const struct know *k, const char *start,
		      struct span *text, struct run_place *to, const char **ret_error)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *from = text->p, *error = NULL;
	struct run *r;
	json_t *j;

	j = next_object(a, start, text, &error);
	r = j ? run_of_json(a, k, j, &error) : NULL;
	json_decref(j);
	if (!r) {
		*ret_error = arena_printf(keep, "object %zu: %s", to->number, error);
		return false;
	}
	to->target = str_lower(keep, r->target);
	detail_of(keep, r->evidence, to->detail);
	to->text = (struct span) { from, (size_t)(text->p - from) };
	return true;
}

bool runs_index(struct arena *a, const struct know *k, struct span text, struct runs *ret,
		const char **ret_error)
{
	struct runs runs = { .name = ret->name };
	const char *start = text.p;
	size_t cap = 0;

	if (text.len && json_too_deep(text.p, text.len, LIMIT_RUN_DEPTH)) {
		*ret_error = "brackets are nested too deep";
		return false;
	}
	for (text = span_trim(text); text.len; text = span_trim(text)) {
		struct run_place *to;

		runs.v = arena_grow(a, runs.v, runs.n, &cap, sizeof(*runs.v));
		to = &runs.v[runs.n];
		*to = (struct run_place) { .number = runs.n + 1 };
		if (!index_one(a, k, start, &text, to, ret_error))
			return false;
		runs.n++;
	}
	*ret = runs;
	return true;
}
