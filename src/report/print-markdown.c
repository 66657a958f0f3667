/*
 * print-markdown - for tickets, merge requests and mails to clients: CommonMark, one document.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "drift/drift.h"
#include "report/diff-words.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

enum { SHOWN_MOST = 1000 };

/*
 * s stands behind so many bytes. Would a viewer of GitHub's kind make a link of it (GFM 0.29,
 * section 6.9)?
 */
static bool begins_link(const char *s, size_t before)
{
	return str_has_prefix(s, "://") ||
	       (*s == '.' && before >= 3 && str_has_prefix_nocase(s - 3, "www."));
}

/*
 * Text of unknown origin in one line: no markup, no HTML, no link of its own (CommonMark 0.31,
 * sections 2.4 and 6). A very long one is cut.
 */
static const char *plain(struct arena *a, const char *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(8 * SHOWN_MOST);
	size_t n = 0;

	s = str_escaped(a, s, strlen(s));
	for (; *s && (n < SHOWN_MOST || ((unsigned char)*s & 0xc0) == 0x80); s++, n++) {
		if (*s == '<')
			buf_adds(&b, "&lt;");
		else if (*s == '&')
			buf_adds(&b, "&amp;");
		else if (strchr("\\`*_[]{}|~#!>@", *s) || begins_link(s, n))
			buf_addf(&b, "\\%c", *s);
		else
			buf_addc(&b, *s);
	}
	if (*s)
		buf_adds(&b, " ...");
	return arena_strdup(a, buf_str(&b));
}

static void put_point(FILE *to, struct arena *a, const char *name, const char *text)
{
	if (*text)
		fprintf(to, "- **%s:** %s\n", name, plain(a, text));
}

static void put_change(FILE *to, struct arena *a, const struct drift_change *c)
{
	fprintf(to, "\n### %s\n\n", plain(a, diff_title(a, c)));
	if (c->gone.n || c->come.n) {
		put_point(to, a, "Gone", strv_join(&c->gone, a, ", "));
		put_point(to, a, "New", strv_join(&c->come, a, ", "));
	} else {
		put_point(to, a, "Was", c->was);
		put_point(to, a, "Is now", c->now);
	}
	put_point(to, a, "Why it matters", diff_sentence(a, c->why));
	if (*c->who)
		put_point(to, a, "Who", diff_sentence(a, text_actor(a, c->who, c->role)));
	put_point(to, a, "What to do", diff_sentence(a, c->act));
}

/* Those below a warning, in a line each. */
static void put_notes(FILE *to, struct arena *a, const struct drift *d)
{
	bool first = true;

	for (size_t i = 0; i < d->n; i++) {
		if (*d->v[i].under || d->v[i].severity >= CHANGE_WARNING)
			continue;
		fprintf(to, "%s- %s\n", first ? "\n### Besides\n\n" : "",
			plain(a, diff_title(a, &d->v[i])));
		first = false;
	}
}

static void put_cause(FILE *to, struct arena *a, const struct run_cause *c)
{
	fprintf(to, "\n### Why it fails now\n\n%s %s\n\n", plain(a, diff_sentence(a, c->title)),
		plain(a, diff_sentence(a, c->certainty)));
	put_point(to, a, "Who", diff_sentence(a, text_actor(a, c->who, c->role)));
	put_point(to, a, "What to do", diff_sentence(a, c->act));
	put_point(to, a, "Command", c->command);
}

static void put_target(FILE *to, struct arena *a, const struct drift *d, bool quiet)
{
	fprintf(to, "\n## %s: %s\n", plain(a, d->target), diff_counts(a, d));
	for (size_t i = 0; i < d->n; i++)
		if (!*d->v[i].under && d->v[i].severity >= CHANGE_WARNING)
			put_change(to, a, &d->v[i]);
	if (!quiet)
		put_notes(to, a, d);
	if (d->severity == CHANGE_REGRESSION && *d->cause.id)
		put_cause(to, a, &d->cause);
	if (d->unknown.n)
		fprintf(to, "\nTried, and no verdict this time: %s.\n",
			plain(a, strv_join(&d->unknown, a, ", ")));
}

static void put_only(FILE *to, struct arena *a, const struct drift_report *r, enum drift_in in,
		     const char *what)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].in == in)
			fprintf(to, "%s%s", n++ ? ", " : what, plain(a, r->v[i].target));
	if (n)
		fputs(".\n", to);
}

static void put(struct report *to, enum report_noun noun _unused_, const void *of)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct drift_report *r = of;

	fprintf(to->to, "%s# %s\n\n%s\n", to->n ? "\n" : "", diff_verdict(r),
		plain(a, diff_headline(a, r)));
	put_only(to->to, a, r, DRIFT_IN_OLD, "\nOnly in the old file, so not compared: ");
	put_only(to->to, a, r, DRIFT_IN_NEW, r->new_name ?
		 "\nOnly in the new file, so not compared: " :
		 "\nNot in the baseline, so not compared: ");
	for (size_t i = 0; i < r->n; i++) {
		const struct drift *d = &r->v[i];

		if (d->in == DRIFT_IN_BOTH && (d->severity >= CHANGE_WARNING || d->unknown.n ||
					       (d->n && !to->style.quiet)))
			put_target(to->to, a, d, to->style.quiet);
	}
}

const struct printer printer_markdown = {
	.name = "markdown",
	.nouns = 1u << REPORT_DIFF,
	.put = put,
};
