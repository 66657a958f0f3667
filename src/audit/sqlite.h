#ifndef AUDIT_SQLITE_H
#define AUDIT_SQLITE_H

/*
 * sqlite - SQLite's functions, loaded when a journal is named and not with the program: explain and
 * codes have no use for what it costs to start it. The pointers have the types of its header, so a
 * wrong call is still an error of the compiler.
 */

#include <sqlite3.h>

#define SQLITE_FUNCTIONS(X) \
	X(sqlite3_bind_int64) X(sqlite3_bind_text) X(sqlite3_close) X(sqlite3_column_int64) \
	X(sqlite3_column_text) X(sqlite3_db_config) X(sqlite3_db_readonly) X(sqlite3_errmsg) \
	X(sqlite3_exec) X(sqlite3_extended_errcode) X(sqlite3_finalize) X(sqlite3_limit) \
	X(sqlite3_open_v2) X(sqlite3_prepare_v2) X(sqlite3_reset) X(sqlite3_step) \
	X(sqlite3_system_errno)

struct sqlite_lib {
#define SQLITE_MEMBER(name) __typeof__(&name) name;
	SQLITE_FUNCTIONS(SQLITE_MEMBER)
#undef SQLITE_MEMBER
};

/* NULL: it is not installed. Loaded once, never unloaded. */
const struct sqlite_lib *sqlite_lib(void);

#endif
