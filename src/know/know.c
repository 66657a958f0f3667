#include "know/know.h"

#include "know/tables.h"

const char *certainty_name(enum certainty c)
{
	static const char *const names[] = {
		[CERTAINTY_NONE] = "none", [POSSIBLE] = "possible", [LIKELY] = "likely",
		[CERTAIN] = "certain",
	};

	return names[c];
}

struct know *know_new(struct arena *a, const char *own_file, const char **ret_error)
{
	return know_load(a, &(struct know_file) { own_file, NULL }, own_file ? 1 : 0, ret_error);
}

struct know *know_load(struct arena *a, const struct know_file *files, size_t n,
		       const char **ret_error)
{
	struct know *k = arena_alloc(a, sizeof(*k));

	k->arena = a;
	return !n || know_own(k, files, n, ret_error) ? k : NULL;
}

const char *know_table_name(size_t i)
{
	return i < TABLE_COUNT ? table_kind((enum table_id)i)->name : NULL;
}
