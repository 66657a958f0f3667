/*
 * cmd-sink - a receiving sandbox: an SMTP server that accepts every message, delivers none, and
 * tells what receivers would make of each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/secret.h"
#include "cmd/cmd.h"
#include "cmd/credentials.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "cmd/tables.h"
#include "fiber/fiber.h"
#include "sink/sink.h"

struct sink_command {
	struct output_options	 output;
	struct session_options	 session;
	const char		*store, *as, *user, *password_file, *count;
	int64_t			 max_time_ms;
	bool			 strict, no_dns;
};

struct sink_state {
	struct sink_command	 options;
	struct sink_options	 sink;
	struct session		 session;
	struct net_address	 address, as;
	const char		*folder;
	struct secret		*password;
	struct sink_summary	 summary;
};

#define AT(member) offsetof(struct sink_command, member)

static const struct opt table[] = {
	OPT_HEAD("What comes in:"),
	OPT(TEXT, "store", "DIR", AT(store),
	    "store each message as DIR/0001.eml, DIR/0002.eml ...; DIR is made if it is not there"),
	OPT(TEXT, "user", "NAME", AT(user),
	    "accept mail only after a login with this name and the password of --password-file; "
	    "else any login is accepted, and none is needed"),
	OPT(TEXT, "password-file", "FILE", AT(password_file), "read that password from FILE"),
	{ OPT_REFUSED, 0, "password", "", 0,
	  "everyone on this machine can read a command line, and the shell remembers it. Use "
	  "--password-file", NULL },
	OPT_HEAD("How it is judged:"),
	OPT(TEXT, "as", "ADDRESS", AT(as),
	    "judge SPF and reverse DNS as if the clients had this IP address: that of the server "
	    "that will send the mail"),
	NET_RESOLVER_OPTION(struct sink_command),
	OPT(SECONDS, "timeout", "SEC", AT(session.net.timeout_ms), "for one question to DNS (15)"),
	OPT_SWITCH("no-dns", AT(no_dns),
		   "ask no DNS server: only the form of a message is judged"),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	    "ask the DNS of a simulated network in place of the real one"),
	OPT_HEAD("When it ends:"),
	OPT(TEXT, "count", "N", AT(count), "after N messages"),
	OPT(SECONDS, "max-time", "SEC", AT(max_time_ms), "after so many seconds, whatever came"),
	OPT_SWITCH("strict", AT(strict), "let a warning count as a problem"),
	OPT_HEAD("The result:"),
	OUTPUT_OPTIONS(struct sink_command),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "no hints below the first line", NULL },
	OPT_END
};

static const struct opt_command sink_command = {
	.name = "sink",
	.operands = "[ADDRESS:PORT]",
	.about = "Starts an SMTP server on this machine that accepts every message, delivers none, "
		 "and says what receivers would make of each: SPF, DKIM, ARC, DMARC, faults of its "
		 "form, the rules of large receivers. It listens on 127.0.0.1 and any free port, "
		 "and its first line tells which. It ends on Ctrl-C, or as told. Exit status: 0 no "
		 "message had a problem, 1 one had, 2 wrong usage, 3 less than --count messages "
		 "came, or the result could not be used.",
	.table = table,
	.nouns = 1u << REPORT_RECEIPT,
};

/* "127.0.0.1:2525", "[::1]:0", "2525", "127.0.0.1". */
static bool place_of(struct arena *a, const char *text, struct net_address *ret, unsigned *ret_port)
{
	const char *colon = strrchr(text, ':');
	unsigned long port = 0;
	char *host;

	*ret_port = 0;
	if (net_address_parse(text, ret))
		return true;
	if (!colon ? !str_number(text, 65535, &port) : !str_number(colon + 1, 65535, &port))
		return false;
	*ret_port = (unsigned)port;
	host = colon ? arena_strndup(a, text, (size_t)(colon - text)) :
	       arena_strdup(a, "127.0.0.1");
	if (*host == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = '\0';
		return net_address_parse(host + 1, ret) && net_address_family(ret) == AF_INET6;
	}
	return net_address_parse(host, ret) && net_address_family(ret) == AF_INET;
}

static int make_folder(const char *folder)
{
	struct stat st;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return opt_wrong("sink", "--store: cannot make '%s': %s", folder,
				 strerrordesc_np(errno));
	if (stat(folder, &st) < 0)
		return opt_wrong("sink", "--store: cannot use '%s': %s", folder,
				 strerrordesc_np(errno));
	if (!S_ISDIR(st.st_mode))
		return opt_wrong("sink", "--store: '%s' is not a directory", folder);
	return OPT_GO;
}

