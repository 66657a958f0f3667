#ifndef BASE_TSV_H
#define BASE_TSV_H

/*
 * tsv - tables of knowledge: UTF-8, tab-separated, `#` comments, first other line = column names, `-` = nothing.
 *
 *	struct tsv *t = tsv_parse(arena, "error-codes.tsv", bytes, n, columns, &error);
 *	for (size_t i = 0; i < t->n; i++)
 *		use(tsv_cell(t, i, COL_PATTERN));
 *
 * The columns a caller names must all be there, in any order; others are ignored. An error is one line: "FILE:LINE: column
 * 'cause': what was expected".
 */

#include <stddef.h>

struct arena;

struct tsv_row {
	int		  line;		/* in the file, from 1 */
	const char	**cells;	/* in the order of the caller's columns; never NULL, "" for `-` */
};

struct tsv {
	const char		 *name;
	const char *const	 *columns;
	size_t			  width;
	struct tsv_row		 *rows;
	size_t			  n;
};

/* columns is NULL-terminated. Answers NULL and sets *ret_error (in the arena) when the table is bad. */
struct tsv *tsv_parse(struct arena *a, const char *name, const char *p, size_t n,
		      const char *const *columns, const char **ret_error);
const char *tsv_cell(const struct tsv *t, size_t row, size_t column);

#endif
