/*
 * prog-msmtp - msmtp's accounts. marlam.de/msmtp/msmtp.html: "account name [: account[,...]]"
 * copies settings, "defaults" holds for the accounts below it, port 25, or 465 with TLS from the
 * start, tls off, tls_starttls on, auth off, certificates are looked at.
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/read.h"

enum { ACCOUNTS_MOST = 64, COMMANDS = 20, LINE_MOST = 500 };

static const char *const commands[COMMANDS] = {
	"host", "port", "from", "user", "password", "passwordeval", "auth", "tls", "tls_starttls",
	"tls_certcheck", "tls_trust_file",
		"tls_cert_file",
	"domain", "set_from_header", "auto_from", "tls_fingerprint", "tls_min_dh_prime_bits",
	"tls_priorities", "logfile", "syslog",
};
enum { HOST, PORT, FROM, USER, PASSWORD, PASSWORDEVAL, AUTH, TLS, STARTTLS, CERTCHECK, TRUST, CERT,
       DOMAIN, FROM_HEADER, AUTO_FROM, FINGERPRINT };

struct account {
	const char		*name;
	const struct entry	*set[COMMANDS];
	bool			 alias;		/* only a second name of another one */
	unsigned		 long_line;
};

struct accounts {
	struct account	list[ACCOUNTS_MOST + 1];	/* [0] are the defaults */
	size_t		n;
	struct account	*now;
};

