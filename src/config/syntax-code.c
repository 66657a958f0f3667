/*
 * syntax-code - the literals in a program's source: what is assigned, what an array or an object
 * holds, what a call is given.
 *
 *	EMAIL_PORT = 587			"EMAIL_PORT"
 *	'smtp' => ['host' => env('X', 'y')]	"smtp.host", value y, or variable X
 *	gitlab_rails['smtp_port'] = 587		"gitlab_rails.smtp_port"
 *	define('WPMS_ON', true)			"WPMS_ON"
 *	createTransport({ auth: { user } })	"createTransport.auth.user"; each call is
 *						a group of its own
 *
 * Nothing is run. What is not a literal, nor one of the usual ways to ask the environment,
 * is a value that isn't known. It never fails: source that makes no sense gives entries
 * that nobody asks for.
 */
#include "config/code.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

static void items(struct code *c, const char *prefix, int closer, int depth);
static void value(struct code *c, const char *path, int depth);

static bool is(const struct code *c, const char *punct)
{
	return c->token.kind == TOKEN_PUNCT && str_eq(c->token.text, punct);
}

static bool eat(struct code *c, const char *punct)
{
	if (!is(c, punct))
		return false;
	code_next(c);
	return true;
}

/* Is the expression over here? */
static bool at_end(const struct code *c)
{
	return c->token.kind == TOKEN_END || c->token.kind == TOKEN_LINE || is(c, ",") ||
	       is(c, ";") || is(c, ")") || is(c, "]") || is(c, "}");
}

static struct entry *add(struct code *c, const char *path, unsigned line, const char *text,
			 const char *variable)
{
	struct entry *entry = *path ? entries_add(c->e, line, path, text) : NULL;

	if (entry)
		entry->variable = variable;
	return entry;
}

/*
 * A name with its parts: "process.env.PORT", "gitlab_rails.smtp_port" (it was written with
 * brackets), "$mail->Host" as "mail.Host".
 */
static const char *name_chain(struct code *c)
{
	const char *name = arena_strdup(c->e->arena, c->token.text);

	code_next(c);
	for (int parts = 0; parts < 8; parts++) {
		struct code before = *c;

		if (eat(c, ".") || eat(c, "->") || eat(c, "::") || eat(c, "?.")) {
			if (c->token.kind == TOKEN_WORD) {
				name = key_join(c->e, name, c->token.text);
				code_next(c);
				continue;
			}
		} else if (eat(c, "[")) {
			eat(c, ":");
			if (c->token.kind == TOKEN_TEXT || c->token.kind == TOKEN_WORD) {
				const char *part = c->token.text;

				code_next(c);
				if (eat(c, "]")) {
					name = key_join(c->e, name, part);
					continue;
				}
			}
		}
		*c = before;
		break;
	}
	return name;
}

static bool asks_environment(const char *name)
{
	static const char names[] =
		"env|env.*|getenv|os.getenv|os.environ.get|environ.get|config|ENV.fetch|"
		"getenv_docker|Deno.env.get|Env.get|configService.get|"
		"this.configService.get|config.get|process.env.get";

	return str_globs(names, name);
}

/* What only changes the type of its argument. */
static bool is_conversion(const char *name)
{
	return str_in(name,
		      "int|Number|parseInt|str|String|bool|Boolean|intval|Integer|config_bool");
}

/* Behind "env(": the variable, and the default when it is a literal. */
static void environment(struct code *c, const char *path, unsigned line)
{
	const char *variable = c->token.kind == TOKEN_TEXT ? c->token.text :
			       "an environment variable",
		*text = NULL;
	int depth = 1;

	while (c->token.kind != TOKEN_END && depth > 0) {
		if (is(c, "(") || is(c, "[") || is(c, "{"))
			depth++;
		else if (is(c, ")") || is(c, "]") || is(c, "}"))
			depth--;
		if (depth == 1 && eat(c, ",")) {
			struct code before = *c;

			/* default='x' */
			if (c->token.kind == TOKEN_WORD) {
				code_next(c);
				if (!eat(c, "="))
					*c = before;
			}
			if (c->token.kind == TOKEN_TEXT || c->token.kind == TOKEN_NUMBER ||
			    code_is_constant(&c->token))
				text = c->token.text;
			if (is(c, ")"))
				continue;
		}
		code_next(c);
	}
	add(c, path, line, text, variable);
}

/* "process.env.X || 'y'", "process.env.X ?? 587": what stands in for it. */
static void variable(struct code *c, const char *path, unsigned line, const char *name)
{
	const char *text = NULL;

	if (eat(c, "||") || eat(c, "??") || eat(c, "?:")) {
		if (c->token.kind == TOKEN_TEXT || c->token.kind == TOKEN_NUMBER) {
			text = c->token.text;
			code_next(c);
		}
	}
	add(c, path, line, text, name);
}

