/*
 * rows - what the rows of a program say besides its keys: what switches mail off, what has to be
 * there, what its words mean for the login. The words of a row are ours and go into notes as they
 * are: "what is wrong => what to write".
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "config/read.h"

/* "!a|b": also where the key is not there at all. */
static bool holds(const struct program_row *row, const struct entry *e)
{
	if (*row->words == '!')
		return !e || (!e->variable && !value_is(e, row->words + 1));
	return e && e->value && (!*row->words || value_is(e, row->words));
}

static void say(struct reading *r, struct mail_settings *s, unsigned line, enum severity severity,
		const char *finding, const char *text)
{
	const char *fix = strstr(text, " => ");
	size_t n = fix ? (size_t)(fix - text) : strlen(text);

	note(r, s, line, severity, finding, fix ? fix + 4 : "", "%.*s", (int)n, text);
}

static struct setting said(struct reading *r, const struct program_row *row, const struct entry *e)
{
	return (struct setting) { .value = row->means,
				  .key = e ? arena_strdup(r->arena, e->key) : "",
				  .line = e ? e->line : 0 };
}

static void words_of_login(struct reading *r, struct mail_settings *s, unsigned group)
{
	struct program_rows rows;

	program_rows(r->program, "auth", r->work, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		const struct entry *e = find(r, rows.v[i].name, group);

		if (holds(&rows.v[i], e)) {
			s->auth = said(r, &rows.v[i], e);
			break;
		}
	}
	program_rows(r->program, "api", r->work, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		const struct entry *e = find(r, rows.v[i].name, group);

		if (holds(&rows.v[i], e)) {
			s->api = said(r, &rows.v[i], e);
			break;
		}
	}
}

/* off and warn: one key, its words. */
static void single(struct reading *r, struct mail_settings *s, unsigned group, const char *kind,
		   enum severity severity, const char *finding)
{
	struct program_rows rows;

	program_rows(r->program, kind, r->work, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		const struct entry *e = find(r, rows.v[i].name, group);

		if (*rows.v[i].port && !str_eq(rows.v[i].port, s->port.value))
			continue;
		if (holds(&rows.v[i], e))
			say(r, s, e ? e->line : 0, severity, finding, rows.v[i].means);
	}
}

/* Two keys that are both true. The row's own names are read: which is which matters. */
static void both(struct reading *r, struct mail_settings *s, unsigned group)
{
	for (size_t i = 0; i < r->program->n; i++) {
		const struct program_row *row = &r->program->rows[i];
		const char *bar = strchr(row->name, '|');
		const struct entry *a, *b;

		if (!str_eq(row->kind, "both") || !bar)
			continue;
		a = find(r, arena_strndup(r->work, row->name, (size_t)(bar - row->name)), group);
		b = find(r, bar + 1, group);
		if (is_true(a) && is_true(b))
			say(r, s, a->line > b->line ? a->line : b->line, ERROR,
			    "lint.both-tls-modes", row->means);
	}
}

static bool is_known(const struct setting *s)
{
	return s->value || s->line;
}

static void needs(struct reading *r, struct mail_settings *s)
{
	struct program_rows rows;

	program_rows(r->program, "need", r->work, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		const struct setting *at = str_eq(rows.v[i].words, "from") ? &s->from : &s->user;

		if (!is_known(at) && !s->api.value)
			say(r, s, 0, ERROR, "lint.setting-missing", rows.v[i].means);
	}
	if (!is_known(&s->from) && s->host.value && !s->api.value &&
	    *program_text(r->program, "unset-from"))
		say(r, s, 0, WARNING, "lint.from-default",
		    program_text(r->program, "unset-from"));
}

void take_acts(struct reading *r, struct mail_settings *s, unsigned group)
{
	words_of_login(r, s, group);
	single(r, s, group, "off", ERROR, "lint.switched-off");
	single(r, s, group, "warn", WARNING, "lint.word-of-program");
	both(r, s, group);
	needs(r, s);
}
