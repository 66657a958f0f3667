/*
 * cmd-diff - what changed between two runs that were saved. It asks nobody.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/drift-files.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "drift/drift.h"

struct diff_options {
	struct output_options	 output;
	bool			 strict;
	const char		*codes;
};

#define AT(member) offsetof(struct diff_options, member)

static const struct opt table[] = {
	OUTPUT_OPTIONS(struct diff_options),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what got worse, and warnings",
	  NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose),
	  "every change in full, and what was not tested this time", NULL },
	OPT_SWITCH("strict", AT(strict), "a warning counts as a regression"),
	OPT(TEXT, "codes", "FILE", AT(codes), "more rows of a table, before the built-in ones"),
	OPT_END
};

static const struct opt_command diff_command = {
	.name = "diff",
	.operands = "OLD NEW",
	.about = "Compares two files that check or audit wrote (--format json, ndjson or "
		 "evidence), target by target, without network: what got worse comes first, with "
		 "who has to act and what to do. One of them may be - for standard input. Exit "
		 "status: 0 nothing got worse, 1 something did, 2 wrong usage or a bad file, 3 a "
		 "target, or a check of one, has no verdict in NEW.",
	.table = table,
	.nouns = 1u << REPORT_DIFF,
};

static int compare(struct diff_options *o, struct arena *a, const struct know *k,
		   struct runs *old, struct runs *now)
{
	struct drift_report drift;
	struct report report;
	const char *error;

	if (!drift_all(a, k, old, now, &drift, &error))
		return opt_wrong("diff", "%s", error);
	if (!output_open(&o->output, "diff", &report))
		return EXIT_USAGE;
	report.strict = o->strict;
	report_put(&report, REPORT_DIFF, &drift);
	if (!output_close(&report, &o->output, "diff"))
		return EXIT_UNTESTED;
	return drift_status(&drift, o->strict);
}

int cmd_diff(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf old_text = BUF_INIT(LIMIT_RUNS);
	_cleanup_(buf_release) struct buf new_text = BUF_INIT(LIMIT_RUNS);
	struct diff_options options = { .output = { .format = "text", .color = "auto" } };
	struct strv operands = { NULL, 0, 0 };
	int status = opt_parse(&diff_command, a, argc, argv, &options, &operands);
	const struct know *k;
	struct runs old, now;

	if (status != OPT_GO)
		return status;
	if (operands.n != 2)
		return opt_wrong("diff", "give two files, the old one first");
	if (str_eq(operands.v[0], "-") && str_eq(operands.v[1], "-"))
		return opt_wrong("diff", "only one of the two can be standard input");
	k = tables_load(a, options.codes, "diff");
	if (!k)
		return EXIT_USAGE;
	status = drift_file(a, k, "diff", operands.v[0], &old_text, &old);
	if (status == OPT_GO)
		status = drift_file(a, k, "diff", operands.v[1], &new_text, &now);
	return status == OPT_GO ? compare(&options, a, k, &old, &now) : status;
}
