/*
 * cmd-lint - what is wrong with the mail settings of a program, before anything is sent.
 */
#include "base/arena.h"
#include "base/str.h"
#include "cmd/case-options.h"
#include "cmd/cmd.h"
#include "cmd/config-file.h"
#include "cmd/lint-files.h"
#include "cmd/lint-fix.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "sending/lint.h"

struct lint_options {
	struct output_options	 output;
	struct case_options	 fit;
	const char		*application;
	const char		*map;
	bool			 strict, skip_others, fix;
};

#define AT(member) offsetof(struct lint_options, member)

static const struct opt table[] = {
	OPT_HEAD("Whose file it is:"),
	OPT(TEXT, "application", "NAME", AT(application), "the program that reads it, where name "
	    "and content don't tell; 'smtpwhy lint --application list' lists them"),
	OPT(TEXT, "map", "FILE", AT(map), "programs of your own: a table like mail-programs.tsv"),
	OPT_SWITCH("skip-others", AT(skip_others), "pass over files that have no mail settings, as "
		   "in a folder: for hooks, which name every file that changed"),
	OPT_HEAD("For the recommendation of a way that fits:"),
	CASE_OPTIONS(struct lint_options),
	OPT_HEAD("The result:"),
	OUTPUT_OPTIONS(struct lint_options),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what is wrong", NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose),
	  "where each finding is documented, too", NULL },
	OPT_SWITCH("fix", AT(fix), "print the lines to write as a unified diff, for patch -p0 or "
		   "git apply -p0 --unidiff-zero; the files stay as they are"),
	OPT_SWITCH("strict", AT(strict), "a warning counts as a problem"),
	OPT_END
};

static const struct opt_command lint_command = {
	.name = "lint",
	.operands = "FILE|FOLDER...",
	.about = "Reads the mail settings of a program from its configuration file (- is standard "
		 "input) and says what in them cannot work, where, and what to write instead. "
		 "Of a folder all files are looked at that its repository does not ignore. "
		 "Nothing is sent, nothing is dialled; passwords are never shown, nor is any value "
		 "that could be one. Exit status: 0 nothing wrong, 1 a problem was found, 2 wrong "
		 "usage, or a file could not be read or recognised (the others are judged all the "
		 "same), 3 it cannot be judged.",
	.table = table,
	.nouns = 1u << REPORT_LINT | 1u << REPORT_UNREAD,
};

/* One run of the command. */
struct lint_run {
	struct arena		*arena;
	struct lint_options	 options;
	struct path_means	 means;
	const struct know	*know;
	struct report		 report;
	struct lint_files	 files;
};

static int list_applications(struct arena *a)
{
	for (const char *const *name = settings_applications(a); *name; name++)
		printf("%-16s%s\n", *name, settings_title(*name));
	return EXIT_GOOD;
}

static int wrong_application(struct arena *a, const char *name)
{
	struct strv all = { NULL, 0, 0 };
	const char *const *names = settings_applications(a), *near = opt_near(name, names);

	for (const char *const *n = names; *n; n++)
		strv_add(&all, a, *n);
	if (near)
		return opt_wrong("lint", "--application: '%s' is not known; did you mean '%s'?",
				 name, near);
	return opt_wrong("lint", "--application: '%s' is not known; it is one of %s", name,
			 strv_join(&all, a, " "));
}

static int test(struct lint_run *run, const struct strv *files)
{
	const char *name = run->options.application;
	const char *const *names = settings_applications(run->arena);
	size_t standard = 0;

	for (; name && *names && !str_eq(*names, name); names++)
		;
	if (name && !*names)
		return wrong_application(run->arena, name);
	if (files->n == 0)
		return opt_wrong("lint", "which file? Give a program's configuration: main.cf, "
				 ".env, application.yml, grafana.ini ..., or a folder");
	for (size_t i = 0; i < files->n; i++)
		standard += str_eq(files->v[i], "-");
	if (run->options.fix && standard)
		return opt_wrong("lint", "--fix needs a file: standard input has no name for a "
				 "diff");
	if (run->options.fix &&
	    (!str_eq(run->options.output.format, "text") || run->options.output.file))
		return opt_wrong("lint", "--fix prints a diff on standard output: leave --format "
				 "and --output out");
	if (standard > 1)
		return opt_wrong("lint", "standard input can be read once");
	return case_options_read(&run->options.fit, "lint", run->arena, &run->means);
}

static int status_of(const struct lint *l, bool strict)
{
	switch (l->verdict) {
	case LINT_FINE:
		return EXIT_GOOD;
	case LINT_WARNING:
		return strict ? EXIT_PROBLEM : EXIT_GOOD;
	case LINT_PROBLEM:
		return EXIT_PROBLEM;
	case LINT_UNJUDGED:
		break;
	}
	return EXIT_UNTESTED;
}

/* In a folder, settings without a server are no reason to stop: nobody asked for this file. */
static int status_in(const struct lint_file *f, int status)
{
	return f->found && status == EXIT_UNTESTED ? EXIT_GOOD : status;
}

