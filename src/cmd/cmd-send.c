/*
 * cmd-send - sends one test message, by SMTP or by Microsoft Graph, and says what became of it. How
 * a server is spoken to is `check`'s: the same checks run, up to the message.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "cmd/confirm.h"
#include "cmd/from-list.h"
#include "cmd/identity.h"
#include "cmd/send.h"
#include "cmd/tables.h"
#include "check/schedule.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "net/tls.h"

/* One message takes so long, and this for each KiB of it. */
enum { MAX_TIME_MS = 120000, MS_FOR_KIB = 16 };

/* --- saying it beforehand --- */

static const char *shown(struct send_run *run, const char *theirs)
{
	return str_escaped(run->arena, theirs, strlen(theirs));
}

/* "with a password", as far as it is known. */
static const char *with(const struct ask *ask)
{
	if (ask->token)
		return " with a token";
	return ask->password ? " with a password" : "";
}

/* "through smtp.office365.com:587, signed in as scan@contoso.com with a password" */
static const char *way_words(struct send_run *run)
{
	const struct ask *ask = &run->ask;
	struct arena *a = run->arena;
	const char *login = *ask->user && (ask->password || ask->token) ?
			    arena_printf(a, "signed in as %s%s", shown(run, ask->user),
					 with(ask)) : "without a login";

	if (run->graph)
		return arena_printf(a, "by %s%s", ask->host, with(ask));
	if (!*ask->host)
		return arena_printf(a, "to the MX host of %s on port %u, %s", ask->domain,
				    ask->ports[0].port, login);
	return arena_printf(a, strchr(ask->host, ':') ? "through [%s]:%u, %s" :
			    "through %s:%u, %s", ask->host, ask->ports[0].port, login);
}

static void announce(struct send_run *run)
{
	const struct ask *ask = &run->ask;
	const char *user = *ask->user ? ask->user : "whoever signed in";
	const char *from = *ask->from ? ask->from : user;

	fprintf(stderr, "smtpwhy send: one message from %s to %s, subject \"%s\"%s%s, goes %s%s%s; "
			"%s\n",
		shown(run, from), shown(run, ask->to), shown(run, send_subject(ask)),
		run->graph ? "" : ", ",
		run->graph ? "" : arena_printf(run->arena, "%zu bytes", run->letter.n),
		way_words(run),
		run->graph ? "" : ", from this machine as ",
		run->graph ? "" : shown(run, ask->helo),
		run->session.lab ? "this is the lab, which delivers nothing" :
				   "if it is accepted, it is delivered");
}

/* OPT_GO, or the exit status. */
_waits_ static int consent(struct send_run *run)
{
	announce(run);
	if (run->options.yes || run->session.lab || confirm_ask("Send it? [y/N] "))
		return OPT_GO;
	return opt_wrong("send", "not confirmed; nothing was sent");
}

/* --- asking --- */

/* The questions that lead to a message, and those that explain why it is refused. */
static void choose_checks(struct send_run *run)
{
	static const char *const wanted[] = {
		"target.provider", "dns.mx", "dns.null-mx", "dns.address", "dns.spf", "dns.dkim",
		"dns.dmarc", "dns.ptr", "tenant.discovery", "tcp", "tcp.*", "tls.handshake",
		"smtp.greeting", "smtp.ehlo", "smtp.starttls", "tls.certificate", "smtp.ehlo-tls",
		"auth.*", "token.claims", "smtp.mail-from", "smtp.rcpt-to", "smtp.data",
	};

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		strv_add(&run->ask.only, run->arena, wanted[i]);
}

/*
 * One port, so that it can be said beforehand: of several 587 for a login (RFC 6409, 3.1), else 25,
 * else the first.
 */
static void choose_port(struct ask *ask)
{
	unsigned best = *ask->user ? 587 : 25;

	for (size_t i = 1; i < ask->n_ports; i++)
		if (ask->ports[i].port == best)
			ask->ports[0] = ask->ports[i];
	if (ask->n_ports)
		ask->n_ports = 1;
}

