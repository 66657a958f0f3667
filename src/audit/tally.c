/*
 * tally - counts what an audit found.
 */
#include "audit/tally.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"

void audit_tally_init(struct audit_tally *t, struct arena *a)
{
	*t = (struct audit_tally) {
		.arena = a, .causes = map_new(a), .clients = map_new(a), .actors = map_new(a),
		.busy = map_new(a),
	};
}

static struct audit_client *client_of(struct audit_tally *t, const char *name)
{
	struct audit_client *c = map_get(t->clients, name);

	if (c)
		return c;
	c = arena_alloc(t->arena, sizeof(*c));
	*c = (struct audit_client) { .name = arena_strdup(t->arena, name) };
	map_set(t->clients, name, c);
	return c;
}

static struct audit_cause *cause_of(struct audit_tally *t, const struct audited *one)
{
	struct audit_cause *c = map_get(t->causes, one->cause);

	if (c)
		return c;
	c = arena_alloc(t->arena, sizeof(*c));
	*c = (struct audit_cause) {
		.id = arena_strdup(t->arena, one->cause),
		.title = arena_strdup(t->arena, one->title),
		.who = arena_strdup(t->arena, one->who),
		.step = arena_strdup(t->arena, one->step),
	};
	map_set(t->causes, one->cause, c);
	return c;
}

static void count_actor(struct audit_tally *t, struct map *in, const char *who)
{
	struct audit_actor *actor = map_get(in, who);

	if (!actor) {
		actor = arena_alloc(t->arena, sizeof(*actor));
		*actor = (struct audit_actor) { .who = arena_strdup(t->arena, who) };
		map_set(in, who, actor);
	}
	actor->n++;
}

static void count_cause(struct audit_tally *t, const struct audited *one,
			struct audit_client *client)
{
	struct audit_cause *cause = cause_of(t, one);

	if (cause->n < TALLY_EXAMPLES)
		cause->examples[cause->n] = arena_strdup(t->arena, one->target);
	cause->n++;
	if (!client->cause)
		client->cause = cause->id;
	count_actor(t, t->actors, cause->who);
}

void audit_tally_add(struct audit_tally *t, const struct audited *one)
{
	struct audit_client *client = client_of(t, one->client);

	t->n++;
	client->n++;
	switch (one->status) {
	case STATUS_PASS:
		t->passed++;
		return;
	case STATUS_WARN:
		t->warned++;
		client->warned++;
		break;
	case STATUS_FAIL:
		t->failed++;
		client->failed++;
		break;
	case STATUS_SKIP:
	case STATUS_UNKNOWN:
		t->untested++;
		client->untested++;
		break;
	}
	if (one->cause)
		count_cause(t, one, client);
	else
		t->unnamed++;
}

void audit_tally_sent_away(struct audit_tally *t, const char *place)
{
	count_actor(t, t->busy, place);
}

struct row {
	void	*value;
	size_t	 n, order;
};

static int by_number(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->n != b->n)
		return a->n < b->n ? 1 : -1;
	return a->order < b->order ? -1 : 1;
}

/* The values, NULL at the end, by what `number` says of each. */
static void **sorted(const struct map *m, struct arena *a, size_t (*number)(const void *value))
{
	size_t n = map_count(m), i = 0;
	struct row *rows = arena_alloc(a, (n + 1) * sizeof(*rows));
	void **values = arena_alloc(a, (n + 1) * sizeof(*values));

	for (const struct map_entry *e = map_first(m); e; e = map_next(e), i++)
		rows[i] = (struct row) { e->value, number(e->value), i };
	qsort(rows, n, sizeof(*rows), by_number);
	for (i = 0; i < n; i++)
		values[i] = rows[i].value;
	values[n] = NULL;
	return values;
}

static size_t cause_number(const void *value)
{
	return ((const struct audit_cause *)value)->n;
}

static size_t client_number(const void *value)
{
	const struct audit_client *c = value;

	return c->failed + c->warned + c->untested;
}

static size_t actor_number(const void *value)
{
	return ((const struct audit_actor *)value)->n;
}

struct audit_cause **audit_tally_causes(const struct audit_tally *t, struct arena *a)
{
	return (struct audit_cause **)sorted(t->causes, a, cause_number);
}

struct audit_client **audit_tally_clients(const struct audit_tally *t, struct arena *a)
{
	return (struct audit_client **)sorted(t->clients, a, client_number);
}

struct audit_actor **audit_tally_actors(const struct audit_tally *t, struct arena *a)
{
	return (struct audit_actor **)sorted(t->actors, a, actor_number);
}

struct audit_actor **audit_tally_busy(const struct audit_tally *t, struct arena *a)
{
	return (struct audit_actor **)sorted(t->busy, a, actor_number);
}
