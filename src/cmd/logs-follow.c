/*
 * logs-follow - explain --follow: a log, and what is still being written to it. As tail -F: a file
 * that was moved away is read to its end, then the new one of that name from its start; one that
 * became shorter is read from its start.
 */
#include "cmd/logs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/input.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "fiber/fiber.h"

/* A record is closed when nothing came for as many looks. */
enum { BLOCK = 64 * 1024, LOOK_EVERY_MS = 200, QUIET_LOOKS = 3 };

struct follow {
	struct logs	*logs;
	const char	*path;		/* "-" = standard input */
	int		 fd;		/* -1 while there is no file of that name */
	off_t		 at;
	struct stat	 st;		/* of what is open */
	char		*block;
	bool		 failed;
};

/* A new cause is reported at once, then at its 10th, 100th, 1000th, ... occurrence. */
static void seen(void *arg, const struct tally_cause *cause)
{
	struct follow *f = arg;
	uint64_t n = cause->count.all;

	while (n >= 10 && n % 10 == 0)
		n /= 10;
	if (n != 1)
		return;
	progress_erase(&f->logs->live);
	report_put(&f->logs->report, REPORT_SEEN, cause);
}

static void show(struct follow *f)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	progress_show(&f->logs->live,
		      arena_printf(a, "%llu failures so far; Ctrl-C ends it with the summary",
				   (unsigned long long)tally_failures(f->logs->tally)));
}

static void end_of_stream(struct follow *f)
{
	lines_end(&f->logs->lines);
	tally_end(f->logs->tally);
}

static bool fail(struct follow *f, int err)
{
	f->failed = true;
	f->logs->read.trouble = arena_printf(f->logs->arena, "%s cannot be read: %s",
					     str_eq(f->path, "-") ? "standard input" : f->path,
					     strerrordesc_np(err));
	opt_wrong("explain", "%s", f->logs->read.trouble);
	return false;
}

/*
 * Reads what is there. 1: something came, 0: the end for now, -EAGAIN: a pipe with nothing in it,
 * another negative errno.
 */
static int read_more(struct follow *f)
{
	ssize_t n = read(f->fd, f->block, BLOCK);

	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	if (n == 0)
		return 0;
	f->at += n;
	lines_feed(&f->logs->lines, f->block, (size_t)n);
	return 1;
}

/* --- standard input: to its end --- */

_waits_ static void follow_pipe(struct follow *f)
{
	int flags = fcntl(f->fd, F_GETFL), rc = 0;

	while (!fiber_cancelled()) {
		/* A file that is redirected can't be waited for, and need not be. */
		rc = fiber_wait_fd(f->fd, FIBER_READ, NULL);
		if (rc == -ECANCELED)
			break;
		rc = read_more(f);
		if (rc <= 0 && rc != -EAGAIN)
			break;
		show(f);
	}
	if (flags >= 0)
		fcntl(f->fd, F_SETFL, flags);		/* others may have it, too */
	if (rc < 0 && rc != -ECANCELED && rc != -EAGAIN)
		fail(f, -rc);
}

/* --- a file --- */

static bool open_file(struct follow *f)
{
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	f->at = 0;
	if (f->fd >= 0 && fstat(f->fd, &f->st) == 0)
		return true;
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	return false;
}

/*
 * At the end of the open file: did it become shorter, or is another one there by that name? True
 * when there is more to read.
 */
static bool look_again(struct follow *f)
{
	struct stat now, same;

	if (f->fd >= 0 && fstat(f->fd, &same) == 0 && same.st_size < f->at) {
		end_of_stream(f);
		f->at = lseek(f->fd, 0, SEEK_SET);
		return true;
	}
	if (stat(f->path, &now) != 0)
		/* moved away; the new one is not there yet, and more may come to the old one */
		return false;
	if (f->fd >= 0 && now.st_ino == f->st.st_ino && now.st_dev == f->st.st_dev)
		return false;
	/* What was written between the last read and the move. */
	while (f->fd >= 0 && read_more(f) > 0)
		;
	end_of_stream(f);
	tally_file(f->logs->tally, f->path);
	if (f->fd >= 0)
		close(f->fd);
	return open_file(f);
}

_waits_ static void follow_file(struct follow *f)
{
	unsigned quiet = 0;

	while (!fiber_cancelled()) {
		int rc = f->fd >= 0 ? read_more(f) : 0;

		if (rc < 0 && rc != -EAGAIN) {
			fail(f, -rc);
			return;
		}
		if (rc > 0) {
			quiet = 0;
			fiber_yield();
			continue;
		}
		show(f);
		if (look_again(f))
			continue;
		if (++quiet == QUIET_LOOKS)
			tally_end(f->logs->tally);
		fiber_sleep(LOOK_EVERY_MS);
	}
}

/* --- both --- */

static int follow(void *arg)
{
	struct follow *f = arg;

	if (str_eq(f->path, "-"))
		follow_pipe(f);
	else
		follow_file(f);
	return 0;
}

/* A packed file does not grow. */
static bool is_packed(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char magic[3];
	ssize_t n = fd >= 0 ? pread(fd, magic, sizeof(magic), 0) : -1;

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)sizeof(magic) && input_looks_packed(magic, sizeof(magic));
}

int logs_follow(struct logs *l)
{
	struct follow f = { .logs = l, .fd = STDIN_FILENO };
	int status;

	if (l->operands->n > 1)
		return opt_wrong("explain", "--follow takes one log at a time");
	if (l->operands->n && is_packed(l->operands->v[0]))
		return opt_wrong("explain",
				 "'%s' is packed by gzip and does not grow; take --summary",
				 l->operands->v[0]);
	status = logs_begin(l);
	if (status != OPT_GO)
		return status;
	f.path = l->files.v[0];
	l->read.followed = true;
	if (!str_eq(f.path, "-") && !open_file(&f))
		fail(&f, errno);
	if (!f.failed) {
		f.block = xmalloc(BLOCK);
		tally_file(l->tally, f.path);
		if (report_knows(l->output->format, REPORT_SEEN))
			tally_watch(l->tally, seen, &f);
		if (fiber_run(follow, &f) < 0)
			f.failed = true;
		end_of_stream(&f);
		tally_watch(l->tally, NULL, NULL);
		xfreep(&f.block);
	}
	if (f.fd > STDIN_FILENO)
		close(f.fd);
	return logs_end(l, f.failed);
}
