/*
 * cmd-judge - evidence that was saved, judged by the rules of today. It asks nobody.
 */
#include <string.h>

#include "audit/journal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/audit.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "judge/saved.h"
#include "paste/explain.h"

enum { LIMIT_DEPTH = 16 };

struct judge_options {
	struct output_options	 output;
	const char		*codes;
};

static const struct opt table[] = {
	OUTPUT_OPTIONS(struct judge_options),
	{ OPT_FLAG, 'v', "verbose", NULL, offsetof(struct judge_options, output.verbose),
	  "show every reply", NULL },
	OPT(TEXT, "codes", "FILE", offsetof(struct judge_options, codes),
	    "more rows of a table, before the built-in ones"),
	OPT_END
};

static const struct opt_command judge_command = {
	.name = "judge",
	.operands = "FILE|-",
	.about = "Judges evidence that check, audit, explain or lint saved (--format evidence) by "
		 "the rules of this program, without network; or the journal of an audit. Several "
		 "objects are judged one after the other, and those of checks are summed up on "
		 "standard error. Exit status: 0 a cause was found in each, 1 in some none "
		 "was, 2 wrong usage or no evidence.",
	.table = table,
	.nouns = 1u << REPORT_EXPLANATION,
};

struct judging {
	struct arena			*arena;
	const struct know		*know;
	const char			*name;		/* of the file, for messages */
	struct input			*in;
	struct buf			 text;		/* read, and not judged yet */
	struct report			 report;
	struct audit_run		 audit;		/* what is counted for the summary */
	size_t				 n;
	bool				 of_checks, all_known;
};

/* --- what was found --- */

/* Stricter than the run was, which also knew whose answer nobody misses. */
static enum status status_of(const struct evidence *e)
{
	bool of[STATUS_UNKNOWN + 1] = { false };

	for (size_t i = 0; i < e->n_verdicts; i++)
		of[e->verdicts[i].status] = true;
	if (of[STATUS_FAIL])
		return STATUS_FAIL;
	if (of[STATUS_UNKNOWN] || (!of[STATUS_PASS] && !of[STATUS_WARN]))
		return STATUS_UNKNOWN;
	return of[STATUS_WARN] ? STATUS_WARN : STATUS_PASS;
}

static const char *target_of(const struct evidence *e)
{
	static const char *const names[] = { "ask.mailbox", "ask.domain", "ask.host" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (*facts_string(e->asked, names[i]))
			return facts_string(e->asked, names[i]);
	return "(no target)";
}

/* The record of a journal tells more; NULL = there is none. */
static const char *judge_one(struct judging *g, const json_t *j, const struct journal_record *r)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error, *target;
	struct evidence *evidence = evidence_of_json(a, g->know, j, &error);
	enum status status;
	struct explanation *e;

	g->n++;
	if (!evidence)
		return arena_strdup(g->arena, error);
	e = explain_evidence(evidence);
	g->all_known &= e->n_diagnosis > 0;
	report_put(&g->report, REPORT_EXPLANATION, e);
	g->of_checks |= r || evidence->n_verdicts > 0;
	target = r ? r->target : target_of(evidence);
	status = r ? status_named(r->status) : status_of(evidence);
	audit_count(&g->audit, a, r ? r->client : target, target, status,
		    e->n_diagnosis && status != STATUS_PASS ? e->diagnosis : NULL);
	return NULL;
}

/* --- objects one after the other, with nothing but blanks between them --- */

static bool read_more(struct judging *g)
{
	const char *p;
	ssize_t n = input_read(g->in, &p);

	return n > 0 && buf_add(&g->text, p, (size_t)n);
}

/* Passes blanks over; true when something follows. */
static bool find_next(struct judging *g)
{
	do {
		size_t blanks = 0;

		while (blanks < g->text.len && ascii_is_space(buf_str(&g->text)[blanks]))
			blanks++;
		buf_consume(&g->text, blanks);
	} while (!g->text.len && read_more(g));
	return g->text.len > 0;
}

/* Reads up to the bracket that closes the object, or the end. What is none, JSON's reader tells. */
static size_t object_end(struct judging *g)
{
	bool quoted = false, escaped = false;
	size_t depth = 0;

	for (size_t i = 0;; i++) {
		char c;

		if (i == g->text.len && !read_more(g))
			return i;
		c = buf_str(&g->text)[i];
		if (escaped || (quoted && c == '\\'))
			escaped = !escaped;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']'))
			depth -= depth > 0;
		if (!quoted && !depth && (c == '}' || c == ']' || c == '\n'))
			return i + 1;
	}
}

