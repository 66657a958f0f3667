/*
 * junit - JUnit's XML, which CI servers show: one document, a test suite for each target or
 * file, a test case for each check or finding. It is red exactly where the exit status is not
 * 0. The format has no standard; this keeps to the schema of Jenkins' xUnit plug-in and the
 * order of Apache Ant's.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/settings.h"
#include "drift/drift.h"
#include "report/diff-words.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"
#include "sending/lint.h"
#include "sending/path.h"

/* A suite while its cases are written: their numbers stand in front of them. */
struct suite {
	FILE		*to;
	struct arena	*arena;
	char		*text;
	size_t		 len;
	unsigned	 tests, failures, errors, skipped;
};

struct testcase {
	const char	*class, *name;
	int64_t		 us;
	/* "failure", "error", "skipped"; a remark is "system-out"; NULL */
	const char	*outcome;
	const char	*type;		/* the finding; NULL = none */
	const char	*message;
	/* made by a text printer: escaped, with line ends; NULL = none */
	const char	*body;
};

/* XML 1.0 sections 2.2 and 2.4. What it forbids altogether was made visible by str_escape(). */
static void put_xml(FILE *to, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&':
			fputs("&amp;", to);
			break;
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			fputc((unsigned char)*s < ' ' && *s != '\n' ? '?' : *s, to);
		}
	}
}

/* Any bytes; nothing for NULL and "". */
static void attribute(struct suite *s, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	fprintf(s->to, " %s=\"", name);
	put_xml(s->to, str_escaped(s->arena, value, strlen(value)));
	fputc('"', s->to);
}

static void property(struct suite *s, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	fputs("      <property", s->to);
	attribute(s, "name", name);
	attribute(s, "value", value);
	fputs("/>\n", s->to);
}

static void put_case(struct suite *s, const struct testcase *c)
{
	bool remark = str_eq(c->outcome ? c->outcome : "", "system-out");

	s->tests++;
	fputs("    <testcase", s->to);
	attribute(s, "classname", c->class);
	attribute(s, "name", c->name);
	fprintf(s->to, " time=\"%.3f\"", (double)c->us / 1e6);
	if (!c->outcome) {
		fputs("/>\n", s->to);
		return;
	}
	s->failures += str_eq(c->outcome, "failure");
	s->errors += str_eq(c->outcome, "error");
	s->skipped += str_eq(c->outcome, "skipped");
	fprintf(s->to, ">\n      <%s", c->outcome);
	if (!remark) {
		attribute(s, "type", c->type);
		attribute(s, "message", c->message);
	}
	fputc('>', s->to);
	if (remark)
		put_xml(s->to, str_escaped(s->arena, c->message, strlen(c->message)));
	if (c->body)
		put_xml(s->to, c->body);
	fprintf(s->to, "</%s>\n    </testcase>\n", c->outcome);
}

static void suite_open(struct suite *s, struct arena *a)
{
	*s = (struct suite) { .arena = a };
	s->to = open_memstream(&s->text, &s->len);
	if (!s->to)
		out_of_memory();
	fputs("    <properties>\n", s->to);
}

/* started 0 = not said. */
static void suite_close(struct suite *s, FILE *to, const char *name, time_t started, int64_t ms)
{
	fclose(s->to);
	s->to = to;
	fputs("  <testsuite", to);
	attribute(s, "name", name);
	fprintf(to, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\"",
		s->tests, s->failures, s->errors, s->skipped, (double)ms / 1000);
	/* Without the Z: Ant's schema allows no zone. */
	if (started)
		attribute(s, "timestamp",
			  arena_printf(s->arena, "%.19s", clock_utc(s->arena, started)));
	fprintf(to, ">\n%s  </testsuite>\n", s->text);
	free(s->text);
}

/* The result as people read it, without what is good: why, who, what to do. */
static const char *in_words(struct arena *a, const struct result *r)
{
	static const struct report_style plain = { .unicode = true, .quiet = true, .columns = 80 };
	const char *copy;
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (!to)
		out_of_memory();
	report_alone(to, "text", &plain, REPORT_CHECK, r);
	fclose(to);
	copy = arena_printf(a, "\n%s", text);
	free(text);
	return copy;
}

