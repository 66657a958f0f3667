/*
 * cmd-check - runs the checks on one target after the other, and prints what they found.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/admin-script.h"
#include "cmd/check-config.h"
#include "cmd/check-options.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "cmd/from-list.h"
#include "cmd/identity.h"
#include "cmd/lab-net.h"
#include "cmd/progress.h"
#include "cmd/tables.h"
#include "check/schedule.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "net/tls.h"

/* One run of the command. */
struct run {
	struct arena		*arena;
	struct check_options	 options;
	struct strv		 targets;
	struct strv		 senders;	/* of --from-list */
	struct check_config	 config;	/* of --from-config */
	struct tls_identity	*identity;	/* of --client-cert, NULL without */
	const struct know	*know;
	struct secret		*password, *token, *graph_token, *exo_token;
	struct net		*net;
	struct lab		*lab;		/* NULL without --lab */
	struct progress		 progress;
	FILE			*to;
	bool			 any_cloud;	/* nobody said which Graph is meant */
	bool			 broken;	/* printing failed */
	int			 why_broken;	/* errno of it: much is closed before anybody asks */
	int			 argc;
	char			**argv;
};

/* One result to be printed, on the hub's big stack. */
struct print_job {
	struct run		*run;
	const struct result	*result;
	bool			 first;
};

static void print(void *arg)
{
	struct print_job *job = arg;
	struct run *run = job->run;
	const struct output_options *o = &run->options.output;
	int bad;

	progress_erase(&run->progress);
	if (str_eq(o->format, "text")) {
		struct report_style style = output_style(o, run->to);

		if (!job->first)
			fputc('\n', run->to);
		bad = report_text(run->to, job->result, &style);
	} else {
		bad = report_json(run->to, job->result, str_eq(o->format, "ndjson") || run->targets.n > 1);
	}
	/* Whole, or not at all: nothing of it may wait in the buffer while the next target is
	 * asked. */
	bad |= fflush(run->to);
	if (bad && !run->broken)
		run->why_broken = errno;
	run->broken |= bad != 0;
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

/* Of several targets: a problem that was found outweighs what could not be tested. */
static int worse(int a, int b)
{
	if (a == EXIT_PROBLEM || b == EXIT_PROBLEM)
		return EXIT_PROBLEM;
	return a > b ? a : b;
}

/* Is the host's name looked up at all? With an own address by --connect-to it's not. */
static bool is_redirected(const struct ask *ask)
{
	struct net_address to;
	unsigned port;

	for (size_t i = 0; i < ask->n_ports; i++)
		if (*ask->host && net_redirected(ask->net, ask->host, ask->ports[i].port, &to, &port))
			return true;
	return false;
}

static const char *shown(struct run *run, const char *theirs)
{
	return str_escaped(run->arena, theirs, strlen(theirs));
}

/* Where a secret goes is told beforehand, when it was DNS that led there. */
static void announce_host(struct run *run, const struct ask *ask)
{
	bool by_dns = ask->host_from == HOST_FROM_MX_PROVIDER || ask->host_from == HOST_FROM_SRV;

	if (!*ask->host || !by_dns || !ask->route || !*ask->user || (!ask->password && !ask->token))
		return;
	progress_erase(&run->progress);
	fprintf(stderr, "smtpwhy check: %s\n", shown(run, ask->route));
}

/* A message that is really sent is announced. Whoever did not mean it has until the connection stands to press Ctrl-C. */
static void announce(struct run *run, const struct ask *ask)
{
	const char *ends = run->lab ? ", in the lab, which delivers nothing" : "; what is taken is delivered";

	if (!ask->data || !*ask->to || (!*ask->from && !ask->senders.n))
		return;
	progress_erase(&run->progress);
	if (*ask->from)
		fprintf(stderr, "smtpwhy check: --data: one message from %s to %s is sent through %s%s\n", shown(run, ask->from), shown(run, ask->to),
			shown(run, ask->input), ends);
	if (ask->senders.n)
		fprintf(stderr, "smtpwhy check: --data: up to %zu messages, one from each of the list, are sent to %s through %s%s\n", ask->senders.n,
			shown(run, ask->to), shown(run, ask->input), ends);
}

static int check_one(struct run *run, const char *target, bool first)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct print_job job = { .run = run, .first = first };
	struct ask ask;
	int status = check_options_ask(&run->options, a, run->know, run->net, target, &ask);

	if (status != OPT_GO)
		return status;
	check_config_ask(&run->config, &ask);
	ask.settings = run->config.chosen;
	ask.password = run->password;
	ask.token = run->token;
	ask.graph_token = run->graph_token;
	ask.exo_token = run->exo_token;
	if (run->any_cloud)
		via_token(&ask, a);
	else if (!*ask.via)
		check_route(&ask, a, !run->options.ports);
	ask.redirected = is_redirected(&ask);
	announce_host(run, &ask);
	announce(run, &ask);
	ask.progress = progress_show;
	ask.progress_arg = &run->progress;
	job.result = graph_run(a, &ask, all_checks);
	fiber_on_hub(print, &job);
	return status_of(job.result, ask.strict);
}

