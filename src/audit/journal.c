/*
 * journal - the evidence of an audit in an SQLite file. A file that is opened may be anybody's: its
 * records have sums, and no trigger or view of it does anything.
 */
#include "audit/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/sqlite.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"

enum {
	APPLICATION = 0x736d7479,	/* "smty", in SQLite's application_id */
	FORMAT = 1,			/* in its user_version */
	SUM_LENGTH = 32,		/* hexadecimal digits of a record's sum that are kept */
};

static const char schema[] =
	"CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE record (line INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
	" target TEXT NOT NULL, client TEXT NOT NULL, status TEXT NOT NULL,"
	" refused_file TEXT NOT NULL, refused_user TEXT NOT NULL, evidence TEXT NOT NULL,"
	" sum TEXT NOT NULL);";
static const char columns[] = "line, key, target, client, status, refused_file, refused_user, "
			      "evidence, sum";

/* Set when the first journal is opened. */
static const struct sqlite_lib *lib;

struct journal {
	struct arena		*arena;
	sqlite3			*db;
	sqlite3_stmt		*add;
	int			 error;		/* errno of the last write */
	struct journal_run	 run;
};

/* --- what is wrong --- */

static const char *trouble(const struct journal *j)
{
	int code = lib->sqlite3_extended_errcode(j->db), err = lib->sqlite3_system_errno(j->db);

	if (!err)
		err = j->error;

	switch (code & 0xff) {
	case SQLITE_FULL:
		return "cannot be written: No space left on device";
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "is in use by another run";
	case SQLITE_NOTADB:
		return "is not the journal of an audit";
	case SQLITE_CORRUPT:
		return "is damaged";
	case SQLITE_CONSTRAINT:
		return "has a record of this target already";
	case SQLITE_READONLY:
		return "cannot be written: it is read-only";
	case SQLITE_CANTOPEN:
		return arena_printf(j->arena, "cannot be opened: %s",
				    err ? strerrordesc_np(err) : lib->sqlite3_errmsg(j->db));
	case SQLITE_IOERR:
		return arena_printf(j->arena, "cannot be %s: %s",
				    code == SQLITE_IOERR_READ ? "read" : "written",
				    err ? strerrordesc_np(err) : "input/output error");
	default:
		return arena_printf(j->arena, "cannot be used: %s", lib->sqlite3_errmsg(j->db));
	}
}

/* NULL, and *ret, which is to be finalized; or what is wrong. */
static const char *prepare(struct journal *j, const char *sql, sqlite3_stmt **ret)
{
	return lib->sqlite3_prepare_v2(j->db, sql, -1, ret, NULL) == SQLITE_OK ? NULL : trouble(j);
}

static const char *run_sql(struct journal *j, const char *sql)
{
	return lib->sqlite3_exec(j->db, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : trouble(j);
}

/* The first column of the first row; 0 without one. */
static const char *number_of(struct journal *j, const char *sql, sqlite3_int64 *ret)
{
	sqlite3_stmt *s;
	const char *error = prepare(j, sql, &s);
	int r;

	if (error)
		return error;
	r = lib->sqlite3_step(s);
	if (r == SQLITE_ROW)
		*ret = lib->sqlite3_column_int64(s, 0);
	lib->sqlite3_finalize(s);
	return r == SQLITE_ROW || r == SQLITE_DONE ? NULL : trouble(j);
}

/* --- opening --- */

static void harden(sqlite3 *db)
{
	lib->sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	lib->sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	lib->sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	lib->sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	lib->sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LIMIT_PASTE);
}

/*
 * One process alone, which also does without shared memory: it works on network file systems.
 * SQLite: "Write-Ahead Logging", 8 (use of WAL without shared memory).
 */
static struct journal *open_file(struct arena *a, const char *path, int flags,
				 const char **ret_error)
{
	struct journal *j = arena_alloc(a, sizeof(*j));
	int r;

	*j = (struct journal) { .arena = a };
	lib = sqlite_lib();
	if (!lib) {
		*ret_error = "cannot be used: SQLite is not installed (Debian: libsqlite3-0)";
		return NULL;
	}
	r = lib->sqlite3_open_v2(path, &j->db, flags, NULL);
	if (!j->db)
		*ret_error = "cannot be opened: out of memory";
	else if (r != SQLITE_OK)
		*ret_error = trouble(j);
	else {
		harden(j->db);
		*ret_error = run_sql(j, "PRAGMA locking_mode = EXCLUSIVE");
	}
	if (!*ret_error)
		return j;
	journal_close(j);
	return NULL;
}

