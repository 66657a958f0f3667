/*
 * text-apart - which test tells the causes apart, the cheapest first, and what nobody can
 * tell from outside.
 */
#include "base/arena.h"
#include "base/str.h"
#include "report/text-diagnosis.h"

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

static bool about_several(const struct apart *apart)
{
	for (size_t i = 0; i < apart->n; i++)
		if (apart->tests[i].causes.n > 1)
			return true;
	return false;
}

static void put_heading(struct out *o, const struct apart *apart)
{
	out_line(o);
	out_ink(o, INK_STRONG);
	out_put(o, about_several(apart) ? "To tell them apart" : "To make sure");
	out_ink(o, INK_NONE);
	out_put(o, apart->n > 1 ? ", the cheapest first" : "");
	out_line(o);
}

static void put_command(struct out *o, unsigned left, const char *command)
{
	if (!*command)
		return;
	out_to(o, left + 4);
	out_ink(o, INK_COMMAND);
	out_put(o, command);
	out_line(o);
}

/* In short: what to do, and what follows from it. */
static void put_test(struct out *o, const void *of, size_t i)
{
	const struct apart *apart = of;
	const struct tell *t = &apart->tests[i];
	const char *test = arena_printf(o->arena, "%s.%s", t->test, for_whom(o->arena, t));
	const char *decides = arena_printf(o->arena, "%s%s", t->decides,
					   confidence_words(t->confidence));
	unsigned left = TEXT_LEFT + 3;

	if (i == 0 && o->style->verbose)
		put_heading(o, apart);
	else if (i == 0)
		text_block(o, about_several(apart) ? "To tell" : "Make sure");
	out_to(o, TEXT_LEFT);
	out_put(o, arena_printf(o->arena, "%zu.", i + 1));
	if (!o->style->verbose) {
		out_wrapped(o, left, arena_printf(o->arena, "%s %s", test, decides));
		put_command(o, left, t->command);
		return;
	}
	out_wrapped(o, left, test);
	put_command(o, left, t->command);
	out_wrapped(o, left, decides);
	out_to(o, left);
	out_ink(o, INK_DIM);
	out_put(o, t->source);
	out_line(o);
}

static void put_unknowable(struct out *o, const void *of, size_t i)
{
	const struct apart *apart = of;

	if (i == 0) {
		if (o->style->verbose)
			out_line(o);
		text_block(o, "Unknowable");
	}
	out_list(o, TEXT_LEFT, "- ", apart->unknowable.v[i]);
}

void text_apart(struct parts *p, const struct apart *apart)
{
	for (size_t i = 0; i < apart->n; i++)
		parts_add(p, i == 0 ? PART_ALSO : PART_MORE, "tests", put_test, apart, i);
	for (size_t i = 0; i < apart->unknowable.n; i++)
		parts_add(p, PART_REST, "what nobody can see from outside", put_unknowable,
			  apart, i);
}

bool text_tells(const struct apart *apart, const char *cause)
{
	for (size_t i = 0; apart && i < apart->n; i++)
		if (strv_has(&apart->tests[i].causes, cause))
			return true;
	return false;
}
