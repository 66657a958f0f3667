/*
 * Two runs of one target: findings first, then facts, and which of them a finding explains.
 */
#include "drift/inside.h"

#include <stdlib.h>

#include "know/findings.h"

struct comparing {
	struct arena		*arena;
	const struct know	*know;
	const struct run	*old, *now;
	struct drift		*drift;
	size_t			 cap, n_findings;
};

static struct drift_change *add(struct comparing *c, struct drift_change change)
{
	struct drift *d = c->drift;

	d->v = arena_grow(c->arena, d->v, d->n, &c->cap, sizeof(*d->v));
	d->v[d->n] = change;
	return &d->v[d->n++];
}

/* --- verdicts --- */

/* Did it come to a verdict about the target? */
static bool ran(const struct verdict *v)
{
	return v && (v->status == STATUS_PASS || v->status == STATUS_WARN ||
		     v->status == STATUS_FAIL);
}

static const struct verdict *verdict_of(const struct run *r, const struct verdict *like)
{
	for (size_t i = 0; i < r->evidence->n_verdicts; i++) {
		const struct verdict *v = &r->evidence->verdicts[i];

		if (v->port == like->port && str_eq(v->id, like->id))
			return v;
	}
	return NULL;
}

static const char *finding_words(struct comparing *c, const struct verdict *v)
{
	const struct finding *f = *v->finding ? know_finding(c->know, v->finding) : NULL;

	return f ? f->words : v->summary;
}

/*
 * How grave it is that a check says this now, where no row knows better. old: NULL when it came to
 * no verdict then.
 */
static enum change_severity gravity(const struct comparing *c, const struct verdict *old,
				    const struct verdict *now)
{
	bool fails = now->status == STATUS_FAIL;

	if (!old) {
		/* What was not asked then may have been so before; but the whole was good. */
		if (fails)
			return c->old->failed ? CHANGE_WARNING : CHANGE_REGRESSION;
		return CHANGE_NOTE;
	}
	if (old->status == now->status)
		return CHANGE_WARNING;
	if (old->status == STATUS_FAIL)
		return CHANGE_IMPROVEMENT;
	return fails ? CHANGE_REGRESSION : CHANGE_WARNING;
}

static void tell_finding(struct comparing *c, const struct verdict *old, const struct verdict *now)
{
	const struct verdict *of = now->status == STATUS_PASS ? old : now;
	bool had = old && *old->finding;
	const struct change_row *row;
	struct drift_change *to = add(c, (struct drift_change) {
		.kind = DRIFT_FINDING, .how = had ? DRIFT_CHANGED : DRIFT_ADDED,
		.severity = gravity(c, old, now), .name = *of->finding ? of->finding : of->id,
		.check = now->check, .port = now->port, .row = "", .title = finding_words(c, of),
		.was = old ? old->summary : "", .now = now->summary,
		.why = "", .who = "", .act = "", .under = "",
	});

	if (now->status == STATUS_PASS) {
		to->how = DRIFT_REMOVED;
		to->severity = CHANGE_IMPROVEMENT;
	}
	row = meaning_of_finding(c->now->evidence, to->name, to->how, to->port);
	/* What was not asked then cannot have got worse, as far as is known. */
	if (!row || (!old && row->severity > to->severity))
		return;
	if (to->severity != CHANGE_IMPROVEMENT || to->how == DRIFT_REMOVED)
		to->severity = row->severity;
	if (row->severity != CHANGE_NOISE)
		meaning_tell(c->arena, row, to, c->now->evidence);
}

static void compare_finding(struct comparing *c, const struct verdict *now)
{
	const struct verdict *old = verdict_of(c->old, now);

	if (!ran(now))
		return;
	old = ran(old) ? old : NULL;
	if (now->status == STATUS_PASS && (!old || old->status == STATUS_PASS))
		return;
	if (old && old->status == now->status && str_eq(old->finding, now->finding))
		return;
	tell_finding(c, old, now);
}

