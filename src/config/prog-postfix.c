/*
 * prog-postfix - main.cf of a Postfix that hands its mail to a relay host. postconf(5): relayhost,
 * smtp_tls_*, smtp_sasl_*. What master.cf beside it overrides for the smtp and relay services
 * counts, and the password map that it names is read where it lies beside it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

enum { VALUE_MOST = 4096 };

/* A line that begins with a blank continues the one before (postconf(5), "main.cf"). */
static bool logical_line(struct scan *s, unsigned *line, struct buf *b, unsigned *ret_first)
{
	struct span l;

	buf_clear(b);
	while (next_line(s, line, &l.p, &l.len)) {
		struct span v = span_trim(l);

		if (v.len && *v.p != '#') {
			if (b->len == 0)
				*ret_first = *line;
			else
				buf_addc(b, ' ');
			buf_add(b, v.p, v.len);
		}
		if (b->len && scan_peek(s) != ' ' && scan_peek(s) != '\t')
			return true;
	}
	return b->len > 0;
}

static void parse_main(struct reading *r, struct entries *e, const char *p, size_t n,
		       const char *file)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(VALUE_MOST);
	struct scan s = scan_over(p, n);
	unsigned line = 0, first = 0;

	while (!e->error && logical_line(&s, &line, &b, &first)) {
		struct span l = { buf_str(&b), b.len };
		const char *equals = memchr(l.p, '=', l.len);
		struct entry *entry;

		if (!equals)
			continue;
		entry = entries_add(
			e, first,
			span_dup(r->work, span_trim((struct span) { l.p, (size_t)(equals - l.p) })),
			span_dup(r->work, span_trim((struct span) {
			equals + 1, (size_t)(l.p + l.len - equals) - 1
		})));
		if (entry)
			entry->file = file;
	}
}

static const struct entry *get(struct reading *r, const char *key)
{
	return entries_find(&r->entries, key, 0, false);
}

/* $name, ${name}, $(name) by their values. */
static void expand(struct reading *r, const char *v, struct buf *to, int depth)
{
	while (*v) {
		size_t n = strcspn(v, "$"), len;
		const struct entry *e;
		char close = '\0';

		buf_add(to, v, n);
		v += n;
		if (!*v)
			return;
		v++;
		if (*v == '{' || *v == '(')
			close = *v++ == '{' ? '}' : ')';
		for (len = 0; ascii_is_alnum(v[len]) || v[len] == '_'; len++)
			;
		e = len ? get(r, arena_strndup(r->work, v, len)) : NULL;
		if (e && depth < 8)
			expand(r, e->value, to, depth + 1);
		v += len;
		if (close && *v == close)
			v++;
	}
}

static void expand_all(struct reading *r)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(VALUE_MOST);

	for (struct entry *e = r->entries.first; e; e = e->next) {
		if (!strchr(e->value, '$'))
			continue;
		buf_clear(&b);
		expand(r, e->value, &b, 0);
		e->value = arena_strdup(r->work, buf_str(&b));
	}
}

/* "-o name=value" of the services that send (master(5)). They outrank main.cf. */
static void overrides(struct reading *r)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(VALUE_MOST);
	size_t n = 0;
	const char *path, *text = beside(r, "master.cf", &n, &path);
	struct scan s = scan_over(text, n);
	unsigned line = 0, first = 0;

	while (text && logical_line(&s, &line, &b, &first)) {
		const char *l = buf_str(&b), *at = l;

		if (!(str_has_prefix(l, "relay ") || str_has_prefix(l, "relay\t") ||
		      str_has_prefix(l, "smtp ") || str_has_prefix(l, "smtp\t")) ||
		    !strstr(l, " unix "))
			continue;
		while ((at = strstr(at, "-o "))) {
			const char *name = at + 3 + strspn(at + 3, " "),
				*equals = name + strcspn(name, "= ");
			struct entry *e;

			at = name;
			if (*equals != '=')
				continue;
			e = entries_add(&r->entries, first,
					arena_strndup(r->work, name, (size_t)(equals - name)),
					arena_strndup(r->work, equals + 1,
						      strcspn(equals + 1, " ")));
			if (e)
				e->file = path;
		}
	}
}

