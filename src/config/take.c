/*
 * take - from an entry to a setting: what of it may be shown, and what is to be said of it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

/* --- the gate --- */

/* What kind of value belongs there. */
static enum shown kind_of(const struct mail_settings *s, const struct setting *to)
{
	const struct { const struct setting *at; enum shown kind; } kinds[] = {
		{ &s->host, SHOWN_HOST }, { &s->port, SHOWN_PORT }, { &s->tls_said, SHOWN_TLS },
		{ &s->verify_said, SHOWN_TLS },
		{ &s->ca_file, SHOWN_PATH }, { &s->client_cert, SHOWN_PATH },
		{ &s->auth, SHOWN_AUTH }, { &s->user, SHOWN_USER },
		{ &s->from, SHOWN_ADDRESS }, { &s->to, SHOWN_ADDRESS }, { &s->helo, SHOWN_HOST },
		{ &s->scope, SHOWN_SCOPE },
		{ &s->token_url, SHOWN_URL }, { &s->authority, SHOWN_URL },
		{ &s->client_id, SHOWN_CLIENT_ID },
		{ &s->tenant, SHOWN_TENANT }, { &s->api, SHOWN_API },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].at == to)
			return kinds[i].kind;
	return SHOWN_NOTHING;
}

void setting_put(struct reading *r, const struct mail_settings *s, struct setting *to,
		 const struct entry *e)
{
	enum shown kind = kind_of(s, to);
	const char *value = kind != SHOWN_NOTHING && e->meant ? e->meant : e->value;

	value = value && *value ? value : NULL;
	*to = (struct setting) { .key = arena_strdup(r->arena, key_shown(e->key)), .line = e->line,
				 .file = e->file };
	if (value && kind != SHOWN_NOTHING && kind != SHOWN_API)
		to->form = value_form(kind, value);
	if (is_shown(kind, value) && !str_in(to->form, "scheme|placeholder|left-out") &&
	    !(kind == SHOWN_HOST && to->form))
		to->value = arena_strdup(r->arena, value);
	else if (value && kind == SHOWN_API)
		to->value = "another service";	/* which service does not matter: it isn't SMTP */
	else if (value && kind != SHOWN_NOTHING)
		to->shape = shape_of(r->arena, value);
}

static const char *what_is_expected(enum shown kind)
{
	switch (kind) {
	case SHOWN_HOST:
		return "a host name";
	case SHOWN_PORT:
		return "a port";
	case SHOWN_ADDRESS:
		return "a mail address";
	case SHOWN_USER:
		return "a user name";
	case SHOWN_AUTH:
		return "a login mechanism";
	case SHOWN_PATH:
		return "a file name";
	case SHOWN_URL:
		return "a plain https address";
	default:
		return "what is expected there";
	}
}

/* Is something else said of a value of this form? */
static bool is_told(const char *form)
{
	return str_in(form, "placeholder|left-out|not-a-number|scheme|path|at|not-an-address");
}

void note_not_shown(struct reading *r, struct mail_settings *s)
{
	const struct setting *all[] = {
		&s->host, &s->port, &s->auth, &s->user, &s->from, &s->to, &s->helo, &s->ca_file,
		&s->client_cert, &s->scope,
		&s->token_url, &s->authority, &s->client_id, &s->tenant,
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i]->shape && !all[i]->value && !is_told(all[i]->form))
			note(r, s, all[i]->line, INFO, "lint.value-not-shown", "",
			     "the value of %s does not look like %s, so it is not shown, because "
			     "it could be a secret: %s",
			     all[i]->key, what_is_expected(kind_of(s, all[i])),
			     all[i]->shape)->file = all[i]->file;
}

/* A value that stands in the environment, or in a file that isn't here. */
static void elsewhere(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	if (*program_text(r->program, "literal") && !e->value && *e->variable != '!') {
		note(r, s, e->line, WARNING, "lint.not-expanded",
		     "write the value itself, or let a tool replace it before the program starts",
		     "%s holds the name of a variable, and this program puts no variables into its "
		     "file: it takes the text as it stands", key_shown(e->key))->file = e->file;
		return;
	}
	note(r, s, e->line, INFO, "lint.value-elsewhere", "",
	     "%s is taken from %s, which is not in this file%s", key_shown(e->key),
	     variable_shown(e->variable),
	     e->value ? ": what is written here is only its default" : "")->file = e->file;
}

