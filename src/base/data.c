/*
 * data - finds a compiled-in file or table by its name.
 */
#include "base/data.h"

#include <string.h>

const struct data_file *data_find(const char *name)
{
	for (const struct data_file *f = data_files; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

const struct data_table *data_table_find(const char *name)
{
	for (const struct data_table *t = data_tables; t->name; t++)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}

const char *data_cell(const struct data_table *d, size_t column, size_t i)
{
	return d->text + d->cells[column * (d->n + 1) + i];
}
