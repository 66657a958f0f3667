/*
 * Cells of the tables: each kind of cell is read and checked in one place; mistakes are told with
 * file, line and column.
 */
#include "know/tables.h"

#include <stdarg.h>

#include "base/status.h"
#include "base/str.h"

static const struct column *column_of(const struct load *l, size_t column)
{
	return &table_kind(l->id)->columns[column];
}

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
	l->error = arena_printf(l->k->arena, "%s:%d: column '%s': %s", tsv_file(l->t, l->row),
				tsv_line(l->t, l->row), column_of(l, column)->name,
				arena_vprintf(l->k->arena, fmt, ap));
	va_end(ap);
	return false;
}

void load_place(const struct load *l, struct row_words *words)
{
	words->file = tsv_file(l->t, l->row);
	words->line = tsv_line(l->t, l->row);
}

/* --- texts and words --- */

void cell_text(struct load *l, size_t column, void *to)
{
	*(const char **)to = load_cell(l, column);
}

size_t placeholder_len(const char *p)
{
	static const char *const names[] = {
		"{user}", "{from}", "{to}", "{host}", "{port}", "{domain}", "{ip}", "{appid}",
		"{oid}",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_has_prefix(p, names[i]))
			return strlen(names[i]);
	}
	return 0;
}

void cell_filled(struct load *l, size_t column, void *to)
{
	const char *s = load_cell(l, column);

	cell_text(l, column, to);
	/* "{word}" that is none of ours would be printed with its braces. "{$_.User}" is
	 * PowerShell's and stays. */
	while (!l->sure && (s = strchr(s, '{'))) {
		size_t n = 1;

		while (ascii_is_alpha(s[n]))
			n++;
		if (n > 1 && s[n] == '}' && !placeholder_len(s))
			load_bad(l, column, "'%.*s' is no placeholder", (int)n + 1, s);
		s++;
	}
}

static const char *one_of(struct load *l, size_t column, const char *s, const char *const *words)
{
	unsigned flags = column_of(l, column)->flags;
	struct strv known = { 0 };

	if (!*s && !(flags & MUST))
		return s;
	for (size_t i = 0; words[i]; i++) {
		if (str_eq(words[i], s))
			return s;
		strv_add(&known, l->k->arena, words[i]);
	}
	load_bad(l, column, "'%s' is none of: %s%s", s, strv_join(&known, l->k->arena, ", "),
		 flags & AS_CAUSE ? ", or - for what the cause says" : "");
	return s;
}

void cell_word(struct load *l, size_t column, void *to)
{
	*(const char **)to = one_of(l, column, load_cell(l, column), column_of(l, column)->words);
}

void cell_confidence(struct load *l, size_t column, void *to)
{
	static const char *const words[] = { "official", "observed", "disputed", "expert", NULL };

	*(const char **)to = one_of(l, column, load_cell(l, column), words);
}

void cell_retry(struct load *l, size_t column, void *to)
{
	static const char *const words[] = { "no", "later", "yes", NULL };

	*(const char **)to = one_of(l, column, load_cell(l, column), words);
}

void cell_severity(struct load *l, size_t column, void *to)
{
	static const char *const words[] = { "error", "warning", "info", NULL };
	const char *s = one_of(l, column, load_cell(l, column), words);
	enum severity v = INFO;

	while (v < ERROR && !str_eq(severity_name(v), s))
		v++;
	*(enum severity *)to = v;
}

void cell_certainty(struct load *l, size_t column, void *to)
{
	static const char *const words[] = { "possible", "likely", "certain", NULL };
	const char *s = one_of(l, column, load_cell(l, column), words);
	enum certainty c = POSSIBLE;

	while (c < CERTAIN && !str_eq(certainty_name(c), s))
		c++;
	*(enum certainty *)to = c;
}

void cell_stage(struct load *l, size_t column, void *to)
{
	const char *s = load_cell(l, column);
	enum stage stage = stage_of(s);

	if (stage == STAGE_UNKNOWN && !(str_eq(s, "*") && (column_of(l, column)->flags & STAR)))
		load_bad(l, column, "'%s' is no stage", s);
	*(enum stage *)to = stage;
}

void cell_number(struct load *l, size_t column, void *to)
{
	unsigned long most = column_of(l, column)->most;

	if (!str_number(load_cell(l, column), most, to))
		load_bad(l, column, "'%s' is no number from 0 to %lu", load_cell(l, column), most);
}

void cell_pattern(struct load *l, size_t column, void *to)
{
	const char *text = load_cell(l, column);
	const struct pattern *p = *text && !l->sure ? pattern_new(l->k->arena, text) : NULL;

	cell_text(l, column, to);
	if (*text && !l->sure && (!p || pattern_is_any(p)))
		load_bad(l, column, "'%s' is no text to look for", text);
}

