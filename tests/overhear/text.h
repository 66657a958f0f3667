#ifndef TESTS_OVERHEAR_TEXT_H
#define TESTS_OVERHEAR_TEXT_H

/*
 * text - a piece of text of so many bytes, on the heap. Without memory the listener ends with 125.
 */

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct text { char *p; size_t n; };

static inline void *need(void *p)
{
	if (!p) {
		perror("overhear");
		_exit(125);
	}
	return p;
}

/* With a NUL behind it; the caller frees p. */
static inline struct text copy_of(const char *p, size_t n)
{
	struct text t = { need(malloc(n + 1)), n };

	memcpy(t.p, p, n);
	t.p[n] = '\0';
	return t;
}

#endif
