#include "check/schedule.h"

#include <assert.h>
#include <errno.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/trace.h"
#include "check/probe.h"
#include "fiber/watchdog.h"

const char *run_host(const struct run *r)
{
	const char *host = r->ask->host;

	if (!*host)
		host = facts_string(r->facts, "target.host");
	if (!*host && !r->ask->submission)
		host = facts_string(r->facts, "dns.mx.host");
	return host;
}

char *run_endpoint(const struct run *r, const struct endpoint *e)
{
	const char *host = run_host(r);

	if (!*host)
		host = *r->ask->domain ? r->ask->domain : r->ask->input;
	if (!e)
		return arena_strdup(r->arena, host);
	return arena_printf(r->arena, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, e->port);
}

/* --- running --- */

static void tell_progress(const struct run *r, const struct probe *p)
{
	if (r->ask->progress)
		r->ask->progress(r->ask->progress_arg,
				 arena_printf(r->arena, "%s: %s", run_endpoint(r, p->endpoint),
					      p->check->title));
}

static void release(struct endpoint *e)
{
	if (e->session)
		e->done(e->session);
	e->session = NULL;
}

/* Frees the connection of the endpoint when nobody is left who talks on it. */
static void release_if_last(struct run *r, struct endpoint *e)
{
	for (size_t i = 0; e && i < r->n_probes; i++) {
		const struct probe *p = &r->probes[i];

		if (p->endpoint == e && p->check->talks && p->state != PROBE_ENDED)
			return;
	}
	if (e)
		release(e);
}

/* For the end by the watchdog: "pass     smtp.example.com:587  tcp.587: it answers". */
static void note(const struct run *r, const struct probe *p)
{
	const char *line = arena_printf(r->arena, "  %-8s %s  %s: %s", status_name(p->out.status),
					p->out.endpoint, p->id, p->out.summary);

	if (p->out.status != STATUS_SKIP)
		watchdog_note(str_escaped(r->arena, line, strlen(line)));
}

static void ended(struct probe *p)
{
	struct run *r = p->run;

	p->state = PROBE_ENDED;
	p->out.endpoint = run_endpoint(r, p->endpoint);
	trace(TRACE_CHECKS, "%s: %s: %s", p->id, status_name(p->out.status), p->out.summary);
	note(r, p);
	release_if_last(r, p->endpoint);
	event_set(&r->changed);
}

static void run_probe(void *arg)
{
	struct probe *p = arg;

	if (!fiber_cancelled()) {
		p->started_us = clock_us();
		tell_progress(p->run, p);
		p->check->run(p);
		assert(p->judged);		/* every check answers with a verdict */
		p->out.us = clock_us() - p->started_us;
	}
	p->run->running--;
	ended(p);
}

static const char *unmet(const struct probe *p)
{
	for (const char **need = p->needs; *need; need++) {
		if (!need_met(p->run->facts, *need))
			return *need;
	}
	return NULL;
}

static bool decidable(const struct probe *p)
{
	for (size_t i = 0; i < p->n_waits_for; i++) {
		if (p->waits_for[i]->state != PROBE_ENDED)
			return false;
	}
	return p->state == PROBE_WAITING;
}

/* Starts or skips p. False when nothing can be started any more. */
static bool start(struct scope *s, struct probe *p)
{
	const char *need = unmet(p);

	if (need) {
		explain_skip(p, need);
		ended(p);
		return true;
	}
	p->state = PROBE_RUNNING;
	p->run->running++;
	if (fiber_spawn(s, p->id, run_probe, p) == 0)
		return true;
	p->run->running--;
	p->state = PROBE_WAITING;
	return false;
}

/* Starts all that is ready, until nothing changes. False when nothing can be started any more. */
static bool start_ready(struct run *r, struct scope *s)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < r->n_probes; i++) {
			if (!decidable(&r->probes[i]))
				continue;
			if (!start(s, &r->probes[i]))
				return false;
			more = true;
		}
	}
	return true;
}

static void leave_out(struct run *r)
{
	for (size_t i = 0; i < r->n_probes; i++) {
		struct probe *p = &r->probes[i];

		if (!p->left_out)
			continue;
		p->judged = true;
		p->out.status = STATUS_SKIP;
		p->out.summary = p->out.skipped_because = p->left_out_why ? p->left_out_why :
							  "not asked for";
		p->state = PROBE_ENDED;
	}
}

/*
 * Waits for some check to end, within the time given. The deadline is the waiting's alone: checks
 * must not take it for their peer's.
 */
static int wait_for_change(struct run *r)
{
	int64_t left = r->ends_ms ? r->ends_ms - clock_ms() : -1;
	_cleanup_(deadline_end) struct deadline d = deadline_in(r->ends_ms && left < 0 ? 0 : left);

	event_clear(&r->changed);
	return event_wait(&r->changed);
}

static void run_all(struct run *r)
{
	struct scope s;
	int rc = 0;

	scope_begin(&s);
	while (rc == 0 && start_ready(r, &s) && r->running)
		rc = wait_for_change(r);
	r->out_of_time = rc == -ETIMEDOUT;
	if (rc)
		scope_cancel(&s);
	scope_join(&s);
	for (size_t i = 0; i < r->n_endpoints; i++)
		release(&r->endpoints[i]);
}

