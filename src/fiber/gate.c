/*
 * gate - at most so many inside per key. A place that is left goes to the one who has waited
 * longest, at once: nobody can slip in between.
 */
#include "fiber/gate.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fiber/hub.h"

enum { BUCKETS = 256 };

/* One key with somebody inside; it's forgotten when the last one leaves. */
struct place {
	char		*key;
	unsigned	 inside;
	struct waiter	*queue;
	struct place	*next;
};

struct gate {
	unsigned	 per_key;
	struct place	*bucket[BUCKETS];
};

struct gate *gate_new(unsigned per_key)
{
	struct gate *g = xcalloc(1, sizeof(*g));

	assert(per_key > 0);
	g->per_key = per_key;
	return g;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	for (int i = 0; i < BUCKETS; i++)
		assert(!g->bucket[i]);
	free(g);
}

/* The link that leads to the key's place, or the one where a new place belongs. */
static struct place **find(struct gate *g, const char *key)
{
	unsigned hash = 5381;

	for (const char *p = key; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	struct place **at = &g->bucket[hash % BUCKETS];
	while (*at && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	return at;
}

int gate_enter(struct gate *g, const char *key)
{
	int r = hub_check();
	struct waiter w;

	if (r)
		return r;
	struct place **at = find(g, key), *p = *at;
	if (!p) {
		p = *at = xcalloc(1, sizeof(*p));
		p->key = xstrdup(key);
	}
	if (p->inside < g->per_key) {
		p->inside++;
		return 0;
	}
	/* While we wait, somebody is inside: the place stays. */
	waiter_add(&p->queue, &w);
	w.fiber->which = p->key;
	hub_park("to pass the gate of", FIBER_NEVER);
	w.fiber->which = NULL;
	r = hub_check();
	if (!w.fired)
		waiter_remove(&p->queue, &w);
	else if (r)
		gate_leave(g, key);
	return r;
}

void gate_leave(struct gate *g, const char *key)
{
	struct place **at = find(g, key), *p = *at;

	assert(p && p->inside > 0);
	if (waiter_fire(&p->queue))
		return;
	if (--p->inside)
		return;
	*at = p->next;
	free(p->key);
	free(p);
}
