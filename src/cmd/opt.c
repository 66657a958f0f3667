/*
 * opt - parses a command line by its table.
 */
#include "cmd/opt.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/scan.h"
#include "base/redact.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "report/report.h"

/* One command line while it is read. */
struct line {
	const struct opt_command	*command;
	struct arena			*arena;
	int				 argc;
	const char *const		*argv;
	int				 next;
	void				*to;
	const char			*source;	/* "" = the command line; else what is set
							 * already stays as it is */
};

/*
 * What was typed may be of any length, and the end of the line says what is wrong with it: the
 * middle is left out.
 */
static const char *shortened(struct arena *a, const char *words)
{
	enum { HEAD = 1000, TAIL = 500 };
	size_t n = strlen(words);

	if (n <= HEAD + TAIL)
		return words;
	return arena_printf(a, "%.*s ... (%zu bytes) ... %s", HEAD, words, n - HEAD - TAIL,
			    words + n - TAIL);
}

/* Behind a value in quotes, which may have quotes and blanks in it; NULL when none begins here. */
static char *quoted_end(char *p)
{
	if (*p != '\'')
		return NULL;
	for (char *c = strchr(p + 1, '\''); c; c = strchr(c + 1, '\''))
		if (!c[1] || strchr(" :;,.?", c[1]))
			return c;
	return NULL;
}

/*
 * "smtp://user:password@host" was typed where a host belongs: what stands before the @ is a secret,
 * wherever it is quoted. Addresses of people have no colon there and stay.
 */
static void strike_logins(char *words)
{
	for (char *p = words, *end; *p; p = end) {
		char *from, *scheme, *at;

		p += strspn(p, " \t\n");
		end = quoted_end(p);
		if (!end)
			end = p + strcspn(p, " \t\n");
		at = memrchr(p, '@', (size_t)(end - p));
		scheme = memmem(p, (size_t)(end - p), "://", 3);
		from = scheme ? scheme + 3 : p + strspn(p, "'\"(");
		if (at && from < at && (scheme || memchr(from, ':', (size_t)(at - from))))
			memset(from, '*', (size_t)(at - from));
		end += *end == '\'';
	}
}

int opt_wrong(const char *command, const char *fmt, ...)
{
	va_list ap;
	_cleanup_(arena_freep) struct arena *a = arena_new();
	char *all;
	const char *words;

	va_start(ap, fmt);
	all = arena_vprintf(a, fmt, ap);
	va_end(ap);
	strike_logins(all);
	words = shortened(a, all);
	fprintf(stderr, "smtpwhy%s%s: %s\n", *command ? " " : "", command,
		str_escaped(a, words, strlen(words)));
	return EXIT_USAGE;
}

/* Where the words are not the command line's, it says whose they are. */
static _printf_(2, 3) int wrong(const struct line *l, const char *fmt, ...)
{
	const char *words;
	va_list ap;

	va_start(ap, fmt);
	words = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	return opt_wrong(l->command->name, "%s%s%s", l->source, *l->source ? ": " : "", words);
}

static bool parse_seconds(const char *text, int64_t *ret_ms)
{
	struct scan s = scan_span(span_of(text));
	unsigned long whole = scan_number(&s, 86400), thousandths = 0, unit = 100;

	if (scan_accept(&s, '.')) {
		struct span digits = scan_while(&s, ascii_is_digit);

		if (digits.len == 0 || digits.len > 3)
			return false;
		for (size_t i = 0; i < digits.len; i++, unit /= 10)
			thousandths += (unsigned long)(digits.p[i] - '0') * unit;
	}
	if (scan_failed(&s) || !scan_done(&s) || (whole == 0 && thousandths == 0) ||
	    whole * 1000 + thousandths > 86400000)
		return false;
	*ret_ms = (int64_t)(whole * 1000 + thousandths);
	return true;
}

static char *shown_name(struct arena *a, const struct opt *o, bool by_letter)
{
	return by_letter ? arena_printf(a, "-%c", o->letter) : arena_printf(a, "--%s", o->name);
}

static int wrong_choice(struct line *l, const char *const *choices, const char *name,
			const char *value)
{
	struct strv words = { NULL, 0, 0 };

	for (size_t i = 0; choices[i]; i++)
		strv_add(&words, l->arena, choices[i]);
	return wrong(l, "%s cannot be '%s'; it is one of: %s", name, value,
		     strv_join(&words, l->arena, ", "));
}

/* Everyone on this machine can read a command line: what stands there is public. Except what a
 * command of the shell or a URL may hold. */
static void is_public(const struct opt *o, const char *value)
{
	if (!o->name || (!str_has_suffix_nocase(o->name, "command") && !strstr(value, "://")))
		redact_public(value);
}

static bool is_set(const struct opt *o, const void *at)
{
	const char *const *text = at;

	if (o->kind == OPT_SECONDS)
		return *(const int64_t *)at != 0;
	return (o->kind == OPT_TEXT || o->kind == OPT_CHOICE) && *text && **text;
}

