/*
 * server - the lines of a scenario's `server` section.
 */
#include "lab/server.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "lab/line.h"
#include "lab/setting.h"

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

#define AT(member) .place = offsetof(struct lab_server, member)

static const struct lab_setting speaks = {
	"speaks", SETTING_WORD, AT(speaks), .words = "smtp http",
};

/* A web server speaks TLS from the first byte, unless `tls none` follows. */
static const char *set_speaks(void *object, struct arena *a, struct span value)
{
	struct lab_server *s = object;
	const char *wrong = setting_set(&speaks, s, a, value);

	s->implicit_tls |= s->speaks == SPEAKS_HTTP;
	return wrong;
}

/* "entra", "graph exo" */
static const char *set_role(void *object, struct arena *a, struct span value)
{
	struct lab_server *s = object;
	struct scan scan = scan_span(value);

	s->roles = 0;
	for (struct span w = line_word(&scan); w.len > 0; w = line_word(&scan)) {
		int i = setting_choose(w, "entra google graph exo");

		if (i < 0)
			return "`role` and some of entra google graph exo";
		s->roles |= 1U << i;
	}
	return s->roles == 0 ? "`role` and some of entra google graph exo" :
	       set_speaks(s, a, SPAN_LITERAL("http"));
}

static const char *set_versions(void *object, struct arena *a, struct span value)
{
	struct lab_server *s = object;
	struct scan scan = scan_span(value);
	struct span w = line_word(&scan);

	do {
		if (setting_choose(w, "1.0 1.1 1.2 1.3") < 0)
			return "`versions` and some of 1.0 1.1 1.2 1.3";
		w = line_word(&scan);
	} while (w.len > 0);
	s->versions = span_dup(a, value);
	return NULL;
}

/* "expired", "good for mail.example.net" */
static const char *set_certificate(void *object, struct arena *a, struct span value)
{
	struct lab_server *s = object;
	struct scan scan = scan_span(value);
	int i = setting_choose(line_word(&scan),
			       "good expired not-yet self-signed untrusted incomplete");
	struct span next = line_word(&scan);

	if (i < 0 || (next.len > 0 && !span_eq(next, "for")))
		return "`certificate`, one of good expired not-yet self-signed untrusted "
		       "incomplete, and perhaps `for NAME...`";
	s->cert = (enum cert_fault)i;
	s->names = (struct strv) { .n = 0 };
	if (next.len > 0)
		strv_split(&s->names, a, span_dup(a, line_rest(&scan)), ' ');
	return NULL;
}

/* "rsa", "ecdsa rsa" */
static const char *set_keys(void *object, struct arena *a, struct span value)
{
	struct lab_server *s = object;
	struct scan scan = scan_span(value);

	(void)a;
	s->keys = 0;
	for (struct span w = line_word(&scan); w.len > 0; w = line_word(&scan)) {
		int i = setting_choose(w, "ecdsa rsa");

		if (i < 0)
			return "`keys` and ecdsa, rsa or both";
		s->keys |= 1U << i;
	}
	return s->keys ? NULL : "`keys` and ecdsa, rsa or both";
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

static const char *set_without(void *object, struct arena *a, struct span value)
{
	struct lab_server *s = object;
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

static const struct lab_setting settings[] = {
	{ "tcp", SETTING_WORD, AT(tcp), .words = "open refused filtered reset" },
	{ "tls", SETTING_FLAG, AT(implicit_tls), .words = "starttls implicit none" },
	{ "speaks", SETTING_OTHER, .set = set_speaks },
	{ "role", SETTING_OTHER, .set = set_role },
	{ "judges", SETTING_WORD, AT(token_rules), .words = "none outlook hve google" },
	{ "versions", SETTING_OTHER, .set = set_versions },
	{ "certificate", SETTING_OTHER, .set = set_certificate },
	{ "keys", SETTING_OTHER, .set = set_keys },
	{ "issuer", SETTING_TEXT, AT(issuer) },
	{ "sni", SETTING_FLAG, AT(needs_sni), .words = "ignored required",
	  .expected = "`sni` and one of required ignored" },
	{ "pace", SETTING_TIME, AT(pace_ms), .most = SCENARIO_MAX_WAIT_MS,
	  .expected = "`pace` and a time like 0ms or 100ms" },
	{ "front", SETTING_TEXT, AT(greeting_name) },
	{ "node", SETTING_TEXT, AT(trailer_name) },
	{ "hello", SETTING_TEXT, AT(hello) },
	{ "offers", SETTING_LIST, AT(offers), .separator = ',' },
	{ "offers-tls", SETTING_LIST, AT(offers_tls), .separator = ',' },
	{ "without", SETTING_OTHER, .set = set_without },
	{ "challenge", SETTING_TEXT, AT(challenge) },
};

/* --- answers: "POINT [<MATCH>] STEPS" --- */

/* Makes room for an answer: what older layers said at this point goes. */
static struct answer *answer_new(struct lab_server *s, struct arena *a, enum point p,
				 const char *const globs[2], unsigned layer)
{
	struct answer **link = &s->answers, *answer;

	while (*link) {
		if ((*link)->point == p && (*link)->layer < layer)
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
	answer = arena_alloc(a, sizeof(*answer));
	*answer = (struct answer) { .point = p, .layer = layer, .match = globs[0],
				    .body = globs[1] };
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

static const char *answer_line(struct server_cursor *c, struct arena *a, enum point p,
			       struct scan *s)
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
	struct span word = line_word(&s), value;
	const struct lab_setting *row;
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
	value = line_rest(&s);
	row = setting_find(settings, ARRAY_LEN(settings), word);
	if (!row)
		return arena_printf(a, "a setting (%s), or a point of the dialogue (greeting ehlo "
				    "starttls login mail get post ...)",
				    setting_names(settings, ARRAY_LEN(settings), a) + 1);
	for (size_t i = 0; i < c->n && !wrong; i++)
		wrong = setting_set(row, c->servers[i], a, value);
	return wrong;
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

static struct lab_server *server_of(struct scenario *s, struct arena *a, const char *host,
				    unsigned port)
{
	struct lab_server **link = &s->servers;

	for (; *link; link = &(*link)->next)
		if ((*link)->port == port && str_eq((*link)->host, host))
			return *link;
	if (s->n_servers == SCENARIO_MAX_SERVERS)
		return NULL;
	s->n_servers++;
	*link = arena_alloc(a, sizeof(**link));
	**link = (struct lab_server) { .host = host, .port = port, .versions = "1.2 1.3",
				       .issuer = "", .greeting_name = "", .trailer_name = "",
				       .hello = "{front} Hello [{client}]", .challenge = "",
				       .pace_ms = -1 };
	return *link;
}

const char *server_section(struct server_cursor *c, struct scenario *s, struct arena *a,
			   struct span places, unsigned layer)
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

const struct step *server_next_answer(const struct lab_server *s, enum point p,
				      const char *argument, const char *body)
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