static const char *read_run(struct journal *j)
{
	const struct { const char *name, **to; } texts[] = {
		{ "program", &j->run.program }, { "list", &j->run.list },
		{ "options", &j->run.options }, { "shard", &j->run.shard },
	};
	const char *error = NULL;
	sqlite3_int64 targets = 0;
	sqlite3_stmt *s;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i].to = "";
	error = prepare(j, "SELECT name, value FROM run", &s);
	if (error)
		return error;
	while (lib->sqlite3_step(s) == SQLITE_ROW) {
		const char *name = (const char *)lib->sqlite3_column_text(s, 0);
		const char *value = (const char *)lib->sqlite3_column_text(s, 1);

		for (size_t i = 0; name && value && i < ARRAY_LEN(texts); i++)
			if (str_eq(name, texts[i].name))
				*texts[i].to = arena_strdup(j->arena, value);
	}
	if (lib->sqlite3_finalize(s) != SQLITE_OK)
		return trouble(j);
	error = number_of(j, "SELECT value FROM run WHERE name = 'targets'", &targets);
	j->run.targets = targets > 0 ? (size_t)targets : 0;
	return error;
}

/* Is it a journal, of a format that is known? *ret_blank: nothing was written into it yet. */
static const char *recognise(struct journal *j, bool *ret_blank)
{
	sqlite3_int64 application = 0, format = 0, tables = 0;
	const char *error = number_of(j, "PRAGMA application_id", &application);

	if (!error)
		error = number_of(j, "PRAGMA user_version", &format);
	if (!error)
		error = number_of(j, "SELECT count(*) FROM sqlite_schema", &tables);
	if (error)
		return error;
	*ret_blank = !application && !tables;
	if (*ret_blank)
		return NULL;
	if (application != APPLICATION)
		return "is not the journal of an audit";
	if (format != FORMAT)
		return arena_printf(j->arena, "has format %lld, and this program knows format %d",
				    (long long)format, FORMAT);
	return read_run(j);
}

struct journal *journal_open(struct arena *a, const char *path, const char **ret_error)
{
	struct journal *j = open_file(a, path, SQLITE_OPEN_READWRITE, ret_error);
	bool blank = false;

	if (!j)
		return NULL;
	*ret_error = recognise(j, &blank);
	if (!*ret_error && blank)
		*ret_error = "is empty";
	if (!*ret_error)
		return j;
	journal_close(j);
	return NULL;
}

/* --- a run --- */

static const char *put_text(struct journal *j, const char *name, const char *value)
{
	sqlite3_stmt *s;
	const char *error = prepare(j, "INSERT INTO run VALUES (?, ?)", &s);
	int r;

	if (error)
		return error;
	lib->sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	lib->sqlite3_bind_text(s, 2, value, -1, SQLITE_STATIC);
	r = lib->sqlite3_step(s);
	lib->sqlite3_finalize(s);
	return r == SQLITE_DONE ? NULL : trouble(j);
}

static const char *put_run(struct journal *j, const struct journal_run *run)
{
	const char *targets = arena_printf(j->arena, "%zu", run->targets);
	const char *const texts[][2] = {
		{ "program", run->program }, { "list", run->list }, { "options", run->options },
		{ "shard", run->shard }, { "targets", targets },
	};
	const char *error = run_sql(j, arena_printf(j->arena, "BEGIN IMMEDIATE; "
						    "PRAGMA application_id = %d; "
						    "PRAGMA user_version = %d; %s",
						    APPLICATION, FORMAT, schema));

	for (size_t i = 0; !error && i < ARRAY_LEN(texts); i++)
		error = put_text(j, texts[i][0], texts[i][1]);
	if (!error)
		error = run_sql(j, "COMMIT");
	j->run = *run;
	return error;
}

static const char *differs(const struct journal *j, const struct journal_run *run)
{
	const struct journal_run *was = &j->run;

	if (!str_eq(was->list, run->list))
		return "is the journal of another list";
	if (!str_eq(was->program, run->program))
		return arena_printf(j->arena, "was written by %s, and this is %s", was->program,
				    run->program);
	if (!str_eq(was->shard, run->shard))
		return arena_printf(j->arena, "is the journal of shard %s, and this is shard %s",
				    was->shard, run->shard);
	if (!str_eq(was->options, run->options))
		return arena_printf(j->arena, "is of a run with other options: it had%s%s, this "
				    "one has%s%s", *was->options ? "" : " none", was->options,
				    *run->options ? "" : " none", run->options);
	if (was->targets != run->targets)
		return "counts other targets";
	return NULL;
}

static const char *goes_on(struct journal *j, const struct journal_run *run, bool resume)
{
	char sum[DIGEST_HEX];
	const char *error;
	size_t n;

	if (resume)
		return differs(j, run);
	error = journal_count(j, &n, sum);
	return error ? error :
	       arena_printf(j->arena, "holds an audit already (%zu of %zu targets): add --resume "
			    "to go on with it, or name another file", n, j->run.targets);
}

