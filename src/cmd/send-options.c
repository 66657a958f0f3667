/*
 * send-options - the options of `send`: the table, and what makes no sense.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/confirm.h"
#include "cmd/from-list.h"
#include "cmd/send.h"

static const char *const ways[] = { "smtp", "graph", NULL };
static const char *const mechanisms[] = { "login", "plain", "xoauth2", "oauthbearer", NULL };

#define AT(member) offsetof(struct send_options, member)

static const struct opt table[] = {
	OPT_HEAD("What is sent:"),
	OPT(TEXT, "from", "ADDRESS", AT(ask.from),
	  "the sender; else --user where that is an address. By Graph: another From than the "
	  "mailbox, which needs the right to send as it"),
	OPT(TEXT, "to", "ADDRESS", AT(ask.to), "the recipient"),
	OPT(TEXT, "subject", "TEXT", AT(ask.subject),
	  "instead of \"Test message of smtpwhy\""),
	OPT(LIST, "attach", "FILE", AT(attach), "attach FILE; may be repeated"),
	OPT(TEXT, "size", "N", AT(size),
	    "pad the message to N octets (35M, 1200k) to try a server's limit"),
	OPT_SWITCH("yes", AT(yes),
	  "send without asking on the terminal; needed where there is no terminal"),
	OPT_HEAD("The way there:"),
	{ OPT_CHOICE, 0, "via", "WAY", AT(ask.via),
	  "smtp, the default: through HOST, or with --mx; or graph: by Microsoft Graph", ways },
	OPT_SWITCH("mx", AT(mx),
	  "without a login to port 25 of the MX host of the recipient's domain"),
	OPT(TEXT, "user", "NAME", AT(ask.user),
	  "log in as NAME; by Graph the mailbox that sends, else that of whoever signed in"),
	{ OPT_CHOICE, 0, "auth", "MECHANISM", AT(ask.auth),
	  "login, plain, xoauth2 or oauthbearer; else the best that is offered", mechanisms },
	CREDENTIAL_OPTIONS(struct send_options),
	OPT_SWITCH("allow-plaintext-auth", AT(ask.allow_plaintext_auth),
	  "send the secret even without TLS: anyone on the way can read it"),
	OPT_SWITCH("allow-untrusted-auth", AT(ask.allow_untrusted_auth),
	  "send the secret even if the certificate does not prove whose server it is"),
	OPT(TEXT, "tenant", "ID", AT(ask.tenant),
	  "the id of the tenant that has the mailbox; else its domain is looked up"),
	OPT(TEXT, "cloud", "NAME", AT(cloud),
	    "worldwide, gcch, dod or 21v; else the cloud that the token is for"),
	OPT(TEXT, "helo", "NAME", AT(ask.helo),
	  "say EHLO NAME; else this machine's full name, or its address in brackets"),
	NET_FAMILY_OPTIONS(struct send_options),
	NET_RESOLVER_OPTION(struct send_options),
	OPT(LIST, "connect-to", "HOST:PORT:ADDR:PORT", AT(session.net.connect_to),
	  "dial ADDR:PORT when HOST:PORT is meant (empty: any); may be repeated"),
	OPT(TEXT, "source", "ADDR", AT(session.net.source),
	  "dial from this address of the machine"),
	NET_CA_FILE_OPTION(struct send_options),
	OPT(TEXT, "client-cert", "FILE", AT(client_cert),
	    "show the certificate in FILE (PEM) to servers that ask for one"),
	OPT(TEXT, "client-key", "FILE", AT(client_key),
	    "its key (PEM, no passphrase), which nobody else may read"),
	OPT(SECONDS, "timeout", "SEC", AT(session.net.timeout_ms), "for one step (15)"),
	OPT(SECONDS, "max-time", "SEC", AT(ask.max_time_ms),
	    "for all of it (120, and a second more for each 64 KiB)"),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	  "send it to a simulated server, which delivers nothing"),
	OPT_HEAD("Whether it arrives:"),
	FETCH_OPTIONS(struct send_options),
	{ OPT_REFUSED, 0, "sink", "", 0, "'smtpwhy sink' receives and judges mail", NULL },
	OPT_HEAD("The result:"),
	OUTPUT_OPTIONS(struct send_options),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what is wrong, and why", NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose),
	  "also what was passed over, and every line that was said", NULL },
	OPT_SWITCH("no-progress", AT(no_progress), "no line of progress on the terminal"),
	OPT(TEXT, "trace", "LIST", AT(session.trace),
	  "tell on standard error what the program does: fiber, dns, net, tls, smtp, http, checks, "
	  "rules, lab, or all"),
	OPT_END
};

const struct opt_command send_command = {
	.name = "send",
	.operands = "[HOST[:PORT]]",
	.about = "Sends one small test message, through a server (smtp.office365.com:587), to the "
		 "recipient's own server (--mx) or by Microsoft Graph (--via graph), and says what "
		 "became of it: accepted, or refused, why, and what to do. Who sends it to whom is "
		 "shown and has to be confirmed first. It is marked as a test; what is accepted is "
		 "delivered. Exit status: 0 accepted, 1 a problem was found, 2 wrong usage or not "
		 "confirmed, 3 it could not be sent.",
	.table = table,
	.nouns = 1u << REPORT_SEND,
};

/* bytes; a user part of 64, an @, a domain of 255 (RFC 3696 section 3) */
enum { SUBJECT_MOST = 255, USER_MOST = 320 };

