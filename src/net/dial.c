/*
 * dial - TCP to one address or to all, and why it could not be reached.
 *
 * What errno can tell: an IPv4 "administratively prohibited" (ICMP type 3, codes 9, 10 and 13)
 * arrives as EHOSTUNREACH or ENETUNREACH and looks like any other "unreachable"; only IPv6 (codes
 * 1, 5 and 6) and a local firewall say EACCES or EPERM. TCP sockets have no error queue that would
 * keep the code.
 */
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "net/inside.h"

enum {
	/* what the others get once one is open: room for two repeated SYNs (after 1 and 3 s) */
	GRACE_MS	= 4000,
	CLOSE_RACE_US	= 250 * 1000,	/* within this the list's order decides which one is kept */
};

const char *reach_name(enum reach r)
{
	static const char *const names[] = {
		[REACH_OPEN] = "open",
		[REACH_REFUSED] = "refused",
		[REACH_FILTERED] = "filtered",
		[REACH_UNREACHABLE] = "unreachable",
		[REACH_PROHIBITED] = "prohibited",
		[REACH_NO_ROUTE] = "no-route",
		[REACH_RESET] = "reset",
		[REACH_LOCAL] = "local",
		[REACH_CANCELLED] = "cancelled",
	};

	return (size_t)r < ARRAY_LEN(names) ? names[r] : "unknown";
}

/* at_once: connect() itself said so, so nobody on the way was asked. */
static enum reach reach_of(int err, bool at_once)
{
	switch (err) {
	case 0:
		return REACH_OPEN;
	case ECONNREFUSED:
		return REACH_REFUSED;
	case ETIMEDOUT:
		return REACH_FILTERED;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return at_once || err == EAFNOSUPPORT ? REACH_NO_ROUTE : REACH_UNREACHABLE;
	case ENETDOWN:
	case EHOSTDOWN:
	case ENOPROTOOPT:
		return REACH_UNREACHABLE;
	case EACCES:
	case EPERM:
		return REACH_PROHIBITED;
	case ECONNRESET:
	case EPIPE:
		return REACH_RESET;
	case ECANCELED:
		return REACH_CANCELLED;
	default:
		return REACH_LOCAL;
	}
}

static int open_socket(const struct net *n, int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, err;

	if (fd < 0)
		return -errno;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (n->source.len && bind(fd, (const struct sockaddr *)&n->source.sa, n->source.len) < 0) {
		err = errno;
		close(fd);
		/*
		 * EADDRNOTAVAIL would read as "no route"; a --source that isn't
		 * ours is another thing.
		 */
		return err == EADDRNOTAVAIL ? -EINVAL : -err;
	}
	return fd;
}

/*
 * Waits for the end of the handshake. 0, the socket's errno, or a negative one when the
 * waiting was ended.
 */
_waits_ static int await(int fd)
{
	int rc = fiber_wait_fd(fd, FIBER_WRITE, NULL), err = 0;
	socklen_t len = sizeof(err);
	char c;

	if (rc < 0)
		return rc;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		return errno;
	if (err == 0 && recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == ECONNRESET)
		err = ECONNRESET;
	return err;
}

void net_dial(struct net *n, const struct net_address *to, unsigned port, int64_t timeout_ms,
	      struct reached *ret)
{
	int64_t start = clock_us();
	struct net_address where = *to;
	unsigned where_port = port;
	bool at_once = false;
	int64_t left = deadline_left();
	int err = 0, fd;

