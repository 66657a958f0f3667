/*
 * needles - pieces of four bytes in a bitmap, which nearly every place of a text is not in, and
 * behind it a hash table of them.
 */
#include "base/needles.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"

enum { PIECE = NEEDLE_PIECE, PAIR_BITS = 10 };

/* Four bytes, of letters without their case: upper and lower case differ in that bit. */
static inline uint32_t piece_at(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return ((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
		(uint32_t)b[3] << 24) | 0x20202020u;
}

static inline uint32_t hash_of(uint32_t piece)
{
	return piece * 0x9e3779b1u;
}

static inline uint32_t place_in_map(uint32_t hash)
{
	return hash >> (32 - NEEDLE_MAP_BITS);
}

static inline bool in_map(const uint32_t *map, uint32_t hash)
{
	return map[place_in_map(hash) / 32] >> (place_in_map(hash) % 32) & 1;
}

static inline uint32_t head_of(uint32_t hash)
{
	return hash >> (32 - NEEDLE_HEAD_BITS);
}

/* --- making --- */

struct needle_maker {
	struct arena		*arena;
	struct needles		 made;
	struct needle		*all;		/* the same as made has, to be written to */
	struct needle_piece	*pieces;
	uint32_t		*short_ones, *map, *heads;
	char			*text;
	unsigned char		*common;	/* of each head: 1 = avoid it; NULL none */
	size_t			 cap, cap_pieces, cap_short, cap_text;
	unsigned		 fours;
};

struct needle_maker *needle_maker_new(struct arena *a)
{
	struct needle_maker *m = arena_alloc(a, sizeof(*m));

	m->arena = a;
	m->map = arena_alloc(a, ((size_t)1 << NEEDLE_MAP_BITS) / 8);
	m->heads = arena_alloc(a, sizeof(*m->heads) << NEEDLE_HEAD_BITS);
	m->made.words = 1;
	return m;
}

static void add_piece(struct needle_maker *m, uint32_t bytes, size_t needle, size_t at)
{
	uint32_t hash = hash_of(bytes), *head = &m->heads[head_of(hash)];

	m->pieces = arena_grow(m->arena, m->pieces, m->made.n_pieces, &m->cap_pieces,
			       sizeof(*m->pieces));
	m->pieces[m->made.n_pieces++] = (struct needle_piece) {
		bytes, (uint32_t)needle, (uint32_t)at, *head
	};
	*head = (uint32_t)m->made.n_pieces;
	m->map[place_in_map(hash) / 32] |= (uint32_t)1 << place_in_map(hash) % 32;
}

/* A needle of four bytes: at an odd place only three of them are in the piece that is looked up. */
static void add_four(struct needle_maker *m, const char *word, size_t needle)
{
	char piece[PIECE];

	add_piece(m, piece_at(word), needle, 0);
	memcpy(piece, word + 1, PIECE - 1);
	for (int last = 0; last < 256; last++) {
		piece[PIECE - 1] = (char)last;
		if (last & 0x20)		/* the others are the same to piece_at() */
			add_piece(m, piece_at(piece), needle, 1);
	}
}

void needles_avoid(struct needle_maker *m, struct span common)
{
	if (!m->common)
		m->common = arena_alloc(m->arena, (size_t)1 << NEEDLE_HEAD_BITS);
	for (size_t i = 0; i + PIECE <= common.len; i++)
		m->common[head_of(hash_of(piece_at(common.p + i)))] = 1;
}

/* How many pieces a place shares its head with; what is common counts as many. */
static unsigned sharing(const struct needle_maker *m, const char *p)
{
	uint32_t head = head_of(hash_of(piece_at(p)));
	unsigned others = m->common && m->common[head] ? 16 : 0;

	for (uint32_t i = m->heads[head]; i; i = m->pieces[i - 1].next)
		others++;
	return others;
}

/* Where the pieces begin that are shared with the fewest: the first place with none is as good. */
static size_t best_place(const struct needle_maker *m, struct span word)
{
	size_t best = 0;
	unsigned fewest = UINT_MAX;

	for (size_t i = 0; i + PIECE < word.len && fewest; i++) {
		unsigned others = sharing(m, word.p + i) + sharing(m, word.p + i + 1);

		if (others < fewest) {
			fewest = others;
			best = i;
		}
	}
	return best;
}

static struct span keep_text(struct needle_maker *m, struct span word)
{
	char *to;

	if (m->cap_text - m->made.n_text < word.len) {
		m->cap_text = 2 * (m->cap_text + word.len);
		to = arena_alloc(m->arena, m->cap_text);
		if (m->made.n_text)
			memcpy(to, m->text, m->made.n_text);
		m->text = to;
	}
	to = m->text + m->made.n_text;
	for (size_t i = 0; i < word.len; i++)
		to[i] = ascii_lower(word.p[i]);
	m->made.n_text += word.len;
	return (struct span) { to, word.len };
}

bool needles_add(struct needle_maker *m, struct span word, unsigned tag)
{
	size_t needle = m->made.n, at;

	if (!word.len)
		return false;
	m->all = arena_grow(m->arena, m->all, m->made.n, &m->cap, sizeof(*m->all));
	m->all[m->made.n++] = (struct needle) {
		(uint32_t)m->made.n_text, (uint32_t)word.len, tag
	};
	word = keep_text(m, word);
	if (m->made.words < tag / 64 + 1)
		m->made.words = tag / 64 + 1;
	if (word.len < PIECE || (word.len == PIECE && m->fours == NEEDLE_FOURS)) {
		m->short_ones = arena_grow(m->arena, m->short_ones, m->made.n_short, &m->cap_short,
					   sizeof(*m->short_ones));
		m->short_ones[m->made.n_short++] = (uint32_t)needle;
	} else if (word.len == PIECE) {
		m->fours++;
		add_four(m, word.p, needle);
	} else {
		at = best_place(m, word);
		add_piece(m, piece_at(word.p + at), needle, at);
		add_piece(m, piece_at(word.p + at + 1), needle, at + 1);
	}
	return true;
}

const struct needles *needles_made(struct needle_maker *m)
{
	m->made.text = m->text;
	m->made.all = m->all;
	m->made.pieces = m->pieces;
	m->made.short_ones = m->short_ones;
	m->made.map = m->map;
	m->made.heads = m->heads;
	return &m->made;
}

/* --- looking --- */

struct search {
	const struct needles	*n;
	struct span		 bytes;
	uint64_t		*found;		/* NULL: `end` is wanted */
	uint64_t		 tags;		/* whose end */
	size_t			 end;
};

/* The word is in lower case. */
static bool same(const char *p, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != word[i] && ascii_lower(p[i]) != word[i])
			return false;
	return true;
}

