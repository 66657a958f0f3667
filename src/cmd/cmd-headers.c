/*
 * cmd-headers - why a delivered message went to junk or came late, and which way it took, by its
 * header. It asks nobody but, with --verify, DNS for the keys of the signatures.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "cmd/tables.h"
#include "fiber/fiber.h"
#include "message/message.h"
#include "paste/explain.h"

struct headers_options {
	struct output_options	 output;
	struct session_options	 session;
	bool			 verify;
};

#define AT(member) offsetof(struct headers_options, member)

static const struct opt table[] = {
	OUTPUT_OPTIONS(struct headers_options),
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose),
	  "show every hop and the long form of the advice", NULL },

	OPT_HEAD("Signatures:"),
	{ OPT_FLAG, 0, "verify", NULL, AT(verify),
	  "verify DKIM signatures and the ARC chain with the keys that are published now: asks DNS "
	  "for them", NULL },
	NET_RESOLVER_OPTION(struct headers_options),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	    "ask the DNS of a simulated network in place of the real one"),
	OPT_END
};

static const struct opt_command headers_command = {
	.name = "headers",
	.operands = "FILE|-",
	.about = "Says why a delivered message went to junk or came late, which path it took and "
		 "whether SPF, DKIM and DMARC are aligned, by its header: a saved message (.eml, "
		 ".msg, mbox) or a header that was copied. Nobody is asked without --verify. Exit "
		 "status: 0 nothing wrong was found, 1 a cause was, 2 wrong usage or no header, 3 "
		 "the network or the result could not be used.",
	.table = table,
	.nouns = 1u << REPORT_HEADERS,
};

/* The header stands at the beginning: of what is longer than 16 MiB, that is enough. */
static int read_file(const char *path, const char *name, struct buf *b)
{
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p;
	ssize_t n;

	while ((n = input_read(in, &p)) > 0) {
		if (!buf_add(b, p, (size_t)n)) {
			b->overflow = false;
			buf_add(b, p, b->limit - b->len);
			return OPT_GO;
		}
	}
	return n < 0 ? opt_wrong("headers", "%s %s", name, input_trouble(in)) : OPT_GO;
}

struct verifying {
	struct session	 session;
	struct message	*message;
};

/* In the first fiber. */
static int verify(void *arg)
{
	struct verifying *v = arg;
	struct domain_dns dns = domain_dns_of(net_dns(v->session.net));

	message_verify(v->message, &dns, clock_wall());
	return EXIT_GOOD;
}

static int look_up(struct arena *a, const struct headers_options *o, struct message *m)
{
	struct verifying v = { .message = m };
	int status = session_test(&o->session, "headers", a);

	if (!o->verify || status != OPT_GO)
		return status;
	v.session = (struct session){
		.command = "headers", .arena = a, .options = &o->session, .work = verify, .arg = &v,
	};
	status = session_run(&v.session);
	if (fiber_signal())
		return 128 + fiber_signal();
	if (status == EXIT_GOOD)
		return OPT_GO;
	return status < 0 ? EXIT_UNTESTED : status;
}

static int report(const struct headers_options *o, const struct message_judged *j)
{
	struct report r;

	if (!output_open(&o->output, "headers", &r))
		return EXIT_USAGE;
	report_put(&r, REPORT_HEADERS, j);
	if (!output_close(&r, &o->output, "headers"))
		return EXIT_UNTESTED;
	return j->problem ? EXIT_PROBLEM : EXIT_GOOD;
}

/* No header, but perhaps an error: what `smtpwhy explain` says of it. */
static int report_error(struct arena *a, const struct headers_options *o, const struct know *know,
			const struct buf *text, const char *name)
{
	const struct explanation *e = explain_text(a, know, buf_str(text), text->len);
	struct report r;

	if (!e->n_replies || !e->n_diagnosis || !str_eq(o->output.format, "text"))
		return opt_wrong("headers",
				 "no header field was found in %s; an error, a log or a bounce is "
				 "for 'smtpwhy explain'",
				 name);
	opt_wrong("headers",
		  "no header field was found in %s; it was read as 'smtpwhy explain' does", name);
	if (!output_open(&o->output, "headers", &r))
		return EXIT_USAGE;
	report_put(&r, REPORT_EXPLANATION, e);
	return output_close(&r, &o->output, "headers") ? EXIT_PROBLEM : EXIT_UNTESTED;
}

int cmd_headers(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf text = BUF_INIT(LIMIT_PASTE);
	struct headers_options options = { .output = { .format = "text", .color = "auto" } };
	struct strv operands = { NULL, 0, 0 };
	int status = opt_parse(&headers_command, a, argc, argv, &options, &operands);
	const struct know *know;
	struct message *m;
	const char *name;

	if (status != OPT_GO)
		return status;
	if (!options.verify && (options.session.net.resolver || options.session.lab))
		return opt_wrong("headers", "--resolver and --lab are for --verify");
	if (operands.n != 1)
		return opt_wrong(
			"headers",
			"give one file with the message or its header, or - for standard input");
	name = str_eq(operands.v[0], "-") ? "standard input"
					  : arena_printf(a, "'%s'", operands.v[0]);
	status = read_file(operands.v[0], name, &text);
	if (status != OPT_GO)
		return status;
	know = tables_load(a, NULL, "headers");
	if (!know)
		return EXIT_USAGE;
	m = message_read(a, know, (struct span) { buf_str(&text), text.len });
	if (!m->fields.n)
		return report_error(a, &options, know, &text, name);
	status = look_up(a, &options, m);
	return status == OPT_GO ? report(&options, message_judge(m)) : status;
}
