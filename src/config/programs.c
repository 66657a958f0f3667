/*
 * programs - all of them, as their rows say, and how each writes a setting.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/str.h"
#include "base/strv.h"
#include "base/tsv.h"
#include "config/read.h"

/* What rows can't say: a program without such code is its rows alone. */
extern const struct program_code code_django, code_webconfig, code_env, code_exim_debian, code_exim,
	code_git, code_gitea, code_gitlab, code_grafana, code_grafana_env, code_home_assistant,
	code_jenkins, code_keycloak, code_laravel, code_laravel_php, code_mattermost, code_msmtp,
	code_nextcloud, code_nodemailer, code_phpmailer, code_postfix, code_spring,
	code_spring_yaml, code_ssmtp, code_symfony, code_symfony_yaml, code_wordpress,
	code_wordpress_json;

static const struct program_code *const codes[] = {
	&code_django, &code_webconfig, &code_env, &code_exim_debian, &code_exim, &code_git,
	&code_gitea, &code_gitlab, &code_grafana, &code_grafana_env, &code_home_assistant,
	&code_jenkins, &code_keycloak, &code_laravel, &code_laravel_php, &code_mattermost,
	&code_msmtp, &code_nextcloud, &code_nodemailer, &code_phpmailer, &code_postfix,
	&code_spring, &code_spring_yaml, &code_ssmtp, &code_symfony, &code_symfony_yaml,
	&code_wordpress, &code_wordpress_json,
};

static const struct { const char *name; entries_parser *parse; } syntaxes[] = {
	{ "env", parse_environment }, { "ini", parse_ini }, { "git", parse_git },
	{ "properties", parse_properties }, { "yaml", parse_yaml }, { "json", parse_json },
	{ "xml", parse_xml }, { "php", parse_php }, { "python", parse_python },
	{ "ruby", parse_ruby }, { "js", parse_js }, { "words", parse_words },
	{ "pairs", parse_pairs },
};

/* --- the catalogue --- */

enum { PROGRAM, ROW, NAME, WORDS, MEANS, PORT };
static const char *const columns[] = { "program", "row", "name", "words", "means", "port", NULL };

/*
 * Made once, from tables that never change after that: the built-in one, and the user's own files
 * before it.
 */
struct catalogue {
	struct arena	*arena;
	struct program	**v;		/* ends with NULL */
	size_t		 n, cap;
	size_t		 files;		/* of the user's, so far */
};

static struct catalogue *catalogue;

static void add(struct catalogue *c, struct program *p, size_t at)
{
	c->v = arena_grow(c->arena, c->v, c->n, &c->cap, sizeof(*c->v));
	memmove(c->v + at + 1, c->v + at, (c->n - at) * sizeof(*c->v));
	c->v[at] = p;
	c->n++;
}

static struct program *find_id(const struct catalogue *c, const char *id, size_t own)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->v[i]->id, id) && c->v[i]->own == own)
			return c->v[i];
	return NULL;
}

static struct program *make(struct catalogue *c, const char *id, size_t own)
{
	struct program *p = arena_alloc(c->arena, sizeof(*p));

	*p = (struct program) { .id = arena_strdup(c->arena, id), .own = own };
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (str_eq(codes[i]->id, id))
			p->code = codes[i];
	p->parse = p->code ? p->code->parse : NULL;
	return p;
}

/* The cells live as long as the catalogue. own: 0 = built in, else the user's file's number. */
static void add_cells(struct catalogue *c, const struct program_row *row, const char *ids,
		      size_t own, size_t *first)
{
	struct strv all = { NULL, 0, 0 };

	strv_split(&all, c->arena, ids, '|');
	for (size_t i = 0; i < all.n; i++) {
		struct program *p = find_id(c, all.v[i], own);

		if (!p) {
			p = make(c, all.v[i], own);
			add(c, p, own ? (*first)++ : c->n);
		}
		p->rows = arena_grow(c->arena, p->rows, p->n, &p->cap, sizeof(*p->rows));
		p->rows[p->n++] = *row;
		for (size_t k = 0; str_eq(row->kind, "syntax") && k < ARRAY_LEN(syntaxes); k++)
			if (str_eq(syntaxes[k].name, row->words))
				p->parse = syntaxes[k].parse;
	}
}

static struct catalogue *all(void)
{
	const struct data_table *t;
	size_t first = 0;
	struct arena *a;

	if (catalogue)
		return catalogue;
	t = data_table_find("mail-programs.tsv");
	a = arena_new();
	catalogue = arena_alloc(a, sizeof(*catalogue));
	*catalogue = (struct catalogue) { .arena = a };
	for (size_t i = 1; i <= t->n; i++) {
		const struct program_row row = {
			data_cell(t, ROW, i), data_cell(t, NAME, i), data_cell(t, WORDS, i),
			data_cell(t, MEANS, i), data_cell(t, PORT, i),
		};

		add_cells(catalogue, &row, data_cell(t, PROGRAM, i), 0, &first);
	}
	add(catalogue, NULL, catalogue->n);
	catalogue->n--;
	return catalogue;
}

const struct program *const *programs_all(void)
{
	return (const struct program *const *)all()->v;
}

