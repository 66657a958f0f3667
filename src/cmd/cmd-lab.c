/*
 * cmd-lab - a simulated tenant that stays until Ctrl-C, for other programs to be tried against.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/trace.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "fiber/fiber.h"
#include "lab/lab.h"

struct lab_options {
	bool		 list;
	const char	*trace;
};

static const struct opt table[] = {
	{ OPT_FLAG, 'l', "list", NULL, offsetof(struct lab_options, list),
	  "the scenarios that are built in, and what each simulates", NULL },
	OPT(TEXT, "trace", "LIST", offsetof(struct lab_options, trace),
	    "tell on standard error what the program does: lab, dns, smtp, ... or all"),
	OPT_END
};

static const struct opt_command lab_command = {
	.name = "lab",
	.operands = "[SCENARIO]",
	.about = "Starts simulated DNS, SMTP and web servers on this machine that behave as the "
		 "scenario says (a built-in name, or a file with a slash in its path), prints "
		 "where they listen and a command line to try, and stops on Ctrl-C. 'smtpwhy check "
		 "--lab SCENARIO' does all of it in one go.",
	.table = table,
};

/* One line each, however long: people grep in it. */
static int list(struct arena *a)
{
	const struct lab_entry *entries;
	size_t n = lab_list(a, &entries), widest = 0;

	for (size_t i = 0; i < n; i++)
		widest = strlen(entries[i].name) > widest ? strlen(entries[i].name) : widest;
	for (size_t i = 0; i < n; i++)
		printf("%-*s  %s\n", (int)widest, entries[i].name, entries[i].title);
	return EXIT_GOOD;		/* whether it could be written main() looks */
}

struct stay {
	struct arena	*arena;
	const char	*scenario;
};

/* As a shell takes it: quoted when there is anything in it that a shell would look at. */
static const char *quoted(struct arena *a, const char *word)
{
	for (const char *p = word; *p; p++)
		if (!ascii_is_alnum(*p) && !strchr("@%+=:,./-_[]", *p))
			return arena_printf(a, "'%s'", word);
	return word;
}

/*
 * Has the name and port been told already? Each stands there once for each of the name's addresses.
 */
static bool told(const struct lab_port *ports, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (ports[k].port == ports[i].port && str_eq(ports[k].host, ports[i].host))
			return true;
	return false;
}

static void tell_command(struct arena *a, const struct lab *lab, const struct lab_port *ports,
			 size_t n)
{
	const struct strv *options = lab_options(lab);

	printf("\nTry it:\n\n  ");
	if (*lab_password(lab))
		printf("SMTPWHY_PASSWORD=%s ", quoted(a, lab_password(lab)));
	if (*lab_token(lab))
		printf("SMTPWHY_TOKEN=%s ", quoted(a, lab_token(lab)));
	printf("smtpwhy check %s --ca-file %s", lab_target(lab), quoted(a, lab_ca_file(lab)));
	for (size_t i = 0; i < n; i++)
		if (str_eq(ports[i].state, "open") && !told(ports, i))
			printf(" --connect-to %s:%u:127.0.0.1:%u", ports[i].host, ports[i].port,
			       ports[i].real_port);
	for (size_t i = 0; i < options->n; i++)
		printf(" %s", quoted(a, options->v[i]));
	printf("\n\nCtrl-C stops it.\n");
}

/* For clients that want a token from the simulated token service. */
static void tell_apps(struct arena *a, const struct lab *lab)
{
	const struct lab_app *apps;
	size_t n = lab_apps(lab, a, &apps);

	if (n > 0)
		printf("\nApps that can ask for a token:\n\n");
	for (size_t i = 0; i < n; i++)
		printf("  %s  %s, %s: %s%s%s\n", apps[i].id, apps[i].tenant, apps[i].name,
		       apps[i].how, *apps[i].secret ? " " : "", apps[i].secret);
}

static void tell(struct arena *a, const struct lab *lab)
{
	const struct lab_port *ports;
	size_t n = lab_ports(lab, &ports), widest = 0;

	for (size_t i = 0; i < n; i++)
		widest = strlen(ports[i].host) > widest ? strlen(ports[i].host) : widest;
	printf("%s\n\n", lab_title(lab));
	printf("  %-10s %s\n  %-10s %s\n", "resolver", lab_resolver(lab), "CA file",
	       lab_ca_file(lab));
	if (*lab_password(lab))
		printf("  %-10s %s\n", "password", lab_password(lab));
	if (*lab_token(lab))
		printf("  %-10s %s\n", "token", lab_token(lab));
	printf("\n");
	for (size_t i = 0; i < n; i++)
		if (!str_eq(ports[i].state, "refused") && !told(ports, i))
			printf("  %-*s  port %-4u is 127.0.0.1:%u (%s)\n", (int)widest,
			       ports[i].host, ports[i].port, ports[i].real_port,
			       ports[i].state);
	tell_apps(a, lab);
	tell_command(a, lab, ports, n);
	fflush(stdout);
}

static int stay(void *arg)
{
	struct stay *s = arg;
	struct scope scope;
	struct event never;
	struct lab *lab;
	const char *error;
	int status = EXIT_GOOD;

	scope_begin(&scope);
	lab = lab_start(s->arena, &scope, s->scenario, &error);
	if (lab) {
		tell(s->arena, lab);
		event_init(&never);
		while (event_wait(&never) != -ECANCELED)
			;
	} else {
		status = opt_wrong("lab", "%s", error);
	}
	scope_cancel(&scope);
	scope_join(&scope);
	lab_free(lab);
	return status;
}

int cmd_lab(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct lab_options options = { .list = false };
	struct strv operands = { NULL, 0, 0 };
	struct stay s = { .arena = a };
	const char *bad;
	int status = opt_parse(&lab_command, a, argc, argv, &options, &operands);

	if (status != OPT_GO)
		return status;
	if (options.trace && !trace_set(options.trace, &bad))
		return opt_wrong("lab", "--trace: '%.*s' is none of fiber, dns, net, tls, smtp, "
				 "http, checks, rules, lab, all", (int)strcspn(bad, ","), bad);
	if (options.list)
		return list(a);
	if (operands.n != 1)
		return opt_wrong("lab",
				 operands.n ? "one scenario at a time" :
				 "which scenario? 'smtpwhy lab --list' names them");
	s.scenario = operands.v[0];
	status = fiber_run(stay, &s);
	return status < 0 ? EXIT_UNTESTED : status;
}
