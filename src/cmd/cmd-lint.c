/*
 * cmd-lint - what is wrong with the mail settings of a program, before anything is sent.
 */
#include "base/arena.h"
#include "base/str.h"
#include "cmd/case-options.h"
#include "cmd/cmd.h"
#include "cmd/config-file.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "diag/lint.h"

struct lint_options {
	struct output_options	 output;
	struct case_options	 fit;
	const char		*application;
	bool			 strict;
};

static const char *const formats[] = { "text", "json", "ndjson", "github", NULL };

#define AT(member) offsetof(struct lint_options, member)

static const struct opt table[] = {
	{ OPT_HEADING, 0, NULL, NULL, 0, "Whose file it is:", NULL },
	{ OPT_TEXT, 0, "application", "NAME", AT(application),
	  "the program that reads it, where name and content don't tell; 'smtpwhy lint --application list' "
	  "lists them", NULL },
	{ OPT_HEADING, 0, NULL, NULL, 0, "For the recommendation of a way that fits:", NULL },
	CASE_OPTIONS(struct lint_options),
	{ OPT_HEADING, 0, NULL, NULL, 0, "The result:", NULL },
	OUTPUT_OPTIONS(struct lint_options, "text|json|ndjson|github", formats),
	{ OPT_FLAG, 'q', "quiet", NULL, AT(output.quiet), "only what is wrong", NULL },
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose), "where each finding is documented, too", NULL },
	{ OPT_FLAG, 0, "strict", NULL, AT(strict), "a warning counts as a problem", NULL },
	OPT_END
};

static const struct opt_command lint_command = {
	.name = "lint",
	.operands = "FILE...",
	.about = "Reads the mail settings of a program from its configuration file (- is standard input) and says what in them cannot work, where, and what "
		 "to write instead. Nothing is sent, nothing is dialled; passwords are never shown. Exit status: 0 nothing wrong, 1 a problem was "
		 "found, 2 wrong usage or not readable, 3 it cannot be judged.",
	.table = table,
};

/* One run of the command. */
struct lint_run {
	struct arena		*arena;
	struct lint_options	 options;
	struct path_means	 means;
	const struct know	*know;
	FILE			*to;
	size_t			 n;		/* printed so far */
	bool			 several, broken;
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
		return opt_wrong("lint", "--application: '%s' is not known; did you mean '%s'?", name, near);
	return opt_wrong("lint", "--application: '%s' is not known; it is one of %s", name, strv_join(&all, a, " "));
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
		return opt_wrong("lint", "which file? Give a program's configuration: main.cf, .env, application.yml, grafana.ini ...");
	for (size_t i = 0; i < files->n; i++)
		standard += str_eq(files->v[i], "-");
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

static void print(struct lint_run *run, const struct lint *l)
{
	const char *format = run->options.output.format;
	struct report_style style = output_style(&run->options.output, run->to);
	int bad;

	if (str_eq(format, "text")) {
		if (run->n)
			fputc('\n', run->to);
		bad = report_lint_text(run->to, l, &style);
	} else if (str_eq(format, "github")) {
		bad = report_lint_github(run->to, l);
	} else {
		bad = report_lint_json(run->to, l, run->several || str_eq(format, "ndjson"));
	}
	run->n++;
	run->broken |= bad != 0;
}

/* Of several: a problem outweighs what can't be judged. */
static int worse(int a, int b)
{
	return a == EXIT_PROBLEM || b == EXIT_PROBLEM ? EXIT_PROBLEM : a > b ? a : b;
}

static int lint_all(struct lint_run *run, struct mail_settings *const *lists, size_t n)
{
	int status = EXIT_GOOD;

	for (size_t i = 0; i < n; i++)
		for (const struct mail_settings *s = lists[i]; s && !run->broken; s = s->next) {
			const struct lint *l = lint_judge(run->arena, run->know, s, &run->means);

			print(run, l);
			status = worse(status, status_of(l, run->options.strict));
		}
	if (str_eq(run->options.output.format, "text") && !run->options.output.quiet)
		fputs("\nNothing was sent, and no server was asked.\n", run->to);
	return status;
}

static int lint_files(struct lint_run *run, const struct strv *files, struct mail_settings **lists)
{
	int status = OPT_GO;

	/* All are read before the first is printed, so that a slip in the last one is known at once. */
	for (size_t i = 0; i < files->n && status == OPT_GO; i++) {
		status = config_file_read(run->arena, "lint", files->v[i], run->options.application, &lists[i]);
		run->several |= status == OPT_GO && (files->n > 1 || lists[i]->next);
	}
	if (status != OPT_GO)
		return status;
	run->know = tables_load(run->arena, NULL, "lint");
	run->to = run->know ? output_open(&run->options.output, "lint") : NULL;
	if (!run->to)
		return EXIT_USAGE;
	status = lint_all(run, lists, files->n);
	return output_close(run->to, &run->options.output, "lint") ? status : EXIT_UNTESTED;
}

int cmd_lint(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct lint_run run = { .arena = a, .options = { .output = { .format = "text", .color = "auto" } } };
	struct strv files = { NULL, 0, 0 };
	struct mail_settings **lists;
	int status = opt_parse(&lint_command, a, argc, argv, &run.options, &files);

	if (status == OPT_GO && str_eq(run.options.application, "list"))
		return list_applications(a);
	if (status == OPT_GO)
		status = test(&run, &files);
	if (status != OPT_GO)
		return status;
	lists = arena_alloc(a, files.n * sizeof(struct mail_settings *));
	status = lint_files(&run, &files, lists);
	for (size_t i = 0; i < files.n; i++)
		settings_free(lists[i]);
	return status;
}
