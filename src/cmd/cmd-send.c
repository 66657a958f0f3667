/*
 * cmd-send - sends one small test message by Microsoft Graph, and says what became of it.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/ca-file.h"
#include "cmd/check-options.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "cmd/from-list.h"
#include "cmd/lab-net.h"
#include "cmd/tables.h"
#include "check/schedule.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "lab/lab.h"

struct send_options {
	struct output_options		 output;
	struct credential_options	 credentials;
	const char			*via, *user, *to, *from, *subject, *cloud, *tenant, *resolver, *ca_file, *lab;
	int64_t				 timeout_ms, max_time_ms;
};

struct run {
	struct arena		*arena;
	struct send_options	 options;
	const struct know	*know;
	struct secret		*password, *token;
	struct lab		*lab;
	FILE			*to;
	int			 why_broken;
};

static const char *const formats[] = { "text", "json", NULL };
static const char *const ways[] = { "smtp", "graph", NULL };

#define AT(member) offsetof(struct send_options, member)

static const struct opt table[] = {
	{ OPT_HEADING, 0, NULL, NULL, 0, "What is sent:", NULL },
	{ OPT_CHOICE, 0, "via", "WAY", AT(via), "graph: Microsoft Graph; a test message by SMTP is sent by 'smtpwhy check' with --data", ways },
	{ OPT_TEXT, 0, "user", "NAME", AT(user), "the mailbox that sends; else that of whoever signed in for the token", NULL },
	{ OPT_TEXT, 0, "to", "ADDRESS", AT(to), "who gets it", NULL },
	{ OPT_TEXT, 0, "from", "ADDRESS", AT(from), "another From than the mailbox itself, which needs the right to send as it", NULL },
	{ OPT_TEXT, 0, "subject", "TEXT", AT(subject), "instead of \"Test message of smtpwhy\"", NULL },
	{ OPT_HEADING, 0, NULL, NULL, 0, "The way there:", NULL },
	CREDENTIAL_OPTIONS(struct send_options),
	{ OPT_TEXT, 0, "tenant", "ID", AT(tenant), "the id of the tenant that has the mailbox; else its domain is looked up", NULL },
	{ OPT_TEXT, 0, "cloud", "NAME", AT(cloud), "worldwide, gcch, dod or 21v; else the cloud that the token is for", NULL },
	{ OPT_TEXT, 0, "resolver", "ADDR[:PORT]", AT(resolver), "ask this resolver instead of the system's", NULL },
	{ OPT_TEXT, 0, "ca-file", "FILE", AT(ca_file), "trust the certificates in FILE (PEM) instead of the system's", NULL },
	{ OPT_SECONDS, 0, "timeout", "SEC", AT(timeout_ms), "for one step (15)", NULL },
	{ OPT_SECONDS, 0, "max-time", "SEC", AT(max_time_ms), "for all of it (120)", NULL },
	{ OPT_TEXT, 0, "lab", "SCENARIO", AT(lab), "send it to a simulated Microsoft Graph, which delivers nothing", NULL },
	{ OPT_HEADING, 0, NULL, NULL, 0, "The result:", NULL },
	OUTPUT_OPTIONS(struct send_options, "text|json", formats),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what is wrong, and why", NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose), "also what was passed over", NULL },
	OPT_END
};

static const struct opt_command send_command = {
	.name = "send",
	.operands = "",
	.about = "Sends one small test message from a mailbox by Microsoft Graph and says what became of it: taken, or refused, why, and what to do. It is "
		 "marked as a test; what is taken is delivered. Exit status: 0 taken, 1 refused, 2 wrong usage, 3 it could not be sent.",
	.table = table,
};

enum { SUBJECT_MOST = 255, USER_MOST = 320 };		/* bytes; a user part of 64, an @, a domain of 255 (RFC 3696 section 3) */

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == '\x7f')
			return true;
	return false;
}

