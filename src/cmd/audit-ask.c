/*
 * audit-ask - asks about the targets of a list: each of the fibers takes the next whose turn it is.
 * A line is put in the queue of its provider when nobody else's turn it is, and read once more when
 * its own has come.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "check/schedule.h"
#include "cmd/audit.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "know/know.h"
#include "net/dns.h"
#include "net/view.h"

/* --- a login --- */

/* Refused for good: a temporary failure says nothing of the secret (RFC 4954, 6: 454; 421). */
static bool login_refused(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];

		if (o->status == STATUS_FAIL && o->check->stage == STAGE_AUTH && o->reply &&
		    o->reply->code / 100 == 5)
			return true;
	}
	return false;
}

/*
 * Reads its secret just before it is used. A login that was refused before is not tried again,
 * lest the account be locked: the target is then asked without it. False: the file cannot be read.
 */
static bool take_credential(struct auditing *g)
{
	struct credential_options c = {
		.command = "audit",
		.password_file = *g->target.password_file ? g->target.password_file : NULL,
		.token_file = *g->target.token_file ? g->target.token_file : NULL,
	};
	struct ask *ask = &g->ask;

	if (!*g->reference)
		return true;
	if (!bound_is_refused(g->run->bound, g->reference, ask->user))
		return credentials_get(&c, ask->user, "", &ask->password, &ask->token) == OPT_GO;
	progress_erase(&g->run->progress);
	opt_wrong("audit", "%s, line %u: this login was refused before, and is not tried again",
		  g->run->name, g->target.line);
	ask->user = "";
	return true;
}

/* --- a target that is asked --- */

static const char *const too_many[] = {
	"too many connections", "too many concurrent", "too many sessions",
	"maximum number of concurrent", "connection limit", "connection rate",
};

/*
 * Does a reply say that we ask too much? 421 ends the connection because the service is not
 * available (RFC 5321, 3.8 and 4.2.2); some servers say so by another code of the same class.
 */
static bool says_busy(struct arena *a, const struct reply *reply)
{
	const char *words;

	if (!reply || reply->code / 100 != 4)
		return false;
	if (reply->code == 421)
		return true;
	words = reply_words(reply, a);
	for (size_t i = 0; i < ARRAY_LEN(too_many); i++)
		if (str_find_nocase(words, too_many[i]))
			return true;
	return false;
}

/* Is it a refusal that lasts, though its code is 421 ("421 4.7.66 TLS 1.0 is not supported")? */
static bool lasts(const struct result *r, const struct reply *reply)
{
	for (size_t i = 0; i < r->n_diagnosis; i++)
		if (r->diagnosis[i].reply == reply && str_eq(r->diagnosis[i].retry, "no"))
			return true;
	return false;
}

static bool sent_away(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct reply *reply = r->outcomes[i].reply;

		if (says_busy(r->arena, reply) && !lasts(r, reply))
			return true;
	}
	return false;
}

/* Did any server let us in? */
static bool let_in(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (r->outcomes[i].check->talks && r->outcomes[i].status == STATUS_PASS)
			return true;
	return false;
}

static void ask_now(struct auditing *g, struct arena *a)
{
	struct ask *ask = &g->ask;

	if (!take_credential(g)) {
		g->run->status = exit_worse(g->run->status, EXIT_UNTESTED);
		return;
	}
	if (!*ask->via)
		check_route(ask, a, !g->options.ports);
	ask->redirected = is_redirected(ask, ask->host);
	g->result = schedule_run(a, ask, all_checks);
	if (*g->reference && *ask->user && login_refused(g->result))
		bound_refused(g->run->bound, g->reference, ask->user);
	secret_free(ask->password);
	secret_free(ask->token);
}

static void tell_pause(struct audit_run *run, const char *place, int64_t pause_ms)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	progress_erase(&run->progress);
	fprintf(stderr, "smtpwhy audit: %s sends us away for now (421): nothing is asked there for "
		"%lld s\n", str_escaped(a, place, strlen(place)), (long long)(pause_ms / 1000));
}

/* What its provider thinks of being asked. True when the target is to be asked once more. */
static bool is_to_wait(struct auditing *g, const struct turn *turn)
{
	struct audit_run *run = g->run;
	int64_t pause;

	if (!sent_away(g->result)) {
		if (let_in(g->result))
			turns_let_in(run->turns, turn);
		return false;
	}
	audit_tally_sent_away(&run->tally, turns_place(turn));
	pause = turns_sent_away(run->turns, turn, clock_ms(), run->options.pause_ms);
	if (pause)
		tell_pause(run, turns_place(turn), pause);
	/* A login that was refused is not tried again, so this is the result. */
	if (login_refused(g->result))
		return false;
	if (!turn->asked)
		return true;
	/* What a server that has no time for us says is no verdict on the target. */
	g->result->status = STATUS_UNKNOWN;
	return false;
}

