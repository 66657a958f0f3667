/*
 * programs - all of them, and how each writes a setting.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/read.h"

extern const struct program program_django, program_dotnet, program_webconfig, program_env,
	program_exim_debian, program_exim, program_git, program_gitea,
	program_gitlab, program_grafana, program_grafana_env, program_home_assistant,
	program_jenkins, program_keycloak, program_laravel, program_laravel_php,
	program_mattermost, program_msmtp, program_nextcloud, program_nodemailer, program_phpmailer,
	program_postfix, program_spring, program_spring_yaml, program_ssmtp, program_symfony,
	program_symfony_yaml, program_wordpress, program_wordpress_json;

const struct program *const programs[] = {
	&program_django, &program_dotnet, &program_webconfig, &program_env, &program_exim_debian,
	&program_exim, &program_git,
	&program_gitea,
	&program_gitlab, &program_grafana, &program_grafana_env, &program_home_assistant,
	&program_jenkins, &program_keycloak,
	&program_laravel,
	&program_laravel_php, &program_mattermost, &program_msmtp, &program_nextcloud,
	&program_nodemailer, &program_phpmailer,
	&program_postfix,
	&program_spring, &program_spring_yaml, &program_ssmtp, &program_symfony,
	&program_symfony_yaml, &program_wordpress,
	&program_wordpress_json, NULL,
};

enum { PROGRAM, ROW, NAME, WORDS, MEANS, PORT };	/* the columns */

static const struct data_table *table(void)
{
	return data_table_find("mail-programs.tsv");
}

/* Is row i one of this kind of the program's? */
static bool is_row(const struct data_table *t, size_t i, const struct program *p, const char *kind)
{
	return str_eq(data_cell(t, ROW, i), kind) && str_globs(data_cell(t, PROGRAM, i), p->id);
}

const char *program_text(const struct program *p, const char *row)
{
	const struct data_table *t = table();

	for (size_t i = 1; i <= t->n; i++)
		if (is_row(t, i, p, row))
			return data_cell(t, WORDS, i);
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
	const struct data_table *t = table();
	struct strv forms = { NULL, 0, 0 };

	*ret = (struct program_rows) { NULL, 0, 0 };
	strv_split(&forms, a, program_text(p, "forms"), '|');
	for (size_t i = 1; i <= t->n; i++) {
		const struct program_row row = {
			data_cell(t, NAME, i), data_cell(t, WORDS, i), data_cell(t, MEANS, i),
			data_cell(t, PORT, i),
		};
		struct strv names = { NULL, 0, 0 };

		if (!is_row(t, i, p, kind))
			continue;
		strv_split(&names, a, row.name, '|');
		if (!names.n)
			add_row(ret, a, &row, "");
		for (size_t k = 0; k < names.n; k++) {
			if (*names.v[k] != '%')
				add_row(ret, a, &row, names.v[k]);
			for (size_t f = 0; *names.v[k] == '%' && f < forms.n; f++)
				add_row(ret, a, &row, filled(a, forms.v[f], names.v[k] + 1));
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
