#ifndef TESTS_FIBER_CASE_H
#define TESTS_FIBER_CASE_H

/*
 * fiber-case - runs one case of a fiber test: in this process, or in a child when the case
 * must end the process.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fiber/fiber.h"
#include "tap.h"

/* What happened, in order, one letter each: "abc". */
static char story[256];

static inline void tell(char c)
{
	size_t n = strlen(story);

	if (n + 1 < sizeof(story)) {
		story[n] = c;
		story[n + 1] = '\0';
	}
}

/* Runs fn as the first fiber, with an empty story. */
static inline int run(int (*fn)(void *arg), void *arg)
{
	story[0] = '\0';
	return fiber_run(fn, arg);
}

/* Lets the others run for some turns: enough for what needs no time, however slow the machine. */
static inline void some_turns(void)
{
	for (int i = 0; i < 40; i++)
		fiber_yield();
}

static inline void make_pair(int fd[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd) != 0) {
		printf("Bail out! socketpair: %m\n");
		exit(1);
	}
}

/* What the last child wrote to standard error. */
static char said[4096];

/* Runs fn as the first fiber of a child process. Answers its status as of waitpid(). */
static inline int run_in_child(int (*fn)(void *arg), void *arg)
{
	char path[] = "/tmp/smtpwhy-fiber-XXXXXX";
	int fd = mkstemp(path), status = 0;

	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit none = { 0, 0 };

		prctl(PR_SET_DUMPABLE, 0);
		setrlimit(RLIMIT_CORE, &none);
		dup2(fd, STDERR_FILENO);
		_exit(fiber_run(fn, arg) & 0x7f);
	}
	waitpid(pid, &status, 0);
	ssize_t n = pread(fd, said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	close(fd);
	unlink(path);
	return status;
}

/* Does fn end the process by an abort with those words? */
static inline void dies_saying(int (*fn)(void *arg), const char *words, const char *what)
{
	int status = run_in_child(fn, NULL);

	ok(!WIFEXITED(status) || WEXITSTATUS(status) != 0, what);
	if (!ok(strstr(said, words) != NULL, words))
		printf("#   got   %s\n", said);
}

#endif