static bool is_command(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* "name : other, more": the others' settings are copied. */
static bool account(struct reading *r, struct accounts *a, struct span v, unsigned line)
{
	const char *colon = memchr(v.p, ':', v.len);
	const char *name = span_dup(r->work, span_trim((struct span) {
		v.p, colon ? (size_t)(colon - v.p) : v.len
	}));
	struct strv from = { NULL, 0, 0 };
	struct account *new;

	if (a->n > ACCOUNTS_MOST)
		return entries_fail(&r->entries, line, "more than %d accounts", ACCOUNTS_MOST);
	new = &a->list[a->n++];
	*new = a->list[0];
	new->name = name;
	if (colon)
		strv_split(&from, r->work,
			   span_dup(r->work,
				    (struct span) { colon + 1, (size_t)(v.p + v.len - colon) - 1 }),
			   ',');
	for (size_t i = 0; i < from.n; i++) {
		struct account *other = NULL;

		for (size_t k = 1; k + 1 < a->n; k++)
			if (str_eq(a->list[k].name,
				   span_dup(r->work, span_trim(span_of(from.v[i])))))
				other = &a->list[k];
		if (!other)
			return entries_fail(&r->entries, line, "there is no account of the name "
					    "that is copied above this line");
		for (size_t k = 0; k < COMMANDS; k++)
			if (other->set[k])
				new->set[k] = other->set[k];
		new->alias = true;
	}
	a->now = new;
	return true;
}

static bool take_line(struct reading *r, struct accounts *a, unsigned line, struct span l)
{
	struct scan s = scan_span(span_trim(l));
	struct span word = scan_while(&s, is_command), v;

	if (scan_done(&s) && word.len == 0)
		return true;
	if (word.len == 0)
		return scan_peek(&s) == '#' ||
		       entries_fail(&r->entries, line, "a command is expected here");
	v = span_trim(scan_rest(&s));
	if (v.len > 1 && *v.p == '"' && v.p[v.len - 1] == '"') {
		v.p++;
		v.len -= 2;
	}
	if (span_eq(word, "defaults")) {
		a->now = &a->list[0];
		memset(a->now->set, 0, sizeof(a->now->set));
		return true;
	}
	if (span_eq(word, "account"))
		return account(r, a, v, line);
	for (size_t i = 0; i < COMMANDS; i++)
		if (span_eq(word, commands[i])) {
			a->now->set[i] = entries_add(&r->entries, line, commands[i],
						     span_dup(r->work, v));
			a->now->alias = false;
			if (l.len > LINE_MOST)
				a->now->long_line = line;
		}
	return true;
}

static void tls_of(struct reading *r, struct mail_settings *s, const struct account *a)
{
	if (!is_true(a->set[TLS]))
		take_tls(r, s, SETTINGS_TLS_NONE, a->set[TLS]);
	else if (a->set[STARTTLS] && !is_true(a->set[STARTTLS]))
		take_tls(r, s, SETTINGS_TLS_IMPLICIT, a->set[STARTTLS]);
	else
		take_tls(r, s, SETTINGS_TLS_STARTTLS,
			 a->set[STARTTLS] ? a->set[STARTTLS] : a->set[TLS]);
	if (a->set[CERTCHECK] && !is_true(a->set[CERTCHECK])) {
		s->verify_off = true;
		take_setting(r, s, &s->verify_said, a->set[CERTCHECK]);
		note(r, s, s->verify_said.line, WARNING, "lint.certificate-unchecked",
		     "tls_certcheck on", "the server's certificate is not looked at: whoever "
		     "stands in between can read the password");
	}
}

static void finish_account(struct reading *r, struct mail_settings *s, const struct account *a)
{
	static const struct { int command; enum field field; } fields[] = {
		{ HOST, FIELD_HOST }, { PORT, FIELD_PORT }, { FROM, FIELD_FROM },
		{ USER, FIELD_USER }, { PASSWORD, FIELD_PASSWORD },
		{ AUTH, FIELD_AUTH },
		{ TRUST, FIELD_CA }, { CERT, FIELD_CERT }, { DOMAIN, FIELD_HELO },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (a->set[fields[i].command])
			take_field(r, s, fields[i].field, a->set[fields[i].command]);
	tls_of(r, s, a);
	set_default(&s->port, s->tls == SETTINGS_TLS_IMPLICIT ? "465" : "25");
	if (str_eq(s->auth.value, "on"))
		s->auth.value = "auto";
	else if (str_eq(s->auth.value, "off") || !setting_is_set(&s->auth))
		s->auth.value = "none";
	if (a->set[PASSWORDEVAL] && !s->secret) {
		take_setting(r, s, &s->password, a->set[PASSWORDEVAL]);
		s->password.value = NULL;
		note(r, s, s->password.line, INFO, "lint.value-elsewhere", "",
		     "the password is what a command prints (passwordeval): it was not run");
	}
	if (setting_is_set(&s->user) && str_eq(s->auth.value, "none"))
		note(r, s, s->user.line, ERROR, "lint.switched-off", "auth on",
		     "there is a user name, but no login: `auth` is off unless it is said");
	if (a->long_line)
		note(r, s, a->long_line, ERROR, "lint.line-too-long", "passwordeval \"cat FILE\"",
		     "msmtp reads %d characters of a line: the rest of a token is cut off",
		     LINE_MOST);
}

static void read_msmtp(struct reading *r)
{
	struct accounts *a = arena_alloc(r->work, sizeof(*a));
	struct scan s = scan_over(r->bytes, r->len);
	struct span l;
	unsigned line = 0;
	bool good = true;

	entries_init(&r->entries, r->work);
	a->n = 1;
	a->now = &a->list[0];
	a->list[0].name = "";
	while (good && !r->entries.error && next_line(&s, &line, &l.p, &l.len))
		good = take_line(r, a, line, l);
	if (!good || r->entries.error) {
		r->error = arena_strdup(r->arena, r->entries.error);
		r->error_line = r->entries.error_line;
		return;
	}
	for (size_t i = a->n > 1 ? 1 : 0; i < a->n; i++) {
		struct mail_settings *new = !a->list[i].set[HOST] || a->list[i].alias ? NULL :
					    reading_new(r, a->list[i].name);

		if (new)
			finish_account(r, new, &a->list[i]);
	}
}

const struct program_code code_msmtp = { "msmtp", .read = read_msmtp };
