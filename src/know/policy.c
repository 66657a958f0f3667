/*
 * policy.tsv: the dates of providers' policies, and the sentences that a diagnosis takes from them.
 */
#include "know/tables.h"

#include "base/clock.h"

/* More dates than this bury the evidence. */
enum { MOST_SENTENCES = 2 };
enum { LEN_YEAR = 4, LEN_MONTH = 7, LEN_DAY = 10 };	/* 2026, 2026-11, 2026-11-20 */
enum { DAY = 86400 };

static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December",
};

/* "2026-11-20", or where that is allowed "2026-11" or "2026": their first day. */
static bool read_date(struct arena *a, const char *s, bool vague_will_do, time_t *ret)
{
	size_t n = strlen(s);
	const char *rest = n == LEN_YEAR ? "-01-01" : "-01";

	if (n != LEN_DAY && (!vague_will_do || (n != LEN_MONTH && n != LEN_YEAR)))
		return false;
	return clock_parse(arena_printf(a, "%s%sT00:00:00Z", s, n == LEN_DAY ? "" : rest),
			   ret) >= 0;
}

/* The last day of the month or year that the date names, or the day itself. */
static time_t last_day(struct arena *a, const char *date, time_t from)
{
	size_t n = strlen(date);
	time_t next = from;

	/* 31 days after the first of a month it is the next one, 366 after that of a year. */
	if (n == LEN_MONTH)
		next += 31 * (time_t)DAY;
	else if (n == LEN_YEAR)
		next += 366 * (time_t)DAY;
	else
		return from;
	read_date(a, arena_printf(a, "%.*s", (int)n, clock_utc(a, next)), true, &next);
	return next - DAY;
}

static void check_date(struct load *l, size_t column, bool vague_will_do, time_t *ret)
{
	if (!read_date(l->k->arena, load_cell(l, column), vague_will_do, ret))
		load_bad(l, column, "'%s' is no date: YYYY-MM-DD%s", load_cell(l, column),
			 vague_will_do ? ", YYYY-MM or YYYY" : "");
}

/* The rows of one file are sorted; a user's go before the table's. */
static void check_order(struct load *l, size_t column, time_t from)
{
	struct load before = *l;
	time_t last;

	before.row--;
	if (l->row && str_eq(tsv_file(l->t, l->row), tsv_file(l->t, before.row)) &&
	    read_date(l->k->arena, load_cell(&before, column), true, &last) && from < last)
		load_bad(l, column, "the rows are not sorted by date");
}

static void cell_from(struct load *l, size_t column, void *to)
{
	check_date(l, column, true, to);
	if (!l->sure)
		check_order(l, column, *(time_t *)to);
}

static void cell_checked(struct load *l, size_t column, void *to)
{
	time_t day;

	cell_text(l, column, to);
	check_date(l, column, false, &day);
}

#define AT(member) .at = offsetof(struct policy_row, member)

enum { PROVIDER = 4, PATH, CAUSE };
static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "date", cell_text, AT(date), MUST },
	{ "date", cell_from, AT(from), MUST },
	{ "what", cell_text, AT(what), MUST },
	[PROVIDER] = { "provider", cell_ref, AT(provider), MUST, .table = TABLE_PROVIDERS },
	[PATH] = { "path", cell_list, AT(paths) },
	[CAUSE] = { "cause", cell_cause, AT(cause), MUST },
	{ "rows", cell_refs, AT(rows), .table = TABLE_ERRORS },
	{ "source", cell_text, AT(source), MUST },
	{ "checked", cell_checked, AT(checked), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

static void finish(struct load *l, void *row)
{
	struct policy_row *r = row;

	r->by = last_day(l->k->arena, r->date, r->from);
	for (size_t i = 0; i < r->paths.n && !l->sure; i++) {
		if (!provider_exists(l->k, r->provider, r->paths.v[i]))
			load_bad(l, PATH, "'%s' is no path of '%s' in providers.tsv", r->paths.v[i],
				 r->provider);
	}
}

const struct table_kind policy_table = {
	"policy.tsv", "policy", columns, ARRAY_LEN(columns), sizeof(struct policy_row), finish,
};

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

/* "31 December 2026", "September 2028", "2027". */
static char *spoken(struct arena *a, const char *date)
{
	const char *day = strlen(date) == LEN_DAY ? date + 8 : "";
	int month;

	if (strlen(date) == LEN_YEAR)
		return arena_strdup(a, date);
	month = (date[5] - '0') * 10 + (date[6] - '0');
	if (!*day)
		return arena_printf(a, "%s %.4s", months[month - 1], date);
	return arena_printf(a, "%s %s %.4s", *day == '0' ? day + 1 : day, months[month - 1], date);
}

static char *sentence(struct arena *a, const struct policy_row *row)
{
	const char *end = strstr(row->source, "; ");
	int n = (int)(end ? (size_t)(end - row->source) : strlen(row->source));

	return arena_printf(a, "Policy: since %s %s (%.*s, checked %s)", spoken(a, row->date),
			    row->what, n, row->source, row->checked);
}

/* What is to come explains nothing that has happened, nor does what another reply is about. */
static bool explains(const struct policy_row *row, const char *reply_row, time_t now)
{
	return row->by <= now && (!row->rows.n || (reply_row && strv_has(&row->rows, reply_row)));
}

struct strv know_policies(const struct know *k, struct arena *a, const struct cause *cause,
			  const char *reply_row, const char *provider,
			  const char *path, time_t now)
{
	const struct policy_row *near[MOST_SENTENCES] = { NULL };
	const struct tsv *t = table_tsv(k, TABLE_POLICIES);
	struct strv told = { 0 };

	for (size_t i = 0; provider && *provider && i < t->n; i++) {
		const struct policy_row *row;

		if (!str_eq(tsv_cell(t, i, PROVIDER), provider) ||
		    !str_eq(tsv_cell(t, i, CAUSE), cause->id))
			continue;
		row = know_policy_at(k, i);
		if (!on_path(k, row, path) || !explains(row, reply_row, now))
			continue;
		for (size_t j = 0; j < MOST_SENTENCES && row; j++) {
			if (!near[j] || row->by > near[j]->by) {
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
