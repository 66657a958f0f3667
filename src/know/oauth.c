/*
 * oauth-errors.tsv: why a token service gives no token, by the word of the standard.
 */
#include "know/tables.h"

#include "base/str.h"

enum { O_ERROR, O_HOUSE, O_CAUSE, O_CERTAINTY, O_MEANING, O_FIX, O_WHO, O_RETRY, O_SOURCE, O_CONFIDENCE };
static const char *const columns[] = {
	"error", "house", "cause", "certainty", "meaning", "fix", "who", "retry", "source", "confidence", NULL,
};

static size_t find(const struct know *k, const char *error, const char *house)
{
	const struct tsv *t = k->tables[TABLE_OAUTH].t;
	size_t i = 0;

	while (i < t->n && !(str_eq(tsv_cell(t, i, O_ERROR), error) && str_eq(tsv_cell(t, i, O_HOUSE), house)))
		i++;
	return i;
}

static void *read_oauth(struct load *l)
{
	static const char *const houses[] = { "*", "microsoft", "google", NULL };
	struct oauth_row *row = arena_alloc(l->k->arena, sizeof(*row));

	row->error = load_must(l, O_ERROR);
	row->house = load_word(l, O_HOUSE, houses, false);
	if (find(l->k, row->error, row->house) != l->row)
		load_bad(l, O_ERROR, "'%s' of '%s' is there twice", row->error, row->house);
	row->words = (struct error_row) {
		.id = row->error,
		.provider = "*",
		.stages = stage_name(STAGE_AUTH),
		.codes = "*",
		.enhanced = "*",
		.pattern = "*",
		.cause = load_cause(l, O_CAUSE),
		.certainty = load_certainty(l, O_CERTAINTY),
		.meaning = load_must(l, O_MEANING),
		.fix = load_fix(l, O_FIX),
		.who = load_who(l, O_WHO, true),
		.roles = load_roles(l, O_WHO),
		.retry = load_retry(l, O_RETRY, true),
		.source = load_must(l, O_SOURCE),
		.confidence = load_confidence(l, O_CONFIDENCE),
		.example = "",
		.file = l->t->name,
		.line = tsv_line(l->t, l->row),
	};
	return row;
}

const struct table_kind oauth_table = { "oauth-errors.tsv", columns, read_oauth };

const struct oauth_row *know_oauth_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_OAUTH, i);
}

const struct oauth_row *know_oauth(const struct know *k, const char *error, const char *house)
{
	const struct oauth_row *own = know_oauth_at(k, find(k, error, house));

	return own ? own : know_oauth_at(k, find(k, error, "*"));
}
