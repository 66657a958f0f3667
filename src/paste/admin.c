/*
 * The report of an administrator's script in a paste: judged by the same rules as a live target, with the replies that stand beside it.
 */
#include "admin/admin.h"

#include "base/clock.h"
#include "judge/weigh.h"
#include "paste/paste.h"
#include "judge/judge.h"

/* A reply of the text in the place of a check that met it: rules ask for both. */
static const struct check *check_of(enum stage s)
{
	static const struct finding none[] = { { NULL, NULL, NULL } };
	static const struct check login = { .id = "auth.login", .findings = none }, other = { .id = "smtp.dialogue", .findings = none };

	return s == STAGE_AUTH ? &login : &other;
}

static void add_outcomes(struct result *r, const struct explanation *e)
{
	r->outcomes = arena_alloc(r->arena, (e->n_replies + 1) * sizeof(*r->outcomes));
	for (size_t i = 0; i < e->n_replies; i++) {
		const struct check *check = check_of(e->replies[i]->stage);

		if (e->replies[i]->code && e->replies[i]->code < 400)
			continue;
		r->outcomes[r->n_outcomes++] = (struct outcome) {
			.check = check, .id = check->id, .endpoint = "", .status = STATUS_FAIL, .finding = "", .summary = "", .skipped_because = "",
			.reply = e->replies[i],
		};
	}
}

static void judge(struct candidates *c, struct explanation *e, const struct facts *facts, const struct admin_report *report)
{
	struct ask ask = {
		.input = "", .kind = TARGET_HOST, .host = e->host, .domain = "", .address = "", .provider = "", .path = "", .helo = "", .from = report->from,
		.to = "", .user = report->user, .auth = "", .control_host = "", .know = e->know,
	};
	struct result r = {
		.arena = e->arena, .ask = &ask, .host = e->host, .provider = e->provider, .provider_name = "", .path = "", .facts = (struct facts *)facts,
	};

	add_outcomes(&r, e);
	rules_add(c, &r);
}

/* The address as the server sees it, when the text around the report has an EHLO answer: "250-HOST Hello [203.0.113.7]". */
static const char *egress_of(struct arena *a, struct span text)
{
	const char *at = span_find_nocase(text, SPAN_LITERAL(" Hello [")), *end = text.p + text.len;
	size_t n = 0;

	if (!at)
		return "";
	at += strlen(" Hello [");
	while (at + n < end && n < 45 && (ascii_is_alnum(at[n]) || at[n] == '.' || at[n] == ':'))
		n++;
	return at + n < end && at[n] == ']' ? span_dup(a, (struct span) { at, n }) : "";
}

static const char *first_of(const char *a, const char *b)
{
	return a && *a ? a : b;
}

void explain_admin(struct candidates *c, struct explanation *e, const struct admin_found *found, struct filling *f)
{
	struct facts *facts = facts_new(e->arena);
	struct admin_report report;
	const char *trouble;

	e->kind = PASTE_ADMIN;
	trouble = found->cut ? "its end is missing" : !found->len ? "its beginning is missing" : admin_read(e->arena, found->json, found->len, facts, &report);
	if (trouble) {
		e->trouble = arena_printf(e->arena, "There is an administrator's report in the text, but %s. Run the script again, and save what it prints "
					  "with its first and last line.", trouble);
		return;
	}
	if (!*e->provider)
		e->provider = c->provider = "m365";
	e->facts = facts;
	e->unread = report.unread;
	e->note = arena_printf(e->arena, "It is an administrator's report%s%s%s%s.", *report.user ? " on " : "", report.user, report.made ? ", of " : "",
			       report.made ? clock_utc(e->arena, report.made) : "");
	admin_join(e->arena, facts, &(struct admin_case) {
		.user = report.user, .from = report.from, .ip = egress_of(e->arena, found->rest), .appid = "", .oid = "",
		.at = report.made,
	}, ADMIN_ALL);
	e->seen = admin_words(e->arena, facts);
	f->user = first_of(f->user, report.user);
	f->from = first_of(f->from, first_of(report.from, report.user));
	judge(c, e, facts, &report);
}
