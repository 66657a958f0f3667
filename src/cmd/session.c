/*
 * session - a command in its first fiber: simulated servers, network, work, and the end of each.
 */
#include "cmd/session.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/trace.h"
#include "cmd/ca-file.h"
#include "cmd/cmd.h"
#include "cmd/lab-net.h"
#include "fiber/fiber.h"
#include "lab/lab.h"

enum { ANCHOR_MOST = 256 * 1024 };

/* Is there a key of DNSSEC in the file, as a line of a zone file has it? NULL, or what is wrong. */
static const char *anchor_trouble(struct arena *a, const char *path)
{
	_cleanup_(buf_release) struct buf text = BUF_INIT(ANCHOR_MOST);
	FILE *f = fopen(path, "re");
	char piece[1024];
	size_t n;
	int err;

	while (f && (n = fread(piece, 1, sizeof(piece), f)) > 0 && buf_add(&text, piece, n))
		;
	err = !f || ferror(f) ? errno : 0;
	if (f)
		fclose(f);
	if (err)
		return arena_printf(a, "cannot read '%s': %s", path, strerrordesc_np(err));
	if (str_find_nocase(buf_str(&text), "DNSKEY") || str_find_nocase(buf_str(&text), " DS ") ||
	    str_find_nocase(buf_str(&text), "\tDS\t"))
		return NULL;
	return arena_printf(a, "there is no DNSKEY or DS record in '%s'", path);
}

int session_test(const struct session_options *o, const char *command, struct arena *a)
{
	const char *trouble, *bad;

	if (o->ipv4 && o->ipv6)
		return opt_wrong(command, "-4 and -6 together leave nothing to dial");
	trouble = o->net.ca_file ? ca_file_trouble(a, o->net.ca_file) : NULL;
	if (trouble)
		return opt_wrong(command, "--ca-file: %s", trouble);
	trouble = o->net.trust_anchor ? anchor_trouble(a, o->net.trust_anchor) : NULL;
	if (trouble)
		return opt_wrong(command, "--trust-anchor: %s", trouble);
	if (o->trace && !trace_set(o->trace, &bad))
		return opt_wrong(command, "--trace: '%.*s' is none of fiber, dns, net, tls, smtp, "
				 "http, checks, rules, lab, all", (int)strcspn(bad, ","), bad);
	return OPT_GO;
}

static int with_net(struct session *s)
{
	struct net_options net = s->options->net;
	const char *error;
	int status;

	if (s->options->ipv4 || s->options->ipv6)
		net.family = s->options->ipv4 ? AF_INET : AF_INET6;
	net.no_dnssec = s->lab != NULL;
	if (s->lab && !net.resolver)
		net.resolver = lab_resolver(s->lab);
	if (s->lab && !net.ca_file)
		net.ca_file = lab_ca_file(s->lab);
	s->net = net_new(s->arena, &net, &error);
	if (!s->net)
		return opt_wrong(s->command, "%s", error);
	if (s->lab)
		lab_net_map(s->lab, s->net);
	status = s->work(s->arg);
	net_freep(&s->net);
	return status;
}

static int in_first_fiber(void *arg)
{
	struct session *s = arg;
	const char *error;
	struct scope scope;
	int status = OPT_GO;

	if (!s->options->lab)
		return with_net(s);
	scope_begin(&scope);
	s->lab = lab_start(s->arena, &scope, s->options->lab, &error);
	if (!s->lab)
		status = opt_wrong(s->command, "--lab: %s", error);
	else if (s->take_lab)
		status = s->take_lab(s->arg, s->lab);
	if (status == OPT_GO)
		status = with_net(s);
	scope_cancel(&scope);
	scope_join(&scope);
	lab_free(s->lab);
	return status;
}

int session_run(struct session *s)
{
	int status = fiber_run(in_first_fiber, s);

	if (status < 0)
		opt_wrong(s->command, "the event loop cannot be started");
	return status;
}

int session_print(struct session *s)
{
	int status;

	if (!output_open(s->output, s->command, &s->report))
		return EXIT_USAGE;
	status = session_run(s);
	if (!output_close(&s->report, s->output, s->command) || status < 0)
		status = EXIT_UNTESTED;
	return fiber_signal() ? 128 + fiber_signal() : status;
}
