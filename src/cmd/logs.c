/*
 * logs - explain --summary: what went wrong in whole logs.
 */
#include "cmd/logs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/tables.h"

enum { PROGRESS_EVERY_MS = 100 };

/* A typing error in the last name is reported before the first file is read. */
static int test_files(const struct strv *files)
{
	bool standard_input = false;
	struct stat st;

	for (size_t i = 0; i < files->n; i++) {
		const char *name = files->v[i];
		bool dash = str_eq(name, "-");

		if (dash && standard_input)
			return opt_wrong("explain", "standard input can be read only once");
		standard_input |= dash;
		if (dash)
			continue;
		if (stat(name, &st) != 0 || access(name, R_OK) != 0)
			return opt_wrong("explain", "cannot read '%s': %s", name,
					 strerrordesc_np(errno));
		if (S_ISDIR(st.st_mode))
			return opt_wrong("explain", "'%s' is a directory; give its files", name);
	}
	return OPT_GO;
}

static void take_line(void *arg, struct span line, bool cut)
{
	struct logs *l = arg;

	tally_line(l->tally, line, cut);
}

int logs_begin(struct logs *l)
{
	const struct know *know;
	int status;

	if (l->operands->n == 0 && isatty(STDIN_FILENO))
		return opt_wrong("explain", "which log? Give a file, or - for standard input");
	for (size_t i = 0; i < l->operands->n; i++)
		strv_add(&l->files, l->arena, l->operands->v[i]);
	if (l->files.n == 0)
		strv_add(&l->files, l->arena, "-");
	status = test_files(&l->files);
	if (status != OPT_GO)
		return status;
	know = tables_load(l->arena, l->codes, "explain");
	if (!know || !output_open(l->output, "explain", &l->report))
		return EXIT_USAGE;
	l->read = (struct log_read) { .names = l->files.v, .n = l->files.n, .trouble = "" };
	l->tally = tally_new(know);
	lines_init(&l->lines, LIMIT_LOG_LINE, take_line, l);
	progress_init(&l->live, l->progress);
	return OPT_GO;
}

int logs_end(struct logs *l, bool failed)
{
	struct tally_sum sum = tally_sum(l->tally, l->arena);
	bool recognised = false;

	progress_erase(&l->live);
	l->read.sum = &sum;
	report_put(&l->report, REPORT_SUMMARY, &l->read);
	for (size_t i = 0; i < sum.n_causes; i++)
		recognised |= sum.causes[i]->cause != NULL;
	lines_release(&l->lines);
	tally_freep(&l->tally);
	if (!output_close(&l->report, l->output, "explain") || failed)
		return EXIT_UNTESTED;
	return recognised ? EXIT_GOOD : EXIT_PROBLEM;
}

/* --- progress: of all files together, as their bytes lie on the disk --- */

struct sizes { int64_t all, before; };		/* 0 = not known; of the files before this one */

static struct sizes sizes_of(const struct strv *files)
{
	struct sizes z = { 0, 0 };
	struct stat st;

	for (size_t i = 0; i < files->n; i++) {
		const char *name = files->v[i];

		if ((str_eq(name, "-") ? fstat(STDIN_FILENO, &st) : stat(name, &st)) != 0 ||
		    !S_ISREG(st.st_mode))
			return (struct sizes) { 0, 0 };
		z.all += st.st_size;
	}
	return z;
}

/* "mail.log  [#######.............]  35 %  70 of 200 MB, 1234 failures" */
static void show(struct logs *l, const struct sizes *z, const struct input *in, const char *name)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	static const char full[] = "####################", empty[] = "....................";
	int64_t done = z->before + input_taken(in), percent = z->all ? 100 * done / z->all : 0;
	const char *bar = "", *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;

	percent = percent > 100 ? 100 : percent;
	if (z->all)
		bar = arena_printf(a, "[%s%s] %lld %%, ", full + 20 - percent / 5,
				   empty + percent / 5, (long long)percent);
	progress_show(&l->live,
		      arena_printf(a, "%s: %s%.1f MB%s, %llu failures",
				   str_eq(name, "-") ? "standard input" : base, bar,
				   (double)done / 1e6,
				   z->all ? arena_printf(a, " of %.1f MB", (double)z->all / 1e6) :
				   "",
				   (unsigned long long)tally_failures(l->tally)));
}

/* --- reading --- */

static bool read_one(struct logs *l, const char *name, struct sizes *z)
{
	_cleanup_(input_freep) struct input *in = input_open(name);
	int64_t shown = clock_ms();
	const char *p;
	ssize_t n;

	tally_file(l->tally, name);
	while ((n = input_read(in, &p)) > 0) {
		lines_feed(&l->lines, p, (size_t)n);
		if (l->live.on && clock_ms() - shown >= PROGRESS_EVERY_MS) {
			shown = clock_ms();
			show(l, z, in, name);
		}
	}
	lines_end(&l->lines);
	tally_end(l->tally);
	z->before += input_taken(in);
	l->read.packed |= input_is_packed(in);
	if (n == 0)
		return true;
	progress_erase(&l->live);
	l->read.trouble = arena_printf(l->arena, "%s %s; what was read before that is counted",
				       str_eq(name, "-") ? "standard input" : name,
				       input_trouble(in));
	opt_wrong("explain", "%s", l->read.trouble);
	return false;
}

int logs_summary(struct logs *l)
{
	struct sizes z;
	bool failed = false;
	int status = logs_begin(l);

	if (status != OPT_GO)
		return status;
	z = sizes_of(&l->files);
	for (size_t i = 0; i < l->files.n; i++)
		failed |= !read_one(l, l->files.v[i], &z);
	return logs_end(l, failed);
}
