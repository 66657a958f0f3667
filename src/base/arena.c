/*
 * arena - memory of one target: a list of chunks, each filled from its start.
 *
 * In a build with AddressSanitizer every allocation is a chunk of its own, so that a step past its end is seen.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define CHUNK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHUNK 1
#endif
#endif
#ifndef CHUNK
#define CHUNK (16 * 1024)
#endif

struct chunk {
	struct chunk		*next;
	size_t			 used;
	size_t			 size;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk	*chunks;	/* the one that is being filled first */
};

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct chunk *c = a->chunks, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}

void arena_freep(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

static struct chunk *chunk_new(size_t n)
{
	struct chunk *c = xcalloc(1, sizeof(*c) + n);

	c->size = n;
	return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t unit = alignof(max_align_t);
	struct chunk *c = a->chunks;
	size_t at;

	if (n == 0)
		n = 1;			/* a place of its own, too */
	if (n > SIZE_MAX / 2)
		n = SIZE_MAX / 2;	/* cannot be had: xcalloc() says so */

	at = c ? (c->used + unit - 1) / unit * unit : 0;
	if (c && at <= c->size && n <= c->size - at) {
		c->used = at + n;
		return c->bytes + at;
	}

	/* A big one gets a chunk of its own, behind the one that still has room. */
	if (c && n > CHUNK / 4) {
		struct chunk *own = chunk_new(n);

		own->used = n;
		own->next = c->next;
		c->next = own;
		return own->bytes;
	}

	c = chunk_new(n > CHUNK ? n : CHUNK);
	c->used = n;
	c->next = a->chunks;
	a->chunks = c;
	return c->bytes;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = n ? strnlen(s, n) : 0;
	char *p = arena_alloc(a, len + 1);

	if (len)
		memcpy(p, s, len);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	int n;
	char *p;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return arena_strdup(a, "");
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}
