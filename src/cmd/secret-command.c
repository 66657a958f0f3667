/*
 * secret-command - a command of the shell, its output, and its end, within a time.
 */
#include "cmd/secret-command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "fiber/fiber.h"

extern char **environ;

enum { TIME_S = 60, TIME_MOST_S = 86400, LOOK_MS = 20 };

struct running {
	struct buf	*to;
	pid_t		 pid;
	int		 fd;		/* its output, not blocking */
	bool		 own_group;
	bool		 ended;
	int		 status;	/* as waitpid() says */
	unsigned long	 time_s;
};

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Starts the shell with its output on a pipe. 0, or an errno. */
static int start(const char *command, struct running *r)
{
	char *argv[] = { (char[]) { "sh" }, (char[]) { "-c" }, (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t how;
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	r->own_group = !has_terminal();
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, r->own_group ? POSIX_SPAWN_SETPGROUP : 0);
	err = posix_spawn(&r->pid, "/bin/sh", &actions, &how, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&how);
	close(ends[1]);
	if (err) {
		close(ends[0]);
		return err;
	}
	r->fd = ends[0];
	return fcntl(r->fd, F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

/* 0 at the end, or a negative errno; -EFBIG: it is too much. */
static int read_all(struct running *r)
{
	char chunk[1024];
	int result = 1;

	while (result > 0) {
		ssize_t n = read(r->fd, chunk, sizeof(chunk));

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			result = -errno;
		else if (n < 0 && fiber_wait_fd(r->fd, FIBER_READ, NULL) < 0)
			result = fiber_cancelled() ? -ECANCELED : -ETIMEDOUT;
		else if (n < 0)
			result = 1;
		else if (n == 0)
			result = 0;
		else if (!buf_add(r->to, chunk, (size_t)n))
			result = -EFBIG;
	}
	explicit_bzero(chunk, sizeof(chunk));
	return result;
}

static void look_for_end(struct running *r, int options)
{
	pid_t got;

	do {
		got = waitpid(r->pid, &r->status, options);
	} while (got < 0 && errno == EINTR);
	r->ended = got == r->pid;
}

/* Its output has ended: soon it will have, too. */
static int wait_for_end(struct running *r)
{
	for (look_for_end(r, WNOHANG); !r->ended; look_for_end(r, WNOHANG)) {
		int waited = fiber_sleep(LOOK_MS);

		if (waited < 0)
			return waited;
	}
	return 0;
}

static int follow(void *arg)
{
	struct running *r = arg;
	_cleanup_(deadline_end) struct deadline limit = deadline_in((int64_t)r->time_s * 1000);
	int result = read_all(r);

	return result < 0 ? result : wait_for_end(r);
}

static void end(struct running *r)
{
	close(r->fd);
	if (r->ended)
		return;
	kill(r->own_group ? -r->pid : r->pid, SIGKILL);
	look_for_end(r, 0);
}

static const char *words_of(struct arena *a, const struct running *r, int result)
{
	if (result == -ETIMEDOUT)
		return arena_printf(
			a, "has not ended within %lu s%s", r->time_s,
			r->ended ? ""
				 : ", or something that it started still holds its output open");
	if (result == -EFBIG)
		return arena_printf(a, "prints more than %d bytes", LIMIT_SECRET);
	if (result < 0)
		return arena_printf(a, "cannot be read from: %s",
				    strerrordesc_np(-result) ?: "unknown error");
	if (WIFSIGNALED(r->status))
		return arena_printf(a, "was ended by signal %d", WTERMSIG(r->status));
	if (WEXITSTATUS(r->status) != 0)
		return arena_printf(a, "failed with status %d", WEXITSTATUS(r->status));
	return NULL;
}

bool secret_command(struct arena *a, const char *command, struct buf *b, const char **ret_error,
		    int *ret_signal)
{
	struct running r = { .to = b, .time_s = TIME_S };
	const char *time = getenv("SMTPWHY_COMMAND_TIME");
	int err = start(command, &r), result;

	*ret_signal = 0;
	*ret_error = NULL;
	if (time)
		str_number(time, TIME_MOST_S, &r.time_s);
	if (err) {
		*ret_error = arena_printf(a, "cannot be run: %s", strerrordesc_np(err));
		return false;
	}
	result = fiber_run(follow, &r);
	*ret_signal = fiber_signal();
	end(&r);
	*ret_error = words_of(a, &r, result);
	return !*ret_error;
}