static void compare_findings(struct comparing *c)
{
	const struct evidence *old = c->old->evidence, *now = c->now->evidence;

	for (size_t i = 0; i < now->n_verdicts; i++)
		compare_finding(c, &now->verdicts[i]);
	for (size_t i = 0; i < old->n_verdicts; i++) {
		const struct verdict *v = &old->verdicts[i], *later = verdict_of(c->now, v);

		if (!ran(v) || ran(later))
			continue;
		strv_add(&c->drift->untested, c->arena, v->id);
		if (later && later->status == STATUS_UNKNOWN)
			strv_add(&c->drift->unknown, c->arena, v->id);
	}
	c->n_findings = c->drift->n;
}

/* --- facts --- */

static bool is_by(const struct fact_kind *kind, const char *check)
{
	struct span by = span_of(kind->by);

	while (by.len) {
		const char *comma = memchr(by.p, ',', by.len);
		size_t n = comma ? (size_t)(comma - by.p) : by.len;

		if (span_eq((struct span) { by.p, n }, check))
			return true;
		n += comma != NULL;
		by.p += n;
		by.len -= n;
	}
	return false;
}

/*
 * A fact that one run has: did all checks that may have left it there go so far in the other one
 * that they would have left it?
 */
static bool was_asked(const struct run *has, const struct run *other, const struct value_change *v)
{
	bool asked = false;

	for (size_t i = 0; i < has->evidence->n_verdicts; i++) {
		const struct verdict *d = &has->evidence->verdicts[i], *later;

		if (!ran(d) || d->port != v->port || !is_by(v->kind, d->check))
			continue;
		later = verdict_of(other, d);
		if (!ran(later) || later->status == STATUS_FAIL)
			return false;
		asked = true;
	}
	return asked;
}

/* The finding that the fact stands under: of a check that leaves it. NULL when there is none. */
static struct drift_change *over(struct comparing *c, const struct value_change *v)
{
	for (size_t i = 0; i < c->n_findings; i++) {
		struct drift_change *f = &c->drift->v[i];

		if (f->port == v->port && is_by(v->kind, f->check))
			return f;
	}
	return NULL;
}

/* A finding takes on what the row of its fact knows, where it has no row of its own. */
static void put_under(struct comparing *c, struct drift_change *finding, struct drift_change *fact)
{
	bool better = finding->severity == CHANGE_IMPROVEMENT;

	if (better && fact->severity >= CHANGE_WARNING)
		return;
	if (fact->severity == CHANGE_REGRESSION && !*finding->row) {
		finding->row = fact->row;
		finding->title = fact->title;
		finding->why = fact->why;
		finding->who = fact->who;
		finding->act = fact->act;
		finding->role = fact->role;
	}
	if (fact->severity >= CHANGE_WARNING && fact->severity > finding->severity)
		finding->severity = fact->severity;
	fact->under = arena_strdup(c->arena, finding->name);
}

static enum drift_how how_of(const struct value_change *v)
{
	if (!v->was)
		return DRIFT_ADDED;
	return v->now ? DRIFT_CHANGED : DRIFT_REMOVED;
}

static void tell_fact(struct comparing *c, const struct value_change *v)
{
	const struct change_row *row = meaning_of_fact(c->now->evidence, v);
	struct drift_change *finding = over(c, v), *to;
	size_t at = finding ? (size_t)(finding - c->drift->v) : 0;

	if (row && row->severity == CHANGE_NOISE)
		return;
	to = add(c, (struct drift_change) {
		.kind = DRIFT_FACT, .how = how_of(v), .severity = CHANGE_NOTE, .name = v->name,
		.check = "", .port = v->port, .row = "", .title = v->kind->words,
		.was = v->was ? value_words(v->was) : "", .now = v->now ? value_words(v->now) : "",
		.gone = v->gone, .come = v->come, .why = "", .who = "", .act = "", .under = "",
	});
	if (row) {
		to->severity = row->severity;
		meaning_tell(c->arena, row, to, c->now->evidence);
	}
	if (finding)
		put_under(c, &c->drift->v[at], to);
}

static void compare_fact(struct comparing *c, const struct fact *was, const struct fact *now)
{
	const char *name = was ? was->name : now->name;
	struct value_change v = { .name = name, .was = was, .now = now };

	v.kind = know_fact(c->know, name);
	v.port = value_port(v.kind->name, name);
	if ((!was && !was_asked(c->now, c->old, &v)) || (!now && !was_asked(c->old, c->now, &v)))
		return;
	if (value_differs(c->arena, &v))
		tell_fact(c, &v);
}

