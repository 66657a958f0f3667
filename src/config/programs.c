/*
 * programs - all of them, and how each writes a setting.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "config/read.h"

extern const struct program program_django, program_dotnet, program_webconfig, program_env, program_exim_debian, program_exim,
	program_git, program_gitea,
	program_gitlab, program_grafana, program_grafana_env, program_home_assistant, program_jenkins, program_keycloak, program_laravel,
		program_laravel_php,
	program_mattermost, program_msmtp, program_nextcloud, program_nodemailer, program_phpmailer, program_postfix, program_spring,
		program_spring_yaml,
	program_ssmtp, program_symfony, program_symfony_yaml, program_wordpress, program_wordpress_json;

const struct program *const programs[] = {
	&program_django, &program_dotnet, &program_webconfig, &program_env, &program_exim_debian, &program_exim, &program_git,
	&program_gitea,
	&program_gitlab, &program_grafana, &program_grafana_env, &program_home_assistant, &program_jenkins, &program_keycloak,
	&program_laravel,
	&program_laravel_php, &program_mattermost, &program_msmtp, &program_nextcloud, &program_nodemailer, &program_phpmailer,
	&program_postfix,
	&program_spring, &program_spring_yaml, &program_ssmtp, &program_symfony, &program_symfony_yaml, &program_wordpress,
	&program_wordpress_json, NULL,
};

/* Can it stand between the quotes of any of them? */
static bool is_plain(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value <= ' ' || strchr("'\"\\`$#;<>&%{}", *value) || *value == '\x7f')
			return false;
	return true;
}

/* % is the value; of HOST:PORT the host, and ^ the port. */
static char *filled(struct arena *a, const char *template, const char *value)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	const char *colon = strchr(template, '^') ? strrchr(value, ':') : NULL;

	for (; *template; template++) {
		if (*template == '%')
			buf_add(&b, value, colon ? (size_t)(colon - value) : strlen(value));
		else if (*template == '^')
			buf_adds(&b, colon ? colon + 1 : "");
		else
			buf_addc(&b, *template);
	}
	return arena_strdup(a, buf_str(&b));
}

const char *settings_line(struct arena *a, const struct mail_settings *s, const char *what, const char *value)
{
	const struct line_row *lines = NULL;

	for (size_t i = 0; programs[i] && !lines; i++)
		if (programs[i] == s->program)
			lines = programs[i]->lines;
	for (; lines && lines->what && is_plain(value); lines++)
		if (str_eq(lines->what, what))
			return filled(a, lines->line, value);
	return NULL;
}