static int take_login(struct sink_state *s)
{
	struct sink_command *o = &s->options;

	if (!o->user != !o->password_file)
		return opt_wrong("sink", "--user and --password-file belong together");
	if (!o->user)
		return OPT_GO;
	if (credentials_file("sink", "the password", o->password_file, &s->password) != OPT_GO)
		return EXIT_USAGE;
	s->sink.user = o->user;
	s->sink.password = secret_bytes(s->password);
	return OPT_GO;
}

static int take_options(struct sink_state *s, struct arena *a, const struct strv *operands)
{
	struct sink_command *o = &s->options;
	const char *where = operands->n ? operands->v[0] : "127.0.0.1:0";
	unsigned long count = 0;

	if (operands->n > 1)
		return opt_wrong("sink", "'%s' is too much: one ADDRESS:PORT", operands->v[1]);
	if (!place_of(a, where, &s->address, &s->sink.port))
		return opt_wrong("sink", "'%s' is not an IP address and a port, such as "
				 "127.0.0.1:2525 or [::1]:2525", where);
	if (o->as && !net_address_parse(o->as, &s->as))
		return opt_wrong("sink", "--as: '%s' is not an IP address", o->as);
	if (o->count && (!str_number(o->count, 1000 * 1000 * 1000, &count) || !count))
		return opt_wrong("sink", "--count: '%s' is not a number from 1 on", o->count);
	if (o->no_dns && (o->session.net.resolver || o->session.lab || o->as))
		return opt_wrong("sink", "--no-dns asks no DNS server: remove it, or --resolver, "
				 "--lab and --as");
	if (take_login(s) != OPT_GO || (o->store && make_folder(o->store) != OPT_GO))
		return EXIT_USAGE;
	s->sink.address = &s->address;
	s->sink.store = o->store;
	s->sink.as = o->as ? s->as.text : NULL;
	s->sink.count = count;
	s->sink.max_time_ms = o->max_time_ms;
	s->sink.no_dns = o->no_dns;
	return session_test(&o->session, "sink", a);
}

static void tell_place(void *arg, const struct sink_place *p)
{
	struct sink_state *s = arg;

	if (p->everybody)
		fprintf(stderr, "smtpwhy sink: warning: %s is not a loopback address: anybody who "
			"reaches it can send to this sandbox\n", p->address);
	report_put(&s->session.report, REPORT_SINK_PLACE, p);
}

static void tell_receipt(void *arg, const struct receipt *l)
{
	struct sink_state *s = arg;

	report_put(&s->session.report, REPORT_RECEIPT, l);
}

static int status_of(const struct sink_state *s)
{
	const struct sink_summary *sum = &s->summary;

	if (*sum->trouble || sum->n < sum->wanted)
		return EXIT_UNTESTED;
	return sum->problems || (s->options.strict && sum->warnings) ? EXIT_PROBLEM : EXIT_GOOD;
}

/* In the first fiber. */
static int work(void *arg)
{
	struct sink_state *s = arg;
	const char *error;

	s->session.report.several = true;
	s->sink.net = net_options(s->session.net);
	if (sink_run(s->session.arena, &s->sink, &s->summary, &error) < 0)
		return opt_wrong("sink", "%s", error);
	report_put(&s->session.report, REPORT_SINK_SUMMARY, &s->summary);
	return status_of(s);
}

int cmd_sink(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct sink_state s = { .options.output = { .format = "text", .color = "auto" } };
	struct strv operands = { NULL, 0, 0 };
	int status = opt_parse(&sink_command, a, argc, argv, &s.options, &operands);

	if (status != OPT_GO)
		return status;
	status = take_options(&s, a, &operands);
	/* Clients send passwords, and this process reads them. */
	secret_hide();
	s.sink.know = status == OPT_GO ? tables_load(a, NULL, "sink") : NULL;
	if (!s.sink.know) {
		secret_free(s.password);
		return EXIT_USAGE;
	}
	s.sink.arg = &s;
	s.sink.tell_place = tell_place;
	s.sink.tell_receipt = tell_receipt;
	s.session = (struct session) {
		.command = "sink", .arena = a, .options = &s.options.session,
		.output = &s.options.output, .work = work, .arg = &s,
	};
	status = session_print(&s.session);
	secret_free(s.password);
	/* A signal is an ordinary end of it. */
	return status > 128 && status == 128 + fiber_signal() ? status_of(&s) : status;
}
