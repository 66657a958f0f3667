#ifndef BASE_DATA_H
#define BASE_DATA_H

/*
 * data - the files of data/, compiled in, so that the binary stands alone. The array is written by data/embed.awk.
 */

#include <stddef.h>

struct data_file {
	const char	*name;		/* "causes.tsv", "scenarios/healthy.scenario" */
	const char	*bytes;
	size_t		 len;
};

extern const struct data_file data_files[];	/* ends with a NULL name */

const struct data_file *data_find(const char *name);	/* NULL when there is none */

#endif
