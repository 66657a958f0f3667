/*
 * token-out - a token into a file of its own.
 */
#include "cmd/token-out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"

static const char *why(int err)
{
	return strerrordesc_np(err) ?: "unknown error";
}

/* 0, or an errno. Closes it. */
static int fill(int fd, const struct secret *token)
{
	const char *p = secret_bytes(token);
	size_t n = secret_len(token);
	int err = 0;

	while (n && !err) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno != EINTR)
			err = errno;
		p += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	if (close(fd) != 0 && !err)
		err = errno;
	return err;
}

static const char *into_place(struct arena *a, const char *path, const struct secret *token)
{
	const char *fresh = arena_printf(a, "%s.%ld.new", path, (long)getpid());
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600),
	    err = fd < 0 ? errno : fill(fd, token);

	if (fd < 0)
		return why(err);
	if (!err && rename(fresh, path) == 0)
		return NULL;
	err = err ? err : errno;
	unlink(fresh);
	return why(err);
}

const char *token_out(struct arena *a, const char *path, const struct secret *token)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? into_place(a, path, token) : why(errno);
	if (S_ISLNK(st.st_mode))
		return "it is a link, which is not followed";
	if (S_ISDIR(st.st_mode))
		return why(EISDIR);
	if (S_ISREG(st.st_mode) && st.st_uid != geteuid())
		return arena_printf(a, "it belongs to somebody else (user %u)",
				    (unsigned)st.st_uid);
	if (S_ISREG(st.st_mode))
		return into_place(a, path, token);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (fd < 0)
		return why(errno);
	return fill(fd, token) ? why(EIO) : NULL;
}
