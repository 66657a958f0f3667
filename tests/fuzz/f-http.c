/*
 * f-http - any bytes as what a web server sends, status line, header fields, body, trailers and
 * all, through libcurl and our reading of it; and any bytes as what a browser sends that comes back
 * from a sign-in. The first byte says which; a piece (see frame.h) is what one connection gets.
 */
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/secret.h"
#include "fiber/fiber.h"
#include "net/http.h"
#include "proto/loopback.h"
#include "net/net.h"
#include "microsoft/service.h"
#include "microsoft/tenant.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

const unsigned fuzz_places = 8;		/* each takes some milliseconds */

enum { ASK_BODY, ASK_SECRET, ASK_SERVICE, ASK_TENANT, ASK_BROWSER, ASK_WAYS, TIMEOUT_MS = 500 };

struct web_case {
	unsigned	 way;
	struct food	 food;
	struct arena	*arena;
	struct net	*net;
	int		 listener;
	unsigned	 port;
	const char	*url;
};

/* --- the other side --- */

static void listen_on(struct web_case *c)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t len = sizeof(sa);

	c->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert(c->listener >= 0 && bind(c->listener, (struct sockaddr *)&sa, len) == 0);
	assert(listen(c->listener, 8) == 0 &&
	       getsockname(c->listener, (struct sockaddr *)&sa, &len) == 0);
	c->port = ntohs(sa.sin_port);
}

/* An RST at the end: no port is kept busy for a minute. */
static void close_now(int fd)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char sink[512];

	shutdown(fd, SHUT_WR);
	while (fiber_wait_fd(fd, FIBER_READ, NULL) == 0 &&
	       recv(fd, sink, sizeof(sink), MSG_DONTWAIT) > 0)
		;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static void say(int fd, struct span s)
{
	while (s.len) {
		ssize_t sent = send(fd, s.p, s.len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 && (errno != EAGAIN || fiber_wait_fd(fd, FIBER_WRITE, NULL) < 0))
			return;
		if (sent > 0) {
			s.p += sent;
			s.len -= (size_t)sent;
		}
	}
}

static void serve(void *arg)
{
	struct web_case *c = arg;
	struct span piece = { "", 0 };

	for (;;) {
		char sink[2048];
		int fd;

		if (fiber_wait_fd(c->listener, FIBER_READ, NULL) < 0)
			return;
		fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			continue;
		if (!food_piece(&c->food, &piece))
			piece.len = 0;
		if (fiber_wait_fd(fd, FIBER_READ, NULL) == 0 &&
		    recv(fd, sink, sizeof(sink), MSG_DONTWAIT) > 0)
			say(fd, piece);
		close_now(fd);
	}
}

static void browse(void *arg)
{
	struct web_case *c = arg;
	struct span piece;

	while (food_piece(&c->food, &piece)) {
		struct sockaddr_in sa = {
			.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
			.sin_port = htons((uint16_t)c->port)
		};
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
			say(fd, piece);
		if (fd >= 0)
			close_now(fd);
	}
}

/* --- our side --- */

static void ask(struct web_case *c)
{
	struct http_request r = { .url = c->url, .secret_answer = c->way == ASK_SECRET };
	struct http_answer answer;

	if (!http_ask(c->net, c->arena, &r, &answer)) {
		assert(answer.failure && *answer.failure->text && answer.status == 0);
		frame_shown(answer.failure->text);
	} else {
		assert(answer.status >= 100 && answer.status <= 999 && !answer.failure);
		assert(answer.body_len <= LIMIT_HTTP_BODY && !answer.body[answer.body_len]);
		assert(!answer.secret || c->way == ASK_SECRET);
		assert(strlen(answer.location) <= 1024 && strlen(answer.www_authenticate) <= 1024 &&
		       strlen(answer.type) <= 1024);
		assert(answer.retry_after_s >= -1 && answer.date >= -1 && answer.tried == 1);
	}
	secret_free(answer.secret);
}

static void ask_service(struct web_case *c)
{
	struct service_request r = { .path = "/v1.0/x", .pages = 3 };
	struct secret *token = secret_new("fuzz-token", 10);
	struct service s = { .base = c->url, .token = token };
	struct service_answer answer;

	service_ask(c->net, c->arena, &s, &r, &answer);
	assert(answer.body && answer.why && answer.code && answer.request_id);
	assert((answer.state == SERVICE_UNREACHED) == (answer.failure != NULL));
	if (answer.state == SERVICE_ANSWERED)
		frame_json(arena_strndup(c->arena, answer.body, answer.body_len), true);
	secret_free(token);
}

static void ask_tenant(struct web_case *c)
{
	const char *const logins[] = { c->url, NULL };
	const struct tenant *t = tenant_ask(c->net, "contoso.com", logins);

	assert(t && *tenant_state_name(t->state) && t->why && t->realm && t->realm_why);
	assert(t->state != TENANT_FOUND || is_guid(t->id));
	frame_shown(t->why);
	frame_shown(t->realm_why);
}

static void ask_browser(struct web_case *c)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(TIMEOUT_MS);
	struct loopback_came came = { .code = NULL };
	const char *error = NULL;
	struct loopback *l = loopback_open(c->arena, 0, &error);
	const char *port = l ? strrchr(loopback_url(l), ':') : NULL;
	struct scope scope;
	unsigned long n;
	int r;

	assert(port &&
	       str_number(arena_strndup(c->arena, port + 1, strcspn(port + 1, "/")), 65535, &n));
	c->port = (unsigned)n;
	scope_begin(&scope);
	assert(fiber_spawn(&scope, "browser", browse, c) == 0);
	r = loopback_wait(l, "the-state", &came);
	if (r == 0)
		assert(came.code || *came.error);
	secret_free(came.code);
	loopback_close(l);
	scope_cancel(&scope);
	scope_join(&scope);
}

static int run(void *arg)
{
	static void (*const ways[])(struct web_case *c) = {
		[ASK_BODY] = ask, [ASK_SECRET] = ask, [ASK_SERVICE] = ask_service,
		[ASK_TENANT] = ask_tenant, [ASK_BROWSER] = ask_browser,
	};
	struct net_options o = { .timeout_ms = TIMEOUT_MS, .proxy = "" };
	struct web_case *c = arg;
	const char *error = NULL;
	struct scope scope;

	c->net = net_new(c->arena, &o, &error);
	assert(c->net);
	scope_begin(&scope);
	assert(fiber_spawn(&scope, "server", serve, c) == 0);
	ways[c->way](c);
	scope_cancel(&scope);
	scope_join(&scope);
	net_free(c->net);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct web_case c = { .food = food_of(data, size) };

	if (size > 64 * 1024)
		return 0;
	c.way = food_choice(&c.food, ASK_WAYS);
	c.arena = arena_new();
	listen_on(&c);
	c.url = arena_printf(c.arena, "http://127.0.0.1:%u", c.port);
	fiber_virtual_clock(true);
	assert(fiber_run(run, &c) == 0);
	close(c.listener);
	arena_free(c.arena);
	return 0;
}
