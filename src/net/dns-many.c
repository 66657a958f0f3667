/*
 * dns-many - several questions at once.
 */
#include "base/arena.h"
#include "fiber/fiber.h"
#include "net/dns.h"

struct turn { struct dns *dns; struct dns_question *question; };

_waits_ static void ask_in_turn(void *arg)
{
	struct turn *t = arg;

	t->question->answer = dns_ask(t->dns, t->question->name, t->question->type);
}

void dns_ask_all(struct dns *d, struct dns_question *q, size_t n)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct turn *turns = arena_alloc(a, (n + 1) * sizeof(*turns));
	struct scope s;

	scope_begin(&s);
	for (size_t i = 0; i < n; i++) {
		turns[i] = (struct turn) { d, &q[i] };
		q[i].answer = NULL;
		if (fiber_spawn(&s, q[i].name, ask_in_turn, &turns[i]) < 0)
			break;
	}
	scope_join(&s);
}
