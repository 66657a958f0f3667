#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

/*
 * output - where a result goes and how it looks: -o, --color, -q, -v, the terminal.
 */

#include <stdbool.h>
#include <stdio.h>

#include "cmd/opt.h"
#include "report/report.h"

struct output_options {
	const char	*format;
	const char	*file;		/* NULL = standard output */
	const char	*color;
	bool		 quiet;
	bool		 verbose;
};

/*
 * Entries for a command's table; type is its options struct, with a member `output`. The formats
 * are those that print the command's nouns.
 */
extern const char *const color_choices[];
#define OUTPUT_OPTIONS(type) \
	{ OPT_FORMAT, 0, "format", NULL, offsetof(type, output.format), \
	  "how to print the result", NULL }, \
	{ OPT_TEXT, 'o', "output", "FILE", offsetof(type, output.file), \
	  "write the result to FILE", NULL }, \
	{ OPT_CHOICE, 0, "color", "WHEN", offsetof(type, output.color), \
	  "auto (on a terminal, unless NO_COLOR is set), always or never", color_choices }

/* Begins the document at the place for it. False after an error was told. */
bool output_open(const struct output_options *o, const char *command, struct report *ret);
/* Ends it and closes; false after an error was told: what was written may not be whole. */
bool output_close(struct report *r, const struct output_options *o, const char *command);
struct report_style output_style(const struct output_options *o, FILE *to);

#endif
