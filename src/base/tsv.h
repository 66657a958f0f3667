#ifndef BASE_TSV_H
#define BASE_TSV_H

/*
 * tsv - tables of knowledge: UTF-8, tab-separated, `#` comments, first other line = column names,
 * `-` = nothing.
 *
 *	struct tsv *t = tsv_parse(arena, "error-codes.tsv", bytes, n, columns, &error);
 *	for (size_t i = 0; i < t->n; i++)
 *		use(tsv_cell(t, i, COL_PATTERN));
 *
 * A table with long cells may have a line "column: value" for each instead, and a blank line
 * between rows; what is not there is empty, and only the steps of "fix" may be several lines, which
 * make one cell, joined by " || ".
 *
 * A column whose name ends in ? may be missing. In a file the last columns may be so: a row may end
 * before their cells, which are empty then. Of those that a caller names, a file need not have it.
 *
 * The other columns a caller names must all be there, in any order; others are ignored. An error is
 * one line: "FILE:LINE: column 'cause': what was expected".
 */

#include <stddef.h>

#include "base/strv.h"

struct arena;
struct data_table;

struct tsv_row {
	const char	 *file;
	int		  line;
	unsigned	  user;		/* what the caller puts there; 0 */
	const char	**cells;	/* in the order of the caller's columns */
};

struct tsv {
	const char		 *name;
	const char *const	 *columns;
	size_t			  width;
	size_t			  n;		/* rows */
	struct tsv_row		 *rows;		/* NULL: it was compiled in, */
	const struct data_table	 *data;		/* ... here it is, */
	size_t			 *place;	/* ... and there the caller's columns in it */
};

/*
 * columns is NULL-terminated. Answers NULL and sets *ret_error (in the arena)
 * when the table is bad.
 */
struct tsv *tsv_parse(struct arena *a, const char *name, const char *p, size_t n,
		      const char *const *columns, const char **ret_error);
/*
 * A compiled-in table: nothing is copied, nothing can be wrong with it that the build
 * would not have told.
 */
struct tsv *tsv_of_data(struct arena *a, const struct data_table *d, const char *const *columns);
/* never NULL, "" for `-` and past the end */
const char *tsv_cell(const struct tsv *t, size_t row, size_t column);
int tsv_line(const struct tsv *t, size_t row);	/* in the file, from 1; 0 past the end */
/* the name of the file; the table's past the end */
const char *tsv_file(const struct tsv *t, size_t row);
unsigned tsv_user(const struct tsv *t, size_t row);	/* of the row; 0 for what was compiled in */
/* A copy of the row, its cells where they are. */
struct tsv_row tsv_row_of(struct arena *a, const struct tsv *t, size_t row);
/* The names of the columns, or of the fields of the first row; none where there is no such line. */
struct strv tsv_names(struct arena *a, const char *p, size_t n);

#endif
