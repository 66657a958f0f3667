#include "judge/judge.h"

#include "base/str.h"
#include "base/trace.h"
#include "judge/apart.h"
#include "judge/weigh.h"
#include "know/tables.h"
#include "know/path.h"

/* The step of the dialogue a check speaks of. */
static enum stage stage_of_check(const char *id)
{
	static const struct { const char *prefix; enum stage stage; } table[] = {
		{ "target.", STAGE_DNS }, { "dns.", STAGE_DNS }, { "tcp.", STAGE_CONNECT }, { "smtp.greeting", STAGE_GREETING },
		{ "smtp.ehlo", STAGE_EHLO }, { "smtp.starttls", STAGE_STARTTLS }, { "smtp.extensions", STAGE_EHLO }, { "tls.", STAGE_TLS },
		{ "auth.", STAGE_AUTH }, { "token.", STAGE_AUTH }, { "graph.", STAGE_AUTH }, { "admin.", STAGE_AUTH }, { "smtp.mail", STAGE_MAIL }, { "smtp.rcpt", STAGE_RCPT },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_has_prefix(id, table[i].prefix))
			return table[i].stage;
	}
	return STAGE_UNKNOWN;
}

static bool went_wrong(const struct outcome *o)
{
	return o->status == STATUS_FAIL || o->status == STATUS_WARN;
}

/* --- evidence --- */

static void from_replies(struct candidates *c, const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];

		if (went_wrong(o) && o->reply && o->reply->code >= 400)
			candidates_of_reply(c, *r->provider ? r->provider : NULL, o->reply, o->replier ? o->replier : o->endpoint, o->port);
	}
}

/* The step at which somebody would notice that the setting is wrong. */
static enum stage stage_of_setting(const char *setting)
{
	static const struct { const char *setting; enum stage stage; } table[] = {
		{ "host", STAGE_CONNECT }, { "port", STAGE_CONNECT }, { "tls", STAGE_STARTTLS }, { "verify", STAGE_TLS }, { "from", STAGE_MAIL },
		{ "to", STAGE_RCPT },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_eq(setting, table[i].setting))
			return table[i].stage;
	}
	return STAGE_AUTH;
}

static enum stage stage_of_outcome(const struct know *k, const struct outcome *o)
{
	const struct path_finding_row *row = know_path_finding(k, o->finding);

	return row ? stage_of_setting(row->setting) : stage_of_check(o->id);
}

static const char *cause_of_finding(const struct know *k, const struct outcome *o)
{
	const struct path_finding_row *row = know_path_finding(k, o->finding);

	/* What may not work is no reason while something else is known not to. */
	if (row)
		return *row->cause && o->status == STATUS_FAIL ? row->cause : NULL;
	for (const struct finding *f = o->check->findings; f && f->name; f++) {
		if (str_eq(f->name, o->finding))
			return f->cause;
	}
	return NULL;
}

static void from_findings(struct candidates *c, const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];
		const char *id = went_wrong(o) ? cause_of_finding(c->know, o) : NULL;
		const struct cause *cause = id ? know_cause(c->know, id) : NULL;

		if (!cause)
			continue;
		candidates_add(c, &(struct candidate) {
			.cause = cause,
			.certainty = o->status == STATUS_FAIL ? LIKELY : POSSIBLE,
			.stage = stage_of_outcome(c->know, o),
			.rank = RANK_FINDING,
			.port = o->port,
			.because = arena_printf(c->arena, "%s: %s", o->endpoint, o->summary),
			.matched_by = arena_printf(c->arena, "finding %s", o->finding),
			.reply = o->reply,
		});
	}
}

static void add_rule(struct candidates *c, const struct rule_view *v, const struct rule *r, unsigned port)
{
	trace(TRACE_RULES, "%s holds (port %u): %s %s", r->id, port, certainty_name(r->certainty), r->causes.v[0]);
	candidates_add(c, &(struct candidate) {
		.cause = know_cause(c->know, r->causes.v[0]),
		.certainty = r->certainty,
		.stage = r->stage,
		.rank = RANK_REPLY + r->rank,
		.port = port,
		.source = r->source,
		.because = rule_because(v, r, port),
		.matched_by = arena_printf(c->arena, "rule %s", r->id),
		.hides = &r->hides,
	});
}

/* Calls the rule for each port it holds for; says whether it did for any. */
static bool try_rule(struct candidates *c, const struct rule_view *v, const struct rule *r, const struct ask *ask)
{
	bool any = false;

	if (!r->per_port) {
		any = rule_holds(v, r, 0);
		if (any && c)
			add_rule(c, v, r, 0);
		return any;
	}
	for (size_t i = 0; i < ask->n_ports; i++) {
		if (!rule_holds(v, r, ask->ports[i].port))
			continue;
		any = true;
		if (c)
			add_rule(c, v, r, ask->ports[i].port);
	}
	return any;
}

