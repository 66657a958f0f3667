/*
 * text-apart - which test tells the causes apart, the cheapest first, and what nobody can
 * tell from outside.
 */
#include "base/arena.h"
#include "base/str.h"
#include "report/text-diagnosis.h"

enum { TESTS_SHOWN = 3, SENTENCES_SHOWN = 2 };

/* How far the row is to be believed; nothing for what the provider itself says. */
static const char *confidence_words(const char *confidence)
{
	static const struct { const char *confidence, *words; } table[] = {
		{ "observed", " (Seen in the field, not documented.)" },
		{ "disputed", " (Sources differ on this.)" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].confidence, confidence))
			return table[i].words;
	return "";
}

static bool admins(const struct tell *t)
{
	return str_eq(t->who, "tenant-admin");
}

/* " (For a Reports Reader.)" */
static const char *for_whom(struct arena *a, const struct tell *t)
{
	return admins(t) ?
	       arena_printf(a, " (For %s.)", t->role ? t->role->title : "an administrator") : "";
}

static void put_test(struct out *o, const struct tell *t, size_t number)
{
	unsigned left = TEXT_LEFT + 3;

	out_to(o, TEXT_LEFT);
	out_put(o, arena_printf(o->arena, "%zu.", number));
	out_wrapped(o, left, arena_printf(o->arena, "%s.%s", t->test, for_whom(o->arena, t)));
	if (*t->command) {
		out_to(o, left + 4);
		out_ink(o, INK_COMMAND);
		out_put(o, t->command);
		out_line(o);
	}
	out_wrapped(o, left,
		    arena_printf(o->arena, "%s%s", t->decides, confidence_words(t->confidence)));
	if (o->style->verbose) {
		out_to(o, left);
		out_ink(o, INK_DIM);
		out_put(o, t->source);
		out_line(o);
	}
}

static bool about_several(const struct apart *apart)
{
	for (size_t i = 0; i < apart->n; i++)
		if (apart->tests[i].causes.n > 1)
			return true;
	return false;
}

/* The cheapest, and the first that only an administrator can do: it mostly settles the rest. */
void text_apart(struct out *o, const struct apart *apart)
{
	size_t tests = o->style->verbose || apart->n < TESTS_SHOWN ? apart->n : TESTS_SHOWN;
	size_t shown = 0, sentences = o->style->verbose || apart->unknowable.n < SENTENCES_SHOWN ?
				      apart->unknowable.n : SENTENCES_SHOWN;
	bool asked = false;

	if (tests) {
		out_line(o);
		out_ink(o, INK_STRONG);
		out_put(o, about_several(apart) ? "To tell them apart" : "To make sure");
		out_ink(o, INK_NONE);
		out_put(o, apart->n > 1 ? ", the cheapest first" : "");
		out_line(o);
	}
	for (size_t i = 0; i < apart->n; i++) {
		bool last = i >= tests && !asked && admins(&apart->tests[i]);

		asked |= admins(&apart->tests[i]);
		if (i < tests || last)
			put_test(o, &apart->tests[i], ++shown);
	}
	if (shown < apart->n)
		out_wrapped(o, TEXT_LEFT,
			    arena_printf(o->arena, "(%zu more; -v shows them)", apart->n - shown));
	for (size_t i = 0; i < sentences; i++) {
		if (i == 0) {
			out_line(o);
			text_block(o, "Unknowable");
		}
		out_list(o, TEXT_LEFT, "- ", apart->unknowable.v[i]);
	}
}

bool text_tells(const struct apart *apart, const char *cause)
{
	for (size_t i = 0; apart && i < apart->n; i++)
		if (strv_has(&apart->tests[i].causes, cause))
			return true;
	return false;
}
