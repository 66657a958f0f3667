/*
 * f-lab-smtp - any bytes as what a client says to the lab's SMTP server, in pieces (see frame.h):
 * it answers, within bounds, and lets go of the client. The first byte chooses the server.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "fiber/fiber.h"
#include "lab/cloud/token-store.h"
#include "lab/scenario.h"
#include "lab/smtpd.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

const unsigned fuzz_places = 25;

enum { ANSWER_MOST = 8 * 1024 * 1024 };

static const char text[] =
	"title x\nuser scan@contoso.com\npassword Paper-Jam\n"
	"server plain.example:25\n\toffers SIZE 1000, AUTH LOGIN PLAIN XOAUTH2, CHUNKING\n"
	"\tlogin 235 2.7.0 ok\n\tlogin-wrong 535 5.7.8 {user} no [{trailer}]\n"
	"\trcpt <*@nowhere> 550 5.1.1 {to}\n"
	"\tunknown 500 {helo}\n"
	"server strict.example:587\n\toffers SIZE 1000, STARTTLS\n"
	"\tmail-anonymous 530 5.7.0 {from}\n"
	"\tauth-cleartext 504 5.7.4 no\n"
	"server odd.example:25\n\toffers AUTH XOAUTH2\n\tchallenge {\"status\":\"401\"}\n"
	"\tehlo 250-hi 250 AUTH XOAUTH2\n"
	"\tdata 354 go then 451 later\n";

struct talk_case {
	struct food		 food;
	const struct scenario	*scenario;
	const struct lab_server	*server;
	int			 fds[2];
};

static const struct scenario *scenario(void)
{
	static struct scenario *s;
	const char *error = NULL;

	if (!s)
		s = scenario_parse(frame_forever(), "fuzz", text, strlen(text), &error);
	assert(s);
	return s;
}

static void client(void *arg)
{
	struct talk_case *c = arg;
	struct span piece;
	size_t heard = 0;
	char sink[2048];
	ssize_t n = 1;

	while (n > 0 && food_piece(&c->food, &piece)) {
		while (piece.len) {
			ssize_t sent = send(c->fds[0], piece.p, piece.len,
					    MSG_NOSIGNAL | MSG_DONTWAIT);

			if (sent < 0 &&
			    (errno != EAGAIN || fiber_wait_fd(c->fds[0], FIBER_WRITE, NULL) < 0))
				break;
			if (sent > 0) {
				piece.p += sent;
				piece.len -= (size_t)sent;
			}
			/* What it answers is taken, or it could not go on. */
			while ((n = recv(c->fds[0], sink, sizeof(sink), MSG_DONTWAIT)) > 0)
				heard += (size_t)n;
			n = n < 0 && errno == EAGAIN;
			if (n == 0)
				break;
		}
		if (n > 0 && fiber_yield() < 0)
			break;
	}
	shutdown(c->fds[0], SHUT_WR);
	do {
		while ((n = recv(c->fds[0], sink, sizeof(sink), MSG_DONTWAIT)) > 0)
			heard += (size_t)n;
	} while (n < 0 && errno == EAGAIN && fiber_wait_fd(c->fds[0], FIBER_READ, NULL) == 0);
	assert(heard < ANSWER_MOST);
	close(c->fds[0]);
}

static int run(void *arg)
{
	struct talk_case *c = arg;
	struct token_store tokens;
	struct smtpd d = { .scenario = c->scenario, .server = c->server, .tokens = &tokens };
	struct arena *a = arena_new();
	struct scope scope;

	token_store_init(&tokens, a);
	scope_begin(&scope);
	assert(fiber_spawn(&scope, "client", client, c) == 0);
	smtpd_serve(&d, c->fds[1]);
	scope_join(&scope);
	token_store_release(&tokens);
	arena_free(a);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct talk_case c = { .food = food_of(data, size), .scenario = scenario() };
	unsigned n = food_choice(&c.food, (unsigned)c.scenario->n_servers);

	c.server = c.scenario->servers;
	while (n--)
		c.server = c.server->next;
	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, c.fds) == 0);
	fiber_virtual_clock(true);
	assert(fiber_run(run, &c) == 0);
	return 0;
}
