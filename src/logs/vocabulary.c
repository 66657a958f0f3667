/*
 * Words that may mean something to whoever judges a refusal: all that stand in tables of words, and
 * in the strings of the program. Any other word is a name: instead of it another one would be
 * judged the same.
 */
#include "logs/inside.h"

#include "base/arena.h"
#include "know/tables.h"

/* Shorter words are never taken for a name, longer ones may be something encoded. Pieces
 * from SHORT to LONG are words only where what they are part of is looked for like that. */
enum { NAME_LEAST = 5, NAME_MOST = 16, SHORT = 3, LONG = 5, SLOTS_LEAST = 1 << 16 };

/* Where a short piece must stand in a word; a long one counts anywhere. */
enum { ANYWHERE, AT_START, AT_END };

struct vocabulary {
	struct arena	*arena;
	uint32_t	*slots;		/* hashes; 0 = free. Two words with one hash are one. */
	size_t		 n, n_slots;	/* a power of two */
};

static uint32_t hash_more(uint32_t h, char c)
{
	return (h ^ (unsigned char)ascii_lower(c)) * 16777619u;
}

static uint32_t hash_begin(unsigned where)
{
	return 2166136261u + where;
}

static uint32_t *slot_of(const struct vocabulary *v, uint32_t h)
{
	size_t at = (h ^ h >> 15) & (v->n_slots - 1);

	while (v->slots[at] && v->slots[at] != h)
		at = (at + 1) & (v->n_slots - 1);
	return &v->slots[at];
}

static void put(struct vocabulary *v, uint32_t h)
{
	uint32_t *slot = slot_of(v, h), *old = v->slots;
	size_t n_old = v->n_slots;

	if (!h || *slot)
		return;
	*slot = h;
	if (++v->n < v->n_slots / 2)
		return;
	v->n_slots *= 2;
	v->slots = arena_alloc(v->arena, v->n_slots * sizeof(*v->slots));
	for (size_t i = 0; i < n_old; i++)
		if (old[i])
			*slot_of(v, old[i]) = old[i];
}

/* --- adding --- */

/* What is beside a run of letters: nothing (the text that is looked for ends there), a blank, which
 * must then be beside the word, too, or what is never beside a word between blanks. */
enum side { NOTHING, BLANK, OTHER };

static enum side side_of(const char *p, const char *end, int step, const char *start)
{
	const char *next = p + step;

	if (p < start || p >= end || strchr("|,;*?\n", *p))
		return NOTHING;
	if (!ascii_is_space(*p))
		return OTHER;
	/* " | ", " ... " */
	if (next >= start && next < end && (*next == '|' || *next == '.'))
		return NOTHING;
	return BLANK;
}

/* Where a short run of letters must stand in a word for the text to go on beside it; false: in no
 * word that is long enough to be a name. */
static bool place_of(struct span text, const char *from, const char *to, unsigned *ret)
{
	enum side before = side_of(from - 1, text.p + text.len, -1, text.p),
		  after = side_of(to, text.p + text.len, 1, text.p);

	*ret = before == BLANK ? AT_START : ANYWHERE;
	if (after == BLANK)
		*ret = AT_END;
	return before != OTHER && after != OTHER && !(before == BLANK && after == BLANK);
}

static void add_run(struct vocabulary *v, struct span text, const char *from, const char *to)
{
	unsigned where = ANYWHERE;
	uint32_t h;

	if (to - from < SHORT || (to - from < LONG && !place_of(text, from, to, &where)))
		return;
	h = hash_begin(where);
	for (const char *p = from; p < to; p++)
		h = hash_more(h, *p);
	put(v, h);
}

static void add_text(struct vocabulary *v, const char *s)
{
	struct span text = span_of(s);
	const char *end = text.p + text.len, *from;

	for (const char *p = text.p; p < end; p++) {
		if (!ascii_is_alpha(*p))
			continue;
		for (from = p; p < end && ascii_is_alpha(*p); p++)
			;
		add_run(v, text, from, p);
	}
}

/* Tables whose words are compared with no text. */
static bool is_silent(enum table_id id)
{
	switch (id) {
	case TABLE_CAUSES: case TABLE_POLICIES: case TABLE_CLOUDS: case TABLE_PATH_FINDINGS:
	case TABLE_PATH_CHOICES: case TABLE_APART: case TABLE_ROLES: case TABLE_HEADERS:
	case TABLE_FINDINGS: case TABLE_FACTS:
		return true;
	default:
		return false;
	}
}

struct vocabulary *vocabulary_new(struct arena *a, const struct know *k)
{
	struct vocabulary *v = arena_alloc(a, sizeof(*v));

	v->arena = a;
	v->n_slots = SLOTS_LEAST;
	v->slots = arena_alloc(a, v->n_slots * sizeof(*v->slots));
	for (enum table_id id = 0; id < TABLE_COUNT; id++) {
		const struct tsv *t = table_tsv(k, id);

		for (size_t row = 0; row < t->n && !is_silent(id); row++)
			for (size_t i = 0; i < t->width; i++)
				add_text(v, tsv_cell(t, row, i));
	}
	add_text(v, source_literals);
	/* The only one as short as that which is looked for inside of words: src/paste/wide.c. */
	put(v, hash_more(hash_more(hash_begin(ANYWHERE), 'm'), 'x'));
	return v;
}

/* --- asking --- */

bool vocabulary_is_name(const struct vocabulary *v, struct span word)
{
	if (word.len < NAME_LEAST || word.len > NAME_MOST)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		/* "Miller", "miller"; "MAIL FROM" and what is encoded are none. */
		if (word.p[i] < 'a' || word.p[i] > 'z') {
			if (i > 0 || !ascii_is_alpha(word.p[i]))
				return false;
		}
	}
	for (size_t i = 0; i < word.len; i++) {
		uint32_t any = hash_begin(ANYWHERE), start = hash_begin(AT_START),
			 end = hash_begin(AT_END);

		for (size_t j = i; j < word.len; j++) {
			any = hash_more(any, word.p[j]);
			start = hash_more(start, word.p[j]);
			end = hash_more(end, word.p[j]);
			if (*slot_of(v, any) || (i == 0 && *slot_of(v, start)) ||
			    (j + 1 == word.len && *slot_of(v, end)))
				return false;
		}
	}
	return true;
}
