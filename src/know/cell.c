/*
 * Cells of the tables: each kind of cell read and checked in one place, mistakes told with file, line and column.
 */
#include "know/tables.h"

#include <stdarg.h>

#include "base/str.h"

const char *load_cell(const struct load *l, size_t column)
{
	return tsv_cell(l->t, l->row, column);
}

bool load_bad(struct load *l, size_t column, const char *fmt, ...)
{
	va_list ap;

	if (l->error)
		return false;
	va_start(ap, fmt);
	l->error = arena_printf(l->k->arena, "%s:%d: column '%s': %s", l->t->name, tsv_line(l->t, l->row),
				l->t->columns[column], arena_vprintf(l->k->arena, fmt, ap));
	va_end(ap);
	return false;
}

const char *load_must(struct load *l, size_t column)
{
	const char *s = load_cell(l, column);

	if (!*s)
		load_bad(l, column, "must not be empty");
	return s;
}

static const char *one_of(struct load *l, size_t column, const char *s, const char *const *words, bool may_be_empty)
{
	struct strv known = { 0 };

	if (!*s && may_be_empty)
		return s;
	for (size_t i = 0; words[i]; i++) {
		if (str_eq(words[i], s))
			return s;
	}
	for (size_t i = 0; words[i]; i++)
		strv_add(&known, l->k->arena, words[i]);
	load_bad(l, column, "'%s' is none of: %s%s", s, strv_join(&known, l->k->arena, ", "), may_be_empty ? ", or - for what the cause says" : "");
	return s;
}

const char *load_word(struct load *l, size_t column, const char *const *words, bool may_be_empty)
{
	return one_of(l, column, load_cell(l, column), words, may_be_empty);
}

const char *load_who(struct load *l, size_t column, bool may_be_empty)
{
	static const char *const words[] = {
		"user", "developer", "tenant-admin", "network-admin", "dns-admin", "recipient", "provider", NULL,
	};

	const char *cell = load_cell(l, column);

	return one_of(l, column, arena_strndup(l->k->arena, cell, strcspn(cell, "/")), words, may_be_empty);
}

const char *load_retry(struct load *l, size_t column, bool may_be_empty)
{
	static const char *const words[] = { "no", "later", "yes", NULL };

	return load_word(l, column, words, may_be_empty);
}

const char *load_confidence(struct load *l, size_t column)
{
	static const char *const words[] = { "official", "observed", "disputed", "expert", NULL };

	return load_word(l, column, words, false);
}

enum severity load_severity(struct load *l, size_t column)
{
	const char *s = load_cell(l, column);

	for (enum severity v = INFO; v <= ERROR; v++)
		if (str_eq(severity_name(v), s))
			return v;
	load_bad(l, column, "'%s' is none of: error, warning, info", s);
	return INFO;
}

enum certainty load_certainty(struct load *l, size_t column)
{
	const char *s = load_cell(l, column);

	for (enum certainty c = POSSIBLE; c <= CERTAIN; c++) {
		if (str_eq(certainty_name(c), s))
			return c;
	}
	load_bad(l, column, "'%s' is none of: possible, likely, certain", s);
	return POSSIBLE;
}

const char *load_cause_id(struct load *l, size_t column)
{
	const char *id = load_cell(l, column);

	if (!l->sure && !cause_exists(l->k, id))
		load_bad(l, column, "'%s' is no cause of causes.tsv", id);
	return id;
}

const struct cause *load_cause(struct load *l, size_t column)
{
	return know_cause(l->k, load_cause_id(l, column));
}

void load_unique(struct load *l, enum table_id id, size_t column)
{
	if (!l->sure && table_find(l->k, id, column, load_cell(l, column)) != l->row)
		load_bad(l, column, "'%s' is there twice", load_cell(l, column));
}

void load_pattern(struct load *l, size_t column, const struct pattern **made)
{
	const char *text = load_cell(l, column);
	const struct pattern *p = pattern_once(l->k, text, made);

	if (*text && (!p || pattern_is_any(p)))
		load_bad(l, column, "'%s' is no text to look for", text);
}