static int lint_file(struct lint_run *run, const struct lint_file *f)
{
	const struct unread_file unread = { f->name, f->error };
	int status = f->error ? EXIT_USAGE : EXIT_GOOD;

	if (f->error)
		report_put(&run->report, REPORT_UNREAD, &unread);
	for (const struct mail_settings *s = f->list; s && !run->report.error; s = s->next) {
		const struct lint *l = lint_judge(run->arena, run->know, s, &run->means);

		report_put(&run->report, REPORT_LINT, l);
		status = exit_worse(status, status_in(f, status_of(l, run->options.strict)));
	}
	return status;
}

static int lint_all(struct lint_run *run)
{
	int status = run->files.troubles.n ? EXIT_USAGE : EXIT_GOOD;

	for (size_t i = 0; i < run->files.n && !run->report.error; i++)
		status = exit_worse(status, lint_file(run, &run->files.v[i]));
	return status;
}

/* How many were looked at, and what of them was left out. */
static void tell_found(const struct lint_run *run)
{
	const struct lint_files *f = &run->files;
	const char *others = "";
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].found && f->v[i].list;
	if (f->mistaken.n && !run->options.output.verbose)
		others = arena_printf(run->arena, "; %zu more may have some and cannot be read "
				      "(-v says why)", f->mistaken.n);
	for (size_t i = 0; i < f->mistaken.n && run->options.output.verbose; i++)
		opt_wrong("lint", "%s", f->mistaken.v[i]);
	if (f->folders && !run->options.output.quiet)
		opt_wrong("lint", "looked at %zu file%s, %zu with mail settings%s", f->n_looked_at,
			  f->n_looked_at == 1 ? "" : "s", n, others);
}

/*
 * All are read before the first is printed: what is wrong with the last one is known at once, and
 * stops none of the others.
 */
static void read_all(struct lint_run *run, const struct strv *names)
{
	struct lint_files *f = &run->files;

	*f = (struct lint_files) {
		.arena = run->arena, .application = run->options.application,
		.skip_others = run->options.skip_others,
	};
	lint_files_read(f, names);
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].error)
			opt_wrong("lint", "%s", f->v[i].error);
	for (size_t i = 0; i < f->troubles.n; i++)
		opt_wrong("lint", "%s", f->troubles.v[i]);
	tell_found(run);
}

/* Nothing but errors, which were told: for people that is all; programs get an entry for each. */
static bool is_all_told(const struct lint_run *run)
{
	return run->files.n_read == 0 && run->files.n &&
	       report_is_for_people(run->options.output.format);
}

/* The diff in the place of the report; the same exit status. */
static int fix_all(struct lint_run *run)
{
	struct lint_fix x = { .arena = run->arena, .know = run->know, .means = &run->means,
			      .application = run->options.application, .to = stdout };
	const struct lint_files *f = &run->files;
	int status = f->troubles.n ? EXIT_USAGE : EXIT_GOOD;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].error)
			status = EXIT_USAGE;
		for (const struct mail_settings *s = f->v[i].list; s; s = s->next)
			status = exit_worse(status, status_in(&f->v[i], status_of(
				lint_judge(run->arena, run->know, s, &run->means),
				run->options.strict)));
		if (f->v[i].list)
			lint_fix(&x, &f->v[i]);
	}
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	opt_wrong("lint", "writing to standard output failed");
	return EXIT_UNTESTED;
}

static int lint_files(struct lint_run *run, const struct strv *names)
{
	const struct lint_files *f = &run->files;
	int status;

	read_all(run, names);
	if (is_all_told(run))
		return EXIT_USAGE;
	run->know = tables_load(run->arena, NULL, "lint");
	if (run->know && run->options.fix)
		return fix_all(run);
	if (!run->know || !output_open(&run->options.output, "lint", &run->report))
		return EXIT_USAGE;
	run->report.several = names->n > 1 || f->folders || f->n > 1 ||
			      (f->n && f->v[0].list && f->v[0].list->next);
	run->report.strict = run->options.strict;
	status = lint_all(run);
	return output_close(&run->report, &run->options.output, "lint") ? status : EXIT_UNTESTED;
}

int cmd_lint(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct lint_run run = {
		.arena = a, .options = { .output = { .format = "text", .color = "auto" } }
	};
	struct strv files = { NULL, 0, 0 };
	const char *error;
	int status = opt_parse(&lint_command, a, argc, argv, &run.options, &files);

	if (status == OPT_GO && (error = config_file_programs(a, run.options.map)))
		return opt_wrong("lint", "%s", error);
	if (status == OPT_GO && str_eq(run.options.application, "list"))
		return list_applications(a);
	if (status == OPT_GO)
		status = test(&run, &files);
	if (status != OPT_GO)
		return status;
	status = lint_files(&run, &files);
	lint_files_release(&run.files);
	return status;
}
