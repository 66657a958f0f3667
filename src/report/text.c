/*
 * text - the report for people: what was asked, a line a check, why it fails and what to
 * do, what comes next.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/printer.h"
#include "report/text-checks.h"
#include "report/text-diagnosis.h"
#include "report/text-direct-send.h"
#include "report/text-path.h"
#include "report/text-senders.h"
#include "report/text-verbose.h"
#include "report/width.h"

enum { UNTESTED_MOST = 8 };

/* "smtp.office365.com:587", "contoso.com (mx.example:25)", "smtp.gmail.com, ports 465 and 587" */
static const char *whom(struct arena *a, const struct result *r)
{
	const struct ask *ask = r->ask;
	const char *host = *r->host ? r->host : ask->host, *ports = "", *where;
	const char *between = ", ports ";

	if (ask->n_ports == 1) {
		ports = arena_printf(a, strchr(host, ':') ? "]:%u" : ":%u", ask->ports[0].port);
	} else {
		for (size_t i = 0; i < ask->n_ports; i++) {
			ports = arena_printf(a, "%s%s%u", ports, between, ask->ports[i].port);
			between = i + 2 < ask->n_ports ? ", " : " and ";
		}
	}
	where = arena_printf(a, "%s%s%s", *ports == ']' ? "[" : "", host, ports);
	if (ask->kind == TARGET_HOST)
		return where;
	return *host ? arena_printf(a, "%s (%s)", ask->input, where) : ask->input;
}

static void put_header(struct out *o, const struct result *r)
{
	const char *left = whom(o->arena, r), *what = "",
		*time = out_time(o->arena, r->duration_ms * 1000);
	unsigned edge = o->columns - width_of(time);
	char *path = arena_strdup(o->arena, r->path);

	for (char *c = path; *c; c++)
		if (*c == '-')
			*c = ' ';
	if (*r->provider_name)
		what = *path ? arena_printf(o->arena, "%s, %s", r->provider_name, path) :
		       r->provider_name;
	out_ink(o, INK_STRONG);
	out_put(o, left);
	out_ink(o, INK_NONE);
	if (*what && o->col + 3 + width_of(what) + 2 > edge) {
		out_line(o);
		out_to(o, 1);
	} else {
		out_to(o, o->col + 3);
	}
	out_put(o, what);
	out_to(o, edge);
	out_ink(o, INK_DIM);
	out_put(o, time);
	out_line(o);
}

/* Did the server get to talk? */
static bool talked(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (str_eq(r->outcomes[i].id, "smtp.ehlo") &&
		    r->outcomes[i].status != STATUS_UNKNOWN && r->outcomes[i].status != STATUS_SKIP)
			return true;
	return false;
}

/* Did no check fail, but what was expected of the target is not met (check --expect)? */
static bool only_unexpected(const struct result *r)
{
	for (size_t i = 0; i < r->n_outcomes; i++)
		if (r->outcomes[i].status == STATUS_FAIL &&
		    !str_eq(r->outcomes[i].id, "expect.file"))
			return false;
	return true;
}

/* What to say when there is no diagnosis: that nothing stands in the way, or that we don't know. */
static void put_verdict(struct out *o, const void *of, size_t i)
{
	const struct result *r = of;

	(void)i;
	out_line(o);
	switch (r->status) {
	case STATUS_PASS:
		text_block(o, "Good");
		out_wrapped(o, TEXT_LEFT, "Nothing was found that stands in the way.");
		break;
	case STATUS_WARN:
		text_block(o, "Good");
		out_wrapped(o, TEXT_LEFT, "Nothing was found that stops mail; what is marked above "
			    "should be looked after.");
		break;
	case STATUS_FAIL:
		text_block(o, "Why");
		out_wrapped(o, TEXT_LEFT, only_unexpected(r) ? "No check failed, but the target is "
			    "not what it is expected to be: see above." :
			    "The checks marked above failed. No cause is known that "
			    "explains them; what the server said is all there is.");
		break;
	case STATUS_SKIP:
	case STATUS_UNKNOWN:
		text_block(o, "Unknown");
		out_wrapped(o, TEXT_LEFT,
			    talked(r) ? "What could be tested is good, but not all that was asked "
			    "for could be tested." : "It could not be tested from here. That says "
			    "nothing about the server.");
		break;
	}
}

/* A run that was interrupted has one for each check: nobody reads thirty. */
static void put_untested(struct out *o, const struct result *r)
{
	size_t n = r->untested.n > UNTESTED_MOST && !o->style->verbose ? UNTESTED_MOST :
		   r->untested.n;

	for (size_t i = 0; i < n; i++) {
		if (i == 0) {
			out_line(o);
			text_block(o, "Not tested");
		}
		out_list(o, TEXT_LEFT, "- ", r->untested.v[i]);
	}
	if (n < r->untested.n)
		out_list(o, TEXT_LEFT, "- ",
			 arena_printf(o->arena, "and %zu more; -v lists them", r->untested.n - n));
}

static const char *domain_of(const struct ask *ask)
{
	const char *at = strrchr(ask->user, '@');

	if (at && at[1])
		return at + 1;
	return ask->domain;
}

static void put_path(struct out *o, const void *of, size_t i)
{
	(void)i;
	text_path(o, of);
}

/* A date to come waits where the cause itself is not known yet. */
static enum part_rank path_rank(const struct result *r)
{
	if (!r->n_diagnosis)
		return PART_FIRST;
	return text_path_speaks_against(r) || r->diagnosis[0].certainty > POSSIBLE ? PART_ALSO
										   : PART_MORE;
}

/* What remains on the screen: the verdict, as much of it as fits. */
static void put_end(struct out *o, const struct result *r)
{
	struct advice advice = { .know = r->ask->know, .of = domain_of(r->ask),
				 .apart = &r->apart };
	struct parts p = parts_new(o->arena);
	bool asked = r->ask->means.given || !r->n_diagnosis, has_path = text_has_path(o, r);

	/* Who asked for the ways of sending gets them all; the cause stays on the screen. */
	if (has_path && asked && r->n_diagnosis) {
		text_path(o, r);
		has_path = false;
	}
	if (r->n_diagnosis) {
		text_diagnosis(o, &p, r->diagnosis, r->n_diagnosis, &advice);
		text_apart(&p, &r->apart);
		text_next(&p, &r->next_blockers, &advice);
	} else {
		parts_add(&p, PART_FIRST, "", put_verdict, r, 0);
	}
	if (has_path)
		parts_add(&p, path_rank(r), "the way of sending", put_path, r, 0);
	parts_put(o, &p);
}

void text_of_check(struct out *o, const void *of)
{
	const struct result *r = of;

	put_header(o, r);
	text_checks(o, r);
	text_senders(o, r);
	text_direct_send(o, r);
	put_untested(o, r);
	put_end(o, r);
	if (o->style->verbose)
		text_verbose(o, r);
}
