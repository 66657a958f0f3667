/*
 * oauth-errors.tsv: why a token service gives no token, by the word of the standard.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct oauth_row, member)

static const char *const vendors[] = { "*", "microsoft", "google", NULL };

enum { ERROR, VENDOR };
static const struct column columns[] = {
	[ERROR] = { "error", cell_text, AT(error), MUST | KEY },
	[VENDOR] = { "vendor", cell_word, AT(vendor), MUST | KEY, .words = vendors },
	WORDS_COLUMNS(struct oauth_row, MUST),
};

static void finish(struct load *l, void *row)
{
	struct oauth_row *word = row;

	load_place(l, &word->words);
	word->words.id = word->error;
	word->words.provider = "*";
}

const struct table_kind oauth_table = {
	"oauth-errors.tsv", "word", columns, ARRAY_LEN(columns), sizeof(struct oauth_row), finish,
};

const struct oauth_row *know_oauth_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_OAUTH, i);
}

static const struct oauth_row *find(const struct know *k, const char *error, const char *vendor)
{
	const struct tsv *t = table_tsv(k, TABLE_OAUTH);
	size_t i = 0;

	while (i < t->n && !(str_eq(tsv_cell(t, i, ERROR), error) &&
			     str_eq(tsv_cell(t, i, VENDOR), vendor)))
		i++;
	return know_oauth_at(k, i);
}

const struct oauth_row *know_oauth(const struct know *k, const char *error, const char *vendor)
{
	const struct oauth_row *own = find(k, error, vendor);

	return own ? own : find(k, error, "*");
}
