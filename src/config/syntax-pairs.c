/*
 * syntax-pairs - any text: a word that looks like the name of a mail setting, and what stands next
 * to it: `:relay, "mail.example"`, `setpref('Internet', 'SMTP_Server', 'mail.example')`,
 * "ceph config set mgr mgr/alerts/smtp_port 465". Nothing is known of the language: what comes out
 * is a guess, and begins with a host that is one by its look. A name that the file gives a value
 * stands for it. Keys are host, url, port, user, password, from, starttls, ssl, tls and secure.
 */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "config/entries.h"
#include "config/pairs.h"

enum {
	NEAR = 30,		/* lines from the host to what belongs to it */
	CONTEXT = 16,		/* tokens that say what a name is about */
	BETWEEN = 8,		/* tokens between a name and its value */
	LOOKED_FOR = 64,	/* variables of one file */
	DEEPEST = 3,
};

/* --- values --- */

static bool is_sign(const struct pairs *x, size_t i, const char *signs)
{
	return i < x->t.n && x->t.v[i].kind == PAIR_SIGN && strchr(signs, *x->t.v[i].text.p);
}

static bool is_filler(struct span v)
{
	return span_in(v, "value|/value|/name|name|string|/string|str|char|const|int|integer|text|"
		       "new|key|/key|entry|quote|be|is|to|number|optional|some|property|std|"
		       "&str|final|smtp|cons|list");
}

/* A function that makes a value of its first argument. */
static bool is_wrapper(const struct pairs *x, size_t i)
{
	return is_sign(x, i + 1, "(") &&
	       span_in(x->t.v[i].text, "mailaddress|internetaddress|mailboxaddress|mail.address|"
		       "address|parse|mailboxaddress.parse|str|string|int|number|parseint|"
		       "to_string|strdup|string.from|integer|tonumber|atoi|strconv.atoi");
}

static bool reads_environment(struct span v)
{
	return span_in(v, "getenv|os.getenv|os.environ|os.environ.get|environ.get|env|env.fetch|"
		       "system.getenv|environ|env.str|env.get|process.env|config|"
		       "environment.getenvironmentvariable|env.int|env::var|std::env::var|"
		       "std.extVar|viper.getstring|os.lookupenv|get_env|system.get_env");
}

/* "$X", "${X}", "$(X)", "this.X": X; the word itself. */
static struct span plain_name(struct span v)
{
	while (v.len && strchr("$@%{(:&", *v.p))
		v = (struct span) { v.p + 1, v.len - 1 };
	while (v.len && strchr("})%", v.p[v.len - 1]))
		v.len--;
	for (size_t i = v.len; i-- > 0;)
		if (v.p[i] == '.' || v.p[i] == ':')
			return (struct span) { v.p + i + 1, v.len - i - 1 };
	return v;
}

static bool is_identifier(struct span v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!ascii_is_alnum(v.p[i]) && v.p[i] != '_' && v.p[i] != '-')
			return false;
	return v.len > 0 && !ascii_is_digit(*v.p);
}

static bool is_address(struct span v)
{
	const char *at = v.len ? memchr(v.p, '@', v.len) : NULL;

	return at && at > v.p && at + 1 < v.p + v.len && *v.p != '$';
}

/* A word without quotes that is a value by its look, no name of one. */
static bool is_literal(struct span v)
{
	return pair_is_number(v) || pair_is_truth(v) || is_address(v) || pair_is_url(v) ||
	       pair_is_host(v, true);
}

/* Does token k give the name that it is a value? Where that begins; 0: no. */
static size_t assigned_at(const struct pairs *x, size_t k)
{
	const struct pair_token *t = x->t.v;
	bool defined = k > 0 && span_eq(t[k - 1].text, "define");

	if (t[k].kind == PAIR_TEXT)
		return k > 1 && is_sign(x, k - 1, "(") && span_eq(t[k - 2].text, "define") ?
		       k + 2 : 0;
	if (t[k].kind != PAIR_WORD)
		return 0;
	if (defined)
		return k + 1;
	for (size_t i = k + 1; i < k + 4 && i < x->t.n; i++) {
		if (is_sign(x, i, "=<"))
			return is_sign(x, i + 1, "=>") ? 0 : i + 1;
		/* "X: string = ", "X := " */
		if (!is_sign(x, i, ":") && !(i == k + 2 && is_filler(t[i].text)))
			return 0;
	}
	return 0;
}

static bool value_from(struct pairs *x, size_t i, unsigned line, struct pair_found *ret,
		       unsigned depth);

