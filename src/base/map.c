/*
 * map - strings to pointers: buckets with chains, doubled as it grows. FNV-1a.
 */
#include "base/map.h"

#include <string.h>

#include "base/arena.h"

struct map {
	struct arena		 *arena;
	struct map_entry	**buckets;
	size_t			  n_buckets;	/* a power of two */
	size_t			  count;
	struct map_entry	 *first;
	struct map_entry	**last;		/* where the next one is hung */
};

static unsigned hash_of(const char *key)
{
	unsigned h = 2166136261u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return h;
}

struct map *map_new(struct arena *a)
{
	struct map *m = arena_alloc(a, sizeof(*m));

	m->arena = a;
	m->n_buckets = 16;
	m->buckets = arena_alloc(a, m->n_buckets * sizeof(struct map_entry *));
	m->last = &m->first;
	return m;
}

static struct map_entry *find(const struct map *m, const char *key, unsigned hash)
{
	struct map_entry *e = m->buckets[hash & (m->n_buckets - 1)];

	while (e && (e->hash != hash || strcmp(e->key, key) != 0))
		e = e->chain;
	return e;
}

static void grow(struct map *m)
{
	m->n_buckets *= 4;
	m->buckets = arena_alloc(m->arena, m->n_buckets * sizeof(struct map_entry *));
	for (struct map_entry *e = m->first; e; e = e->next) {
		struct map_entry **b = &m->buckets[e->hash & (m->n_buckets - 1)];

		e->chain = *b;
		*b = e;
	}
}

void map_set(struct map *m, const char *key, void *value)
{
	unsigned hash = hash_of(key);
	struct map_entry *e = find(m, key, hash), **b;

	if (e) {
		e->value = value;
		return;
	}
	if (m->count >= m->n_buckets)
		grow(m);
	e = arena_alloc(m->arena, sizeof(*e));
	e->key = arena_strdup(m->arena, key);
	e->value = value;
	e->hash = hash;
	b = &m->buckets[hash & (m->n_buckets - 1)];
	e->chain = *b;
	*b = e;
	*m->last = e;
	m->last = &e->next;
	m->count++;
}

void *map_get(const struct map *m, const char *key)
{
	const struct map_entry *e = find(m, key, hash_of(key));

	return e ? e->value : NULL;
}

size_t map_count(const struct map *m)
{
	return m->count;
}

const struct map_entry *map_first(const struct map *m)
{
	return m->first;
}

const struct map_entry *map_next(const struct map_entry *e)
{
	return e->next;
}
