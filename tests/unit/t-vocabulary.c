/*
 * Names in refusals: where the key of a log's record leaves a word out, another name in its place
 * is judged the same.
 */
#include "base/arena.h"
#include "logs/inside.h"
#include "paste/explain.h"
#include "tests/unit/tap.h"

enum { ROUNDS = 3 };

static const struct know *know;
static const struct vocabulary *words;
static unsigned long state = 1;

/* The same numbers in each run. */
static size_t below(size_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state >> 33) % n;
}

/* A word of letters by chance, as long as it is a name. */
static const char *some_name(struct arena *a)
{
	for (;;) {
		size_t n = 5 + below(8);
		char *name = arena_alloc(a, n + 1);

		for (size_t i = 0; i < n; i++)
			name[i] = (char)((i || below(2) ? 'a' : 'A') + below(26));
		if (vocabulary_is_name(words, (struct span) { name, n }))
			return name;
	}
}

static const char *verdict(struct arena *a, const char *text)
{
	const struct explanation *e = explain_record(a, know, text, strlen(text));

	if (!e->n_diagnosis)
		return arena_printf(a, "%zu replies", e->n_replies);
	return arena_printf(a, "%s, %s, %zu replies", e->diagnosis[0].cause->id,
			    certainty_name(e->diagnosis[0].certainty), e->n_replies);
}

static size_t tried, differ, keys_differ;

static void try_example(const char *example)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const char *blank = strchr(example + below(strlen(example)), ' ');
		int n = blank ? (int)(blank - example) : (int)strlen(example);
		const char *text[2], *got[2];
		uint64_t key[2];

		for (size_t i = 0; i < 2; i++) {
			/* Longer than what is short for everybody: judge_record() knows. */
			text[i] = arena_printf(a, "a log of some program says, with a name inside "
					       "of its words: %.*s %s%s", n, example,
					       some_name(a), example + n);
			got[i] = verdict(a, text[i]);
			key[i] = tally_key(1, span_of(text[i]), span_of(""), words);
		}
		tried++;
		keys_differ += key[0] != key[1];
		if (strcmp(got[0], got[1]) != 0 && differ++ < 5)
			printf("#   '%s': %s\n#   '%s': %s\n", text[0], got[0], text[1], got[1]);
	}
}

static void test_examples(void)
{
	const struct error_row *e;
	const struct symptom *s;

	for (size_t i = 0; (e = know_error_at(know, i)); i++)
		try_example(e->example);
	for (size_t i = 0; (s = know_symptom_at(know, i)); i++)
		try_example(s->example);
	ok(tried > 2000, "many examples were tried with other names in them");
	is_int(differ, 0, "none is judged in another way for its name");
	is_int(keys_differ, 0, "... and all have one key");
}

static bool is_name(const char *word)
{
	return vocabulary_is_name(words, span_of(word));
}

static void test_words(void)
{
	ok(is_name("qwxvkzj") && is_name("Qwxvkzj"), "a word nobody knows is a name");
	ok(!is_name("qwx") && !is_name("qwxvkzjqwxvkzjqwx"), "short and long ones are not");
	ok(!is_name("qwXvkzj") && !is_name("QWXVKZJ"), "nor are those of capitals");
	ok(!is_name("qwx1vkzj") && !is_name("qw.vkzj"), "nor is what has more than letters");
	ok(!is_name("rejected") && !is_name("Unknown"), "a word of the tables is none");
	ok(!is_name("qwxrejectedqwx"), "nor is what has one inside");
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
	words = vocabulary_new(a, know);
	test_words();
	test_examples();
	return tap_done();
}
