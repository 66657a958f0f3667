/*
 * parts - as much of a verdict as fits on a screen.
 */
#include "report/parts.h"

#include "base/arena.h"
#include "base/str.h"
#include "report/text-diagnosis.h"

struct parts parts_new(struct arena *a)
{
	return (struct parts){ .arena = a };
}

void parts_add(struct parts *p, enum part_rank rank, const char *noun,
	       void (*put)(struct out *o, const void *of, size_t i), const void *of, size_t i)
{
	p->v = arena_grow(p->arena, p->v, p->n, &p->cap, sizeof(*p->v));
	p->v[p->n++] = (struct part){ .rank = rank, .noun = noun, .put = put, .of = of, .i = i };
}

/* Lines that it takes; nothing is written. */
static unsigned height(const struct out *o, const struct part *part)
{
	struct out dry = *o;

	dry.to = NULL;
	dry.lines = 0;
	part->put(&dry, part->of, part->i);
	return dry.lines;
}

/* Is one before it left out, that belongs to it? */
static bool left_behind(const struct parts *p, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!p->v[j].shown && p->v[j].put == p->v[i].put && p->v[j].of == p->v[i].of)
			return true;
	return false;
}

/* Chooses; answers whether something is left out. */
static bool choose(const struct out *o, struct parts *p)
{
	unsigned room = PARTS_LINES - 1;	/* the last one says what is left out */
	bool left = false, all = p->all || o->style->verbose;

	for (enum part_rank rank = PART_FIRST; rank < PART_RANKS; rank++)
		for (size_t i = 0; i < p->n; i++) {
			struct part *part = &p->v[i];
			unsigned lines;

			if (part->rank != rank)
				continue;
			lines = height(o, part);
			part->shown = all || rank == PART_FIRST ||
				      (lines <= room && !left_behind(p, i));
			if (part->shown)
				room -= lines < room ? lines : room;
			else
				left = true;
		}
	return left;
}

static void say_left(struct out *o, const struct parts *p)
{
	struct strv nouns = { NULL, 0, 0 };

	for (size_t i = 0; i < p->n; i++)
		if (!p->v[i].shown && !strv_has(&nouns, p->v[i].noun))
			strv_add(&nouns, o->arena, p->v[i].noun);
	out_to(o, TEXT_LEFT);
	out_ink(o, INK_DIM);
	out_list_cut(o, TEXT_LEFT, "",
		     arena_printf(o->arena, "-v shows more: %s",
				  strv_join(&nouns, o->arena, ", ")), 1);
}

void parts_put(struct out *o, struct parts *p)
{
	bool left = choose(o, p);

	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].shown)
			p->v[i].put(o, p->v[i].of, p->v[i].i);
	if (left)
		say_left(o, p);
}
