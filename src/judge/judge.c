#include "judge/judge.h"

#include "base/str.h"
#include "base/trace.h"
#include "judge/apart.h"
#include "judge/eval.h"
#include "judge/settings.h"
#include "judge/weigh.h"
#include "know/findings.h"
#include "know/path.h"
#include "know/tables.h"

/* --- what checks said --- */

static bool went_wrong(const struct verdict *d)
{
	return d->status == STATUS_FAIL || d->status == STATUS_WARN;
}

static void from_verdict_replies(struct candidates *c, const struct evidence *e)
{
	for (size_t i = 0; i < e->n_verdicts; i++) {
		const struct verdict *d = &e->verdicts[i];
		struct said said = {
			.reply = d->reply, .server = d->replier ? d->replier : d->endpoint
		};

		said.provider = said.recipients = "";
		if (went_wrong(d) && d->reply && d->reply->code >= 400)
			candidates_of_said(c, &said, d->port);
	}
}

/* The step at which somebody would notice that the setting is wrong. */
static enum stage stage_of_setting(const char *setting)
{
	static const struct { const char *setting; enum stage stage; } table[] = {
		{ "host", STAGE_CONNECT }, { "port", STAGE_CONNECT }, { "tls", STAGE_STARTTLS },
		{ "verify", STAGE_TLS }, { "from", STAGE_MAIL }, { "to", STAGE_RCPT },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_eq(setting, table[i].setting))
			return table[i].stage;
	}
	return STAGE_AUTH;
}

/* The cause that the finding stands for by itself, "" = none. */
static const char *cause_of_finding(const struct know *k, const struct verdict *d,
				    const struct path_finding_row *row)
{
	const struct finding *f;

	/* What may not work is no reason while something else is known not to. */
	if (row)
		return d->status == STATUS_FAIL ? row->cause : "";
	f = know_finding(k, d->finding);
	return f ? f->cause : "";
}

static void from_findings(struct candidates *c, const struct evidence *e)
{
	for (size_t i = 0; i < e->n_verdicts; i++) {
		const struct verdict *d = &e->verdicts[i];
		const struct path_finding_row *row;
		const struct cause *cause;

		if (!went_wrong(d))
			continue;
		row = know_path_finding(e->know, d->finding);
		cause = know_cause(e->know, cause_of_finding(e->know, d, row));
		if (!cause)
			continue;
		candidates_add(c, &(struct candidate) {
			.cause = cause,
			.certainty = d->status == STATUS_FAIL ? LIKELY : POSSIBLE,
			.stage = row ? stage_of_setting(row->setting) : d->stage,
			.rank = RANK_FINDING,
			.port = d->port,
			.because = arena_printf(e->arena, "%s: %s", d->endpoint, d->summary),
			.matched_by = arena_printf(e->arena, "finding %s", d->finding),
			.reply = d->reply,
		});
	}
}

/* --- what does not fit together in a set-up --- */

static char *without_stop(struct arena *a, const char *sentence)
{
	size_t n = strlen(sentence);

	return arena_strndup(a, sentence, n && sentence[n - 1] == '.' ? n - 1 : n);
}

static void from_settings(struct candidates *c, const struct evidence *e)
{
	for (const struct path_finding *f = judge_settings(e); f; f = f->next) {
		const struct cause *cause = know_cause(e->know, f->cause);

		if (!cause || f->severity != ERROR)
			continue;
		candidates_add(c, &(struct candidate) {
			.cause = cause,
			.certainty = LIKELY,
			.stage = stage_of_setting(f->setting),
			.rank = RANK_FINDING,
			.source = f->source,
			.because = without_stop(e->arena, f->message),
			.matched_by = arena_printf(e->arena, "finding %s", f->finding),
		});
	}
}

/* --- what facts mean together --- */

static void add_rule(struct candidates *c, const struct rule_view *v, const struct rule *r,
		     unsigned port)
{
	trace(TRACE_RULES, "%s holds (port %u): %s %s", r->id, port, certainty_name(r->certainty),
	      r->causes.v[0]);
	candidates_add(c, &(struct candidate) {
		.cause = know_cause(c->know, r->causes.v[0]),
		.certainty = r->certainty,
		.stage = r->stage,
		.rank = RANK_REPLY + r->rank,
		/* A text is about one connection: its signs have no port. */
		.port = v->e->partial ? 0 : port,
		.title = r->title,
		.meaning = r->meaning,
		.verify = r->verify,
		.fix = r->fix.n ? &r->fix : NULL,
		.source = r->source,
		.because = rule_because(v->e, r, port),
		.matched_by = arena_printf(c->arena, "rule %s", r->id),
		.hides = &r->hides,
	});
}

/* The next port that was asked; false at the end. */
static bool next_port(const struct evidence *e, const struct fact **at, unsigned *ret)
{
	unsigned long n;

	while ((*at = facts_match(e->asked, "ask.port.*", *at)) != NULL) {
		if (!str_number((*at)->name + strlen("ask.port."), 65535, &n))
			continue;
		*ret = (unsigned)n;
		return true;
	}
	return false;
}

/* Calls the rule for each port it holds for; says whether it did for any. */
static bool try_rule(struct candidates *c, const struct rule_view *v, const struct rule *r)
{
	const struct fact *at = NULL;
	unsigned port = 0;
	bool any = false;

	if (!r->per_port) {
		any = rule_holds(v, r, 0);
		if (any && c)
			add_rule(c, v, r, 0);
		return any;
	}
	while (next_port(v->e, &at, &port)) {
		if (!rule_holds(v, r, port))
			continue;
		any = true;
		if (c)
			add_rule(c, v, r, port);
	}
	return any;
}