static int check_all(struct run *run)
{
	int status = EXIT_GOOD;

	for (size_t i = 0; i < run->targets.n && !fiber_cancelled() && !run->broken; i++)
		status = worse(status, check_one(run, run->targets.v[i], i == 0));
	return status;
}

static struct secret *admin_token(const struct run *run, bool graph)
{
	const char *text = lab_admin_token(run->lab, run->arena, graph);

	return secret_new(text, strlen(text));
}

/* --direct-send-test names the target itself. */
static int own_target(struct run *run)
{
	const char *domain = run->options.direct_send;

	if (!domain || (run->targets.n == 1 && str_eq_nocase(run->targets.v[0], domain)))
		return OPT_GO;
	if (run->targets.n)
		return opt_wrong("check", "--direct-send-test asks the MX of %s: leave '%s' out", domain, run->targets.v[0]);
	strv_add(&run->targets, run->arena, domain);
	return OPT_GO;
}

/* The scenario's options are taken first, then the command line again: what the user says wins. */
static int take_lab_options(struct run *run)
{
	const struct strv *more = lab_options(run->lab);
	char **argv = arena_alloc(run->arena, (more->n + 2) * sizeof(*argv));
	struct strv again = { NULL, 0, 0 };
	int status;

	argv[0] = run->argv[0];
	for (size_t i = 0; i < more->n; i++)
		argv[i + 1] = arena_strdup(run->arena, more->v[i]);
	check_options_init(&run->options);
	status = opt_parse(&check_command, run->arena, (int)more->n + 1, argv, &run->options, &again);
	check_config_fill(&run->config, run->arena, &run->options);
	if (status == OPT_GO)
		status = opt_parse(&check_command, run->arena, run->argc, run->argv, &run->options, &again);
	if (status != OPT_GO)
		return status;
	run->options.senders = run->senders;
	run->options.identity = run->identity;
	if (!run->options.resolver)
		run->options.resolver = lab_resolver(run->lab);
	if (!run->options.ca_file)
		run->options.ca_file = lab_ca_file(run->lab);
	status = own_target(run);
	if (status != OPT_GO)
		return status;
	if (run->targets.n == 0)
		strv_add(&run->targets, run->arena, lab_target(run->lab));
	if (!run->password && !run->token) {
		run->password = secret_new(lab_password(run->lab), strlen(lab_password(run->lab)));
		run->token = secret_new(lab_token(run->lab), strlen(lab_token(run->lab)));
	}
	if (run->options.admin.graph && !run->graph_token)
		run->graph_token = admin_token(run, true);
	if (run->options.admin.exo && !run->exo_token)
		run->exo_token = admin_token(run, false);
	return OPT_GO;
}

static int check_net(struct run *run)
{
	struct net_options options;
	const char *error;
	int status;

	check_options_net(&run->options, &options);
	run->net = net_new(run->arena, &options, &error);
	if (!run->net)
		return opt_wrong("check", "%s", error);
	if (run->lab)
		lab_net_map(run->lab, run->net);
	status = check_all(run);
	net_freep(&run->net);
	return status;
}

/* The first fiber. */
static int run_checks(void *arg)
{
	struct run *run = arg;
	const char *error;
	struct scope scope;
	int status;

	if (!run->options.lab)
		return check_net(run);
	scope_begin(&scope);
	run->lab = lab_start(run->arena, &scope, run->options.lab, &error);
	if (run->lab) {
		status = take_lab_options(run);
		if (status == OPT_GO)
			status = check_net(run);
	} else {
		status = opt_wrong("check", "--lab: %s", error);
	}
	scope_cancel(&scope);
	scope_join(&scope);
	lab_free(run->lab);
	return status;
}

static int get_credentials(struct run *run)
{
	struct credential_options c = run->options.credentials;
	const struct check_options *o = &run->options;
	struct net_options net;

	if (check_config_secret(&run->config, o, &run->password, &run->token))
		return OPT_GO;
	/* The lab has its own, and must not eat the real ones. */
	if (o->lab && !c.password_file && !c.password_command && !c.token_file && !c.token_command && !c.token_cached)
		return OPT_GO;
	check_options_net(o, &net);
	c.net = &net;
	/* Graph takes tokens only: nobody is asked for a password, and who signed in need not be named. */
	if (str_eq(o->via, "graph"))
		return credentials_get(&c, o->user ? o->user : "who signed in", "xoauth2", &run->password, &run->token);
	return credentials_get(&c, o->user ? o->user : "", o->auth ? o->auth : "", &run->password, &run->token);
}

