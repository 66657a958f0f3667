#include "judge/facts.h"

#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/str.h"

/* A fact and the one set after it: facts_match() finds its way from the fact alone. */
struct entry {
	struct fact	 fact;		/* first: a fact's address is its entry's */
	struct entry	*next;
};

struct facts {
	struct arena	*arena;
	struct map	*by_name;
	struct entry	*first;
	struct entry	**end;
};

struct facts *facts_new(struct arena *a)
{
	struct facts *f = arena_alloc(a, sizeof(*f));

	f->arena = a;
	f->by_name = map_new(a);
	f->end = &f->first;
	return f;
}

char *name_with_port(struct arena *a, const char *name, unsigned port)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_FACT);

	for (; *name; name++) {
		if (*name == '$')
			buf_addf(&b, "%u", port);
		else
			buf_addc(&b, *name);
	}
	assert(!b.overflow);
	return arena_strdup(a, buf_str(&b));
}

static bool name_valid(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++) {
		char c = *name;

		if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '.' && c != ':' &&
		    c != '-')
			return false;
	}
	return true;
}

/*
 * The fact of that name, new or the same as before: a second value for one name is a bug of ours.
 */
static void set(struct facts *f, const char *name, enum fact_type type, char *string,
		int64_t number)
{
	const struct entry *old = map_get(f->by_name, name);
	struct entry *e;

	assert(name_valid(name));
	assert(fact_type_of(name) == type);	/* a row of facts.tsv */
	if (old) {
		assert(old->fact.type == type && str_eq(old->fact.string, string));
		return;
	}
	e = arena_alloc(f->arena, sizeof(*e));
	e->fact.name = arena_strdup(f->arena, name);
	e->fact.type = type;
	e->fact.string = string;
	e->fact.number = number;
	*f->end = e;
	f->end = &e->next;
	map_set(f->by_name, name, e);
}

void facts_set(struct facts *f, const char *name, const char *value)
{
	set(f, name, FACT_STRING, arena_strndup(f->arena, value, LIMIT_FACT), 0);
}

void facts_setf(struct facts *f, const char *name, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(f->arena, fmt, ap);
	va_end(ap);
	facts_set(f, name, s);
}

void facts_set_number(struct facts *f, const char *name, int64_t value)
{
	set(f, name, FACT_NUMBER, arena_printf(f->arena, "%lld", (long long)value), value);
}

void facts_set_bool(struct facts *f, const char *name, bool value)
{
	set(f, name, FACT_BOOL, arena_strdup(f->arena, value ? "true" : "false"), value);
}

const struct fact *facts_get(const struct facts *f, const char *name)
{
	const struct entry *e = map_get(f->by_name, name);

	return e ? &e->fact : NULL;
}

const char *facts_string(const struct facts *f, const char *name)
{
	const struct fact *fact = facts_get(f, name);

	return fact ? fact->string : "";
}

int64_t facts_number(const struct facts *f, const char *name, int64_t otherwise)
{
	const struct fact *fact = facts_get(f, name);

	return fact && fact->type != FACT_STRING ? fact->number : otherwise;
}

bool facts_true(const struct facts *f, const char *name)
{
	const struct fact *fact = facts_get(f, name);

	return fact && fact->type == FACT_BOOL && fact->number;
}

const struct fact *facts_match(const struct facts *f, const char *glob, const struct fact *after)
{
	const struct entry *e = after ? ((const struct entry *)after)->next : f->first;

	for (; e; e = e->next) {
		if (str_glob(glob, e->fact.name))
			return &e->fact;
	}
	return NULL;
}
