#include "proto/loopback.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/redact.h"
#include "base/scan.h"
#include "base/secret.h"
#include "base/str.h"
#include "fiber/fiber.h"

enum {
	REQUEST_MOST = 16 * 1024,	/* a code of Microsoft's may have 2 KB */
	VISIT_MS = 5000,		/* for one visitor to say what it wants */
	TEXT_MOST = 1024, ANSWER_MOST = 4096,
	GUESTS = 16,			/* visitors at a time, at each address */
	PAUSE_MS = 100,
};

static const char page_good[] =
	"<!doctype html><html lang=en><meta charset=utf-8><title>Signed in</title>"
	"<body style='font-family:sans-serif;margin:4em'><h1>Signed in.</h1><p>You can close this "
	"page and go back to the terminal.</p></body></html>\n";
static const char page_bad[] =
	"<!doctype html><html lang=en><meta charset=utf-8><title>Not signed in</title>"
	"<body style='font-family:sans-serif;margin:4em'><h1>Not signed in.</h1><p>You can close "
	"this page; the terminal says why.</p></body></html>\n";

struct loopback {
	struct arena	*arena;
	int		 fds[2];	/* 127.0.0.1, ::1; -1 = not there */
	unsigned	 port;
};

/* --- listening --- */

static int listen_at(int family, unsigned *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)*port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)*port),
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	const struct sockaddr *sa = family == AF_INET ? (const struct sockaddr *)&in :
				    (const struct sockaddr *)&in6;
	socklen_t len = family == AF_INET ? sizeof(in) : sizeof(in6);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, err;

	if (fd < 0)
		return -1;
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, sa, len) == 0 && listen(fd, 8) == 0) {
		len = sizeof(in);
		if (family == AF_INET && getsockname(fd, (struct sockaddr *)&in, &len) == 0)
			*port = ntohs(in.sin_port);
		return fd;
	}
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

struct loopback *loopback_open(struct arena *a, unsigned port, const char **ret_error)
{
	struct loopback *l = arena_alloc(a, sizeof(*l));

	l->arena = a;
	l->port = port;
	l->fds[1] = -1;
	l->fds[0] = listen_at(AF_INET, &l->port);
	if (l->fds[0] < 0) {
		*ret_error = errno == EADDRINUSE ?
			     arena_printf(a, "port %u of this machine is taken by another program",
					  port) :
			     arena_printf(a, "cannot listen on this machine's own address: %s",
					  strerrordesc_np(errno));
		return NULL;
	}
	l->fds[1] = listen_at(AF_INET6, &l->port);
	return l;
}

void loopback_close(struct loopback *l)
{
	for (size_t i = 0; l && i < ARRAY_LEN(l->fds); i++) {
		if (l->fds[i] >= 0)
			close(l->fds[i]);
		l->fds[i] = -1;
	}
}

const char *loopback_url(const struct loopback *l)
{
	return arena_printf(l->arena, "http://localhost:%u/", l->port);
}

/* --- what a visitor wants --- */

/*
 * A value of the query (application/x-www-form-urlencoded), decoded. False when it isn't well
 * formed or has a NUL in it.
 */
static bool decode(struct span s, struct buf *to)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i] == '+' ? ' ' : s.p[i];

		if (c == '%') {
			int high = i + 2 < s.len ? ascii_hex(s.p[i + 1]) : -1,
				low = i + 2 < s.len ? ascii_hex(s.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (!c || !buf_addc(to, c))
			return false;
	}
	return true;
}

/* The value of a name in the query; false when it isn't there, is there twice, or is damaged. */
static bool value_of(struct span query, const char *name, struct buf *to)
{
	struct scan s = scan_span(query);
	unsigned found = 0;

	while (!scan_done(&s)) {
		struct span key = scan_until(&s, "=&"), value = { "", 0 };

		if (scan_accept(&s, '='))
			value = scan_until(&s, "&");
		scan_accept(&s, '&');
		if (!span_eq(key, name))
			continue;
		if (found++ || !decode(value, to))
			return false;
	}
	return found == 1;
}

/* Takes the same time whatever is compared: the state is what keeps strangers out. */
static bool is_same(const char *a, size_t n, const char *b)
{
	unsigned char differs = strlen(b) != n;

	for (size_t i = 0; b[i]; i++)
		differs |= (unsigned char)((i < n ? a[i] : 0) ^ b[i]);
	return !differs;
}

static const char *words_of(struct loopback *l, struct span query, const char *name)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(TEXT_MOST);

	return value_of(query, name, &b) ? redacted(l->arena, buf_str(&b)) : "";
}

/* Is it the awaited one? Then *ret is filled. */
static bool read_request(struct loopback *l, struct span request, const char *state,
			 struct loopback_came *ret)
{
	_cleanup_(buf_wipe_release) struct buf said = BUF_INIT(TEXT_MOST),
		code = BUF_INIT(REQUEST_MOST);
	struct scan s = scan_span(request);
	struct span query;

	if (!scan_accept_str(&s, "GET /?"))
		return false;
	query = scan_until(&s, " \r\n#");
	if (!scan_accept_str(&s, " HTTP/1.") || !value_of(query, "state", &said) ||
	    !is_same(buf_str(&said), said.len, state))
		return false;
	if (value_of(query, "code", &code) && code.len) {
		ret->code = secret_new(code.data, code.len);
		return true;
	}
	ret->error = words_of(l, query, "error");
	ret->description = words_of(l, query, "error_description");
	return *ret->error != '\0';
}

/* --- one visit --- */