static int take(struct line *l, const struct opt *o, const char *name, const char *value)
{
	union { const char *text; int64_t ms; } unused;
	const char *const *choices = o->kind != OPT_FORMAT ? o->choices :
				     report_formats(l->arena, l->command->nouns);
	void *at = (char *)l->to + o->at;
	size_t i = 0;

	if (*l->source && is_set(o, at))
		at = &unused;
	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		return OPT_GO;
	case OPT_TEXT:
		if (!*value)
			return wrong(l, "%s is empty", name);
		is_public(o, value);
		*(const char **)at = value;
		return OPT_GO;
	case OPT_LIST:
		if (!*value)
			return wrong(l, "%s is empty", name);
		is_public(o, value);
		strv_add(at, l->arena, value);
		return OPT_GO;
	case OPT_FORMAT:
	case OPT_CHOICE:
		while (choices[i] && !str_eq(choices[i], value))
			i++;
		if (!choices[i])
			return wrong_choice(l, choices, name, value);
		*(const char **)at = choices[i];
		return OPT_GO;
	case OPT_SECONDS:
		if (!parse_seconds(value, at))
			return wrong(l, "%s cannot be '%s'; it is a time in seconds, 0.001 to "
				     "86400", name, value);
		return OPT_GO;
	case OPT_REFUSED:
	case OPT_HEADING:
		break;
	}
	return wrong(l, "there is no %s: %s", name, o->help);
}

static const struct opt *find(const struct opt *table, struct span name)
{
	for (const struct opt *o = table; o->help; o++)
		if (o->name && o->kind != OPT_HEADING && span_eq(name, o->name))
			return o;
	return NULL;
}

static int unknown_long(struct line *l, struct span name)
{
	struct strv names = { NULL, 0, 0 };
	const char *word = span_dup(l->arena, name), *near;

	strv_add(&names, l->arena, "help");
	for (const struct opt *o = l->command->table; o->help; o++)
		if (o->name && o->kind != OPT_HEADING && o->kind != OPT_REFUSED)
			strv_add(&names, l->arena, o->name);
	near = opt_near(word, names.v);
	if (near)
		return wrong(l, "there is no option --%s; did you mean --%s?", word, near);
	return wrong(l, "there is no option --%s; 'smtpwhy %s --help' lists them", word,
		     l->command->name);
}

static int long_option(struct line *l, const char *arg)
{
	const char *equals = strchr(arg, '=');
	struct span name = { arg, equals ? (size_t)(equals - arg) : strlen(arg) };
	const struct opt *o = find(l->command->table, name);
	const char *shown, *value = equals ? equals + 1 : NULL;

	if (span_eq(name, "help") && !equals) {
		opt_help(l->command, l->arena);
		return EXIT_GOOD;
	}
	if (!o)
		return unknown_long(l, name);
	shown = shown_name(l->arena, o, false);
	if (o->kind == OPT_FLAG && value)
		return wrong(l, "%s takes no value", shown);
	if (o->kind == OPT_FLAG || o->kind == OPT_REFUSED)
		return take(l, o, shown, "");
	if (!value) {
		if (l->next >= l->argc)
			return wrong(l, "%s needs a value: %s %s", shown, shown, o->value);
		value = l->argv[l->next++];
	}
	return take(l, o, shown, value);
}

static int short_options(struct line *l, const char *letters)
{
	while (*letters) {
		const struct opt *o = l->command->table;
		const char *shown, *value = letters + 1;
		int status;

		if (*letters == 'h') {
			opt_help(l->command, l->arena);
			return EXIT_GOOD;
		}
		while (o->help && (o->kind == OPT_HEADING || o->letter != *letters))
			o++;
		if (!o->help)
			return wrong(l, "there is no option -%c; 'smtpwhy %s --help' lists them",
				     *letters, l->command->name);
		shown = shown_name(l->arena, o, true);
		if (o->kind == OPT_FLAG) {
			take(l, o, shown, "");
			letters++;
			continue;
		}
		if (!*value) {
			if (l->next >= l->argc)
				return wrong(l, "%s needs a value: %s %s", shown, shown, o->value);
			value = l->argv[l->next++];
		}
		status = take(l, o, shown, value);
		return status;
	}
	return OPT_GO;
}

static int parse(struct line *l, struct strv *operands)
{
	bool options = true;

	while (l->next < l->argc) {
		const char *arg = l->argv[l->next++];
		int status = OPT_GO;

		if (options && str_eq(arg, "--"))
			options = false;
		else if (options && str_has_prefix(arg, "--"))
			status = long_option(l, arg + 2);
		else if (options && arg[0] == '-' && arg[1])
			status = short_options(l, arg + 1);
		else
			strv_add(operands, l->arena, arg);
		if (status != OPT_GO)
			return status;
	}
	for (size_t i = 0; i < operands->n; i++)
		redact_public(operands->v[i]);
	return OPT_GO;
}

int opt_parse(const struct opt_command *c, struct arena *a, int argc, char *const *argv, void *to,
	      struct strv *operands)
{
	return parse(&(struct line) { .command = c, .arena = a, .argc = argc,
				      .argv = (const char *const *)argv, .next = 1, .to = to,
				      .source = "" }, operands);
}

int opt_fill(const struct opt_command *c, struct arena *a, const struct strv *words,
	     const char *source, void *to)
{
	struct strv operands = { NULL, 0, 0 };

	return parse(&(struct line) { .command = c, .arena = a, .argc = (int)words->n,
				      .argv = words->v, .to = to, .source = source }, &operands);
}

int opt_test_text(const char *command, const char *option, const char *value, size_t most)
{
	for (const char *s = value; *s; s++)
		if ((unsigned char)*s < ' ' || *s == '\x7f')
			return opt_wrong(command, "--%s: control characters are in it", option);
	if (strlen(value) > most)
		return opt_wrong(command, "--%s is %zu bytes long; it can have %zu", option,
				 strlen(value), most);
	return OPT_GO;
}
