/*
 * spool - the list of an audit in a file without a name.
 */
#include "audit/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum { WINDOW = 64 * 1024 };

struct spool {
	int	 fd;
	int64_t	 size;
	int	 err;
	/* what was read last */
	int64_t	 at;
	size_t	 n;
	char	 window[WINDOW];
};

/* Some file systems cannot make a file without a name: there it loses its name at once. */
static int open_in(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char name[1024];

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if (snprintf(name, sizeof(name), "%s/smtpwhy-XXXXXX", dir) >= (int)sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

struct spool *spool_new(void)
{
	const char *dir = getenv("TMPDIR");
	int fd = open_in(dir && *dir ? dir : "/var/tmp");
	struct spool *s;

	if (fd < 0)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->fd = fd;
	return s;
}

void spool_free(struct spool *s)
{
	if (s)
		close(s->fd);
	free(s);
}

bool spool_add(struct spool *s, const char *p, size_t n)
{
	while (n) {
		ssize_t w = pwrite(s->fd, p, n, s->size);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return false;
		p += w;
		n -= (size_t)w;
		s->size += w;
	}
	return true;
}

int64_t spool_size(const struct spool *s)
{
	return s->size;
}

int spool_errno(const struct spool *s)
{
	return s->err;
}

/* Has the window the byte at `at` first, and as much behind it as it can hold? */
static bool fill(struct spool *s, int64_t at)
{
	ssize_t n;

	s->at = at;
	s->n = 0;
	do {
		n = pread(s->fd, s->window + s->n, WINDOW - s->n, at + (int64_t)s->n);
		if (n > 0)
			s->n += (size_t)n;
	} while ((n < 0 && errno == EINTR) || (n > 0 && s->n < WINDOW));
	if (n < 0 && !s->err)
		s->err = errno;
	return n >= 0 && s->n > 0;
}

/* The part of the window from `at` on, "" when it is not there. */
static struct span part(const struct spool *s, int64_t at)
{
	if (at < s->at || at >= s->at + (int64_t)s->n)
		return (struct span) { s->window, 0 };
	return (struct span) { s->window + (at - s->at), s->n - (size_t)(at - s->at) };
}

/* Where the next line begins, for one that does not fit into the window. */
static int64_t skip(struct spool *s, int64_t at)
{
	const char *end = NULL;

	while (!end && fill(s, at)) {
		end = memchr(s->window, '\n', s->n);
		at += end ? end + 1 - s->window : (int64_t)s->n;
	}
	return at;
}

bool spool_line(struct spool *s, int64_t at, size_t most, struct span *ret, int64_t *ret_next)
{
	struct span rest = part(s, at);
	const char *end = rest.len ? memchr(rest.p, '\n', rest.len) : NULL;
	int64_t next;

	if (!end) {
		if (!fill(s, at))
			return false;
		rest = part(s, at);
		end = memchr(rest.p, '\n', rest.len);
	}
	if (!end && rest.len == WINDOW) {
		next = skip(s, at);
		if (!fill(s, at))
			return false;
		*ret = (struct span) { s->window, most < s->n ? most : s->n };
		*ret_next = next;
		return true;
	}
	*ret_next = at + (end ? end + 1 - rest.p : (int64_t)rest.len);
	*ret = (struct span) { rest.p, end ? (size_t)(end - rest.p) : rest.len };
	if (ret->len && ret->p[ret->len - 1] == '\r')
		ret->len--;
	if (ret->len > most)
		ret->len = most;
	return true;
}
