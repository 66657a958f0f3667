/*
 * syntax-pairs - any text: a word that looks like the name of a mail setting, and what stands next
 * to it: `:relay, "mail.example"`, `setpref('Internet', 'SMTP_Server', 'mail.example')`,
 * "ceph config set mgr mgr/alerts/smtp_port 465". Nothing is known of the language: what comes out
 * is a guess, and begins with a host that is one by its look. Keys are host, url, port, user,
 * password, from, starttls and tls.
 */
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

enum {
	TOKENS_MOST = 20000,
	TOKEN_LONGEST = 512,
	NEAR = 30,		/* lines from the host to what belongs to it */
	WORDS_MOST = 8,
};

struct token { struct span text; unsigned line; };

struct tokens { struct token *v; size_t n, cap; };

/* --- words --- */

static bool is_bare(char c)
{
	return ascii_is_alnum(c) || (c && strchr("_.-@+%/$", c)) || (unsigned char)c >= 0x80;
}

static bool is_comment(struct span line)
{
	return line.len && (*line.p == '#' || *line.p == ';' || span_has_prefix_nocase(line, "//"));
}

/* The next token at *p; false: there is none in the line. */
static bool next_token(const char **p, const char *end, struct span *ret)
{
	const char *at = *p, *from;

	while (at < end && !is_bare(*at) && *at != '"' && *at != '\'')
		at++;
	if (at == end)
		return false;
	if (*at == '"' || *at == '\'') {
		const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));

		from = at + 1;
		*p = close ? close + 1 : from;
		*ret = (struct span) { from, close ? (size_t)(close - from) : 0 };
		return true;
	}
	from = at;
	/* "smtp://" is one word, "host:" is not. */
	while (at < end && (is_bare(*at) || (end - at > 2 && memcmp(at, "://", 3) == 0) ||
			    (*at == ':' && at > from && memchr(from, '/', (size_t)(at - from)))))
		at++;
	*p = at;
	*ret = (struct span) { from, (size_t)(at - from) };
	return true;
}

static void cut(struct entries *e, struct tokens *t, const char *bytes, size_t n)
{
	struct scan s = scan_over(bytes, n);
	unsigned line = 0;
	struct span l, word;

	while (t->n < TOKENS_MOST && next_line(&s, &line, &l.p, &l.len)) {
		const char *p, *end;

		l = span_trim(l);
		p = l.p;
		end = l.p + l.len;
		while (!is_comment(l) && t->n < TOKENS_MOST && next_token(&p, end, &word)) {
			/* What XML puts between a name and its value. */
			if (!word.len || word.len > TOKEN_LONGEST ||
			    span_in(word, "/name|value|/value|/string|string|/key|entry"))
				continue;
			t->v = arena_grow(e->arena, t->v, t->n, &t->cap, sizeof(*t->v));
			t->v[t->n++] = (struct token) { word, line };
		}
	}
}

/* --- what a name says --- */

/* "mail.smtp.userName" is mail, smtp, user, name: in lower case, of many the last ones. */
static size_t words_of(struct entries *e, struct span name, const char **ret)
{
	char *low = arena_alloc(e->arena, 2 * name.len + 2), *to = low;
	const char *at[WORDS_MOST];
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];
		bool begins = i && c >= 'A' && c <= 'Z' && name.p[i - 1] >= 'a' &&
			      name.p[i - 1] <= 'z';

		if (begins)
			*to++ = ' ';
		*to++ = ascii_is_alnum(c) ? ascii_lower(c) : ' ';
	}
	*to = '\0';
	for (char *p = low; *p;) {
		while (*p == ' ')
			p++;
		if (!*p)
			break;
		at[n++ % WORDS_MOST] = p;
		while (*p && *p != ' ')
			p++;
		if (*p)
			*p++ = '\0';
	}
	for (size_t i = 0, k = n < WORDS_MOST ? n : WORDS_MOST; i < k; i++)
		ret[i] = at[(n - k + i) % WORDS_MOST];
	return n < WORDS_MOST ? n : WORDS_MOST;
}

static bool has_word(const char *const *w, size_t n, const char *list)
{
	for (size_t i = 0; i < n; i++)
		if (str_in(w[i], list))
			return true;
	return false;
}

