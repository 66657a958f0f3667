/*
 * concepts.tsv: the wordings of all languages in one automaton (Aho and Corasick, 1975), which is
 * built when somebody first listens. States are bytes of letters.h; a state's children are a list,
 * those of the root a table.
 */
#include "know/lexicon.h"

#include "base/map.h"
#include "know/letters.h"
#include "know/tables.h"

/* Between a negation and the state that it turns round: "not currently ", "no longer be ". */
enum { LIMIT_NEGATED = 16 };

enum { ID, KIND, LANGUAGE, WORDINGS };

struct concept_row { const char *id, *kind, *language, *wordings, *source, *confidence; };

/* --- the table --- */

static const char *const kinds[] = { "thing", "state", "not", NULL };
/* ISO 639-1; "*": of all, as a name or a term of a standard */
static const char *const languages[] = {
	"*", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ja", "zh", NULL
};

/* The next wording of a cell, without the stars at its ends. */
static bool next_wording(struct span *rest, struct span *ret, bool *ret_left, bool *ret_right)
{
	if (!list_next(rest, '|', ret))
		return false;
	*ret_left = ret->p[0] == '*';
	if (*ret_left)
		*ret = (struct span) { ret->p + 1, ret->len - 1 };
	*ret_right = ret->len && ret->p[ret->len - 1] == '*';
	ret->len -= *ret_right;
	return true;
}

static void cell_wordings(struct load *l, size_t column, void *to)
{
	struct span rest = span_of(load_cell(l, column)), one;
	bool left, right;

	cell_text(l, column, to);
	while (!l->sure && next_wording(&rest, &one, &left, &right)) {
		const char *plain = letters_of_wording(l->k->arena, one);

		if (!*plain || (!plain[1] && *plain > LETTER_HOST))
			load_bad(l, column, "'%.*s' is too short to be heard", (int)one.len,
				 one.p);
		if (strchr(plain, '\n'))
			load_bad(l, column, "'%.*s' goes beyond a sentence", (int)one.len, one.p);
		if (memchr(one.p, '*', one.len))
			load_bad(l, column, "'%.*s': a * is at an end only", (int)one.len, one.p);
	}
}

#define AT(member) .at = offsetof(struct concept_row, member)

