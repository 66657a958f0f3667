/*
 * drift-files - files of runs.
 */
#include "cmd/drift-files.h"

#include "base/arena.h"
#include "base/input.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"

int drift_file(struct arena *a, const struct know *k, const char *command, const char *path,
	       struct buf *text, struct runs *ret)
{
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p, *error, *shown = runs_shown(a, path);
	ssize_t n;

	*ret = (struct runs) { .name = path };
	while ((n = input_read(in, &p)) > 0) {
		if (!buf_add(text, p, (size_t)n))
			return opt_wrong(command, "%s is longer than %d MiB", shown,
					 LIMIT_RUNS / 1024 / 1024);
	}
	if (n < 0)
		return opt_wrong(command, "%s %s", shown, input_trouble(in));
	if (!runs_index(a, k, (struct span) { buf_str(text), text->len }, ret, &error))
		return opt_wrong(command, "%s: %s", shown, error);
	return ret->n ? OPT_GO : opt_wrong(command, "%s is empty", shown);
}

int drift_status(const struct drift_report *r, bool strict)
{
	if (r->count[CHANGE_REGRESSION] || (strict && r->count[CHANGE_WARNING]))
		return EXIT_PROBLEM;
	return r->only_old || r->unknown ? EXIT_UNTESTED : EXIT_GOOD;
}