/* --- the password map --- */

/*
 * Is this key one that Postfix looks up: the relay host as it is written, or the bare name of the
 * host (smtp_sasl_glue.c)?
 */
static bool is_key(const char *key, const char *relayhost, const char *host)
{
	return str_eq_nocase(key, relayhost) || str_eq_nocase(key, host);
}

/*
 * "user:password". With the mechanism XOAUTH2 what stands in the password's place is the file that
 * the plug-in sasl-xoauth2 keeps its token in (github.com/tarickb/sasl-xoauth2, README: "Configure
 * Mail Agent"); where no single mechanism is demanded, the full name of a file means the same.
 */
static void user_and_password(struct reading *r, struct mail_settings *s, struct span v,
			      const struct entry *where)
{
	const char *sep = memchr(v.p, ':', v.len), *auth = s->auth.value ? s->auth.value : "";
	struct entry part = *where;
	bool file, possible;

	part.value = span_dup(r->work, (struct span) { v.p, sep ? (size_t)(sep - v.p) : v.len });
	take_setting(r, s, &s->user, &part);
	if (!sep)
		return;
	part.value = span_dup(r->work, (struct span) { sep + 1, (size_t)(v.p + v.len - sep) - 1 });
	file = *part.value == '/' && strchr(part.value + 1, '/') && !strpbrk(part.value, " \t");
	possible = !*auth || str_eq(auth, "auto") ||
		   (str_find_nocase(auth, "xoauth2") && !strstr(auth, "!xoauth2"));
	if (!str_eq(auth, "xoauth2") && !(file && possible)) {
		take_secret(r, s, &part);
		return;
	}
	if (!str_eq(auth, "xoauth2"))
		s->auth = (struct setting) { .value = "xoauth2", .key = where->key,
					     .line = where->line, .file = where->file };
	secret_elsewhere(r, s, where, "the map names the file of a token for the plug-in "
			 "sasl-xoauth2: neither the file nor /etc/sasl-xoauth2.conf was read");
}

/* In the text of the map. False when no line is for the relay host. */
static bool look_up(struct reading *r, struct mail_settings *s, struct span text, const char *path,
		    const char *relayhost, struct entry *ret_other)
{
	struct scan scan = scan_span(text);
	const char *host = s->host.value ? s->host.value : "";
	unsigned line = 0;
	struct span l;

	while (next_line(&scan, &line, &l.p, &l.len)) {
		struct span v = span_trim(l);
		struct entry where = { .key = "smtp_sasl_password_maps", .line = line,
				       .file = path };
		const char *key;
		size_t n = 0;

		while (n < v.len && !ascii_is_space(v.p[n]))
			n++;
		if (v.len == 0 || *v.p == '#' || n == v.len)
			continue;
		key = span_dup(r->work, (struct span) { v.p, n });
		if (is_key(key, relayhost, host)) {
			user_and_password(r, s, span_trim((struct span) { v.p + n, v.len - n }),
					  &where);
			return true;
		}
		if (str_find_nocase(key, *host ? host : "@")) {
			*ret_other = where;
			ret_other->value = key;
		}
	}
	return false;
}

static void no_entry(struct reading *r, struct mail_settings *s, const struct entry *map,
		     const char *path, const char *relayhost,
		     const struct entry *other)
{
	const char *relay = shown_or(SHOWN_HOST, relayhost, "RELAYHOST"),
		*slash = strrchr(path, '/'),
		*name = shown_or(SHOWN_PATH, slash ? slash + 1 : path, "FILE");

	if (other->value)
		note(r, s, other->line, ERROR, "lint.no-map-entry",
		     arena_printf(r->arena, "%s USER:PASSWORD, then run: postmap %s", relay, name),
		     "the relay host is written %s in main.cf and %s here: Postfix looks up the "
		     "first, finds nothing and does not log in",
		     relay, shown_or(SHOWN_HOST, other->value, "otherwise"))->file = path;
	else
		note(r, s, map->line, ERROR, "lint.no-map-entry",
		     arena_printf(r->arena, "in %s: %s USER:PASSWORD, then run: postmap %s", path,
				  relay, name),
		     "there is no entry for %s in %s: Postfix does not log in", relay, path);
}

