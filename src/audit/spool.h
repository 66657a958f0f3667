#ifndef AUDIT_SPOOL_H
#define AUDIT_SPOOL_H

/*
 * spool - the list of an audit in a file without a name, so that it may be longer than memory, come
 * from a pipe, and be written anew while it is asked. Its lines are read at their places, in any
 * order.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scan.h"

struct spool;

/* In the directory of TMPDIR, else in /var/tmp. NULL and errno when none can be made. */
struct spool *spool_new(void);
void spool_free(struct spool *s);		/* NULL is fine */
bool spool_add(struct spool *s, const char *p, size_t n);	/* false and errno */
int64_t spool_size(const struct spool *s);
/*
 * The line that begins at `at`, without its end (LF or CRLF) and at most `most` bytes of it, and
 * where the next begins. It is valid until the next call. False at the end, or when it cannot be
 * read (spool_errno()).
 */
bool spool_line(struct spool *s, int64_t at, size_t most, struct span *ret, int64_t *ret_next);
int spool_errno(const struct spool *s);		/* of the first failure to read, 0 = none */

#endif
