/*
 * bound - credentials of a list, by reference.
 */
#include "audit/bound.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

struct bound {
	struct arena	*arena;
	struct map	*to;		/* reference -> whom it goes to */
	struct map	*refused;	/* reference and user -> anything */
};

struct bound *bound_new(struct arena *a)
{
	struct bound *b = arena_alloc(a, sizeof(*b));

	*b = (struct bound) { .arena = a, .to = map_new(a), .refused = map_new(a) };
	return b;
}

const char *bound_file(struct arena *a, const char *reference)
{
	struct stat st;

	if (stat(reference, &st) < 0)
		return reference;
	return arena_printf(a, "/%" PRIuMAX ":%" PRIuMAX, (uintmax_t)st.st_dev,
			    (uintmax_t)st.st_ino);
}

const char *bound_to(struct bound *b, const char *reference, const char *to)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *file = bound_file(a, reference), *first = map_get(b->to, file);

	if (first)
		return first;
	map_set(b->to, arena_strdup(b->arena, file), arena_strdup(b->arena, to));
	return to;
}

/* A line end stands in no value of a list, so no two logins share a key. */
static char *login_key(struct arena *a, const char *reference, const char *user)
{
	return arena_printf(a, "%s\n%s", bound_file(a, reference), str_lower(a, user));
}

void bound_refused(struct bound *b, const char *reference, const char *user)
{
	map_set(b->refused, login_key(b->arena, reference, user), b);
}

bool bound_is_refused(const struct bound *b, const char *reference, const char *user)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	return map_get(b->refused, login_key(a, reference, user)) != NULL;
}
