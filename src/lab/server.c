/*
 * server - the lines of a scenario's `server` section.
 */
#include "lab/server.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "lab/line.h"

static const char *const point_names[POINT_COUNT] = {
	[POINT_GREETING]	= "greeting",
	[POINT_HELO]		= "helo",
	[POINT_EHLO]		= "ehlo",
	[POINT_EHLO_TLS]	= "ehlo-tls",
	[POINT_STARTTLS]	= "starttls",
	[POINT_HANDSHAKE]	= "handshake",
	[POINT_AUTH]		= "auth",
	[POINT_AUTH_CLEARTEXT]	= "auth-cleartext",
	[POINT_AUTH_INITIAL]	= "auth-initial",
	[POINT_AUTH_UNKNOWN]	= "auth-unknown",
	[POINT_PROMPT]		= "prompt",
	[POINT_PROMPT_USER]	= "prompt-user",
	[POINT_PROMPT_PASSWORD]	= "prompt-password",
	[POINT_LOGIN]		= "login",
	[POINT_LOGIN_WRONG]	= "login-wrong",
	[POINT_MAIL]		= "mail",
	[POINT_MAIL_CLEARTEXT]	= "mail-cleartext",
	[POINT_MAIL_ANONYMOUS]	= "mail-anonymous",
	[POINT_RCPT]		= "rcpt",
	[POINT_RCPT_ANONYMOUS]	= "rcpt-anonymous",
	[POINT_DATA]		= "data",
	[POINT_ACCEPTED]	= "accepted",
	[POINT_RSET]		= "rset",
	[POINT_NOOP]		= "noop",
	[POINT_VRFY]		= "vrfy",
	[POINT_HELP]		= "help",
	[POINT_QUIT]		= "quit",
	[POINT_UNKNOWN]		= "unknown",
	[POINT_SEQUENCE]	= "sequence",
	[POINT_GET]		= "get",
	[POINT_POST]		= "post",
	[POINT_REQUEST]		= "request",
};

const char *point_name(enum point p)
{
	return point_names[p];
}

bool point_of(struct span name, enum point *ret)
{
	for (size_t i = 0; i < POINT_COUNT; i++) {
		if (span_eq(name, point_names[i])) {
			*ret = (enum point)i;
			return true;
		}
	}
	return false;
}

/* --- settings: "WORD VALUE" --- */

struct setting {
	const char	*name;
	const char	*(*set)(struct lab_server *s, struct arena *a, struct span value);	/* NULL, or what was expected */
};

/* The place of a word in a list, -1 when it's not there. */
static int choose(struct span value, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(value, list[i]))
			return (int)i;
	return -1;
}

static const char *set_tcp(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "open", "refused", "filtered", "reset" };
	int i = choose(value, words, ARRAY_LEN(words));

	(void)a;
	if (i < 0)
		return "`tcp` and one of open refused filtered reset";
	s->tcp = (enum tcp_state)i;
	return NULL;
}

static const char *set_tls(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "starttls", "implicit", "none" };
	int i = choose(value, words, ARRAY_LEN(words));

	(void)a;
	if (i < 0)
		return "`tls` and one of starttls implicit none";
	s->implicit_tls = i == 1;
	return NULL;
}

/* A web server speaks TLS from the first byte, unless `tls none` follows. */
static const char *set_speaks(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "smtp", "http" };
	int i = choose(value, words, ARRAY_LEN(words));

	(void)a;
	if (i < 0)
		return "`speaks` and one of smtp http";
	s->speaks = (enum spoken)i;
	s->implicit_tls |= s->speaks == SPEAKS_HTTP;
	return NULL;
}

/* "entra", "graph exo" */
static const char *set_role(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "entra", "google", "graph", "exo" };
	struct scan scan = scan_span(value);

	s->roles = 0;
	for (struct span w = line_word(&scan); w.len > 0; w = line_word(&scan)) {
		int i = choose(w, words, ARRAY_LEN(words));

		if (i < 0)
			break;
		s->roles |= 1U << i;
	}
	if (s->roles == 0 || scan_left(&scan) > 0)
		return "`role` and some of entra google graph exo";
	return set_speaks(s, a, SPAN_LITERAL("http"));
}

static const char *set_judges(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "none", "outlook", "hve", "google" };
	int i = choose(value, words, ARRAY_LEN(words));

	(void)a;
	if (i < 0)
		return "`judges` and one of none outlook hve google";
	s->judge = (enum judge)i;
	return NULL;
}

static const char *set_versions(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "1.0", "1.1", "1.2", "1.3" };
	struct scan scan = scan_span(value);
	size_t n = 0;

	for (struct span w = line_word(&scan); w.len > 0; w = line_word(&scan), n++)
		if (choose(w, words, ARRAY_LEN(words)) < 0)
			return "`versions` and some of 1.0 1.1 1.2 1.3";
	if (n == 0)
		return "`versions` and some of 1.0 1.1 1.2 1.3";
	s->versions = span_dup(a, value);
	return NULL;
}

