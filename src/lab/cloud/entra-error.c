/*
 * entra-error - refusals of the token service: the members of its JSON, and the words it writes.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/data.h"
#include "base/tsv.h"
#include "lab/cloud/entra.h"

struct refusal {
	int		 status;
	const char	*error;
	const char	*suberror;
	const char	*text;		/* {} = what it is about */
};

/* The row of data/lab-refusals.tsv; the last one for numbers that it does not have. */
static struct refusal refusal_of(struct arena *a, unsigned number)
{
	enum { NUMBER, STATUS, ERROR, SUBERROR, TEXT };
	static const char *const columns[] = {
		"number", "status", "error", "suberror", "text", NULL,
	};
	const struct tsv *t = tsv_of_data(a, data_table_find("lab-refusals.tsv"), columns);
	const char *wanted = arena_printf(a, "%u", number);
	unsigned long status = 400;
	size_t row = 0;

	while (row + 1 < t->n && !str_eq(tsv_cell(t, row, NUMBER), wanted))
		row++;
	str_number(tsv_cell(t, row, STATUS), 599, &status);
	return (struct refusal) {
		.status = (int)status, .error = tsv_cell(t, row, ERROR),
		.suberror = tsv_cell(t, row, SUBERROR), .text = tsv_cell(t, row, TEXT),
	};
}

static char *filled_in(struct arena *a, const char *text, const char *detail)
{
	const char *hole = strstr(text, "{}");

	return hole ? arena_printf(a, "%.*s%s%s", (int)(hole - text), text, detail ? detail : "",
				   hole + 2) :
	       arena_strdup(a, text);
}

char *entra_reason(struct arena *a, unsigned number)
{
	return filled_in(a, refusal_of(a, number).text, "Office 365 Exchange Online");
}

/* "2026-11-20 12:00:00Z" */
static char *timestamp(struct entra *e)
{
	time_t now = e->tenant ? (time_t)tenant_now(e->tenant) : clock_wall();
	char *text = clock_utc(e->c->arena, now);

	for (char *p = text; *p; p++)
		if (*p == 'T')
			*p = ' ';
	return text;
}

/* What each refusal has besides its words. */
struct marks {
	const char *trace, *correlation, *time;
};

static struct marks marks_of(struct entra *e)
{
	const char *asked = web_field(e->c->request, "client-request-id");

	return (struct marks) { .trace = guid_new(e->c->arena),
				.correlation = *asked ? asked : guid_new(e->c->arena),
				.time = timestamp(e) };
}

static char *words(struct entra *e, unsigned number, const char *text, const char *detail,
		   const struct marks *m)
{
	const char *said = text && *text ? text : refusal_of(e->c->arena, number).text;

	return arena_printf(e->c->arena,
			    "AADSTS%u: %s Trace ID: %s Correlation ID: %s Timestamp: %s", number,
			    filled_in(e->c->arena, said, detail), m->trace, m->correlation,
			    m->time);
}

char *entra_words(struct entra *e, unsigned number, const char *text, const char *detail,
		  const char **ret_error)
{
	struct marks m = marks_of(e);

	*ret_error = refusal_of(e->c->arena, number).error;
	return words(e, number, text, detail, &m);
}

void entra_refuse_text(struct entra *e, unsigned number, const char *text, const char *detail)
{
	struct arena *a = e->c->arena;
	struct refusal r = refusal_of(a, number);
	struct marks m = marks_of(e);
	json_t *j = json_object(), *codes = json_array();

	json_put_texts(j, "error", r.error,
		"error_description", words(e, number, text, detail, &m), NULL);
	json_push(codes, json_integer(number));
	json_put(j, "error_codes", codes);
	json_put_texts(j, "timestamp", m.time,
		"trace_id", m.trace,
		"correlation_id", m.correlation,
		"error_uri",
		arena_printf(a, "https://%s/error?code=%u", e->c->server->host, number), NULL);
	if (*r.suberror)
		json_put(j, "suberror", json_string(r.suberror));
	if (str_in(r.suberror, "basic_action|message_only"))
		json_put(j, "claims",
			 json_safe(arena_printf(a, "{\"access_token\":{\"capolids\":{"
						"\"essential\":true,\"values\":[\"%s\"]}}}",
						guid_new(a))));
	web_json(e->c->reply, a, r.status, j);
	web_add_field(e->c->reply, a, "x-ms-request-id", m.trace);
	web_add_field(e->c->reply, a, "Cache-Control", "no-store, no-cache");
}

void entra_refuse(struct entra *e, unsigned number, const char *detail)
{
	entra_refuse_text(e, number, NULL, detail);
}
