/*
 * json - the report as data: smtpwhy.report/1. The schema is in doc/; what it promises stays.
 */
#include "base/json.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/transcript.h"
#include "sending/direct-send.h"
#include "sending/senders.h"
#include "report/json-parts.h"
#include "report/printer.h"

static json_t *target_of(const struct result *r)
{
	const struct ask *ask = r->ask;
	json_t *j = json_object();

	json_put(j, "input", json_safe(ask->input));
	json_put(j, "kind", json_safe(target_kind_name(ask->kind)));
	json_put(j, "host", json_word(*r->host ? r->host : ask->host));
	json_put(j, "domain", json_word(ask->domain));
	json_put(j, "provider", json_word(r->provider));
	json_put(j, "provider_name", json_word(r->provider_name));
	json_put(j, "path", json_word(r->path));
	return j;
}

static json_t *checks_of(const struct result *r)
{
	json_t *checks = json_array();

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *c = &r->outcomes[i];
		json_t *j = json_object();

		json_put(j, "id", json_safe(c->id));
		json_put(j, "title", json_safe(c->check->title));
		json_put(j, "endpoint", json_word(c->endpoint));
		json_put(j, "status", json_safe(status_name(c->status)));
		json_put(j, "finding", json_word(c->finding));
		json_put(j, "summary", json_safe(c->summary ? c->summary : ""));
		json_put(j, "duration_ms", json_integer((c->us + 500) / 1000));
		json_put(j, "skipped_because", json_word(c->skipped_because));
		json_put(j, "reply", json_reply(c->reply, false));
		json_push(checks, j);
	}
	return checks;
}

static json_t *senders_of(const struct result *r)
{
	const struct senders *all = r->senders;
	json_t *j = json_object(), *rows = json_array();

	for (size_t i = 0; i < all->n; i++) {
		const struct sender *s = &all->v[i];
		json_t *row = json_object();

		json_put(row, "from", json_safe(s->from));
		json_put(row, "verdict", json_safe(sender_verdict_name(s->verdict)));
		json_put(row, "stage", json_word(s->stage == STAGE_UNKNOWN ? "" : stage_name(s->stage)));
		json_put(row, "reply", json_reply(s->reply, false));
		json_put(row, "cause", json_word(s->cause));
		json_put(row, "why", json_word(s->why));
		json_put(row, "needs", json_word(s->needs));
		json_put(row, "commands", json_strings(&s->commands));
		json_push(rows, row);
	}
	json_put(j, "endpoint", json_safe(all->endpoint));
	json_put(j, "user", json_safe(all->user));
	json_put(j, "to", json_word(all->to));
	json_put(j, "data", json_boolean(all->data));
	json_put(j, "again", json_boolean(all->again));
	json_put(j, "note", json_word(all->note));
	json_put(j, "rows", rows);
	return j;
}

static json_t *direct_send_of(struct arena *a, const struct direct_send *d)
{
	struct strv words = direct_send_words(a, d);
	json_t *j = json_object(), *tries = json_array();

	for (size_t i = 0; i < d->n; i++) {
		const struct direct_send_try *t = &d->tries[i];
		json_t *one = json_object();

		json_put(one, "host", json_safe(t->host));
		json_put(one, "tenant_host", json_boolean(t->tenant_host));
		json_put(one, "certificate", json_boolean(t->certificate));
		json_put(one, "certificate_asked", t->tls ? json_boolean(t->asked) : json_null());
		json_put(one, "certificate_shown", t->tls ? json_boolean(t->shown) : json_null());
		json_put(one, "verdict", json_safe(direct_send_verdict_name(t->verdict)));
		json_put(one, "stage", json_word(t->stage == STAGE_UNKNOWN ? "" : stage_name(t->stage)));
		json_put(one, "reply", json_reply(t->reply, false));
		json_put(one, "why", json_word(t->why));
		json_push(tries, one);
	}
	json_put(j, "domain", json_safe(d->domain));
	json_put(j, "from", json_safe(d->from));
	json_put(j, "to", json_safe(d->to));
	json_put(j, "egress", json_word(d->egress));
	json_put(j, "certificate", json_word(d->identity));
	json_put(j, "tries", tries);
	json_put(j, "words", json_strings(&words));
	return j;
}

static json_t *transcripts_of(const struct result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_transcripts; i++) {
		const struct transcript *t = r->transcripts[i];
		json_t *j = json_object(), *lines = json_array();

		for (size_t k = 0; k < t->n; k++) {
			char dir[2] = { (char)t->lines[k].dir, '\0' };
			json_t *line = json_object();

			json_put(line, "t_ms", json_integer(t->lines[k].t_ms));
			json_put(line, "dir", json_safe(dir));
			json_put(line, "text", json_safe(t->lines[k].text));
			json_push(lines, line);
		}
		json_put(j, "endpoint", json_safe(t->endpoint));
		json_put(j, "truncated", json_boolean(t->truncated));
		json_put(j, "lines", lines);
		json_push(list, j);
	}
	return list;
}

static json_t *times_of(const struct result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_times; i++) {
		json_t *j = json_object();

		json_put(j, "endpoint", json_word(r->times[i].endpoint));
		json_put(j, "stage", json_safe(r->times[i].stage));
		json_put(j, "us", json_integer(r->times[i].us));
		json_push(list, j);
	}
	return list;
}

json_t *json_of_check(struct arena *a, const void *of)
{
	const struct result *r = of;
	json_t *j = json_object(), *tool = json_object();

	json_put(tool, "name", json_safe("smtpwhy"));
	json_put(tool, "version", json_safe(PACKAGE_VERSION));
	json_put(j, "schema", json_safe("smtpwhy.report/1"));
	json_put(j, "tool", tool);
	json_put(j, "started", json_safe(clock_utc(a, r->started)));
	json_put(j, "duration_ms", json_integer(r->duration_ms));
	json_put(j, "target", target_of(r));
	json_put(j, "status", json_safe(status_name(r->status)));
	json_put(j, "checks", checks_of(r));
	json_put(j, "facts", json_facts(r->facts));
	json_put(j, "diagnosis", json_diagnosis(r->diagnosis, r->n_diagnosis));
	json_apart(j, &r->apart);
	json_put(j, "next_blockers", json_strings(&r->next_blockers));
	json_put(j, "untested", json_strings(&r->untested));
	if (r->path_fit)
		json_put(j, "path_fit", json_path_fit(r->path_fit));
	if (r->senders)
		json_put(j, "senders", senders_of(r));
	if (r->direct_send)
		json_put(j, "direct_send", direct_send_of(a, r->direct_send));
	json_put(j, "times", times_of(r));
	json_put(j, "transcripts", transcripts_of(r));
	return j;
}