/* Is the needle at this place? -1 is before the start. */
static bool is_at(const struct search *s, const struct needle *w, ptrdiff_t place)
{
	const char *word = s->n->text + w->at;
	size_t len = w->len;

	if (place == -1 && *word == ' ') {
		word++;
		len--;
		place = 0;
	}
	return place >= 0 && len <= s->bytes.len && (size_t)place <= s->bytes.len - len &&
	       same(s->bytes.p + place, word, len);
}

static void found(struct search *s, const struct needle *w, ptrdiff_t place)
{
	size_t end = (size_t)(place + (ptrdiff_t)w->len);

	if (s->found)
		s->found[w->tag / 64] |= (uint64_t)1 << w->tag % 64;
	else if (w->tag < 64 && (s->tags >> w->tag & 1) && end < s->end)
		s->end = end;
}

static void look_at(struct search *s, const char *p, uint32_t bytes)
{
	const struct needles *n = s->n;

	for (uint32_t i = n->heads[head_of(hash_of(bytes))]; i; i = n->pieces[i - 1].next) {
		const struct needle_piece *x = &n->pieces[i - 1];
		ptrdiff_t place = p - s->bytes.p - (ptrdiff_t)x->at;

		if (x->bytes == bytes && is_at(s, &n->all[x->needle], place))
			found(s, &n->all[x->needle], place);
	}
}

static void look_for_short(struct search *s, const struct needle *w)
{
	for (ptrdiff_t i = -1; i < (ptrdiff_t)s->bytes.len; i++) {
		if (!is_at(s, w, i))
			continue;
		found(s, w, i);
		return;
	}
}

/* Less than a piece. */
static void look_in_short(struct search *s)
{
	for (size_t i = 0; s->bytes.len && i < s->n->n; i++)
		if (s->n->all[i].len <= PIECE)
			look_for_short(s, &s->n->all[i]);
}

/* Every second place from p on, as long as a piece fits. */
static void look_from(struct search *s, const char *p, const char *end)
{
	for (; end - p >= PIECE; p += 2) {
		uint32_t bytes = piece_at(p);

		if (in_map(s->n->map, hash_of(bytes)))
			look_at(s, p, bytes);
	}
}

/* Two bytes, of letters without their case, as a place in a map of 2^PAIR_BITS. */
static inline uint32_t pair_at(const char *p)
{
	uint32_t pair = ((unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8) | 0x2020u;

	return hash_of(pair) >> (32 - PAIR_BITS);
}

/* At a place where one of them may be. */
static void compare_short(struct search *s, ptrdiff_t place)
{
	const struct needles *n = s->n;

	for (size_t i = 0; i < n->n_short; i++)
		if (is_at(s, &n->all[n->short_ones[i]], place))
			found(s, &n->all[n->short_ones[i]], place);
}

/* All of them in one pass: nearly no two bytes begin one of them. */
static void look_for_all_short(struct search *s)
{
	const struct needles *n = s->n;
	uint32_t map[(1 << PAIR_BITS) / 32] = { 0 };

	for (size_t i = 0; i < n->n_short; i++) {
		const struct needle *w = &n->all[n->short_ones[i]];

		if (w->len < 2)
			look_for_short(s, w);
		else
			map[pair_at(n->text + w->at) / 32] |=
				(uint32_t)1 << pair_at(n->text + w->at) % 32;
	}
	compare_short(s, -1);
	for (size_t i = 0; i + 1 < s->bytes.len; i++)
		if (map[pair_at(s->bytes.p + i) / 32] >> pair_at(s->bytes.p + i) % 32 & 1)
			compare_short(s, (ptrdiff_t)i);
}

static void look(struct search *s)
{
	const struct needles *n = s->n;
	const uint32_t *map = n->map;
	const char *p = s->bytes.p, *end = p + s->bytes.len;

	if (s->bytes.len < PIECE) {
		look_in_short(s);
		return;
	}
	/* Four places at a time: most have nothing. */
	for (; end - p >= 6 + PIECE; p += 8) {
		unsigned int any = in_map(map, hash_of(piece_at(p)));

		/* Without a branch between them: all four are looked up in any case. */
		any |= in_map(map, hash_of(piece_at(p + 2)));
		any |= in_map(map, hash_of(piece_at(p + 4)));
		any |= in_map(map, hash_of(piece_at(p + 6)));
		if (any)
			look_from(s, p, p + 6 + PIECE);
	}
	look_from(s, p, end);
	/* The last piece, at an odd place: a needle of four bytes may end here. */
	if (s->bytes.len % 2)
		look_at(s, end - PIECE, piece_at(end - PIECE));
	if (n->n_short)
		look_for_all_short(s);
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
