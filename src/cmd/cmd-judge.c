/*
 * cmd-judge - evidence that was saved, judged by the rules of today. It asks nobody.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/str.h"
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
	.about = "Judges evidence that check, explain or lint saved (--format evidence) by the "
		 "rules of this program, without network. Several objects in one file are judged "
		 "one after the other. Exit status: 0 a cause was found in each, 1 in some none "
		 "was, 2 wrong usage or no evidence.",
	.table = table,
	.nouns = 1u << REPORT_EXPLANATION,
};

struct judging {
	struct arena			*arena;
	const struct know		*know;
	const char			*name;		/* of the file, for messages */
	struct report			 report;
	size_t				 n;
	bool				 all_known;
};

static int read_file(struct judging *g, const char *path, struct buf *b)
{
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p;
	ssize_t n;

	while ((n = input_read(in, &p)) > 0) {
		if (!buf_add(b, p, (size_t)n))
			return opt_wrong("judge", "%s is longer than 16 MiB", g->name);
	}
	return n < 0 ? opt_wrong("judge", "%s %s", g->name, input_trouble(in)) : OPT_GO;
}

static int judge_one(struct judging *g, const json_t *j)
{
	const char *error;
	struct evidence *evidence = evidence_of_json(g->arena, g->know, j, &error);
	struct explanation *e;

	g->n++;
	if (!evidence)
		return opt_wrong("judge", "%s: object %zu: %s", g->name, g->n, error);
	e = explain_evidence(evidence);
	g->all_known &= e->n_diagnosis > 0;
	report_put(&g->report, REPORT_EXPLANATION, e);
	return OPT_GO;
}

/* One object after the other, with nothing but blanks between them. */
static int judge_all(struct judging *g, struct span text)
{
	int status = OPT_GO;

	while (status == OPT_GO && text.len) {
		json_error_t error;
		json_t *j;

		if (json_too_deep(text.p, text.len, LIMIT_DEPTH))
			return opt_wrong("judge", "%s: object %zu: brackets are nested too deep",
					 g->name, g->n + 1);
		j = json_loadb(text.p, text.len, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES,
			       &error);
		if (!j)
			return opt_wrong("judge", "%s: object %zu, line %d: it is not JSON: %s",
					 g->name, g->n + 1, error.line,
					 str_escaped(g->arena, error.text, strlen(error.text)));
		text = span_trim((struct span) {
			text.p + error.position, text.len - (size_t)error.position
		});
		g->report.several |= text.len > 0;
		status = judge_one(g, j);
		json_decref(j);
	}
	return status;
}

int cmd_judge(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf text = BUF_INIT(LIMIT_PASTE);
	struct judge_options options = { .output = { .format = "text", .color = "auto" } };
	struct judging g = { .arena = a, .all_known = true };
	struct strv operands = { NULL, 0, 0 };
	int status = opt_parse(&judge_command, a, argc, argv, &options, &operands);

	if (status != OPT_GO)
		return status;
	if (operands.n != 1)
		return opt_wrong("judge", "give one file of evidence, or - for standard input");
	g.name = str_eq(operands.v[0], "-") ? "standard input" :
		 arena_printf(a, "'%s'", operands.v[0]);
	status = read_file(&g, operands.v[0], &text);
	g.know = status == OPT_GO ? tables_load(a, options.codes, "judge") : NULL;
	if (!g.know || !output_open(&options.output, "judge", &g.report))
		return EXIT_USAGE;
	status = judge_all(&g, span_trim((struct span) { buf_str(&text), text.len }));
	if (status == OPT_GO && !g.n)
		status = opt_wrong("judge", "%s is empty", g.name);
	if (!output_close(&g.report, &options.output, "judge"))
		return EXIT_UNTESTED;
	if (status != OPT_GO)
		return status;
	return g.all_known ? EXIT_GOOD : EXIT_PROBLEM;
}
