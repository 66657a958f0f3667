/*
 * check-options - the options of `check`: the table, and what makes no sense.
 */
#include "cmd/check-options.h"

#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/from-list.h"
#include "net/net.h"

static const char *const mechanisms[] = { "login", "plain", "xoauth2", "oauthbearer", NULL };
static const char *const paths[] = {
	"client-submission", "direct-send", "smtp-relay", "high-volume-email",
	"azure-communication-services", "graph", "third-party", "personal-outlook", NULL,
};

static const char *const ways[] = { "smtp", "graph", NULL };

#define AT(member) offsetof(struct check_options, member)

static const struct opt table[] = {
	OPT_HEAD("What is asked:"),
	OPT(TEXT, "ports", "LIST", AT(ports),
	    "ports to try: 25,465,587; 465 means TLS from the start, others STARTTLS, unless "
	    "written like 2465/tls or 2587/starttls; else those of the provider's path"),
	OPT(TEXT, "provider", "NAME", AT(ask.provider),
	  "whose server it is (m365, google, ...); else it is recognised"),
	{ OPT_CHOICE, 0, "path", "NAME", AT(ask.path),
	  "how mail is sent: client-submission, direct-send, smtp-relay, high-volume-email, "
	  "azure-communication-services, graph, third-party, personal-outlook", paths },
	{ OPT_CHOICE, 0, "via", "WAY", AT(ask.via),
	  "smtp, or graph: could this mailbox send by Microsoft Graph, with this token? Nothing "
	  "is sent without --data", ways },
	OPT(TEXT, "cloud", "NAME", AT(cloud),
	    "with --via graph: worldwide, gcch, dod, 21v; else the cloud that the token is for"),
	OPT(TEXT, "user", "NAME", AT(ask.user),
	  "log in as NAME: once, with the best mechanism that is offered"),
	OPT(TEXT, "from", "ADDRESS", AT(ask.from),
	  "try this sender with MAIL FROM; no message is sent without --data"),
	OPT(TEXT, "to", "ADDRESS", AT(ask.to),
	  "try this recipient with RCPT TO, then take it back"),
	OPT(TEXT, "sender-ip", "ADDRESS", AT(ask.sender_ip),
	  "the public IP address that the mail will come from: does SPF allow it? Else the one "
	  "that the server sees"),
	OPT(TEXT, "selector", "NAME,...", AT(ask.selector),
	    "look at the DKIM keys of the sender's domain with these selectors (s= of a "
	    "signature)"),
	OPT_SWITCH("blocklists", AT(ask.blocklists),
	  "ask public blocklists for the sending address and the sender's domain"),
	OPT(TEXT, "from-list", "FILE", AT(from_list), "try each sender in FILE, one a line, in one "
	    "session of --user: who may send as whom, and what the refused ones need"),
	OPT(TEXT, "from-config", "FILE[#NAME]", AT(from_config),
	    "take server, port, TLS, login and sender from a program's configuration, as 'smtpwhy "
	    "lint' reads it; what is said here wins, and no TARGET is needed"),
	OPT_SWITCH("data", AT(ask.data),
	  "send a message from --from (from each of --from-list) to --to, for some refusals come "
	  "only after it: it is marked as a test, and delivered if it is taken"),
	OPT(TEXT, "direct-send-test", "DOMAIN", AT(direct_send),
	    "does the MX of DOMAIN take its own sender from here without a login? Stops before the "
	    "message; needs --i-may-test DOMAIN and --to"),
	OPT(TEXT, "i-may-test", "DOMAIN", AT(may_test),
	    "DOMAIN is yours, or its owner asked you to test it"),
	OPT(TEXT, "helo", "NAME", AT(ask.helo),
	  "say EHLO NAME; else this machine's full name, or its address in brackets"),
	OPT(LIST, "only", "GLOB", AT(ask.only),
	  "run these checks and what they need; may be repeated"),
	OPT(LIST, "skip-check", "GLOB", AT(ask.skip),
	  "leave these checks out; may be repeated"),

	OPT_HEAD("Logging in:"),
	{ OPT_CHOICE, 0, "auth", "MECHANISM", AT(ask.auth),
	  "login, plain, xoauth2 or oauthbearer; else the best that is offered", mechanisms },
	CREDENTIAL_OPTIONS(struct check_options),
	OPT(TEXT, "tenant", "ID", AT(ask.tenant),
	  "the id of the tenant that has the mailbox, which a token has to come from; else its "
	  "domain is looked up"),
	OPT_SWITCH("allow-plaintext-auth", AT(ask.allow_plaintext_auth),
	  "send the secret even without TLS: anyone on the way can read it"),
	OPT_SWITCH("allow-untrusted-auth", AT(ask.allow_untrusted_auth),
	  "send the secret even if the certificate does not prove whose server it is"),

	OPT_HEAD("With an administrator of Microsoft 365, who only reads:"),
	ADMIN_OPTIONS(struct check_options),
	OPT_SWITCH("print-admin-script", AT(print_admin_script),
		   "print a PowerShell script that reads what decides about --user (and --from); "
		   "'smtpwhy explain' reads what it prints. Nothing is dialled"),

	OPT_HEAD("The way there:"),
	NET_FAMILY_OPTIONS(struct check_options),
	NET_RESOLVER_OPTION(struct check_options),
	NET_TRUST_ANCHOR_OPTION(struct check_options),
	OPT(LIST, "connect-to", "HOST:PORT:ADDR:PORT", AT(session.net.connect_to),
	  "dial ADDR:PORT when HOST:PORT is meant (empty: any); the name is then not looked up; "
	  "may be repeated"),
	OPT(TEXT, "source", "ADDR", AT(session.net.source),
	  "dial from this address of the machine"),
	NET_CA_FILE_OPTION(struct check_options),
	OPT(TEXT, "client-cert", "FILE", AT(client_cert),
	    "show the certificate in FILE (PEM) to servers that ask for one"),
	OPT(TEXT, "client-key", "FILE", AT(client_key),
	    "its key (PEM, no passphrase), which nobody else may read"),
	OPT(TEXT, "control", "HOST", AT(ask.control_host),
	  "a host known to be reachable: tells a blocked port from a dead network"),
	OPT(SECONDS, "timeout", "SEC", AT(session.net.timeout_ms), "for one step (15)"),
	OPT(SECONDS, "max-time", "SEC", AT(ask.max_time_ms), "for one target (120)"),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	  "start a simulated server, aim at it, stop it; 'smtpwhy lab --list' names them"),

	OPT_HEAD("Which way of sending fits:"),
	CASE_OPTIONS(struct check_options),

	OPT_HEAD("The result:"),
	OUTPUT_OPTIONS(struct check_options),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what is wrong, and why", NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose),
	  "also how long each stage took and every line that was said", NULL },
	OPT_SWITCH("strict", AT(ask.strict), "a warning counts as a problem"),
	OPT(TEXT, "expect", "FILE", AT(expect),
	    "compare with what is expected in FILE: what is not met is a problem"),
	OPT(TEXT, "write-expect", "FILE", AT(write_expect),
	    "write what this run is like into FILE, for --expect"),
	OPT(TEXT, "baseline", "FILE", AT(baseline),
	    "print what changed since the run in FILE (of --format evidence or json), as "
	    "'smtpwhy diff' does; exit status 1 means that something got worse"),
	OPT_SWITCH("accept", AT(accept),
		   "with --baseline: this run is good as it is; keep it in FILE"),
	OPT(TEXT, "codes", "FILE", AT(codes), "more rows of a table, before the built-in ones"),
	OPT_SWITCH("no-progress", AT(no_progress), "no line of progress on the terminal"),
	OPT(TEXT, "trace", "LIST", AT(session.trace),
	  "tell on standard error what the program does: fiber, dns, net, tls, smtp, http, checks, "
	  "rules, lab, or all"),
	OPT_END
};

