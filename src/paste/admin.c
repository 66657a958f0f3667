/*
 * The report of an administrator's script in a paste: judged by the same rules as a live target,
 * with the replies that stand beside it.
 */
#include "paste/inside.h"

#include "admin/admin.h"
#include "base/clock.h"

/*
 * The address as the server sees it, when the text around the report has an EHLO answer: "250-HOST
 * Hello [203.0.113.7]".
 */
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

void explain_admin(struct explainer *x, const struct admin_found *found)
{
	struct explanation *e = x->e;
	struct admin_report report;
	const char *trouble = found->cut ? "its end is missing" : "its beginning is missing";

	e->kind = PASTE_ADMIN;
	if (!found->cut && found->len)
		trouble = admin_read(e->arena, found->json, found->len, x->facts, &report);
	if (trouble) {
		e->trouble = arena_printf(e->arena, "There is an administrator's report in the "
					  "text, but %s. Run the script again, and save what it "
					  "prints with its first and last line.", trouble);
		return;
	}
	if (!*e->provider)
		e->provider = "m365";
	e->facts = x->facts;
	e->unread = report.unread;
	e->note = arena_printf(e->arena, "It is an administrator's report%s%s%s%s.",
			       *report.user ? " on " : "", report.user, report.made ? ", of " : "",
			       report.made ? clock_utc(e->arena, report.made) : "");
	admin_join(e->arena, x->facts, &(struct admin_case) {
		.user = report.user, .from = report.from, .ip = egress_of(e->arena, found->rest),
		.appid = "", .oid = "",
		.at = report.made,
	}, ADMIN_ALL);
	e->seen = admin_words(e->arena, x->facts);
	evidence_ask(x->evidence, "ask.user", report.user);
	evidence_ask(x->evidence, "ask.from", report.from);
	facts_set_bool(x->evidence->asked, "ask.login", *report.user != '\0');
	facts_set_bool(x->evidence->asked, "ask.token", false);
	facts_set_bool(x->evidence->asked, "ask.password", false);
}
