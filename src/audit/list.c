/*
 * list - reads the list of an audit.
 */
#include "audit/list.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

enum { JSON_DEPTH = 4 };

#define AT(member) offsetof(struct list_target, member)

static const struct key { const char *name; size_t at; } keys[] = {
	{ "target", AT(target) }, { "host", AT(host) }, { "domain", AT(domain) },
	{ "client", AT(client) }, { "user", AT(user) }, { "from", AT(from) }, { "to", AT(to) },
	{ "path", AT(path) }, { "ports", AT(ports) }, { "password_file", AT(password_file) },
	{ "token_file", AT(token_file) },
};

static const char known[] = "target, host, domain, client, user, from, to, path, ports, "
			    "password_file, token_file";

static size_t key_of(struct span name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++)
		if (span_eq_nocase(name, keys[i].name))
			break;
	return i;
}

static const char *no_key(struct arena *a, struct span name)
{
	if (span_in(name, "password|token|secret|pass"))
		return arena_printf(a, "a list holds no secrets: name a file that does, in "
				    "password_file or token_file");
	return arena_printf(a, "'%s' is none of %s", str_escaped(a, name.p, name.len), known);
}

/*
 * One field of a line (RFC 4180, 2: one in quotes may hold separators, and a quote in it is
 * written twice). False when a quote is not closed, or something follows it.
 */
static bool take_field(struct scan *s, char separator, struct arena *a, struct span *ret)
{
	char stops[] = { separator, '\0' };
	char *text;
	size_t n = 0;

	if (separator != '\t')
		scan_blanks(s);
	if (!scan_accept(s, '"')) {
		*ret = span_trim(scan_until(s, stops));
		return true;
	}
	text = arena_alloc(a, scan_left(s) + 1);
	do {
		struct span part = scan_until(s, "\"");

		if (part.len)
			memcpy(text + n, part.p, part.len);
		n += part.len;
		if (!scan_accept(s, '"'))
			return false;
		text[n++] = '"';	/* kept if it is one of two */
	} while (scan_accept(s, '"'));
	*ret = span_trim((struct span) { text, n - 1 });
	if (separator != '\t')
		scan_blanks(s);
	return scan_peek(s) < 0 || scan_peek(s) == (unsigned char)separator;
}

/* The next line that says something; false at the end. */
static bool take_line(struct list *l, struct span *ret)
{
	static const char mark[] = "\xef\xbb\xbf";	/* of byte order, as Excel writes it */
	int64_t at = l->at;

	while (spool_line(l->from, at, LIST_LINE_MOST + 1, ret, &l->at)) {
		l->line++;
		l->begun = at;
		if (!at && span_has_prefix_nocase(*ret, mark))
			*ret = (struct span) { ret->p + strlen(mark), ret->len - strlen(mark) };
		if (span_trim(*ret).len && span_trim(*ret).p[0] != '#')
			return true;
		at = l->at;
	}
	return false;
}

static char separator_of(struct span line)
{
	static const char separators[] = ",;\t";

	for (size_t i = 0; separators[i]; i++)
		if (memchr(line.p, separators[i], line.len))
			return separators[i];
	return ',';
}

/* Is it a header? Then one of its fields is a name that no target has. */
static bool is_header(struct span line, char separator, struct arena *a)
{
	struct scan s = scan_span(line);
	struct span field;

	do {
		if (!take_field(&s, separator, a, &field))
			return false;
		if (key_of(field) < ARRAY_LEN(keys))
			return true;
	} while (scan_accept(&s, separator));
	return false;
}

static const char *read_header(struct list *l, struct arena *a, struct span line)
{
	struct scan s = scan_span(line);
	struct span field;

	do {
		size_t key;

		if (!take_field(&s, l->separator, a, &field))
			return "a quote is not closed in the header";
		key = key_of(field);
		if (key == ARRAY_LEN(keys))
			return arena_printf(a, "column %zu of the header: %s", l->n_columns + 1,
					    no_key(a, field));
		for (size_t i = 0; i < l->n_columns; i++)
			if (l->columns[i] == key)
				return arena_printf(a, "the header names %s twice",
						    keys[key].name);
		l->columns[l->n_columns++] = key;
	} while (scan_accept(&s, l->separator));
	return NULL;
}

