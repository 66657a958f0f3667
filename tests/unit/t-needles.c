/*
 * needles, and what the tables are looked up by: never less is found than by looking for each word
 * in turn.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/data.h"
#include "know/tables.h"
#include "tests/unit/tap.h"

enum { TAGS = 400, ROUNDS = 3000 };

static unsigned long state = 1;

/* The same numbers in each run. */
static size_t below(size_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state >> 33) % n;
}

/* --- needles alone --- */

static bool naive(struct span text, struct span word)
{
	struct span rest = { word.p + 1, word.len - 1 };

	if (text.len && word.p[0] == ' ' && span_has_prefix_nocase(text, rest.p))
		return true;
	for (size_t i = 0; i + word.len <= text.len; i++) {
		size_t same = 0;

		while (same < word.len &&
		       ascii_lower(text.p[i + same]) == ascii_lower(word.p[same]))
			same++;
		if (same == word.len)
			return true;
	}
	return false;
}

static char *random_text(struct arena *a, size_t len)
{
	static const char letters[] = "abAB 4@`.";
	char *s = arena_alloc(a, len + 1);

	for (size_t i = 0; i < len; i++)
		s[i] = letters[below(sizeof(letters) - 1)];
	return s;
}

static void test_random(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct needle_maker *m = needle_maker_new(a);
	const char *words[TAGS];
	const struct needles *n;
	size_t wrong = 0, there = 0;

	for (unsigned i = 0; i < TAGS; i++) {
		words[i] = random_text(a, 1 + below(9));
		needles_add(m, span_of(words[i]), i);
	}
	n = needles_made(m);
	for (size_t round = 0; round < ROUNDS; round++) {
		struct span text = span_of(random_text(a, below(24)));
		uint64_t found[TAGS / 64 + 1] = { 0 };

		needles_look(n, text, found);
		for (unsigned i = 0; i < TAGS; i++) {
			bool want = naive(text, span_of(words[i]));

			there += want;
			if (needles_has(found, i) != want && wrong++ < 3)
				printf("#   '%s' in '%s': want %d\n", words[i], text.p, want);
		}
	}
	is_int((long)wrong, 0, "random words in random texts are found as one by one");
	ok(there > ROUNDS, "... and many are there");
}

static void test_edges(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct needle_maker *m = needle_maker_new(a);
	const struct needles *n;
	uint64_t found = 0;

	ok(!needles_add(m, span_of(""), 1), "an empty word is left out");
	needles_add(m, span_of("she"), 0);
	needles_add(m, span_of("Hers to keep"), 1);
	needles_add(m, span_of(" 45"), 2);
	n = needles_made(m);
	needles_look(n, span_of("usHERs to keep"), &found);
	is_int((long)found, 3, "words inside words, without regard to case");
	found = 0;
	needles_look(n, span_of("450"), &found);
	is_int((long)found, 4, "the start is as good as a blank");
	found = 0;
	needles_look(n, span_of("x450 hers to kee"), &found);
	is_int((long)found, 0, "... and nothing else is; a beginning is no word");
	is_int((long)needles_end(n, span_of("a she hers to keep"), 2), 18, "where it ends");
	is_int((long)needles_end(n, span_of("a she hers to keep"), 3), 5, "... the first one");
	is_int((long)needles_end(n, span_of("nobody"), 3), 6, "nowhere: at the end");
	is_int((long)needles_next((const uint64_t[]) { 0, 6 }, 100, 0), 65, "the next tag");
	is_int((long)needles_next((const uint64_t[]) { 0, 6 }, 100, 67), 100, "... or none");
}

/* --- the tables --- */

static const struct know *know;
static const enum table_id table_of[FOUND_KINDS] = {
	TABLE_ERRORS, TABLE_SYMPTOMS, TABLE_PROVIDERS, TABLE_PROVIDERS,
};

/* One after the other, without overlap. */
static bool has_pieces(const char *text, const char *alternative, size_t len)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	char *piece = arena_strndup(a, alternative, len), *end;

	for (; piece; piece = end ? end + 5 : NULL) {
		end = strstr(piece, " ... ");
		if (end)
			*end = '\0';
		text = strstr(text, piece);
		if (!text)
			return false;
		text += strlen(piece);
	}
	return true;
}

static bool pattern_in(const char *folded, const char *pattern)
{
	const char *end;

	if (!*pattern || str_eq(pattern, "*"))
		return false;
	for (; pattern; pattern = end ? end + 3 : NULL) {
		end = strstr(pattern, " | ");
		if (has_pieces(folded, pattern, end ? (size_t)(end - pattern) : strlen(pattern)))
			return true;
	}
	return false;
}

/* The patterns of all rows, folded once. */
static const char **patterns[FOUND_KINDS];