/* --- the result --- */

static void finish_probe(struct run *r, struct probe *p)
{
	if (!*p->out.endpoint)
		p->out.endpoint = run_endpoint(r, p->endpoint);
	if (p->judged)
		return;
	p->out.status = STATUS_UNKNOWN;
	p->out.summary = r->out_of_time ? "not begun in the time given" :
			 "interrupted before it began";
}

/* What was asked for, and what only served but is the reason why something else is not good. */
static bool shown(const struct probe *p)
{
	return p->asked ||
	       (!p->left_out && p->out.status != STATUS_PASS && p->out.status != STATUS_SKIP);
}

static void collect(struct run *r)
{
	struct result *res = r->result;
	const struct provider *prov;

	res->outcomes = arena_alloc(r->arena, (r->n_probes + 1) * sizeof(*res->outcomes));
	for (size_t i = 0; i < r->n_probes; i++) {
		finish_probe(r, &r->probes[i]);
		if (shown(&r->probes[i]))
			res->outcomes[res->n_outcomes++] = r->probes[i].out;
	}
	res->host = run_host(r);
	res->provider = *r->ask->provider ? r->ask->provider :
			facts_string(r->facts, "target.provider");
	res->path = *r->ask->path ? r->ask->path : facts_string(r->facts, "target.path");
	prov = r->ask->know && *res->provider ?
	       know_provider(r->ask->know, res->provider, *res->path ? res->path : NULL) : NULL;
	if (!prov && r->ask->know && *res->provider)
		prov = know_provider(r->ask->know, res->provider, NULL);
	res->provider_name = prov ? prov->name : "";
}

static void judge(void *arg)
{
	no_wait_begin();
	result_conclude(arg);
	no_wait_end();
}

static void die_of_circle(const struct run *r)
{
	char *circle = plan_circle(r->arena, r);

	if (circle)
		fprintf(stderr, "checks wait for each other: %s\n", circle);
	assert(circle == NULL);
}

struct result *schedule_run(struct arena *a, const struct ask *ask,
			    const struct check *const *checks)
{
	struct result *res = arena_alloc(a, sizeof(*res));
	struct run *r = arena_alloc(a, sizeof(*r));
	int64_t started = clock_ms();

	*res = (struct result){ .arena = a, .ask = ask, .started = clock_wall(),
				.facts = facts_new(a) };
	*r = (struct run){ .arena = a, .ask = ask, .facts = res->facts, .result = res };
	r->ends_ms = ask->max_time_ms > 0 ? started + ask->max_time_ms : 0;
	watchdog_begin(ask->max_time_ms);
	event_init(&r->changed);
	plan(r, checks);
	die_of_circle(r);
	leave_out(r);
	run_all(r);
	collect(r);
	res->duration_ms = clock_ms() - started;
	fiber_on_hub(judge, res);
	watchdog_end();
	return res;
}

/* --- the list as a whole --- */

static char *need_without_giver(struct arena *a, const struct check *const *checks)
{
	for (const struct check *const *c = checks; *c; c++) {
		for (const char *const *need = (*c)->needs; need && *need; need++) {
			bool given = false;

			for (const struct check *const *g = checks; *g && !given; g++) {
				for (const char *const *gives = (*g)->gives;
				     gives && *gives && !given; gives++)
					given = need_given_by(*need, *gives);
			}
			if (!given)
				return arena_printf(a, "%s needs %s, which no check gives",
						    (*c)->id, *need);
		}
	}
	return NULL;
}

static bool id_there(const struct check *const *checks, const char *id)
{
	for (; *checks; checks++) {
		if (str_eq((*checks)->id, id))
			return true;
	}
	return false;
}

static char *bad_names(struct arena *a, const struct check *const *checks)
{
	struct map *ids = map_new(a);

	for (const struct check *const *c = checks; *c; c++) {
		if (map_get(ids, (*c)->id))
			return arena_printf(a, "two checks are called %s", (*c)->id);
		map_set(ids, (*c)->id, (void *)*c);
		for (const char *const *id = (*c)->after; id && *id; id++) {
			if (!id_there(checks, *id))
				return arena_printf(a, "%s comes after %s, which does not exist",
						    (*c)->id, *id);
		}
	}
	return NULL;
}

char *schedule_trouble(struct arena *a, const struct check *const *checks)
{
	struct ask_port ports[] = { { 25, false }, { 465, true } };
	struct ask ask = {
		.input = "", .host = "", .domain = "", .address = "", .provider = "", .path = "",
		.helo = "", .from = "", .to = "", .sender_ip = "", .user = "",
		.auth = "", .ports = ports, .n_ports = ARRAY_LEN(ports),
	};
	struct run r = { .arena = a, .ask = &ask };
	char *trouble = bad_names(a, checks);

	if (!trouble)
		trouble = need_without_giver(a, checks);
	if (trouble)
		return trouble;
	for (size_t i = 0; checks[i]; i++) {
		if (checks[i]->talks && !checks[i]->ports)
			return arena_printf(a, "%s talks but has no ports", checks[i]->id);
	}
	plan(&r, checks);
	return plan_circle(a, &r);
}