static uint64_t areas_of(const struct facts *facts)
{
	uint64_t areas = 0;

	for (const struct fact *f = facts_match(facts, "*", NULL); f;
	     f = facts_match(facts, "*", f))
		areas |= rule_area(f->name);
	return areas;
}

/*
 * NULL: what it begins with is not there. Most rules are about what this evidence is not: areas
 * tells what its facts begin with.
 */
static const struct rule *in_question(const struct evidence *e, uint64_t areas,
				      const struct rule_entry *entry)
{
	if (*entry->lead && (!(entry->area & areas) || !evidence_has(e, entry->lead)))
		return NULL;
	return know_rule(e->know, entry);
}

static void from_rules(struct candidates *c, const struct rule_view *v, uint64_t areas)
{
	size_t n;
	const struct rule_entry *rules = know_rules(v->e->know, &n);

	for (size_t i = 0; i < n; i++) {
		const struct rule *r = rules[i].refutes ? NULL :
					 in_question(v->e, areas, &rules[i]);

		if (r)
			try_rule(c, v, r);
	}
}

/* --- what is refuted --- */

/* Globs of the causes that the facts speak against. */
static struct strv refuted(const struct rule_view *v, uint64_t areas)
{
	struct strv globs = { 0 };
	size_t n;
	const struct rule_entry *rules = know_rules(v->e->know, &n);

	for (size_t i = 0; i < n; i++) {
		const struct rule *one = rules[i].refutes ?
					 in_question(v->e, areas, &rules[i]) : NULL;

		if (!one || !try_rule(NULL, v, one))
			continue;
		trace(TRACE_RULES, "%s refutes", one->id);
		for (size_t j = 0; j < one->causes.n; j++)
			strv_add(&globs, v->e->arena, one->causes.v[j]);
	}
	return globs;
}

static void drop_refuted(struct candidates *c, const struct strv *globs)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->list[i].certainty < CERTAIN && strv_glob(globs, c->list[i].cause->id))
			c->list[i].dropped = true;
	}
}

/* What a reply may mean besides, without what the facts speak against. */
static void drop_also(struct arena *a, struct diagnosis *d, const struct strv *globs)
{
	for (size_t i = 0; i < d->n; i++) {
		struct strv left = { 0 };

		for (size_t j = 0; j < d->list[i].also.n; j++)
			if (!strv_glob(globs, d->list[i].also.v[j]))
				strv_add(&left, a, d->list[i].also.v[j]);
		d->list[i].also = left;
	}
}

/* --- the whole --- */

/* What a token says is filled into a command only when it can be nothing but what it should. */
static const char *guid_of(const struct evidence *e, const char *fact)
{
	const char *value = facts_string(e->facts, fact);

	return facts_true(e->facts, "token.app-only") && is_guid(value) ? value : NULL;
}

static const char *first_of(const char *a, const char *b)
{
	return *a ? a : b;
}

static struct filling filling_of(const struct evidence *e)
{
	const struct fact *ip = facts_match(e->facts, "smtp.*.egress", NULL), *at = NULL;
	/*
	 * The one that was said to be the sender's (--sender-ip) goes before the one that is seen.
	 */
	const char *sender_ip = first_of(facts_string(e->facts, "dns.spf.ip"),
					 ip ? ip->string : "");
	const char *user = first_of(facts_string(e->asked, "ask.user"),
				    facts_string(e->asked, "ask.mailbox"));
	const char *from = first_of(facts_string(e->asked, "ask.from"), user);
	const char *domain = facts_string(e->asked, "ask.domain");
	struct filling f = {
		.user = user, .from = from, .to = facts_string(e->asked, "ask.to"),
		.host = facts_string(e->asked, "ask.host"), .ip = sender_ip,
		.domain = *domain || *e->kind ? domain : str_domain(from),
		.appid = guid_of(e, "token.appid"), .oid = guid_of(e, "token.oid"),
	};
	unsigned port = 0;

	if (next_port(e, &at, &port) && port)
		f.port = arena_printf(e->arena, "%u", port);
	return f;
}

struct diagnosis judge(const struct evidence *e)
{
	struct candidates c = {
		.arena = e->arena, .know = e->know, .provider = e->provider, .path = e->path,
	};
	struct filling f = filling_of(e);
	struct rule_view v = { .e = e, .causes = &c.causes };
	struct diagnosis d = { .list = NULL };
	uint64_t areas = areas_of(e->facts) | areas_of(e->asked);
	struct strv globs;

	from_verdict_replies(&c, e);
	from_findings(&c, e);
	from_settings(&c, e);
	for (size_t i = 0; i < e->n_said; i++)
		candidates_of_said(&c, &e->said[i], 0);
	for (size_t i = 0; i < e->n_signs; i++)
		candidates_of_sign(&c, &e->signs[i]);
	candidates_of_sign_in(&c, e->facts);
	from_rules(&c, &v, areas);
	globs = refuted(&v, areas);
	drop_refuted(&c, &globs);
	d.list = candidates_weigh(&c, &f, &d.n);
	drop_also(e->arena, &d, &globs);
	d.next = diagnosed_next(e->arena, d.list, d.n, &globs);
	if (!e->counted)
		d.apart = apart_find(&c, e, &f, &d, &globs);
	return d;
}