static void fold_patterns(struct arena *a)
{
	for (enum found_kind kind = 0; kind < FOUND_KINDS; kind++) {
		size_t n = table_size(know, table_of[kind]);

		patterns[kind] = arena_alloc(a, (n + 1) * sizeof(*patterns[kind]));
		for (size_t i = 0; i < n; i++)
			patterns[kind][i] = fold(a, know_words_of(know, kind, i));
	}
}

static size_t looked_in, rows_found, rows_missed;

static void look_in(const char *text, size_t len)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *folded = fold_span(a, (struct span) { text, len });
	struct found found = know_found(know, a, folded);

	looked_in++;
	for (enum found_kind kind = 0; kind < FOUND_KINDS; kind++) {
		const uint64_t *rows = found_rows(&found, kind);

		for (unsigned i = 0; i < table_size(know, table_of[kind]); i++) {
			if (!pattern_in(folded, patterns[kind][i]))
				continue;
			rows_found++;
			if (!needles_has(rows, i) && rows_missed++ < 3)
				printf("#   '%s' is in '%s'\n", patterns[kind][i], folded);
		}
	}
}

static void look_in_examples(void)
{
	const struct symptom *s;
	const struct error_row *e;

	for (size_t i = 0; (e = know_error_at(know, i)); i++)
		look_in(e->example, strlen(e->example));
	for (size_t i = 0; (s = know_symptom_at(know, i)); i++)
		look_in(s->example, strlen(s->example));
}

/* The lines of a file, or none. */
static void look_in_file(const char *path)
{
	char line[2048];
	FILE *f = fopen(path, "re");

	ok(f != NULL, path);
	while (f && fgets(line, sizeof(line), f))
		look_in(line, strlen(line));
	if (f)
		fclose(f);
}

/* Ends and beginnings of patterns, beside each other and one inside the other. */
static void look_in_fragments(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t round = 0; round < 1000; round++) {
		char text[256] = "";
		size_t at = 0;

		for (size_t i = 0; i < 3; i++) {
			enum found_kind kind = (enum found_kind)below(FOUND_KINDS);
			const char *p = patterns[kind][below(table_size(know, table_of[kind]))];
			size_t len = strlen(p), from = len ? below(len) : 0,
			       take = below(2) ? len - from : below(len - from + 1);

			if (take > 80)
				take = 80;
			memcpy(text + at, p + from, take);
			at += take;
			if (below(2) && at)
				text[at++] = " .4x"[below(4)];
		}
		look_in(text, at);
	}
}

static void test_tables(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *top = getenv("top_srcdir");

	fold_patterns(a);
	look_in_examples();
	look_in_file(arena_printf(a, "%s/tests/data/explain-cases.tsv", top ? top : "."));
	look_in_file(arena_printf(a, "%s/data/causes.txt", top ? top : "."));
	look_in_fragments();
	ok(looked_in > 2500, "many texts were looked in");
	ok(rows_found > looked_in / 2, "... and rows found");
	is_int((long)rows_missed, 0, "none that is found one by one is missed");
}

/* What data/embed.awk made is what the program would make. */
static void test_compiled_in(void)
{
	unsigned first[FOUND_KINDS + 1] = { 0 };
	const struct needles *made, *in = &data_needles;

	for (enum found_kind kind = 0; kind < FOUND_KINDS; kind++)
		first[kind + 1] = first[kind] +
				  ((unsigned)table_size(know, table_of[kind]) + 63) / 64 * 64;
	made = know_needles(know, first);
	is_int((long)in->n, (long)made->n, "as many needles");
	is_int((long)in->n_pieces, (long)made->n_pieces, "... pieces");
	is_int((long)in->n_short, (long)made->n_short, "... short ones");
	is_int((long)in->n_text, (long)made->n_text, "... bytes");
	is_int((long)in->words, (long)made->words, "... tags");
	if (in->n != made->n || in->n_pieces != made->n_pieces || in->n_text != made->n_text ||
	    in->n_short != made->n_short)
		return;
	ok(memcmp(in->text, made->text, in->n_text) == 0, "the same text");
	ok(memcmp(in->all, made->all, in->n * sizeof(*in->all)) == 0, "the same needles");
	ok(memcmp(in->pieces, made->pieces, in->n_pieces * sizeof(*in->pieces)) == 0,
	   "the same pieces");
	ok(!in->n_short || memcmp(in->short_ones, made->short_ones,
				  in->n_short * sizeof(*in->short_ones)) == 0,
	   "the same short ones");
	ok(memcmp(in->map, made->map, (1u << NEEDLE_MAP_BITS) / 8) == 0, "the same map");
	ok(memcmp(in->heads, made->heads, sizeof(*in->heads) << NEEDLE_HEAD_BITS) == 0,
	   "the same heads");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = "";

	know = know_new(a, NULL, &error);
	if (!ok(know != NULL, "the tables load")) {
		printf("Bail out! %s\n", error);
		return 1;
	}
	test_edges();
	test_random();
	test_compiled_in();
	test_tables();
	return tap_done();
}
