/*
 * output - where a result goes and how it looks.
 */
#include "cmd/output.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/str.h"
#include "cmd/cmd.h"

const char *const color_choices[] = { "auto", "always", "never", NULL };

int exit_worse(int a, int b)
{
	static const int order[] = { EXIT_USAGE, EXIT_PROBLEM, EXIT_UNTESTED };

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_GOOD;
}

bool output_open(const struct output_options *o, const char *command, struct report *ret)
{
	bool elsewhere = o->file && !str_eq(o->file, "-");
	FILE *f = elsewhere ? fopen(o->file, "we") : stdout;
	struct report_style style;

	if (!f) {
		opt_wrong(command, "cannot write to '%s': %s", o->file, strerrordesc_np(errno));
		return false;
	}
	style = output_style(o, f);
	report_begin(ret, f, o->format, &style);
	return true;
}

bool output_close(struct report *r, const struct output_options *o, const char *command)
{
	int err = report_end(r);

	if (r->to != stdout && fclose(r->to) != 0 && !err)
		err = errno;
	/* The reader has enough (head, a pager): the end that SIGPIPE makes of every other program,
	 * unless the parent process ignores it. */
	if (err == EPIPE)
		raise(SIGPIPE);
	if (err)
		opt_wrong(command, "writing to %s failed: %s",
			  r->to == stdout ? "standard output" : o->file,
			  strerrordesc_np(err));
	return !err;
}

static bool wants_color(const struct output_options *o, FILE *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (str_eq(o->color, "always"))
		return true;
	if (str_eq(o->color, "never") || (no && *no) || !term || str_eq(term, "dumb"))
		return false;
	return isatty(fileno(to));
}

/* By the same rule as setlocale(), which we don't call: numbers are to look the same everywhere. */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return str_find_nocase(value, "utf-8") || str_find_nocase(value, "utf8");
	}
	return false;
}

struct report_style output_style(const struct output_options *o, FILE *to)
{
	struct report_style style = {
		.color = wants_color(o, to), .unicode = is_utf8(), .quiet = o->quiet,
		.verbose = o->verbose, .columns = 80,
	};
	struct winsize size;

	if (isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
	    size.ws_col < 80)
		style.columns = size.ws_col;
	return style;
}
