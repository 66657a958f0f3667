/*
 * text-diagnosis - why, who, what to do, and what comes next.
 */
#include "report/text-diagnosis.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/width.h"

void text_block(struct out *o, const char *name)
{
	out_ink(o, INK_STRONG);
	out_put(o, name);
	out_ink(o, INK_NONE);
	out_to(o, TEXT_LEFT);
}

/* Text that ends as a sentence does. */
static const char *sentence(struct arena *a, const char *text)
{
	size_t n = strlen(text), end = n;

	while (end && strchr(")\"'", text[end - 1]))
		end--;
	return end == 0 || strchr(".!?:", text[end - 1]) ? text : arena_printf(a, "%s.", text);
}

static const char *certainty_words(enum certainty c)
{
	switch (c) {
	case CERTAIN:
		return "Certain.";
	case LIKELY:
		return "Likely, not certain.";
	case POSSIBLE:
		return "One possibility of several.";
	case CERTAINTY_NONE:
		break;
	}
	return "";
}

/* "an Exchange Administrator of contoso.com" */
static const char *admin_words(struct arena *a, const struct role *role,
			       const struct advice *advice)
{
	const char *title = role ? role->title : "an administrator of the mail service";

	return *advice->of ? arena_printf(a, "%s of %s", title, advice->of) : title;
}

static const char *who_words(struct arena *a, const char *who, const struct role *role,
			     const struct advice *advice)
{
	static const struct { const char *who, *words; } table[] = {
		{ "user", "the sender, or the owner of the mailbox" },
		{ "developer",
		  "the administrator or developer of the application or device that sends" },
		{ "network-admin", "the administrator of the network or mail server" },
		{ "dns-admin", "the DNS administrator of the domain" },
		{ "recipient", "the recipient, or the recipient's mail administrator" },
		{ "provider", "the mail provider" },
	};

	if (str_eq(who, "tenant-admin"))
		return admin_words(a, role, advice);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].who, who))
			return table[i].words;
	return who;
}

static const char *retry_words(const char *retry)
{
	if (str_eq(retry, "no"))
		return "Retrying will not help until then.";
	if (str_eq(retry, "later"))
		return "Retrying later can help.";
	if (str_eq(retry, "yes"))
		return "Retrying can help.";
	return retry;
}

const char *text_who(struct arena *a, const char *who, const struct role *role, const char *retry,
		     const struct advice *advice)
{
	return arena_printf(a, "%s %s", sentence(a, who_words(a, who, role, advice)),
			    retry_words(retry));
}

static const char *title_of(const struct advice *advice, const char *id)
{
	const struct cause *c = advice->know ? know_cause(advice->know, id) : NULL;

	return c && *c->title ? c->title : id;
}

/*
 * "Entra admin center > ... (a Reports Reader)": who can do the step, where that is somebody else
 * than who fixes the cause.
 */
static const char *place(struct arena *a, const struct fix_step *s, const struct role *usual)
{
	return s->role && s->role != usual ? arena_printf(a, "%s (%s)", s->where, s->role->title) :
	       s->where;
}

/*
 * One step: where, what, and the command alone on its line, never wrapped, so
 * that it can be copied.
 */
static void put_step(struct out *o, unsigned left, const struct fix_step *s,
		     const struct role *usual)
{
	const char *where = place(o->arena, s, usual);
	unsigned text = left;

	if (*s->where)
		out_wrapped(o, left, *s->act ? arena_printf(o->arena, "%s:", where) : where);
	if (*s->act) {
		if (*s->where)
			text += 2;
		out_wrapped(o, text, s->act);
	}
	if (*s->command) {
		out_to(o, left + 4);
		out_ink(o, INK_COMMAND);
		out_put(o, s->command);
		out_line(o);
	}
}

static void put_fix(struct out *o, const struct fix *fix, const struct role *usual)
{
	if (!fix->n)
		return;
	text_block(o, "Fix");
	for (size_t i = 0; i < fix->n; i++) {
		unsigned left = TEXT_LEFT;

		if (fix->n > 1) {
			out_to(o, left);
			out_put(o, arena_printf(o->arena, "%zu.", i + 1));
			left += fix->n > 9 ? 4 : 3;
		}
		put_step(o, left, &fix->steps[i], usual);
	}
}