static bool has_end(const struct buf *b)
{
	return b->len >= 4 && memmem(b->data, b->len, "\r\n\r\n", 4);
}

/* Reads up to the empty line. */
static bool read_head(int fd, struct buf *b)
{
	char chunk[2048];

	while (!has_end(b)) {
		ssize_t n = recv(fd, chunk, sizeof(chunk), 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			if (fiber_wait_fd(fd, FIBER_READ, NULL) < 0)
				break;
			continue;
		}
		if (n <= 0 || !buf_add(b, chunk, (size_t)n))
			break;
	}
	explicit_bzero(chunk, sizeof(chunk));
	return has_end(b);
}

static void answer(int fd, const char *status, const char *page)
{
	_cleanup_(buf_release) struct buf text = BUF_INIT(ANSWER_MOST);
	size_t at = 0;

	buf_addf(&text,
		 "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
		 "%zu\r\nConnection: close\r\n"
		 "Cache-Control: no-store\r\nReferrer-Policy: "
		 "no-referrer\r\nContent-Security-Policy: default-src 'none'; style-src "
		 "'unsafe-inline'"
		 "\r\n\r\n%s",
		 status, strlen(page), page);
	while (at < text.len) {
		ssize_t sent = send(fd, text.data + at, text.len - at, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN && fiber_wait_fd(fd, FIBER_WRITE, NULL) == 0)
			continue;
		if (sent <= 0)
			return;
		at += (size_t)sent;
	}
	shutdown(fd, SHUT_WR);
}

/* --- both addresses at once, and all who come --- */

struct waiting {
	struct loopback		*l;
	struct scope		*scope;
	int			 fd;
	const char		*state;
	struct loopback_came	*came;
	struct event		*done;
	int			 result;	/* 0 = goes on; 1 = it came; negative errno */
	int guests[GUESTS];                     /* connections that are open, the oldest first */
	size_t			 n_guests;
};

struct guest {
	struct waiting	*w;
	int		 fd;
};

/* Who has the right state comes once: a page that is loaded again is a stranger. */
static bool visit(struct waiting *w, int fd)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(VISIT_MS);
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(REQUEST_MOST);
	bool ours = read_head(fd, &b) && !w->came->code && !*w->came->error &&
		    read_request(w->l, (struct span) { b.data, b.len }, w->state, w->came);

	if (ours && b.len)
		answer(fd, "200 OK", w->came->code ? page_good : page_bad);
	else if (b.len)
		answer(fd, "404 Not Found", "nothing here\n");
	return ours;
}

static void leave(struct waiting *w, int fd)
{
	size_t i = 0;

	while (i < w->n_guests && w->guests[i] != fd)
		i++;
	if (i < w->n_guests)
		memmove(w->guests + i, w->guests + i + 1, (--w->n_guests - i) * sizeof(*w->guests));
	close(fd);
}

static void serve(void *arg)
{
	struct guest *g = arg;
	struct waiting *w = g->w;
	bool ours = visit(w, g->fd);

	leave(w, g->fd);
	free(g);
	if (!ours) {
		w->came->strangers++;
		return;
	}
	w->result = 1;
	event_set(w->done);
}

/*
 * A browser that asks for an icon first, a scanner, somebody on this machine who says nothing, and
 * the one that counts: side by side, so that nobody holds up another. When there are too many, who
 * came first has had the longest time to say what it wants, and has to go.
 */
static void admit(struct waiting *w, int fd)
{
	struct guest *g = xcalloc(1, sizeof(*g));

	*g = (struct guest) { w, fd };
	if (w->n_guests == GUESTS) {
		shutdown(w->guests[0], SHUT_RDWR);
		memmove(w->guests, w->guests + 1, --w->n_guests * sizeof(*w->guests));
	}
	w->guests[w->n_guests++] = fd;
	if (fiber_spawn(w->scope, "visitor", serve, g) < 0) {
		leave(w, fd);
		free(g);
	}
}

static void receive(void *arg)
{
	struct waiting *w = arg;

	while (!w->done->set && w->result == 0) {
		int fd = accept4(w->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), err = errno, r;

		if (fd >= 0) {
			admit(w, fd);
			continue;
		}
		/* No descriptor is left: one will be, when a visitor has gone. */
		if (err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM)
			r = fiber_sleep(PAUSE_MS);
		else
			r = err == EAGAIN || err == ECONNABORTED || err == EINTR
				    ? fiber_wait_fd(w->fd, FIBER_READ, NULL)
				    : -err;
		if (r < 0 && w->result == 0)
			w->result = r;
	}
	if (w->result < 0)
		event_set(w->done);
}

int loopback_wait(struct loopback *l, const char *state, struct loopback_came *ret)
{
	struct waiting both[2];
	struct event done;
	struct scope scope;
	int r;

	*ret = (struct loopback_came) { .error = "", .description = "" };
	event_init(&done);
	scope_begin(&scope);
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		both[i] = (struct waiting){ .l = l,
					    .scope = &scope,
					    .fd = l->fds[i],
					    .state = state,
					    .came = ret,
					    .done = &done };
		if (l->fds[i] >= 0)
			fiber_spawn(&scope, i ? "loopback ::1" : "loopback 127.0.0.1", receive,
				    &both[i]);
	}
	r = event_wait(&done);
	scope_cancel(&scope);
	scope_join(&scope);
	if (both[0].result == 1 || both[1].result == 1)
		return 0;
	if (r < 0)
		return r;
	return both[0].result < 0 ? both[0].result : -EIO;
}