static bool is_utf8(const char *s)
{
	for (size_t n = strlen(s), len; n; s += len, n -= len) {
		len = str_utf8(s, n);
		if (!len)
			return false;
	}
	return true;
}

static int test_text(const struct send_options *o)
{
	const struct ask *ask = &o->ask;

	if (!*ask->to && !o->session.lab)
		return opt_wrong("send", "who is to get the message? Give --to ADDRESS");
	if (*ask->to && !is_mail_address(ask->to))
		return opt_wrong("send", "--to: '%s' is no mail address", ask->to);
	if (opt_test_text("send", "user", ask->user, USER_MOST) != OPT_GO ||
	    opt_test_text("send", "subject", ask->subject, SUBJECT_MOST) != OPT_GO)
		return EXIT_USAGE;
	if (!is_utf8(ask->subject))
		return opt_wrong("send", "--subject: it is not UTF-8");
	if (o->attach.n > LETTER_FILES_MOST)
		return opt_wrong("send", "--attach: a message can have %d files",
				 LETTER_FILES_MOST);
	return OPT_GO;
}

static int test_fetch(struct send_run *run)
{
	struct fetch *f = &run->options.fetch;
	const struct mailbox_source *s = &f->secret;

	if (f->from && run->options.session.lab)
		return opt_wrong("send", "--fetch looks into a real mailbox, and the lab delivers "
				 "nothing");
	if (f->from)
		return fetch_read(f, run->arena);
	if (f->wait_ms || s->password_file || s->password_command || s->token_file ||
	    s->token_command)
		return opt_wrong("send", "--wait and --fetch-password-file belong to --fetch URL");
	return OPT_GO;
}

/* By Graph: what belongs to SMTP says nothing. */
static int test_graph(const struct send_run *run)
{
	const struct send_options *o = &run->options;

	if (run->operands.n)
		return opt_wrong("send", "'%s' is too much: the mailbox is --user, who gets the "
				 "message --to", run->operands.v[0]);
	if (o->mx || o->attach.n || o->size || o->client_cert || o->client_key || *o->ask.auth)
		return opt_wrong("send", "--mx, --attach, --size, --client-cert and --auth are "
				 "for SMTP, not for --via graph");
	return OPT_GO;
}

static int test_smtp(const struct send_run *run)
{
	const struct send_options *o = &run->options;
	const struct ask *ask = &o->ask;

	if (run->operands.n > 1)
		return opt_wrong("send", "'%s' is too much: one server is enough",
				 run->operands.v[1]);
	if (o->mx && run->operands.n)
		return opt_wrong("send", "--mx finds the server by the recipient's domain: leave "
				 "'%s' out", run->operands.v[0]);
	if (o->mx && *ask->user)
		return opt_wrong("send", "--mx sends without a login: leave --user out");
	if (!o->mx && !run->operands.n && !o->session.lab)
		return opt_wrong("send", "by which way? Give a server (smtp.office365.com:587), "
				 "--mx, or --via graph");
	if (!*ask->from && !o->session.lab)
		return opt_wrong("send", "who sends it? Give --from ADDRESS");
	return OPT_GO;
}

static int test(struct send_run *run)
{
	struct send_options *o = &run->options;
	int status = test_text(o);

	run->graph = str_eq(o->ask.via, "graph");
	if (status == OPT_GO)
		status = run->graph ? test_graph(run) : test_smtp(run);
	if (status == OPT_GO)
		status = test_fetch(run);
	if (status == OPT_GO)
		status = check_options_test(&run->check, run->arena);
	if (status == OPT_GO && !o->yes && !o->session.lab && !confirm_possible())
		return opt_wrong("send", "nothing is sent unasked: there is no terminal to ask on, "
				 "so say --yes");
	return status;
}

int send_options_read(struct send_run *run, int argc, char **argv)
{
	struct send_options *o = &run->options;
	struct check_options *c = &run->check;
	int status;

	*o = (struct send_options) {
		.ask = ask_nothing, .output = { .format = "text", .color = "auto" },
	};
	status = opt_parse(&send_command, run->arena, argc, argv, o, &run->operands);
	if (status != OPT_GO)
		return status;
	if (!*o->ask.from && is_mail_address(o->ask.user) && !str_eq(o->ask.via, "graph"))
		o->ask.from = o->ask.user;
	check_options_init(c);
	c->command = "send";
	c->ask = o->ask;
	c->session = o->session;
	c->output = o->output;
	c->credentials = o->credentials;
	c->credentials.command = "send";
	c->cloud = o->cloud;
	c->client_cert = o->client_cert;
	c->client_key = o->client_key;
	c->mx = o->mx;
	return test(run);
}
