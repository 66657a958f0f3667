/*
 * diff-text - what changed between two runs, for people: the verdict, then the targets that got
 * worse, each with what was, what is now, why it matters, who has to act and what to do.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "drift/drift.h"
#include "report/diff-words.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

enum { MARK_LEFT = 1, TITLE_LEFT = 3, NAME_LEFT = 5, VALUE_LEFT = 12, VALUE_LINES = 3,
       NOTES_MOST = 5, NAMES_MOST = 10 };

static const char *mark_of(enum change_severity s, bool unicode)
{
	switch (s) {
	case CHANGE_REGRESSION:
		return unicode ? "\xe2\x9c\x97" : "x";
	case CHANGE_WARNING:
		return "!";
	case CHANGE_IMPROVEMENT:
		return unicode ? "\xe2\x9c\x93" : "+";
	default:
		return unicode ? "\xc2\xb7" : "-";
	}
}

static enum ink ink_of(enum change_severity s)
{
	switch (s) {
	case CHANGE_REGRESSION:
		return INK_BAD;
	case CHANGE_WARNING:
		return INK_WARN;
	case CHANGE_IMPROVEMENT:
		return INK_GOOD;
	default:
		return INK_DIM;
	}
}

static void put_title(struct out *o, const struct drift_change *c)
{
	out_to(o, MARK_LEFT);
	out_ink(o, ink_of(c->severity));
	out_put(o, mark_of(c->severity, o->style->unicode));
	out_ink(o, c->severity == CHANGE_REGRESSION ? INK_STRONG : INK_NONE);
	out_to(o, TITLE_LEFT);
	out_wrapped(o, TITLE_LEFT, diff_title(o->arena, c));
}

/* At most a few lines: a record or a reply can be long, and JSON has all of it. */
static void put_value(struct out *o, const char *name, const char *text)
{
	if (!*text)
		return;
	out_to(o, NAME_LEFT);
	out_ink(o, INK_DIM);
	out_put(o, name);
	out_ink(o, INK_NONE);
	if (o->style->verbose) {
		out_to(o, VALUE_LEFT);
		out_wrapped(o, VALUE_LEFT, text);
	} else {
		out_list_cut(o, VALUE_LEFT, "", text, VALUE_LINES);
	}
}

static void put_under(struct out *o, const struct drift *d, const struct drift_change *over)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct drift_change *c = &d->v[i];

		if (str_eq(c->under, over->name) && c->port == over->port)
			put_value(o, "seen", arena_printf(o->arena, "%s: %s", c->name,
							  diff_values(o->arena, c)));
	}
}

/* Of a list; nothing where the title has them. */
static void put_parts(struct out *o, const struct drift_change *c, const char *name,
		      const struct strv *parts)
{
	const char *text = strv_join(parts, o->arena, ", ");

	if (!strstr(c->title, text))
		put_value(o, name, text);
}

static void put_change(struct out *o, const struct drift *d, const struct drift_change *c)
{
	put_title(o, c);
	if (c->gone.n || c->come.n) {
		put_parts(o, c, "gone", &c->gone);
		put_parts(o, c, "new", &c->come);
	} else if (c->kind == DRIFT_FINDING || !diff_says_values(c)) {
		put_value(o, "was", c->was);
		put_value(o, "is now", c->now);
	}
	if (o->style->verbose && c->kind == DRIFT_FINDING)
		put_under(o, d, c);
	put_value(o, "why", diff_sentence(o->arena, c->why));
	if (*c->who)
		put_value(o, "who", diff_sentence(o->arena,
						  text_actor(o->arena, c->who, c->role)));
	put_value(o, "do", diff_sentence(o->arena, c->act));
}

static void put_cause(struct out *o, const struct run_cause *c)
{
	struct arena *a = o->arena;

	text_block(o, "Why");
	out_wrapped(o, TEXT_LEFT, arena_printf(a, "%s %s", diff_sentence(a, c->title),
					       diff_sentence(a, c->certainty)));
	text_block(o, "Who");
	out_wrapped(o, TEXT_LEFT, diff_sentence(a, text_actor(a, c->who, c->role)));
	if (!*c->act)
		return;
	text_block(o, "Fix");
	out_wrapped(o, TEXT_LEFT, diff_sentence(a, c->act));
	if (!*c->command)
		return;
	out_to(o, TEXT_LEFT);
	out_ink(o, INK_COMMAND);
	out_put(o, c->command);
	out_line(o);
}

