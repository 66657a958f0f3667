/*
 * check-baseline - this run against one that is kept in a file.
 */
#include "cmd/check-baseline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "judge/saved.h"

int baseline_read(struct baseline *b, struct arena *a, const struct know *k, const char *path,
		  bool accept)
{
	*b = (struct baseline) {
		.path = path, .accept = accept, .arena = a, .know = k,
		.old_text = BUF_INIT(LIMIT_RUNS), .now_text = BUF_INIT(LIMIT_RUNS),
		.old = { .name = path },
	};
	if (!path)
		return OPT_GO;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return accept ? OPT_GO : opt_wrong("check", "--baseline: there is no '%s' yet; "
						   "--accept makes it of this run", path);
	return drift_file(a, k, "check", path, &b->old_text, &b->old);
}

void baseline_take(struct baseline *b, const struct result *r)
{
	_cleanup_(json_decrefp) json_t *j = evidence_json(result_evidence(r));
	char *text = json_dumps(j, JSON_COMPACT);

	if (!text)
		out_of_memory();
	buf_addf(&b->now_text, "%s\n", text);
	free(text);
	b->untested |= r->status == STATUS_UNKNOWN;
}

/* What was not asked this time is no question of this run. */
static void forget_unasked(struct drift_report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].in != DRIFT_IN_OLD)
			r->v[n++] = r->v[i];
	r->n = n;
	r->only_old = 0;
}

void baseline_compare(struct baseline *b)
{
	struct span text = { buf_str(&b->now_text), b->now_text.len };
	struct runs now = { .name = "-" };
	const char *error = NULL;

	/* What was written by ourselves can be read; the old file was read before. */
	if (!runs_index(b->arena, b->know, text, &now, &error) ||
	    !drift_all(b->arena, b->know, &b->old, &now, &b->drift, &error)) {
		opt_wrong("check", "--baseline: %s", error);
		b->untested = true;
	}
	b->drift.old_name = b->path;
	b->drift.new_name = NULL;
	forget_unasked(&b->drift);
}

static bool write_runs(const struct baseline *b, FILE *f)
{
	fwrite(buf_str(&b->now_text), 1, b->now_text.len, f);
	for (size_t i = 0; i < b->old.n; i++) {
		const struct run_place *place = &b->old.v[i];

		if (place->used)
			continue;
		fwrite(place->text.p, 1, place->text.len, f);
		fputc('\n', f);
	}
	return !ferror(f) && fflush(f) == 0 && fsync(fileno(f)) == 0;
}

/* 0 or an errno. Others may read what a run saw as little as before: it names users. */
static int write_anew(const struct baseline *b)
{
	const char *fresh = arena_printf(b->arena, "%s.%ld.new", b->path, (long)getpid());
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), err;
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!f) {
		err = errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = write_runs(b, f) ? 0 : errno;
	if (fclose(f) != 0 && !err)
		err = errno;
	if (!err && rename(fresh, b->path) != 0)
		err = errno;
	if (err)
		unlink(fresh);
	return err;
}

int baseline_end(struct baseline *b, bool strict)
{
	int status = drift_status(&b->drift, strict), err;

	if (!b->accept)
		return exit_worse(status, b->untested || b->drift.only_new ? EXIT_UNTESTED :
				  EXIT_GOOD);
	if (b->untested || b->drift.unknown) {
		opt_wrong("check", "--accept: not all could be tested, so '%s' stays as it was",
			  b->path);
		return EXIT_UNTESTED;
	}
	err = write_anew(b);
	if (err) {
		opt_wrong("check", "--accept: cannot write '%s': %s", b->path,
			  strerrordesc_np(err));
		return EXIT_UNTESTED;
	}
	fprintf(stderr, "smtpwhy check: this run is the baseline now: '%s'\n", b->path);
	return EXIT_GOOD;
}

void baseline_release(struct baseline *b)
{
	buf_release(&b->old_text);
	buf_release(&b->now_text);
}