/* What an earlier assignment gave a name; NULL. */
static const struct entry *constant(const struct code *c, const char *name)
{
	const struct entry *best = NULL;

	for (const struct entry *i = c->e->first; i; i = i->next)
		if (i->value && str_eq(i->key, name))
			best = i;
	return best;
}

/* The members of an object that an earlier assignment gave a name, as those of the path. */
static bool copy_members(struct code *c, const char *path, const char *name)
{
	const struct entry *last = NULL, *i = c->e->first;
	size_t n = strlen(name), left = 64;
	bool any = false;

	for (; i; i = i->next)
		last = i;
	for (i = c->e->first; last && i != last->next && left; i = i->next) {
		struct entry *copy;

		if (strncmp(i->key, name, n) != 0 || i->key[n] != '.')
			continue;
		copy = add(c, key_join(c->e, path, i->key + n + 1), i->line, i->value, i->variable);
		if (copy)
			copy->quoted = i->quoted;
		any = true;
		left--;
	}
	return any;
}

/* A name somewhere in an expression. */
static void named(struct code *c, const char *path, int depth)
{
	const char *name, *last;
	unsigned line = c->token.line;
	const struct entry *known;

	if (code_is_constant(&c->token)) {
		const char *text = c->token.text;

		code_next(c);
		if (at_end(c) && !str_eq(text, "None") && !str_eq(text, "null") &&
		    !str_eq(text, "NULL") && !str_eq(text, "nil") && !str_eq(text, "undefined"))
			add(c, path, line, text, NULL);
		return;
	}
	name = name_chain(c);
	last = strrchr(name, '.');
	last = last ? last + 1 : name;
	if (depth < ENTRIES_DEPTH && eat(c, "(")) {
		if (asks_environment(name)) {
			environment(c, path, line);
		} else if (is_conversion(name)) {
			value(c, path, depth + 1);
			items(c, "", ')', depth + 1);
		} else if (str_eq_nocase(name, "array")) {
			items(c, path, ')', depth + 1);
		} else {
			if (str_eq(last, "createTransport"))
				c->e->groups++;
			if (str_eq_nocase(last, "starttls"))
				add(c, "starttls", line, "true", NULL);
			add(c, path, line, NULL, "a call");
			items(c, last, ')', depth + 1);
		}
		return;
	}
	if (str_glob("*env.*", name) || str_glob("*ENV.*", name) || str_glob("*environ.*", name)) {
		variable(c, path, line, last);
		return;
	}
	known = *path && at_end(c) ? constant(c, name) : NULL;
	if (known)
		add(c, path, known->line, known->value, NULL);
	else if (!*path || !at_end(c) || !copy_members(c, path, name))
		add(c, path, line, NULL, name);
}

/* Something before a $, and behind it the name of a variable that nothing was assigned to. */
static bool is_dollar_lost(const struct code *c, const char *text)
{
	const char *dollar = strchr(text, '$');
	size_t n = 0;

	if (!dollar || dollar == text || dollar[-1] == '{' || !ascii_is_alpha(dollar[1]))
		return false;
	while (ascii_is_alnum(dollar[1 + n]) || dollar[1 + n] == '_')
		n++;
	return !constant(c, arena_strndup(c->e->arena, dollar + 1, n));
}

static void value(struct code *c, const char *path, int depth)
{
	unsigned line;
	const char *text;
	struct entry *entry;

	if (c->language == CODE_RUBY && eat(c, ":") && c->token.kind == TOKEN_WORD)
		c->token.kind = TOKEN_TEXT;	/* a symbol */
	line = c->token.line;
	text = c->token.text;

	if (c->token.kind == TOKEN_TEXT || c->token.kind == TOKEN_NUMBER) {
		bool computed = c->token.computed, quoted = c->token.kind == TOKEN_TEXT;

		code_next(c);
		computed = computed || !at_end(c);
		entry = add(c, path, line, computed ? NULL : text,
			    computed ? "an expression" : NULL);
		if (entry)
			entry->quoted = quoted;
		if (computed && quoted && c->language == CODE_PHP && is_dollar_lost(c, text))
			entry_fault(c->e, entry, "lint.dollar-replaced", INFO, ERROR,
				    "In double quotes PHP takes a $ with a letter behind it for a "
				    "variable, and this file has none of that name",
				    "put the value in single quotes");
	} else if (c->token.kind == TOKEN_WORD) {
		if (str_in(text, "new|await|return"))
			code_next(c);
		if (c->token.kind == TOKEN_WORD)
			named(c, path, depth);
	} else if (depth < ENTRIES_DEPTH && eat(c, "{")) {
		items(c, path, '}', depth + 1);
	} else if (depth < ENTRIES_DEPTH && eat(c, "[")) {
		items(c, path, ']', depth + 1);
	} else if (depth < ENTRIES_DEPTH && eat(c, "(")) {
		items(c, path, ')', depth + 1);
	} else {
		code_next(c);
	}
}