/* DATABASE_README: the types whose source is a file of lines, each a key, blanks and a value. */
static const char keyed[] = "hash|btree|texthash|lmdb|cdb|dbm|sdbm";

/*
 * "hash:/etc/postfix/sasl_passwd", "static:user:password", "proxy:ldap:NAME", several with commas.
 */
static void password_map(struct reading *r, struct mail_settings *s, const struct entry *map,
			 const char *relayhost)
{
	const char *value = str_has_prefix(map->value, "proxy:") ? map->value + 6 : map->value,
		*path, *text, *name;
	size_t type = strcspn(value, ":/"), n;
	struct entry other = { .value = NULL };

	if (value[type] != ':')
		type = 0;
	if (type && str_has_prefix(value, "static:")) {
		user_and_password(r, s, span_of(value + type + 1), map);
		return;
	}
	name = value + type + (type > 0);
	name = arena_strndup(r->work, name, strcspn(name, ", \t"));
	if (type &&
	    !value_is(&(struct entry) { .value = arena_strndup(r->work, value, type) }, keyed)) {
		secret_elsewhere(r, s, map,
				 "user name and password are in a database that was not asked");
		return;
	}
	text = beside(r, name, &n, &path);
	if (!text) {
		secret_elsewhere(r, s, map,
				 arena_printf(r->arena, "user name and password are in %s, which "
					      "was not read: it is not beside this file",
					      shown_or(SHOWN_PATH, name, "another file")));
		return;
	}
	if (!look_up(r, s, (struct span) { text, n }, path, relayhost, &other))
		no_entry(r, s, map, path, relayhost, &other);
	if (!s->password.key)
		setting_put(r, s, &s->password, map);
}

/* --- what it comes to --- */

static void tls_of(struct reading *r, struct mail_settings *s)
{
	const struct entry *level = get(r, "smtp_tls_security_level"),
		*wrapped = get(r, "smtp_tls_wrappermode"), *use = get(r, "smtp_use_tls"),
		*enforce = get(r, "smtp_enforce_tls");

	if (is_true(wrapped))
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, wrapped);
	else if (value_is(level, "encrypt|verify|secure|fingerprint|dane-only"))
		take_tls(r, s, SETTINGS_TLS_STARTTLS, level);
	else if (value_is(level, "may|dane"))
		take_tls(r, s, SETTINGS_TLS_OPPORTUNISTIC, level);
	else if (value_is(level, "none"))
		take_tls(r, s, SETTINGS_TLS_NONE, level);
	else if (is_true(enforce))
		take_tls(r, s, SETTINGS_TLS_STARTTLS, enforce);
	else if (is_true(use))
		take_tls(r, s, SETTINGS_TLS_OPPORTUNISTIC, use);
	else
		take_tls(r, s, SETTINGS_TLS_NONE, NULL);
	if (is_true(wrapped) && !value_is(level, "encrypt|verify|secure|fingerprint|dane-only"))
		note(r, s, wrapped->line, ERROR, "lint.both-tls-modes",
		     "smtp_tls_security_level = encrypt",
		     "smtp_tls_wrappermode needs smtp_tls_security_level = encrypt or stronger: "
		     "without it Postfix does not connect")->file = wrapped->file;
}

