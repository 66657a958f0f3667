#ifndef BASE_DATA_H
#define BASE_DATA_H

/*
 * data - the files of data/, compiled in, so that the binary stands alone. The arrays are written
 * by data/embed.awk.
 */

#include <stddef.h>

#include "base/needles.h"

struct data_file {
	const char	*name;		/* "scenarios/healthy.scenario" */
	const char	*bytes;
	size_t		 len;
};

extern const struct data_file data_files[];	/* ends with a NULL name */

const struct data_file *data_find(const char *name);	/* NULL when there is none */

/* A table, cut into cells when the program was built: read it with tsv_of_data(). */
struct data_table {
	const char	*name;		/* "causes.txt" */
	const char	*text;		/* the cells, each with a NUL behind it; "" for `-` */
	/* where in text, column after column: first its name, then its n cells */
	const unsigned	*cells;
	const int	*lines;		/* of each row in the file, from 1 */
	size_t		 width;		/* columns */
	size_t		 n;		/* rows */
};

extern const struct data_table data_tables[];	/* ends with a NULL name */

/*
 * The pieces that the patterns of the tables can't be without (know/found.c); tags: rows, those of
 * each kind from a multiple of 64 on.
 */
extern const struct needles data_needles;

const struct data_table *data_table_find(const char *name);	/* NULL when there is none */
/*
 * A cell of a column as the file has them, 0 = the first; i = 0 is the column's
 * name, 1 the first row.
 */
const char *data_cell(const struct data_table *d, size_t column, size_t i);

#endif