/* "expired", "good for mail.example.net" */
static const char *set_certificate(struct lab_server *s, struct arena *a, struct span value)
{
	static const char *const words[] = { "good", "expired", "not-yet", "self-signed", "untrusted", "incomplete" };
	struct scan scan = scan_span(value);
	int i = choose(line_word(&scan), words, ARRAY_LEN(words));
	struct span next = line_word(&scan);

	if (i < 0 || (next.len > 0 && !span_eq(next, "for")))
		return "`certificate`, one of good expired not-yet self-signed untrusted incomplete, and perhaps `for NAME...`";
	s->cert = (enum cert_fault)i;
	s->names = (struct strv) { .n = 0 };
	if (next.len > 0)
		strv_split(&s->names, a, span_dup(a, line_rest(&scan)), ' ');
	return NULL;
}

static const char *set_sni(struct lab_server *s, struct arena *a, struct span value)
{
	(void)a;
	if (!span_eq(value, "required") && !span_eq(value, "ignored"))
		return "`sni` and one of required ignored";
	s->needs_sni = span_eq(value, "required");
	return NULL;
}

static const char *set_offers(struct lab_server *s, struct arena *a, struct span value)
{
	s->offers = (struct strv) { .n = 0 };
	strv_split(&s->offers, a, span_dup(a, value), ',');
	return NULL;
}

static const char *set_offers_tls(struct lab_server *s, struct arena *a, struct span value)
{
	s->offers_tls = (struct strv) { .n = 0 };
	strv_split(&s->offers_tls, a, span_dup(a, value), ',');
	return NULL;
}

static struct strv list_without(const struct strv *l, struct arena *a, struct span word)
{
	struct strv kept = { .n = 0 };

	for (size_t i = 0; i < l->n; i++) {
		struct scan s = scan_over(l->v[i], strlen(l->v[i]));
		struct span keyword = scan_until(&s, " =");

		if (keyword.len != word.len || !span_has_prefix_nocase(keyword, span_dup(a, word)))
			strv_add(&kept, a, l->v[i]);
	}
	return kept;
}

static const char *set_without(struct lab_server *s, struct arena *a, struct span value)
{
	struct scan scan = scan_span(value);
	struct span w = line_word(&scan);

	if (w.len == 0)
		return "EHLO keywords after `without`";
	for (; w.len > 0; w = line_word(&scan)) {
		s->offers = list_without(&s->offers, a, w);
		s->offers_tls = list_without(&s->offers_tls, a, w);
	}
	return NULL;
}

static const char *set_pace(struct lab_server *s, struct arena *a, struct span value)
{
	(void)a;
	return line_duration(value, SCENARIO_MAX_WAIT_MS, &s->pace_ms) ? NULL : "`pace` and a time like 0ms or 100ms";
}

static const char *set_issuer(struct lab_server *s, struct arena *a, struct span value)
{
	s->issuer = span_dup(a, value);
	return NULL;
}

static const char *set_front(struct lab_server *s, struct arena *a, struct span value)
{
	s->front = span_dup(a, value);
	return NULL;
}

static const char *set_node(struct lab_server *s, struct arena *a, struct span value)
{
	s->node = span_dup(a, value);
	return NULL;
}

static const char *set_hello(struct lab_server *s, struct arena *a, struct span value)
{
	s->hello = span_dup(a, value);
	return NULL;
}

static const char *set_challenge(struct lab_server *s, struct arena *a, struct span value)
{
	s->challenge = span_dup(a, value);
	return NULL;
}

static const struct setting settings[] = {
	{ "tcp",         set_tcp },
	{ "tls",         set_tls },
	{ "speaks",      set_speaks },
	{ "role",        set_role },
	{ "judges",      set_judges },
	{ "versions",    set_versions },
	{ "certificate", set_certificate },
	{ "issuer",      set_issuer },
	{ "sni",         set_sni },
	{ "pace",        set_pace },
	{ "front",       set_front },
	{ "node",        set_node },
	{ "hello",       set_hello },
	{ "offers",      set_offers },
	{ "offers-tls",  set_offers_tls },
	{ "without",     set_without },
	{ "challenge",   set_challenge },
};

/* --- answers: "POINT [<MATCH>] STEPS" --- */

/* Makes room for an answer: what older layers said at this point goes. */
static struct answer *answer_new(struct lab_server *s, struct arena *a, enum point p, const char *const globs[2], unsigned layer)
{
	struct answer **link = &s->answers, *answer;