static void from_rules(struct candidates *c, const struct rule_view *v, const struct result *r)
{
	size_t n;
	const struct rule *const *rules = know_rules(r->ask->know, &n);

	for (size_t i = 0; i < n; i++) {
		if (!rules[i]->refutes)
			try_rule(c, v, rules[i], r->ask);
	}
}

/* --- what is refuted --- */

/* Globs of the causes that the facts speak against. */
static struct strv refuted(struct arena *a, const struct rule_view *v, const struct result *r)
{
	struct strv globs = { 0 };
	size_t n;
	const struct rule *const *rules = know_rules(r->ask->know, &n);

	for (size_t i = 0; i < n; i++) {
		const struct rule *one = rules[i];

		if (!one->refutes || !try_rule(NULL, v, one, r->ask))
			continue;
		trace(TRACE_RULES, "%s refutes", one->id);
		for (size_t j = 0; j < one->causes.n; j++)
			strv_add(&globs, a, one->causes.v[j]);
	}
	return globs;
}

static bool is_refuted(const struct strv *globs, const char *id)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (str_glob(globs->v[i], id))
			return true;
	}
	return false;
}

static void drop_refuted(struct candidates *c, const struct strv *globs)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->list[i].certainty < CERTAIN && is_refuted(globs, c->list[i].cause->id))
			c->list[i].dropped = true;
	}
}

/* What a reply may mean besides, without what the facts speak against. */
static void drop_also(struct result *r, const struct strv *globs)
{
	for (size_t i = 0; i < r->n_diagnosis; i++) {
		struct strv left = { 0 };

		for (size_t j = 0; j < r->diagnosis[i].also.n; j++)
			if (!is_refuted(globs, r->diagnosis[i].also.v[j]))
				strv_add(&left, r->arena, r->diagnosis[i].also.v[j]);
		r->diagnosis[i].also = left;
	}
}

/* --- the whole --- */

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
		o->check->ports) || o->us == 0 ||
	       str_eq(o->finding, "certificate.unjudged");
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

/* The part behind the @, or "". */
static const char *domain_part(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "";
}

/* What a token says is filled into a command only when it can be nothing but what it should. */
static const char *guid_of(const struct result *r, const char *fact)
{
	const char *value = facts_string(r->facts, fact);

	return facts_true(r->facts, "token.app-only") && is_guid(value) ? value : NULL;
}

static struct filling filling_of(const struct result *r)
{
	const struct ask *ask = r->ask;
	const struct fact *ip = facts_match(r->facts, "smtp.*.egress", NULL);
	const char *listed = facts_string(r->facts, "senders.first-refused");
	const char *sender = *ask->from ? ask->from : *listed ? listed : ask->user;
	struct filling f = {
		.user = ask->user, .from = sender, .to = ask->to, .host = r->host, .domain = ask->domain, .ip = ip ? ip->string : "",
		.appid = guid_of(r, "token.appid"), .oid = guid_of(r, "token.oid"),
	};

	if (!*f.user && ask->kind == TARGET_ADDRESS)
		f.user = f.from = ask->address;
	if (!*f.domain)
		f.domain = domain_part(f.from);
	if (ask->n_ports)
		f.port = arena_printf(r->arena, "%u", ask->ports[0].port);
	return f;
}

static struct rule_view view_of(const struct candidates *c, const struct result *r)
{
	return (struct rule_view) {
		.arena = r->arena, .facts = r->facts, .asked = rule_asked(r->arena, r), .outcomes = r->outcomes, .n_outcomes = r->n_outcomes,
		.causes = &c->causes,
	};
}

struct strv rules_add(struct candidates *c, const struct result *r)
{
	struct rule_view v = view_of(c, r);
	struct strv globs;

	candidates_of_sign_in(c, r->facts);
	from_rules(c, &v, r);
	globs = refuted(r->arena, &v, r);
	drop_refuted(c, &globs);
	return globs;
}

void rules_judge(struct result *r)
{
	struct arena *a = r->arena;
	struct candidates c = { .arena = a, .know = r->ask->know, .provider = r->provider, .path = r->path };
	struct filling f = filling_of(r);
	struct rule_view v;
	struct strv globs;

	r->status = overall(r);
	untested(r);
	if (r->status == STATUS_PASS || !c.know)
		return;
	from_replies(&c, r);
	from_findings(&c, r);
	globs = rules_add(&c, r);
	r->diagnosis = candidates_weigh(&c, &f, &r->n_diagnosis);
	drop_also(r, &globs);
	r->next_blockers = diagnosed_next(a, r->diagnosis, r->n_diagnosis, &globs);
	v = view_of(&c, r);
	r->apart = apart_find(c.know, &v, &f, r->diagnosis, r->n_diagnosis, &globs);
}

struct diagnosed *rules_judge_replies(struct arena *a, const struct know *k, const char *provider,
				      const struct reply *const *replies, size_t n, size_t *ret_n)
{
	struct candidates c = { .arena = a, .know = k, .provider = provider };
	const struct filling f = { 0 };

	for (size_t i = 0; i < n; i++)
		candidates_of_reply(&c, provider, replies[i], "", 0);
	return candidates_weigh(&c, &f, ret_n);
}
