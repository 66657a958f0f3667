/*
 * main - finds the command and runs it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/redact.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"

struct command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*about;
};

static const struct command commands[] = {
	{ "check", cmd_check, "ask a server, name the cause of what fails, say what to do" },
	{ "audit", cmd_audit,
	  "check each target of a list, and count what is wrong by cause and client" },
	{ "explain", cmd_explain, "what an error, a log or a bounce means" },
	{ "headers", cmd_headers,
	  "why a delivered message went to junk or came late, by its header" },
	{ "codes", cmd_codes, "search the table of error codes" },
	{ "token", cmd_token, "get an OAuth token; what is in one, and what is wrong with it" },
	{ "judge", cmd_judge,
	  "judge evidence saved earlier (--format evidence), by today's rules" },
	{ "diff", cmd_diff, "what changed between two saved runs, and what got worse" },
	{ "lint", cmd_lint, "what is wrong with a program's mail settings, before it sends" },
	{ "sink", cmd_sink,
	  "an SMTP server on this machine that judges what an application sends to it" },
	{ "send", cmd_send, "one test message by SMTP or Microsoft Graph, and what became of it" },
	{ "lab", cmd_lab, "a simulated mail server, with faults, on this machine" },
};

static void help(FILE *to)
{
	fputs("usage: smtpwhy COMMAND [options] ...\n\n"
	      "Tells why mail can't be sent, and what to do about it.\n\n", to);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].about);
	fputs("\n"
	      "  smtpwhy check smtp.office365.com:587 --user scan@contoso.com\n"
	      "  smtpwhy explain '535 5.7.139 Authentication unsuccessful, ...'\n\n"
	      "'smtpwhy COMMAND --help' tells more; --version prints the version.\n", to);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (str_eq(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* Somebody forgot the command, or slipped: say what was probably meant. */
static int unknown(const char *word)
{
	const char *names[ARRAY_LEN(commands) + 2], *near;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		names[i] = commands[i].name;
	names[ARRAY_LEN(commands)] = "help";
	names[ARRAY_LEN(commands) + 1] = NULL;
	near = opt_near(word, names);
	if (near)
		return opt_wrong("", "there is no command '%s'; did you mean '%s'?", word, near);
	if (*word == '-')
		return opt_wrong("", "there is no option %s; 'smtpwhy --help' tells what there is",
				 word);
	if (strpbrk(word, ".@:") && !strchr(word, ' '))
		return opt_wrong("", "there is no command '%s'; did you mean 'smtpwhy check %s'?",
				 word, word);
	if (ascii_is_digit(*word) || strchr(word, ' '))
		return opt_wrong("", "there is no command '%s'; did you mean 'smtpwhy explain' and "
				 "this text?", word);
	return opt_wrong("",
			 "there is no command '%s'; 'smtpwhy --help' tells what there is", word);
}

static int help_on(const char *name)
{
	char help_option[] = "--help", *argv[] = { (char *)name, help_option, NULL };
	const struct command *c = find(name);

	return c ? c->run(2, argv) : unknown(name);
}

/*
 * GnuTLS asks this before it starts itself with the program (GNUTLS_SKIP_GLOBAL_INIT in its
 * header). That takes longer than it takes to explain a reply. The client's trust store and the
 * lab's certificates start it when they come into being, before anything else of it is used.
 */
int _gnutls_global_init_skip(void);
int _gnutls_global_init_skip(void)
{
	return 1;
}

/*
 * A standard descriptor that is closed would be the number of the next socket or file, and what is
 * printed would go there. So something takes its place with which reading or writing fails as it
 * did before.
 */
static void keep_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int useless = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", useless) != fd)
			_exit(EXIT_UNTESTED);	/* nothing can be said, and to nobody */
	}
}

/* What the commands write they have flushed and judged; this is for helps and lists. */
static int finish(int status)
{
	int bad = ferror(stdout) | fflush(stdout), err = errno;

	if (!bad || status != EXIT_GOOD)
		return status;
	if (err == EPIPE)
		raise(SIGPIPE);
	opt_wrong("", "writing to standard output failed: %s", strerrordesc_np(err));
	return EXIT_UNTESTED;
}

static int run(int argc, char **argv)
{
	const struct command *c;

	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	c = find(argv[1]);
	if (c) {
		int status = c->run(argc - 1, argv + 1);

		redact_end();
		return status;
	}
	if (str_eq(argv[1], "help") && argc > 2)
		return help_on(argv[2]);
	if (str_in(argv[1], "--help|-h|help")) {
		help(stdout);
		return EXIT_GOOD;
	}
	if (str_in(argv[1], "--version|-V")) {
		printf("smtpwhy %s\n", PACKAGE_VERSION);
		return EXIT_GOOD;
	}
	return unknown(argv[1]);
}

int main(int argc, char **argv)
{
	keep_standard_descriptors();
	return finish(run(argc, argv));
}