const char *program_row_fault(const struct program_row *row)
{
	static const char texts[] = "application|title|source|files|signs|with|image|host|port|"
				    "from|inherit|expert|generic|forms|literal|dotenv|unset-from",
		fields[] = "host|port|host-port|url|user|password|auth|from|to|helo|ca|cert|scope|"
			   "token-url|authority|client-id|client-secret|tenant|api",
		acts[] = "verify|auth|api|off|on|both|also|need|warn";

	if (str_eq(row->kind, "key"))
		return str_in(row->means, fields) && *row->name ? NULL :
		       "a key has a name, and means one of the fields";
	if (str_eq(row->kind, "tls"))
		return str_in(row->means, "none|opportunistic|starttls|implicit") ? NULL :
		       "tls means none, opportunistic, starttls or implicit";
	if (str_eq(row->kind, "line"))
		return *row->name && *row->words ? NULL : "a line has a name and words";
	if (str_eq(row->kind, "syntax")) {
		for (size_t i = 0; i < ARRAY_LEN(syntaxes); i++)
			if (str_eq(syntaxes[i].name, row->words))
				return NULL;
		return "it is written as env, ini, git, properties, yaml, json, xml, php, python, "
		       "ruby, js or words";
	}
	if (str_eq(row->kind, "called"))
		return (*row->name || *row->words) && *row->means ? NULL :
		       "called has a file's name or words, and means a program's name";
	if (str_in(row->kind, texts))
		return *row->words ? NULL : "its words are missing";
	if (str_in(row->kind, acts))
		return *row->name || str_eq(row->kind, "need") ? NULL : "a key is missing";
	return "no row of a program is called so";
}

/* The built-in program that one of the user's replaces, out of the list. */
static void drop(struct catalogue *c, const char *id, size_t own)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->v[i]->id, id) && c->v[i]->own != own) {
			memmove(c->v + i, c->v + i + 1, (c->n - i) * sizeof(*c->v));
			c->n--;
			i--;
		}
}

const char *programs_own(struct arena *a, const char *file, const char *bytes, size_t n)
{
	struct catalogue *c = all();
	const char *error = NULL;
	struct tsv *t = tsv_parse(c->arena, arena_strdup(c->arena, file),
				  arena_strndup(c->arena, bytes, n), n, columns, &error);
	size_t first = 0, own = ++c->files;

	for (size_t i = 0; t && i < t->n; i++) {
		const struct program_row row = {
			tsv_cell(t, i, ROW), tsv_cell(t, i, NAME), tsv_cell(t, i, WORDS),
			tsv_cell(t, i, MEANS), tsv_cell(t, i, PORT),
		};
		const char *fault = *tsv_cell(t, i, PROGRAM) ? program_row_fault(&row) :
				    "which program's row is it?";

		if (fault)
			return arena_printf(a, "%s:%d: column 'row': %s", file, tsv_line(t, i),
					    fault);
		add_cells(c, &row, tsv_cell(t, i, PROGRAM), own, &first);
	}
	for (size_t i = 0; t && i < first; i++) {
		const char *id = c->v[i]->id;

		if (!c->v[i]->parse || !*program_text(c->v[i], "files"))
			return arena_printf(a, "%s: %s needs the rows syntax and files", file, id);
		drop(c, id, own);
	}
	return error ? arena_strdup(a, error) : NULL;
}

/* --- rows --- */

const char *program_text(const struct program *p, const char *row)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->rows[i].kind, row))
			return p->rows[i].words;
	return "";
}

const char *program_name(const struct program *p)
{
	const char *name = program_text(p, "application");

	return *name ? name : p->id;
}

/* Can it stand between the quotes of any of them? */
static bool is_plain(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value <= ' ' || strchr("'\"\\`$#;<>&%{}", *value) ||
		    *value == '\x7f')
			return false;
	return true;
}

/* % is the value; of HOST:PORT the host, and ^ the port; \\n a line end. */
static char *filled(struct arena *a, const char *template, const char *value)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	const char *colon = strchr(template, '^') ? strrchr(value, ':') : NULL;

	for (; *template; template++) {
		if (*template == '%')
			buf_add(&b, value, colon ? (size_t)(colon - value) : strlen(value));
		else if (*template == '^')
			buf_adds(&b, colon ? colon + 1 : "");
		else if (*template == '\\' && template[1] == 'n' && template++)
			buf_addc(&b, '\n');
		else
			buf_addc(&b, *template);
	}
	return arena_strdup(a, buf_str(&b));
}

static void add_row(struct program_rows *rows, struct arena *a, const struct program_row *row,
		    const char *name)
{
	rows->v = arena_grow(a, rows->v, rows->n, &rows->cap, sizeof(*rows->v));
	rows->v[rows->n] = *row;
	rows->v[rows->n++].name = name;
}

void program_rows(const struct program *p, const char *kind, struct arena *a,
		  struct program_rows *ret)
{
	struct strv forms = { NULL, 0, 0 };

	*ret = (struct program_rows) { NULL, 0, 0 };
	strv_split(&forms, a, program_text(p, "forms"), '|');
	for (size_t i = 0; i < p->n; i++) {
		const struct program_row *row = &p->rows[i];
		struct strv names = { NULL, 0, 0 };

		if (!str_eq(row->kind, kind))
			continue;
		strv_split(&names, a, row->name, '|');
		if (!names.n)
			add_row(ret, a, row, "");
		for (size_t k = 0; k < names.n; k++) {
			if (*names.v[k] != '%')
				add_row(ret, a, row, names.v[k]);
			for (size_t f = 0; *names.v[k] == '%' && f < forms.n; f++)
				add_row(ret, a, row, filled(a, forms.v[f], names.v[k] + 1));
		}
	}
}

const char *settings_line(struct arena *a, const struct mail_settings *s, const char *what,
			  const char *value)
{
	struct program_rows lines;

	if (!is_plain(value))
		return NULL;
	program_rows(s->program, "line", a, &lines);
	for (size_t i = 0; i < lines.n; i++)
		if (str_eq(lines.v[i].name, what))
			return filled(a, lines.v[i].words, value);
	return NULL;
}