static void put_why(struct out *o, const struct diagnosed *d, const char *name)
{
	const char *certainty = certainty_words(d->certainty);

	text_block(o, name);
	out_ink(o, INK_STRONG);
	out_wrapped(o, TEXT_LEFT, sentence(o->arena, *d->title ? d->title : d->cause->title));
	if (*certainty || *d->meaning)
		out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "%s %s", certainty, d->meaning));
	for (size_t i = 0; i < d->because.n; i++) {
		if (i == 0)
			text_block(o, "Evidence");
		out_list(o, TEXT_LEFT, "- ", d->because.v[i]);
	}
}

/* Is the cause a diagnosis of its own already? */
static bool is_shown(const struct advice *advice, const char *cause)
{
	for (size_t i = 0; i < advice->n_shown; i++)
		if (str_eq(advice->shown[i].cause->id, cause))
			return true;
	return false;
}

/* What else it may be, and what would decide. */
static void put_doubt(struct out *o, const struct diagnosed *d, const struct advice *advice)
{
	bool any = false;

	for (size_t i = 0; i < d->also.n; i++) {
		if (is_shown(advice, d->also.v[i]))
			continue;
		if (!any)
			text_block(o, "Or else");
		any = true;
		out_list(o, TEXT_LEFT, "- ", title_of(advice, d->also.v[i]));
	}
	/* The tests that follow say it better. */
	if (*d->decide && !text_tells(advice->apart, d->cause->id)) {
		text_block(o, "To decide");
		out_wrapped(o, TEXT_LEFT, sentence(o->arena, d->decide));
	}
}

static void put_cure(struct out *o, const struct diagnosed *d, const struct advice *advice)
{
	if (*d->who) {
		text_block(o, "Who");
		out_wrapped(o, TEXT_LEFT, text_who(o->arena, d->who, d->role, d->retry, advice));
	}
	put_fix(o, &d->fix, d->role);
	if (*d->verify) {
		text_block(o, "Then");
		out_wrapped(o, TEXT_LEFT, sentence(o->arena, d->verify));
	}
}

static void put_sources(struct out *o, const struct diagnosed *d)
{
	for (size_t i = 0; i < d->sources.n; i++) {
		if (i == 0)
			text_block(o, "Sources");
		out_to(o, TEXT_LEFT);
		out_ink(o, INK_DIM);
		out_put(o, d->sources.v[i]);
		out_line(o);
	}
}

/*
 * What a diagnosis is called among those that are printed: a mere possibility is never called
 * the reason.
 */
static const char *heading(const struct diagnosed *d, bool first)
{
	if (d->certainty == POSSIBLE)
		return first ? "Maybe" : "Or";
	return first ? "Why" : "Also";
}

void text_diagnosis(struct out *o, const struct diagnosed *list, size_t n,
		    const struct advice *advice)
{
	struct advice all = *advice;

	all.shown = list;
	all.n_shown = n;
	for (size_t i = 0; i < n; i++) {
		const struct diagnosed *d = &list[i];

		out_line(o);
		put_why(o, d, i == 0 && advice->first ? advice->first : heading(d, i == 0));
		/* One cure at a time: a later possibility first has to be told from the others. */
		if (i > 0 && d->certainty == POSSIBLE && !o->style->verbose) {
			put_doubt(o, d, &all);
			text_block(o, "Fix");
			out_wrapped(o, TEXT_LEFT, d->fix.n ? "-v shows it." : "none is known.");
			continue;
		}
		/* Nobody should mend a mere possibility before what would decide it. */
		if (d->certainty == POSSIBLE)
			put_doubt(o, d, &all);
		put_cure(o, d, &all);
		if (d->certainty == LIKELY)
			put_doubt(o, d, &all);
		put_sources(o, d);
		if (o->style->verbose && *d->matched_by) {
			text_block(o, "Known by");
			out_wrapped(o, TEXT_LEFT, d->matched_by);
		}
	}
}

void text_next(struct out *o, const struct strv *causes, const struct advice *advice)
{
	out_line(o);
	text_block(o, "Next");
	if (causes->n == 0) {
		out_wrapped(o, TEXT_LEFT, "nothing else is known to stand in the way.");
		return;
	}
	out_wrapped(o, TEXT_LEFT, "what may stand in the way after that:");
	for (size_t i = 0; i < causes->n; i++)
		out_list(o, TEXT_LEFT, "- ", title_of(advice, causes->v[i]));
}