const struct opt_command check_command = {
	.name = "check",
	.operands = "TARGET...",
	.about = "Runs the checks on a host (smtp.office365.com:587), a domain (contoso.com) or an "
		 "address (scan@contoso.com), names the cause of what fails and says what to do. "
		 "No message is sent without --data. Exit status: 0 good, 1 a problem was found, 2 "
		 "wrong usage, 3 it could not be tested.",
	.table = table,
	.nouns = 1u << REPORT_CHECK | 1u << REPORT_DIFF,
};

void check_options_init(struct check_options *o)
{
	*o = (struct check_options) {
		.command = check_command.name, .ask = ask_nothing,
		.output = { .format = "text", .color = "auto" },
	};
}

const char *parse_ports(struct arena *a, const char *text, struct ask_port **ret, size_t *ret_n)
{
	struct strv words = { NULL, 0, 0 };
	struct ask_port *ports;
	size_t n = 0;

	strv_split(&words, a, text, ',');
	ports = arena_alloc(a, (words.n + 1) * sizeof(*ports));
	for (size_t i = 0; i < words.n; i++) {
		struct scan s = scan_span(span_of(words.v[i]));
		struct ask_port p = { .port = (unsigned)scan_number(&s, 65535) };
		bool again = false;

		p.implicit_tls = p.port == 465;
		if (scan_accept_str(&s, "/tls"))
			p.implicit_tls = true;
		else if (scan_accept_str(&s, "/starttls"))
			p.implicit_tls = false;
		if (scan_failed(&s) || !scan_done(&s) || p.port == 0)
			return arena_printf(a, "'%s' is no port: 1 to 65535, maybe with /tls or "
					    "/starttls", words.v[i]);
		for (size_t j = 0; j < n; j++)
			again |= ports[j].port == p.port;
		if (!again)
			ports[n++] = p;
	}
	if (n == 0)
		return "no port is named";
	if (n > 16)
		return "more than 16 ports are named";
	*ret = ports;
	*ret_n = n;
	return NULL;
}