/* What the file says of a name: before the place where it is used, else behind it. */
static bool resolve(struct pairs *x, size_t used, struct span name, struct pair_found *ret,
		    unsigned depth)
{
	size_t best = 0, from = 0;
	unsigned line = ret->line;

	name = plain_name(name);
	if (!is_identifier(name) || !x->left || depth > DEEPEST)
		return false;
	x->left--;
	for (size_t k = 0; k < x->t.n && (k < used || !from); k++) {
		size_t at;

		if (k == used || x->t.v[k].text.len < name.len)
			continue;
		if (!span_eq(plain_name(x->t.v[k].text), span_dup(x->e->arena, name)))
			continue;
		at = assigned_at(x, k);
		if (at && at < x->t.n) {
			best = k;
			from = at;
		}
	}
	if (!from || !value_from(x, from, x->t.v[best].line, ret, depth + 1)) {
		ret->line = line;
		return false;
	}
	return true;
}

/* os.getenv("X", "value"), process.env.X || "value": i is behind X. */
static bool default_of(struct pairs *x, size_t i, unsigned line, struct pair_found *ret)
{
	bool other = false;

	for (size_t k = i; k < i + 5 && k < x->t.n && x->t.v[k].line == line; k++) {
		const struct pair_token *t = &x->t.v[k];

		other |= is_sign(x, k, ",|?") || span_in(t->text, "or|default");
		if (other && (t->kind == PAIR_TEXT || (t->kind == PAIR_WORD &&
						       is_literal(t->text)))) {
			ret->value = t->text;
			return true;
		}
	}
	return false;
}

static bool is_variable_text(struct span v)
{
	return v.len > 1 && *v.p == '$' && is_identifier(plain_name(v));
}

static bool value_from(struct pairs *x, size_t i, unsigned line, struct pair_found *ret,
		       unsigned depth)
{
	size_t end = i + BETWEEN;
	bool environment = false;

	for (; i < x->t.n && i < end && x->t.v[i].line - line <= 1; i++) {
		const struct pair_token *t = &x->t.v[i];
		bool name = t->kind == PAIR_WORD && x->names[i].setting && is_sign(x, i + 1, ":=");

		ret->line = t->line;
		if (is_sign(x, i, ";}") || (is_sign(x, i, ")]") && !environment))
			return false;
		if (t->kind == PAIR_SIGN)
			continue;
		if (t->kind == PAIR_WORD && reads_environment(t->text)) {
			environment = true;
			continue;
		}
		if (environment || (t->kind == PAIR_WORD &&
				    (span_has_prefix_nocase(t->text, "process.env.") ||
				     span_has_prefix_nocase(t->text, "env.")))) {
			ret->variable = span_dup(x->e->arena, plain_name(t->text));
			ret->value = (struct span) { "", 0 };
			default_of(x, i + 1, t->line, ret);
			return true;
		}
		/* The next line is the next setting: this one is empty. */
		if (name && t->line != line)
			return false;
		if (t->kind == PAIR_WORD && (is_filler(t->text) || is_wrapper(x, i)))
			continue;
		ret->value = t->text;
		if (t->kind == PAIR_TEXT && !is_variable_text(t->text))
			return true;
		if (t->kind == PAIR_WORD && is_literal(t->text))
			return true;
		return resolve(x, i, t->text, ret, depth) ||
		       (t->kind == PAIR_WORD && !is_sign(x, i + 1, "(:["));
	}
	return false;
}

bool pair_value(struct pairs *x, size_t i, unsigned line, struct pair_found *ret)
{
	ret->variable = NULL;
	ret->line = line;
	return value_from(x, i, line, ret, 0);
}

/*
 * Is a word without quotes the whole value? Of "user = top secret 4711" or "user = pa!ss" a part
 * must not be shown as if it were a name.
 */
static bool is_whole(const struct pairs *x, struct span v)
{
	const char *end = v.p + v.len;
	char before = v.p[-1];

	if (!strchr(" \t=:(,\"'`<>[", before) || (end < x->t.end && *end &&
						  !strchr(" \t\r\n,;)}]<>\"'`", *end)))
		return false;
	while (end < x->t.end && (*end == ' ' || *end == '\t'))
		end++;
	return end == x->t.end || !ascii_is_alnum(*end) || strchr("\"'`", v.p[-1]);
}

static bool is_plain_user(struct span v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!ascii_is_alnum(v.p[i]) && !strchr("._-+\\", v.p[i]))
			return false;
	return v.len > 1 && !pair_is_truth(v);
}