struct journal *journal_begin(struct arena *a, const char *path, const struct journal_run *run,
			      bool resume, const char **ret_error)
{
	struct journal *j = open_file(a, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
				      ret_error);
	bool blank = false;

	if (!j)
		return NULL;
	*ret_error = recognise(j, &blank);
	if (!*ret_error && !blank)
		*ret_error = goes_on(j, run, resume);
	if (!*ret_error)
		*ret_error = run_sql(j, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
	if (!*ret_error && blank)
		*ret_error = put_run(j, run);
	if (!*ret_error)
		return j;
	journal_close(j);
	return NULL;
}

/*
 * Without its WAL the file stands alone, and can be read where nothing can be written. Where that
 * fails the WAL stays, and nothing is lost.
 */
void journal_close(struct journal *j)
{
	if (!j || !j->db)
		return;
	lib->sqlite3_finalize(j->add);
	if (!lib->sqlite3_db_readonly(j->db, "main"))
		lib->sqlite3_exec(j->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	lib->sqlite3_close(j->db);
	j->db = NULL;
	j->add = NULL;
}

void journal_closep(struct journal **j)
{
	journal_close(*j);
}

bool journal_looks_like(const char *p, size_t n)
{
	/* "Database File Format", 1.3.1: with the NUL. */
	static const char magic[] = "SQLite format 3";

	return n >= sizeof(magic) && memcmp(p, magic, sizeof(magic)) == 0;
}

const struct journal_run *journal_run(const struct journal *j)
{
	return &j->run;
}

/* --- records --- */

static void sum_of(const struct journal_record *r, char ret[DIGEST_HEX])
{
	const char *const texts[] = {
		r->key, r->target, r->client, r->status, r->refused_file, r->refused_user,
		r->evidence,
	};
	struct digest *d = digest_new();
	char line[16];

	snprintf(line, sizeof(line), "%u", r->line);
	digest_add_text(d, line);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		digest_add_text(d, texts[i]);
	digest_end_hex(d, ret);
}

const char *journal_add(struct journal *j, const struct journal_record *r)
{
	const char *const texts[] = {
		r->key, r->target, r->client, r->status, r->refused_file, r->refused_user,
		r->evidence,
	};
	const char *error = NULL;
	char sum[DIGEST_HEX];
	int n = ARRAY_LEN(texts), result;

	if (!j->add)
		error = prepare(j, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
				&j->add);
	if (error)
		return error;
	sum_of(r, sum);
	errno = 0;
	lib->sqlite3_bind_int64(j->add, 1, r->line);
	for (int i = 0; i < n; i++)
		lib->sqlite3_bind_text(j->add, i + 2, texts[i], -1, SQLITE_STATIC);
	lib->sqlite3_bind_text(j->add, n + 2, sum, SUM_LENGTH, SQLITE_STATIC);
	result = lib->sqlite3_step(j->add);
	j->error = errno;
	if (result == SQLITE_DONE && lib->sqlite3_reset(j->add) == SQLITE_OK)
		return NULL;
	lib->sqlite3_reset(j->add);
	return trouble(j);
}

const char *journal_together(struct journal *j, bool begin)
{
	return run_sql(j, begin ? "BEGIN IMMEDIATE" : "COMMIT");
}

static const char *text_at(sqlite3_stmt *s, int column)
{
	const char *text = (const char *)lib->sqlite3_column_text(s, column);

	return text ? text : "";
}

static const char *take_row(struct journal *j, sqlite3_stmt *s,
			    const char *(*take)(void *arg, const struct journal_record *r),
			    void *arg)
{
	sqlite3_int64 line = lib->sqlite3_column_int64(s, 0);
	struct journal_record r = {
		.line = (unsigned)line, .key = text_at(s, 1), .target = text_at(s, 2),
		.client = text_at(s, 3), .status = text_at(s, 4), .refused_file = text_at(s, 5),
		.refused_user = text_at(s, 6), .evidence = text_at(s, 7),
	};
	char sum[DIGEST_HEX];

	sum_of(&r, sum);
	sum[SUM_LENGTH] = '\0';
	if (line < 1 || line > UINT32_MAX || !str_eq(sum, text_at(s, 8)))
		return arena_printf(j->arena, "is damaged: the record of line %lld is not what was "
				    "written", (long long)line);
	return take(arg, &r);
}

const char *journal_each(struct journal *j, const char *(*take)(void *arg,
			 const struct journal_record *r), void *arg)
{
	sqlite3_stmt *s;
	const char *error = prepare(j, arena_printf(j->arena, "SELECT %s FROM record ORDER BY line",
						    columns), &s);
	int r = SQLITE_DONE;

	if (error)
		return error;
	while (!error && (r = lib->sqlite3_step(s)) == SQLITE_ROW)
		error = take_row(j, s, take, arg);
	if (!error && r != SQLITE_DONE)
		error = trouble(j);
	lib->sqlite3_finalize(s);
	return error;
}

const char *journal_count(struct journal *j, size_t *ret_n, char ret_sum[DIGEST_HEX])
{
	const char *error = NULL;
	struct digest *d;
	sqlite3_stmt *s;
	size_t n = 0;

	error = prepare(j, "SELECT line, key, target FROM record ORDER BY line", &s);
	if (error)
		return error;
	for (d = digest_new(); lib->sqlite3_step(s) == SQLITE_ROW; n++)
		for (int i = 0; i < 3; i++)
			digest_add_text(d, text_at(s, i));
	digest_end_hex(d, ret_sum);
	if (lib->sqlite3_finalize(s) != SQLITE_OK)
		error = trouble(j);
	*ret_n = n;
	return error;
}