/* Of "${NAME}" nothing is known but that it stands elsewhere. */
static struct entry without_reference(struct reading *r, const struct entry *e, bool secret)
{
	struct entry seen = *e;

	if (!e->variable && !e->literal && is_reference(e->value, secret)) {
		seen.variable = arena_strdup(r->work, e->value);
		seen.value = NULL;
	}
	return seen;
}

/* What the syntax does to the value; once, where two settings are made of one value. */
static void tell_faults(struct reading *r, struct mail_settings *s, const struct entry *e,
			bool secret)
{
	for (const struct fault *f = e->faults; f; f = f->next) {
		const struct settings_note *n = s->notes;

		if ((secret ? f->of_secret : f->severity) == INFO)
			continue;

		while (n && !(n->line == e->line && str_eq(n->finding, f->finding)))
			n = n->next;
		if (!n)
			note(r, s, e->line, secret ? f->of_secret : f->severity, f->finding,
			     f->fix, "%s: %s", key_shown(e->key), f->message)->file = e->file;
	}
}

void take_setting(struct reading *r, struct mail_settings *s, struct setting *to,
		  const struct entry *e)
{
	struct entry seen;

	if (!e)
		return;
	tell_faults(r, s, e, false);
	seen = without_reference(r, e, false);
	if (seen.variable)
		elsewhere(r, s, &seen);
	setting_put(r, s, to, &seen);
	if (to == &s->host)
		trim_host(r, s, e);
}

void set_default(struct setting *to, const char *value)
{
	if (!to->value && *value && !to->line) {
		to->value = value;
		to->key = "";
	}
}

/*
 * What readers of .env files make of a value without quotes. phpdotenv
 * (github.com/vlucas/phpdotenv, src/Parser/EntryParser.php) and dotenv for Node
 * (github.com/motdotla/dotenv, from 15 on) end it at any #; phpdotenv and Symfony's Dotenv refuse
 * a blank in it.
 */
static void dotenv(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	const char *who = program_text(r->program, "dotenv");

	if (strchr(e->value, '#') && str_in(who, "php|node"))
		note(r, s, e->line, ERROR, "lint.password-cut", "write it in double quotes",
		     "a # without quotes begins a comment: only what stands before it in %s is "
		     "used", key_shown(e->key))->file = e->file;
	else if (strchr(e->value, ' ') && str_in(who, "php|symfony"))
		note(r, s, e->line, ERROR, "lint.not-quoted", "write it in double quotes",
		     "%s has a blank and no quotes: the whole file is refused",
		     key_shown(e->key))->file = e->file;
}

static void take_into(struct reading *r, struct mail_settings *s, struct setting *where,
		      struct secret **to, const struct entry *e)
{
	struct entry seen;

	if (!e || *to)
		return;
	tell_faults(r, s, e, true);
	seen = without_reference(r, e, true);
	setting_put(r, s, where, &seen);
	if (seen.variable)
		elsewhere(r, s, &seen);
	if (is_placeholder(seen.value, true))
		note(r, s, e->line, placeholder_severity(seen.value), "lint.placeholder",
		     "write the real value",
		     "the value of %s is a placeholder, to be replaced by the real one",
		     key_shown(e->key))->file = e->file;
	else if (seen.value && *seen.value)
		*to = secret_new(seen.value, strlen(seen.value));
	if (!e->quoted && e->value && *program_text(r->program, "dotenv"))
		dotenv(r, s, e);
	if (e->comment_cut)
		note(r, s, e->line, ERROR, "lint.password-cut",
		     "write it in quotes that this program knows: \"\"\"...\"\"\"",
		     "a # or ; in %s begins a comment: only what stands before it is used",
		     key_shown(e->key));
}

void secret_elsewhere(struct reading *r, struct mail_settings *s, const struct entry *e,
		      const char *words)
{
	if (s->secret || s->password.key)
		return;
	setting_put(r, s, &s->password, e);
	note(r, s, e->line, INFO, "lint.value-elsewhere", "", "%s", words)->file = e->file;
}

void take_secret(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	take_into(r, s, &s->password, &s->secret, e);
}

