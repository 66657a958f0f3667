/*
 * smtp-run - one dialogue with a scripted peer.
 */
#include "tests/unit/smtp-run.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"

void usual_client(struct smtp *s, struct run *r _unused_)
{
	(void)(smtp_greeting(s) && smtp_ehlo(s, "probe.example") &&
	       smtp_ask(s, STAGE_MAIL, 250, "MAIL FROM:<>"));
}

int conversation(void *arg)
{
	struct run *r = arg;
	struct reached where = peer_reached(r->client_fd);
	struct scope scope;
	struct smtp *s = smtp_new(r->net, r->arena, "mx.example:25", "mx.example", &where,
				  SMTP_CLEAR);

	scope_begin(&scope);
	if (fiber_spawn(&scope, "peer", peer_run, &r->peer) < 0)
		close(r->peer.fd);
	r->client(s, r);
	r->failure = smtp_failure(s);
	r->transcript = smtp_transcript(s);
	r->code = smtp_code(s);
	smtp_close(s);
	scope_join(&scope);
	return 0;
}

struct run *run_begin(const struct dialogue *d, int64_t timeout_ms)
{
	struct net_options o = { .timeout_ms = timeout_ms };
	struct run *r = xcalloc(1, sizeof(*r));
	const char *error = NULL;
	int fds[2];

	peer_sockets(fds);
	r->d = d;
	r->client = usual_client;
	r->client_fd = fds[0];
	r->peer = (struct peer) { .fd = fds[1], .script = d->script, .cut_at = PEER_NO_CUT };
	r->arena = arena_new();
	r->net = net_new(r->arena, &o, &error);
	assert(r->net);
	return r;
}

void run_end(struct run *r)
{
	net_free(r->net);
	arena_free(r->arena);
	free(r);
}
