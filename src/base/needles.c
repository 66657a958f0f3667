/*
 * needles - pieces of four bytes in a bitmap, which nearly every place of a text is not in, and
 * behind it a hash table of them.
 */
#include "base/needles.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"

enum {
	PIECE = 4,
	MAP_BITS = 17, MAP_WORDS = (1 << MAP_BITS) / 32,
	HEAD_BITS = 13, HEADS = 1 << HEAD_BITS,
	/* Needles of just four bytes need an entry for each byte that may follow; so many do. */
	FOURS = 64
};

struct needle {
	struct span	word;
	unsigned	tag;
};

/* A piece of a needle. */
struct entry {
	uint32_t	piece;
	unsigned	needle, next;		/* next: index of the entries + 1; 0 = the last */
	unsigned	at;			/* where in the needle */
};

struct needles {
	struct arena	*arena;
	struct needle	*all;
	struct entry	*entries;
	unsigned	*short_ones;		/* indices of all: looked for one by one */
	size_t		 n, cap, n_entries, cap_entries, n_short, cap_short, words;
	unsigned	 fours;
	uint32_t	 map[MAP_WORDS];
	unsigned	 heads[HEADS];		/* index of the entries + 1; 0 = none */
};

/* Four bytes, of letters without their case: upper and lower case differ in that bit. */
static inline uint32_t piece_at(const char *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof(x));
	return x | 0x20202020u;
}

static inline uint32_t hash_of(uint32_t piece)
{
	return piece * 0x9e3779b1u;
}

static inline bool in_map(const struct needles *n, uint32_t hash)
{
	return n->map[hash >> (32 - MAP_BITS + 5)] >> (hash >> (32 - MAP_BITS) & 31) & 1;
}

static unsigned *head_of(const struct needles *n, uint32_t hash)
{
	return (unsigned *)&n->heads[hash >> (32 - HEAD_BITS)];
}

struct needles *needles_new(struct arena *a)
{
	struct needles *n = arena_alloc(a, sizeof(*n));

	n->arena = a;
	n->words = 1;
	return n;
}

size_t needles_words(const struct needles *n)
{
	return n->words;
}

/* --- adding --- */

static void add_entry(struct needles *n, uint32_t piece, unsigned needle, unsigned at)
{
	uint32_t hash = hash_of(piece);
	unsigned *head = head_of(n, hash);

	n->entries = arena_grow(n->arena, n->entries, n->n_entries, &n->cap_entries,
				sizeof(*n->entries));
	n->entries[n->n_entries++] = (struct entry) { piece, needle, *head, at };
	*head = (unsigned)n->n_entries;
	n->map[hash >> (32 - MAP_BITS + 5)] |= 1u << (hash >> (32 - MAP_BITS) & 31);
}

/* A needle of four bytes: at an odd place only three of them are in the piece that is looked up. */
static void add_four(struct needles *n, struct span word, unsigned needle)
{
	char piece[PIECE];

	add_entry(n, piece_at(word.p), needle, 0);
	memcpy(piece, word.p + 1, PIECE - 1);
	for (int last = 0; last < 256; last++) {
		piece[PIECE - 1] = (char)last;
		if (last & 0x20)		/* the others are the same to piece_at() */
			add_entry(n, piece_at(piece), needle, 1);
	}
}

static unsigned sharing(const struct needles *n, const char *p)
{
	unsigned others = 0;

	for (unsigned e = *head_of(n, hash_of(piece_at(p))); e; e = n->entries[e - 1].next)
		others++;
	return others;
}

/* Where the pieces begin that are shared with the fewest: the first place with none is as good. */
static size_t best_place(const struct needles *n, struct span word)
{
	size_t best = 0;
	unsigned fewest = UINT_MAX;

	for (size_t i = 0; i + PIECE < word.len && fewest; i++) {
		unsigned others = sharing(n, word.p + i) + sharing(n, word.p + i + 1);

		if (others < fewest) {
			fewest = others;
			best = i;
		}
	}
	return best;
}

