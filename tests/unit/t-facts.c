#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/limits.h"
#include "judge/facts.h"
#include "know/pattern.h"

static void types(struct arena *a)
{
	struct facts *f = facts_new(a);

	facts_set(f, "target.provider", "m365");
	facts_setf(f, "tcp.587.address.2001:db8::1", "%s", "open");
	facts_set_number(f, "smtp.587.ehlo.size", 157286400);
	facts_set_bool(f, "tcp.587.open", true);
	facts_set_bool(f, "tcp.465.open", false);
	facts_set(f, "target.provider", "m365");	/* the same again is fine */

	is_str(facts_string(f, "target.provider"), "m365", "a string");
	is_str(facts_string(f, "smtp.587.ehlo.size"), "157286400", "a number has its text");
	is_str(facts_string(f, "tcp.587.open"), "true", "so has a bool");
	is_str(facts_string(f, "nothing"), "", "an unknown fact is an empty string");
	is_int(facts_number(f, "smtp.587.ehlo.size", -1), 157286400, "a number");
	is_int(facts_number(f, "target.provider", -1), -1, "a string is no number");
	ok(facts_true(f, "tcp.587.open"), "true");
	ok(!facts_true(f, "tcp.465.open"), "false");
	ok(!facts_true(f, "target.provider"), "a string is not true");
	ok(facts_get(f, "tcp.25.open") == NULL, "never set");
}

static void walks(struct arena *a)
{
	struct facts *f = facts_new(a);
	const struct fact *at = NULL;
	char seen[64] = "";

	facts_set(f, "tcp.587.state", "c");
	facts_set(f, "smtp.587.greeting.state", "no");
	facts_set(f, "tcp.25.state", "a");
	facts_set(f, "tcp.465.state", "b");
	while ((at = facts_match(f, "tcp.*.state", at)))
		snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s ", at->string);
	is_str(seen, "c a b ", "matches come in the order of setting");
}

static void bounded(struct arena *a)
{
	struct facts *f = facts_new(a);
	char *big = arena_alloc(a, LIMIT_FACT + 100);

	memset(big, 'x', LIMIT_FACT + 99);
	facts_set(f, "target.route", big);
	is_int(strlen(facts_string(f, "target.route")), LIMIT_FACT, "a value is cut at LIMIT_FACT");
}

static void folding(struct arena *a)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "", "" },
		{ "  A \t\r\n B  ", "a b" },
		{ "organization\xe2\x80\x99s", "organization's" },
		{ "no\xc2\xa0" "break", "no break" },
		{ "\xc3\x9c", "\xc3\x9c" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(fold(a, cases[i].text), cases[i].want, "folded");
	is_str(fold_span(a, (struct span){ "a\0b", 3 }), "a b", "a NUL is a blank");
}

static void patterns(struct arena *a)
{
	static const struct { const char *pattern, *text, *want; } cases[] = {
		{ "*", "anything", "" },
		{ "Disabled for the  Tenant", "x is disabled\n for THE tenant. y",
		  "disabled for the tenant" },
		{ "locked ... policy", "locked by your policy", "locked ... policy" },
		{ "locked ... policy", "policy locked", NULL },
		{ "policy ... policy", "policy", NULL },
		{ "one | two", "two", "two" },
		{ "lock | locked out", "locked out", "locked out" },
		{ "one | two", "three", NULL },
		{ "a|b", "a|b", "a|b" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = NULL;
		size_t len = 0;
		const struct pattern *p = pattern_new(a, cases[i].pattern);

		pattern_find(p, fold(a, cases[i].text), &got, &len);
		is_str(got, cases[i].want, cases[i].pattern);
	}
	ok(pattern_new(a, "") == NULL, "an empty pattern is none");
	ok(pattern_new(a, "a |  | b") == NULL, "an empty alternative is none");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	types(a);
	walks(a);
	bounded(a);
	folding(a);
	patterns(a);
	return tap_done();
}
