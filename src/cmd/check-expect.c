/*
 * check-expect - what a target is expected to be.
 */
#include "cmd/check-expect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/input.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"

static const struct check expect_check = {
	.id = "expect.file", .title = "What was expected", .label = "expected",
};

static int read_text(struct arena *a, const struct know *k, const char *path,
		     struct expectations *ret)
{
	_cleanup_(buf_release) struct buf text = BUF_INIT(LIMIT_EXPECT);
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p, *bad;
	ssize_t n;

	while ((n = input_read(in, &p)) > 0)
		if (!buf_add(&text, p, (size_t)n))
			return opt_wrong("check", "--expect: '%s' is longer than 1 MiB", path);
	if (n < 0)
		return opt_wrong("check", "--expect: '%s' %s", path, input_trouble(in));
	bad = expect_read(a, k, (struct span) { buf_str(&text), text.len }, ret);
	return bad ? opt_wrong("check", "--expect: '%s', %s", path, bad) : OPT_GO;
}

int expecting_read(struct expecting *x, struct arena *a, const struct know *k, const char *path,
		   const char *write_path)
{
	*x = (struct expecting) {
		.path = path, .write_path = write_path, .text = BUF_INIT(LIMIT_EXPECT),
	};
	if (write_path && access(write_path, F_OK) == 0)
		return opt_wrong("check", "--write-expect: '%s' is there already; remove it first",
				 write_path);
	return path ? read_text(a, k, path, &x->list) : OPT_GO;
}

static struct outcome outcome_of(const struct result *r, enum status status, const char *words)
{
	static const char *const findings[] = {
		[STATUS_PASS] = "", [STATUS_FAIL] = "expect.missed",
		[STATUS_UNKNOWN] = "expect.open",
	};

	return (struct outcome) {
		.check = &expect_check, .id = expect_check.id,
		.endpoint = *r->host ? r->host : r->ask->domain, .status = status,
		.finding = findings[status], .summary = words, .skipped_because = "",
	};
}

/* Behind the checks: one for each that is not met, or one that says that all are. */
static void add_outcomes(struct expecting *x, struct result *r, const struct expect_result *e)
{
	size_t n = r->n_outcomes;
	struct outcome *v = arena_alloc(r->arena, (n + e->n + 1) * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = r->outcomes[i];
	for (size_t i = 0; i < e->n; i++)
		if (e->v[i].status != STATUS_PASS)
			v[n++] = outcome_of(r, e->v[i].status, e->v[i].words);
	if (n == r->n_outcomes)
		v[n++] = outcome_of(r, STATUS_PASS,
				    arena_printf(r->arena, "all %zu of '%s'", e->n, x->path));
	r->outcomes = v;
	r->n_outcomes = n;
}

void expecting_apply(struct expecting *x, struct result *r)
{
	struct expect_run run = {
		.evidence = result_evidence(r), .target = r->ask->input, .status = r->status,
	};
	struct expect_result e;

	if (x->write_path)
		expect_write(r->arena, &run, &x->text);
	if (!x->path)
		return;
	e = expect_compare(r->arena, &x->list, &run);
	/* Nothing in the file is about this target: that is not known to be good. */
	if (!e.n) {
		e.v[e.n++] = (struct expect_answer) {
			STATUS_UNKNOWN, arena_printf(r->arena, "'%s' says nothing about %s",
						     x->path, run.target),
		};
		e.open = 1;
	}
	add_outcomes(x, r, &e);
	if (e.missed)
		r->status = STATUS_FAIL;
	else if (e.open && r->status != STATUS_FAIL)
		r->status = STATUS_UNKNOWN;
}

/* 0 or an errno. It was not there when the command began, and nothing is written over. */
static int write_new(const struct expecting *x, const char *today)
{
	int fd = open(x->write_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	int err = 0;

	if (!f) {
		err = errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	fprintf(f, "# What is expected, as it was on %.10s. 'smtpwhy check TARGET --expect FILE' "
		"compares.\n# One expectation per line; # begins a comment. Take out what may "
		"change.\n%s", today, buf_str(&x->text));
	if (ferror(f))
		err = errno ? errno : EIO;
	if (fclose(f) != 0 && !err)
		err = errno;
	if (err)
		unlink(x->write_path);
	return err;
}

int expecting_end(struct expecting *x)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	int err;

	if (!x->write_path)
		return OPT_GO;
	err = write_new(x, clock_utc(a, clock_wall()));
	if (!err)
		return OPT_GO;
	opt_wrong("check", "--write-expect: cannot write '%s': %s", x->write_path,
		  strerrordesc_np(err));
	return EXIT_UNTESTED;
}

void expecting_release(struct expecting *x)
{
	buf_release(&x->text);
}