bool pair_fits(const struct pairs *x, const struct pair_found *f, bool named)
{
	struct span v = f->value;

	if (!v.len)
		return f->variable;
	switch (f->setting) {
	case PAIR_HOST:
		return (pair_is_host(v, f->of_mail) ||
			(named && x->names[f->at].of_mail && pair_is_local_host(v))) &&
		       !span_has_any(v, "imap|pop.|pop3");
	case PAIR_PORT:
		return pair_is_number(v) && *v.p != '0';
	case PAIR_STARTTLS: case PAIR_SSL: case PAIR_TLS: case PAIR_SECURE:
		return pair_is_truth(v);
	case PAIR_FROM:
		return is_address(v);
	case PAIR_USER:
		/* A bare word may be the password of auth(user, "..."), and would be shown. */
		return is_whole(x, v) && (is_address(v) || (named && is_plain_user(v)));
	case PAIR_PASSWORD:
		return !pair_is_truth(v);
	default:
		return pair_is_url(v);
	}
}

void pair_add(struct pairs *x, const struct pair_found *f)
{
	x->v = arena_grow(x->e->arena, x->v, x->n, &x->cap, sizeof(*x->v));
	x->v[x->n++] = *f;
}

/* --- names --- */

static bool is_about_mail(const struct pairs *x, size_t i)
{
	for (size_t k = i > CONTEXT ? i - CONTEXT : 0; k <= i; k++)
		if (x->names[k].of_mail)
			return true;
	return false;
}

/* Behind a name in quotes: what makes the next one its value. */
static bool is_before_value(const struct pairs *x, size_t i)
{
	return is_sign(x, i, ",:=]") || (i < x->t.n && span_eq_nocase(x->t.v[i].text, "value"));
}

/* Can token i name what follows? Not a closing tag, not an argument of its own. */
static bool is_name(const struct pairs *x, size_t i)
{
	const struct pair_token *t = &x->t.v[i];

	if (t->kind == PAIR_SIGN || !x->names[i].setting || t->text.len > 80)
		return false;
	if (t->kind == PAIR_TEXT)
		return !memchr(t->text.p, ' ', t->text.len) && is_before_value(x, i + 1);
	return *t->text.p != '/' && !is_address(t->text) && !pair_is_smtp_host(t->text);
}

/* Is it written as a name and its value, not as two words of a list? */
static bool is_named(const struct pairs *x, size_t i)
{
	return x->t.v[i].kind == PAIR_TEXT ? is_before_value(x, i + 1) :
	       !is_sign(x, i + 1, ",)") ||
	       span_has_prefix_nocase(x->t.v[i].text, "curlopt_");
}

/* From: Name <a@b>, without quotes: the address stands further on. */
static void find_address(const struct pairs *x, size_t i, struct pair_found *f)
{
	for (size_t k = i + 1; k < i + BETWEEN && k < x->t.n &&
	     x->t.v[k].line == x->t.v[i].line && !is_sign(x, k, ";)"); k++)
		if (is_address(x->t.v[k].text)) {
			f->value = x->t.v[k].text;
			f->line = x->t.v[k].line;
			f->variable = NULL;
			return;
		}
}

static void named_values(struct pairs *x)
{
	for (size_t i = 0; i < x->t.n; i++) {
		struct pair_found f = { .setting = x->names[i].setting, .at = i,
					.of_mail = x->names[i].of_mail };

		if (pair_is_url(x->t.v[i].text)) {
			f = (struct pair_found) { PAIR_URL, x->t.v[i].text, NULL, x->t.v[i].line,
						  i, true, false };
			pair_add(x, &f);
			continue;
		}
		if (!is_name(x, i))
			continue;
		f.weak = f.setting == PAIR_FROM &&
			 !span_has_any(x->t.v[i].text, "from|sender|remit|absend");
		if (!pair_value(x, i + 1, x->t.v[i].line, &f))
			f.value = (struct span) { "", 0 };
		if (f.setting == PAIR_FROM && !is_address(f.value) && !f.variable)
			find_address(x, i, &f);
		f.of_mail |= f.setting == PAIR_HOST && is_about_mail(x, i);
		if (f.setting == PAIR_USER && span_has(x->t.v[i].text, "account") &&
		    !is_address(f.value))
			continue;
		if (pair_fits(x, &f, is_named(x, i)))
			pair_add(x, &f);
	}
}

/* --- the whole --- */

static unsigned apart(unsigned a, unsigned b)
{
	return a > b ? a - b : b - a;
}

static unsigned weight(const struct pair_found *f)
{
	if (f->setting == PAIR_URL)
		return 4;
	if (f->setting != PAIR_HOST || !f->value.len)
		return 0;
	return 1 + 2 * pair_is_smtp_host(f->value) + f->of_mail;
}