/* --- ids of other tables --- */

static void check_ref(struct load *l, size_t column, const char *id)
{
	const struct column *c = column_of(l, column);
	const struct table_kind *other = table_kind(c->table);

	if (!l->sure && !(str_eq(id, "*") && (c->flags & STAR)) && !table_has(l->k, c->table, id))
		load_bad(l, column, "'%s' is no %s of %s", id, other->noun, other->name);
}

void cell_ref(struct load *l, size_t column, void *to)
{
	const char *id = load_cell(l, column);

	if (*id)
		check_ref(l, column, id);
	*(const char **)to = id;
}

void cell_cause(struct load *l, size_t column, void *to)
{
	const char *id = load_cell(l, column);
	/* A row that is not checked yet is not followed: nor may the other one be. */
	if (l->sure)
		*(const struct cause **)to = know_cause(l->k, id);
	else if (!table_has(l->k, TABLE_CAUSES, id))
		load_bad(l, column, "'%s' is no cause of causes.txt", id);
}

/* --- lists --- */

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

struct strv load_list(struct load *l, size_t column)
{
	char sep = column_of(l, column)->sep;
	struct strv list = { 0 };
	const char *bad;

	strv_split(&list, l->k->arena, load_cell(l, column), sep ? sep : ',');
	bad = sets_expand(l->k, &list);
	if (bad)
		load_bad(l, column, "'%s' is no set of sets.tsv", bad);
	return list;
}

void cell_list(struct load *l, size_t column, void *to)
{
	*(struct strv *)to = load_list(l, column);
}

void cell_refs(struct load *l, size_t column, void *to)
{
	struct strv list = load_list(l, column);

	for (size_t i = 0; i < list.n; i++)
		check_ref(l, column, list.v[i]);
	*(struct strv *)to = list;
}

void cell_globs(struct load *l, size_t column, void *to)
{
	const struct column *c = column_of(l, column);
	const struct table_kind *other = table_kind(c->table);
	struct strv list = load_list(l, column);

	for (size_t i = 0; i < list.n && !l->sure; i++) {
		if (!table_has_like(l->k, c->table, list.v[i]))
			load_bad(l, column, "'%s' matches no %s of %s", list.v[i], other->noun,
				 other->name);
	}
	*(struct strv *)to = list;
}

/* --- who: "tenant-admin/security-admin" --- */

void cell_who(struct load *l, size_t column, void *to)
{
	static const char *const words[] = {
		"user", "developer", "tenant-admin", "network-admin", "dns-admin", "recipient",
		"provider", NULL,
	};
	const char *cell = load_cell(l, column);

	*(const char **)to = one_of(l, column,
				    arena_strndup(l->k->arena, cell, strcspn(cell, "/")), words);
}

/* The role of that id; NULL and a mistake kept when there is none. */
static const struct role *role_called(struct load *l, size_t column, const char *id)
{
	if (l->sure)
		return know_role(l->k, id);
	if (!table_has(l->k, TABLE_ROLES, id))
		load_bad(l, column, "'%s' is no role of roles.tsv", id);
	return NULL;
}

void cell_roles(struct load *l, size_t column, void *to)
{
	const char *cell = load_cell(l, column), *slash = strchr(cell, '/');
	struct strv *list = to;

	if (!slash)
		return;
	if (!str_has_prefix(cell, "tenant-admin/"))
		load_bad(l, column, "only tenant-admin has roles");
	strv_split(list, l->k->arena, slash + 1, ',');
	if (!list->n)
		load_bad(l, column, "no role behind the /");
	for (size_t i = 0; i < list->n && !l->sure; i++)
		role_called(l, column, list->v[i]);
}

/* --- fix: "where :: do :: command || where :: do :: command :: role" --- */

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
	return (struct fix_step) { where, act, str_eq(command, "-") ? "" : command,
				   s ? role_called(l, column, s) : NULL };
}

void cell_fix(struct load *l, size_t column, void *to)
{
	struct fix *f = to;
	const char *cell;
	char *s;
	size_t n = 1;

	cell_filled(l, column, &cell);
	if (!*cell)
		return;
	for (const char *p = cell; (p = strstr(p, " || ")); p++)
		n++;
	f->steps = arena_alloc(l->k->arena, n * sizeof(*f->steps));
	s = arena_strdup(l->k->arena, cell);
	while (s)
		f->steps[f->n++] = fix_step(l, column, next_piece(&s, " || "));
}
