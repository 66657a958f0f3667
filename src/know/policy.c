/*
 * policy.tsv: the dates of providers' policies, and the sentences that a diagnosis takes from them.
 */
#include "know/tables.h"

#include "base/clock.h"
#include "base/str.h"

enum { Y_ID, Y_DATE, Y_WHAT, Y_PROVIDER, Y_PATH, Y_CAUSE, Y_ROWS, Y_SOURCE, Y_CHECKED };
static const char *const columns[] = { "id", "date", "what", "provider", "path", "cause", "rows", "source", "checked", NULL };

/* More dates than this bury the evidence. */
enum { MOST_SENTENCES = 2 };
enum { LEN_MONTH = 7, LEN_DAY = 10 };		/* 2026-11, 2026-11-20 */

static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
};

/* "2026-11-20", or "2026-11" where that is allowed. */
static time_t load_date(struct load *l, size_t column, bool month_will_do)
{
	const char *s = load_must(l, column);
	size_t n = strlen(s);
	time_t t = 0;
	bool month = month_will_do && n == LEN_MONTH;

	if ((!month && n != LEN_DAY) || clock_parse(arena_printf(l->k->arena, "%s%sT00:00:00Z", s, month ? "-01" : ""), &t) < 0)
		load_bad(l, column, "'%s' is no date: YYYY-MM-DD%s", s, month_will_do ? ", or YYYY-MM" : "");
	return t;
}

static void load_paths(struct load *l, struct policy_row *row)
{
	row->paths = load_list(l, Y_PATH, ',');
	for (size_t i = 0; i < row->paths.n; i++) {
		if (!provider_exists(l->k, row->provider, row->paths.v[i]))
			load_bad(l, Y_PATH, "'%s' is no path of '%s' in providers.tsv", row->paths.v[i], row->provider);
	}
}

static void load_rows(struct load *l, struct policy_row *row)
{
	row->rows = load_list(l, Y_ROWS, ',');
	for (size_t i = 0; i < row->rows.n; i++) {
		if (!error_row_exists(l->k, row->rows.v[i]))
			load_bad(l, Y_ROWS, "'%s' is no row of error-codes.tsv", row->rows.v[i]);
	}
}

static void *read_policy(struct load *l)
{
	struct know *k = l->k;
	struct policy_row *row = arena_alloc(k->arena, sizeof(*row));
	const struct policy_row *before = l->row ? k->tables[TABLE_POLICIES].rows[l->row - 1] : NULL;

	row->id = load_must(l, Y_ID);
	load_unique(l, TABLE_POLICIES, Y_ID);
	row->date = load_cell(l, Y_DATE);
	row->from = load_date(l, Y_DATE, true);
	if (before && row->from < before->from)
		load_bad(l, Y_DATE, "the rows are not sorted by date");
	row->what = load_must(l, Y_WHAT);
	row->provider = load_must(l, Y_PROVIDER);
	if (!provider_exists(k, row->provider, NULL))
		load_bad(l, Y_PROVIDER, "'%s' is no provider of providers.tsv", row->provider);
	load_paths(l, row);
	row->cause = load_cause(l, Y_CAUSE);
	load_rows(l, row);
	row->source = load_must(l, Y_SOURCE);
	row->checked = load_cell(l, Y_CHECKED);
	load_date(l, Y_CHECKED, false);
	return row;
}

const struct table_kind policy_table = { "policy.tsv", columns, read_policy };

const struct policy_row *know_policy_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_POLICIES, i);
}

/* --- what they say --- */

static bool on_path(const struct know *k, const struct policy_row *row, const char *path)
{
	const struct provider *first = know_provider(k, row->provider, NULL);

	if (!path || !*path)
		path = first ? first->path : "";
	return !row->paths.n || strv_has(&row->paths, path);
}

/* "31 December 2026", "September 2028". */
static char *spoken(struct arena *a, const char *date)
{
	int month = (date[5] - '0') * 10 + (date[6] - '0');
	const char *day = strlen(date) == LEN_DAY ? date + 8 : "";

	if (!*day)
		return arena_printf(a, "%s %.4s", months[month - 1], date);
	return arena_printf(a, "%s %s %.4s", *day == '0' ? day + 1 : day, months[month - 1], date);
}

static char *sentence(struct arena *a, const struct policy_row *row)
{
	const char *end = strstr(row->source, "; ");
	int n = (int)(end ? (size_t)(end - row->source) : strlen(row->source));

	return arena_printf(a, "Policy: since %s %s (%.*s, checked %s)", spoken(a, row->date), row->what, n, row->source, row->checked);
}

/* What is to come explains nothing that has happened, nor does what another reply is about. */
static bool explains(const struct policy_row *row, const char *reply_row, time_t now)
{
	return row->from <= now && (!row->rows.n || (reply_row && strv_has(&row->rows, reply_row)));
}

struct strv know_policies(const struct know *k, struct arena *a, const struct cause *cause, const char *reply_row, const char *provider,
			  const char *path, time_t now)
{
	const struct policy_row *near[MOST_SENTENCES] = { NULL };
	const struct tsv *t = k->tables[TABLE_POLICIES].t;
	struct strv told = { 0 };

	for (size_t i = 0; provider && *provider && i < t->n; i++) {
		const struct policy_row *row;

		if (!str_eq(tsv_cell(t, i, Y_PROVIDER), provider) || !str_eq(tsv_cell(t, i, Y_CAUSE), cause->id))
			continue;
		row = know_policy_at(k, i);
		if (!on_path(k, row, path) || !explains(row, reply_row, now))
			continue;
		for (size_t j = 0; j < MOST_SENTENCES && row; j++) {
			if (!near[j] || row->from > near[j]->from) {
				const struct policy_row *pushed = near[j];

				near[j] = row;
				row = pushed;
			}
		}
	}
	for (size_t j = 0; j < MOST_SENTENCES && near[j]; j++)
		strv_add(&told, a, sentence(a, near[j]));
	return told;
}