static const struct pair_found *best_host(const struct pairs *x)
{
	const struct pair_found *best = NULL;

	for (size_t i = 0; i < x->n; i++)
		if (weight(&x->v[i]) > (best ? weight(best) : 0))
			best = &x->v[i];
	return best;
}

/* No name says that it is one: the first word that has the look of a mail server. */
static bool unnamed_host(struct pairs *x)
{
	for (size_t i = 0; i < x->t.n; i++)
		if (x->t.v[i].kind != PAIR_SIGN && pair_is_smtp_host(x->t.v[i].text)) {
			const struct pair_found f = { PAIR_HOST, x->t.v[i].text, NULL,
						      x->t.v[i].line, i, true, false };

			pair_add(x, &f);
			return true;
		}
	return false;
}

static const struct pair_found *nearest(const struct pairs *x, const struct pair_found *host,
					enum pair_setting setting)
{
	const struct pair_found *best = NULL;
	size_t least = 0;

	for (size_t i = 0; i < x->n; i++) {
		const struct pair_found *f = &x->v[i];
		size_t far = f->at > host->at ? f->at - host->at : host->at - f->at;

		if (f->setting != setting || (!f->of_mail && apart(x->t.v[f->at].line,
							  x->t.v[host->at].line) > NEAR))
			continue;
		far += f->weak ? 1000 : 0;
		far += f->value.len ? 0 : 500;
		if (!best || far < least) {
			best = f;
			least = far;
		}
	}
	return best;
}

static void put(struct pairs *x, const char *key, const struct pair_found *f)
{
	struct entry *e = entries_add(x->e, f->line, key, f->value.len || !f->variable ?
				      span_dup(x->e->arena, f->value) : NULL);

	if (e)
		e->variable = f->variable;
}

/* "smtp.example.com:587", "smtp.example.com" ":" "587": the port stands with the host. */
static bool put_host(struct pairs *x, const struct pair_found *host)
{
	const char *sep = memmem(host->value.p, host->value.len, "://", 3), *colon;
	struct pair_found name = *host, port = *host;
	size_t at = host->at;

	if (sep)
		name.value = span_from(host->value, sep + 3);
	if (sep && span_has_prefix_nocase(host->value, "ssl://")) {
		const struct pair_found ssl = { PAIR_SSL, span_of("true"), NULL, host->line,
						host->at, true, false };

		put(x, "ssl", &ssl);
	}
	colon = memchr(name.value.p, ':', name.value.len);
	port.value = colon ? span_from(name.value, colon + 1) : (struct span) { "", 0 };
	if (colon)
		name.value.len = (size_t)(colon - name.value.p);
	put(x, "host", &name);
	while (!colon && at < x->t.n && at < host->at + BETWEEN &&
	       x->t.v[at].text.p != host->value.p)
		at++;
	if (!colon && is_sign(x, at + 1, ":") && at + 2 < x->t.n)
		port.value = x->t.v[at + 2].text;
	if (!pair_is_number(port.value))
		return false;
	put(x, "port", &port);
	return true;
}

bool parse_pairs(struct entries *e, const char *p, size_t n)
{
	static const struct { enum pair_setting setting; const char *key; } settings[] = {
		{ PAIR_USER, "user" }, { PAIR_PASSWORD, "password" }, { PAIR_FROM, "from" },
		{ PAIR_STARTTLS, "starttls" }, { PAIR_SSL, "ssl" }, { PAIR_TLS, "tls" },
		{ PAIR_SECURE, "secure" }, { PAIR_PORT, "port" },
	};
	struct pairs x = { .e = e, .left = LOOKED_FOR };
	const struct pair_found *host, *f;
	bool port;

	pair_tokens(e, p, n, &x.t);
	x.names = arena_alloc(e->arena, (x.t.n + 1) * sizeof(*x.names));
	for (size_t i = 0; i < x.t.n; i++)
		if (x.t.v[i].kind != PAIR_SIGN)
			x.names[i] = pair_name(e->arena, x.t.v[i].text);
	named_values(&x);
	pair_calls(&x);
	host = best_host(&x);
	if (!host && unnamed_host(&x))
		host = best_host(&x);
	if (!host)
		return true;
	port = host->setting == PAIR_HOST && put_host(&x, host);
	if (host->setting == PAIR_URL)
		put(&x, "url", host);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		f = nearest(&x, host, settings[i].setting);
		if (f && !(settings[i].setting == PAIR_PORT && port))
			put(&x, settings[i].key, f);
	}
	return true;
}
