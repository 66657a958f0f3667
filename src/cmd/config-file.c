/*
 * config-file - another program's configuration file, read for a command.
 */
#include "cmd/config-file.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/tables.h"

static const char *take_programs(struct arena *a, const char *file)
{
	_cleanup_(input_freep) struct input *in = input_open(file);
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_TABLE);
	const char *p;
	ssize_t n;

	while ((n = input_read(in, &p)) > 0)
		if (!buf_add(&b, p, (size_t)n))
			return arena_printf(a, "%s is larger than %d bytes", file, LIMIT_TABLE);
	return n < 0 ? arena_printf(a, "%s %s", file, input_trouble(in)) :
	       settings_own(a, file, buf_str(&b), b.len);
}

const char *config_file_programs(struct arena *a, const char *map)
{
	const char *own = tables_own_file(a, "mail-programs.tsv"), *error = NULL;

	if (own)
		error = take_programs(a, own);
	return !error && map ? take_programs(a, map) : error;
}

const char *config_file_bytes(struct arena *a, const char *file, struct buf *ret)
{
	_cleanup_(input_freep) struct input *in = input_open(file);
	const char *p, *name = str_eq(file, "-") ? "standard input" : file;
	ssize_t n;

	secret_hide();
	while ((n = input_read(in, &p)) > 0)
		if (!buf_add(ret, p, (size_t)n))
			return arena_printf(a, "%s is larger than %zu bytes", name, ret->limit);
	return n < 0 ? arena_printf(a, "%s %s", name, input_trouble(in)) : NULL;
}

const char *config_file_load(struct arena *a, const char *file, const char *application,
			     struct mail_settings **ret)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_PASTE);
	const char *error = config_file_bytes(a, file, &b);
	struct mail_settings *list;

	if (error)
		return error;
	list = settings_read(a, file, application, buf_str(&b), b.len, &error);
	if (!list)
		return error;
	*ret = list;
	return NULL;
}

int config_file_read(struct arena *a, const char *command, const char *file,
		     const char *application, struct mail_settings **ret)
{
	const char *error = config_file_programs(a, NULL);

	if (!error)
		error = config_file_load(a, file, application, ret);
	return error ? opt_wrong(command, "%s", error) : OPT_GO;
}
