/*
 * text-checks - a line a check; those that passed and were not what was asked for in one line
 * together, but with -v.
 */
#include "report/text-checks.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/width.h"

enum { LABEL_LEFT = 3, LABEL_MOST = 20, LINES_MOST = 2 };

static const char *mark_of(enum status s, bool unicode)
{
	switch (s) {
	case STATUS_PASS:
		return unicode ? "\xe2\x9c\x93" : "+";
	case STATUS_WARN:
		return "!";
	case STATUS_FAIL:
		return unicode ? "\xe2\x9c\x97" : "x";
	case STATUS_SKIP:
		return unicode ? "\xe2\x80\x93" : "-";
	case STATUS_UNKNOWN:
		break;
	}
	return "?";
}

static enum ink ink_of(enum status s)
{
	switch (s) {
	case STATUS_PASS:
		return INK_GOOD;
	case STATUS_WARN:
		return INK_WARN;
	case STATUS_FAIL:
		return INK_BAD;
	case STATUS_SKIP:
		return INK_DIM;
	case STATUS_UNKNOWN:
		break;
	}
	return INK_UNKNOWN;
}

/* The check's label, the port put in for `$`. */
static const char *label_of(struct arena *a, const struct outcome *c)
{
	const char *label = c->check->label ? c->check->label : c->id, *dollar = strchr(label, '$');

	if (!dollar)
		return label;
	return arena_printf(a, "%.*s%u%s", (int)(dollar - label), label, c->port, dollar + 1);
}

/* Was the question asked for: by its nature, or by --only? */
static bool main_one(const struct result *r, const struct outcome *c)
{
	return c->check->part == CHECK_MAIN || r->ask->picked;
}

static bool shown(const struct out *o, const struct result *r, const struct outcome *c)
{
	if (c->status == STATUS_PASS && !o->style->verbose)
		return main_one(r, c) && !c->check->quiet && !o->style->quiet;
	return c->status != STATUS_SKIP;
}

/* Passed, and was not what was asked for: told in one line with the others of its kind. */
static bool folded(const struct out *o, const struct result *r, const struct outcome *c)
{
	return c->status == STATUS_PASS && !main_one(r, c) && !c->check->quiet &&
	       !o->style->verbose && !o->style->quiet;
}

static void put_mark(struct out *o, enum status s)
{
	out_to(o, 1);
	out_ink(o, ink_of(s));
	out_put(o, mark_of(s, o->style->unicode));
	out_ink(o, INK_NONE);
	out_to(o, LABEL_LEFT);
}

/* most: of lines; what is cut off is in the evidence. */
static void put_check(struct out *o, const struct outcome *c, unsigned left, size_t most)
{
	const char *label = label_of(o->arena, c), *time = out_time(o->arena, c->us);
	struct strv lines;
	unsigned edge = o->columns - width_of(time), room = o->columns - left - 9;

	lines = out_split(o->arena, *c->summary ? c->summary : c->check->title,
			  room < 20 ? 20 : room);
	put_mark(o, c->status);
	out_put(o, label);
	for (size_t i = 0; i < lines.n && i < most; i++) {
		if (i == 0 && o->col + 2 > left)
			out_line(o);	/* a label longer than its column */
		out_to(o, left);
		out_put(o, i + 1 == most && most < lines.n ?
			out_dotted(o->arena, lines.v[i], room) : lines.v[i]);
		if (i == 0 && *time && o->col + 1 < edge) {
			out_to(o, edge);
			out_ink(o, INK_DIM);
			out_put(o, time);
		}
		out_line(o);
	}
	/* Not wrapped: it is evidence, and people copy it. */
	for (size_t i = 0; i < c->details.n && o->style->verbose; i++) {
		out_to(o, left);
		out_ink(o, INK_DIM);
		out_put(o, c->details.v[i]);
		out_line(o);
	}
	if (o->style->verbose && *c->finding) {
		out_to(o, left);
		out_ink(o, INK_DIM);
		out_put(o, arena_printf(o->arena, "[%s]", c->finding));
		out_line(o);
	}
}

static bool in_group(const struct outcome *c, const char *endpoint)
{
	return !endpoint || str_eq(c->endpoint, endpoint);
}

