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

	json_put_text(j, "input", ask->input);
	json_put_text(j, "kind", target_kind_name(ask->kind));
	json_put_word(j, "host", *r->host ? r->host : ask->host);
	json_put_word(j, "domain", ask->domain);
	json_put_word(j, "provider", r->provider);
	json_put_word(j, "provider_name", r->provider_name);
	json_put_word(j, "path", r->path);
	return j;
}

static json_t *checks_of(const struct result *r)
{
	json_t *checks = json_array();

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *c = &r->outcomes[i];
		json_t *j = json_object();

		json_put_text(j, "id", c->id);
		json_put_text(j, "title", c->check->title);
		json_put_word(j, "endpoint", c->endpoint);
		json_put_text(j, "status", status_name(c->status));
		json_put_word(j, "finding", c->finding);
		json_put_text(j, "summary", c->summary ? c->summary : "");
		json_put(j, "duration_ms", json_integer((c->us + 500) / 1000));
		json_put_word(j, "skipped_because", c->skipped_because);
		json_put(j, "reply", json_reply(c->reply, false));
		if (c->details.n)
			json_put_list(j, "details", &c->details);
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

		json_put_text(row, "from", s->from);
		json_put_text(row, "verdict", sender_verdict_name(s->verdict));
		json_put_word(row, "stage", s->stage == STAGE_UNKNOWN ? "" : stage_name(s->stage));
		json_put(row, "reply", json_reply(s->reply, false));
		json_put_word(row, "cause", s->cause);
		json_put_word(row, "why", s->why);
		json_put_word(row, "needs", s->needs);
		json_put_list(row, "commands", &s->commands);
		json_push(rows, row);
	}
	json_put_text(j, "endpoint", all->endpoint);
	json_put_text(j, "user", all->user);
	json_put_word(j, "to", all->to);
	json_put_bool(j, "data", all->data);
	json_put_bool(j, "again", all->again);
	json_put_word(j, "note", all->note);
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

		json_put_text(one, "host", t->host);
		json_put_bool(one, "tenant_host", t->tenant_host);
		json_put_bool(one, "certificate", t->certificate);
		json_put(one, "certificate_asked", t->tls ? json_boolean(t->asked) : json_null());
		json_put(one, "certificate_shown", t->tls ? json_boolean(t->shown) : json_null());
		json_put_text(one, "verdict", direct_send_verdict_name(t->verdict));
		json_put_word(one, "stage", t->stage == STAGE_UNKNOWN ? "" : stage_name(t->stage));
		json_put(one, "reply", json_reply(t->reply, false));
		json_put_word(one, "why", t->why);
		json_push(tries, one);
	}
	json_put_text(j, "domain", d->domain);
	json_put_text(j, "from", d->from);
	json_put_text(j, "to", d->to);
	json_put_word(j, "egress", d->egress);
	json_put_word(j, "certificate", d->identity);
	json_put(j, "tries", tries);
	json_put_list(j, "words", &words);
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
			json_put_text(line, "dir", dir);
			json_put_text(line, "text", t->lines[k].text);
			json_push(lines, line);
		}
		json_put_text(j, "endpoint", t->endpoint);
		json_put_bool(j, "truncated", t->truncated);
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

		json_put_word(j, "endpoint", r->times[i].endpoint);
		json_put_text(j, "stage", r->times[i].stage);
		json_put(j, "us", json_integer(r->times[i].us));
		json_push(list, j);
	}
	return list;
}

json_t *json_of_check(struct arena *a, const void *of)
{
	const struct result *r = of;
	json_t *j = json_object(), *tool = json_object();

	json_put_text(tool, "name", "smtpwhy");
	json_put_text(tool, "version", PACKAGE_VERSION);
	json_put_text(j, "schema", "smtpwhy.report/1");
	json_put(j, "tool", tool);
	json_put_text(j, "started", clock_utc(a, r->started));
	json_put(j, "duration_ms", json_integer(r->duration_ms));
	if (r->ask->client && *r->ask->client)
		json_put_text(j, "client", r->ask->client);
	if (r->ask->line)
		json_put(j, "line", json_integer(r->ask->line));
	json_put(j, "target", target_of(r));
	json_put_text(j, "status", status_name(r->status));
	json_put(j, "checks", checks_of(r));
	json_put(j, "facts", json_facts(r->facts));
	json_put(j, "diagnosis", json_diagnosis(r->diagnosis, r->n_diagnosis));
	json_apart(j, &r->apart);
	json_put_list(j, "next_blockers", &r->next_blockers);
	json_put_list(j, "untested", &r->untested);
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
