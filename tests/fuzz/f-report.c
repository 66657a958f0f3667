/*
 * f-report - any bytes inside of what is printed: a result with hostile facts, replies, summaries, names and
 * transcripts; an explanation; a log's summary; a program's settings. Every printer writes text that is safe on
 * a terminal, JSON that is JSON, CSV without formulas, and one line for each of GitHub's messages. The first
 * byte says which.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "logs/lines.h"
#include "base/limits.h"
#include "base/transcript.h"
#include "config/settings.h"
#include "judge/facts.h"
#include "sending/lint.h"
#include "judge/judge.h"
#include "report/report.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/report-cases.h"

const unsigned fuzz_places = 60;

static const struct report_style styles[] = {
	{ .unicode = true, .verbose = true, .columns = 80 }, { .columns = 40 }, { .unicode = true, .quiet = true, .columns = 80 },
};
static const struct report_style *style;

/* --- a result --- */

static int result_text(FILE *to, void *arg) { return report_text(to, arg, style); }
static int result_json(FILE *to, void *arg) { return report_json(to, arg, true); }
static int send_text(FILE *to, void *arg) { return report_send_text(to, arg, style); }
static int send_json(FILE *to, void *arg) { return report_send_json(to, arg); }

/* The next piece as a string: everything that stands in a result is one. */
static const char *word(struct arena *a, struct food *f)
{
	struct span piece = { "", 0 };

	food_piece(f, &piece);
	return str_without_nul(a, piece.p, piece.len);
}

static const struct reply *reply(struct arena *a, struct food *f)
{
	struct span piece, lines[8];
	struct food inside;
	size_t n = 0;

	if (!food_piece(f, &piece))
		return NULL;
	inside.rest = piece;
	while (n < ARRAY_LEN(lines) && food_line(&inside, &lines[n]))
		n++;
	return n ? reply_of_lines(a, STAGE_AUTH, lines, n) : NULL;
}

static void dress(struct result *r, struct food *f)
{
	struct ask *ask = (struct ask *)(uintptr_t)r->ask;
	struct arena *a = r->arena;

	for (size_t i = 0; i < r->n_outcomes; i++) {
		r->outcomes[i].summary = word(a, f);
		r->outcomes[i].reply = reply(a, f);
		if (r->outcomes[i].status == STATUS_SKIP)
			r->outcomes[i].skipped_because = word(a, f);
	}
	for (size_t i = 0; i < r->n_diagnosis; i++) {
		struct diagnosed *d = &r->diagnosis[i];

		d->title = word(a, f);
		d->meaning = word(a, f);
		d->verify = word(a, f);
		d->decide = word(a, f);
		strv_add(&d->because, a, word(a, f));
		for (size_t k = 0; k < d->fix.n; k++)
			d->fix.steps[k].command = word(a, f);
	}
	ask->user = word(a, f);
	ask->from = word(a, f);
	r->host = word(a, f);
	facts_set(r->facts, "tenant.brand", word(a, f));
	facts_set(r->facts, "tenant.realm", word(a, f));
	strv_add(&r->untested, a, word(a, f));
	for (size_t i = 0; i < r->n_transcripts; i++)
		for (struct span s; food_piece(f, &s);)
			transcript_add((struct transcript *)(uintptr_t)r->transcripts[i], TRANSCRIPT_SERVER, s.p, s.len);
}

static void result(struct arena *a, struct food *f)
{
	static struct result *(*const cases[])(struct arena *) = { case_refused, case_mixed, case_apart, case_hostile, case_good };
	struct result *r = cases[food_choice(f, ARRAY_LEN(cases))](a);

	dress(r, f);
	frame_shown(frame_printed(a, result_text, r));
	frame_json(frame_printed(a, result_json, r), false);
	frame_shown(frame_printed(a, send_text, r));
	frame_json(frame_printed(a, send_json, r), true);
}

/* --- an explanation --- */

static int explanation_text(FILE *to, void *arg) { return report_explanation_text(to, arg, style); }
static int explanation_json(FILE *to, void *arg) { return report_explanation_json(to, arg); }

static void explanation(struct arena *a, struct food *f)
{
	struct explanation *e = explain_text(a, frame_know(), f->rest.p, f->rest.len);

	frame_shown(frame_printed(a, explanation_text, e));
	frame_json(frame_printed(a, explanation_json, e), true);
}

