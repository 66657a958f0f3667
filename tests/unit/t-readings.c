/*
 * readings.tsv: each example is decided by its reading; no reading's example leads to another
 * cause; none takes a reply from a row that knows its words; and what replies in eleven languages
 * mean (tests/data/reading-cases.tsv).
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "know/tables.h"
#include "paste/explain.h"

static struct know *know;

static const struct reply *reply_of(struct arena *a, const char *line, enum stage s)
{
	struct span span = span_of(line);
	struct reply *r = reply_of_lines(a, s, &span, 1);

	if (r)
		return r;
	r = arena_alloc(a, sizeof(*r));
	*r = (struct reply) { .stage = s, .enhanced = "", .lines = 1,
			      .text = arena_alloc(a, 2 * sizeof(char *)) };
	r->text[0] = line;
	return r;
}

/* At the stages of the reading, and at none that is known where a bounce may say it. */
static void example(const struct reading_row *row, size_t at)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *place = arena_printf(a, "%s:%d", row->row.words.file, row->row.words.line);

	for (enum stage s = STAGE_UNKNOWN + 1; s < STAGE_COUNT; s++) {
		const struct reply *r = reply_of(a, row->row.example, s);
		struct error_match m;

		if (!error_row_has_stage(&row->row, s))
			continue;
		if (!know_read(know, a, r, &m) || m.row->words.cause != row->row.words.cause)
			is_str(know_read(know, a, r, &m) ? m.row->words.id : "(nothing)",
			       row->row.words.id,
			       arena_printf(a, "%s: read at stage %s", place, stage_name(s)));
		if (!know_meaning(know, a, NULL, r, &m) ||
		    m.row->words.cause != row->row.words.cause)
			is_str(m.row ? m.row->words.id : "(nothing)", row->row.words.id,
			       arena_printf(a, "%s: decided at stage %s", place, stage_name(s)));
	}
	ok(at < 1000, arena_printf(a, "%s: %s", place, row->row.words.id));
}

/* Its own example is decided by each reading itself, at one stage at least: none lies in the shadow
 * of one before it. */
static void reached(const struct reading_row *row)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	bool own = false;

	for (enum stage s = STAGE_UNKNOWN; s < STAGE_COUNT; s++) {
		struct error_match m;

		own |= know_read(know, a, reply_of(a, row->row.example, s), &m) &&
		       m.row == &row->row;
	}
	ok(own, arena_printf(a, "%s:%d: %s is reached by its example", row->row.words.file,
			     row->row.words.line, row->row.words.id));
}

/* A row that knows the words of a reply keeps it. */
static void rows_stay(void)
{
	const struct error_row *row;
	size_t lost = 0, kept = 0;

	for (size_t i = 0; (row = know_error_at(know, i)); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		bool own = !str_eq(row->words.provider, "*");
		const char *provider = own ? row->words.provider : NULL;
		const struct reply *r = reply_of(a, row->example, STAGE_UNKNOWN);
		struct error_match by_row, m;

		if (!know_match(know, a, provider, r, &by_row) ||
		    (!*by_row.fragment && str_eq(by_row.row->words.provider, "*")))
			continue;
		kept++;
		if (!know_meaning(know, a, provider, r, &m) || m.row != by_row.row || m.read) {
			lost++;
			is_str(m.row->words.id, by_row.row->words.id, row->example);
		}
	}
	ok(kept > 300 && !lost, "no reading takes a reply from a row that knows its words");
}

/* Where nobody's row knows but the code, and the example of the code says no more. */
static void codes_stay(void)
{
	const struct error_row *row;
	size_t n = 0;

	for (size_t i = 0; (row = know_error_at(know, i)); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		struct error_match m;

		if (!str_eq(row->pattern, "*") || !str_eq(row->words.provider, "*"))
			continue;
		n++;
		if (know_meaning(know, a, NULL, reply_of(a, row->example, STAGE_UNKNOWN), &m) &&
		    m.read && m.row->words.cause != row->words.cause)
			is_str(m.row->words.id, row->words.id, row->example);
	}
	ok(n > 50, "what the example of a code says agrees with the code");
}

/* --- replies in eleven languages --- */

enum { ID, LANGUAGE, TEXT, CAUSE };
static const char *const columns[] = { "id", "language", "text", "cause", NULL };

static bool read_table(const char *path, struct buf *b)
{
	char chunk[2048];
	FILE *f = fopen(path, "rb");
	size_t n;

	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(b, chunk, n);
	if (f)
		fclose(f);
	return f && !b->overflow;
}

static void one_case(const struct tsv *t, size_t i)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *text = tsv_cell(t, i, TEXT);
	const struct explanation *e = explain_text(a, know, text, strlen(text));
	const struct diagnosed *d = e->n_diagnosis ? &e->diagnosis[0] : NULL;
	struct strv causes = { 0 };

	strv_split(&causes, a, tsv_cell(t, i, CAUSE), '|');
	if (!ok(d && strv_has(&causes, d->cause->id) && d->certainty < CERTAIN,
		arena_printf(a, "%s: %s", tsv_cell(t, i, ID), text)))
		printf("#   got   %s %s, %s\n#   want  %s\n", d ? d->cause->id : "nothing",
		       d ? certainty_name(d->certainty) : "", d ? d->matched_by : "",
		       tsv_cell(t, i, CAUSE));
}

static void cases(struct arena *a)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 20);
	const char *top = getenv("top_srcdir"), *error = NULL;
	const char *path = arena_printf(a, "%s/tests/data/reading-cases.tsv", top ? top : ".");
	const struct tsv *t;

	if (!ok(read_table(path, &b), path))
		return;
	t = tsv_parse(a, path, buf_str(&b), b.len, columns, &error);
	if (!ok(t != NULL, error ? error : "the table of cases can be read"))
		return;
	for (size_t i = 0; i < t->n; i++)
		one_case(t, i);
	ok(t->n >= 150, "there are at least 150 cases");
}

/* --- words and codes --- */

static void agreeing(struct arena *a)
{
	struct error_match m;

	ok(know_meaning(know, a, NULL, reply_of(a, "535 5.7.8 Falsches Passwort", STAGE_AUTH),
			&m) && str_eq(m.row->words.id, "generic-535-578") && !m.read,
	   "where words and code agree, the code's row stays");
	ok(know_meaning(know, a, NULL, reply_of(a, "552 5.2.0 Bare CR found", STAGE_DATA), &m) &&
	   m.read && str_eq(m.row->words.cause->id, "bare-lf-rejected"),
	   "where they don't, the words count");
	ok(!know_read(know, a, reply_of(a, "Greylisting", STAGE_UNKNOWN), &m),
	   "without a code most readings do not hold");
	ok(know_read(know, a, reply_of(a, "mailbox full", STAGE_UNKNOWN), &m) &&
	   m.certainty == POSSIBLE, "and what holds is possible at most");
	ok(!know_read(know, a, reply_of(a, "relation users does not exist", STAGE_UNKNOWN), &m),
	   "what is not about mail is not read");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	const struct reading_row *row;

	know = know_new(a, NULL, &error);
	for (size_t i = 0; (row = know_reading_at(know, i)); i++) {
		example(row, i);
		reached(row);
	}
	rows_stay();
	codes_stay();
	agreeing(a);
	cases(a);
	return tap_done();
}
