/*
 * Adding up: counts with their first and last time, cells of cause, relay and sender domain, and
 * the sum of it all.
 */
#include "logs/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

void count_add(struct tally_count *c, enum fate fate, const struct stamp *when)
{
	c->all++;
	c->deferred += fate == FATE_DEFERRED;
	c->bounced += fate == FATE_BOUNCED;
	c->failed += fate == FATE_OPEN;
	if (when->kind == STAMP_NONE)
		return;
	if (c->first.kind == STAMP_NONE || stamp_earlier(when, &c->first))
		c->first = *when;
	if (!stamp_earlier(when, &c->last))
		c->last = *when;
}

/* --- cells --- */

enum { SLOTS = 4 * LIMIT_TALLY_CELLS };

struct cells {
	struct arena		*arena;
	/* beyond the first: one of the others for each cause */
	struct tally_cell	*list[LIMIT_TALLY_CELLS + LIMIT_TALLY_CAUSES];
	size_t			 n;
	unsigned		 slots[SLOTS];	/* indices into list + 1, 0 = free */
};

struct cells *cells_new(struct arena *a)
{
	struct cells *c = arena_alloc(a, sizeof(*c));

	c->arena = a;
	return c;
}

static unsigned *slot_of(struct cells *c, const struct tally_cause *cause,
			 const struct tally_name *relay, const struct tally_name *sender)
{
	uint64_t h = (uintptr_t)cause * 0x9e3779b97f4a7c15u ^
		     (uintptr_t)relay * 0xc2b2ae3d27d4eb4fu ^
		     (uintptr_t)sender * 0x165667b19e3779f9u;
	size_t at = (size_t)(h >> 20) % SLOTS;

	while (c->slots[at]) {
		const struct tally_cell *e = c->list[c->slots[at] - 1];

		if (e->cause == cause && e->relay == relay && e->sender == sender)
			break;
		at = (at + 1) % SLOTS;
	}
	return &c->slots[at];
}

struct tally_cell *cells_get(struct cells *c, const struct tally_cause *cause,
			     const struct tally_name *relay, const struct tally_name *sender,
			     const struct tally_name *other_relay,
			     const struct tally_name *other_sender)
{
	unsigned *slot = slot_of(c, cause, relay, sender);
	struct tally_cell *e;

	if (!*slot && c->n >= LIMIT_TALLY_CELLS) {
		relay = other_relay;
		sender = other_sender;
		slot = slot_of(c, cause, relay, sender);
	}
	if (*slot)
		return c->list[*slot - 1];
	e = arena_alloc(c->arena, sizeof(*e));
	*e = (struct tally_cell) { .cause = cause, .relay = relay, .sender = sender };
	c->list[c->n++] = e;
	*slot = (unsigned)c->n;
	return e;
}

size_t cells_count(const struct cells *c)
{
	return c->n;
}

const struct tally_cell *cells_at(const struct cells *c, size_t i)
{
	return c->list[i];
}

/* --- the share of relays and senders in a cause --- */

static int more_first(const void *a, const void *b)
{
	const struct tally_part *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return name_order(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	const struct tally_part *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

size_t tally_parts(const struct tally_sum *s, const struct tally_cause *cause, enum tally_by by,
		   struct tally_part *ret, size_t most)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct tally_part *all = arena_alloc(a, (s->n_cells + 1) * sizeof(*all));
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < s->n_cells; i++)
		if (s->cells[i]->cause == cause)
			all[n++] = (struct tally_part) {
				by == TALLY_RELAYS ? s->cells[i]->relay : s->cells[i]->sender,
				s->cells[i]->count.all
			};
	qsort(all, n, sizeof(*all), by_name);
	for (size_t i = 0; i < n; i++) {
		if (kept && all[kept - 1].name == all[i].name)
			all[kept - 1].n += all[i].n;
		else
			all[kept++] = all[i];
	}
	qsort(all, kept, sizeof(*all), more_first);
	kept = kept < most ? kept : most;
	memcpy(ret, all, kept * sizeof(*ret));
	return kept;
}
