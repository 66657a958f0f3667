/*
 * rows - what the rows of a program say besides its keys: what switches mail off, what has to be
 * there, what its words mean for the login. The words of a row are ours and go into notes as they
 * are: "what is wrong => what to write".
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/strv.h"
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

/* The first of the names that is there; NULL. */
static const struct entry *find_any(struct reading *r, const char *names, unsigned group)
{
	struct strv all = { NULL, 0, 0 };
	const struct entry *e = NULL;

	strv_split(&all, r->work, names, '|');
	for (size_t i = 0; i < all.n && !e; i++)
		e = find(r, all.v[i], group);
	return e;
}

/* The first row of the kind that holds says what a setting is. */
static void said_by(struct reading *r, const char *kind, struct setting *to, unsigned group)
{
	for (size_t i = 0; i < r->program->n; i++) {
		const struct program_row *row = &r->program->rows[i];
		const struct entry *e = str_eq(row->kind, kind) ? find_any(r, row->name, group) :
					NULL;

		if (str_eq(row->kind, kind) && holds(row, e)) {
			*to = said(r, row, e);
			return;
		}
	}
}

/* off and warn: one key, its words. */
static void single(struct reading *r, struct mail_settings *s, unsigned group, const char *kind,
		   enum severity severity, const char *finding)
{
	for (size_t i = 0; i < r->program->n; i++) {
		const struct program_row *row = &r->program->rows[i];
		const struct entry *e;

		if (!str_eq(row->kind, kind) ||
		    (*row->port && !str_eq(row->port, s->port.value)))
			continue;
		e = find_any(r, row->name, group);
		if (holds(row, e))
			say(r, s, e ? e->line : 0, severity, finding, row->means);
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
	said_by(r, "auth", &s->auth, group);
	said_by(r, "api", &s->api, group);
	single(r, s, group, "off", ERROR, "lint.switched-off");
	single(r, s, group, "warn", WARNING, "lint.word-of-program");
	both(r, s, group);
	needs(r, s);
}
