#ifndef CMD_OPT_H
#define CMD_OPT_H

/*
 * opt - a command's options as a table: it parses the command line, prints the help, and the manual
 * is compared with it.
 *
 *	static const struct opt table[] = {
 *		{ OPT_TEXT, 'o', "output", "FILE", offsetof(struct my_options, output), "write the
 *		result to FILE", NULL },
 *		OPT_END
 *	};
 *	static const struct opt_command me = { "explain", "[TEXT|FILE|-]",
 *		"What a pasted error means.", table };
 *	int status = opt_parse(&me, arena, argc, argv, &options, &operands);
 *	if (status != OPT_GO)
 *		return status;
 *
 * Options and operands may be mixed; "--" ends the options; "--name=value", "--name value",
 * "-ovalue", "-o value" and "-qv" are understood. A wrong option is one line on standard error that
 * names it, and its likely spelling.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"

struct arena;

enum opt_kind {
	OPT_HEADING,	/* in the help */
	OPT_FLAG,	/* bool */
	OPT_TEXT,	/* const char *; not empty. NULL or "" before: not given */
	OPT_LIST,	/* struct strv: may be given again and again */
	OPT_CHOICE,	/* const char *: one of `choices` */
	OPT_FORMAT,	/* const char *: one of the formats that print the command's `nouns` */
	OPT_SECONDS,	/* int64_t, milliseconds: "10", "2.5"; 0.001 to 86400 */
	OPT_REFUSED,	/* does not exist; help says why, for those who try */
};

struct opt {
	enum opt_kind		 kind;
	char			 letter;	/* 0 = none */
	const char		*name;		/* without the hyphens */
	const char		*value;		/* what the help calls it; NULL for a flag */
	size_t			 at;		/* offset in the options struct */
	const char		*help;
	const char *const	*choices;	/* NULL-terminated */
};

/* Rows without a letter and choices: a heading, an option with a value, one without. */
#define OPT_HEAD(text) { OPT_HEADING, 0, NULL, NULL, 0, text, NULL }
#define OPT(kind, name, value, at, help) { OPT_##kind, 0, name, value, at, help, NULL }
#define OPT_SWITCH(name, at, help) { OPT_FLAG, 0, name, NULL, at, help, NULL }
#define OPT_END { OPT_HEADING, 0, NULL, NULL, 0, NULL, NULL }

struct opt_command {
	const char		*name;		/* "check" */
	const char		*operands;	/* "TARGET..." */
	const char		*about;		/* what it does, a sentence or two */
	/* ends with OPT_END; --help is there without being in it */
	const struct opt	*table;
	unsigned		 nouns;		/* it prints these, bits: 1u << REPORT_CHECK */
};

enum { OPT_GO = -1 };

/* Fills `to` and *operands; OPT_GO, or the exit status to end with (0 after --help, 2 after an
 * error that was printed). Of an option that is given twice, the last one counts. */
int opt_parse(const struct opt_command *c, struct arena *a, int argc, char *const *argv, void *to,
	      struct strv *operands);
/* The words of a source that the command line outranks, which errors name ("--lab NAME"): a text,
 * choice or time that is set in `to` stays as it is, lists grow. Operands are ignored. */
int opt_fill(const struct opt_command *c, struct arena *a, const struct strv *words,
	     const char *source, void *to);
void opt_help(const struct opt_command *c, struct arena *a);

/*
 * Prints "smtpwhy COMMAND: ..." on standard error, in one line (of a very long one the middle is
 * left out, of "user:password@host" and "SCHEME://user@host" what stands before the @), and
 * answers EXIT_USAGE.
 */
int opt_wrong(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Are there no control characters in the value of --option, and at most so many bytes? OPT_GO, or
 * EXIT_USAGE after the error was printed. */
int opt_test_text(const char *command, const char *option, const char *value, size_t most);

/* The one of the words that was probably meant, or NULL. words ends with NULL. */
const char *opt_near(const char *word, const char *const *words);

#endif