	*ret = (struct reached) { .reach = REACH_LOCAL, .fd = -1, .address = *to, .port = port };
	connect_to_map(n, &where, &where_port);
	if (net_address_family(&where) == AF_INET)
		((struct sockaddr_in *)&where.sa)->sin_port = htons((uint16_t)where_port);
	else
		((struct sockaddr_in6 *)&where.sa)->sin6_port = htons((uint16_t)where_port);
	fd = open_socket(n, net_address_family(&where));
	if (fd < 0) {
		err = -fd;
	} else if (connect(fd, (const struct sockaddr *)&where.sa, where.len) < 0 &&
		   errno != EINPROGRESS) {
		err = errno;
		at_once = true;
	} else {
		_cleanup_(deadline_end) struct deadline d = deadline_in(timeout_ms);

		err = await(fd);
		/*
		 * The whole run's time ended before the step's: that says nothing about the
		 * address. The kernel's own ETIMEDOUT does.
		 */
		if (err == -ETIMEDOUT && left >= 0 && (timeout_ms < 0 || left < timeout_ms))
			err = ECANCELED;
		if (err < 0)
			err = -err;
	}
	ret->err = err;
	ret->reach = reach_of(err, at_once);
	ret->us = clock_us() - start;
	if (err == 0)
		ret->fd = fd;
	else if (fd >= 0)
		close(fd);
	trace(TRACE_NET, "%s port %u: %s after %" PRId64 " us", to->text, port,
	      reach_name(ret->reach), ret->us);
}

/* --- all of them --- */

struct dialling {
	struct net		*net;
	const struct net_address *to;
	struct reached		*ret;
	struct event		*changed;
	size_t			*left, *open;
	unsigned		 port;
	int64_t			 timeout_ms;
};

_waits_ static void dial_one(void *arg)
{
	struct dialling *d = arg;

	net_dial(d->net, d->to, d->port, d->timeout_ms, d->ret);
	--*d->left;
	*d->open += d->ret->reach == REACH_OPEN;
	event_set(d->changed);
}

/*
 * Waits until all are known: 0. -ETIMEDOUT when one was open and the others' time of grace ran out,
 * -ECANCELED when it's over.
 */
_waits_ static int wait_for_all(struct event *changed, const size_t *left, const size_t *open)
{
	struct deadline grace;
	int64_t left_of_run;
	int rc = 0;

	while (*left && !*open) {
		if (event_wait(changed) < 0)
			return -ECANCELED;
		event_clear(changed);
	}
	left_of_run = deadline_left();
	grace = deadline_in(GRACE_MS);
	while (*left && rc == 0) {
		rc = event_wait(changed);
		if (rc == 0)
			event_clear(changed);
	}
	deadline_end(&grace);
	if (rc == -ETIMEDOUT && left_of_run >= 0 && left_of_run < GRACE_MS)
		rc = -ECANCELED;	/* the run's time, not the time of grace */
	return rc;
}

/* Closes all that is open but the one that is kept. */
static void keep_one(struct reached *r, size_t count, bool keep)
{
	int64_t fastest = INT64_MAX;
	size_t kept = count;

	for (size_t i = 0; i < count; i++)
		if (r[i].reach == REACH_OPEN && r[i].us < fastest)
			fastest = r[i].us;
	for (size_t i = 0; i < count; i++) {
		if (r[i].reach != REACH_OPEN)
			continue;
		if (keep && kept == count && r[i].us <= fastest + CLOSE_RACE_US) {
			kept = i;
			continue;
		}
		close(r[i].fd);
		r[i].fd = -1;
	}
}

void net_dial_all(struct net *n, const struct net_address *to, size_t count, unsigned port,
		  int64_t timeout_ms, bool keep, struct reached *ret)
{
	struct dialling *d = xcalloc(count ? count : 1, sizeof(*d));
	size_t left = count, open = 0;
	struct event changed;
	struct scope s;
	int rc;

	event_init(&changed);
	scope_begin(&s);
	for (size_t i = 0; i < count; i++) {
		d[i] = (struct dialling) { n, &to[i], &ret[i], &changed, &left, &open, port,
					   timeout_ms };
		ret[i] = (struct reached) { .reach = REACH_CANCELLED, .fd = -1, .address = to[i],
					    .port = port };
		if (fiber_spawn(&s, to[i].text, dial_one, &d[i]) < 0)
			left--;
	}
	rc = wait_for_all(&changed, &left, &open);
	if (rc < 0)
		scope_cancel(&s);
	scope_join(&s);
	for (size_t i = 0; i < count && rc == -ETIMEDOUT; i++)
		if (ret[i].reach == REACH_CANCELLED)
			ret[i].reach = REACH_FILTERED;
	keep_one(ret, count, keep);
	free(d);
}
