/*
 * prog-mta - Exim's smarthost, as Debian sets it up and as exim.conf has it, and ssmtp.
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/read.h"
#include "config/shown.h"

/*
 * --- Debian: README.Debian of exim4-base; update-exim4.conf(8) ---
 *
 * dc_smarthost is HOST::PORT, port 25. STARTTLS where it is offered, a login never without TLS. The
 * password stands in passwd.client, a line HOST:USER:PASSWORD; HOST is the name that the
 * smarthost's address leads to, or `*`.
 */

/* The last line of passwd.client that fits. */
static void passwd_client(struct reading *r, struct mail_settings *s)
{
	const char *path, *text, *host = s->host.value ? s->host.value : "";
	struct span l;
	struct scan scan;
	unsigned line = 0;
	size_t n;

	text = beside(r, "passwd.client", &n, &path);
	if (!text) {
		s->auth = (struct setting) { .value = "auto", .key = "" };
		note(r, s, s->host.line, INFO, "lint.value-elsewhere", "",
		     "user name and password are in passwd.client, which is not beside this file");
		return;
	}
	scan = scan_over(text, n);
	while (next_line(&scan, &line, &l.p, &l.len)) {
		struct span v = span_trim(l);
		const char *first = memchr(v.p, ':', v.len),
			*second = first ?
				  memchr(first + 1, ':', v.len - (size_t)(first + 1 - v.p)) : NULL;
		struct entry part = { .key = "passwd.client", .line = line, .file = path };
		const char *key;

		if (v.len == 0 || *v.p == '#' || !second || s->password.key)
			continue;
		key = span_dup(r->work, (struct span) { v.p, (size_t)(first - v.p) });
		if (!str_glob(key, host))
			continue;
		part.value = span_dup(r->work,
				      (struct span) { first + 1, (size_t)(second - first) - 1 });
		take_setting(r, s, &s->user, &part);
		part.value = span_dup(r->work, (struct span) {
			second + 1, (size_t)(v.p + v.len - second) - 1
		});
		take_secret(r, s, &part);
		s->auth = (struct setting) { .value = "auto", .key = "" };
		if (!strchr(key, '*'))
			note(r, s, line, WARNING, "lint.reverse-name",
			     arena_printf(r->arena, "*:%s:PASSWORD",
					  s->user.value ? s->user.value : "USER"),
			     "passwd.client is looked up by the name that the server's address "
			     "leads back to, which is seldom %s: then there is no login",
			     *host ? host : "the one in dc_smarthost")->file = path;
	}
	if (!s->password.key)
		note(r, s, s->host.line, WARNING, "lint.no-map-entry",
		     "in passwd.client: *:USER:PASSWORD",
		     "no line of passwd.client is for %s: Exim does not log in",
		     *host ? host : "the host in dc_smarthost");
}

static void read_debian(struct reading *r)
{
	const struct entry *host = entries_find(&r->entries, "dc_smarthost", 0, true),
		*type = entries_find(&r->entries, "dc_eximconfig_configtype", 0, true),
		*from = entries_find(&r->entries, "dc_readhost", 0, true);
	struct mail_settings *s = reading_new(r, "");
	struct entry first = *host;

	first.value = host->value ?
		      arena_strndup(r->work, host->value, strcspn(host->value, "; ")) : NULL;
	take_host_port(r, s, &first);
	set_default(&s->port, "25");
	take_tls(r, s, SETTINGS_TLS_OPPORTUNISTIC, NULL);
	if (!value_is(type, "smarthost|satellite"))
		note(r, s, type ? type->line : host->line, ERROR, "lint.switched-off",
		     "dc_eximconfig_configtype='satellite'", "dc_smarthost is only looked at when "
		     "the type of the set-up is smarthost or satellite");
	if (host->value && strchr(host->value, ':') && !strstr(host->value, "::"))
		note(r, s, host->line, ERROR, "lint.no-map-entry",
		     arena_printf(r->arena, "dc_smarthost='%s::%s'",
				  s->host.value ? s->host.value : "HOST",
				  s->port.value ? s->port.value : "587"),
		     "a single colon separates hosts: the port has to follow two");
	if (from && from->value && *from->value && strchr(from->value, '.'))
		note(r, s, from->line, INFO, "lint.from-default",
		     "in /etc/email-addresses: root: ADDRESS OF THE MAILBOX",
		     "senders become user@%s: a provider that checks the sender refuses them",
		     shown_or(SHOWN_HOST, from->value, "another name"));
	passwd_client(r, s);
}

const struct program_code code_exim_debian = { "exim-debian", .read = read_debian };

/*
 * --- exim.conf: www.exim.org/exim-html-current/doc/html/spec_html, chapters on manualroute, smtp
 * and the plaintext authenticator ---
 *
 * Entries are "section.driver.option": "routers.smarthost.route_list". STARTTLS where it is
 * offered; hosts_require_tls, protocol = smtps.
 */

