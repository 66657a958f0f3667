/*
 * cmd-check - runs the checks on one target after the other, and prints what they found.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/admin-script.h"
#include "cmd/check-baseline.h"
#include "cmd/check-config.h"
#include "cmd/check-expect.h"
#include "cmd/check-options.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "cmd/from-list.h"
#include "cmd/identity.h"
#include "cmd/progress.h"
#include "cmd/tables.h"
#include "check/schedule.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "net/tls.h"

/* One run of the command. */
struct check_run {
	struct arena		*arena;
	struct check_options	 options;
	struct session		 session;
	struct strv		 targets;
	struct check_config	 config;	/* of --from-config */
	struct progress		 progress;
	struct baseline		 baseline;
	struct expecting	 expecting;
	bool			 any_cloud;	/* nobody said which Graph is meant */
	/* What is to be printed, on the hub's big stack. */
	struct result		*result;
	bool			 interrupted;
};

static void print(void *arg)
{
	struct check_run *run = arg;

	progress_erase(&run->progress);
	if (!run->interrupted)
		expecting_apply(&run->expecting, run->result);
	if (run->options.baseline)
		baseline_take(&run->baseline, run->result);
	else
		report_put(&run->session.report, REPORT_CHECK, run->result);
}

static void print_drift(void *arg)
{
	struct check_run *run = arg;

	progress_erase(&run->progress);
	baseline_compare(&run->baseline);
	report_put(&run->session.report, REPORT_DIFF, &run->baseline.drift);
}

static int status_of(const struct result *r, bool strict)
{
	switch (r->status) {
	case STATUS_PASS:
		return EXIT_GOOD;
	case STATUS_WARN:
		return strict ? EXIT_PROBLEM : EXIT_GOOD;
	case STATUS_FAIL:
		return EXIT_PROBLEM;
	case STATUS_SKIP:
	case STATUS_UNKNOWN:
		break;
	}
	return EXIT_UNTESTED;
}

static const char *shown(struct check_run *run, const char *theirs)
{
	return str_escaped(run->arena, theirs, strlen(theirs));
}

/* Where a DNS answer decided the host, says beforehand where a secret will be sent. */
static void announce_host(struct check_run *run, const struct ask *ask)
{
	bool by_dns = ask->host_from == HOST_FROM_MX_PROVIDER || ask->host_from == HOST_FROM_SRV;

	if (!*ask->host || !by_dns || !ask->route || !*ask->user || (!ask->password && !ask->token))
		return;
	progress_erase(&run->progress);
	fprintf(stderr, "smtpwhy check: %s\n", shown(run, ask->route));
}

/*
 * A message that is really sent is announced: printed before connecting, so that Ctrl-C can
 * still stop it.
 */
static void announce(struct check_run *run, const struct ask *ask)
{
	const char *ends = run->session.lab ? ", in the lab, which delivers nothing" :
			   "; what is taken is delivered";

	if (!ask->data || !*ask->to || (!*ask->from && !ask->senders.n))
		return;
	progress_erase(&run->progress);
	if (*ask->from)
		fprintf(stderr,
			"smtpwhy check: --data: one message from %s to %s is sent through %s%s\n",
			shown(run, ask->from), shown(run, ask->to),
			shown(run, ask->input), ends);
	if (ask->senders.n)
		fprintf(stderr, "smtpwhy check: --data: up to %zu messages, one from each of the "
			"list, are sent to %s through %s%s\n", ask->senders.n,
			shown(run, ask->to), shown(run, ask->input), ends);
}

static int check_one(struct check_run *run, const char *target)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct ask ask;
	int status = check_options_ask(&run->options, a, target, &ask);

	if (status != OPT_GO)
		return status;
	if (run->any_cloud)
		via_token(&ask, a);
	else if (!*ask.via)
		check_route(&ask, a, !run->options.ports);
	ask.redirected = is_redirected(&ask, ask.host);
	announce_host(run, &ask);
	announce(run, &ask);
	run->result = schedule_run(a, &ask, all_checks);
	run->interrupted = fiber_cancelled();
	fiber_on_hub(print, run);
	return status_of(run->result, ask.strict);
}

/* In the first fiber. */
static int check_all(void *arg)
{
	struct check_run *run = arg;
	int status = EXIT_GOOD;

	run->options.ask.net = run->session.net;
	run->session.report.several = run->targets.n > 1;
	run->session.report.strict = run->options.ask.strict;
	for (size_t i = 0; i < run->targets.n; i++) {
		if (fiber_cancelled() || run->session.report.error)
			break;
		status = exit_worse(status, check_one(run, run->targets.v[i]));
	}
	progress_erase(&run->progress);
	if (!fiber_cancelled() && expecting_end(&run->expecting) != OPT_GO)
		status = exit_worse(status, EXIT_UNTESTED);
	if (!run->options.baseline || fiber_cancelled() || status == EXIT_USAGE)
		return status;
	fiber_on_hub(print_drift, run);
	return baseline_end(&run->baseline, run->options.ask.strict);
}

/* --direct-send-test names the target itself. */
static int own_target(struct check_run *run)
{
	const char *domain = run->options.direct_send;

	if (!domain || (run->targets.n == 1 && str_eq_nocase(run->targets.v[0], domain)))
		return OPT_GO;
	if (run->targets.n)
		return opt_wrong("check", "--direct-send-test asks the MX of %s: leave '%s' out",
				 domain, run->targets.v[0]);
	strv_add(&run->targets, run->arena, domain);
	return OPT_GO;
}

static void take_secret(struct secret **at, const char *text)
{
	if (!*at)
		*at = secret_new(text, strlen(text));
}

