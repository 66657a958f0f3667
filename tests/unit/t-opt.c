/*
 * t-opt - a command line fills an options struct, and what a source that it outranks may add.
 */
#include "tests/unit/tap.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/opt.h"

struct options {
	const char	*text, *choice;
	bool		 flag;
	struct strv	 list;
	int64_t		 ms;
};

#define AT(member) offsetof(struct options, member)

static const char *const choices[] = { "red", "blue", NULL };

static const struct opt table[] = {
	{ OPT_TEXT, 't', "text", "TEXT", AT(text), "a text", NULL },
	{ OPT_CHOICE, 0, "choice", "COLOR", AT(choice), "a choice", choices },
	{ OPT_FLAG, 'f', "flag", NULL, AT(flag), "a flag", NULL },
	{ OPT_LIST, 0, "list", "TEXT", AT(list), "a list", NULL },
	{ OPT_SECONDS, 0, "time", "SEC", AT(ms), "a time", NULL },
	OPT_END
};

static const struct opt_command command = {
	.name = "test", .operands = "", .about = "For a test.", .table = table,
};

static const struct one {
	const char	*what;
	const char	*line, *source;		/* words with blanks between */
	const char	*want;			/* text choice flag list ms */
} cases[] = {
	{ "nothing", "", "", "- - 0 - 0" },
	{ "the command line alone", "-t a --choice red -f --list x --time 2", "",
	  "a red 1 x 2000" },
	{ "the last one counts", "-t a -t b --choice red --choice blue --time 2 --time 3", "",
	  "b blue 0 - 3000" },
	{ "the source alone", "", "--text a --choice red --flag --list x --time 2.5",
	  "a red 1 x 2500" },
	{ "the command line outranks the source", "--text a --choice red --time 2",
	  "--text b --choice blue --time 3", "a red 0 - 2000" },
	{ "... in each option by itself", "--text a", "--text b --choice blue --time 3",
	  "a blue 0 - 3000" },
	{ "... also where it says what would be the default", "--time 15", "--time 3",
	  "- - 0 - 15000" },
	{ "lists grow", "--list x --list y", "--list z", "- - 0 x,y,z 0" },
	{ "a flag of either", "-f", "--text a", "a - 1 - 0" },
};

static void split(struct arena *a, const char *words, struct strv *ret)
{
	strv_add(ret, a, "smtpwhy");
	strv_split(ret, a, words, ' ');
}

static const char *shown(const char *s)
{
	return s && *s ? s : "-";
}

static void fill(struct arena *a, const struct one *c, const char *unset)
{
	struct options o = { .text = unset, .choice = unset };
	struct strv line = { NULL, 0, 0 }, source = { NULL, 0, 0 }, operands = { NULL, 0, 0 };

	split(a, c->line, &line);
	strv_split(&source, a, c->source, ' ');
	is_int(opt_parse(&command, a, (int)line.n, (char **)line.v, &o, &operands), OPT_GO,
	       c->what);
	is_int(opt_fill(&command, a, &source, "a file", &o), OPT_GO, "... the source");
	is_str(arena_printf(a, "%s %s %d %s %d", shown(o.text), shown(o.choice), o.flag,
			    shown(strv_join(&o.list, a, ",")), (int)o.ms), c->want, c->what);
}

/* What the source says is looked at also where it does not count. */
static void mistakes(struct arena *a)
{
	static const char *const sources[] = { "--nothing", "--choice green",
					       "--time x", "--text" };
	struct options o = { .text = "a", .choice = "red", .ms = 1 };

	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		struct strv source = { NULL, 0, 0 };

		strv_split(&source, a, sources[i], ' ');
		is_int(opt_fill(&command, a, &source, "a file", &o), 2, sources[i]);
	}
	ok(str_eq(o.text, "a") && str_eq(o.choice, "red") && o.ms == 1, "nothing was changed");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		fill(a, &cases[i], NULL);
		fill(a, &cases[i], "");
	}
	mistakes(a);
	return tap_done();
}
