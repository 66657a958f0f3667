#include "judge/apart.h"

#include "base/str.h"
#include "judge/eval.h"
#include "know/tables.h"

static void add_once(struct strv *to, struct arena *a, const char *id)
{
	if (!strv_has(to, id))
		strv_add(to, a, id);
}

/* The causes that are reported: where the first is certain, that one alone. */
static struct strv told(struct arena *a, const struct diagnosed *list, size_t n)
{
	struct strv causes = { NULL, 0, 0 };

	for (size_t i = 0; i < n && (i == 0 || list[0].certainty < CERTAIN); i++)
		add_once(&causes, a, list[i].cause->id);
	return causes;
}

/* The causes in question: those, and what a reply that does not decide says it may be besides. */
static struct strv in_question(struct arena *a, const struct diagnosed *list, size_t n,
			       const struct strv *refuted)
{
	struct strv open = told(a, list, n);

	for (size_t i = 0; i < n && list[0].certainty < CERTAIN; i++)
		for (size_t j = 0; list[i].certainty < CERTAIN && j < list[i].also.n; j++)
			if (!strv_glob(refuted, list[i].also.v[j]))
				add_once(&open, a, list[i].also.v[j]);
	return open;
}

/* The causes: those that are reported, and those that are in question. */
struct causes { struct strv told, open; };

static struct strv matching(struct arena *a, const struct strv *globs, const struct strv *ids)
{
	struct strv found = { NULL, 0, 0 };

	for (size_t i = 0; i < ids->n; i++)
		if (strv_glob(globs, ids->v[i]))
			strv_add(&found, a, ids->v[i]);
	return found;
}

/* What settles one cause is about a reported one; what splits a set, about one at least. */
static bool applies(const struct rule_view *v, const struct apart_row *row, const struct causes *c,
		    struct strv *ret_causes)
{
	struct strv sure = matching(v->e->arena, &row->causes, &c->told);

	*ret_causes = row->least == 1 ? sure : matching(v->e->arena, &row->causes, &c->open);
	return sure.n && ret_causes->n >= row->least && (!row->when || rule_holds(v, row->when, 0));
}

struct choice {
	const struct apart_row	*row;
	struct strv		 causes;
};

/* In the order of cost, and of the table among those that cost the same. */
static void keep(struct choice *kept, size_t *n, const struct apart_row *row,
		 const struct strv *causes)
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

static struct tell tell_of(const struct know *k, struct arena *a, const struct filling *f,
			   const struct choice *c)
{
	bool admin = str_eq(c->row->who, "tenant-admin");

	return (struct tell) {
		.role = admin ? know_role_for(k, &c->row->roles, NULL) : NULL,
		.id = c->row->id, .causes = c->causes, .test = filled(a, f, c->row->test),
		.command = filled(a, f, c->row->command),
		.decides = filled(a, f, c->row->decides), .who = c->row->who,
		.source = c->row->source, .confidence = c->row->confidence,
	};
}

/* The same with this provider, and all that follows from it. */
static void take_provider(struct evidence *e, const struct facts *asked, const char *id)
{
	e->provider = id;
	e->asked = facts_new(e->arena);
	for (const struct fact *f = facts_match(asked, "ask.*", NULL); f;
	     f = facts_match(asked, "ask.*", f)) {
		if (f->type == FACT_BOOL)
			facts_set_bool(e->asked, f->name, f->number != 0);
		else if (!str_has_suffix_nocase(f->name, "-is"))
			facts_set(e->asked, f->name, f->string);
	}
	evidence_complete(e);
}

/*
 * The evidence as a test is chosen by it: where nothing but a reply tells whose server it is, its
 * provider's tests are meant; and what is not known is worth a test.
 */
static struct evidence in_doubt(const struct candidates *c, const struct evidence *e,
				const struct diagnosis *d)
{
	const char *id = d->n ? candidates_provider(c, d->list[0].cause) : NULL;
	struct evidence doubt = *e;

	doubt.partial = false;
	if (*e->provider)
		id = e->provider;
	if (e->partial && id && *id)
		take_provider(&doubt, e->asked, id);
	return doubt;
}

struct apart apart_find(const struct candidates *c, const struct evidence *e,
			const struct filling *f,
			const struct diagnosis *d, const struct strv *refuted)
{
	struct causes in = {
		told(e->arena, d->list, d->n), in_question(e->arena, d->list, d->n, refuted)
	};
	struct evidence doubt = in_doubt(c, e, d);
	const struct rule_view view = { .e = &doubt, .causes = &in.open };
	struct choice kept[LIMIT_TELLS];
	struct apart apart = { .tests = NULL };
	struct strv causes;
	const struct apart_row *row;
	size_t n_kept = 0;

	for (size_t i = 0; d->n && (row = know_apart_at(e->know, i)); i++) {
		bool test = str_eq(row->kind, "test");

		if ((test && d->list[0].certainty == CERTAIN) || !applies(&view, row, &in, &causes))
			continue;
		if (test)
			keep(kept, &n_kept, row, &causes);
		else
			strv_add(&apart.unknowable, e->arena, filled(e->arena, f, row->test));
	}
	apart.tests = arena_alloc(e->arena, (n_kept + 1) * sizeof(*apart.tests));
	for (; apart.n < n_kept; apart.n++)
		apart.tests[apart.n] = tell_of(e->know, e->arena, f, &kept[apart.n]);
	return apart;
}
