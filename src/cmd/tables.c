/*
 * tables - the knowledge of one run, with the user's own rows.
 */
#include "cmd/tables.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/opt.h"
#include "know/know.h"

/* Where the user's own tables are; NULL when the environment does not say. A relative folder counts
 * for nothing (XDG Base Directory Specification). */
static const char *own_folder(struct arena *a)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config == '/')
		return arena_printf(a, "%s/smtpwhy", config);
	if (home && *home == '/')
		return arena_printf(a, "%s/.config/smtpwhy", home);
	return NULL;
}

/* A table that exists but cannot be read is reported when it is loaded. */
static bool is_there(const char *path)
{
	return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
}

enum { MOST_FILES = 32 };

/* The user's own tables, named like those they extend; answers how many there are. */
static size_t own_tables(struct arena *a, struct know_file *files)
{
	const char *folder = own_folder(a), *name;
	size_t n = 0;

	if (!folder || !is_there(folder))
		return 0;
	for (size_t i = 0; (name = know_table_name(i)) && n < MOST_FILES; i++) {
		const char *path = arena_printf(a, "%s/%s", folder, name);

		if (is_there(path))
			files[n++] = (struct know_file) { path, name };
	}
	return n;
}

const char *tables_own_file(struct arena *a, const char *name)
{
	const char *folder = own_folder(a), *path;

	if (!folder)
		return NULL;
	path = arena_printf(a, "%s/%s", folder, name);
	return is_there(path) ? path : NULL;
}

const struct know *tables_load(struct arena *a, const char *codes, const char *command)
{
	struct know_file files[MOST_FILES + 1];
	size_t n = own_tables(a, files);
	const struct know *know;
	const char *error;

	if (codes)
		files[n++] = (struct know_file) { codes, NULL };
	know = know_load(a, files, n, &error);
	if (!know)
		opt_wrong(command, "%s", error);
	return know;
}
