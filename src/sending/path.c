/*
 * path - the tables applied to a case.
 */
#include "sending/path.h"

#include "base/arena.h"
#include "base/str.h"
#include "sending/inside.h"

/* As what is asked for, what a rule of rules.tsv speaks of. */
static struct evidence *evidence_of(const struct path_view *v)
{
	const struct ask *ask = &v->c->ask;
	struct evidence *e = evidence_new(v->arena, v->know);

	e->facts = v->facts;
	e->kind = "settings";
	e->partial = true;
	e->provider = v->provider ? v->provider->id : "";
	e->path = facts_string(v->facts, "case.path");
	evidence_ask(e, "ask.host", ask->host);
	evidence_ask(e, "ask.user", ask->user);
	evidence_ask(e, "ask.from", ask->from);
	evidence_ask(e, "ask.to", ask->to);
	evidence_complete(e);
	return e;
}

struct path_judgement *path_judge(struct arena *a, const struct know *know,
				  const struct path_case *c)
{
	struct path_judgement *j = arena_alloc(a, sizeof(*j));
	struct path_view v;
	const char *house;

	path_view_of(a, know, c, &v);
	house = v.house ? v.house->id : "";
	*j = (struct path_judgement) {
		.path = facts_string(v.facts, "case.path"), .path_why = v.why, .maybe = v.maybe,
		.provider = v.provider ? v.provider->id : house,
		.evidence = evidence_of(&v),
	};
	j->findings = judge_settings(j->evidence);
	path_choose(&v, j);
	return j;
}
