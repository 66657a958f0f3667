/*
 * keys - what is wrong with keys themselves: one that is there twice, one that is misspelt.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/read.h"
#include "config/shown.h"

/* Where a key is one setting: in the source of a program it may be assigned again and again. */
static bool keys_are_settings(const struct reading *r)
{
	entries_parser *const p = r->program->parse;

	return p == parse_environment || p == parse_ini || p == parse_properties ||
	       p == parse_json || p == parse_yaml;
}

void note_twice(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	if (!keys_are_settings(r) || e->copied)
		return;
	for (const struct entry *i = r->entries.first; i && i != e; i = i->next) {
		if (i->group != e->group || !str_eq(i->key, e->key) || i->copied ||
		    !i->value || !e->value ||
		    str_eq(i->value, e->value) || i->line == e->line)
			continue;
		note(r, s, e->line, WARNING, "lint.duplicate-key", "keep one of the two lines",
		     "%s is there twice, with different values (line %u, too): most readers take "
		     "the last one", key_shown(e->key), i->line)->file = e->file;
		return;
	}
}

/* The keys of the program, as far as they are names. */
static void own_keys(struct reading *r, struct strv *ret)
{
	for (size_t i = 0; i < r->program->n; i++) {
		const struct program_row *row = &r->program->rows[i];
		struct strv names = { NULL, 0, 0 };

		if (!str_in(row->kind, "key|tls|verify|auth|api|off|warn|both|also"))
			continue;
		strv_split(&names, r->work, row->name, '|');
		for (size_t k = 0; k < names.n; k++)
			strv_add(ret, r->work, names.v[k]);
	}
}

static bool is_near(const char *key, const char *own)
{
	enum { SHORT = 8, LONG = 14 };
	size_t n = strlen(key), slips;

	if (n < SHORT || strpbrk(own, "*?%") || ascii_lower(*key) != ascii_lower(*own))
		return false;
	slips = str_slips(key, own);
	return slips == 1 || (slips == 2 && n >= LONG);
}

/* One key's own one, which nothing sets. NULL. */
static const char *near_to(struct reading *r, const struct strv *own, const struct entry *e,
			   unsigned group)
{
	const char *best = NULL;

	for (size_t i = 0; i < own->n; i++) {
		if (str_glob(own->v[i], e->key))
			return NULL;
		if (!best && is_near(e->key, own->v[i]))
			best = own->v[i];
	}
	return best && !find(r, best, group) ? best : NULL;
}

void note_misspelt(struct reading *r, struct mail_settings *s, unsigned group)
{
	struct strv own = { NULL, 0, 0 };
	size_t left = 2000;	/* keys; nobody sets mail up among more */

	if (*program_text(r->program, "generic") ||
	    !(keys_are_settings(r) || r->program->parse == parse_python))
		return;
	own_keys(r, &own);
	for (const struct entry *e = r->entries.first; e && left; e = e->next, left--) {
		const char *near = e->group == group ? near_to(r, &own, e, group) : NULL;

		if (near && is_shown(SHOWN_KEY, e->key))
			note(r, s, e->line, WARNING, "lint.unknown-key",
			     arena_printf(r->arena, "%s", near),
			     "%s is no key of this program, and nearly %s: it is not read",
			     e->key, near)->file = e->file;
	}
}
