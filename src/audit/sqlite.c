/*
 * sqlite - SQLite through dlopen().
 */
#include "audit/sqlite.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>

static struct sqlite_lib functions;
static bool loaded;

static bool look_up(void *so)
{
#define LOOK_UP(name) \
	functions.name = (__typeof__(functions.name))dlsym(so, #name); \
	if (!functions.name) \
		return false;
	SQLITE_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
	return true;
}

const struct sqlite_lib *sqlite_lib(void)
{
	if (!loaded) {
		void *so = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);

		loaded = so && look_up(so);
	}
	return loaded ? &functions : NULL;
}
