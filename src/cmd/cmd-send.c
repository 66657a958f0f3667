/*
 * cmd-send - sends one small test message by Microsoft Graph, and says what became of it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/check-options.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "cmd/from-list.h"
#include "cmd/tables.h"
#include "check/schedule.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "lab/lab.h"

struct send_options {
	struct ask			 ask;
	struct session_options		 session;
	struct output_options		 output;
	struct credential_options	 credentials;
	const char			*cloud;
};

/* One run of the command. */
struct send_run {
	struct arena		*arena;
	struct send_options	 options;
	struct session		 session;
	const struct result	*result;
};

static const char *const ways[] = { "smtp", "graph", NULL };

#define AT(member) offsetof(struct send_options, member)

static const struct opt table[] = {
	OPT_HEAD("What is sent:"),
	{ OPT_CHOICE, 0, "via", "WAY", AT(ask.via),
	  "graph: Microsoft Graph; a test message by SMTP is sent by 'smtpwhy check' with "
	  "--data", ways },
	OPT(TEXT, "user", "NAME", AT(ask.user),
	  "the mailbox that sends; else that of whoever signed in for the token"),
	OPT(TEXT, "to", "ADDRESS", AT(ask.to), "who gets it"),
	OPT(TEXT, "from", "ADDRESS", AT(ask.from),
	  "another From than the mailbox itself, which needs the right to send as it"),
	OPT(TEXT, "subject", "TEXT", AT(ask.subject),
	  "instead of \"Test message of smtpwhy\""),
	OPT_HEAD("The way there:"),
	CREDENTIAL_OPTIONS(struct send_options),
	OPT(TEXT, "tenant", "ID", AT(ask.tenant),
	  "the id of the tenant that has the mailbox; else its domain is looked up"),
	OPT(TEXT, "cloud", "NAME", AT(cloud),
	    "worldwide, gcch, dod or 21v; else the cloud that the token is for"),
	NET_RESOLVER_OPTION(struct send_options),
	NET_CA_FILE_OPTION(struct send_options),
	OPT(SECONDS, "timeout", "SEC", AT(session.net.timeout_ms), "for one step (15)"),
	OPT(SECONDS, "max-time", "SEC", AT(ask.max_time_ms), "for all of it (120)"),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	  "send it to a simulated Microsoft Graph, which delivers nothing"),
	OPT_HEAD("The result:"),
	OUTPUT_OPTIONS(struct send_options),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what is wrong, and why", NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose), "also what was passed over", NULL },
	OPT_END
};

static const struct opt_command send_command = {
	.name = "send",
	.operands = "",
	.about = "Sends one small test message from a mailbox by Microsoft Graph and says what "
		 "became of it: taken, or refused, why, and what to do. It is marked as a test; "
		 "what is taken is delivered. Exit status: 0 taken, 1 refused, 2 wrong usage, 3 it "
		 "could not be sent.",
	.table = table,
	.nouns = 1u << REPORT_SEND,
};

/* bytes; a user part of 64, an @, a domain of 255 (RFC 3696 section 3) */
enum { SUBJECT_MOST = 255, USER_MOST = 320 };

static int test(const struct send_options *o, const struct strv *operands, struct arena *a)
{
	const struct ask *ask = &o->ask;

	if (operands->n)
		return opt_wrong("send", "'%s' is too much: the mailbox is --user, who gets the "
				 "message --to", operands->v[0]);
	if (str_eq(ask->via, "smtp"))
		return opt_wrong("send", "--via smtp: 'smtpwhy check HOST --from ADDRESS --to "
				 "ADDRESS --data' sends a test message by SMTP");
	if (!*ask->via)
		return opt_wrong("send", "by which way? Give --via graph; by SMTP, 'smtpwhy check "
				 "HOST --from ADDRESS --to ADDRESS --data' sends one");
	if (!*ask->to)
		return opt_wrong("send", "who is to get the message? Give --to ADDRESS");
	if (!is_mail_address(ask->to))
		return opt_wrong("send", "--to: '%s' is no mail address", ask->to);
	if (*ask->from && !is_mail_address(ask->from))
		return opt_wrong("send", "--from: '%s' is no mail address", ask->from);
	if (*ask->tenant && !is_guid(ask->tenant))
		return opt_wrong("send", "--tenant: '%s' is no tenant id, which looks like "
				 "11111111-2222-3333-4444-555555555555", ask->tenant);
	if (opt_test_text("send", "user", ask->user, USER_MOST) != OPT_GO ||
	    opt_test_text("send", "subject", ask->subject, SUBJECT_MOST) != OPT_GO)
		return EXIT_USAGE;
	return session_test(&o->session, "send", a);
}

