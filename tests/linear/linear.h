#ifndef TESTS_LINEAR_H
#define TESTS_LINEAR_H

/*
 * linear - what it costs to read n bytes: shapes of input, made to any size, and the readers.
 */

#include <stddef.h>

#include "base/buf.h"

struct arena;

/* Appends n bytes or a little more. */
struct shape {
	const char	*name;
	void		(*make)(struct buf *b, size_t n);
};

/* Reads them, and What it needs besides is made before (see reader.prepare). */
struct reader {
	const char	*name;
	const char	*shapes;	/* names, with blanks between */
	void		(*prepare)(struct arena *a, const char *p, size_t n);
	void		(*read)(struct arena *a, const char *p, size_t n);
	const char	*head;		/* what stands before the shape; NULL = nothing */
	size_t		 size;		/* the smallest; 0 = 2 KB */
	const char	*more;		/* shapes for --full alone: what takes a minute; NULL */
};

/* binary.c */
void make_txt(struct arena *a, const char *p, size_t n);
void make_mx(struct arena *a, const char *p, size_t n);
void make_names(struct arena *a, const char *p, size_t n);
void read_txt(struct arena *a, const char *p, size_t n);
void read_mx(struct arena *a, const char *p, size_t n);
void read_names(struct arena *a, const char *p, size_t n);
void read_hosts(struct arena *a, const char *p, size_t n);

extern const struct shape shapes[];	/* they end with a NULL name */
extern const struct reader readers[];

#endif
