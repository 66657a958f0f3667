/*
 * Which rows' words may be in a text: those with a piece of each alternative that the text must
 * have. Looked for at once, in all tables that are found by words; then the few rows are compared.
 */
#include "know/tables.h"

#include "base/data.h"

/*
 * Where the words of a kind of row stand; the rows of each kind have tags of their own.
 * data/embed.awk has the same list in the same order.
 */
static const struct {
	enum table_id	 table;
	const char	*column;
} kinds[FOUND_KINDS] = {
	[FOUND_ERROR] = { TABLE_ERRORS, "pattern" },
	[FOUND_SYMPTOM] = { TABLE_SYMPTOMS, "pattern" },
	[FOUND_BANNER] = { TABLE_PROVIDERS, "banner" },
	[FOUND_TRAILER] = { TABLE_PROVIDERS, "trailer" },
};

struct finder {
	const struct needles	*needles;
	/* tag of the first row of each kind, a multiple of 64 */
	unsigned		 first[FOUND_KINDS + 1];
};

static size_t column_of(enum found_kind kind)
{
	size_t i = 0;

	while (!str_eq(table_kind(kinds[kind].table)->columns[i].name, kinds[kind].column))
		i++;
	return i;
}

const char *know_words_of(const struct know *k, enum found_kind kind, size_t row)
{
	return tsv_cell(table_tsv(k, kinds[kind].table), row, column_of(kind));
}

static void add_rows(const struct know *k, struct needle_maker *m, enum found_kind kind,
		     unsigned first)
{
	for (size_t i = 0; i < table_size(k, kinds[kind].table); i++) {
		const char *words = know_words_of(k, kind, i);
		struct span rest = pattern_plain(k->arena, str_eq(words, "*") ? "" : words), piece;

		while (pattern_next_piece(&rest, &piece))
			needles_add(m, piece, first + (unsigned)i);
	}
}

const struct needles *know_needles(const struct know *k, const unsigned *first)
{
	struct needle_maker *m = needle_maker_new(k->arena);

	for (enum found_kind kind = 0; kind < FOUND_KINDS; kind++)
		add_rows(k, m, kind, first[kind]);
	return needles_made(m);
}

/* Where the rows of each kind have their bits. Are all of them compiled in? */
static bool lay_out(const struct know *k, unsigned *first)
{
	bool compiled_in = true;

	for (enum found_kind kind = 0; kind < FOUND_KINDS; kind++) {
		const struct tsv *t = table_tsv(k, kinds[kind].table);

		first[kind + 1] = first[kind] + ((unsigned)t->n + 63) / 64 * 64;
		compiled_in &= t->data != NULL;
	}
	return compiled_in;
}

static const struct finder *finder_of(const struct know *k)
{
	struct finder *f = k->finder;

	if (f)
		return f;
	f = ((struct know *)k)->finder = arena_alloc(k->arena, sizeof(*f));
	f->needles = lay_out(k, f->first) ? &data_needles : know_needles(k, f->first);
	return f;
}

struct found know_found(const struct know *k, struct arena *a, const char *folded)
{
	const struct finder *f = finder_of(k);
	size_t words = f->first[FOUND_KINDS] / 64, answered = f->needles->words;
	struct found found = {
		f->first, arena_alloc(a, (words > answered ? words : answered) * sizeof(uint64_t))
	};

	needles_look(f->needles, span_of(folded), found.bits);
	return found;
}

uint64_t *found_rows(const struct found *f, enum found_kind kind)
{
	return f->bits + f->first[kind] / 64;
}