static void compare_facts(struct comparing *c)
{
	const struct facts *old = c->old->evidence->facts, *now = c->now->evidence->facts;

	for (const struct fact *f = facts_match(old, "*", NULL); f; f = facts_match(old, "*", f))
		compare_fact(c, f, facts_get(now, f->name));
	for (const struct fact *f = facts_match(now, "*", NULL); f; f = facts_match(now, "*", f))
		if (!facts_get(old, f->name))
			compare_fact(c, NULL, f);
}

/* --- the whole --- */

static int by_gravity(const void *a, const void *b)
{
	const struct drift_change *x = a, *y = b;
	bool below_x = *x->under, below_y = *y->under;

	if (below_x != below_y)
		return below_x - below_y;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/* glibc's qsort() keeps the order of equals only where it has the memory: so this merges. */
static void sort(struct comparing *c)
{
	struct drift *d = c->drift;
	struct drift_change *to = arena_alloc(c->arena, (d->n + 1) * sizeof(*to));

	for (size_t width = 1; width < d->n; width *= 2) {
		struct drift_change *swap = d->v;

		for (size_t from = 0; from < d->n; from += 2 * width) {
			size_t a = from, mid = from + width < d->n ? from + width : d->n;
			size_t b = mid, end = mid + width < d->n ? mid + width : d->n;

			for (size_t i = from; i < end; i++)
				to[i] = a < mid && (b >= end ||
						    by_gravity(&d->v[a], &d->v[b]) <= 0) ?
					d->v[a++] : d->v[b++];
		}
		d->v = to;
		to = swap;
	}
}

static void count(struct drift *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].severity == CHANGE_NOISE)
			continue;
		d->v[kept++] = d->v[i];
		if (*d->v[i].under)
			continue;
		d->count[d->v[i].severity]++;
		if (d->v[i].severity > d->severity)
			d->severity = d->v[i].severity;
	}
	d->n = kept;
}

/* Of the arena that stays. */
static void keep(struct arena *a, const char **s)
{
	*s = arena_strdup(a, *s ? *s : "");
}

static struct strv kept_list(struct arena *a, const struct strv *l)
{
	struct strv copy = { NULL, 0, 0 };

	for (size_t i = 0; i < l->n; i++)
		strv_add(&copy, a, l->v[i]);
	return copy;
}

static void keep_change(struct arena *a, struct drift_change *c)
{
	const char **texts[] = { &c->name, &c->check, &c->row, &c->title, &c->was, &c->now,
				 &c->why, &c->who, &c->act, &c->under };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		keep(a, texts[i]);
	c->gone = kept_list(a, &c->gone);
	c->come = kept_list(a, &c->come);
}

static void keep_all(struct arena *a, const struct run *now, struct drift *d)
{
	const char **texts[] = { &d->cause.id, &d->cause.title, &d->cause.certainty,
				 &d->cause.who, &d->cause.act, &d->cause.command };
	struct drift_change *v = arena_alloc(a, (d->n + 1) * sizeof(*v));

	for (size_t i = 0; i < d->n; i++) {
		v[i] = d->v[i];
		keep_change(a, &v[i]);
	}
	d->v = v;
	d->target = arena_strdup(a, now->target);
	d->untested = kept_list(a, &d->untested);
	d->unknown = kept_list(a, &d->unknown);
	d->cause = now->cause;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		keep(a, texts[i]);
}

void drift_compare(struct arena *a, const struct know *k, const struct run *old,
		   const struct run *now, struct drift *ret)
{
	_cleanup_(arena_freep) struct arena *scratch = arena_new();
	struct comparing c = {
		.arena = scratch, .know = k, .old = old, .now = now, .drift = ret,
	};

	*ret = (struct drift) { .in = DRIFT_IN_BOTH };
	compare_findings(&c);
	compare_facts(&c);
	sort(&c);
	count(ret);
	keep_all(a, now, ret);
}
