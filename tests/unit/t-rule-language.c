/*
 * t-rule-language - the conditions of rules.tsv and the tables like it: what can be said, what
 * holds, and what a text leaves open.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "judge/eval.h"
#include "know/tables.h"

static const struct know *know;

static void mistakes(struct arena *a)
{
	static const struct { const char *when, *want; } cases[] = {
		{ "tcp.$.open", NULL },
		{ "!tcp.$.open & all(tcp.*.state = filtered|refused) & count(tcp.*.open = true) >= "
		  "2", NULL },
		{ "reply:auth ~ 535 5.7.3 *", NULL },
		{ "a & ", "at 5: expected a name" },
		{ "a b", "at 3: expected = != ~ !~ < <= > or >=" },
		{ "a =", "at 4: expected a value" },
		{ "a < x", "at 5: expected a number" },
		{ "all(a = b", "at 10: expected )" },
		{ "count(a)", "at 9: expected a comparison with a number after count()" },
		{ "check:tcp.25 = broken", "at 22: no such status" },
		{ "reply:nowhere ~ x", "at 18: no such stage" },
		{ "provider.id = @m365|google", NULL },
		{ "provider.id = @nobody", "at 22: '@nobody' is no set of sets.tsv" },
		{ "finding:a = b", "at 14: a finding or a cause is there or not: no comparison" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rule r = { 0 };

		is_str(rule_parse(know, a, cases[i].when, &r), cases[i].want, cases[i].when);
	}
}

static void conditions(struct arena *a)
{
	static const struct { const char *when; bool want; } cases[] = {
		{ "tcp.25.state", true }, { "tcp.26.state", false }, { "!tcp.26.state", true },
		{ "tcp.25.open", false }, { "tcp.587.open", true }, { "auth.587.choice", false },
		{ "!auth.587.choice", true },
		{ "tcp.25.state = filtered", true }, { "tcp.25.state = FILTERED", true },
		{ "tcp.25.state = refused|filtered", true },
		{ "tcp.25.state != filtered", false }, { "tcp.26.state != filtered", false },
		{ "tcp.25.state ~ fil*", true },
		{ "tcp.25.state !~ fil*", false },
		{ "smtp.587.clock-skew-s > 100", true }, { "smtp.587.clock-skew-s > 200", false },
		{ "smtp.587.clock-skew-s < -5", false }, { "smtp.587.clock-skew-s >= 150", true },
		{ "tcp.25.state > 1", false },
		{ "any(tcp.*.state = open)", true }, { "all(tcp.*.state = open)", false },
		{ "all(nothing.* = open)", false },
		{ "none(tcp.*.state = reset)", true }, { "none(nothing.*)", true },
		{ "count(tcp.*.state) = 2", true },
		{ "count(tcp.*.open = true) > 1", false }, { "tcp.*.state = open", true },
		{ "tcp.25.state = filtered & tcp.587.open", true },
		{ "tcp.25.state = filtered & tcp.25.open", false },
		{ "cause:wrong-*", true }, { "cause:spf-fail", false }, { "ask.user", true },
		{ "ask.user = x", false },
	};
	struct facts *f = facts_new(a), *asked = facts_new(a);
	struct strv causes = { 0 };
	struct evidence e = { .arena = a, .facts = f, .asked = asked };
	struct rule_view v = { .e = &e, .causes = &causes };

	strv_add(&causes, a, "wrong-host");
	facts_set(f, "tcp.25.state", "filtered");
	facts_set_bool(f, "tcp.25.open", false);
	facts_set(f, "tcp.587.state", "open");
	facts_set_bool(f, "tcp.587.open", true);
	facts_set(f, "auth.587.choice", "");
	facts_set_number(f, "smtp.587.clock-skew-s", 150);
	facts_set(asked, "ask.user", "u");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rule r = { 0 };

		rule_parse(know, a, cases[i].when, &r);
		is_int(rule_holds(&v, &r, 0), cases[i].want, cases[i].when);
	}
}

/* What a text does not say of the dialogue is not known: no negation holds by it. */
static void partial(struct arena *a)
{
	static const struct { const char *when; bool want; } cases[] = {
		{ "!tcp.26.state", false }, { "!tcp.25.open", true },
		{ "none(smtp.*.secure)", false },
		{ "none(tcp.*.open = true)", true }, { "!ask.user", true }, { "!ask.token", false },
		{ "!provider.port.465", true }, { "!exo.smtp-auth", true }, { "!finding:x", true },
		{ "!cause:x", true }, { "reply:auth ~ 535*", true },
		{ "check:auth.* = fail", true },
		{ "check:smtp.* = fail", false }, { "!reply:mail", true },
	};
	struct facts *f = facts_new(a), *asked = facts_new(a);
	struct span line = span_of("535 5.7.3 No");
	struct said said = { .reply = reply_of_lines(a, STAGE_AUTH, &line, 1), .provider = "",
			     .server = "", .recipients = "" };
	struct evidence e = { .arena = a, .facts = f, .asked = asked, .partial = true,
			      .said = &said, .n_said = 1 };
	struct rule_view v = { .e = &e };

	facts_set_bool(f, "tcp.25.open", false);
	facts_set(asked, "ask.user", "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rule r = { 0 };

		is_str(rule_parse(know, a, cases[i].when, &r), NULL, cases[i].when);
		is_int(rule_holds(&v, &r, 0), cases[i].want,
		       arena_printf(a, "in a text: %s", cases[i].when));
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;

	know = know_new(a, NULL, &error);
	is_str(error, NULL, "the tables can be read");
	if (!know)
		return tap_done();
	mistakes(a);
	conditions(a);
	partial(a);
	return tap_done();
}
