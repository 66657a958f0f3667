/*
 * values - what can be said of a value whatever program it belongs to: a port is a number, a server
 * has a name, a sender is an address, and "your-password" is none.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

/* --- placeholders --- */

static bool is_all_of(const char *value, const char *set, size_t least)
{
	size_t n = strspn(value, set);

	return n >= least && !value[n];
}

static bool is_in_brackets(const char *value)
{
	static const struct { const char *begin, *end; } pairs[] = {
		{ "<", ">" }, { "[", "]" }, { "##", "##" }, { "__", "__" },
		{ "%%", "%%" }, { "@@", "@@" },
	};
	size_t n = strlen(value);

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		size_t b = strlen(pairs[i].begin), e = strlen(pairs[i].end);

		if (n >= b + e + 1 && str_has_prefix(value, pairs[i].begin) &&
		    str_eq(value + n - e, pairs[i].end))
			return true;
	}
	return false;
}

/* Filled in by a template engine before the program sees it, whatever quotes are around. */
static bool has_template(const char *value)
{
	const char *open = strstr(value, "{{");

	return open && strstr(open, "}}");
}

/* Words that stand for a value that everybody has to put there. */
static bool is_word_for_one(const char *value, bool secret)
{
	static const char any[] =
		"your*|*_your_*|*-your-*|<*|change?me*|changeme*|change?this*|changethis*|"
		"replace|replace?me*|replaceme*|replace?with*|todo|tbd|fixme|put?your*|enter?your*|"
		"insert?your*|insert?here*|*_here|*-here|my?smtp*|example|placeholder*|dummy*|"
		"redacted|censored|hidden|removed|omitted",
		of_secrets[] =
		"password|password?|password??|password???|passwort|passwd|pass|pwd|secret|"
		"secret?|secretpassword|secretsecret*|mypassword|mypass|my?password|my?secret*|"
		"my_smtp_password|my_pass|app?password|app?specific?password|apppassword|"
		"email?password|smtp?password|mail?password|user?password|some?password|"
		"the?password|senha*|contrase?a|motdepasse|*password?here*|*api?key?here*|"
		"api?key|apikey|smtp?pass|emailpassword|strong?password|test|testing|1234|12345|"
		"123456|12345678|123456789";

	return str_globs(any, value) || (secret && str_globs(of_secrets, value));
}

/* "YOUR_EMAIL@gmail.com", "no-reply@your.domain.tld": an address that everybody has to replace. */
static bool is_placeholder_address(struct reading *r, const char *value)
{
	const char *at = value ? strrchr(value, '@') : NULL;
	const char *local;

	if (!at || at == value)
		return false;
	local = arena_strndup(r->work, value, (size_t)(at - value));
	return is_placeholder(local, false) ||
	       str_globs("name|username|my?email|yourname|youremail|email?address", local) ||
	       str_globs("your*|*.your*|*.tld|my?domain.*|mydomain.*|xxx*.*|some?domain.*", at + 1);
}

bool is_placeholder(const char *value, bool secret)
{
	size_t n = value ? strlen(value) : 0;

	if (n == 0 || n > 100)
		return false;
	return is_all_of(value, "xX-_ ", 3) || is_all_of(value, "*", 1) ||
	       is_all_of(value, ".", 2) || is_all_of(value, "?", 2) || is_in_brackets(value) ||
	       has_template(value) || is_word_for_one(value, secret);
}

/* What was taken out before the file was shown, or is put in before it is used, may be right. */
enum severity placeholder_severity(const char *value)
{
	static const char taken_out[] = "redacted|censored|hidden|removed|omitted";

	bool out = has_template(value) || is_all_of(value, "*", 1) || str_globs(taken_out, value);

	return out ? INFO : WARNING;
}

/* --- forms --- */

static bool has_blank_at_end(const char *value)
{
	size_t n = strlen(value);

	return n && (ascii_is_space(*value) || ascii_is_space(value[n - 1]));
}

static const char *form_of_host(const char *value)
{
	if (str_has_prefix_nocase(value, "http://") || str_has_prefix_nocase(value, "https://"))
		return "scheme";
	if (has_blank_at_end(value) || strchr(value, ' '))
		return strpbrk(value, ";,") ? NULL : "blank";
	if (!strstr(value, "://") && strchr(value, '/') && *value != '/')
		return "path";
	return strchr(value, '@') && !strstr(value, "://") ? "at" : NULL;
}

static const char *form_of_address(const char *value)
{
	const char *at = strchr(value, '@');
	size_t n = strlen(value);

	if (!at)
		return "not-an-address";
	if (at == value && n > 1)
		return "not-an-address";
	return !at[1] ? "not-an-address" : NULL;
}