bool list_next(struct span *rest, char sep, struct span *ret)
{
	while (rest->len) {
		const char *end = memchr(rest->p, sep, rest->len);
		size_t n = end ? (size_t)(end - rest->p) : rest->len;

		*ret = span_trim((struct span) { rest->p, n });
		n += end != NULL;
		rest->p += n;
		rest->len -= n;
		if (ret->len)
			return true;
	}
	return false;
}

struct strv load_list(struct load *l, size_t column, char sep)
{
	struct strv list = { 0 };

	strv_split(&list, l->k->arena, load_cell(l, column), sep);
	return list;
}

struct strv load_cause_globs(struct load *l, size_t column)
{
	struct strv list = load_list(l, column, ',');

	for (size_t i = 0; i < list.n; i++) {
		if (!l->sure && !cause_like_exists(l->k, list.v[i]))
			load_bad(l, column, "'%s' matches no cause of causes.tsv", list.v[i]);
	}
	return list;
}

struct strv load_causes(struct load *l, size_t column)
{
	struct strv list = load_list(l, column, ',');

	for (size_t i = 0; i < list.n; i++) {
		if (!l->sure && !cause_exists(l->k, list.v[i]))
			load_bad(l, column, "'%s' is no cause of causes.tsv", list.v[i]);
	}
	return list;
}

/* --- fix: "where :: do :: command || where :: do :: command :: role" --- */

size_t placeholder_len(const char *p)
{
	static const char *const names[] = { "{user}", "{from}", "{to}", "{host}", "{port}", "{domain}", "{ip}", "{appid}", "{oid}" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_has_prefix(p, names[i]))
			return strlen(names[i]);
	}
	return 0;
}

/* "{word}" that is none of ours would be printed with its braces. "{$_.User}" is PowerShell's and stays. */
static bool placeholders_known(struct load *l, size_t column, const char *s)
{
	while ((s = strchr(s, '{'))) {
		size_t n = 1;

		while (ascii_is_alpha(s[n]))
			n++;
		if (n > 1 && s[n] == '}' && !placeholder_len(s))
			return load_bad(l, column, "'%.*s' is no placeholder", (int)n + 1, s);
		s++;
	}
	return true;
}

const char *load_filled(struct load *l, size_t column)
{
	const char *s = load_cell(l, column);

	placeholders_known(l, column, s);
	return s;
}

/* Cuts *s at the separator; the piece, and *s behind it (NULL after the last). */
static char *next_piece(char **s, const char *separator)
{
	char *piece = *s, *end = strstr(piece, separator);

	*s = NULL;
	if (end) {
		*end = '\0';
		*s = end + strlen(separator);
	}
	return piece;
}

static struct fix_step fix_step(struct load *l, size_t column, char *s)
{
	char *where = next_piece(&s, " :: ");
	char *act = s ? next_piece(&s, " :: ") : NULL;
	char *command = s ? next_piece(&s, " :: ") : NULL;

	if (!act || !command || !*where || !*act) {
		load_bad(l, column, "a step is written as 'where :: do :: command'");
		return (struct fix_step) { "", "", "", NULL };
	}
	return (struct fix_step) { where, act, str_eq(command, "-") ? "" : command, s ? load_role(l, column, s) : NULL };
}

struct fix load_fix(struct load *l, size_t column)
{
	struct fix f = { 0 };
	char *s = arena_strdup(l->k->arena, load_cell(l, column));
	size_t n = 1;

	if (!*s || !placeholders_known(l, column, s))
		return f;
	for (const char *p = s; (p = strstr(p, " || ")); p++)
		n++;
	f.steps = arena_alloc(l->k->arena, n * sizeof(*f.steps));
	while (s)
		f.steps[f.n++] = fix_step(l, column, next_piece(&s, " || "));
	return f;
}
