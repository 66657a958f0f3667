#ifndef BASE_MEM_H
#define BASE_MEM_H

/*
 * mem - allocation that cannot fail: out of memory prints one line and ends the program with
 * status 3.
 * The sizes of all that comes from outside are bounded first (base/limits.h), so a peer cannot
 * bring this about.
 */

#include <stddef.h>

#include "base/attr.h"

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);		/* zeroed; the product is checked */
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);	/* stops at a NUL; always terminated */

/* What they do when there is none: for memory that comes from elsewhere (a library, mmap). */
_noreturn_ void out_of_memory(void);

/* free() for _cleanup_: takes the address of the pointer. */
void xfreep(void *pp);

#endif