const char *value_form(enum shown kind, const char *value)
{
	/* an address, though it be "your-email@gmail.com", can be judged */
	if (!strchr(value, '@') && is_placeholder(value, false))
		return placeholder_severity(value) == INFO ? "left-out" : "placeholder";
	switch (kind) {
	case SHOWN_PORT:
		return is_shown(kind, value) ? NULL : "not-a-number";
	case SHOWN_HOST:
		return form_of_host(value);
	case SHOWN_ADDRESS:
		return form_of_address(value);
	default:
		break;
	}
	if (is_guid(value))
		return "guid";
	return strchr(value, ' ') ? "blank" : NULL;
}

/* --- what is said of them --- */

static void of_port(struct reading *r, struct mail_settings *s)
{
	const char *key = s->port.key ? s->port.key : "";

	if (str_eq(s->port.form, "not-a-number"))
		note(r, s, s->port.line, ERROR, "lint.port-not-a-number",
		     "write the number alone: 587 with STARTTLS, 465 with TLS from the first byte",
		     "%s has to be a port's number, and is not one", key)->file = s->port.file;
	else if (s->port.line && str_in(s->port.value, "993|995|143|110"))
		note(r, s, s->port.line, ERROR, "lint.port-for-reading",
		     "port 587 with STARTTLS, or 465 with TLS from the first byte",
		     "port %s is for reading mail (%s): no SMTP server answers there",
		     s->port.value,
		     str_in(s->port.value, "993|143") ? "IMAP" : "POP3")->file = s->port.file;
}

static void of_host(struct reading *r, struct mail_settings *s)
{
	static const struct { const char *form, *words; } words[] = {
		{ "scheme", "is a web address" }, { "blank", "has a blank in it" },
		{ "path", "has a slash in it" }, { "at", "has an @ in it" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq(s->host.form, words[i].form))
			note(r, s, s->host.line, ERROR, "lint.host-not-a-name",
			     "write the server's name alone: smtp.example.com",
			     "%s %s: it has to be the name of a server",
			     s->host.key, words[i].words)->file = s->host.file;
}

void note_values(struct reading *r, struct mail_settings *s)
{
	const struct setting *all[] = { &s->host, &s->port, &s->user, &s->from };

	/* What is only words beside each other must not be called good. */
	if (settings_guessed(s->application))
		note(r, s, 0, r->program->parse == parse_pairs ? WARNING : INFO, "lint.guessed",
		     "name the program with --application, or "
		     "describe it in a table of your own (--map)",
		     "no program is known that has such a file: what the keys mean is a guess");
	of_port(r, s);
	of_host(r, s);
	if (str_eq(s->from.form, "not-an-address"))
		note(r, s, s->from.line, ERROR, "lint.from-not-an-address",
		     "write one address: name@example.com",
		     "%s has to be a mail address, and is not one: the server refuses the sender",
		     s->from.key)->file = s->from.file;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (str_in(all[i]->form, "placeholder|left-out") ||
		    (all[i]->line && is_placeholder_address(r, all[i]->value)))
			note(r, s, all[i]->line,
			     str_eq(all[i]->form, "left-out") ? INFO : WARNING, "lint.placeholder",
			     "write the real value",
			     "the value of %s is a placeholder, to be replaced by the real one",
			     all[i]->key)->file = all[i]->file;
}

/* --- the server's name, with what people write around it --- */

static bool is_php(const struct reading *r)
{
	return r->program->parse == parse_php ||
	       str_eq(program_text(r->program, "dotenv"), "php");
}

/*
 * PHP's programs take ssl://HOST and HOST:PORT; to others a name is a name. What stands around it
 * is taken off, so that the rest can be judged.
 */
void trim_host(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	const char *v = s->host.value, *sep = v ? strstr(v, "://") : NULL, *colon;

	if (!v || strpbrk(v, ";, ["))
		return;
	if (sep) {
		if (str_has_prefix_nocase(v, "ssl://") && is_php(r))
			take_tls(r, s, SETTINGS_TLS_IMPLICIT, NULL);
		else if (!is_php(r))
			note(r, s, e->line, ERROR, "lint.host-not-a-name",
			     "write the server's name alone: smtp.example.com",
			     "%s begins with a scheme: it has to be the name of a server",
			     s->host.key)->file = s->host.file;
		s->host.value = sep + 3;
	}
	colon = strchr(s->host.value, ':');
	if (!colon || strchr(colon + 1, ':'))
		return;
	if (is_php(r)) {
		struct entry port = *e;

		port.value = colon + 1;
		port.faults = NULL;
		setting_put(r, s, &s->port, &port);
	} else {
		note(r, s, e->line, ERROR, "lint.host-not-a-name",
		     "write the name here, and the port into its own setting",
		     "%s holds a port, too: it has to be the name of a server alone",
		     s->host.key)->file = s->host.file;
	}
	s->host.value = arena_strndup(r->arena, s->host.value, (size_t)(colon - s->host.value));
}
