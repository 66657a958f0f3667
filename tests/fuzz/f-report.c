/*
 * f-report - any bytes inside of what is printed: a result with hostile facts, replies, summaries,
 * names and transcripts; an explanation; a log's summary; a program's settings. Every printer
 * writes text that is safe on a terminal, JSON that is JSON, CSV without formulas, and one line for
 * each of GitHub's messages. The first byte says which.
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
	{ .unicode = true, .verbose = true, .columns = 80 }, { .columns = 40 },
	{ .unicode = true, .quiet = true, .columns = 80 },
};
static const struct report_style *style;

/* --- a result --- */

static const char *const xml_elements[] = {
	"?xml ", "testsuite", "propert", "testcase ", "testcase>", "failure", "error", "skipped",
	"system-out>",
};

/* What is printed: format, noun, item. */
struct printed { const char *format; enum report_noun noun; const void *of; };

static int print(FILE *to, void *arg)
{
	const struct printed *p = arg;

	return report_alone(to, p->format, style, p->noun, p->of);
}

static const char *printed(struct arena *a, const char *format, enum report_noun noun,
			   const void *of)
{
	return frame_printed(a, print, &(struct printed) { format, noun, of });
}

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
			transcript_add((struct transcript *)(uintptr_t)r->transcripts[i],
				       TRANSCRIPT_SERVER, s.p, s.len);
}

/*
 * XML 1.0 section 2.2: no character that it forbids (what is valid UTF-8 otherwise has none
 * but these); and nothing of what was said begins or ends an element: as many lines begin
 * one as there are "<".
 */
static void holds_xml(const char *text)
{
	size_t markup = 0, elements = 0;

	frame_shown(text);
	assert(str_has_prefix(text, "<?xml ") && str_has_suffix_nocase(text, "</testsuites>\n"));
	for (const char *p = text; *p; p++) {
		markup += *p == '<';
		for (size_t i = 0; *p == '<' && i < ARRAY_LEN(xml_elements); i++)
			elements += str_has_prefix(p + 1 + (p[1] == '/'), xml_elements[i]);
		assert(*p != '&' || strchr("algq", p[1]));
		assert(!str_has_prefix(p, "\xef\xbf\xbe") && !str_has_prefix(p, "\xef\xbf\xbf"));
	}
	assert(markup == elements);
}

static void result(struct arena *a, struct food *f)
{
	static struct result *(*const cases[])(struct arena *) = {
		case_refused, case_mixed, case_apart, case_hostile, case_good
	};
	struct result *r = cases[food_choice(f, ARRAY_LEN(cases))](a);

	dress(r, f);
	frame_shown(printed(a, "text", REPORT_CHECK, r));
	frame_json(printed(a, "ndjson", REPORT_CHECK, r), false);
	holds_xml(printed(a, "junit", REPORT_CHECK, r));
	frame_shown(printed(a, "text", REPORT_SEND, &(struct sent) { .result = r }));
	frame_json(printed(a, "json", REPORT_SEND, &(struct sent) { .result = r }), true);
}

/* --- an explanation --- */

static void explanation(struct arena *a, struct food *f)
{
	struct explanation *e = explain_text(a, frame_know(), f->rest.p, f->rest.len);

	frame_shown(printed(a, "text", REPORT_EXPLANATION, e));
	frame_json(printed(a, "json", REPORT_EXPLANATION, e), true);
}

/* --- a log --- */

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
	struct tally_sum sum;
	struct log_read log = { .sum = &sum, .names = &name, .n = 1, .trouble = "" };
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
	sum = tally_sum(t, a);
	frame_shown(printed(a, "text", REPORT_SUMMARY, &log));
	frame_json(printed(a, "json", REPORT_SUMMARY, &log), true);
	holds_csv(printed(a, "csv", REPORT_SUMMARY, &log));
	if (sum.n_cells > 300) {
		tally_free(t);
		t = NULL;
	}
}

/* --- a program's settings --- */

/* Each line is a command of the workflow, and nothing of the file can begin another. */
static void holds_github(const char *text)
{
	struct food f = { span_of(text) };
	struct span line;

	while (food_line(&f, &line))
		assert(span_has_prefix_nocase(line, "::error ") ||
		       span_has_prefix_nocase(line, "::warning ") ||
		       span_has_prefix_nocase(line, "::notice "));
}

static void settings(struct arena *a, struct food *f)
{
	static const char *const names[] = { "main.cf", ".env", "application.yml", "msmtprc",
					     "settings.py", "web.config", "config.json" };
	const char *name = names[food_choice(f, ARRAY_LEN(names))], *error = NULL;
	struct mail_settings *list = settings_read(a, name, NULL, f->rest.p, f->rest.len, &error);

	if (!list) {
		frame_shown(error);
		return;
	}
	for (const struct mail_settings *s = list; s; s = s->next) {
		struct lint *l = lint_judge(a, frame_know(), s, NULL);

		frame_shown(printed(a, "text", REPORT_LINT, l));
		frame_json(printed(a, "ndjson", REPORT_LINT, l), false);
		holds_github(printed(a, "github", REPORT_LINT, l));
		holds_xml(printed(a, "junit", REPORT_LINT, l));
	}
	settings_free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(struct arena *a, struct food *f) = { result, explanation,
									  summary, settings };
	struct food f = food_of(data, size);
	struct arena *a = arena_new();
	unsigned kind = food_choice(&f, ARRAY_LEN(kinds));

	style = &styles[food_choice(&f, ARRAY_LEN(styles))];
	kinds[kind](a, &f);
	arena_free(a);
	return 0;
}
