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

/* Where the user's own table would be; NULL when the environment does not say. A relative folder counts for nothing (XDG Base Directory
 * Specification). */
static const char *own_table(struct arena *a)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config == '/')
		return arena_printf(a, "%s/smtpwhy/error-codes.tsv", config);
	if (home && *home == '/')
		return arena_printf(a, "%s/.config/smtpwhy/error-codes.tsv", home);
	return NULL;
}

/* A table that is there but cannot be read is told of when it's loaded. */
static bool is_there(const char *path)
{
	return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
}

const struct know *tables_load(struct arena *a, const char *codes, const char *command)
{
	const char *files[2], *own = own_table(a), *error;
	const struct know *know;
	size_t n = 0;

	if (own && is_there(own))
		files[n++] = own;
	if (codes)
		files[n++] = codes;
	know = know_load(a, files, n, &error);
	if (!know)
		opt_wrong(command, "%s", error);
	return know;
}