static bool is_name(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

/* A line and those that a backslash continues. */
static const char *whole(struct reading *r, struct scan *s, unsigned *line, struct span l)
{
	const char *text = span_dup(r->work, span_trim(l));
	size_t n = strlen(text), pieces = 0;

	while (n && text[n - 1] == '\\' && pieces++ < 64 && next_line(s, line, &l.p, &l.len) &&
	       l.len < 2048) {
		text = arena_printf(r->work, "%.*s%s", (int)(n - 1), text,
				    span_dup(r->work, span_trim(l)));
		n = strlen(text);
	}
	return text;
}

static void parse_exim(struct reading *r, struct entries *e)
{
	struct scan s = scan_over(r->bytes, r->len);
	const char *section = "main", *driver = "";
	unsigned line = 0;
	struct span l;

	while (!e->error && next_line(&s, &line, &l.p, &l.len)) {
		unsigned first = line;
		const char *text = whole(r, &s, &line, l);
		struct scan t = scan_span(span_of(text));
		struct span name;

		if (*text == '#')
			continue;
		if (scan_accept_str(&t, "begin ")) {
			section = span_dup(r->work, span_trim(scan_rest(&t)));
			driver = "";
			continue;
		}
		name = scan_while(&t, is_name);
		scan_blanks(&t);
		if (name.len && scan_accept(&t, ':') && scan_done(&t))
			driver = span_dup(r->work, name);
		else if (name.len && scan_accept(&t, '='))
			entries_add(e, first, key_join(e, key_join(e, section, driver),
						       span_dup(r->work, name)),
				    span_dup(r->work, span_trim(scan_rest(&t))));
	}
}

/* "* smtp.example.com::587 byname", "<pattern> host": the host of a rule. */
static void route(struct reading *r, struct mail_settings *s, const struct entry *e, bool list)
{
	const char *v = e->value;
	struct entry part = *e;

	if (list) {
		v += strcspn(v, " \t");
		v += strspn(v, " \t");
	}
	part.value = arena_strndup(r->work, v, strcspn(v, " \t;"));
	if (*part.value == '$')
		return;
	take_host_port(r, s, &part);
}

/*
 * "client_send = : user : password": an empty field, user, password; in PLAIN's one
 * string ^ stands for NUL.
 */
static void client_send(struct reading *r, struct mail_settings *s, const struct entry *e)
{
	const char *v = e->value + strspn(e->value, "<;: ^"), *end;
	char stop = strchr(e->value, '^') ? '^' : ':';
	struct entry part = *e;

	end = strchr(v, stop);
	/* ${lookup ...} and ${extract ...}: from a file or a database, when a message is sent. */
	if (!end || strchr(v, '$')) {
		secret_elsewhere(r, s, e, "user name and password come from an expansion of "
				 "Exim's: it was not done");
		return;
	}
	part.value = span_dup(r->work, span_trim((struct span) { v, (size_t)(end - v) }));
	take_setting(r, s, &s->user, &part);
	part.value = span_dup(r->work, span_trim(span_of(end + 1)));
	take_secret(r, s, &part);
}

static void authenticators(struct reading *r, struct mail_settings *s)
{
	for (const struct entry *e = r->entries.first; e; e = e->next) {
		const char *dot = strrchr(e->key, '.');
		const struct entry *send, *user;

		if (!str_has_prefix(e->key, "authenticators.") || !str_eq(dot, ".public_name"))
			continue;
		send = entries_find(&r->entries, arena_printf(r->work, "%.*s.client_send",
							      (int)(dot - e->key), e->key),
				    0, true);
		user = entries_find(&r->entries, arena_printf(r->work, "%.*s.client_name",
							      (int)(dot - e->key), e->key),
				    0, true);
		if (!send && !user)
			continue;
		if (setting_is_set(&s->auth))
			s->auth.value = "auto";
		else
			take_field(r, s, FIELD_AUTH, e);
		if (send)
			client_send(r, s, send);
		if (user)
			take_setting(r, s, &s->user, user);
	}
}

static void read_exim(struct reading *r)
{
	const struct entry *list, *data, *port, *tls, *protocol;
	struct mail_settings *s;

	entries_init(&r->entries, r->work);
	parse_exim(r, &r->entries);
	list = entries_find(&r->entries, "routers.*.route_list", 0, true);
	data = entries_find(&r->entries, "routers.*.route_data", 0, true);
	if ((!list && !data) || r->entries.error)
		return;
	s = reading_new(r, "");
	route(r, s, list ? list : data, list != NULL);
	port = entries_find(&r->entries, "transports.*.port", 0, true);
	if (port && !s->port.value)
		take_setting(r, s, &s->port, port);
	protocol = entries_find(&r->entries, "transports.*.protocol", 0, true);
	tls = entries_find(&r->entries, "transports.*.hosts_require_tls", 0, true);
	if (value_is(protocol, "smtps"))
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, protocol);
	else
		take_tls(r, s, tls ? SETTINGS_TLS_STARTTLS : SETTINGS_TLS_OPPORTUNISTIC, tls);
	set_default(&s->port, s->tls == SETTINGS_TLS_IMPLICIT ? "465" : "25");
	take_setting(r, s, &s->client_cert,
		     entries_find(&r->entries, "transports.*.tls_certificate", 0, true));
	take_setting(r, s, &s->helo, entries_find(&r->entries, "transports.*.helo_data", 0, true));
	authenticators(r, s);
	if (!setting_is_set(&s->auth))
		s->auth = (struct setting) { .value = "none", .key = "" };
	if (!tls && setting_is_set(&s->user) && s->tls == SETTINGS_TLS_OPPORTUNISTIC)
		note(r, s, s->user.line, WARNING, "lint.auth-without-tls", "hosts_require_tls = *",
		     "TLS is not demanded: where somebody in between hides STARTTLS, the password "
		     "is sent in the clear");
	if (str_eq(s->auth.value, "plain"))
		note(r, s, s->auth.line, WARNING, "lint.mechanism-filter",
		     "public_name = LOGIN, with client_send = : USER : PASSWORD",
		     "only PLAIN is set up: where a server offers LOGIN alone, as Microsoft 365 "
		     "does, Exim does not log in");
}