/* True when the target is to be asked once more. */
static bool ask_turn(struct audit_run *run, const struct turn *turn)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct auditing g = { .run = run };
	const char *error;
	bool again = false;

	if (audit_list_at(&run->list, a, turn->at, turn->line, &g.target, &error) != LIST_TARGET ||
	    audit_ask(run, a, &g.target, &g.options, &g.ask, &g.to))
		return false;
	g.reference = bound_file(a, *g.target.password_file ? g.target.password_file :
				    g.target.token_file);
	g.ask.net = net_view(run->session.net, a);
	run->running++;
	audit_progress(run);
	ask_now(&g, a);
	run->running--;
	/* What was interrupted is no result. */
	if (g.result && !fiber_cancelled() && !run->session.report.error) {
		again = is_to_wait(&g, turn);
		if (!again)
			fiber_on_hub(audit_take_result, &g);
	}
	net_view_end(g.ask.net);
	return again;
}

/* --- whose turn it is --- */

/*
 * Whose server the target's mail goes to: of a domain, its MX host's. It is asked for here, and
 * the checks share the answer.
 */
_waits_ static const char *provider_of(struct auditing *g)
{
	const struct ask *ask = &g->ask;
	const struct dns_answer *mx;
	const struct provider *p;

	if (*ask->host || !*ask->domain || is_redirected(ask, ask->domain))
		return g->to;
	mx = dns_ask(net_dns(ask->net), ask->domain, DNS_MX);
	if (!mx->records || !*mx->records->name)
		return g->to;
	p = know_provider_of_host(ask->know, mx->records->name);
	return p ? p->id : mx->records->name;
}

static void put_in_queue(struct audit_run *run, struct auditing *g, struct arena *a)
{
	const char *provider = provider_of(g);
	const struct provider *p = know_provider(g->ask.know, provider, NULL);
	struct turn_wanted w = {
		.at = g->target.at, .line = g->target.line, .place = provider,
		.at_once = p && p->at_once ? p->at_once : AUDIT_PROVIDER,
		.gap_ms = p && p->per_second ? 1000 / p->per_second : 0,
	};

	w.credential = bound_file(a, *g->target.password_file ? g->target.password_file :
				     g->target.token_file);
	turns_add(run->turns, &w);
}

/* Those who wait look again. */
static void tell(struct audit_run *run)
{
	event_set(&run->changed);
	event_clear(&run->changed);
}

/* Is there no room for one more, counting those whose provider is being found? */
static bool is_full(const struct audit_run *run)
{
	return turns_room(run->turns) <= run->looking_up;
}

/* Reads on by one line. */
_waits_ static void read_on(struct audit_run *run)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct auditing g = { .run = run };
	const char *error;
	enum list_is is = audit_list_next(&run->list, a, &g.target, &error);

	run->list_ended = is == LIST_END;
	if (is != LIST_TARGET || !plan_is_open(run->plan, g.target.line) ||
	    audit_ask(run, a, &g.target, &g.options, &g.ask, &g.to))
		return;
	run->looking_up++;
	g.ask.net = net_view(run->session.net, a);
	put_in_queue(run, &g, a);
	net_view_end(g.ask.net);
	run->looking_up--;
	tell(run);
}

/* The next that is to be asked; NULL at the end. */
_waits_ static struct turn *next_turn(struct audit_run *run)
{
	while (!fiber_cancelled() && !run->session.report.error && !run->journal_failed) {
		int64_t wait;
		struct turn *turn = turns_take(run->turns, clock_ms(), &wait);
		struct deadline limit;

		if (turn)
			return turn;
		if (!run->list_ended && !is_full(run)) {
			read_on(run);
			continue;
		}
		if (run->list_ended && !run->looking_up && turns_idle(run->turns))
			return NULL;
		limit = deadline_in(wait);
		(void)event_wait(&run->changed);
		deadline_end(&limit);
	}
	return NULL;
}

static void worker(void *arg)
{
	struct audit_run *run = arg;
	struct turn *turn;

	while ((turn = next_turn(run))) {
		if (ask_turn(run, turn))
			turns_again(run->turns, turn);
		else
			turns_done(run->turns, turn);
		tell(run);
	}
}

void audit_ask_all(struct audit_run *run)
{
	struct scope scope;

	run->turns = turns_new(AUDIT_AHEAD);
	event_init(&run->changed);
	scope_begin(&scope);
	for (unsigned long i = 0; i < run->jobs && i < run->n_targets; i++)
		if (fiber_spawn(&scope, "target", worker, run) < 0)
			break;
	scope_join(&scope);
	turns_free(run->turns);
	run->turns = NULL;
}
