/*
 * dnsd - the sockets of the lab's name server.
 */
#include "lab/dnsd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/trace.h"
#include "fiber/fiber.h"

enum { DNSD_PATIENCE_MS = 30 * 1000 };

/* One datagram and where it came from. */
struct datagram {
	const struct dnsd	*d;
	struct sockaddr_storage	 from;
	socklen_t		 from_len;
	size_t			 len;
	char			 bytes[];
};

static void answer_datagram(void *arg)
{
	struct datagram *g = arg;
	_cleanup_(buf_release) struct buf out = BUF_INIT(DNSD_MAX_ANSWER);

	/* A full send buffer loses the answer: so does the network. */
	if (fiber_sleep(g->d->zone->delay_ms) == 0 &&
	    dnsd_answer(g->d->zone, g->bytes, g->len, true, &out))
		sendto(g->d->udp, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL,
		       (struct sockaddr *)&g->from, g->from_len);
	free(g);
}

/* Takes one datagram; false when there is none left. */
static bool take_datagram(const struct dnsd *d, struct scope *s)
{
	struct datagram *g = xmalloc(sizeof(*g) + DNSD_MAX_QUERY);
	ssize_t n;

	g->d = d;
	g->from_len = sizeof(g->from);
	n = recvfrom(d->udp, g->bytes, DNSD_MAX_QUERY, MSG_DONTWAIT, (struct sockaddr *)&g->from,
		     &g->from_len);
	g->len = n > 0 ? (size_t)n : 0;
	if (n < 0 ||
	    (d->zone->delay_ms > 0 && fiber_spawn(s, "lab dns answer", answer_datagram, g) < 0)) {
		free(g);
		return false;
	}
	if (d->zone->delay_ms == 0)
		answer_datagram(g);
	return true;
}

void dnsd_udp(void *arg)
{
	const struct dnsd *d = arg;
	struct scope s;

	scope_begin(&s);
	while (fiber_wait_fd(d->udp, FIBER_READ, NULL) == 0)
		while (take_datagram(d, &s))
			;
	scope_cancel(&s);
	scope_join(&s);
}

/* Reads exactly n bytes. */
static bool read_all(int fd, char *p, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(fd, p, n, 0);

		if (got > 0) {
			p += got;
			n -= (size_t)got;
		} else if (got == 0 || (errno != EAGAIN && errno != EINTR) ||
			   fiber_wait_fd(fd, FIBER_READ, NULL) < 0) {
			return false;
		}
	}
	return true;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t put = send(fd, p, n, MSG_NOSIGNAL);

		if (put > 0) {
			p += put;
			n -= (size_t)put;
		} else if ((errno != EAGAIN && errno != EINTR) ||
			   fiber_wait_fd(fd, FIBER_WRITE, NULL) < 0) {
			return false;
		}
	}
	return true;
}

struct stream {
	const struct dnsd	*d;
	int			 fd;
	char			 query[DNSD_MAX_QUERY];
};

/* Each message goes with its length in front (RFC 1035, 4.2.2). */
static void serve_stream(void *arg)
{
	struct stream *s = arg;
	_cleanup_(deadline_end) struct deadline deadline = deadline_in(DNSD_PATIENCE_MS);
	_cleanup_(buf_release) struct buf out = BUF_INIT(DNSD_MAX_ANSWER);
	unsigned char size[2];
	size_t n;

	while (read_all(s->fd, (char *)size, 2)) {
		n = (size_t)(size[0] << 8 | size[1]);
		if (n > sizeof(s->query) || !read_all(s->fd, s->query, n) ||
		    fiber_sleep(s->d->zone->delay_ms) < 0)
			break;
		if (!dnsd_answer(s->d->zone, s->query, n, false, &out))
			continue;
		size[0] = (unsigned char)(out.len >> 8);
		size[1] = (unsigned char)out.len;
		if (!write_all(s->fd, (char *)size, 2) || !write_all(s->fd, out.data, out.len))
			break;
	}
	close(s->fd);
	free(s);
}

void dnsd_tcp(void *arg)
{
	const struct dnsd *d = arg;
	struct scope scope;

	scope_begin(&scope);
	while (fiber_wait_fd(d->tcp, FIBER_READ, NULL) == 0) {
		int fd = accept4(d->tcp, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct stream *s;

		if (fd < 0)
			continue;
		s = xmalloc(sizeof(*s));
		s->d = d;
		s->fd = fd;
		if (fiber_spawn(&scope, "lab dns tcp", serve_stream, s) < 0) {
			close(fd);
			free(s);
		}
	}
	scope_cancel(&scope);
	scope_join(&scope);
}
