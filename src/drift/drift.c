/*
 * Two files of runs, target by target.
 */
#include "drift/drift.h"

#include "base/arena.h"
#include "base/map.h"

const char *drift_how_name(enum drift_how how)
{
	static const char *const names[] = { "added", "removed", "changed" };

	return names[how];
}

void drift_add(struct drift_report *r, struct arena *a, const struct drift *d)
{
	r->v = arena_grow(a, r->v, r->n, &r->cap, sizeof(*r->v));
	r->v[r->n++] = *d;
	r->only_old += d->in == DRIFT_IN_OLD;
	r->only_new += d->in == DRIFT_IN_NEW;
	r->unknown += d->unknown.n > 0;
	if (d->in == DRIFT_IN_BOTH)
		r->count[d->severity]++;
}

/* --- which run belongs to which --- */

/* The places of one target, in the order of the file. */
struct same_target {
	struct run_place	*place;
	struct same_target	*next;
};

static struct map *by_target(struct arena *a, struct runs *r)
{
	struct map *m = map_new(a);

	for (size_t i = r->n; i > 0; i--) {
		struct same_target *s = arena_alloc(a, sizeof(*s));

		s->place = &r->v[i - 1];
		s->next = map_get(m, s->place->target);
		map_set(m, s->place->target, s);
	}
	return m;
}

/* How well two runs of one target fit together: 0 = they asked for different things. */
static unsigned likeness(const struct run_place *a, const struct run_place *b)
{
	unsigned alike = 1;

	for (size_t i = 0; i < RUN_DETAILS; i++) {
		if (str_eq(a->detail[i], b->detail[i]))
			alike++;
		else if (*a->detail[i] && *b->detail[i])
			return 0;
	}
	return alike;
}

/*
 * The old run to compare a new one with: of the same target, and at least so alike. NULL when there
 * is none left.
 */
static struct run_place *take(const struct map *m, const struct run_place *now, unsigned alike)
{
	struct same_target *s = map_get(m, now->target);

	for (; s; s = s->next) {
		if (s->place->used || likeness(s->place, now) < alike)
			continue;
		s->place->used = true;
		return s->place;
	}
	return NULL;
}

/* The most alike first; where each file has one run of the target, these two. */
static struct run_place **pairs_of(struct arena *a, struct runs *old, struct runs *now)
{
	struct run_place **pair = arena_alloc(a, (now->n + 1) * sizeof(*pair));
	const struct map *m = by_target(a, old), *of_now = by_target(a, now);

	for (unsigned alike = RUN_DETAILS + 1; alike > 0; alike--)
		for (size_t i = 0; i < now->n; i++)
			if (!pair[i])
				pair[i] = take(m, &now->v[i], alike);
	for (size_t i = 0; i < now->n; i++) {
		const struct same_target *s = map_get(m, now->v[i].target);
		const struct same_target *t = map_get(of_now, now->v[i].target);

		if (!pair[i] && s && !s->next && !t->next)
			pair[i] = take(m, &now->v[i], 0);
	}
	return pair;
}

/* --- all of them --- */

static bool compare_pair(struct arena *a, const struct know *k, const char *const names[2],
			 const struct run_place *const places[2], struct drift *ret,
			 const char **ret_error)
{
	_cleanup_(arena_freep) struct arena *scratch = arena_new();
	struct run *runs[2];

	for (size_t i = 0; i < 2; i++) {
		const char *error;

		runs[i] = run_read(scratch, k, places[i], &error);
		if (!runs[i]) {
			*ret_error = arena_printf(a, "%s: %s", runs_shown(a, names[i]), error);
			return false;
		}
	}
	drift_compare(a, k, runs[0], runs[1], ret);
	return true;
}

static struct drift alone(const struct run_place *place, enum drift_in in)
{
	return (struct drift) {
		.target = place->target, .in = in,
		.cause = { .id = "", .title = "", .certainty = "", .who = "", .act = "",
			   .command = "" },
	};
}

bool drift_all(struct arena *a, const struct know *k, struct runs *old, struct runs *now,
	       struct drift_report *ret, const char **ret_error)
{
	const char *const names[] = { old->name, now->name };
	struct run_place **pair = pairs_of(a, old, now);
	struct drift one;

	*ret = (struct drift_report) { .old_name = old->name, .new_name = now->name };
	for (size_t i = 0; i < now->n; i++) {
		const struct run_place *const places[] = { pair[i], &now->v[i] };

		one = alone(&now->v[i], DRIFT_IN_NEW);
		if (pair[i] && !compare_pair(a, k, names, places, &one, ret_error))
			return false;
		drift_add(ret, a, &one);
	}
	for (size_t i = 0; i < old->n; i++) {
		if (old->v[i].used)
			continue;
		one = alone(&old->v[i], DRIFT_IN_OLD);
		drift_add(ret, a, &one);
	}
	drift_sort(ret);
	return true;
}

/* Into the lists by severity, so that equals keep their order. */
void drift_sort(struct drift_report *r)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct drift *sorted = arena_alloc(a, (r->n + 1) * sizeof(*sorted));
	size_t n = 0;

	for (size_t s = CHANGE_SEVERITIES; s > 0; s--)
		for (size_t i = 0; i < r->n; i++)
			if (r->v[i].severity == s - 1)
				sorted[n++] = r->v[i];
	for (size_t i = 0; i < n; i++)
		r->v[i] = sorted[i];
}
