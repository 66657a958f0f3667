/*
 * A reply that a log cut off in the middle of a sentence: "Sender address rejected: not owned b".
 * The table's sentence that begins with the last words is what was said.
 */
#include "paste/paste.h"

#include <string.h>

#include "base/tsv.h"
#include "know/tables.h"

/* Fewer bytes than that are no beginning of anything in particular. */
enum { LEAST = 14, MOST = 80 };
/* The column of error-codes.tsv. */
enum { PATTERN = 5 };

/* Where in the text the sentence may have begun: words of it near its end. */
struct tails { const char *at[MOST]; size_t n; };

static struct tails tails_of(struct span text)
{
	size_t from = text.len > MOST ? text.len - MOST : 0;
	struct tails t = { .n = 0 };

	for (size_t i = from; i + LEAST <= text.len; i++) {
		if (ascii_is_alnum(text.p[i]) && (!i || !ascii_is_alnum(text.p[i - 1])))
			t.at[t.n++] = text.p + i;
	}
	return t;
}

/* Before a comma, a full stop or a bracket the sentence may have ended. */
static bool goes_on(struct span rest)
{
	if (rest.len > 1 && rest.p[0] == ' ')
		return ascii_is_alnum(rest.p[1]);
	return !strchr(",.:;!", rest.p[0]);
}

/* How much of the sentence stands at the end of the text; 0 = it does not begin there. */
static size_t begun(const struct tails *t, const char *end, struct span sentence)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t n = (size_t)(end - t->at[i]);

		if (n < sentence.len && goes_on(span_from(sentence, sentence.p + n)) &&
		    ascii_lower(*t->at[i]) == ascii_lower(sentence.p[0]) &&
		    span_find_nocase((struct span) { t->at[i], n },
				     (struct span) { sentence.p, n }))
			return n;
	}
	return 0;
}

/* The alternatives of a pattern, up to a gap in them. */
static struct span next_sentence(const char **pattern)
{
	const char *from = *pattern, *end = strstr(from, " | ");
	size_t n = end ? (size_t)(end - from) : strlen(from);
	const char *gap;

	*pattern = end ? end + 3 : from + n;
	gap = memmem(from, n, " ... ", 5);
	return (struct span) { from, gap ? (size_t)(gap - from) : n };
}

char *paste_completed(struct arena *a, const struct know *k, const char *text)
{
	struct span whole = span_of(text), best = { text, 0 };
	size_t most = 0, rows = table_size(k, TABLE_ERRORS);
	const struct tsv *t = table_tsv(k, TABLE_ERRORS);
	struct tails tails = tails_of(whole);

	if (!tails.n || !ascii_is_alnum(whole.p[whole.len - 1]))
		return NULL;
	for (size_t i = 0; i < rows; i++) {
		const char *pattern = tsv_cell(t, i, PATTERN);

		while (*pattern) {
			struct span sentence = next_sentence(&pattern);
			size_t n = 0;

			if (sentence.len > LEAST)
				n = begun(&tails, text + whole.len, sentence);
			if (n > most) {
				most = n;
				best = sentence;
			}
		}
	}
	if (!most)
		return NULL;
	return arena_printf(a, "%s%.*s", text, (int)(best.len - most), best.p + most);
}