/* A check that is unknown is an error, but not below a good whole: it was a side question then. */
static const char *outcome_of(const struct report *to, const struct result *r, enum status status)
{
	bool good = r->status == STATUS_PASS || r->status == STATUS_WARN;

	switch (status) {
	case STATUS_PASS:
		break;
	case STATUS_WARN:
		return to->strict ? "failure" : "system-out";
	case STATUS_FAIL:
		return "failure";
	case STATUS_SKIP:
		return "skipped";
	case STATUS_UNKNOWN:
		return good ? "skipped" : "error";
	}
	return NULL;
}

static void put_outcome(struct suite *s, const struct report *to, const struct result *r,
			const struct outcome *o)
{
	bool first = !s->failures && !s->errors;
	struct testcase c = {
		.class = r->ask->input,
		.name = o->port ? arena_printf(s->arena, "%s %s", o->id, o->endpoint) : o->id,
		.us = o->us,
		.outcome = outcome_of(to, r, o->status),
		.type = o->finding,
		.message = o->status == STATUS_SKIP ? o->skipped_because : o->summary,
	};

	if (c.outcome && first && (*c.outcome == 'f' || *c.outcome == 'e'))
		c.body = in_words(s->arena, r);
	put_case(s, &c);
}

/* The whole is not good, and no check says so: what was asked for could not all be tested. */
static void put_whole(struct suite *s, const struct result *r)
{
	struct testcase c = {
		.class = r->ask->input,
		.name = "result",
		.outcome = "error",
		.type = "untested",
		.message = "Not all that was asked for could be tested.",
	};

	if (s->failures || s->errors || r->status == STATUS_PASS || r->status == STATUS_WARN)
		return;
	c.body = in_words(s->arena, r);
	put_case(s, &c);
}

static void put_check(struct report *to, struct suite *s, const struct result *r)
{
	property(s, "kind", target_kind_name(r->ask->kind));
	property(s, "host", *r->host ? r->host : r->ask->host);
	property(s, "domain", r->ask->domain);
	property(s, "provider", r->provider);
	property(s, "path", r->path);
	property(s, "status", status_name(r->status));
	for (size_t i = 0; i < r->n_diagnosis; i++)
		property(s, certainty_name(r->diagnosis[i].certainty), r->diagnosis[i].cause->id);
	fputs("    </properties>\n", s->to);
	for (size_t i = 0; i < r->n_outcomes; i++)
		put_outcome(s, to, r, &r->outcomes[i]);
	put_whole(s, r);
	suite_close(s, to->to, r->ask->input, r->started, r->duration_ms);
}

static const char *finding_in_words(struct arena *a, const struct lint_finding *f)
{
	const char *text = f->line ? arena_printf(a, "\nline %u", f->line) : "";
	struct strv lines = { NULL, 0, 0 };

	strv_add(&lines, a, f->fix);
	strv_split(&lines, a, f->write, '\n');
	for (size_t i = 0; i < lines.n; i++)
		if (*lines.v[i])
			text = arena_printf(a, "%s\n%s", text,
					    str_escaped(a, lines.v[i], strlen(lines.v[i])));
	return arena_printf(a, "%s\n", text);
}

static void put_finding(struct suite *s, const struct report *to, const struct lint_finding *f)
{
	bool bad = f->severity == ERROR || (to->strict && f->severity == WARNING);

	put_case(s, &(struct testcase) {
		.class = f->file,
		.name = f->line ? arena_printf(s->arena, "%s line %u", f->finding, f->line) :
			f->finding,
		.outcome = bad ? "failure" : "system-out",
		.type = f->finding,
		.message = f->message,
		.body = finding_in_words(s->arena, f),
	});
}

static void put_lint(struct report *to, struct suite *s, const struct lint *l)
{
	const struct mail_settings *set = l->settings;
	bool unjudged = l->verdict == LINT_UNJUDGED;
	const char *name = *set->name ? arena_printf(s->arena, "%s, %s", set->file, set->name) :
			   set->file;

	property(s, "application", set->application);
	property(s, "path", l->judgement->path);
	property(s, "provider", l->judgement->provider);
	property(s, "verdict", lint_verdict_name(l->verdict));
	fputs("    </properties>\n", s->to);
	if (!l->n_errors)
		put_case(s, &(struct testcase) {
			.class = set->file, .name = "settings",
			.outcome = unjudged ? "error" : NULL,
			.type = "unjudged",
			.message = "The file does not name the server: whether the settings fit it "
				   "is unknown.",
		});
	for (const struct lint_finding *f = l->findings; f; f = f->next)
		put_finding(s, to, f);
	suite_close(s, to->to, name, 0, 0);
}