/* Those below a warning in one line each; only the first of them without -v. */
static void put_notes(struct out *o, const struct drift *d)
{
	size_t shown = 0, more = 0;

	if (o->style->quiet)
		return;
	for (size_t i = 0; i < d->n; i++) {
		const struct drift_change *c = &d->v[i];

		if (*c->under || c->severity >= CHANGE_WARNING)
			continue;
		if (o->style->verbose)
			put_change(o, d, c);
		else if (shown++ < NOTES_MOST)
			put_title(o, c);
		else
			more++;
	}
	if (!more)
		return;
	out_to(o, TITLE_LEFT);
	out_wrapped(o, TITLE_LEFT, arena_printf(o->arena, "and %zu more (-v)", more));
}

static void put_list(struct out *o, const char *what, const struct strv *names)
{
	struct strv some = { NULL, 0, 0 };

	for (size_t i = 0; i < names->n && (i < NAMES_MOST || o->style->verbose); i++)
		strv_add(&some, o->arena, names->v[i]);
	if (some.n < names->n)
		strv_addf(&some, o->arena, "and %zu more", names->n - some.n);
	out_wrapped(o, 2, arena_printf(o->arena, "%s: %s.", what,
				       strv_join(&some, o->arena, ", ")));
}

/* A change of its own is worth a block; of many targets only what is warned of. */
static void put_target(struct out *o, const struct drift *d)
{
	out_line(o);
	out_ink(o, INK_STRONG);
	out_put(o, d->target);
	out_ink(o, INK_NONE);
	out_put(o, arena_printf(o->arena, ": %s", diff_counts(o->arena, d)));
	out_line(o);
	for (size_t i = 0; i < d->n; i++)
		if (!*d->v[i].under && d->v[i].severity >= CHANGE_WARNING)
			put_change(o, d, &d->v[i]);
	put_notes(o, d);
	if (d->severity == CHANGE_REGRESSION && *d->cause.id)
		put_cause(o, &d->cause);
	if (d->unknown.n)
		put_list(o, "Tried, and no verdict this time", &d->unknown);
	else if (d->untested.n && o->style->verbose)
		put_list(o, "Not tested this time", &d->untested);
}

static bool worth_telling(const struct out *o, const struct drift_report *r, const struct drift *d)
{
	if (d->in != DRIFT_IN_BOTH)
		return false;
	if (d->severity >= CHANGE_WARNING || d->unknown.n)
		return true;
	return !o->style->quiet && (d->n || (r->n == 1 && o->style->verbose && d->untested.n));
}

static void put_only(struct out *o, const struct drift_report *r, enum drift_in in,
		     const char *what)
{
	struct strv names = { NULL, 0, 0 };

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].in == in)
			strv_add(&names, o->arena, r->v[i].target);
	/* Of one target the headline says it. */
	if (names.n && r->n > 1)
		put_list(o, what, &names);
}

void text_of_diff(struct out *o, const void *of)
{
	const struct drift_report *r = of;
	bool bad = r->count[CHANGE_REGRESSION] > 0;

	out_ink(o, bad ? INK_BAD : INK_NONE);
	out_put(o, diff_verdict(r));
	out_ink(o, INK_NONE);
	out_to(o, 9);
	out_wrapped(o, 9, diff_headline(o->arena, r));
	put_only(o, r, DRIFT_IN_OLD, "Only in the old file, so not compared");
	put_only(o, r, DRIFT_IN_NEW, r->new_name ? "Only in the new file, so not compared" :
		 "Not in the baseline, so not compared");
	for (size_t i = 0; i < r->n; i++)
		if (worth_telling(o, r, &r->v[i]))
			put_target(o, &r->v[i]);
}
