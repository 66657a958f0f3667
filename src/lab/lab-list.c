/*
 * lab-list - the scenarios that are built in.
 */
#include <string.h>

#include "base/arena.h"
#include "base/data.h"
#include "base/str.h"
#include "lab/lab.h"
#include "lab/scenario.h"

enum { LIST_MAX = 1024 };

static const char folder[] = "scenarios/", ending[] = ".scenario";

size_t lab_list(struct arena *a, const struct lab_entry **ret)
{
	struct lab_entry *list = arena_alloc(a, LIST_MAX * sizeof(*list));
	size_t n = 0;

	for (const struct data_file *f = data_files; f->name && n < LIST_MAX; f++) {
		struct scenario *s;
		const char *error;
		char *name;

		if (!str_has_prefix(f->name, folder) || !str_has_suffix_nocase(f->name, ending))
			continue;
		name = arena_strndup(a, f->name + strlen(folder),
				     strlen(f->name) - strlen(folder) - strlen(ending));
		s = scenario_load(a, name, &error);
		if (s && s->target[0])
			list[n++] = (struct lab_entry) { .name = name, .title = s->title,
							 .expect = s->expect };
	}
	*ret = list;
	return n;
}