/* --- a log --- */

struct summary {
	struct tally_sum	sum;
	struct log_read		log;
};

static int summary_text(FILE *to, void *arg) { return report_summary_text(to, &((struct summary *)arg)->sum, &((struct summary *)arg)->log, style); }
static int summary_json(FILE *to, void *arg) { return report_summary_json(to, &((struct summary *)arg)->sum, &((struct summary *)arg)->log); }
static int summary_csv(FILE *to, void *arg) { return report_summary_csv(to, &((struct summary *)arg)->sum); }

/* RFC 4180: records of the same number of cells, of which none begins as a formula does. */
static void holds_csv(const char *p)
{
	size_t cells = 0, want = 0;

	for (bool quoted = false, first = true; *p; p++) {
		if (!quoted && first)
			assert(!strchr("=+-@\t\r", *p) || (*p == '\r' && p[1] == '\n'));
		else if (quoted && first)
			assert(!strchr("=+-@\t\r", *p));
		first = false;
		if (*p == '"') {
			first = !quoted && p[1] != '"';
			quoted = !quoted;
		} else if (!quoted && (*p == ',' || *p == '\n')) {
			cells++;
			first = true;
			if (*p == '\n') {
				want = want ? want : cells;
				assert(cells == want);
				cells = 0;
			}
		}
	}
	assert(cells == 0);
}

static void take(void *arg, struct span line, bool cut)
{
	tally_line(arg, line, cut);
}

static void summary(struct arena *a, struct food *f)
{
	static struct tally *t;
	const char *name = "mail.log";
	struct summary s = { .log = { .names = &name, .n = 1, .trouble = "" } };
	struct lines l;

	/* A new one for each input would take longer than the log. Its names are bounded. */
	if (!t)
		t = tally_new(frame_know());
	tally_file(t, "mail.log");
	lines_init(&l, LIMIT_LOG_LINE, take, t);
	lines_feed(&l, f->rest.p, f->rest.len);
	lines_end(&l);
	lines_release(&l);
	tally_end(t);
	s.sum = tally_sum(t, a);
	frame_shown(frame_printed(a, summary_text, &s));
	frame_json(frame_printed(a, summary_json, &s), true);
	holds_csv(frame_printed(a, summary_csv, &s));
	if (s.sum.n_cells > 300) {
		tally_free(t);
		t = NULL;
	}
}

/* --- a program's settings --- */

static int lint_text(FILE *to, void *arg) { return report_lint_text(to, arg, style); }
static int lint_json(FILE *to, void *arg) { return report_lint_json(to, arg, true); }
static int lint_github(FILE *to, void *arg) { return report_lint_github(to, arg); }

/* Each line is a command of the workflow, and nothing of the file can begin another. */
static void holds_github(const char *text)
{
	struct food f = { span_of(text) };
	struct span line;

	while (food_line(&f, &line))
		assert(span_has_prefix_nocase(line, "::error ") || span_has_prefix_nocase(line, "::warning ") ||
		       span_has_prefix_nocase(line, "::notice "));
}

static void settings(struct arena *a, struct food *f)
{
	static const char *const names[] = { "main.cf", ".env", "application.yml", "msmtprc", "settings.py", "web.config", "config.json" };
	const char *name = names[food_choice(f, ARRAY_LEN(names))], *error = NULL;
	struct mail_settings *list = settings_read(a, name, NULL, f->rest.p, f->rest.len, &error);

	if (!list) {
		frame_shown(error);
		return;
	}
	for (const struct mail_settings *s = list; s; s = s->next) {
		struct lint *l = lint_judge(a, frame_know(), s, NULL);

		frame_shown(frame_printed(a, lint_text, l));
		frame_json(frame_printed(a, lint_json, l), false);
		holds_github(frame_printed(a, lint_github, l));
	}
	settings_free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(struct arena *a, struct food *f) = { result, explanation, summary, settings };
	struct food f = food_of(data, size);
	struct arena *a = arena_new();
	unsigned kind = food_choice(&f, ARRAY_LEN(kinds));

	style = &styles[food_choice(&f, ARRAY_LEN(styles))];
	kinds[kind](a, &f);
	arena_free(a);
	return 0;
}
