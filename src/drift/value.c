/*
 * A fact in two runs: are they the same, and what became of the parts of a list?
 */
#include "drift/inside.h"

#include <stdlib.h>

#include "base/map.h"

static struct strv parts_of(struct arena *a, const struct fact_kind *kind, const struct fact *f)
{
	struct strv parts = { NULL, 0, 0 };

	if (f)
		strv_split(&parts, a, f->string, str_eq(kind->unit, "comma") ? ',' : ' ');
	return parts;
}

/* Those of the first list that are not in the second, each once. */
static struct strv missing(struct arena *a, const struct strv *from, const struct strv *in)
{
	struct map *seen = map_new(a);
	struct strv list = { NULL, 0, 0 };

	for (size_t i = 0; i < in->n; i++)
		map_set(seen, str_lower(a, in->v[i]), seen);
	for (size_t i = 0; i < from->n; i++) {
		const char *key = str_lower(a, from->v[i]);

		if (map_get(seen, key))
			continue;
		map_set(seen, key, seen);
		strv_add(&list, a, from->v[i]);
	}
	return list;
}

bool value_differs(struct arena *a, struct value_change *c)
{
	struct strv was, now;

	if (c->was && c->now && str_eq(c->was->string, c->now->string))
		return false;
	if (!str_eq(c->kind->form, "list"))
		return true;
	was = parts_of(a, c->kind, c->was);
	now = parts_of(a, c->kind, c->now);
	c->gone = missing(a, &was, &now);
	c->come = missing(a, &now, &was);
	return c->gone.n || c->come.n || !c->was != !c->now;
}

const char *value_words(const struct fact *f)
{
	if (!f || !*f->string)
		return "nothing";
	if (f->type == FACT_BOOL)
		return f->number ? "yes" : "no";
	return f->string;
}

unsigned value_port(const char *row, const char *name)
{
	size_t n = strcspn(row, "$");

	return row[n] && strlen(name) > n ? (unsigned)strtoul(name + n, NULL, 10) : 0;
}