static int test_text(const char *option, const char *value, size_t most)
{
	if (value && has_control(value))
		return opt_wrong("send", "--%s: control characters are in it", option);
	if (value && strlen(value) > most)
		return opt_wrong("send", "--%s is %zu bytes long; it can have %zu", option, strlen(value), most);
	return OPT_GO;
}

static int test(const struct send_options *o, const struct strv *operands, struct arena *a)
{
	const char *trouble;

	if (operands->n)
		return opt_wrong("send", "'%s' is too much: the mailbox is --user, who gets the message --to", operands->v[0]);
	if (str_eq(o->via, "smtp"))
		return opt_wrong("send", "--via smtp: 'smtpwhy check HOST --from ADDRESS --to ADDRESS --data' sends a test message by SMTP");
	if (!o->via)
		return opt_wrong("send", "by which way? Give --via graph; by SMTP, 'smtpwhy check HOST --from ADDRESS --to ADDRESS --data' sends one");
	if (!o->to)
		return opt_wrong("send", "who is to get the message? Give --to ADDRESS");
	if (!is_mail_address(o->to))
		return opt_wrong("send", "--to: '%s' is no mail address", o->to);
	if (o->from && !is_mail_address(o->from))
		return opt_wrong("send", "--from: '%s' is no mail address", o->from);
	if (o->tenant && !is_guid(o->tenant))
		return opt_wrong("send", "--tenant: '%s' is no tenant id, which looks like 11111111-2222-3333-4444-555555555555", o->tenant);
	if (test_text("user", o->user, USER_MOST) != OPT_GO || test_text("subject", o->subject, SUBJECT_MOST) != OPT_GO)
		return EXIT_USAGE;
	if (o->ca_file && (trouble = ca_file_trouble(a, o->ca_file)))
		return opt_wrong("send", "--ca-file: %s", trouble);
	return OPT_GO;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* OPT_GO, or EXIT_USAGE after an error was told. */
static int ask_of(struct run *run, struct net *net, struct ask *ret)
{
	const struct send_options *o = &run->options;
	struct ask ask = {
		.know = run->know, .net = net, .provider = "", .path = "", .helo = "", .from = or_empty(o->from), .to = o->to, .data = true,
		.user = or_empty(o->user), .auth = "", .tenant = or_empty(o->tenant), .via = "", .subject = or_empty(o->subject), .control_host = "",
		.timeout_ms = o->timeout_ms, .max_time_ms = o->max_time_ms, .password = NULL, .token = run->token,
	};
	int status;

	if (ask_target(&ask, run->arena, "graph.microsoft.com"))
		return EXIT_USAGE;
	status = via_graph(&ask, run->arena, "send", true, o->cloud);
	if (status == OPT_GO && !o->cloud && !run->lab)
		via_token(&ask, run->arena);
	if (status == OPT_GO)
		*ret = ask;
	return status;
}

/* Whoever did not mean it has until the connection stands to press Ctrl-C. */
static void announce(struct run *run, const struct ask *ask)
{
	struct arena *a = run->arena;
	const char *from = *ask->from ? ask->from : *ask->user ? ask->user : "whoever signed in";

	fprintf(stderr, "smtpwhy send: one message from %s to %s, subject \"%s\", is sent by %s%s\n", str_escaped(a, from, strlen(from)),
		str_escaped(a, ask->to, strlen(ask->to)), *ask->subject ? str_escaped(a, ask->subject, strlen(ask->subject)) : "Test message of smtpwhy",
		ask->host, run->lab ? ", in the lab, which delivers nothing" : "; what is taken is delivered");
}

struct print_job { struct run *run; const struct result *result; };

static void print(void *arg)
{
	struct print_job *job = arg;
	const struct output_options *o = &job->run->options.output;
	struct report_style style = output_style(o, job->run->to);

	errno = 0;
	if (str_eq(o->format, "json") ? report_send_json(job->run->to, job->result) : report_send_text(job->run->to, job->result, &style))
		job->run->why_broken = errno;
}

static int send_by(struct run *run)
{
	struct net_options options = { .resolver = run->options.resolver, .ca_file = run->options.ca_file, .timeout_ms = run->options.timeout_ms };
	struct print_job job = { .run = run };
	const char *error;
	struct net *net = net_new(run->arena, &options, &error);
	struct ask ask;
	int status;

	if (!net)
		return opt_wrong("send", "%s", error);
	if (run->lab)
		lab_net_map(run->lab, net);
	status = ask_of(run, net, &ask);
	if (status == OPT_GO) {
		announce(run, &ask);
		job.result = graph_run(run->arena, &ask, all_checks);
		fiber_on_hub(print, &job);
		status = facts_true(job.result->facts, "graph.accepted") ? EXIT_GOOD : job.result->status == STATUS_FAIL ? EXIT_PROBLEM : EXIT_UNTESTED;
	}
	net_freep(&net);
	return status;
}

/* The lab tells who logs in and with which token, unless the user did. */
static void take_lab_options(struct run *run)
{
	const struct strv *more = lab_options(run->lab);
	struct send_options *o = &run->options;

	for (size_t i = 0; i + 1 < more->n; i++) {
		if (str_eq(more->v[i], "--user") && !o->user)
			o->user = more->v[i + 1];
		if (str_eq(more->v[i], "--from") && !o->from)
			o->from = more->v[i + 1];
	}
	o->resolver = o->resolver ? o->resolver : lab_resolver(run->lab);
	o->ca_file = o->ca_file ? o->ca_file : lab_ca_file(run->lab);
	if (!run->token)
		run->token = secret_new(lab_token(run->lab), strlen(lab_token(run->lab)));
}

/* The first fiber. */
static int run_send(void *arg)
{
	struct run *run = arg;
	const char *error;
	struct scope scope;
	int status;

	if (!run->options.lab)
		return send_by(run);
	scope_begin(&scope);
	run->lab = lab_start(run->arena, &scope, run->options.lab, &error);
	if (run->lab) {
		take_lab_options(run);
		status = send_by(run);
	} else {
		status = opt_wrong("send", "--lab: %s", error);
	}
	scope_cancel(&scope);
	scope_join(&scope);
	lab_free(run->lab);
	return status;
}

static int prepare(struct run *run, int argc, char **argv)
{
	struct send_options *o = &run->options;
	struct net_options net;
	struct strv operands = { NULL, 0, 0 };
	int status;

	*o = (struct send_options) { .output = { .format = "text", .color = "auto" }, .timeout_ms = 15000, .max_time_ms = 120000 };
	status = opt_parse(&send_command, run->arena, argc, argv, o, &operands);
	if (status == OPT_GO)
		status = test(o, &operands, run->arena);
	if (status != OPT_GO)
		return status;
	run->know = tables_load(run->arena, NULL, "send");
	if (!run->know)
		return EXIT_USAGE;
	if (o->lab && !o->credentials.token_file && !o->credentials.token_command && !o->credentials.token_cached)
		return OPT_GO;
	net = (struct net_options) { .resolver = o->resolver, .ca_file = o->ca_file, .timeout_ms = o->timeout_ms };
	o->credentials.command = "send";
	o->credentials.net = &net;
	return credentials_get(&o->credentials, o->user ? o->user : "who signed in", "xoauth2", &run->password, &run->token);
}

int cmd_send(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct run run = { .arena = a };
	int status = prepare(&run, argc, argv);

	if (status != OPT_GO)
		goto out;
	status = EXIT_USAGE;
	run.to = output_open(&run.options.output, "send");
	if (!run.to)
		goto out;
	status = fiber_run(run_send, &run);
	if (status < 0) {
		opt_wrong("send", "the event loop cannot be started");
		status = EXIT_UNTESTED;
	}
	errno = run.why_broken;
	if (!output_close(run.to, &run.options.output, "send"))
		status = EXIT_UNTESTED;
	if (fiber_signal())
		status = 128 + fiber_signal();
out:
	secret_free(run.password);
	secret_free(run.token);
	return status;
}