bool needles_add(struct needles *n, struct span word, unsigned tag)
{
	unsigned needle = (unsigned)n->n;
	size_t at;

	if (!word.len)
		return false;
	n->all = arena_grow(n->arena, n->all, n->n, &n->cap, sizeof(*n->all));
	n->all[n->n++] = (struct needle) { word, tag };
	if (n->words < tag / 64 + 1)
		n->words = tag / 64 + 1;
	if (word.len < PIECE || (word.len == PIECE && n->fours == FOURS)) {
		n->short_ones = arena_grow(n->arena, n->short_ones, n->n_short, &n->cap_short,
					   sizeof(*n->short_ones));
		n->short_ones[n->n_short++] = needle;
	} else if (word.len == PIECE) {
		n->fours++;
		add_four(n, word, needle);
	} else {
		at = best_place(n, word);
		add_entry(n, piece_at(word.p + at), needle, (unsigned)at);
		add_entry(n, piece_at(word.p + at + 1), needle, (unsigned)at + 1);
	}
	return true;
}

/* --- looking --- */

struct search {
	const struct needles	*n;
	struct span		 bytes;
	uint64_t		*found;		/* NULL: `end` is wanted */
	uint64_t		 tags;		/* whose end */
	size_t			 end;
};

static bool same(const char *p, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != word[i] && ascii_lower(p[i]) != ascii_lower(word[i]))
			return false;
	return true;
}

/* Is the needle at this place? -1 is before the start. */
static bool is_at(struct span bytes, ptrdiff_t place, struct span word)
{
	if (place == -1 && word.p[0] == ' ') {
		word = (struct span) { word.p + 1, word.len - 1 };
		place = 0;
	}
	return place >= 0 && word.len <= bytes.len && (size_t)place <= bytes.len - word.len &&
	       same(bytes.p + place, word.p, word.len);
}

static void found(struct search *s, const struct needle *w, ptrdiff_t place)
{
	size_t end = (size_t)(place + (ptrdiff_t)w->word.len);

	if (s->found)
		s->found[w->tag / 64] |= (uint64_t)1 << w->tag % 64;
	else if (w->tag < 64 && (s->tags >> w->tag & 1) && end < s->end)
		s->end = end;
}

static void look_at(struct search *s, const char *p, uint32_t piece)
{
	const struct needles *n = s->n;
	unsigned e = *head_of(n, hash_of(piece));

	while (e) {
		const struct entry *x = &n->entries[e - 1];
		const struct needle *w = &n->all[x->needle];
		ptrdiff_t place = p - s->bytes.p - (ptrdiff_t)x->at;

		if (x->piece == piece && is_at(s->bytes, place, w->word))
			found(s, w, place);
		e = x->next;
	}
}

static void look_for_short(struct search *s, const struct needle *w)
{
	for (ptrdiff_t i = -1; i < (ptrdiff_t)s->bytes.len; i++) {
		if (!is_at(s->bytes, i, w->word))
			continue;
		found(s, w, i);
		return;
	}
}

/* Less than a piece. */
static void look_in_short(struct search *s)
{
	for (size_t i = 0; s->bytes.len && i < s->n->n; i++)
		if (s->n->all[i].word.len <= PIECE)
			look_for_short(s, &s->n->all[i]);
}

static void look(struct search *s)
{
	const struct needles *n = s->n;
	const char *p = s->bytes.p, *end = p + s->bytes.len;

	if (s->bytes.len < PIECE) {
		look_in_short(s);
		return;
	}
	for (; end - p >= PIECE; p += 2) {
		uint32_t piece = piece_at(p);

		if (in_map(n, hash_of(piece)))
			look_at(s, p, piece);
	}
	/* The last piece, at an odd place: a needle of four bytes may end here. */
	if (s->bytes.len % 2)
		look_at(s, end - PIECE, piece_at(end - PIECE));
	for (size_t i = 0; i < n->n_short; i++)
		look_for_short(s, &n->all[n->short_ones[i]]);
}

void needles_look(const struct needles *n, struct span bytes, uint64_t *found)
{
	look(&(struct search) { .n = n, .bytes = bytes, .found = found });
}

size_t needles_end(const struct needles *n, struct span bytes, uint64_t tags)
{
	struct search s = { .n = n, .bytes = bytes, .tags = tags, .end = bytes.len };

	look(&s);
	return s.end;
}

size_t needles_next(const uint64_t *found, size_t all, size_t tag)
{
	while (tag < all) {
		uint64_t word = found[tag / 64] >> tag % 64;

		if (!word) {
			tag = (tag / 64 + 1) * 64;
			continue;
		}
		for (; !(word & 1); word >>= 1)
			tag++;
		return tag;
	}
	return all;
}
