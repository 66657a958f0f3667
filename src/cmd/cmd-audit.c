/*
 * cmd-audit - the checks on each target of a list, several at once (audit-ask.c). Each is printed
 * and counted as it ends; nothing of a target is kept but the counts.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/journal.h"
#include "base/arena.h"
#include "base/str.h"
#include "cmd/audit.h"
#include "cmd/cmd.h"
#include "cmd/tables.h"
#include "know/know.h"
#include "report/text-diagnosis.h"

void audit_progress(struct audit_run *run)
{
	const struct audit_tally *t = &run->tally;
	char line[128];

	snprintf(line, sizeof(line), "%zu of %zu done, %zu running, %zu with a problem", t->n,
		 run->n_targets, run->running, t->failed);
	progress_show(&run->progress, line);
}

static int status_of(enum status s, bool strict)
{
	if (s == STATUS_FAIL || (s == STATUS_WARN && strict))
		return EXIT_PROBLEM;
	return s == STATUS_UNKNOWN ? EXIT_UNTESTED : EXIT_GOOD;
}

/* The first step as it is for this target. */
static const char *first_step(struct arena *a, const struct diagnosed *d)
{
	const struct fix_step *s = d->fix.steps;

	if (!d->fix.n)
		return "";
	return s->where && *s->where ? arena_printf(a, "%s: %s", s->where, s->act) : s->act;
}

void audit_count(struct audit_run *run, struct arena *a, const char *client, const char *target,
		 enum status status, const struct diagnosed *d)
{
	struct audited one = { .client = client, .target = target, .status = status };

	if (d) {
		one.cause = d->cause->id;
		one.title = d->cause->title;
		one.who = text_actor(a, d->who, d->role);
		one.step = first_step(a, d);
	}
	audit_tally_add(&run->tally, &one);
	run->status = exit_worse(run->status,
				 status_of(status, run->options.check.ask.strict));
}

void audit_take_result(void *arg)
{
	struct auditing *g = arg;
	struct audit_run *run = g->run;
	const struct result *r = g->result;

	if (!audit_keep(run, &g->target, r))
		return;
	progress_erase(&run->progress);
	report_put(&run->session.report, REPORT_CHECK, r);
	audit_count(run, r->arena, g->target.client, g->target.target, r->status,
		    r->n_diagnosis ? r->diagnosis : NULL);
}

/* In the first fiber. */
static int audit_all(void *arg)
{
	struct audit_run *run = arg;

	run->options.check.ask.net = run->session.net;
	run->session.report.several = true;
	run->session.report.strict = run->options.check.ask.strict;
	audit_put_kept(run);
	audit_ask_all(run);
	progress_erase(&run->progress);
	return run->n_bad ? exit_worse(run->status, EXIT_UNTESTED) : run->status;
}

static int prepare(struct audit_run *run, int argc, char **argv)
{
	struct audit_options *o = &run->options;
	struct strv operands = { NULL, 0, 0 };
	int status;

	check_options_init(&o->check);
	o->check.output.format = "evidence";
	status = opt_parse(&audit_command, run->arena, argc, argv, o, &operands);
	if (status != OPT_GO)
		return status;
	if (operands.n != 1)
		return opt_wrong("audit", "give one list of targets, or - for standard input");
	run->jobs = AUDIT_JOBS;
	if (o->jobs && (!str_number(o->jobs, AUDIT_JOBS_MOST, &run->jobs) || !run->jobs))
		return opt_wrong("audit", "--jobs: '%s' is no number from 1 to %d", o->jobs,
				 AUDIT_JOBS_MOST);
	o->pause_ms = o->pause_ms ?: AUDIT_PAUSE_MS;
	status = o->shard ? audit_shard(o->shard, &run->shard) : OPT_GO;
	if (status != OPT_GO)
		return status;
	status = session_test(&o->check.session, "audit", run->arena);
	if (status != OPT_GO)
		return status;
	o->check.ask.know = tables_load(run->arena, o->check.codes, "audit");
	if (!o->check.ask.know)
		return EXIT_USAGE;
	run->name = str_eq(operands.v[0], "-") ? "standard input" :
		    arena_printf(run->arena, "'%s'", operands.v[0]);
	return audit_read(run, operands.v[0]);
}

static int audit(struct audit_run *run)
{
	struct check_options *o = &run->options.check;
	int status;

	if (run->options.dry_run) {
		audit_dry_run(run);
		return run->n_bad ? EXIT_UNTESTED : EXIT_GOOD;
	}
	status = audit_journal_begin(run);
	if (status != OPT_GO)
		return status;
	progress_init(&run->progress, !o->no_progress && !o->session.trace);
	run->session = (struct session) {
		.command = "audit", .arena = run->arena, .options = &o->session,
		.output = &o->output, .work = audit_all, .arg = run,
	};
	status = session_print(&run->session);
	if (status != EXIT_USAGE)
		audit_summary(run, stderr, run->tally.n < run->n_targets);
	return audit_journal_end(run) ? status : EXIT_UNTESTED;
}

static int audit_list(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct audit_run run = {
		.arena = a, .bound = bound_new(a), .status = EXIT_GOOD,
		.plan = plan_new(), .shard = { 1, 1 }, .argc = argc, .argv = argv,
	};
	int status;

	/* A list names its credentials itself: one of the environment would go to all of them. */
	unsetenv("SMTPWHY_PASSWORD");
	unsetenv("SMTPWHY_TOKEN");
	audit_tally_init(&run.tally, a);
	status = prepare(&run, argc, argv);
	if (status == OPT_GO)
		status = audit(&run);
	journal_close(run.journal);
	plan_free(run.plan);
	spool_free(run.spool);
	return status;
}

/* A list of that name is "./merge". */
int cmd_audit(int argc, char **argv)
{
	if (argc > 1 && str_eq(argv[1], "merge"))
		return audit_merge(argc - 1, argv + 1);
	return audit_list(argc, argv);
}
