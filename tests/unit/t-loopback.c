/*
 * t-loopback - the browser that comes back: who is let in, and who can hold it up.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/loopback.h"
#include "tests/unit/tap.h"

enum { LIMIT_MS = 20000, SILENT = 100, DESCRIPTORS = 64 };

struct scene {
	struct arena		*arena;
	struct loopback		*l;
	void			(*before)(struct scene *s);	/* NULL */
	void			(*meanwhile)(void *scene);
	struct loopback_came	 came;
	int			 result;
	int			 fds[SILENT];
	size_t			 n;
};

static unsigned port_of(const struct scene *s)
{
	unsigned long port = 0;
	const char *p = strrchr(loopback_url(s->l), ':') + 1;

	str_number(arena_strndup(s->arena, p, strcspn(p, "/")), 65535, &port);
	return (unsigned)port;
}

/* Connects, and says that; -1 when it can't. */
static int visitor(const struct scene *s, const char *request)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port_of(s)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		close(fd);
		return -1;
	}
	(void)!write(fd, request, strlen(request));
	return fd;
}

static void keep(struct scene *s, int fd)
{
	if (fd >= 0 && s->n < SILENT)
		s->fds[s->n++] = fd;
}

static int play(void *arg)
{
	struct scene *s = arg;
	_cleanup_(deadline_end) struct deadline limit = deadline_in(LIMIT_MS);
	const char *error = "";
	struct scope scope;

	s->arena = arena_new();
	s->l = loopback_open(s->arena, 0, &error);
	if (!s->l)
		return -1;
	if (s->before)
		s->before(s);
	scope_begin(&scope);
	fiber_spawn(&scope, "visitors", s->meanwhile, s);
	s->result = loopback_wait(s->l, "state-1", &s->came);
	scope_cancel(&scope);
	scope_join(&scope);
	return 0;
}

static void end(struct scene *s)
{
	while (s->n)
		close(s->fds[--s->n]);
	loopback_close(s->l);
	secret_free(s->came.code);
	arena_free(s->arena);
}

static void comes_back(void *arg)
{
	struct scene *s = arg;

	keep(s, visitor(s, "GET /favicon.ico HTTP/1.1\r\n\r\n"));
	fiber_sleep(1);
	keep(s, visitor(s, "GET /?code=forged&state=other HTTP/1.1\r\n\r\n"));
	fiber_sleep(1);
	keep(s, visitor(s, "GET /?code=made%2Dup&state=state-1 HTTP/1.1\r\n\r\n"));
}

static void test_usual(void)
{
	struct scene s = { .meanwhile = comes_back };

	fiber_run(play, &s);
	is_int(s.result, 0, "it came");
	is_str(s.came.code ? secret_bytes(s.came.code) : "", "made-up", "... with its code");
	ok(s.came.strangers <= 2, "... among others");
	end(&s);
}

/* They stay, and say nothing: one at a time they would take minutes. Connecting waits for nothing
 * but the kernel. */
static void crowd(void *arg)
{
	struct scene *s = arg;

	for (size_t i = 0; i + 1 < SILENT; i++) {
		keep(s, visitor(s, i % 2 ? "" : "GET /?code=slow"));
		fiber_sleep(1);
	}
	keep(s, visitor(s, "GET /?code=made-up&state=state-1 HTTP/1.1\r\n\r\n"));
}

static void test_crowd(void)
{
	struct scene s = { .meanwhile = crowd };

	fiber_run(play, &s);
	is_int(s.result, 0, "many that say nothing do not hold it up");
	is_str(s.came.code ? secret_bytes(s.came.code) : "", "made-up", "... and it has its code");
	end(&s);
}

static int taken[DESCRIPTORS];
static size_t n_taken;

static void take_all(struct scene *s)
{
	keep(s, visitor(s, "GET /?code=made-up&state=state-1 HTTP/1.1\r\n\r\n"));
	while (n_taken < DESCRIPTORS && (taken[n_taken] = dup(0)) >= 0)
		n_taken++;
}

static void give_back(void *arg)
{
	(void)arg;
	fiber_sleep(300);
	while (n_taken)
		close(taken[--n_taken]);
}

static void test_descriptors(void)
{
	struct rlimit before, few = { 48, 48 };
	struct scene s = { .before = take_all, .meanwhile = give_back };

	getrlimit(RLIMIT_NOFILE, &before);
	few.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_NOFILE, &few);
	fiber_run(play, &s);
	setrlimit(RLIMIT_NOFILE, &before);
	is_int(s.result, 0, "a lack of descriptors passes, and it comes");
	end(&s);
}

static void refused(void *arg)
{
	struct scene *s = arg;

	keep(s, visitor(s, "GET "
			   "/?error=access_denied&error_description=you+said+hush%2Dhush%2D4711&"
			   "state=state-1 HTTP/1.1\r\n\r\n"));
}

static void test_refused(void)
{
	struct scene s = { .meanwhile = refused };

	redact_secret("hush-hush-4711", 14);
	fiber_run(play, &s);
	is_str(s.came.error, "access_denied", "a refusal");
	is_str(s.came.description, "you said **************", "... whose words hold no secret");
	end(&s);
	redact_end();
}

int main(void)
{
	test_usual();
	test_crowd();
	test_descriptors();
	test_refused();
	return tap_done();
}
