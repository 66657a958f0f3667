#ifndef BASE_SECRET_H
#define BASE_SECRET_H

/*
 * secret - a password or a token. It's kept out of core files, wiped when freed, and never printed: there is
 * no function that formats one. Whoever shows it shows secret_shown(), "<1423 bytes>".
 */

#include <stddef.h>

struct arena;
struct secret;

/*
 * From here to its end the process writes no core file, and no other of the same user may look into its memory: libraries have copies of
 * their own (a TLS record, a form). secret_new() does it; who reads a secret into a buffer first calls it before.
 */
void secret_hide(void);

/* Takes a copy of at most LIMIT_SECRET bytes (the caller wipes its own); NULL when longer or empty. */
struct secret *secret_new(const void *p, size_t n);
void secret_free(struct secret *s);		/* wipes; NULL is fine */
void secret_freep(struct secret **s);

const char *secret_bytes(const struct secret *s);	/* NUL-terminated */
size_t secret_len(const struct secret *s);
char *secret_shown(const struct secret *s, struct arena *a);

#endif
