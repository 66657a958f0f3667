/*
 * diff-words - words of a comparison.
 */
#include "report/diff-words.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

const char *diff_verdict(const struct drift_report *r)
{
	if (r->count[CHANGE_REGRESSION])
		return "Worse";
	if (r->only_old || r->unknown || (!r->new_name && r->only_new))
		return "Unknown";
	if (r->count[CHANGE_WARNING])
		return "Warning";
	if (r->count[CHANGE_IMPROVEMENT])
		return "Better";
	return r->count[CHANGE_NOTE] ? "Changed" : "Same";
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* What became of so many targets. */
static const struct { const char *one, *many; } became[CHANGE_SEVERITIES] = {
	[CHANGE_NOISE] = { "did not change", "did not change" },
	[CHANGE_IMPROVEMENT] = { "got better", "got better" },
	[CHANGE_NOTE] = { "has a note", "have notes" },
	[CHANGE_WARNING] = { "has a warning", "have a warning" },
	[CHANGE_REGRESSION] = { "got worse", "got worse" },
};

static const char *of_one(struct arena *a, const struct drift *d, bool old)
{
	const char *what = became[d->severity].one;

	if (d->in == DRIFT_IN_OLD)
		return arena_printf(a, "%s is in the old file alone.", d->target);
	if (d->in == DRIFT_IN_NEW)
		return arena_printf(a, old ? "%s is in the new file alone." :
				    "%s is not in the baseline yet.", d->target);
	if (d->severity == CHANGE_NOISE && d->unknown.n)
		what = "could not be tested in full";
	else if (d->severity == CHANGE_NOISE)
		what = "did not change in anything that matters";
	return arena_printf(a, "%s %s.", d->target, what);
}

const char *diff_headline(struct arena *a, const struct drift_report *r)
{
	size_t both = r->n - r->only_old - r->only_new;
	struct strv parts = { NULL, 0, 0 };

	if (r->n == 1)
		return of_one(a, &r->v[0], r->new_name != NULL);
	for (size_t s = CHANGE_SEVERITIES; s > 0; s--) {
		size_t n = r->count[s - 1];

		if (n)
			strv_addf(&parts, a, "%zu %s", n,
				  n == 1 ? became[s - 1].one : became[s - 1].many);
	}
	if (!both)
		return "The files have no target in common.";
	return arena_printf(a, "Of %zu target%s in both files %s%s.", both, plural(both),
			    strv_join(&parts, a, ", "),
			    r->unknown ? arena_printf(a, "; %zu could not be tested in full",
						      r->unknown) : "");
}

const char *diff_counts(struct arena *a, const struct drift *d)
{
	struct strv parts = { NULL, 0, 0 };

	for (size_t s = CHANGE_SEVERITIES - 1; s > CHANGE_NOISE; s--)
		if (d->count[s])
			strv_addf(&parts, a, "%zu %s%s", d->count[s],
				  change_severity_name((enum change_severity)s),
				  plural(d->count[s]));
	return parts.n ? strv_join(&parts, a, ", ") : "no change";
}

const char *diff_sentence(struct arena *a, const char *text)
{
	size_t n = strlen(text);
	char *s;

	if (!n)
		return "";
	s = arena_printf(a, "%s%s", text, strchr(".?!", text[n - 1]) ? "" : ".");
	s[0] = ascii_upper(s[0]);
	return s;
}

const char *diff_title(struct arena *a, const struct drift_change *c)
{
	const char *port = "", *lead = "", *title = c->title;

	if (c->port && !strstr(title, arena_printf(a, "ort %u", c->port)))
		port = arena_printf(a, " (port %u)", c->port);
	/* The words of a fact or a finding say what it is, not what became of it. */
	if (c->kind == DRIFT_FACT && !*c->row)
		title = arena_printf(a, "%s: %s", title, diff_values(a, c));
	if (c->kind == DRIFT_FINDING && c->how == DRIFT_REMOVED && !*c->row)
		lead = "Fixed: ";
	if (c->kind == DRIFT_FINDING && c->how == DRIFT_ADDED && !*c->was)
		lead = "Not tested before: ";
	return diff_sentence(a, arena_printf(a, "%s%s%s", lead, title, port));
}

const char *diff_values(struct arena *a, const struct drift_change *c)
{
	return arena_printf(a, "%s before, %s now", *c->was ? c->was : "nothing",
			    *c->now ? c->now : "nothing");
}

bool diff_says_values(const struct drift_change *c)
{
	return (!*c->was || strstr(c->title, c->was)) && (!*c->now || strstr(c->title, c->now));
}