static void put_unread(struct report *to, struct suite *s, const struct unread_file *f)
{
	fputs("    </properties>\n", s->to);
	put_case(s, &(struct testcase) {
		.class = f->file, .name = "settings", .outcome = "error", .type = "lint.unread",
		.message = f->error,
	});
	suite_close(s, to->to, f->file, 0, 0);
}

/* What was, what is now, why it matters, who has to act, what to do. */
static const char *change_in_words(struct arena *a, const struct drift_change *c)
{
	const char *who = *c->who ? text_actor(a, c->who, c->role) : "", *text = "\n";
	const struct { const char *name, *text; } lines[] = {
		{ "was", c->was }, { "is now", c->now }, { "why", c->why }, { "who", who },
		{ "do", c->act },
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (*lines[i].text)
			text = arena_printf(a, "%s%s: %s\n", text, lines[i].name,
					    str_escaped(a, lines[i].text, strlen(lines[i].text)));
	return text;
}

static void put_change(struct suite *s, const struct report *to, const struct drift *d,
		       const struct drift_change *c)
{
	bool bad = c->severity == CHANGE_REGRESSION ||
		   (to->strict && c->severity == CHANGE_WARNING);
	const char *name = *c->row ? c->row : c->name;

	put_case(s, &(struct testcase) {
		.class = d->target,
		.name = c->port ? arena_printf(s->arena, "%s %u", name, c->port) : name,
		.outcome = bad ? "failure" : "system-out",
		.type = change_severity_name(c->severity),
		.message = diff_title(s->arena, c), .body = change_in_words(s->arena, c),
	});
}

/* One that is in one file alone, or has a check without a verdict this time. */
static void put_incomplete(struct suite *s, const struct drift *d)
{
	if (d->in != DRIFT_IN_BOTH)
		put_case(s, &(struct testcase) {
			.class = d->target, .name = "target",
			.outcome = d->in == DRIFT_IN_OLD ? "error" : "system-out",
			.type = "untested",
			.message = d->in == DRIFT_IN_OLD ? "It is missing in the new file." :
				   "It is new: there is nothing to compare it with.",
		});
	for (size_t i = 0; i < d->unknown.n; i++)
		put_case(s, &(struct testcase) {
			.class = d->target, .name = d->unknown.v[i], .outcome = "error",
			.type = "untested", .message = "Tried, and no verdict this time.",
		});
}

static void put_drift(struct report *to, const struct drift *d)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct suite s;

	suite_open(&s, a);
	property(&s, "severity", d->severity ? change_severity_name(d->severity) : "none");
	property(&s, "cause", d->cause.id);
	fputs("    </properties>\n", s.to);
	for (size_t i = 0; i < d->n; i++)
		if (!*d->v[i].under)
			put_change(&s, to, d, &d->v[i]);
	put_incomplete(&s, d);
	if (!s.tests)
		put_case(&s, &(struct testcase) { .class = d->target, .name = "unchanged" });
	suite_close(&s, to->to, d->target, 0, 0);
}

static void put_diff(struct report *to, const struct drift_report *r)
{
	for (size_t i = 0; i < r->n; i++)
		put_drift(to, &r->v[i]);
}

static void begin(struct report *r)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", r->to);
}

static void put(struct report *r, enum report_noun noun, const void *of)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct suite s;

	if (noun == REPORT_DIFF) {
		put_diff(r, of);
		return;
	}
	suite_open(&s, a);
	if (noun == REPORT_CHECK)
		put_check(r, &s, of);
	else if (noun == REPORT_LINT)
		put_lint(r, &s, of);
	else
		put_unread(r, &s, of);
}

static void end(struct report *r)
{
	fputs("</testsuites>\n", r->to);
}

const struct printer printer_junit = {
	.name = "junit",
	.nouns = 1u << REPORT_CHECK | 1u << REPORT_LINT | 1u << REPORT_UNREAD |
		 1u << REPORT_DIFF,
	.begin = begin,
	.put = put,
	.end = end,
};
