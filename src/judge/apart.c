#include "judge/apart.h"

#include "base/str.h"
#include "judge/facts.h"
#include "know/tables.h"

static bool matches(const struct strv *globs, const char *id)
{
	for (size_t i = 0; globs && i < globs->n; i++)
		if (str_glob(globs->v[i], id))
			return true;
	return false;
}

static void add_once(struct strv *to, struct arena *a, const char *id)
{
	if (!strv_has(to, id))
		strv_add(to, a, id);
}

/* The causes that are told: where the first is certain, that one alone. */
static struct strv told(struct arena *a, const struct diagnosed *list, size_t n)
{
	struct strv causes = { NULL, 0, 0 };

	for (size_t i = 0; i < n && (i == 0 || list[0].certainty < CERTAIN); i++)
		add_once(&causes, a, list[i].cause->id);
	return causes;
}

/* The causes in question: those, and what a reply that does not decide says it may be besides. */
static struct strv in_question(struct arena *a, const struct diagnosed *list, size_t n, const struct strv *refuted)
{
	struct strv open = told(a, list, n);

	for (size_t i = 0; i < n && list[0].certainty < CERTAIN; i++)
		for (size_t j = 0; list[i].certainty < CERTAIN && j < list[i].also.n; j++)
			if (!matches(refuted, list[i].also.v[j]))
				add_once(&open, a, list[i].also.v[j]);
	return open;
}

/* The causes: those that are told, and those that are in question. */
struct causes { struct strv told, open; };

static struct strv matching(struct arena *a, const struct strv *globs, const struct strv *ids)
{
	struct strv found = { NULL, 0, 0 };

	for (size_t i = 0; i < ids->n; i++)
		if (matches(globs, ids->v[i]))
			strv_add(&found, a, ids->v[i]);
	return found;
}

/* What settles one cause is about one that is told; what splits a set, about one at least. */
static bool applies(const struct rule_view *v, const struct apart_row *row, const struct causes *c, struct strv *ret_causes)
{
	struct strv sure = matching(v->arena, &row->causes, &c->told);

	*ret_causes = row->least == 1 ? sure : matching(v->arena, &row->causes, &c->open);
	return sure.n && ret_causes->n >= row->least && (!row->when || rule_holds(v, row->when, 0));
}

struct choice {
	const struct apart_row	*row;
	struct strv		 causes;
};

/* In the order of cost, and of the table among those that cost the same. */
static void keep(struct choice *kept, size_t *n, const struct apart_row *row, const struct strv *causes)
{
	size_t at = *n;

	while (at && kept[at - 1].row->cost > row->cost)
		at--;
	if (at == LIMIT_TELLS)
		return;
	*n += *n < LIMIT_TELLS;
	memmove(&kept[at + 1], &kept[at], (*n - at - 1) * sizeof(*kept));
	kept[at] = (struct choice) { row, *causes };
}

static struct tell tell_of(const struct know *k, struct arena *a, const struct filling *f, const struct choice *c)
{
	bool admin = str_eq(c->row->who, "tenant-admin");

	return (struct tell) {
		.role = admin ? know_role_for(k, &c->row->roles, NULL) : NULL,
		.id = c->row->id, .causes = c->causes, .test = filled(a, f, c->row->test), .command = filled(a, f, c->row->command),
		.decides = filled(a, f, c->row->decides), .who = c->row->who, .source = c->row->source, .confidence = c->row->confidence,
	};
}

struct apart apart_find(const struct know *k, const struct rule_view *v, const struct filling *f, const struct diagnosed *list, size_t n,
			const struct strv *refuted)
{
	struct causes in = { told(v->arena, list, n), in_question(v->arena, list, n, refuted) };
	struct rule_view view = *v;
	struct choice kept[LIMIT_TELLS];
	struct apart apart = { .tests = NULL };
	struct strv causes;
	const struct apart_row *row;
	size_t n_kept = 0;

	view.causes = &in.open;
	for (size_t i = 0; n && (row = know_apart_at(k, i)); i++) {
		bool test = str_eq(row->kind, "test");

		if ((test && list[0].certainty == CERTAIN) || !applies(&view, row, &in, &causes))
			continue;
		if (test)
			keep(kept, &n_kept, row, &causes);
		else
			strv_add(&apart.unknowable, v->arena, filled(v->arena, f, row->test));
	}
	apart.tests = arena_alloc(v->arena, (n_kept + 1) * sizeof(*apart.tests));
	for (; apart.n < n_kept; apart.n++)
		apart.tests[apart.n] = tell_of(k, v->arena, f, &kept[apart.n]);
	return apart;
}

struct apart apart_of_text(const struct candidates *c, const char *kind, const struct facts *facts, const struct filling *f,
			   const struct diagnosed *list, size_t n)
{
	const char *id = n ? candidates_provider(c, list[0].cause) : NULL;
	const struct provider *p = id && *id ? know_provider(c->know, id, NULL) : NULL;
	struct facts *asked = facts_new(c->arena);
	struct rule_view v = { .arena = c->arena, .facts = facts ? facts : facts_new(c->arena), .asked = asked };

	facts_set(asked, "ask.pasted", kind);
	if (p) {
		facts_set(asked, "provider.id", p->id);
		facts_set(asked, "provider.path", p->path);
	}
	return apart_find(c->know, &v, f, list, n, NULL);
}
