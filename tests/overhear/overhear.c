/*
 * overhear - runs smtpwhy in a test's place, passes on what it says, and listens: does any of it
 * hold a secret that this run was given?
 *
 *	OVERHEAR_PROGRAM=build/smtpwhy OVERHEAR_DIR=tests/out/overheard
 *	OVERHEAR_SCENARIOS=data/scenarios overhear check --password-file f ...
 *
 * The secrets of a run: the content of each --...-file but --ca-file, what SMTPWHY_PASSWORD,
 * SMTPWHY_TOKEN and their like hold, and the password and token lines of its --lab scenario and of
 * those it is like. Each is looked for as it is, in base64 (at any offset), and percent-encoded; of
 * a token its claims and its signature as well. So is any part of it of eight bytes, also in
 * hexadecimal and in JSON's escapes: a server may have said it. A find is a file leak-PID in the
 * folder: who said what, and where in it. Every run leaves a line in the file "runs". tests/run
 * looks at both when all tests have ended.
 *
 * It is called smtpwhy, too, and stands in a folder of its own, so that a PATH may lead to it.
 * Terminals are left alone: a run that has one is not listened to. Neither is a run that is to show
 * a secret (token get --show, lab).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "tests/overhear/seek.h"
#include "tests/overhear/text.h"

enum {
	SECRETS_MAX = 64, SECRET_MOST = 128 * 1024, HEARD_MOST = 32 * 1024 * 1024, LIKE_MAX = 8,
};

extern char **environ;

static struct text secrets[SECRETS_MAX];
static size_t n_secrets;
static struct text heard[2];		/* standard output, standard error */
static volatile pid_t child;

/* --- what must not be said --- */

static void add_secret(const char *p, size_t n)
{
	while (n && (p[n - 1] == '\n' || p[n - 1] == '\r' || p[n - 1] == ' '))
		n--;
	while (n && (*p == ' ' || *p == '\t'))
		p++, n--;
	if (n >= SECRET_LEAST && n_secrets < SECRETS_MAX)
		secrets[n_secrets++] = copy_of(p, n);
}

static struct text content(const char *path)
{
	static char bytes[SECRET_MOST];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	if (fd >= 0)
		close(fd);
	return n > 0 ? copy_of(bytes, (size_t)n) : (struct text) { NULL, 0 };
}

/* The line that begins at *at, which is moved behind it; NULL at the end. */
static char *next_line(char **at)
{
	char *line = *at, *end = line + strcspn(line, "\r\n");

	if (!*line)
		return NULL;
	*at = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

/* "private exponent:", as certtool writes above a key: a word of it in a report tells nothing. */
static bool is_caption(const char *line)
{
	return strchr(line, ':') && strpbrk(line, "ghijklmnopqrstuvwxyz");
}

/*
 * One line of a file with a key: base64 alone, or the member of a Google JSON file that holds it,
 * whose line ends are "\n".
 */
static void add_key_line(char *line)
{
	char *end;

	if (!strchr(line, '"')) {
		if (strncmp(line, "-----", 5) != 0 && !is_caption(line))
			add_secret(line, strlen(line));
		return;
	}
	for (line = strstr(line, "PRIVATE KEY-----\\n"); line && (end = strstr(line + 1, "\\n"));
	     line = end) {
		char *from = line + strcspn(line, "\\") + 2;

		if (from < end && *from != '-')
			add_secret(from, (size_t)(end - from));
	}
}

static void add_file(const char *path)
{
	static const char bearer[] = "auth=Bearer ";
	struct text t = content(path);
	char *at = t.p, *line;

	/*
	 * Of a key, its lines; of a login string that was not encoded, the token; of
	 * anything else, all.
	 */
	if (t.p && strstr(t.p, "PRIVATE KEY")) {
		while ((line = next_line(&at)))
			add_key_line(line);
	} else if (t.p && (line = strcasestr(t.p, bearer))) {
		line += sizeof(bearer) - 1;
		add_secret(line, strcspn(line, "\001"));
	} else if (t.p) {
		add_secret(t.p, t.n);
	}
	free(t.p);
}

static bool is_secret_line(const char *line)
{
	static const char *const words[] = { "password", "token", "right-password", "right-token" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strncmp(line, words[i], strlen(words[i])) == 0 &&
		    (line[strlen(words[i])] == ' ' || line[strlen(words[i])] == '\t'))
			return true;
	return false;
}

static void add_scenario(const char *name, int depth)
{
	const char *folder = getenv("OVERHEAR_SCENARIOS");
	char path[2048], like[256];
	struct text t;
	char *at, *line;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s.scenario", folder ? folder : ".", name);
	t = content(path);
	if (!t.p)
		return;
	at = t.p;
	while ((line = next_line(&at))) {
		if (is_secret_line(line))
			add_secret(line + strcspn(line, " \t"),
				   strlen(line + strcspn(line, " \t")));
		if (sscanf(line, "like %255s", like) == 1 && depth < LIKE_MAX)
			add_scenario(like, depth + 1);
	}
	free(t.p);
}

/* "--token-file=x" or "--token-file x"; the value, or NULL. */
static const char *value_of(char **argv, int i, const char *ending)
{
	size_t n = strcspn(argv[i], "="), e = strlen(ending);

	if (strncmp(argv[i], "--", 2) != 0 || n < e || strncmp(argv[i] + n - e, ending, e) != 0)
		return NULL;
	return argv[i][n] == '=' ? argv[i] + n + 1 : argv[i + 1];
}

static void collect(int argc, char **argv)
{
	const char *v;

	for (int i = 1; i < argc; i++) {
		if ((v = value_of(argv, i, "-file")) && strncmp(argv[i], "--ca-file", 9) != 0)
			add_file(v);
		if ((v = value_of(argv, i, "-key")))
			add_file(v);
		if ((v = value_of(argv, i, "--lab")))
			add_scenario(v, 0);
	}
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "SMTPWHY_", 8) == 0 &&
		    (strstr(*e, "PASSWORD=") || strstr(*e, "TOKEN=") || strstr(*e, "SECRET=")))
			add_secret(strchr(*e, '=') + 1, strlen(strchr(*e, '=') + 1));
}