static int get_admin_tokens(struct run *run)
{
	const struct admin_sources *from = &run->options.admin;

	if (run->options.lab && !from->graph_token_file && !from->graph_token_command && !from->exo_token_file && !from->exo_token_command)
		return OPT_GO;
	return credentials_admin(from, &run->graph_token, &run->exo_token);
}

/* The settings of --from-config first, then the command line again: what the user says wins. */
static int take_config(struct run *run)
{
	struct strv again = { NULL, 0, 0 };
	int status = check_config_read(run->arena, run->options.from_config, &run->config);

	if (status != OPT_GO)
		return status;
	check_options_init(&run->options);
	check_config_fill(&run->config, run->arena, &run->options);
	status = opt_parse(&check_command, run->arena, run->argc, run->argv, &run->options, &again);
	if (run->targets.n == 0)
		strv_add(&run->targets, run->arena, check_config_target(&run->config, run->arena));
	if (status == OPT_GO)
		status = check_config_test(&run->config, &run->options);
	if (status == OPT_GO)
		check_config_tell(&run->config, run->arena, &run->options);
	return status;
}

/* What is read from files before anything is asked. */
static int read_files(struct run *run)
{
	const struct check_options *o = &run->options;
	const char *trouble = o->from_list ? from_list_read(run->arena, o->from_list, &run->senders) : NULL;
	int status;

	if (trouble)
		return opt_wrong("check", "--from-list: '%s': %s", o->from_list, trouble);
	status = o->client_cert ? identity_read(run->arena, o->client_cert, o->client_key, &run->identity) : OPT_GO;
	run->options.senders = run->senders;
	run->options.identity = run->identity;
	return status;
}

static int prepare(struct run *run)
{
	int status;

	check_options_init(&run->options);
	status = opt_parse(&check_command, run->arena, run->argc, run->argv, &run->options, &run->targets);
	if (status == OPT_GO && run->options.from_config)
		status = take_config(run);
	if (status == OPT_GO)
		status = check_options_test(&run->options, run->arena);
	if (status != OPT_GO)
		return status;
	if (run->options.print_admin_script)
		return admin_script(&run->options, &run->targets);
	run->any_cloud = str_eq(run->options.via, "graph") && !run->options.cloud && !run->options.lab && run->targets.n == 0;
	if (str_eq(run->options.via, "graph") && !run->options.lab && run->targets.n == 0)
		strv_add(&run->targets, run->arena, "graph.microsoft.com");
	status = own_target(run);
	if (status != OPT_GO)
		return status;
	if (run->targets.n == 0 && !run->options.lab)
		return opt_wrong("check", "what is to be checked? Give a host (smtp.office365.com:587), a domain (contoso.com) or an address");
	status = read_files(run);
	if (status != OPT_GO)
		return status;
	run->know = tables_load(run->arena, run->options.codes, "check");
	if (!run->know)
		return EXIT_USAGE;
	/* All targets are read before the first is asked, so that a slip in the last one is known at once. */
	for (size_t i = 0; i < run->targets.n; i++) {
		struct ask ask;

		status = check_options_ask(&run->options, run->arena, run->know, NULL, run->targets.v[i], &ask);
		if (status != OPT_GO)
			return status;
	}
	status = get_admin_tokens(run);
	return status == OPT_GO ? get_credentials(run) : status;
}

int cmd_check(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct run run = { .arena = a, .argc = argc, .argv = argv };
	int status = prepare(&run);

	if (status != OPT_GO)
		goto out;
	status = EXIT_USAGE;
	run.to = output_open(&run.options.output, "check");
	if (!run.to)
		goto out;
	progress_init(&run.progress, !run.options.no_progress && !run.options.output.quiet && !run.options.trace);
	status = fiber_run(run_checks, &run);
	progress_erase(&run.progress);
	if (status < 0) {
		opt_wrong("check", "the event loop cannot be started");
		status = EXIT_UNTESTED;
	}
	errno = run.why_broken;
	if (!output_close(run.to, &run.options.output, "check"))
		status = EXIT_UNTESTED;
	if (fiber_signal())
		status = 128 + fiber_signal();
out:
	tls_identity_free(run.identity);
	secret_free(run.password);
	secret_free(run.token);
	check_config_release(&run.config);
	secret_free(run.graph_token);
	secret_free(run.exo_token);
	return status;
}
