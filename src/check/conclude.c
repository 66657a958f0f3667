/*
 * conclude - the end of a run: what its outcomes are worth together, as evidence for the judge.
 */
#include "check/result.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "judge/judge.h"

/* --- the status of the whole --- */

/* Was what was asked for asked by it? */
static bool is_main(const struct result *r, const struct outcome *o)
{
	return o->check->part == CHECK_MAIN || (r->ask->picked && o->check->part == CHECK_SIDE);
}

static bool is_answered(const struct outcome *o)
{
	return o->status == STATUS_PASS || o->status == STATUS_WARN || o->status == STATUS_FAIL;
}

/* Of a check that has a turn at several ports one answer is enough. */
static bool is_answered_anywhere(const struct result *r, const struct check *c)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (r->outcomes[i].check == c && is_answered(&r->outcomes[i]))
			return true;
	return false;
}

/*
 * Does it leave open what was asked? A side question does not: whether the server is the right one
 * is none, nor is what did not get its turn, nor what others waited for. A main one does, also by
 * being skipped, where somebody misses the answer.
 */
static bool leaves_open(const struct result *r, const struct outcome *o)
{
	if (o->status == STATUS_SKIP)
		return is_main(r, o) && !o->idle && !is_answered_anywhere(r, o->check);
	if (o->status != STATUS_UNKNOWN)
		return false;
	return is_main(r, o) || o->blocks || o->check->talks || (o->check->optional &&
		o->check->ports) || o->us == 0 || (o->check->unknown_counts && *o->finding);
}

/*
 * Good is what a main question was answered well for, and none is open. That nothing went wrong is
 * not enough.
 */
static enum status overall(const struct result *r)
{
	bool answered = false, warned = false, open = false, asked = false;

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];

		if (o->status == STATUS_FAIL)
			return STATUS_FAIL;
		answered |= is_main(r, o) && is_answered(o);
		warned |= o->status == STATUS_WARN;
		open |= leaves_open(r, o);
		asked |= str_has_prefix(o->id, "auth.");
	}
	/* A login was wanted and could not be tried: that is no good news. */
	open |= asked && *r->ask->user && !r->ask->password && !r->ask->token;
	if (open || !answered)
		return STATUS_UNKNOWN;
	return warned ? STATUS_WARN : STATUS_PASS;
}

/* --- evidence --- */

static void add_verdicts(struct evidence *e, const struct result *r)
{
	e->verdicts = arena_alloc(e->arena, (r->n_outcomes + 1) * sizeof(*e->verdicts));
	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];

		e->verdicts[e->n_verdicts++] = (struct verdict) {
			.check = o->check->id, .id = o->id, .endpoint = o->endpoint,
			.port = o->port,
			.status = o->status, .stage = o->check->stage, .finding = o->finding,
			.summary = o->summary, .reply = o->reply, .replier = o->replier,
		};
	}
}

static void add_asked(struct evidence *e, const struct result *r)
{
	const struct ask *ask = r->ask;
	/* Of a list of senders, the one whose refusal is judged. */
	const char *listed = facts_string(r->facts, "senders.first-refused");
	bool mailbox = ask->kind == TARGET_ADDRESS && !*ask->user;

	evidence_ask(e, "ask.user", ask->user);
	evidence_ask(e, "ask.mailbox", mailbox ? ask->address : "");
	evidence_ask(e, "ask.from", *ask->from ? ask->from : listed);
	evidence_ask(e, "ask.to", ask->to);
	evidence_ask(e, "ask.via", ask->via);
	evidence_ask(e, "ask.host", *ask->host ? ask->host : r->host);
	evidence_ask(e, "ask.domain", ask->domain);
	facts_set(e->asked, "ask.kind", target_kind_name(ask->kind));
	facts_set_bool(e->asked, "ask.login", *ask->user != '\0');
	facts_set_bool(e->asked, "ask.password", ask->password != NULL);
	facts_set_bool(e->asked, "ask.token", ask->token != NULL);
	facts_set_bool(e->asked, "ask.port-given", ask->port_given);
	facts_set_bool(e->asked, "ask.submission", ask->submission);
	facts_set_bool(e->asked, "ask.redirected", ask->redirected);
	for (size_t i = 0; i < ask->n_ports; i++)
		facts_set(e->asked, arena_printf(e->arena, "ask.port.%u", ask->ports[i].port),
			  ask->ports[i].implicit_tls ? "implicit" : "starttls");
}

struct evidence *result_evidence(const struct result *r)
{
	struct evidence *e = evidence_new(r->arena, r->ask->know);

	e->facts = r->facts;
	e->client = r->ask->client;
	e->line = r->ask->line;
	e->provider = r->provider;
	e->path = r->path;
	add_asked(e, r);
	evidence_complete(e);
	add_verdicts(e, r);
	return e;
}

void result_conclude(struct result *r)
{
	struct diagnosis d;

	r->status = overall(r);
	untested(r);
	if (r->status == STATUS_PASS || !r->ask->know)
		return;
	d = judge(result_evidence(r));
	r->diagnosis = d.list;
	r->n_diagnosis = d.n;
	r->next_blockers = d.next;
	r->apart = d.apart;
}
