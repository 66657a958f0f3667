/*
 * entries - keys, values and lines of a configuration file.
 */
#include "config/entries.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"

void entries_init(struct entries *e, struct arena *a)
{
	*e = (struct entries) { .arena = a };
	e->end = &e->first;
}

struct entry *entries_add(struct entries *e, unsigned line, const char *key, const char *value)
{
	struct entry *new;

	if (e->n >= ENTRIES_MOST) {
		entries_fail(e, line, "this file has more than %d settings", ENTRIES_MOST);
		return NULL;
	}
	new = arena_alloc(e->arena, sizeof(*new));
	new->key = key;
	new->value = value;
	new->line = line;
	new->group = e->groups;
	*e->end = new;
	e->end = &new->next;
	e->n++;
	return new;
}

void entry_fault(struct entries *e, struct entry *entry, const char *finding,
		 enum severity severity, enum severity of_secret, const char *message,
		 const char *fix)
{
	struct fault *f = entry ? arena_alloc(e->arena, sizeof(*f)) : NULL;

	if (!f)
		return;
	*f = (struct fault) { entry->faults, finding, message, fix, severity, of_secret };
	entry->faults = f;
}

bool entries_fail(struct entries *e, unsigned line, const char *fmt, ...)
{
	va_list ap;

	if (e->error)
		return false;
	va_start(ap, fmt);
	e->error = arena_vprintf(e->arena, fmt, ap);
	va_end(ap);
	e->error_line = line;
	return false;
}

const struct entry *entries_find(const struct entries *e, const char *glob, unsigned group,
				 bool inherit)
{
	const struct entry *best = NULL;

	for (const struct entry *i = e->first; i; i = i->next) {
		if (i->group != group && !(inherit && i->group == 0))
			continue;
		if (best && best->group > i->group)
			continue;
		if (str_glob(glob, i->key))
			best = i;
	}
	return best;
}

const struct entry_group *entries_group(const struct entries *e, unsigned group)
{
	static const struct entry_group none = { "", "" };

	return e->groups_of && group <= e->groups ? &e->groups_of[group] : &none;
}

bool next_line(struct scan *s, unsigned *line, const char **ret_p, size_t *ret_n)
{
	struct span l;

	if (scan_done(s))
		return false;
	l = scan_line(s);
	++*line;
	*ret_p = l.p;
	*ret_n = l.len;
	return true;
}

/* A file of nothing but nested names must not cost more than it is worth. */
static bool may_name(struct entries *e)
{
	return e->names++ < ENTRIES_NAMES ||
	       entries_fail(e, 0, "this file has more than %d names", ENTRIES_NAMES);
}

const char *key_join(struct entries *e, const char *prefix, const char *key)
{
	if (!may_name(e))
		return "";
	return arena_printf(e->arena, "%.*s%s%.*s", ENTRIES_KEY, prefix, *prefix && *key ? "." : "",
			    ENTRIES_KEY, key);
}

const char *key_index(struct entries *e, const char *prefix, unsigned i)
{
	return may_name(e) ? arena_printf(e->arena, "%.*s[%u]", ENTRIES_KEY, prefix, i) : "";
}
