/*
 * cmd-audit - the checks on each target of a list, several at once. Each of the fibers takes the
 * next line, asks, prints and counts; nothing of a target is kept but the counts.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/journal.h"
#include "base/arena.h"
#include "base/str.h"
#include "check/schedule.h"
#include "cmd/audit.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "cmd/tables.h"
#include "fiber/fiber.h"
#include "fiber/gate.h"
#include "know/know.h"
#include "report/text-diagnosis.h"

/* One target while it is asked. */
struct auditing {
	struct audit_run	*run;
	struct list_target	 target;
	struct check_options	 options;
	struct ask		 ask;
	const char		*to;		/* whose host it is */
	const char		*reference;	/* of its credential; "" */
	const struct result	*result;
};

static void show_progress(struct audit_run *run)
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

/* The first step as the cause has it for everybody, not filled in for this target. */
static const char *first_step(struct arena *a, const struct cause *c)
{
	const struct fix_step *s = c->fix.steps;

	if (!c->fix.n)
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
		one.step = first_step(a, d->cause);
	}
	audit_tally_add(&run->tally, &one);
	run->status = exit_worse(run->status,
				 status_of(status, run->options.check.ask.strict));
}

/* On the hub's big stack. */
static void take_result(void *arg)
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

static bool login_failed(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (r->outcomes[i].status == STATUS_FAIL && r->outcomes[i].reply &&
		    r->outcomes[i].check->stage == STAGE_AUTH)
			return true;
	return false;
}

/*
 * Reads its secret just before it is used. A login that was refused before is not tried again,
 * lest the account be locked: the target is then asked without it. False: the file cannot be read.
 */
static bool take_credential(struct auditing *g)
{
	struct credential_options c = {
		.command = "audit",
		.password_file = *g->target.password_file ? g->target.password_file : NULL,
		.token_file = *g->target.token_file ? g->target.token_file : NULL,
	};
	struct ask *ask = &g->ask;

	if (!*g->reference)
		return true;
	if (!bound_is_refused(g->run->bound, g->reference, ask->user))
		return credentials_get(&c, ask->user, "", &ask->password, &ask->token) == OPT_GO;
	progress_erase(&g->run->progress);
	opt_wrong("audit", "%s, line %u: this login was refused before, and is not tried again",
		  g->run->name, g->target.line);
	ask->user = "";
	return true;
}

static void ask_target_with_login(struct auditing *g, struct arena *a)
{
	struct ask *ask = &g->ask;

	if (!take_credential(g)) {
		g->run->status = exit_worse(g->run->status, EXIT_UNTESTED);
		return;
	}
	if (!*ask->via)
		check_route(ask, a, !g->options.ports);
	ask->redirected = is_redirected(ask, ask->host);
	g->result = schedule_run(a, ask, all_checks);
	if (*g->reference && *ask->user && login_failed(g->result))
		bound_refused(g->run->bound, g->reference, ask->user);
	secret_free(ask->password);
	secret_free(ask->token);
	/* What was interrupted is no result. */
	if (!fiber_cancelled() && !g->run->session.report.error)
		fiber_on_hub(take_result, g);
}

/* One login with a credential at a time: whether it is refused is known before the next. */
static void ask_in_turn(struct auditing *g, struct arena *a)
{
	struct audit_run *run = g->run;

	g->reference = bound_file(a, *g->target.password_file ? g->target.password_file :
				     g->target.token_file);
	if (*g->reference && gate_enter(run->credentials, g->reference) < 0)
		return;
	if (gate_enter(run->providers, g->to) == 0) {
		run->running++;
		show_progress(run);
		ask_target_with_login(g, a);
		run->running--;
		gate_leave(run->providers, g->to);
	}
	if (*g->reference)
		gate_leave(run->credentials, g->reference);
}

static void worker(void *arg)
{
	struct audit_run *run = arg;
	const char *error;
	enum list_is is;

	do {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		struct auditing g = { .run = run };

		if (fiber_cancelled() || run->session.report.error || run->journal_failed)
			return;
		is = audit_list_next(&run->list, a, &g.target, &error);
		if (is == LIST_TARGET && plan_is_open(run->plan, g.target.line) &&
		    !audit_ask(run, a, &g.target, &g.options, &g.ask, &g.to))
			ask_in_turn(&g, a);
	} while (is != LIST_END);
}

/* In the first fiber. */
static int audit_all(void *arg)
{
	struct audit_run *run = arg;
	struct scope scope;

	run->options.check.ask.net = run->session.net;
	run->session.report.several = true;
	run->session.report.strict = run->options.check.ask.strict;
	run->providers = gate_new(AUDIT_PROVIDER);
	run->credentials = gate_new(1);
	audit_put_kept(run);
	scope_begin(&scope);
	for (unsigned long i = 0; i < run->jobs && i < run->n_targets; i++)
		if (fiber_spawn(&scope, "target", worker, run) < 0)
			break;
	scope_join(&scope);
	gate_free(run->providers);
	gate_free(run->credentials);
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

int cmd_audit(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct audit_run run = {
		.arena = a, .text = BUF_INIT(AUDIT_LIST_MOST), .bound = bound_new(a),
		.status = EXIT_GOOD, .plan = plan_new(), .shard = { 1, 1 },
		.argc = argc, .argv = argv,
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
	buf_release(&run.text);
	return status;
}
