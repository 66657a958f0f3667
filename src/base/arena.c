/*
 * arena - memory of one target: a list of chunks, each filled from its start and twice as large as
 * the one before, up to a limit. Large ones come from the kernel with their pages in place: asking
 * for these one by one costs more than filling them.
 *
 * In a build with AddressSanitizer every allocation is a chunk of its own, so that a step
 * past its end is seen.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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
enum { CHUNK_MOST = CHUNK * 8, MAPPED_FROM = 128 * 1024 };

struct chunk {
	struct chunk		*next;
	size_t			 used;
	size_t			 size;
	bool			 mapped;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct chunk	*chunks;	/* the one that is being filled first */
	size_t		 next_size;	/* of the next chunk */
};

struct arena *arena_new(void)
{
	struct arena *a = xcalloc(1, sizeof(*a));

	a->next_size = CHUNK;
	return a;
}

static void chunk_free(struct chunk *c)
{
	if (c->mapped)
		munmap(c, sizeof(*c) + c->size);
	else
		free(c);
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct chunk *c = a->chunks, *next; c; c = next) {
		next = c->next;
		chunk_free(c);
	}
	free(a);
}

void arena_freep(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

void arena_wipe(struct arena *a)
{
	for (struct chunk *c = a->chunks; c; c = c->next)
		explicit_bzero(c->bytes, c->used);
}

/* Mapped ones are zeroed; of the others that is done where they are used: most end half full. */
static struct chunk *chunk_new(size_t n)
{
	struct chunk *c;
	bool mapped = n >= MAPPED_FROM && CHUNK > 1;

	if (mapped) {
		c = mmap(NULL, sizeof(*c) + n, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (c == MAP_FAILED)
			out_of_memory();
	} else {
		c = xmalloc(sizeof(*c) + n);
	}
	c->size = n;
	c->mapped = mapped;
	c->used = 0;
	return c;
}

/* The next n bytes of the chunk, zeroed. */
static void *take(struct chunk *c, size_t at, size_t n)
{
	c->used = at + n;
	return c->mapped ? c->bytes + at : memset(c->bytes + at, 0, n);
}

/* A chunk of its own, behind the one that still has room. */
static void *alloc_apart(struct arena *a, size_t n)
{
	struct chunk *own = chunk_new(n), *c = a->chunks;

	own->next = c->next;
	c->next = own;
	return take(own, 0, n);
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t unit = alignof(max_align_t);
	struct chunk *c = a->chunks;
	size_t at;

	if (n == 0)
		n = 1;			/* a place of its own, too */
	if (n > SIZE_MAX / 4)
		out_of_memory();

	at = c ? (c->used + unit - 1) / unit * unit : 0;
	if (c && at <= c->size && n <= c->size - at)
		return take(c, at, n);
	if (c && n > a->next_size / 4)
		return alloc_apart(a, n);

	c = chunk_new(n > a->next_size ? n : a->next_size);
	if (CHUNK > 1 && a->next_size < CHUNK_MOST)
		a->next_size *= 2;
	c->next = a->chunks;
	a->chunks = c;
	return take(c, 0, n);
}

void *arena_grow(struct arena *a, void *list, size_t n, size_t *cap, size_t size)
{
	void *bigger;

	if (n < *cap)
		return list;
	*cap = *cap ? 2 * *cap : 8;
	bigger = arena_alloc(a, *cap * size);
	if (n)
		memcpy(bigger, list, n * size);
	return bigger;
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