/* The scenario is outranked by the command line and by --from-config. */
static int take_lab(void *arg, const struct lab *lab)
{
	struct check_run *run = arg;
	struct check_options *o = &run->options;
	struct ask *ask = &o->ask;
	const char *source = arena_printf(run->arena, "--lab %s", o->session.lab);
	int status = opt_fill(&check_command, run->arena, lab_options(lab), source, o);

	if (status == OPT_GO)
		status = own_target(run);
	if (status != OPT_GO)
		return status;
	if (run->targets.n == 0)
		strv_add(&run->targets, run->arena, lab_target(lab));
	if (!ask->password && !ask->token) {
		take_secret(&ask->password, lab_password(lab));
		take_secret(&ask->token, lab_token(lab));
	}
	if (o->admin.graph)
		take_secret(&ask->graph_token, lab_admin_token(lab, run->arena, true));
	if (o->admin.exo)
		take_secret(&ask->exo_token, lab_admin_token(lab, run->arena, false));
	return OPT_GO;
}

static int get_credentials(struct check_run *run)
{
	struct credential_options *c = &run->options.credentials;
	struct ask *ask = &run->options.ask;
	bool graph = str_eq(ask->via, "graph");
	const char *user = graph && !*ask->user ? "who signed in" : ask->user;

	if (run->options.from_config && check_config_secret(&run->config, &run->options))
		return OPT_GO;
	/* The lab has its own, and must not eat the real ones. */
	if (run->options.session.lab && !c->password_file && !c->password_command &&
	    !c->token_file && !c->token_command && !c->token_cached)
		return OPT_GO;
	c->session = &run->options.session;
	/*
	 * Graph takes tokens only: nobody is asked for a password, and who signed in
	 * need not be named.
	 */
	return credentials_get(c, user, graph ? "xoauth2" : ask->auth, &ask->password, &ask->token);
}

static int get_admin_tokens(struct check_run *run)
{
	const struct admin_sources *from = &run->options.admin;
	struct ask *ask = &run->options.ask;

	if (run->options.session.lab && !from->graph_token_file && !from->graph_token_command &&
	    !from->exo_token_file && !from->exo_token_command)
		return OPT_GO;
	return credentials_admin(from, &ask->graph_token, &ask->exo_token);
}

/* What is read from files before anything is asked. */
static int read_files(struct check_run *run)
{
	struct check_options *o = &run->options;
	const char *trouble = NULL;

	if (o->from_list)
		trouble = from_list_read(run->arena, o->from_list, &o->ask.senders);
	if (trouble)
		return opt_wrong("check", "--from-list: '%s': %s", o->from_list, trouble);
	return o->client_cert ? identity_read(run->arena, o->client_cert, o->client_key,
					      &o->session.net.identity) : OPT_GO;
}

/* The targets, as far as the command line tells; the lab may add one. */
static int find_targets(struct check_run *run)
{
	bool lab = run->options.session.lab;
	int status;

	if (str_eq(run->options.ask.via, "graph") && !lab && run->targets.n == 0) {
		run->any_cloud = !run->options.cloud;
		strv_add(&run->targets, run->arena, "graph.microsoft.com");
	}
	status = own_target(run);
	if (status == OPT_GO && run->targets.n == 0 && !lab)
		return opt_wrong("check", "what is to be checked? Give a host (smtp.office365.com:"
				 "587), a domain (contoso.com) or an address");
	return status;
}

static int prepare(struct check_run *run, int argc, char **argv)
{
	struct check_options *o = &run->options;
	int status;

	check_options_init(o);
	status = opt_parse(&check_command, run->arena, argc, argv, o, &run->targets);
	if (status == OPT_GO && o->from_config)
		status = check_config_take(&run->config, run->arena, o, &run->targets);
	if (status == OPT_GO)
		status = check_options_test(o, run->arena);
	if (status != OPT_GO)
		return status;
	if (o->print_admin_script)
		return admin_script(o, &run->targets);
	status = find_targets(run);
	if (status == OPT_GO)
		status = read_files(run);
	if (status != OPT_GO)
		return status;
	o->ask.know = tables_load(run->arena, o->codes, "check");
	if (!o->ask.know)
		return EXIT_USAGE;
	status = baseline_read(&run->baseline, run->arena, o->ask.know, o->baseline, o->accept);
	if (status == OPT_GO)
		status = expecting_read(&run->expecting, run->arena, o->ask.know, o->expect,
					o->write_expect);
	if (status != OPT_GO)
		return status;
	/*
	 * All targets are read before the first is asked, so that a slip in the last
	 * one is known at once.
	 */
	for (size_t i = 0; i < run->targets.n; i++) {
		struct ask ask;

		status = check_options_ask(o, run->arena, run->targets.v[i], &ask);
		if (status != OPT_GO)
			return status;
	}
	status = get_admin_tokens(run);
	return status == OPT_GO ? get_credentials(run) : status;
}

static int run_checks(struct check_run *run)
{
	struct check_options *o = &run->options;

	progress_init(&run->progress, !o->no_progress && !o->output.quiet && !o->session.trace);
	o->ask.progress = progress_show;
	o->ask.progress_arg = &run->progress;
	run->session = (struct session) {
		.command = "check", .arena = run->arena, .options = &o->session,
		.output = &o->output, .take_lab = take_lab, .work = check_all, .arg = run,
	};
	return session_print(&run->session);
}

int cmd_check(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct check_run run = { .arena = a };
	struct ask *ask = &run.options.ask;
	int status = prepare(&run, argc, argv);

	if (status == OPT_GO)
		status = run_checks(&run);
	tls_identity_free(run.options.session.net.identity);
	check_config_release(&run.config);
	baseline_release(&run.baseline);
	expecting_release(&run.expecting);
	secret_free(ask->password);
	secret_free(ask->token);
	secret_free(ask->graph_token);
	secret_free(ask->exo_token);
	return status;
}