/* Whom to ask, and how: everything but the message. */
_waits_ static int make_ask(struct send_run *run)
{
	struct check_options *c = &run->check;
	struct ask *ask = &run->ask;
	const char *target = run->operands.n ? run->operands.v[0] : "";
	int status;

	if (c->mx)
		target = str_domain(c->ask.to);
	status = check_options_ask(c, run->arena, target, ask);
	if (status != OPT_GO)
		return status;
	run->graph = str_eq(ask->via, "graph");
	if (run->any_cloud)
		via_token(ask, run->arena);
	if (run->graph)
		return OPT_GO;
	check_route(ask, run->arena, true);
	ask->redirected = is_redirected(ask, ask->host);
	if (!ask->n_ports || (ask->submission && !*ask->host))
		return opt_wrong("send", "%s", ask->route ? shown(run, ask->route) :
				 "no server is known: give HOST:PORT");
	choose_port(ask);
	choose_checks(run);
	return OPT_GO;
}

static void print(void *arg)
{
	struct send_run *run = arg;

	progress_erase(&run->progress);
	report_put(&run->session.report, REPORT_SEND, run->sent);
}

static bool accepted(const struct send_run *run)
{
	const struct facts *facts = run->sent->result->facts;
	const struct fact *f = facts_match(facts, "smtp.*.data.accepted", NULL);

	return run->graph ? facts_true(facts, "graph.accepted") : f && f->number;
}

static int status_of(const struct send_run *run)
{
	const struct result *r = run->sent->result;
	const struct arrival *arrival = run->sent->arrival;

	/* In the wrong place, or nowhere. */
	if (arrival && (arrival->junk || arrival->state == ARRIVAL_MISSING))
		return EXIT_PROBLEM;
	if (arrival && arrival->state == ARRIVAL_UNREAD && r->status != STATUS_FAIL)
		return EXIT_UNTESTED;
	if (run->graph && facts_true(r->facts, "graph.accepted"))
		return EXIT_GOOD;
	if (r->status == STATUS_FAIL)
		return EXIT_PROBLEM;
	return accepted(run) ? EXIT_GOOD : EXIT_UNTESTED;
}

/* Before the message: can the mailbox be read where it is to be looked for? */
_waits_ static int open_mailbox(struct send_run *run)
{
	struct fetch *f = &run->options.fetch;
	const char *why;

	if (!f->from)
		return OPT_GO;
	f->net = run->session.net;
	f->arena = run->arena;
	f->untrusted = run->options.ask.allow_untrusted_auth;
	progress_show(&run->progress, arena_printf(run->arena, "opening the mailbox of %s",
						   f->arrival.mailbox));
	why = fetch_open(f);
	progress_erase(&run->progress);
	if (!why)
		return OPT_GO;
	opt_wrong("send", "--fetch: nothing was sent, because the mailbox can't be read: %s",
		  shown(run, why));
	return EXIT_UNTESTED;
}

_waits_ static void look_for_it(struct send_run *run)
{
	struct fetch *f = &run->options.fetch;

	if (!f->from || !accepted(run))
		return;
	fetch_look(f, run->mark, run->ask.know, &run->progress);
	run->sent->arrival = &f->arrival;
}

/* What is known of the message: all of it by SMTP, its mark alone by Graph, which writes it. */
static int make_letter(struct send_run *run)
{
	if (!run->graph)
		return send_letter_write(run);
	run->letter = (struct letter_sent) { .bytes = "", .id = "", .mark = run->mark };
	run->ask.letter = &run->letter;
	return OPT_GO;
}

/* In the first fiber. */
static int send_it(void *arg)
{
	struct send_run *run = arg;
	int status;

	run->check.ask.net = run->session.net;
	status = make_ask(run);
	if (status == OPT_GO)
		status = make_letter(run);
	if (status == OPT_GO)
		status = consent(run);
	if (status == OPT_GO)
		status = open_mailbox(run);
	/* Once more: somebody may have thought about it, and its date is that of the sending. */
	if (status == OPT_GO)
		status = make_letter(run);
	if (status != OPT_GO) {
		fetch_close(&run->options.fetch);
		return status;
	}
	if (!run->check.ask.max_time_ms)
		run->ask.max_time_ms = MAX_TIME_MS + (int64_t)(run->letter.n / 1024) * MS_FOR_KIB;
	run->sent->result = schedule_run(run->arena, &run->ask, all_checks);
	look_for_it(run);
	fetch_close(&run->options.fetch);
	fiber_on_hub(print, run);
	return status_of(run);
}