const char *audit_list_begin(struct list *l, struct arena *a, struct spool *from)
{
	struct list start = { .form = LIST_PLAIN, .from = from };
	struct span line;

	*l = start;
	if (!take_line(l, &line))
		return NULL;
	line = span_trim(line);
	l->separator = separator_of(line);
	if (line.p[0] != '{' && is_header(line, l->separator, a)) {
		l->form = LIST_CSV;
		return read_header(l, a, line);
	}
	*l = start;
	l->form = line.p[0] == '{' ? LIST_JSON : LIST_PLAIN;
	return NULL;
}

static const char **value_at(struct list_target *t, size_t key)
{
	return (const char **)(void *)((char *)t + keys[key].at);
}

/* One value. NULL, or what is wrong with it. */
static const char *take_value(struct list_target *t, size_t key, struct arena *a,
			      struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == '\x7f')
			return arena_printf(a, "%s: there is a control character in it",
					    keys[key].name);
	*value_at(t, key) = span_dup(a, value);
	return NULL;
}

static const char *read_csv(struct list *l, struct arena *a, struct span line,
			    struct list_target *t)
{
	struct scan s = scan_span(line);
	const char *error = NULL;
	struct span field;
	size_t n = 0;

	do {
		if (!take_field(&s, l->separator, a, &field))
			return "a quote is not closed, or something stands behind it";
		if (n == l->n_columns)
			return arena_printf(a, "it has more fields than the header, which has %zu",
					    l->n_columns);
		error = take_value(t, l->columns[n++], a, field);
	} while (!error && scan_accept(&s, l->separator));
	return error;
}

static const char *read_json(struct arena *a, struct span line, struct list_target *t)
{
	_cleanup_(json_decrefp) json_t *j = NULL;
	const char *name, *error = NULL;
	json_error_t where;
	json_t *value;

	if (json_too_deep(line.p, line.len, JSON_DEPTH))
		return "brackets are nested too deep";
	j = json_loadb(line.p, line.len, JSON_REJECT_DUPLICATES, &where);
	if (!j)
		return arena_printf(a, "it is not JSON (column %d)", where.column);
	if (!json_is_object(j))
		return "it is not a JSON object";
	json_object_foreach(j, name, value) {
		size_t key = key_of(span_of(name));

		if (key == ARRAY_LEN(keys))
			return no_key(a, span_of(name));
		if (!json_is_string(value))
			return arena_printf(a, "%s: it is not a string", keys[key].name);
		error = take_value(t, key, a, (struct span) { json_string_value(value),
							      json_string_length(value) });
		if (error)
			return error;
	}
	return NULL;
}

/* What does not fit together, and what follows from the rest. */
static const char *complete(struct list_target *t)
{
	if (!*t->target)
		t->target = *t->host ? t->host : t->domain;
	else if (*t->host)
		return "target and host are both given: give one of them";
	if (!*t->target)
		return "there is no target: it needs a target, a host or a domain";
	if (!*t->client)
		t->client = *t->domain ? t->domain : t->target;
	if (*t->password_file && *t->token_file)
		return "password_file and token_file are both given: give one of them";
	if (!*t->user && (*t->password_file || *t->token_file))
		return "a credential needs a user";
	if (*t->user && !*t->password_file && !*t->token_file)
		return "a user needs password_file or token_file";
	if (str_eq(t->password_file, "-") || str_eq(t->token_file, "-"))
		return "a credential cannot be read from standard input";
	return NULL;
}

enum list_is audit_list_next(struct list *l, struct arena *a, struct list_target *ret,
			     const char **ret_error)
{
	struct list_target t = { .line = 0 };
	const char *error = NULL;
	struct span line;

	if (!take_line(l, &line))
		return LIST_END;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		*value_at(&t, i) = "";
	t.line = l->line;
	t.at = l->begun;
	if (line.len > LIST_LINE_MOST)
		error = "it is longer than 16 kB";
	else if (l->form == LIST_CSV)
		error = read_csv(l, a, line, &t);
	else if (l->form == LIST_JSON)
		error = read_json(a, span_trim(line), &t);
	else if (span_has_any(line, ",|;|\t"))
		error = "it has columns, and the first line of the list does not name them "
			"(target, client, user, password_file ...)";
	else
		error = take_value(&t, 0, a, span_trim(line));
	if (!error)
		error = complete(&t);
	if (error) {
		*ret_error = error;
		return LIST_BAD;
	}
	*ret = t;
	return LIST_TARGET;
}

enum list_is audit_list_at(const struct list *l, struct arena *a, int64_t at, unsigned line,
			   struct list_target *ret, const char **ret_error)
{
	struct list there = *l;

	there.at = at;
	there.line = line - 1;
	return audit_list_next(&there, a, ret, ret_error);
}
