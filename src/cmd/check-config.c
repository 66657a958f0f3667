/*
 * check-config - another program's mail settings as options of the check.
 */
#include "cmd/check-config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/check-options.h"
#include "cmd/cmd.h"
#include "cmd/config-file.h"

static int several(struct arena *a, const char *file, const struct mail_settings *list,
		   const char *name)
{
	struct strv names = { NULL, 0, 0 };

	for (const struct mail_settings *s = list; s; s = s->next)
		strv_addf(&names, a, "%s#%s", file, s->name);
	if (name)
		return opt_wrong("check",
				 "--from-config: there are no settings '%s' in %s; there are %s",
				 name, file, strv_join(&names, a, " "));
	return opt_wrong("check", "--from-config: there are several settings in %s; which? %s",
			 file, strv_join(&names, a, " "));
}

/*
 * What is written there is not what it should be, and may be a secret: only its place is
 * printed.
 */
static int not_usable(const char *file, const struct setting *s, const char *what,
		      const char *instead)
{
	return opt_wrong("check", "--from-config: %s:%u: %s is not %s (%s, not shown)%s",
			 s->file ? s->file : file, s->line, s->key,
			 what, s->shape, instead);
}

static int choose(struct arena *a, const char *file, const char *name, struct check_config *c)
{
	for (struct mail_settings *s = c->list; s && name; s = s->next)
		if (str_eq(s->name, name))
			c->chosen = s;
	if (!name && !c->list->next)
		c->chosen = c->list;
	if (!c->chosen)
		return several(a, file, c->list, name);
	if (c->chosen->api.value) {
		opt_wrong("check", "--from-config: %s sends by %s, not by SMTP: there is no server "
			  "to ask. 'smtpwhy lint %s' judges the settings",
			  file, c->chosen->api.value, file);
		return EXIT_UNTESTED;
	}
	if (c->chosen->host.shape)
		return not_usable(file, &c->chosen->host, "a host name", "");
	if (c->chosen->port.shape)
		return not_usable(file, &c->chosen->port, "a port", "");
	if (!c->chosen->host.value) {
		opt_wrong("check", "--from-config: the mail server is not in %s%s%s", file,
			  c->chosen->host.line ? ": it comes from elsewhere, by " : "",
			  c->chosen->host.line ? c->chosen->host.key : "");
		return EXIT_UNTESTED;
	}
	return OPT_GO;
}

static int read_file(struct arena *a, const char *spec, struct check_config *ret)
{
	const char *hash = strrchr(spec, '#'), *file = spec, *name = NULL;
	int status;

	if (hash && hash > spec && access(spec, F_OK) != 0) {
		file = arena_strndup(a, spec, (size_t)(hash - spec));
		name = hash + 1;
	}
	status = config_file_read(a, "check", file, NULL, &ret->list);
	return status == OPT_GO ? choose(a, file, name, ret) : status;
}

void check_config_release(struct check_config *c)
{
	settings_free(c->list);
	c->list = c->chosen = NULL;
}

/* Words that go into a command of SMTP. */
static const char *one_word(const char *s, const char *needs)
{
	if (!s || (*needs && !strpbrk(s, needs)))
		return NULL;
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == '<' || *p == '>' || *p == '\x7f')
			return NULL;
	return s;
}

static const char *mechanism(const char *auth)
{
	static const char *const known[] = { "login", "plain", "xoauth2", "oauthbearer" };

	for (size_t i = 0; auth && i < ARRAY_LEN(known); i++)
		if (str_eq(auth, known[i]))
			return known[i];
	return NULL;
}

static void fill(const char **option, const char *value)
{
	if (!**option && value)
		*option = value;
}