/* Printed before connecting, so that Ctrl-C can still stop it. */
static void announce(struct send_run *run, const struct ask *ask)
{
	struct arena *a = run->arena;
	const char *user = *ask->user ? ask->user : "whoever signed in";
	const char *from = *ask->from ? ask->from : user;

	fprintf(stderr,
		"smtpwhy send: one message from %s to %s, subject \"%s\", is sent by %s%s\n",
		str_escaped(a, from, strlen(from)), str_escaped(a, ask->to, strlen(ask->to)),
		*ask->subject ? str_escaped(a, ask->subject, strlen(ask->subject)) :
		"Test message of smtpwhy",
		ask->host, run->session.lab ? ", in the lab, which delivers nothing" :
			   "; what is taken is delivered");
}

static void print(void *arg)
{
	struct send_run *run = arg;

	report_put(&run->session.report, REPORT_SEND, run->result);
}

/* In the first fiber. */
static int send_by(void *arg)
{
	struct send_run *run = arg;
	struct ask *ask = &run->options.ask;
	const char *cloud = run->options.cloud;

	ask->net = run->session.net;
	if (ask_target(ask, run->arena, "graph.microsoft.com") ||
	    via_graph(ask, run->arena, "send", cloud) != OPT_GO)
		return EXIT_USAGE;
	if (!cloud && !run->session.lab)
		via_token(ask, run->arena);
	announce(run, ask);
	run->result = schedule_run(run->arena, ask, all_checks);
	fiber_on_hub(print, run);
	if (facts_true(run->result->facts, "graph.accepted"))
		return EXIT_GOOD;
	return run->result->status == STATUS_FAIL ? EXIT_PROBLEM : EXIT_UNTESTED;
}

/* The lab tells who logs in and with which token, unless the user did. */
static int take_lab(void *arg, const struct lab *lab)
{
	const struct strv *more = lab_options(lab);
	struct send_run *run = arg;
	struct ask *ask = &run->options.ask;

	for (size_t i = 0; i + 1 < more->n; i++) {
		if (str_eq(more->v[i], "--user") && !*ask->user)
			ask->user = more->v[i + 1];
		if (str_eq(more->v[i], "--from") && !*ask->from)
			ask->from = more->v[i + 1];
	}
	if (!ask->token)
		ask->token = secret_new(lab_token(lab), strlen(lab_token(lab)));
	return OPT_GO;
}

static int prepare(struct send_run *run, int argc, char **argv)
{
	struct send_options *o = &run->options;
	struct credential_options *c = &o->credentials;
	struct strv operands = { NULL, 0, 0 };
	struct secret *password = NULL;		/* SMTPWHY_PASSWORD, maybe: of no use here */
	struct ask *ask = &o->ask;
	int status;

	*o = (struct send_options) {
		.ask = ask_nothing, .session.net.timeout_ms = 15000,
		.output = { .format = "text", .color = "auto" },
	};
	ask->max_time_ms = 120000;
	ask->data = true;
	status = opt_parse(&send_command, run->arena, argc, argv, o, &operands);
	if (status == OPT_GO)
		status = test(o, &operands, run->arena);
	if (status != OPT_GO)
		return status;
	ask->timeout_ms = o->session.net.timeout_ms;
	ask->know = tables_load(run->arena, NULL, "send");
	if (!ask->know)
		return EXIT_USAGE;
	if (o->session.lab && !c->token_file && !c->token_command && !c->token_cached)
		return OPT_GO;
	c->command = "send";
	c->session = &o->session;
	status = credentials_get(c, *ask->user ? ask->user : "who signed in", "xoauth2",
				 &password, &ask->token);
	secret_free(password);
	return status;
}

int cmd_send(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct send_run run = { .arena = a };
	struct send_options *o = &run.options;
	int status = prepare(&run, argc, argv);

	run.session = (struct session) {
		.command = "send", .arena = a, .options = &o->session, .output = &o->output,
		.take_lab = take_lab, .work = send_by, .arg = &run,
	};
	if (status == OPT_GO)
		status = session_print(&run.session);
	secret_free(o->ask.token);
	return status;
}
