/*
 * sieve - a table of states: row = state, column = class of the next byte, cell = the next state,
 * its top bit set when a word ends there.
 */
#include "logs/sieve.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

enum { WIDTH = 64, MARKED = 0x8000, STATE = 0x7fff, ROOT = 0 };

static_assert(SIEVE_STATES == STATE + 1, "a state's number leaves one bit free");

/* A trie while words are added: children as a list. */
struct node {
	uint16_t	child, next;		/* 0 = none: nobody's child is the root */
	/* the longest proper end of this state's text that is a state, too */
	uint16_t	fail;
	unsigned char	class;			/* of the byte that leads here */
	unsigned	marks;
};

struct sieve {
	struct arena	*arena;
	struct node	*nodes;
	size_t		 n, cap;
	unsigned char	 class[256];		/* 0 = in no word */
	unsigned	 n_classes;
	uint16_t	*table;			/* NULL until it's sealed */
	unsigned	*marks;
	uint16_t	 start;			/* the state after a blank */
};

static uint16_t new_node(struct sieve *s, unsigned char class)
{
	if (s->n == s->cap) {
		struct node *bigger;

		s->cap = s->cap ? 2 * s->cap : 1024;
		bigger = arena_alloc(s->arena, s->cap * sizeof(*bigger));
		if (s->n)
			memcpy(bigger, s->nodes, s->n * sizeof(*bigger));
		s->nodes = bigger;
	}
	s->nodes[s->n].class = class;
	return (uint16_t)s->n++;
}

struct sieve *sieve_new(struct arena *a)
{
	struct sieve *s = arena_alloc(a, sizeof(*s));

	s->arena = a;
	s->n_classes = 1;
	new_node(s, 0);
	return s;
}

/* The class of a byte, a new one if need be; 0 when there are no more. */
static unsigned char class_of(struct sieve *s, char c)
{
	unsigned char low = (unsigned char)ascii_lower(c);

	if (!s->class[low] && s->n_classes < WIDTH) {
		s->class[low] = (unsigned char)s->n_classes;
		s->class[(unsigned char)ascii_upper((char)low)] = (unsigned char)s->n_classes++;
	}
	return s->class[low];
}

static uint16_t child_of(const struct sieve *s, uint16_t at, unsigned char class)
{
	uint16_t c = s->nodes[at].child;

	while (c && s->nodes[c].class != class)
		c = s->nodes[c].next;
	return c;
}

bool sieve_add(struct sieve *s, struct span word, unsigned marks)
{
	uint16_t at = ROOT;

	assert(!s->table);
	if (!word.len || s->n + word.len > SIEVE_STATES)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!class_of(s, word.p[i]))
			return false;
	for (size_t i = 0; i < word.len; i++) {
		unsigned char class = class_of(s, word.p[i]);
		uint16_t next = child_of(s, at, class);

		if (!next) {
			next = new_node(s, class);
			s->nodes[next].next = s->nodes[at].child;
			s->nodes[at].child = next;
		}
		at = next;
	}
	s->nodes[at].marks |= marks;
	return true;
}

static uint16_t *row(const struct sieve *s, uint16_t state)
{
	return s->table + (size_t)state * WIDTH;
}

/*
 * The row of a state: as that of its fail state, but for its own children. Fail states are nearer
 * to the root: their rows are done.
 */
static void fill_row(struct sieve *s, uint16_t at, uint16_t *queue, size_t *end)
{
	const struct node *n = &s->nodes[at];

	if (at != ROOT)
		memcpy(row(s, at), row(s, n->fail), WIDTH * sizeof(uint16_t));
	for (uint16_t c = n->child; c; c = s->nodes[c].next) {
		struct node *child = &s->nodes[c];

		child->fail = at == ROOT ? ROOT : row(s, n->fail)[child->class] & STATE;
		child->marks |= s->nodes[child->fail].marks;
		row(s, at)[child->class] = (uint16_t)(c | (child->marks ? MARKED : 0));
		queue[(*end)++] = c;
	}
}

void sieve_seal(struct sieve *s)
{
	uint16_t *queue = arena_alloc(s->arena, s->n * sizeof(*queue));
	size_t end = 1;

	s->table = arena_alloc(s->arena, s->n * WIDTH * sizeof(*s->table));
	s->marks = arena_alloc(s->arena, s->n * sizeof(*s->marks));
	for (size_t i = 0; i < end; i++)
		fill_row(s, queue[i], queue, &end);
	for (size_t i = 0; i < s->n; i++)
		s->marks[i] = s->nodes[i].marks;
	s->start = row(s, ROOT)[s->class[' ']] & STATE;
}

unsigned sieve_look(const struct sieve *s, struct span bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p, *end = p + bytes.len;
	uint16_t state = s->start;
	unsigned marks = 0;

	while (p < end) {
		state = s->table[(size_t)state * WIDTH + s->class[*p++]];
		if (state & MARKED) {
			state &= STATE;
			marks |= s->marks[state];
		}
	}
	return marks;
}

size_t sieve_find(const struct sieve *s, struct span bytes, unsigned marks)
{
	uint16_t state = s->start;

	for (size_t i = 0; i < bytes.len; i++) {
		state = s->table[(size_t)state * WIDTH + s->class[(unsigned char)bytes.p[i]]] &
			STATE;
		if (s->marks[state] & marks)
			return i + 1;
	}
	return bytes.len;
}