static bool is_one_word(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == '\x7f')
			return false;
	return true;
}

/* A test that writes in somebody's name is for those it belongs to. */
static int test_direct_send(const struct check_options *o, const char *me)
{
	const char *domain = o->direct_send;
	const struct ask *ask = &o->ask;

	if (!domain)
		return o->may_test ?
		       opt_wrong(me, "--i-may-test is for --direct-send-test DOMAIN") : OPT_GO;
	if (!strchr(domain, '.') || strchr(domain, '@') || strchr(domain, ':') ||
	    strchr(domain, '/') || !is_one_word(domain) || strlen(domain) > 253)
		return opt_wrong(me, "--direct-send-test: '%s' is no domain", domain);
	if (!o->may_test || !str_eq_nocase(o->may_test, domain))
		return opt_wrong(me, "--direct-send-test writes in the name of %s: say "
				 "--i-may-test %s if you may", domain, domain);
	if (!str_eq_nocase(str_domain(ask->to), domain))
		return opt_wrong(me, "--direct-send-test needs --to ADDRESS, one of your own in %s",
				 domain);
	if (*ask->from && !str_eq_nocase(str_domain(ask->from), domain))
		return opt_wrong(me, "--direct-send-test is about senders in %s, and --from '%s' "
				 "is elsewhere", domain, ask->from);
	if (ask->data || o->from_list)
		return opt_wrong(me, "--direct-send-test stops before the message and does not go "
				 "with --%s", ask->data ? "data" : "from-list");
	if (*ask->user && !o->session.lab)
		return opt_wrong(me, "--direct-send-test is about mail without a login: leave "
				 "--user out");
	return OPT_GO;
}

/* A comparison and a report are not printed in all formats alike. */
static int test_baseline(const struct check_options *o, const char *me)
{
	enum report_noun noun = o->baseline ? REPORT_DIFF : REPORT_CHECK;
	const char *format = o->output.format;

	if (o->accept && !o->baseline)
		return opt_wrong(me, "--accept is for --baseline FILE");
	if (o->baseline && str_eq(o->baseline, "-"))
		return opt_wrong(me, "--baseline: name a file");
	if (!report_knows(format, noun))
		return opt_wrong(me, o->baseline ? "--format %s does not go with --baseline" :
				 "--format %s is for --baseline FILE", format);
	return OPT_GO;
}

int check_options_test(const struct check_options *o, struct arena *a)
{
	const char *me = o->command, *trouble;
	const struct ask *ask = &o->ask;
	bool lab = o->session.lab;
	struct path_means means;
	struct net_address sender;
	struct ask_port *ports;
	int status;
	size_t n;

	trouble = o->ports ? parse_ports(a, o->ports, &ports, &n) : NULL;
	if (trouble)
		return opt_wrong(me, "--ports: %s", trouble);
	if (*ask->from && !is_mail_address(ask->from))
		return opt_wrong(me, "--from: '%s' is no mail address", ask->from);
	if (*ask->to && !is_mail_address(ask->to))
		return opt_wrong(me, "--to: '%s' is no mail address", ask->to);
	if (*ask->sender_ip && !net_address_parse(ask->sender_ip, &sender))
		return opt_wrong(me, "--sender-ip: '%s' is not an IP address", ask->sender_ip);
	if (ask->data && (!(*ask->from || o->from_list) || !*ask->to) && !lab)
		return opt_wrong(me, "--data sends a message and needs --from ADDRESS and --to "
				 "ADDRESS");
	if (o->from_list && !*ask->user && !lab)
		return opt_wrong(me,
				 "--from-list is about what a login may do and needs --user NAME");
	if ((status = test_direct_send(o, me)) != OPT_GO ||
	    (status = test_baseline(o, me)) != OPT_GO)
		return status;
	if (!o->client_cert != !o->client_key)
		return opt_wrong(me, "--client-cert and --client-key go together");
	if (!is_one_word(ask->helo) || strlen(ask->helo) > 255)
		return opt_wrong(me, "--helo: '%s' is no name", ask->helo);
	if ((status = opt_test_text(me, "user", ask->user, SIZE_MAX)) != OPT_GO)
		return status;
	if (*ask->auth && !*ask->user && !lab)
		return opt_wrong(me, "--auth needs --user NAME");
	if (*ask->tenant && !is_guid(ask->tenant))
		return opt_wrong(me, "--tenant: '%s' is no tenant id, which looks like "
				 "11111111-2222-3333-4444-555555555555", ask->tenant);
	status = session_test(&o->session, me, a);
	return status == OPT_GO ? case_options_read(&o->fit, me, a, &means) : status;
}