static const struct column columns[] = {
	[ID] = { "id", cell_text, AT(id), MUST | KEY },
	[KIND] = { "kind", cell_word, AT(kind), MUST, .words = kinds },
	[LANGUAGE] = { "language", cell_word, AT(language), MUST | KEY, .words = languages },
	[WORDINGS] = { "wordings", cell_wordings, AT(wordings), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind concept_table = {
	"concepts.tsv", "concept", columns, ARRAY_LEN(columns), sizeof(struct concept_row), NULL,
};

/* --- the automaton --- */

struct wording {
	unsigned	concept, len;
	bool		left, right;	/* a word may go on there */
	unsigned	next;		/* of the same letters, plus 1; 0 = none */
};

struct state {
	unsigned	child, sibling, fail;
	unsigned	out;		/* the first wording that ends here, plus 1 */
	unsigned	shorter;	/* the next state on the way of fails that has one */
	unsigned char	byte;
};

struct concept { const char *id; char kind; size_t opposite; };

struct lexicon {
	struct map	*numbers;	/* of concepts: their struct in .concepts */
	struct concept	*concepts;
	size_t		 n_concepts;
	struct arena	*arena;
	struct state	*states;
	size_t		 n_states, cap_states;
	struct wording	*wordings;
	size_t		 n_wordings, cap_wordings;
	unsigned	 root[256];
};

static unsigned child_of(const struct lexicon *x, unsigned state, unsigned char byte)
{
	unsigned at = state ? x->states[state].child : x->root[byte];

	while (at && x->states[at].byte != byte)
		at = x->states[at].sibling;
	return at;
}

static unsigned add_child(struct lexicon *x, unsigned state, unsigned char byte)
{
	unsigned at = (unsigned)x->n_states;

	x->states = arena_grow(x->arena, x->states, x->n_states, &x->cap_states,
			       sizeof(*x->states));
	x->n_states++;
	x->states[at] = (struct state) { .byte = byte, .sibling = x->states[state].child };
	x->states[state].child = at;
	if (!state)
		x->root[byte] = at;
	return at;
}

static void add_wording(struct lexicon *x, struct arena *a, size_t concept, struct span text,
			bool left, bool right)
{
	const char *plain = letters_of_wording(a, text);
	unsigned at = 0;

	for (const char *p = plain; *p; p++) {
		unsigned next = child_of(x, at, (unsigned char)*p);

		at = next ? next : add_child(x, at, (unsigned char)*p);
	}
	if (!at)
		return;
	x->wordings = arena_grow(x->arena, x->wordings, x->n_wordings, &x->cap_wordings,
				 sizeof(*x->wordings));
	x->wordings[x->n_wordings] = (struct wording) {
		.concept = (unsigned)concept, .len = (unsigned)strlen(plain),
		.left = left, .right = right, .next = x->states[at].out,
	};
	x->states[at].out = (unsigned)++x->n_wordings;
}

/* Breadth first: where the longest proper end of what was read leads. */
static void add_fails(struct lexicon *x, struct arena *a)
{
	unsigned *queue = arena_alloc(a, (x->n_states + 1) * sizeof(*queue));
	size_t head = 0, tail = 0;

	queue[tail++] = 0;
	while (head < tail) {
		unsigned at = queue[head++];

		for (unsigned c = x->states[at].child; c; c = x->states[c].sibling) {
			struct state *s = &x->states[c];
			unsigned fail = x->states[at].fail;

			while (at && fail && !child_of(x, fail, s->byte))
				fail = x->states[fail].fail;
			s->fail = at ? child_of(x, fail, s->byte) : 0;
			s->shorter = x->states[s->fail].out ? s->fail : x->states[s->fail].shorter;
			queue[tail++] = c;
		}
	}
}

/* "not-valid" of "valid", "valid" of "not-valid". */
static size_t opposite_of(const struct lexicon *x, struct arena *a, const char *id)
{
	const char *other = str_has_prefix(id, "not-") ? id + 4 : arena_printf(a, "not-%s", id);
	const struct concept *c = map_get(x->numbers, other);

	return c ? (size_t)(c - x->concepts) : LEXICON_NONE;
}

static size_t number_of_row(struct lexicon *x, const struct tsv *t, size_t row)
{
	const char *id = tsv_cell(t, row, ID);
	struct concept *c = map_get(x->numbers, id);

	if (!c) {
		c = &x->concepts[x->n_concepts++];
		*c = (struct concept) { .id = id, .kind = *tsv_cell(t, row, KIND) };
		map_set(x->numbers, id, c);
	}
	return (size_t)(c - x->concepts);
}

static void add_rows(struct lexicon *x, const struct tsv *t, struct arena *scratch)
{
	struct span one;
	bool left, right;

	for (size_t row = 0; row < t->n; row++) {
		size_t concept = number_of_row(x, t, row);
		struct span rest = span_of(tsv_cell(t, row, WORDINGS));

		while (next_wording(&rest, &one, &left, &right))
			add_wording(x, scratch, concept, one, left, right);
	}
	for (size_t i = 0; i < x->n_concepts; i++)
		x->concepts[i].opposite = opposite_of(x, scratch, x->concepts[i].id);
}

static const struct lexicon *lexicon_of(const struct know *k)
{
	_cleanup_(arena_freep) struct arena *scratch = NULL;
	const struct tsv *t = table_tsv(k, TABLE_CONCEPTS);
	struct lexicon *x;

	if (k->lexicon)
		return k->lexicon;
	scratch = arena_new();
	x = arena_alloc(k->arena, sizeof(*x));
	x->arena = k->arena;
	x->numbers = map_new(k->arena);
	x->concepts = arena_alloc(k->arena, (t->n + 1) * sizeof(*x->concepts));
	x->states = arena_grow(x->arena, NULL, 0, &x->cap_states, sizeof(*x->states));
	x->n_states = 1;		/* the root */
	add_rows(x, t, scratch);
	add_fails(x, scratch);
	((struct know *)k)->lexicon = x;
	return x;
}

size_t lexicon_concept(const struct know *k, const char *id)
{
	const struct lexicon *x = lexicon_of(k);
	const struct concept *c = map_get(x->numbers, id);

	return c ? (size_t)(c - x->concepts) : LEXICON_NONE;
}

const char *lexicon_name(const struct know *k, size_t concept)
{
	return lexicon_of(k)->concepts[concept].id;
}

/* --- hearing --- */

static void found(const struct lexicon *x, unsigned state, const char *plain, size_t end,
		  size_t sentence, struct heard_concepts *h)
{
	unsigned i = x->states[state].out;

	for (; i && h->n < LIMIT_HEARD; i = x->wordings[i - 1].next) {
		const struct wording *w = &x->wordings[i - 1];
		const char *from = plain + end - w->len;

		if ((!w->left && letters_word_at(from) && letters_word_before(plain, from)) ||
		    (!w->right && letters_word_at(plain + end) &&
		     letters_word_before(plain, plain + end)))
			continue;
		h->v[h->n++] = (struct heard) {
			.concept = w->concept, .sentence = (unsigned short)sentence,
			.from = (unsigned short)(end - w->len), .to = (unsigned short)end,
		};
	}
}

static void match_wordings(const struct lexicon *x, const char *plain, struct heard_concepts *h)
{
	unsigned at = 0;
	size_t sentence = 0;

	for (size_t i = 0; plain[i]; i++) {
		unsigned char byte = (unsigned char)plain[i];
		unsigned next;

		while (!(next = child_of(x, at, byte)) && at)
			at = x->states[at].fail;
		at = next;
		sentence += byte == '\n';
		for (unsigned s = at; s; s = x->states[s].shorter)
			found(x, s, plain, i + 1, sentence, h);
	}
}

static bool inside(const struct heard *one, const struct heard *other)
{
	return other->from <= one->from && other->to >= one->to &&
	       other->to - other->from > one->to - one->from;
}

/* What is only a part of a longer wording of its kind; a negation, of one of a state. */
static void drop_parts(const struct lexicon *x, struct heard_concepts *h)
{
	bool part[LIMIT_HEARD] = { false };
	size_t kept = 0;

	for (size_t i = 0; i < h->n; i++) {
		char kind = x->concepts[h->v[i].concept].kind;

		for (size_t j = 0; j < h->n; j++) {
			char other = x->concepts[h->v[j].concept].kind;

			if (!inside(&h->v[i], &h->v[j]))
				continue;
			part[i] |= kind == other || (kind == 'n' && other == 's');
			h->v[j].negated |= kind == 'n';
		}
	}
	for (size_t i = 0; i < h->n; i++) {
		if (!part[i])
			h->v[kept++] = h->v[i];
	}
	h->n = kept;
}

/* The negation before a state; h->n = there is none. */
static size_t negation_of(const struct lexicon *x, const struct heard_concepts *h, size_t state)
{
	const struct heard *s = &h->v[state];

	for (size_t i = 0; i < h->n; i++) {
		const struct heard *one = &h->v[i];

		if (x->concepts[one->concept].kind == 'n' && one->sentence == s->sentence &&
		    one->to <= s->from && s->from - one->to <= LIMIT_NEGATED)
			return i;
	}
	return h->n;
}

static void turn_round(const struct lexicon *x, struct heard_concepts *h)
{
	bool gone[LIMIT_HEARD] = { false };
	size_t kept = 0;

	for (size_t i = 0; i < h->n; i++) {
		size_t opposite = x->concepts[h->v[i].concept].opposite, by;

		if (x->concepts[h->v[i].concept].kind != 's' || h->v[i].negated ||
		    (by = negation_of(x, h, i)) == h->n)
			continue;
		gone[by] = true;
		gone[i] = opposite == LEXICON_NONE;
		if (!gone[i])
			h->v[i].concept = (unsigned)opposite;
	}
	for (size_t i = 0; i < h->n; i++) {
		if (!gone[i])
			h->v[kept++] = h->v[i];
	}
	h->n = kept;
}

void lexicon_hear(const struct know *k, struct arena *a, struct span text,
		  struct heard_concepts *ret)
{
	const struct lexicon *x = lexicon_of(k);

	if (text.len > LIMIT_LISTEN)
		text.len = LIMIT_LISTEN;
	ret->n = 0;
	ret->plain = letters_plain(a, text);
	match_wordings(x, ret->plain, ret);
	drop_parts(x, ret);
	turn_round(x, ret);
}
