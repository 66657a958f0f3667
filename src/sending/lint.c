/*
 * lint - findings about settings, with their places and the lines to write.
 */
#include "sending/lint.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "config/settings.h"
#include "know/findings.h"
#include "know/know.h"
#include "know/path.h"
#include "sending/path.h"

const char *lint_verdict_name(enum lint_verdict v)
{
	static const char *const names[] = { "fine", "warning", "problem", "unjudged" };

	return names[v];
}

/* --- places --- */

static const struct setting *setting_of(const struct mail_settings *s, const char *name)
{
	const struct { const char *name; const struct setting *at; } all[] = {
		{ "host", &s->host }, { "port", &s->port }, { "tls", &s->tls_said },
		{ "auth", &s->auth }, { "user", &s->user },
		{ "password", &s->password },
		{ "from", &s->from }, { "to", &s->to }, { "scope", &s->scope },
		{ "token_url", &s->token_url }, { "tenant", &s->tenant },
		{ "client_id", &s->client_id }, { "verify", &s->verify_said }, { "api", &s->api },
		{ "client_cert", &s->client_cert },
		{ "helo", &s->helo },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (str_eq(all[i].name, name))
			return all[i].at;
	return NULL;
}

static void add(struct lint *l, struct lint_finding *f)
{
	struct lint_finding **at = &l->findings;

	/* What rests on a guess is no error. */
	if (f->severity == ERROR && settings_guessed(l->settings->application))
		f->severity = WARNING;
	l->n_errors += f->severity == ERROR;
	l->n_warnings += f->severity == WARNING;
	while (*at && (*at)->severity >= f->severity)
		at = &(*at)->next;
	f->next = *at;
	*at = f;
}

/* --- the lines to write --- */

struct wanted {
	struct arena			*arena;
	const struct mail_settings	*s;
	const struct provider		*p;	/* what is right there */
	const char			*host;
	unsigned			 port;
	bool				 implicit;
	const char			*lines;
};

static void put(struct wanted *w, const char *what, const char *value)
{
	const char *line = settings_line(w->arena, w->s, what, value);

	if (line && !strstr(w->lines, line))
		w->lines = arena_printf(w->arena, "%s%s%s", w->lines, *w->lines ? "\n" : "", line);
}

/*
 * Which port and mode: the port that is set when it only lacks the right mode, else
 * the recommended one.
 */
static void choose(struct wanted *w)
{
	w->port = w->p->ports[0].port;
	w->implicit = w->p->ports[0].implicit_tls;
	for (size_t i = 0; i < w->p->n_ports; i++)
		if (str_eq(w->s->port.value, arena_printf(w->arena, "%u", w->p->ports[i].port))) {
			w->port = w->p->ports[i].port;
			w->implicit = w->p->ports[i].implicit_tls;
		}
}

static void put_server(struct wanted *w)
{
	const char *port = arena_printf(w->arena, "%u", w->port);
	enum settings_tls tls = w->implicit ? SETTINGS_TLS_IMPLICIT : SETTINGS_TLS_STARTTLS;
	bool host = !str_eq_nocase(w->host, w->s->host.value ? w->s->host.value : ""),
		other_port = !str_eq(port, w->s->port.value);

	if (host || other_port)
		put(w, "host+port", arena_printf(w->arena, "%s:%s", w->host, port));
	if (host)
		put(w, "host", w->host);
	if (other_port)
		put(w, "port", port);
	if (host || other_port)
		put(w, "url", arena_printf(w->arena, "%s://USER:PASSWORD@%s:%s",
					   w->implicit ? "smtps" : "smtp", w->host, port));
	if (w->s->tls != tls)
		put(w, w->implicit ? "tls=implicit" : "tls=starttls", "");
}

/* The first mechanism that the provider has and what is set can use. */
static void put_auth(struct wanted *w, bool token)
{
	for (size_t i = 0; i < w->p->mechanisms.n; i++) {
		const char *name = str_lower(w->arena, w->p->mechanisms.v[i]);
		bool by_token = str_in(name, "xoauth2|oauthbearer");

		if (by_token == token && !str_eq(name, w->s->auth.value)) {
			put(w, arena_printf(w->arena, "auth=%s", name), "");
			return;
		}
	}
}

/* The host of a row that can be written down: not a pattern. */
static const char *host_of(const struct provider *p)
{
	for (size_t i = 0; p && i < p->hosts.n; i++)
		if (!strpbrk(p->hosts.v[i], "*?"))
			return p->hosts.v[i];
	return NULL;
}

/* Whose login is by OAuth keeps it, unless that is what the finding is about. */
static bool logs_in_by_token(const struct mail_settings *s, const struct path_finding *f)
{
	bool by_token = str_in(s->auth.value, "xoauth2|oauthbearer");

	return setting_is_set(&s->token_url) || setting_is_set(&s->client_id) || s->client_secret ||
	       (by_token && !str_eq(f->finding, "path.oauth-login-with-password"));
}

/* What to write instead, where that follows from what the provider publishes. */
static const char *lines_for(struct arena *a, const struct know *know, const struct lint *l,
			     const struct path_finding *f)
{
	const struct mail_settings *s = l->settings;
	const char *provider = l->judgement->provider,
		*path = *l->judgement->path ? l->judgement->path : NULL;
	/* The ways that are no SMTP have no port for it. */
	bool by_smtp = !str_in(path, "graph");
	bool server = str_eq(f->setting, "host");
	struct wanted w = { .arena = a, .s = s, .lines = "",
			    .host = s->host.value ? s->host.value : "" };

	if (f->severity == INFO)
		return "";
	if (str_eq(f->setting, "from") && s->user.value && strchr(s->user.value, '@')) {
		put(&w, "from", s->user.value);
		return w.lines;
	}
	if (!*provider || !(server || str_in(f->setting, "port|tls|auth")))
		return "";
	w.p = server ? NULL : know_provider_of_host(know, w.host);
	if (w.p && path && by_smtp && know_provider(know, w.p->id, path))
		w.p = know_provider(know, w.p->id, path);
	if (!w.p)
		w.p = know_provider(know, provider, "client-submission");
	if (!w.p || !w.p->n_ports)
		return "";
	if (str_eq(f->setting, "auth")) {
		put_auth(&w, logs_in_by_token(s, f));
		return w.lines;
	}
	if (server && host_of(w.p))
		w.host = host_of(w.p);
	choose(&w);
	put_server(&w);
	return w.lines;
}

/* --- findings --- */

/* "{case.provider-name}" of a row's words becomes PROVIDER-NAME. */
static const char *in_general(struct arena *a, const char *words)
{
	char *s = arena_strdup(a, words), *to = s;
	const char *dot;

	for (const char *p = s; *p;) {
		const char *close = *p == '{' ? strchr(p, '}') : NULL;

		if (!close) {
			*to++ = *p++;
			continue;
		}
		dot = memchr(p, '.', (size_t)(close - p));
		for (p = dot ? dot + 1 : p + 1; p < close; p++)
			*to++ = ascii_upper(*p);
		p = close + 1;
	}
	*to = '\0';
	return s;
}

/*
 * A reader's words as a sentence: a capital, unless it begins with the name of a
 * setting, and a full stop.
 */
static const char *sentence(struct arena *a, const char *words)
{
	char *s = arena_printf(a, "%s%s", words,
			       *words && strchr(".!?)\"", words[strlen(words) - 1]) ? "" : ".");
	size_t n = 0;

	while (s[n] >= 'a' && s[n] <= 'z')
		n++;
	if (n && (s[n] == ' ' || s[n] == '\'' || s[n] == ','))
		*s = ascii_upper(*s);
	return s;
}

/* Has the reader said the same already, and with the line to write? */
static bool is_noted(const struct lint *l, const char *finding)
{
	const char *same = str_eq(finding, "path.verify-off") ? "lint.certificate-unchecked" : "";

	for (const struct settings_note *n = l->settings->notes; n; n = n->next)
		if (str_eq(n->finding, same))
			return true;
	return false;
}

static void from_notes(struct arena *a, const struct know *know, struct lint *l)
{
	for (const struct settings_note *n = l->settings->notes; n; n = n->next) {
		const struct finding *registered = know_finding(know, n->finding);
		struct lint_finding *f = arena_alloc(a, sizeof(*f));

		/* A row of findings.tsv, and no graver than that. */
		assert(registered && n->severity <= registered->severity);
		*f = (struct lint_finding) {
			.finding = n->finding, .cause = "", .severity = n->severity,
			.file = n->file ? n->file : l->settings->file, .line = n->line,
			.key = "", .message = sentence(a, n->message),
			.fix = n->fix, .write = "",
			.confidence = settings_confidence(l->settings->application),
			.source = settings_source(l->settings->application),
			.rule = { sentence(a, registered->words), "", registered->severity },
		};
		add(l, f);
	}
}

/*
 * Is it clear which TLS is set? Not where that is a default, or a word of a program whose rows
 * were not compared with its documentation, unless the key says it itself ("ssl", "starttls").
 */
static bool is_plain(const struct mail_settings *s)
{
	const char *key = s->tls_said.line && s->tls_said.key ? s->tls_said.key : "";

	return !settings_unverified(s->application) ||
	       (s->tls == SETTINGS_TLS_IMPLICIT && str_find_nocase(key, "ssl")) ||
	       (s->tls == SETTINGS_TLS_STARTTLS && str_find_nocase(key, "starttls"));
}

static void from_paths(struct arena *a, const struct know *know, struct lint *l)
{
	for (const struct path_finding *p = l->judgement->findings; p; p = p->next) {
		const struct setting *at = setting_of(l->settings, p->setting);
		const struct path_finding_row *row = know_path_finding(know, p->finding);
		struct lint_finding *f = arena_alloc(a, sizeof(*f));

		if (is_noted(l, p->finding))
			continue;
		*f = (struct lint_finding) {
			.finding = p->finding, .cause = p->cause, .severity = p->severity,
			.file = at && at->file ? at->file : l->settings->file,
			.line = at ? at->line : 0, .key = at && at->key ? at->key : "",
			.message = p->message, .fix = p->fix,
			.write = lines_for(a, know, l, p), .confidence = p->confidence,
			.source = p->source,
			.rule = { in_general(a, row->message), in_general(a, row->fix),
				  row->severity },
		};
		/* What may stand in another file is not missing for certain. */
		if (l->settings->login_elsewhere && str_eq(p->finding, "path.no-login") &&
		    !l->settings->auth.line)
			f->severity = WARNING;
		if (f->severity == ERROR && str_eq(p->setting, "tls") && !is_plain(l->settings))
			f->severity = WARNING;
		/* Where the words for TLS are nowhere, the port is what they have to fit. */
		if (!f->line && str_eq(p->setting, "tls") && l->settings->port.line) {
			f->line = l->settings->port.line;
			f->key = l->settings->port.key;
		}
		add(l, f);
	}
}

struct lint *lint_judge(struct arena *a, const struct know *know, const struct mail_settings *s,
			const struct path_means *means)
{
	struct lint *l = arena_alloc(a, sizeof(*l));
	struct path_case c;
	enum path_known can_oauth;

	l->settings = s;
	l->title = settings_title(s->application);
	l->asked = means && means->given;
	path_case_of(a, s, &c);
	can_oauth = c.ask.means.can_oauth;
	if (means)
		c.ask.means = *means;
	if (!c.ask.means.can_oauth)
		c.ask.means.can_oauth = can_oauth;
	l->judgement = path_judge(a, know, &c);
	from_notes(a, know, l);
	from_paths(a, know, l);
	if (l->n_errors)
		l->verdict = LINT_PROBLEM;
	else if (!s->host.value && !s->api.value)
		l->verdict = LINT_UNJUDGED;
	else
		l->verdict = l->n_warnings ? LINT_WARNING : LINT_FINE;
	return l;
}
