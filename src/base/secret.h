#ifndef BASE_SECRET_H
#define BASE_SECRET_H

/*
 * secret - a password or a token. It's kept out of core files, wiped when freed, and never printed:
 * there is no function that formats one. To mention one, use secret_shown(): "<1423 bytes>".
 */

#include <stddef.h>

struct arena;
struct secret;

/*
 * From here to its end the process writes no core file, and no other of the same user may look into
 * its memory: libraries have copies of their own (a TLS record, a form). secret_new() does it; who
 * reads a secret into a buffer first calls it before.
 */
void secret_hide(void);

/* Takes a copy of at most LIMIT_SECRET bytes (the caller wipes its own); NULL when longer or empty.
 * From here to the end of the run no peer is quoted with a part of it (base/redact.h). */
struct secret *secret_new(const void *p, size_t n);
/* The same for bytes that hold a secret among others that are none (a form, an answer with a token
 * in it, a file): these do not count as a secret as a whole. */
struct secret *secret_new_mixed(const void *p, size_t n);
void secret_free(struct secret *s);		/* wipes; NULL is fine */
void secret_freep(struct secret **s);

const char *secret_bytes(const struct secret *s);	/* NUL-terminated */
size_t secret_len(const struct secret *s);
char *secret_shown(const struct secret *s, struct arena *a);

/* n bytes of zeroed memory that no core file holds; freed with the same n, wiped. NULL is fine.
 * Never NULL. */
void *secret_pages(size_t n);
void secret_pages_free(void *p, size_t n);

#endif