const struct program_code code_exim = { "exim", .read = read_exim };

/*
 * --- ssmtp: ssmtp.conf(5), ssmtp.c: read_config() ---
 *
 * mailhub=HOST:PORT, port 25. UseTLS=YES alone is TLS from the first byte, with UseSTARTTLS=YES it
 * is STARTTLS. A # ends a line anywhere.
 */

static const struct { const char *key; enum field field; } ssmtp_fields[] = {
	{ "mailhub", FIELD_HOST_PORT }, { "AuthUser", FIELD_USER }, { "AuthPass", FIELD_PASSWORD },
	{ "AuthMethod", FIELD_AUTH },
	{ "hostname", FIELD_HELO },
	{ "TLSCert", FIELD_CERT },
};

static bool parse_ssmtp(struct entries *e, const char *p, size_t n)
{
	struct scan s = scan_over(p, n);
	unsigned line = 0;
	struct span l;

	while (!e->error && next_line(&s, &line, &l.p, &l.len)) {
		const char *comment = memchr(l.p, '#', l.len), *equals;
		struct span v = span_trim((struct span) {
			l.p, comment ? (size_t)(comment - l.p) : l.len
		});
		struct entry *entry;

		equals = memchr(v.p, '=', v.len);
		if (!equals)
			continue;
		entry = entries_add(e, line, span_dup(
			e->arena, span_trim((struct span) { v.p, (size_t)(equals - v.p) })),
				    span_dup(e->arena, span_trim((struct span) {
			equals + 1, (size_t)(v.p + v.len - equals) - 1
		})));
		if (entry)
			entry->comment_cut = comment && comment > l.p &&
					     !ascii_is_space(comment[-1]);
	}
	return !e->error;
}

static void read_ssmtp(struct reading *r)
{
	const struct entry *tls = entries_find(&r->entries, "UseTLS", 0, true),
		*starttls = entries_find(&r->entries, "UseSTARTTLS", 0, true);
	struct mail_settings *s = reading_new(r, "");
	const char *path, *text;
	struct span l;
	size_t n;

	for (size_t i = 0; i < ARRAY_LEN(ssmtp_fields); i++) {
		const struct entry *e = entries_find(&r->entries, ssmtp_fields[i].key, 0, true);

		if (e)
			take_field(r, s, ssmtp_fields[i].field, e);
	}
	set_default(&s->port, "25");
	if (is_true(starttls))
		take_tls(r, s, SETTINGS_TLS_STARTTLS, starttls);
	else
		take_tls(r, s, is_true(tls) ? SETTINGS_TLS_IMPLICIT : SETTINGS_TLS_NONE, tls);
	if (setting_is_set(&s->user) && !setting_is_set(&s->auth))
		s->auth = (struct setting) { .value = "login", .key = "" };
	if (!setting_is_set(&s->user))
		s->auth = (struct setting) { .value = "none", .key = "" };
	text = beside(r, "revaliases", &n, &path);
	if (text) {
		struct scan scan = scan_over(text, n);
		unsigned line = 0;

		while (!s->from.value && next_line(&scan, &line, &l.p, &l.len)) {
			struct span v = span_trim(l);
			const char *colon = memchr(v.p, ':', v.len);

			if (v.len && *v.p != '#' && colon)
				take_field(r, s, FIELD_FROM, &(struct entry) {
					.key = "revaliases", .line = line, .file = path,
					.value = arena_strndup(r->work, colon + 1,
							       strcspn(span_dup(r->work, (
						struct span) { colon + 1,
							       (size_t)(v.p + v.len - colon) - 1 }),
								       ":")),
				});
		}
	}
}

const struct program_code code_ssmtp = { "ssmtp", .read = read_ssmtp, .parse = parse_ssmtp };