static int judge_object(struct judging *g)
{
	size_t n = object_end(g);
	_cleanup_(json_decrefp) json_t *j = NULL;
	json_error_t error;
	const char *trouble;

	if (g->text.overflow)
		return opt_wrong("judge", "%s: object %zu is longer than 16 MiB", g->name,
				 g->n + 1);
	if (json_too_deep(buf_str(&g->text), n, LIMIT_DEPTH))
		return opt_wrong("judge", "%s: object %zu: brackets are nested too deep", g->name,
				 g->n + 1);
	j = json_loadb(buf_str(&g->text), n, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES,
		       &error);
	if (!j)
		return opt_wrong("judge", "%s: object %zu, line %d: it is not JSON: %s", g->name,
				 g->n + 1, error.line,
				 str_escaped(g->arena, error.text, strlen(error.text)));
	buf_consume(&g->text, (size_t)error.position);
	g->report.several |= find_next(g);
	trouble = judge_one(g, j, NULL);
	return trouble ? opt_wrong("judge", "%s: object %zu: %s", g->name, g->n, trouble) : OPT_GO;
}

static int judge_all(struct judging *g)
{
	int status = OPT_GO;

	while (status == OPT_GO && find_next(g))
		status = judge_object(g);
	if (*input_trouble(g->in))
		return opt_wrong("judge", "%s %s", g->name, input_trouble(g->in));
	if (status == OPT_GO && !g->n)
		return opt_wrong("judge", "%s is empty", g->name);
	return status;
}

/* --- a journal --- */

static const char *judge_record(void *arg, const struct journal_record *r)
{
	struct judging *g = arg;
	_cleanup_(json_decrefp) json_t *j = NULL;
	const char *trouble = "it is not JSON";

	if (g->report.error)
		return "";
	if (!json_too_deep(r->evidence, strlen(r->evidence), LIMIT_DEPTH))
		j = json_loads(r->evidence, JSON_REJECT_DUPLICATES, NULL);
	if (j)
		trouble = judge_one(g, j, r);
	return trouble ? arena_printf(g->arena, "is damaged: line %u: %s", r->line, trouble) :
	       NULL;
}

static int judge_journal(struct judging *g, const char *path)
{
	const char *error = NULL;
	_cleanup_(journal_closep) struct journal *j = journal_open(g->arena, path, &error);
	char sum[DIGEST_HEX];
	size_t n = 0;

	if (j)
		error = journal_count(j, &n, sum);
	g->report.several = n > 1;
	if (!error)
		error = journal_each(j, judge_record, g);
	if (error && *error)
		return opt_wrong("judge", "%s %s", g->name, error);
	if (!n)
		return opt_wrong("judge", "%s has no record", g->name);
	g->audit.n_targets = journal_run(j)->targets;
	return OPT_GO;
}

static int judge_input(struct judging *g, const char *path)
{
	if (!str_eq(path, "-") && journal_looks_like(buf_str(&g->text), g->text.len))
		return judge_journal(g, path);
	return judge_all(g);
}

static void put_summary(struct judging *g)
{
	if (!g->of_checks || !g->report.several)
		return;
	if (g->audit.n_targets < g->n)
		g->audit.n_targets = g->n;
	audit_summary(&g->audit, stderr, g->n < g->audit.n_targets);
}

static int judge_file(struct judging *g, const struct judge_options *o, const char *path)
{
	int status;

	g->in = input_open(path);
	read_more(g);
	if (*input_trouble(g->in))
		return opt_wrong("judge", "%s %s", g->name, input_trouble(g->in));
	if (!output_open(&o->output, "judge", &g->report))
		return EXIT_USAGE;
	status = judge_input(g, path);
	if (!output_close(&g->report, &o->output, "judge"))
		return EXIT_UNTESTED;
	if (status != OPT_GO)
		return status;
	put_summary(g);
	return g->all_known ? EXIT_GOOD : EXIT_PROBLEM;
}

int cmd_judge(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct judge_options options = { .output = { .format = "text", .color = "auto" } };
	struct judging g = {
		.arena = a, .all_known = true, .text = BUF_INIT(LIMIT_PASTE),
		.audit = { .arena = a },
	};
	struct strv operands = { NULL, 0, 0 };
	int status = opt_parse(&judge_command, a, argc, argv, &options, &operands);

	if (status != OPT_GO)
		return status;
	if (operands.n != 1)
		return opt_wrong("judge", "give one file of evidence, or - for standard input");
	g.name = str_eq(operands.v[0], "-") ? "standard input" :
		 arena_printf(a, "'%s'", operands.v[0]);
	audit_tally_init(&g.audit.tally, a);
	g.know = tables_load(a, options.codes, "judge");
	status = g.know ? judge_file(&g, &options, operands.v[0]) : EXIT_USAGE;
	input_free(g.in);
	buf_release(&g.text);
	return status;
}