static void auth_of(struct reading *r, struct mail_settings *s, const char *relayhost)
{
	const struct entry *enable = get(r, "smtp_sasl_auth_enable"),
		*maps = get(r, "smtp_sasl_password_maps"),
		*filter = get(r, "smtp_sasl_mechanism_filter"),
		*options = get(r, "smtp_sasl_tls_security_options");

	if (!options)
		options = get(r, "smtp_sasl_security_options");
	if (!is_true(enable)) {
		s->auth = (struct setting) { .value = "none",
					     .key = enable ? "smtp_sasl_auth_enable" : "",
					     .line = enable ? enable->line : 0 };
		if (maps && *maps->value)
			note(r, s, maps->line, ERROR, "lint.switched-off",
			     "smtp_sasl_auth_enable = yes", "a password map is named, but "
			     "smtp_sasl_auth_enable is not yes: Postfix does not log in");
		return;
	}
	if (filter && *filter->value) {
		take_field(r, s, FIELD_AUTH, filter);
		if (value_is(filter, "plain"))
			note(r, s, filter->line, WARNING, "lint.mechanism-filter",
			     "smtp_sasl_mechanism_filter = login, plain",
			     "only PLAIN is left: where a server offers LOGIN alone, as Microsoft "
			     "365 does, Postfix has no mechanism and does not log in");
	} else {
		s->auth = (struct setting) { .value = "auto", .key = "smtp_sasl_auth_enable",
					     .line = enable->line };
	}
	if (!options || str_find_nocase(options->value, "noplaintext"))
		note(r, s, options ? options->line : enable->line, ERROR,
		     "lint.no-anonymous-default",
		     "smtp_sasl_security_options = noanonymous", "PLAIN and LOGIN are forbidden%s: "
		     "\"no mechanism available\" is what the log will say",
		     options ? "" :
		     " by the default of smtp_sasl_security_options (noplaintext, noanonymous)");
	if (maps && *maps->value)
		password_map(r, s, maps, relayhost);
	/* Of several mechanisms one is chosen when the server has said which it offers. */
	if (s->auth.value && strpbrk(s->auth.value, "!, "))
		s->auth.value = "auto";
	if (!maps || !*maps->value)
		note(r, s, enable->line, ERROR, "lint.no-map-entry",
		     "smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd",
		     "smtp_sasl_auth_enable is yes, but no smtp_sasl_password_maps says with what "
		     "to log in");
}

static void read_postfix(struct reading *r)
{
	const struct entry *relay, *cert;
	struct mail_settings *s;

	entries_init(&r->entries, r->work);
	parse_main(r, &r->entries, r->bytes, r->len, NULL);
	relay = get(r, "relayhost");
	/* Any file may have lines with an equals sign in them. */
	if (!relay || (!*relay->value && !get(r, "smtp_*")) || r->entries.error)
		return;
	overrides(r);
	expand_all(r);
	relay = get(r, "relayhost");
	s = reading_new(r, "");
	take_host_port(r, s, relay);
	set_default(&s->port, "25");
	tls_of(r, s);
	if (*relay->value && *relay->value != '[' &&
	    strspn(relay->value, "0123456789.:") != strlen(relay->value))
		note(r, s, relay->line, WARNING, "lint.mx-lookup",
		     arena_printf(r->arena, "relayhost = [%s]:%s",
				  s->host.value ? s->host.value : "HOST",
				  s->port.value ? s->port.value : "PORT"),
		     "without brackets Postfix looks up the MX records of %s and dials what they "
		     "name; with them it dials the host itself",
		     s->host.value ? s->host.value : "it");
	auth_of(r, s, relay->value);
	take_setting(r, s, &s->helo, get(r, "smtp_helo_name"));
	take_setting(r, s, &s->ca_file, get(r, "smtp_tls_CAfile"));
	cert = get(r, "smtp_tls_chain_files");
	take_setting(r, s, &s->client_cert, cert ? cert : get(r, "smtp_tls_cert_file"));
	if (!setting_is_set(&s->host) && !relay->variable)
		note(r, s, relay->line, INFO, "lint.value-elsewhere", "",
		     "relayhost is empty: mail is handed to the MX hosts of each recipient's "
		     "domain, from port 25 of this machine");
}

const struct program_code code_postfix = { "postfix", .read = read_postfix };