static void fill_options(const struct mail_settings *s, struct check_options *o)
{
	const char *ca_file = s->ca_file.value;
	struct ask *ask = &o->ask;

	ask->settings = s;
	if (s->user.value && !str_eq(s->auth.value, "none")) {
		fill(&ask->user, s->user.value);
		fill(&ask->auth, mechanism(s->auth.value));
	}
	fill(&ask->from, one_word(s->from.value, "@"));
	fill(&ask->to, one_word(s->to.value, "@"));
	fill(&ask->helo, one_word(s->helo.value, "."));
	if (!o->session.net.ca_file && ca_file && *ca_file == '/' && access(ca_file, R_OK) == 0)
		o->session.net.ca_file = ca_file;
}

/* "smtp.office365.com:587". */
static const char *target_of(const struct mail_settings *s, struct arena *a)
{
	bool ipv6 = strchr(s->host.value, ':') != NULL;

	return !s->port.value ? s->host.value :
	       arena_printf(a, "%s%s%s:%s", ipv6 ? "[" : "", s->host.value, ipv6 ? "]" : "",
			    s->port.value);
}

void check_config_ask(struct ask *ask)
{
	const struct mail_settings *s = ask->settings;

	if (!s || !str_eq_nocase(ask->host, s->host.value))
		return;
	ask->host_from = HOST_FROM_SETTINGS;
	if (s->tls != SETTINGS_TLS_UNSAID && ask->n_ports == 1 && ask->port_given)
		ask->ports[0].implicit_tls = s->tls == SETTINGS_TLS_IMPLICIT;
}

static bool by_token(const char *auth)
{
	return str_in(auth, "xoauth2|oauthbearer");
}

bool check_config_secret(struct check_config *c, struct check_options *o)
{
	struct mail_settings *s = c->chosen;
	const struct credential_options *k = &o->credentials;
	struct ask *ask = &o->ask;

	if (!s || !s->secret || !str_eq(ask->user, s->user.value) || k->password_file ||
	    k->password_command || k->token_file || k->token_command)
		return false;
	*(by_token(ask->auth) ? &ask->token : &ask->password) = s->secret;
	s->secret = NULL;
	return true;
}

static const char *tls_words(const struct mail_settings *s)
{
	switch (s->tls) {
	case SETTINGS_TLS_NONE:
		return ", without TLS (it is asked for all the same)";
	case SETTINGS_TLS_OPPORTUNISTIC:
		return ", STARTTLS if it is offered";
	case SETTINGS_TLS_STARTTLS:
		return ", STARTTLS";
	case SETTINGS_TLS_IMPLICIT:
		return ", TLS from the first byte";
	case SETTINGS_TLS_UNSAID:
		break;
	}
	return "";
}

static void tell(const struct mail_settings *s, struct arena *a, const struct ask *ask)
{
	const char *file = str_eq(s->file, "-") ? "standard input" : s->file;
	bool own = s->secret && str_eq(ask->user, s->user.value);
	const char *line = arena_printf(a, "settings of %s (%s%s%s): %s%s%s%s%s%s%s%s%s", file,
					settings_title(s->application), *s->name ? ", " : "",
					s->name, target_of(s, a), tls_words(s),
					*ask->user ? ", login " : ", no login", ask->user,
					*ask->auth ? " by " : "", ask->auth,
					own ? ", the password that is written there" : "",
					*ask->from ? ", sender " : "", ask->from);

	fprintf(stderr, "smtpwhy check: %s\n", str_escaped(a, line, strlen(line)));
}

int check_config_take(struct check_config *c, struct arena *a, struct check_options *o,
		      struct strv *targets)
{
	int status = read_file(a, o->from_config, c);
	const struct mail_settings *s = c->chosen;

	if (status != OPT_GO)
		return status;
	fill_options(s, o);
	if (targets->n == 0)
		strv_add(targets, a, target_of(s, a));
	if (!*o->ask.user && s->user.shape && !str_eq(s->auth.value, "none"))
		return not_usable(s->file, &s->user, "certainly a user name",
				  "; give it with --user NAME");
	if (!o->output.quiet)
		tell(s, a, &o->ask);
	return OPT_GO;
}
