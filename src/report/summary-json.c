/*
 * summary-json - the failures of a log as data: smtpwhy.summary/1. The schema is in doc/.
 */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "report/json-parts.h"
#include "report/printer.h"

/* relays, and as many senders, of one cause; the most frequent ones */
enum { NAMES_MOST = 100 };

static json_t *integer(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static void put_count(json_t *j, const struct tally_count *c)
{
	json_put(j, "count", integer(c->all));
	json_put(j, "deferred", integer(c->deferred));
	json_put(j, "bounced", integer(c->bounced));
	json_put(j, "failed", integer(c->failed));
	json_put_word(j, "first", c->first.text);
	json_put_word(j, "last", c->last.text);
}

/*
 * "name": null and "others": true for those that have no place of their own; "name": null alone
 * where the log does not say.
 */
static json_t *name_object(const struct tally_name *n)
{
	json_t *j = json_object();

	json_put_word(j, "name", n->name);
	json_put_bool(j, "others", !n->name);
	return j;
}

static json_t *parts(const struct tally_sum *s, const struct tally_cause *c, enum tally_by by)
{
	struct tally_part part[NAMES_MOST];
	size_t n = tally_parts(s, c, by, part, NAMES_MOST);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *j = name_object(part[i].name);

		json_put(j, "count", integer(part[i].n));
		json_push(list, j);
	}
	return list;
}

static json_t *cause_object(const struct tally_sum *s, const struct tally_cause *c)
{
	json_t *j = json_object(), *example = json_object();

	json_put(j, "cause", c->cause ? json_safe(c->cause->id) : json_null());
	json_put_text(j, "title", c->title);
	json_put(j, "certainty", c->cause ? json_safe(certainty_name(c->certainty)) : json_null());
	put_count(j, &c->count);
	json_put(j, "share",
		 json_real(s->count.all ? (double)c->count.all / (double)s->count.all : 0));
	json_put_word(j, "who", c->who);
	json_put(j, "role", json_role(c->role));
	json_put_word(j, "retry", c->retry);
	json_put_word(j, "reply", c->reply);
	json_put(j, "relays", parts(s, c, TALLY_RELAYS));
	json_put(j, "sender_domains", parts(s, c, TALLY_SENDERS));
	json_put_text(example, "file", c->example_file);
	json_put(example, "line", integer(c->example_line));
	json_put_text(example, "text", c->example);
	json_put(j, "example", example);
	return j;
}

static json_t *names(const struct tally_name *const *list, size_t n, bool relays)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *j = name_object(list[i]);

		if (relays)
			json_put_word(j, "provider", list[i]->provider);
		put_count(j, &list[i]->count);
		json_push(array, j);
	}
	return array;
}

json_t *json_of_summary(struct arena *a _unused_, const void *of)
{
	const struct log_read *log = of;
	const struct tally_sum *s = log->sum;
	json_t *j = json_object(), *files = json_array(), *causes = json_array();

	for (size_t i = 0; i < log->n; i++)
		json_push(files, json_safe(log->names[i]));
	for (size_t i = 0; i < s->n_causes; i++)
		json_push(causes, cause_object(s, s->causes[i]));
	json_put_text(j, "schema", "smtpwhy.summary/1");
	json_put(j, "files", files);
	json_put_bool(j, "complete", !*log->trouble);
	json_put_word(j, "trouble", log->trouble);
	json_put(j, "lines", integer(s->lines));
	json_put(j, "cut_lines", integer(s->cut_lines));
	json_put(j, "bytes", integer(s->bytes));
	json_put(j, "attempts", integer(s->attempts));
	put_count(j, &s->count);
	json_put(j, "causes", causes);
	json_put(j, "relays", names(s->relays, s->n_relays, true));
	json_put(j, "sender_domains", names(s->senders, s->n_senders, false));
	return j;
}