/* --- before it --- */

static void take_secret(struct secret **at, const char *text)
{
	if (!*at)
		*at = secret_new(text, strlen(text));
}

/* What the scenario says of target, sender, recipient and login counts, unless the user did. */
static int take_lab(void *arg, const struct lab *lab)
{
	struct send_run *run = arg;
	struct check_options *c = &run->check;
	const char *source = arena_printf(run->arena, "--lab %s", c->session.lab);
	int status = opt_fill(&check_command, run->arena, lab_options(lab), source, c);
	struct ask *ask = &c->ask;

	if (status != OPT_GO)
		return status;
	ask->only = (struct strv) { .n = 0 };
	if (c->direct_send || c->from_list)
		return opt_wrong("send", "%s is not about one message: 'smtpwhy check %s' runs it",
				 source, source);
	if (!run->operands.n && !c->mx)
		strv_add(&run->operands, run->arena, lab_target(lab));
	if (!ask->password && !ask->token) {
		take_secret(&ask->password, lab_password(lab));
		take_secret(&ask->token, lab_token(lab));
	}
	if (!*ask->from && is_mail_address(ask->user) && !str_eq(ask->via, "graph"))
		ask->from = ask->user;
	if (!*ask->to || (!*ask->from && !run->graph))
		return opt_wrong("send", "%s names no sender or recipient: give --from ADDRESS and "
				 "--to ADDRESS", source);
	return OPT_GO;
}

static int get_credentials(struct send_run *run)
{
	struct credential_options *c = &run->check.credentials;
	struct ask *ask = &run->check.ask;
	const char *user = run->graph && !*ask->user ? "who signed in" : ask->user;

	/* The lab has its own, and must not eat the real ones. */
	if (run->check.session.lab && !c->password_file && !c->password_command &&
	    !c->token_file && !c->token_command && !c->token_cached)
		return OPT_GO;
	c->session = &run->check.session;
	return credentials_get(c, user, run->graph ? "xoauth2" : ask->auth, &ask->password,
			       &ask->token);
}

static int prepare(struct send_run *run, int argc, char **argv)
{
	int status = send_options_read(run, argc, argv);
	struct check_options *c = &run->check;

	if (status == OPT_GO)
		status = send_files_read(run);
	if (status == OPT_GO && c->client_cert)
		status = identity_read(run->arena, c->client_cert, c->client_key,
				       &c->session.net.identity);
	if (status != OPT_GO)
		return status;
	c->ask.data = true;
	if (run->graph && !c->session.lab) {
		run->any_cloud = !c->cloud;
		strv_add(&run->operands, run->arena, "graph.microsoft.com");
	}
	c->ask.know = tables_load(run->arena, NULL, "send");
	status = c->ask.know ? get_credentials(run) : EXIT_USAGE;
	return status == OPT_GO && run->options.fetch.from ?
	       fetch_credentials(&run->options.fetch) : status;
}

int cmd_send(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct sent sent = { .result = NULL };
	struct send_run run = {
		.arena = a, .sent = &sent, .mark = letter_mark(a),
		.bytes = BUF_INIT(LETTER_MOST + 64 * 1024), .file_bytes = BUF_INIT(LETTER_MOST),
	};
	struct check_options *c = &run.check;
	int status = prepare(&run, argc, argv);

	progress_init(&run.progress, !run.options.no_progress && !c->output.quiet &&
		      !c->session.trace);
	c->ask.progress = progress_show;
	c->ask.progress_arg = &run.progress;
	run.session = (struct session) {
		.command = "send", .arena = a, .options = &c->session, .output = &c->output,
		.take_lab = take_lab, .work = send_it, .arg = &run,
	};
	if (status == OPT_GO)
		status = session_print(&run.session);
	secret_free(run.options.fetch.password);
	secret_free(run.options.fetch.token);
	tls_identity_free(c->session.net.identity);
	secret_free(c->ask.password);
	secret_free(c->ask.token);
	buf_release(&run.bytes);
	buf_release(&run.file_bytes);
	return status;
}
