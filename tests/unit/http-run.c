/*
 * http-run - a server on loopback and one request to it. Instead of a script the server can send a
 * body of any size.
 */
#include "tests/unit/http-run.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "fiber/fiber.h"
#include "tests/unit/peer.h"

/* --- a server on loopback: a script a connection --- */

void listen_on(struct server *s)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t len = sizeof(sa);

	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert(s->listener >= 0 && bind(s->listener, (struct sockaddr *)&sa, len) == 0 &&
	       listen(s->listener, 4) == 0);
	assert(getsockname(s->listener, (struct sockaddr *)&sa, &len) == 0);
	s->port = ntohs(sa.sin_port);
}

static void read_some(int fd)
{
	char sink[2048];

	(void)!read(fd, sink, sizeof(sink));
}

static void send_body(int fd, size_t n)
{
	static char x[16384];
	char head[128];
	ssize_t put;

	memset(x, 'x', sizeof(x));
	/* Unread bytes of the request would make the close a reset. */
	if (fiber_wait_fd(fd, FIBER_READ, NULL) == 0)
		read_some(fd);
	put = write(fd, head,
		    (size_t)snprintf(head, sizeof(head),
				     "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n));
	while (put > 0 && n > 0) {
		put = write(fd, x, n < sizeof(x) ? n : sizeof(x));
		if (put < 0 && errno == EAGAIN && fiber_wait_fd(fd, FIBER_WRITE, NULL) == 0)
			put = 1, n++;
		n -= put > 0 ? (size_t)put : 0;
	}
	close(fd);
}

static void serve(void *arg)
{
	struct server *s = arg;

	while (s->accepted < s->n_scripts || s->body) {
		struct peer *p = &s->peers[s->accepted];
		int fd;

		if (fiber_wait_fd(s->listener, FIBER_READ, NULL) < 0)
			return;
		fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			continue;
		if (s->body) {
			send_body(fd, s->body);
			return;
		}
		*p = (struct peer) { .fd = fd, .script = s->scripts[s->accepted],
				     .cut_at = PEER_NO_CUT, .credentials = s->credentials };
		s->accepted++;
		peer_run(p);
	}
}

/* --- a client --- */

int conversation(void *arg)
{
	_cleanup_(deadline_end) struct deadline limit =
		deadline_in(((struct run *)arg)->time_ms ? ((struct run *)arg)->time_ms : -1);
	struct run *r = arg;
	struct scope scope;

	scope_begin(&scope);
	fiber_spawn(&scope, "server", serve, &r->server);
	r->good = http_ask(r->net, r->arena, &r->request, &r->answer);
	net_free(r->net);
	scope_cancel(&scope);
	scope_join(&scope);
	return 0;
}

void run_begin(struct run *r)
{
	const char *error = NULL;

	listen_on(&r->server);
	r->server.peers = xcalloc(CONNECTIONS, sizeof(struct peer));
	r->arena = arena_new();
	if (!r->request.url)
		r->request.url = arena_printf(r->arena, "http://127.0.0.1:%u/path?query",
					      r->server.port);
	r->net = net_new(r->arena, &r->options, &error);
	assert(r->net);
	if (r->more)
		r->more(r);
}

void run_end(struct run *r)
{
	secret_free(r->answer.secret);
	close(r->server.listener);
	free(r->server.peers);
	arena_free(r->arena);
}