/* --- listening --- */

static void hear(struct text *to, const char *p, size_t n)
{
	if (to->n + n > HEARD_MOST)
		return;
	to->p = need(realloc(to->p, to->n + n + 1));
	memcpy(to->p + to->n, p, n);
	to->n += n;
}

static bool pass_on(int to, const char *p, size_t n)
{
	while (n) {
		ssize_t put = write(to, p, n);

		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return true;
}

/* One stream that has something. False when it has ended, or nobody wants it any more. */
static bool take(int from, int to, struct text *into)
{
	static char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes));

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	hear(into, bytes, (size_t)n);
	return pass_on(to, bytes, (size_t)n);
}

static void listen_to(int out, int err)
{
	struct pollfd p[2] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN } };

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, -1) < 0)
			continue;
		for (int i = 0; i < 2; i++) {
			if (p[i].fd < 0 || !p[i].revents || take(p[i].fd, i + 1, &heard[i]))
				continue;
			close(p[i].fd);
			p[i].fd = -1;
		}
	}
}

static void forward(int sig)
{
	if (child > 0)
		kill(child, sig);
}

static int run(char **argv)
{
	int out[2], err[2], status;

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		need(NULL);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		dup2(err[1], 2);
		execv(getenv("OVERHEAR_PROGRAM"), argv);
		_exit(127);
	}
	close(out[1]);
	close(err[1]);
	for (const int *s = (const int[]) { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, 0 }; *s; s++)
		signal(*s, forward);
	signal(SIGPIPE, SIG_IGN);
	listen_to(out[0], err[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* --- telling --- */

static FILE *note(const char *name)
{
	char path[2048];

	snprintf(path, sizeof(path), "%s/%s", getenv("OVERHEAR_DIR"), name);
	return need(fopen(path, "ae"));
}

static void told(const char *where, const struct text *t, char **argv)
{
	const char *what, *at = seek(t, &what);
	char name[64];
	FILE *f;

	if (!at)
		return;
	snprintf(name, sizeof(name), "leak-%d", (int)getpid());
	f = note(name);
	fprintf(f, "%s, byte %td, holds %s of this run:", where, at - t->p, what);
	for (; *argv; argv++)
		fprintf(f, " %s", *argv);
	fputc('\n', f);
	fclose(f);
}

static void judge(int argc, char **argv)
{
	FILE *f = note("runs");

	fprintf(f, "%zu secrets\n", n_secrets);
	fclose(f);
	for (size_t i = 0; i < n_secrets; i++)
		seek_add(&secrets[i]);
	told("standard output", &heard[0], argv);
	told("standard error", &heard[1], argv);
	for (int i = 1; i < argc; i++) {
		const char *file = strcmp(argv[i], "-o") == 0 ? argv[i + 1] :
				   value_of(argv, i, "--output");
		struct text t = file ? content(file) : (struct text) { NULL, 0 };

		told("the output file", &t, argv);
		free(t.p);
	}
}

/* Without an environment (env -i) it's the one two folders up, and nobody listens. */
static void name_program(void)
{
	char self[2048];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 32);

	for (int i = 0; i < 3 && n > 0; i++)
		while (n > 0 && self[--n] != '/')
			;
	snprintf(self + (n > 0 ? n : 0), 16, "/smtpwhy");
	setenv("OVERHEAR_PROGRAM", self, 0);
}

static bool may_show(int argc, char **argv)
{
	bool get = argc > 2 && strcmp(argv[1], "token") == 0 && strcmp(argv[2], "get") == 0;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--show") == 0 || (get && strncmp(argv[i], "--output", 8) == 0))
			return true;
	return argc > 1 && strcmp(argv[1], "lab") == 0;
}

int main(int argc, char **argv)
{
	int status;

	name_program();
	if (!getenv("OVERHEAR_DIR") || may_show(argc, argv) || isatty(0) || isatty(1) ||
	    isatty(2)) {
		execv(getenv("OVERHEAR_PROGRAM"), argv);
		perror("overhear");
		return 127;
	}
	/* Before it runs: a test may take its files away while it does. */
	collect(argc, argv);
	status = run(argv);
	judge(argc, argv);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return 128 + WTERMSIG(status);
}