/* Which setting such a name is; NULL. */
static const char *setting_of_name(struct entries *e, struct span name)
{
	const char *w[WORDS_MOST], *last, *before;
	size_t n = words_of(e, name, w);

	if (!n)
		return NULL;
	last = w[n - 1];
	before = n > 1 ? w[n - 2] : "";
	if (str_in(last, "name|id") && str_in(before, "user|host|server")) {
		last = before;
		before = n > 2 ? w[n - 3] : "";
	}
	if (has_word(w, n, "starttls") || (str_eq(last, "tls") && str_eq(before, "start")))
		return "starttls";
	if (str_in(last, "tls|ssl|usetls|usessl|secure|encryption|security|smtps"))
		return "tls";
	if (str_in(last, "port|smtpport|service"))
		return "port";
	if (str_in(last, "user|username|login|smtpuser|userid|uname|authuser"))
		return "user";
	if (str_in(last, "password|pass|passwd|pwd|smtppass|smtppassword|authpass"))
		return "password";
	if (has_word(w, n, "from|sender|fromaddr|mailfrom"))
		return "from";
	if (str_in(last, "host|server|address|relay|relayhost|smarthost|mailserver|mailhost|"
		   "smtphost|smtpserver|smtp|hostname|servername"))
		return "host";
	return NULL;
}

/* --- what a value looks like --- */

static bool is_truth(struct span v)
{
	return span_in(v, "true|yes|on|1|false|no|off|0|none|null|always|required|enabled|ssl|"
		       "tls|starttls|smtps|implicit|explicit");
}

/* A name with a dot in it that a mail server could have, or that its setting is called after. */
static bool is_host(struct entries *e, struct span name, struct span v)
{
	const char *w[WORDS_MOST];
	size_t letters = 0, dots = 0, n = words_of(e, name, w);

	for (size_t i = 0; i < v.len; i++) {
		letters += ascii_is_alpha(v.p[i]);
		dots += v.p[i] == '.';
		if (!ascii_is_alnum(v.p[i]) && !strchr(".-", v.p[i]))
			return false;
	}
	if (!letters || !dots || !ascii_is_alnum(*v.p) || v.p[v.len - 1] == '.')
		return false;
	return span_has_any(v, "smtp|mail") ||
	       has_word(w, n, "smtp|mail|relay|relayhost|smarthost|mailserver|mailhost|mailer|"
			"smtphost|smtpserver|email");
}

static bool fits(struct entries *e, const char *setting, struct span name, struct span v)
{
	unsigned long port;

	if (str_eq(setting, "host"))
		return is_host(e, name, v);
	if (str_eq(setting, "port"))
		return v.len < 6 && str_number(span_dup(e->arena, v), 65535, &port) && port;
	if (str_in(setting, "starttls|tls"))
		return is_truth(v);
	/* A bare word may be the password of auth(user, "..."), and would be shown as the user. */
	if (str_in(setting, "user|from"))
		return memchr(v.p, '@', v.len);
	return !is_truth(v) && !setting_of_name(e, v);
}

static bool is_url(struct span v)
{
	return span_has_prefix_nocase(v, "smtp://") || span_has_prefix_nocase(v, "smtps://");
}

/* --- the whole --- */

static bool is_far(unsigned a, unsigned b)
{
	return (a > b ? a - b : b - a) > NEAR;
}

/* Where the first host or URL stands; n: nowhere. */
static size_t host_at(struct entries *e, const struct tokens *t, bool *ret_url)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct token *v = &t->v[i];
		const char *setting = i ? setting_of_name(e, t->v[i - 1].text) : NULL;

		*ret_url = is_url(v->text);
		if (*ret_url)
			return i;
		if (setting && str_eq(setting, "host") && v->line - t->v[i - 1].line <= 1 &&
		    is_host(e, t->v[i - 1].text, v->text))
			return i;
	}
	return t->n;
}

/* The value of a setting that is nearest to the host; n: there is none. */
static size_t nearest(struct entries *e, const struct tokens *t, size_t host, const char *setting)
{
	size_t best = t->n;
	unsigned at = t->v[host].line;

	for (size_t i = 0; i + 1 < t->n; i++) {
		const struct token *name = &t->v[i], *v = &t->v[i + 1];
		const char *is = is_far(name->line, at) || v->line - name->line > 1 ? NULL :
				 setting_of_name(e, name->text);

		if (!is || !str_eq(is, setting) || !fits(e, setting, name->text, v->text))
			continue;
		if (best == t->n || (i > host ? i - host : host - i) <
				    (best > host ? best - host : host - best))
			best = i + 1;
	}
	return best;
}

bool parse_pairs(struct entries *e, const char *p, size_t n)
{
	static const char *const settings[] = { "port", "user", "password", "from", "starttls",
						"tls" };
	struct tokens t = { NULL, 0, 0 };
	bool url = false;
	size_t host, at;

	cut(e, &t, p, n);
	host = host_at(e, &t, &url);
	if (host == t.n)
		return true;
	entries_add(e, t.v[host].line, url ? "url" : "host",
		    span_dup(e->arena, t.v[host].text));
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		at = nearest(e, &t, host, settings[i]);
		if (at < t.n)
			entries_add(e, t.v[at].line, settings[i],
				    span_dup(e->arena, t.v[at].text));
	}
	return true;
}