void take_tls(struct reading *r, struct mail_settings *s, enum settings_tls tls,
	      const struct entry *e)
{
	s->tls = tls;
	if (e)
		setting_put(r, s, &s->tls_said, e);
	else
		s->tls_said = (struct setting) { .key = "" };
}

static const char *port_of_service(const char *name)
{
	if (str_eq_nocase(name, "submission"))
		return "587";
	if (str_eq_nocase(name, "smtps") || str_eq_nocase(name, "submissions"))
		return "465";
	return str_eq_nocase(name, "smtp") ? "25" : name;
}

void take_host_port(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	struct entry part;
	const char *host, *end, *colon;

	if (!e)
		return;
	if (!e->value || !*e->value || is_reference(e->value, false)) {
		take_setting(r, s, &s->host, e);
		return;
	}
	/*
	 * NextAuth and others give the whole address to a variable of this name:
	 * EMAIL_SERVER=smtp://user:pw@host
	 */
	if (*program_text(r->program, "generic") && strstr(e->value, "://") && take_url(r, s, e))
		return;
	host = strstr(e->value, "://") ? strstr(e->value, "://") + 3 : e->value;
	if (*host == '[' && (end = strchr(host, ']'))) {
		colon = end[1] == ':' ? end + 1 : NULL;
		host++;
	} else {
		colon = strchr(host, ':');
		if (colon && strchr(colon + 1, ':') && !strchr(host, '.'))
			colon = NULL;		/* a bare IPv6 address */
		end = colon ? colon : host + strlen(host);
	}
	part = *e;
	part.value = arena_strndup(r->work, host, (size_t)(end - host));
	take_setting(r, s, &s->host, &part);
	part.variable = NULL;
	if (colon) {
		while (*colon == ':')	/* Exim's "host::port" */
			colon++;
		part.value = port_of_service(colon);
		take_setting(r, s, &s->port, &part);
	}
}

/* "Name <a@b>" or "a@b": the address alone. */
static void take_address(struct reading *r, struct mail_settings *s, struct setting *to,
			 const struct entry *e)
{
	struct entry part = *e;
	const char *open = e->value ? strrchr(e->value, '<') : NULL,
		*close = open ? strchr(open, '>') : NULL;

	/* ("Name", "a@b"): Python's way to write both */
	if (e->value && !strchr(e->value, '@') && *e->key) {
		const struct entry *second = find(r, arena_printf(r->work, "%s(1)", e->key),
						  e->group);

		if (second && second->value && strchr(second->value, '@'))
			part = *second;
	}
	if (close)
		part.value = arena_strndup(r->work, open + 1, (size_t)(close - open) - 1);
	take_setting(r, s, to, &part);
}

void take_field(struct reading *r, struct mail_settings *s, enum field field, const struct entry *e)
{
	struct setting *const to[] = {
		[FIELD_HOST] = &s->host, [FIELD_PORT] = &s->port, [FIELD_USER] = &s->user,
		[FIELD_HELO] = &s->helo,
			[FIELD_CA] = &s->ca_file,
		[FIELD_CERT] = &s->client_cert, [FIELD_SCOPE] = &s->scope,
		[FIELD_TOKEN_URL] = &s->token_url,
			[FIELD_AUTHORITY] = &s->authority,
		[FIELD_CLIENT_ID] = &s->client_id, [FIELD_TENANT] = &s->tenant,
		[FIELD_API] = &s->api, [FIELD_AUTH] = &s->auth,
		[FIELD_FROM] = &s->from, [FIELD_TO] = &s->to,
	};

	if (field == FIELD_HOST_PORT)
		take_host_port(r, s, e);
	else if (field == FIELD_URL)
		take_url(r, s, e);
	else if (field == FIELD_PASSWORD)
		take_secret(r, s, e);
	else if (field == FIELD_CLIENT_SECRET)
		take_into(r, s, &(struct setting) { .key = NULL }, &s->client_secret, e);
	else if (field == FIELD_FROM || field == FIELD_TO)
		take_address(r, s, to[field], e);
	else
		take_setting(r, s, to[field], e);
	if (field == FIELD_AUTH && s->auth.value)
		s->auth.value = str_lower(r->arena, s->auth.value);
}