/* "define('NAME', value)", "props.put("NAME", value)", "user_pref("NAME", value)". */
static bool definition(struct code *c, int depth)
{
	struct code before = *c;
	const char *name, *last;

	if (c->token.kind == TOKEN_WORD) {
		name = name_chain(c);
		last = strrchr(name, '.');
		if (str_in(last ? last + 1 : name,
			   c->language == CODE_PHP ? "define|DEFINE" :
			   "put|setProperty|user_pref|pref|lockPref|defaultPref") &&
		    eat(c, "(") && c->token.kind == TOKEN_TEXT) {
			name = c->token.text;
			code_next(c);
			if (eat(c, ",")) {
				value(c, name, depth);
				return true;
			}
		}
	}
	*c = before;
	return false;
}

/*
 * A name and what makes it a key: "=>", ":" or "=". NULL, and nothing is moved, when none is here.
 */
static const char *key_here(struct code *c, int closer)
{
	struct code before = *c;
	const char *name;

	if (c->language == CODE_RUBY)	/* a symbol */
		eat(c, ":");
	if (c->token.kind == TOKEN_TEXT) {
		name = c->token.text;
		code_next(c);
	} else if (c->token.kind == TOKEN_WORD) {
		while (c->token.kind == TOKEN_WORD &&
		       str_in(c->token.text, "const|let|var|export|public|private|protected|"
			      "static|readonly|string|int|bool"))
			code_next(c);
		if (c->token.kind != TOKEN_WORD) {
			*c = before;
			return NULL;
		}
		name = name_chain(c);
	} else {
		*c = before;
		return NULL;
	}
	if (eat(c, "=>") || eat(c, "="))
		return name;
	if (closer && eat(c, ":"))
		return name;
	if (!closer && c->language == CODE_PYTHON && eat(c, ":")) {	/* an annotated name */
		if (c->token.kind == TOKEN_WORD) {
			code_next(c);
			if (eat(c, "="))
				return name;
		}
	}
	/* { host, port }: short for host: host */
	if (closer == '}' && c->language == CODE_JS && before.token.kind == TOKEN_WORD &&
	    (is(c, ",") || is(c, "}"))) {
		c->token = before.token;
		c->s = before.s;
		c->line = before.line;
		return name;
	}
	*c = before;
	return NULL;
}

/* Of a call the first argument, and what objects hold, has its name; the others are NAME(1) ... */
static const char *member(struct code *c, const char *prefix, int closer, unsigned argument)
{
	if (!argument || closer != ')' || is(c, "{") || !*prefix)
		return prefix;
	return arena_printf(c->e->arena, "%.*s(%u)", ENTRIES_KEY, prefix, argument);
}

/* Members up to the closer: keys with values, and single values, which belong to the prefix. */
static void items(struct code *c, const char *prefix, int closer, int depth)
{
	char end[2] = { (char)closer, '\0' };
	bool fresh = true;
	unsigned argument = 0;

	while (c->token.kind != TOKEN_END && !c->e->error) {
		const char *key;
		bool block;

		if (closer && eat(c, end))
			return;
		if (c->token.kind == TOKEN_LINE || is(c, ",") || is(c, ";")) {
			argument += is(c, ",");
			fresh = true;
			code_next(c);
			continue;
		}
		if ((c->language == CODE_PHP || (c->language == CODE_JS && fresh)) &&
		    definition(c, depth))
			continue;
		block = is(c, "{");
		key = fresh || closer ? key_here(c, closer) : NULL;
		if (key)
			value(c, key_join(c->e, prefix, key), depth);
		else
			value(c, fresh && closer ? member(c, prefix, closer, argument) : "",
			      depth);
		fresh = block && !key;	/* a statement begins behind a block, too */
	}
}

static bool parse(struct entries *e, const char *p, size_t n, enum code_language language)
{
	struct code c;

	code_begin(&c, e, language, p, n);
	/* A closer too many must not end the reading. */
	while (c.token.kind != TOKEN_END && !e->error)
		items(&c, "", 0, 0);
	return !e->error;
}

bool parse_php(struct entries *e, const char *p, size_t n)
{
	return parse(e, p, n, CODE_PHP);
}

bool parse_python(struct entries *e, const char *p, size_t n)
{
	return parse(e, p, n, CODE_PYTHON);
}

bool parse_ruby(struct entries *e, const char *p, size_t n)
{
	return parse(e, p, n, CODE_RUBY);
}

bool parse_js(struct entries *e, const char *p, size_t n)
{
	return parse(e, p, n, CODE_JS);
}
