/*
 * turns - which target of a list is asked next.
 */
#include "audit/turns.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BUCKETS = 4096, DOUBLED_MOST = 2 };

struct queue { struct turn *first, *last; };

/* A place, or a credential: then at_once is 1. It is forgotten when nothing is left to know. */
struct place {
	char		*key;
	struct queue	 waiting;
	unsigned	 at_once, gap_ms, inside, doubled;
	int64_t		 opens;		/* nobody begins before; 0 = at any time */
	bool		 listed;	/* among those where somebody waits */
	struct place	*next;		/* in its bucket */
	struct place	*next_listed;
};

struct turns {
	size_t		 most, waiting, running;
	struct place	*places[BUCKETS], *credentials[BUCKETS];
	/* places where somebody waits, the next to be looked at first */
	struct place	*first, *last;
	size_t		 n_listed;
};

struct turns *turns_new(size_t most)
{
	struct turns *t = xcalloc(1, sizeof(*t));

	t->most = most;
	return t;
}

/* The link that leads to the key's place, or the one where a new one belongs. */
static struct place **find(struct place **buckets, const char *key)
{
	unsigned hash = 5381;
	struct place **at;

	for (const char *p = key; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	at = &buckets[hash % BUCKETS];
	while (*at && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	return at;
}

static struct place *place_of(struct place **buckets, const char *key)
{
	struct place **at = find(buckets, key);

	if (!*at) {
		*at = xcalloc(1, sizeof(**at));
		(*at)->key = xstrdup(key);
		(*at)->at_once = 1;
	}
	return *at;
}

static void forget(struct place **buckets, struct place *p)
{
	struct place **at = find(buckets, p->key);

	assert(*at == p);
	*at = p->next;
	free(p->key);
	free(p);
}

static void put(struct queue *q, struct turn *turn)
{
	turn->next = NULL;
	if (q->first)
		q->last->next = turn;
	else
		q->first = turn;
	q->last = turn;
}

static struct turn *pop(struct queue *q)
{
	struct turn *turn = q->first;

	if (turn)
		q->first = turn->next;
	return turn;
}

static void list(struct turns *t, struct place *p)
{
	if (p->listed)
		return;
	p->listed = true;
	p->next_listed = NULL;
	if (t->first)
		t->last->next_listed = p;
	else
		t->first = p;
	t->last = p;
	t->n_listed++;
}

static struct place *unlist(struct turns *t)
{
	struct place *p = t->first;

	t->first = p->next_listed;
	p->listed = false;
	t->n_listed--;
	return p;
}

static void wait_at_place(struct turns *t, struct turn *turn)
{
	put(&turn->place->waiting, turn);
	list(t, turn->place);
}

void turns_add(struct turns *t, const struct turn_wanted *w)
{
	struct turn *turn = xcalloc(1, sizeof(*turn));

	assert(turns_room(t) && w->at_once);
	*turn = (struct turn) { .at = w->at, .line = w->line };
	turn->place = place_of(t->places, w->place);
	turn->place->at_once = w->at_once;
	turn->place->gap_ms = w->gap_ms;
	t->waiting++;
	if (*w->credential)
		turn->credential = place_of(t->credentials, w->credential);
	if (turn->credential && turn->credential->inside++) {
		put(&turn->credential->waiting, turn);
		return;
	}
	wait_at_place(t, turn);
}

size_t turns_room(const struct turns *t)
{
	return t->waiting < t->most ? t->most - t->waiting : 0;
}

bool turns_idle(const struct turns *t)
{
	return !t->waiting && !t->running;
}

struct turn *turns_take(struct turns *t, int64_t now, int64_t *ret_wait_ms)
{
	int64_t wait = -1;

	/* Each place once: what may not begin goes to the end of the list. */
	for (size_t left = t->n_listed; left; left--) {
		struct place *p = unlist(t);
		struct turn *turn;

		if (p->inside >= p->at_once || p->opens > now) {
			if (p->inside < p->at_once && (wait < 0 || p->opens - now < wait))
				wait = p->opens - now;
			list(t, p);
			continue;
		}
		turn = pop(&p->waiting);
		p->inside++;
		p->opens = p->gap_ms ? now + p->gap_ms : 0;
		if (p->waiting.first)
			list(t, p);
		t->waiting--;
		t->running++;
		return turn;
	}
	*ret_wait_ms = wait;
	return NULL;
}

/* What is known of a place that sent us away stays, lest the next target begin at once. */
static void leave(struct turns *t, struct place *p)
{
	if (!--p->inside && !p->waiting.first && !p->gap_ms && !p->opens && !p->doubled)
		forget(t->places, p);
	t->running--;
}

void turns_done(struct turns *t, struct turn *turn)
{
	struct place *c = turn->credential;
	struct turn *next = c ? pop(&c->waiting) : NULL;

	if (next)
		wait_at_place(t, next);
	if (c && !--c->inside)
		forget(t->credentials, c);
	leave(t, turn->place);
	free(turn);
}

void turns_again(struct turns *t, struct turn *turn)
{
	turn->asked++;
	t->waiting++;
	wait_at_place(t, turn);
	leave(t, turn->place);
}

int64_t turns_sent_away(struct turns *t, const struct turn *turn, int64_t now, int64_t pause_ms)
{
	struct place *p = turn->place;
	int64_t pause = pause_ms << p->doubled;

	(void)t;
	if (p->opens > now + p->gap_ms)
		return 0;
	p->opens = now + pause;
	if (p->doubled < DOUBLED_MOST)
		p->doubled++;
	return pause;
}

void turns_let_in(struct turns *t, const struct turn *turn)
{
	(void)t;
	turn->place->doubled = 0;
}

const char *turns_place(const struct turn *turn)
{
	return turn->place->key;
}

static void free_all(struct place **buckets)
{
	for (size_t i = 0; i < BUCKETS; i++)
		while (buckets[i]) {
			struct place *p = buckets[i];
			struct turn *turn;

			buckets[i] = p->next;
			while ((turn = pop(&p->waiting)))
				free(turn);
			free(p->key);
			free(p);
		}
}

void turns_free(struct turns *t)
{
	if (!t)
		return;
	free_all(t->places);
	free_all(t->credentials);
	free(t);
}
