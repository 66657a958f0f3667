/*
 * opt-help - a table of options as help, and the spelling that was probably meant.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/opt.h"
#include "report/out.h"

enum { HELP_LEFT = 30 };

/* What the help calls the option's value; NULL for a flag. */
static const char *value_of(struct arena *a, const struct opt *opt, unsigned nouns)
{
	struct strv words = { NULL, 0, 0 };

	if (opt->kind != OPT_FORMAT)
		return opt->value;
	for (const char *const *format = report_formats(a, nouns); *format; format++)
		strv_add(&words, a, *format);
	return strv_join(&words, a, "|");
}

static void put_option(struct out *o, const struct opt *opt, unsigned nouns)
{
	const char *letter = opt->letter ?
			     arena_printf(o->arena, "-%c%s", opt->letter, opt->name ? ", " : "") :
			     "";
	const char *value = value_of(o->arena, opt, nouns);

	out_to(o, 2);
	out_put(o, letter);
	out_to(o, 6);
	if (opt->name)
		out_put(o, arena_printf(o->arena, "--%s", opt->name));
	if (value)
		out_put(o, arena_printf(o->arena, " %s", value));
	if (o->col + 2 > HELP_LEFT)
		out_line(o);
	out_wrapped(o, HELP_LEFT, opt->help);
}

void opt_help(const struct opt_command *c, struct arena *a)
{
	static const struct opt help = { OPT_FLAG, 'h', "help", NULL, 0, "print this", NULL };
	static const struct report_style plain = { .columns = 80 };
	struct out o;

	out_begin(&o, stdout, a, &plain);
	out_put(&o, arena_printf(a, "usage: smtpwhy %s [options] %s", c->name, c->operands));
	out_line(&o);
	out_line(&o);
	out_wrapped(&o, 0, c->about);
	for (const struct opt *opt = c->table; opt->help; opt++) {
		if (opt->kind == OPT_REFUSED)
			continue;
		if (opt->kind == OPT_HEADING) {
			out_line(&o);
			out_put(&o, opt->help);
			out_line(&o);
			continue;
		}
		put_option(&o, opt, c->nouns);
	}
	put_option(&o, &help, 0);
	fflush(stdout);
}

const char *opt_near(const char *word, const char *const *words)
{
	const char *best = NULL;
	size_t best_distance = STR_SLIPS_MOST, far = strlen(word) > 4 ? 2 : 1;

	for (size_t i = 0; words[i]; i++) {
		size_t d = str_slips(word, words[i]);

		/* The beginning of one option's name is as good as a slip of the finger. */
		if (strlen(word) >= 3 && str_has_prefix_nocase(words[i], word))
			d = d < 1 ? d : 1;
		if (d < best_distance) {
			best = words[i];
			best_distance = d;
		}
	}
	return best_distance <= far ? best : NULL;
}
