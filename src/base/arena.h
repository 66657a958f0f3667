#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * arena - memory of one target, freed whole.
 *
 *	_cleanup_(arena_freep) struct arena *a = arena_new();
 *	const char *peer = arena_printf(a, "%s[%s]:%u", host, addr, port);
 *
 * Nothing in an arena is freed by itself. Memory is zeroed and aligned for any type.
 * Never returns NULL.
 */

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);		/* NULL is fine */
void arena_freep(struct arena **a);
/* Overwrites all of it: somebody's password may be in there. It stays allocated. */
void arena_wipe(struct arena *a);

void *arena_alloc(struct arena *a, size_t n);
/*
 * Room for one more in a list that grows: of n elements of that size, *cap of which have room. The
 * list, or a bigger copy of it, *cap then the new one.
 */
void *arena_grow(struct arena *a, void *list, size_t n, size_t *cap, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);	/* stops at a NUL */
char *arena_printf(struct arena *a, const char *fmt, ...) _printf_(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) _printf_(2, 0);

#endif