/*
 * Is the check among those that are printed as "not tested"? Those that nobody misses only when
 * everything is wanted.
 */
static bool missed(const struct out *o, const struct outcome *c)
{
	return c->status == STATUS_SKIP && !o->style->quiet && (!c->idle || o->style->verbose);
}

/*
 * Skipped checks by their reason, in the order of the first of each: "STARTTLS, certificate:
 * because port 587 is not open".
 */
static void put_skipped(struct out *o, const struct result *r, const char *endpoint)
{
	struct strv reasons = { NULL, 0, 0 };

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *c = &r->outcomes[i];
		struct strv labels = { NULL, 0, 0 };

		if (!missed(o, c) || !in_group(c, endpoint) ||
		    strv_has(&reasons, c->skipped_because))
			continue;
		strv_add(&reasons, o->arena, c->skipped_because);
		for (size_t j = i; j < r->n_outcomes; j++)
			if (missed(o, &r->outcomes[j]) && in_group(&r->outcomes[j], endpoint) &&
			    str_eq(r->outcomes[j].skipped_because, c->skipped_because))
				strv_add(&labels, o->arena, label_of(o->arena, &r->outcomes[j]));
		put_mark(o, STATUS_SKIP);
		out_ink(o, INK_DIM);
		out_list_cut(o, LABEL_LEFT, "",
			     arena_printf(o->arena, "not tested: %s%s%s",
					  strv_join(&labels, o->arena, ", "),
					  *c->skipped_because ? ", because " : "",
					  c->skipped_because),
			     o->style->verbose ? SIZE_MAX : LINES_MOST);
	}
}

static void put_folded(struct out *o, const struct result *r, const char *endpoint)
{
	struct strv labels = { NULL, 0, 0 };

	for (size_t i = 0; i < r->n_outcomes; i++)
		if (in_group(&r->outcomes[i], endpoint) && folded(o, r, &r->outcomes[i]))
			strv_add(&labels, o->arena, label_of(o->arena, &r->outcomes[i]));
	if (!labels.n)
		return;
	put_mark(o, STATUS_PASS);
	out_wrapped(o, LABEL_LEFT, strv_join(&labels, o->arena, ", "));
}

/* endpoint NULL: all of them. */
static void put_group(struct out *o, const struct result *r, const char *endpoint, unsigned left)
{
	size_t most = o->style->verbose || !r->n_diagnosis ? SIZE_MAX : LINES_MOST;

	put_folded(o, r, endpoint);
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (in_group(&r->outcomes[i], endpoint) && shown(o, r, &r->outcomes[i]))
			put_check(o, &r->outcomes[i], left, most);
	put_skipped(o, r, endpoint);
}

static bool any_shown(const struct out *o, const struct result *r, const char *endpoint)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (in_group(&r->outcomes[i], endpoint) &&
		    (shown(o, r, &r->outcomes[i]) || folded(o, r, &r->outcomes[i]) ||
		     missed(o, &r->outcomes[i])))
			return true;
	return false;
}

void text_checks(struct out *o, const struct result *r)
{
	struct strv endpoints = { NULL, 0, 0 };
	unsigned widest = 8, ports = 0;
	bool first = true;

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *c = &r->outcomes[i];
		unsigned w = width_of(label_of(o->arena, c));

		if (shown(o, r, c) && w > widest)
			widest = w > LABEL_MOST ? LABEL_MOST : w;
		if (!strv_has(&endpoints, c->endpoint)) {
			strv_add(&endpoints, o->arena, c->endpoint);
			ports += c->port != 0;
		}
	}
	if (any_shown(o, r, NULL))
		out_line(o);
	if (ports < 2) {
		put_group(o, r, NULL, LABEL_LEFT + widest + 2);
		return;
	}
	for (size_t i = 0; i < endpoints.n; i++) {
		if (!any_shown(o, r, endpoints.v[i]))
			continue;
		if (!first)
			out_line(o);
		first = false;
		out_ink(o, INK_STRONG);
		out_put(o, endpoints.v[i]);
		out_line(o);
		put_group(o, r, endpoints.v[i], LABEL_LEFT + widest + 2);
	}
}