	while (*link) {
		if ((*link)->point == p && (*link)->layer < layer)
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
	answer = arena_alloc(a, sizeof(*answer));
	*answer = (struct answer) { .point = p, .layer = layer, .match = globs[0], .body = globs[1] };
	*link = answer;
	return answer;
}

/* "<GLOB>", perhaps. NULL, or what was expected. */
static const char *read_glob(struct scan *s, struct arena *a, const char **ret)
{
	scan_blanks(s);
	if (!scan_accept(s, '<'))
		return NULL;
	*ret = span_dup(a, scan_until(s, ">"));
	return scan_accept(s, '>') ? NULL : "a `>` after the `<`";
}

static const char *answer_line(struct server_cursor *c, struct arena *a, enum point p, struct scan *s)
{
	const char *globs[2] = { "*", "*" }, *wrong = read_glob(s, a, &globs[0]);
	struct span rest;

	if (!wrong && p >= POINT_GET)
		wrong = read_glob(s, a, &globs[1]);
	rest = line_rest(s);
	if (!wrong && rest.len == 0)
		wrong = "what is answered";
	for (size_t i = 0; i < c->n && !wrong; i++) {
		if (c->servers[i]->n_answers++ == SCENARIO_MAX_ANSWERS)
			return "fewer answers";
		c->open[i] = answer_new(c->servers[i], a, p, globs, c->layer);
		wrong = steps_parse(a, rest, &c->open[i]->steps);
	}
	return wrong;
}

const char *server_line(struct server_cursor *c, struct arena *a, struct span line)
{
	struct scan s = scan_span(line);
	struct span word = line_word(&s);
	const char *wrong = NULL;
	enum point p;

	if (steps_begin(word)) {
		if (!c->open[0])
			return "an answer's name, such as `greeting`, before its steps";
		for (size_t i = 0; i < c->n && !wrong; i++)
			wrong = steps_parse(a, line, &c->open[i]->steps);
		return wrong;
	}
	memset(c->open, 0, sizeof(c->open));
	if (point_of(word, &p))
		return answer_line(c, a, p, &s);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		if (!span_eq(word, settings[i].name))
			continue;
		s = scan_over(s.p, scan_left(&s));
		for (size_t k = 0; k < c->n && !wrong; k++) {
			struct scan again = s;

			wrong = settings[i].set(c->servers[k], a, line_rest(&again));
		}
		return wrong;
	}
	return "a setting (tcp tls speaks role judges versions certificate issuer sni pace front node hello offers offers-tls without challenge), "
	       "or a point of the dialogue (greeting ehlo starttls login mail get post ...)";
}

/* --- the section's head --- */

/* "HOST:PORT", "[2001:db8::1]:587" */
static bool place_of(struct span w, struct arena *a, const char **ret_host, unsigned *ret_port)
{
	const char *text = span_dup(a, w), *colon = strrchr(text, ':');
	unsigned long port;

	if (!colon || colon == text || !str_number(colon + 1, 65535, &port) || port == 0)
		return false;
	if (text[0] == '[') {
		if (colon[-1] != ']' || colon - text < 3)
			return false;
		*ret_host = arena_strndup(a, text + 1, (size_t)(colon - text) - 2);
	} else {
		*ret_host = str_lower(a, arena_strndup(a, text, (size_t)(colon - text)));
	}
	*ret_port = (unsigned)port;
	return true;
}

static struct lab_server *server_of(struct scenario *s, struct arena *a, const char *host, unsigned port)
{
	struct lab_server **link = &s->servers;

	for (; *link; link = &(*link)->next)
		if ((*link)->port == port && str_eq((*link)->host, host))
			return *link;
	if (s->n_servers == SCENARIO_MAX_SERVERS)
		return NULL;
	s->n_servers++;
	*link = arena_alloc(a, sizeof(**link));
	**link = (struct lab_server) { .host = host, .port = port, .versions = "1.2 1.3", .issuer = "", .front = "", .node = "",
				       .hello = "{front} Hello [{client}]", .challenge = "", .pace_ms = -1 };
	return *link;
}

const char *server_section(struct server_cursor *c, struct scenario *s, struct arena *a, struct span places, unsigned layer)
{
	struct scan scan = scan_span(places);

	*c = (struct server_cursor) { .layer = layer };
	for (struct span w = line_word(&scan); w.len > 0; w = line_word(&scan)) {
		const char *host;
		unsigned port;

		if (!place_of(w, a, &host, &port))
			return "HOST:PORT after `server`";
		if (c->n == SERVER_SECTION_MAX)
			return "fewer places in one section";
		c->servers[c->n] = server_of(s, a, host, port);
		if (!c->servers[c->n++])
			return "fewer servers";
	}
	return c->n > 0 ? NULL : "HOST:PORT after `server`";
}

const struct step *server_next_answer(const struct lab_server *s, enum point p, const char *argument, const char *body)
{
	for (struct answer *a = s->answers; a; a = a->next) {
		const struct step *from = a->steps;
		unsigned skip = a->given;

		if (a->point != p || !str_glob(a->match, argument) || !str_glob(a->body, body))
			continue;
		for (const struct step *at = from; at && skip > 0; at = at->next) {
			if (at->kind == STEP_THEN) {
				from = at->next;
				skip--;
			}
		}
		a->given++;
		return from && from->kind == STEP_USUAL ? NULL : from;
	}
	return NULL;
}

const struct step *server_answer(const struct lab_server *s, enum point p, const char *argument)
{
	for (const struct answer *a = s->answers; a; a = a->next)
		if (a->point == p && str_glob(a->match, argument))
			return a->steps;
	return NULL;
}
