/*
 * shared - answers that do not depend on who asks.
 */
#include "fiber/shared.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fiber/once.h"

enum { BUCKETS = 1024 };

struct shared_answer {
	struct shared		*of;
	char			*key;
	struct once		 once;
	struct arena		*arena;
	void			*value;
	int64_t			 until;		/* by clock_ms() */
	unsigned		 held;
	bool			 kept;		/* in the table: who asks now gets it */
	struct shared_answer	*next;		/* in its bucket */
	/* by when they were asked for, the longest ago first */
	struct shared_answer	*older, *younger;
};

struct shared {
	size_t			 most, kept, asked;
	struct shared_answer	*bucket[BUCKETS];
	struct shared_answer	*oldest, *youngest;
};

struct shared *shared_new(size_t most)
{
	struct shared *s = xcalloc(1, sizeof(*s));

	s->most = most;
	return s;
}

static struct shared_answer **find(struct shared *s, const char *key)
{
	unsigned hash = 5381;
	struct shared_answer **at;

	for (const char *p = key; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	at = &s->bucket[hash % BUCKETS];
	while (*at && strcmp((*at)->key, key) != 0)
		at = &(*at)->next;
	return at;
}

static void unlink_age(struct shared *s, struct shared_answer *e)
{
	*(e->older ? &e->older->younger : &s->oldest) = e->younger;
	*(e->younger ? &e->younger->older : &s->youngest) = e->older;
}

static void link_youngest(struct shared *s, struct shared_answer *e)
{
	e->older = s->youngest;
	e->younger = NULL;
	*(s->youngest ? &s->youngest->younger : &s->oldest) = e;
	s->youngest = e;
}

static void release(struct shared_answer *e)
{
	arena_free(e->arena);
	free(e->key);
	free(e);
}

/* Out of the table; it is freed when nobody holds it. */
static void drop(struct shared_answer *e)
{
	struct shared_answer **at = find(e->of, e->key);

	assert(*at == e && e->kept);
	*at = e->next;
	unlink_age(e->of, e);
	e->of->kept--;
	e->kept = false;
	if (!e->held)
		release(e);
}

static struct shared_answer *add(struct shared *s, const char *key)
{
	struct shared_answer *e = xcalloc(1, sizeof(*e)), **at = find(s, key);

	*e = (struct shared_answer) { .of = s, .key = xstrdup(key), .once = ONCE_INIT,
				      .kept = true };
	*at = e;
	link_youngest(s, e);
	s->kept++;
	return e;
}

/* The ones nobody holds, the oldest first, until no more than allowed are left. */
static void make_room(struct shared *s)
{
	struct shared_answer *e = s->oldest, *next;

	for (; e && s->kept > s->most; e = next) {
		next = e->younger;
		if (!e->held)
			drop(e);
	}
}

struct finding { struct shared_answer *e; shared_find *find; void *arg; };

_waits_ static bool run(void *arg)
{
	struct finding *f = arg;
	struct shared_answer *e = f->e;
	int64_t keep_ms = 0;

	e->of->asked++;
	e->arena = arena_new();
	if (!f->find(f->arg, e->arena, &e->value, &keep_ms)) {
		arena_free(e->arena);
		e->arena = NULL;
		return false;
	}
	e->until = clock_ms() + keep_ms;
	return true;
}

int shared_ask(struct shared *s, const char *key, shared_find *fn, void *arg,
	       struct shared_answer **ret)
{
	struct shared_answer *e = *find(s, key);
	struct finding f = { .find = fn, .arg = arg };
	int rc;

	if (e && e->once.done && clock_ms() >= e->until) {
		drop(e);
		e = NULL;
	}
	if (e) {
		unlink_age(s, e);
		link_youngest(s, e);
	} else {
		e = add(s, key);
	}
	e->held++;
	make_room(s);
	f.e = e;
	rc = once_do(&e->once, run, &f);
	if (rc)
		shared_let(e);
	else
		*ret = e;
	return rc;
}

void *shared_value(const struct shared_answer *answer)
{
	return answer->value;
}

void shared_let(struct shared_answer *e)
{
	assert(e->held);
	if (--e->held)
		return;
	if (!e->kept)
		release(e);
	else if (!e->once.done || clock_ms() >= e->until)
		drop(e);
	else
		make_room(e->of);
}

size_t shared_kept(const struct shared *s)
{
	return s->kept;
}

size_t shared_asked(const struct shared *s)
{
	return s->asked;
}

void shared_free(struct shared *s)
{
	if (!s)
		return;
	while (s->oldest) {
		assert(!s->oldest->held);
		drop(s->oldest);
	}
	free(s);
}
