/*
 * auth - the server's side of AUTH LOGIN, PLAIN, XOAUTH2 and OAUTHBEARER (RFC 4954;
 * RFC 4616; RFC 7628).
 */
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/scan.h"
#include "lab/cloud/cloud.h"
#include "lab/line.h"
#include "lab/dialogue.h"

enum { AUTH_MAX = 64 * 1024 };

/* What a client sent in the end. */
struct claim {
	const char	*user;		/* NULL = it made no sense */
	const char	*secret;
	bool		 token;
};

/* Is the mechanism in one of the AUTH lines (RFC 4954, 3; or "AUTH=", an old spelling)? */
static bool offered(const struct strv *capabilities, struct span mechanism)
{
	for (size_t i = 0; i < capabilities->n; i++) {
		struct scan s = scan_over(capabilities->v[i], strlen(capabilities->v[i]));

		if (!scan_accept_str(&s, "AUTH ") && !scan_accept_str(&s, "AUTH="))
			continue;
		for (struct span w = line_word(&s); w.len > 0; w = line_word(&s))
			if (w.len == mechanism.len && strncasecmp(w.p, mechanism.p, w.len) == 0)
				return true;
	}
	return false;
}

static bool offers_auth(const struct strv *capabilities)
{
	for (size_t i = 0; i < capabilities->n; i++)
		if (str_has_prefix_nocase(capabilities->v[i], "AUTH"))
			return true;
	return false;
}

/* Decodes one response; false when it is no base64. "=" is the empty one (RFC 4954, 4). */
static bool decode(struct smtp_dialogue *t, struct span text, struct buf *ret)
{
	buf_clear(ret);
	text = span_trim(text);
	t->response = span_dup(t->arena, text);
	return span_eq(text, "=") || base64_decode(ret, text.p, text.len);
}

/* Asks and reads one response. False: the exchange is over, and what there was to say was said. */
static bool ask(struct smtp_dialogue *t, enum point p, const char *prompt, struct buf *ret)
{
	struct span line;

	dialogue_answer(t, p, t->mechanism, prompt);
	if (t->player.over || t->code / 100 != 3 || !dialogue_read(t, &line))
		return false;
	if (span_eq(line, "*")) {
		dialogue_line(t, "501 5.7.0 Authentication cancelled");
		return false;
	}
	if (!decode(t, line, ret)) {
		dialogue_line(t, "501 5.5.2 Cannot decode response");
		return false;
	}
	return true;
}

static const char *take_string(struct smtp_dialogue *t, const struct buf *b)
{
	return arena_strndup(t->arena, buf_str(b), b->len);
}

static bool claim_login(struct smtp_dialogue *t, struct buf *b, bool initial, struct claim *ret)
{
	if (!initial && !ask(t, POINT_PROMPT_USER, "334 VXNlcm5hbWU6", b))
		return false;
	ret->user = take_string(t, b);
	t->user = ret->user;
	if (!ask(t, POINT_PROMPT_PASSWORD, "334 UGFzc3dvcmQ6", b))
		return false;
	ret->secret = take_string(t, b);
	return true;
}

/* authzid NUL authcid NUL password */
static void read_plain(struct smtp_dialogue *t, const struct buf *b, struct claim *ret)
{
	const char *end, *first, *second;

	if (!b->len)
		return;
	end = b->data + b->len;
	first = memchr(b->data, '\0', b->len);
	second = first ? memchr(first + 1, '\0', (size_t)(end - first - 1)) : NULL;
	if (!second)
		return;
	ret->user = arena_strdup(t->arena, first + 1);
	ret->secret = arena_strndup(t->arena, second + 1, (size_t)(end - second - 1));
}

/*
 * Fields that end in ^A, "auth=Bearer TOKEN" one of them; the user is "user=..." or in the GS2
 * header "n,a=...,".
 */
static void read_token(struct smtp_dialogue *t, const struct buf *b, struct claim *ret)
{
	struct scan s = scan_over(buf_str(b), b->len);
	const char *user = NULL;

	while (!scan_done(&s)) {
		struct span field = scan_until(&s, "\x01");

		scan_accept(&s, '\x01');
		if (span_has_prefix_nocase(field, "user="))
			user = arena_strndup(t->arena, field.p + 5, field.len - 5);
		else if (span_has_prefix_nocase(field, "n,a=") && field.len > 5)
			user = arena_strndup(t->arena, field.p + 4, field.len - 5);
		else if (span_has_prefix_nocase(field, "auth=Bearer "))
			ret->secret = arena_strndup(t->arena, field.p + 12, field.len - 12);
	}
	ret->token = true;
	if (user && ret->secret)
		ret->user = user;
}

/* Takes the client's claim by one of the mechanisms. False: it did not come to that. */
static bool take_claim(struct smtp_dialogue *t, struct buf *b, bool initial, struct claim *ret)
{
	if (str_eq_nocase(t->mechanism, "LOGIN"))
		return claim_login(t, b, initial, ret);
	if (!initial && !ask(t, POINT_PROMPT, "334 ", b))
		return false;
	if (str_eq_nocase(t->mechanism, "PLAIN"))
		read_plain(t, b, ret);
	else
		read_token(t, b, ret);
	if (ret->user)
		t->user = ret->user;
	return true;
}

static bool right(const struct smtp_dialogue *t, const struct claim *c)
{
	const struct scenario *s = t->d->scenario;
	const char *secret = c->token ? s->token : s->password,
		*known = c->token ? s->right_token : s->right_password;

	if (t->d->inbox && t->d->inbox->any_login)
		return c->user && *c->user && c->secret && *c->secret;
	if (known)
		secret = known;
	return c->user && secret[0] && str_eq_nocase(c->user, s->user) && str_eq(c->secret, secret);
}

/*
 * A refused token is explained before the refusal, and the client has to say that it has read it
 * (RFC 7628, 3.2.3).
 */
static void send_challenge(struct smtp_dialogue *t, const char *json)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * AUTH_MAX), filled = BUF_INIT(AUTH_MAX);
	struct span line;

	player_fill_in(&t->player, &filled, json, strlen(json));
	base64_encode(&b, buf_str(&filled), filled.len);
	wire_add(&t->player.wire, "334 ", 4);
	dialogue_line(t, buf_str(&b));
	dialogue_read(t, &line);
}

static void decide(struct smtp_dialogue *t, const struct claim *c)
{
	const char *line = NULL, *challenge = t->d->server->challenge;
	enum token_verdict verdict = right(t, c) ? VERDICT_RIGHT : VERDICT_WRONG;

	if (verdict == VERDICT_WRONG && c->token && c->user && !t->d->inbox)
		verdict = validate_token(t, c->user, c->secret, &line, &challenge);
	if (verdict == VERDICT_RIGHT) {
		dialogue_answer(t, POINT_LOGIN, t->mechanism,
				"235 2.7.0 Authentication successful");
		t->login = t->code / 100 == 2;
		return;
	}
	if (c->token && *challenge)
		send_challenge(t, challenge);
	if (line)
		dialogue_line(t, line);
	else
		dialogue_answer(t, POINT_LOGIN_WRONG, t->mechanism,
				"535 5.7.8 Authentication credentials invalid");
}

/* The string of a token, where the server says what is wrong with it. */
static bool refused_string(struct smtp_dialogue *t, const struct claim *c, const struct buf *b)
{
	const char *line = c->token && !t->d->inbox ?
			   validate_initial_response(t, (struct span) { buf_str(b), b->len }) :
			   NULL;

	if (line)
		dialogue_line(t, line);
	return line != NULL;
}

void dialogue_auth(struct smtp_dialogue *t, struct span argument)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(AUTH_MAX);
	const struct strv *offers = t->player.secure ? &t->d->server->offers_tls :
				    &t->d->server->offers;
	struct scan s = scan_span(argument);
	struct span mechanism = line_word(&s), initial = line_rest(&s);
	struct claim claim = { .user = NULL };

	t->mechanism = span_dup(t->arena, mechanism);
	t->response = span_dup(t->arena, initial);
	if (dialogue_special(t, POINT_AUTH, t->mechanism))
		return;
	if (!t->hello || t->login || t->mail)
		dialogue_answer(t, POINT_SEQUENCE, "AUTH", "503 5.5.2 Bad sequence of commands");
	else if (mechanism.len == 0)
		dialogue_line(t, "501 5.5.4 Syntax: AUTH mechanism");
	else if (!t->player.secure && !offers_auth(offers))
		dialogue_answer(t, POINT_AUTH_CLEARTEXT, t->mechanism,
				"530 5.7.0 Must issue a STARTTLS command first");
	else if (!offered(offers, mechanism))
		dialogue_answer(t, POINT_AUTH_UNKNOWN, t->mechanism,
				"504 5.7.4 Unrecognized authentication type");
	else if (initial.len > 0 && dialogue_special(t, POINT_AUTH_INITIAL, t->mechanism))
		return;
	else if (initial.len > 0 && !decode(t, initial, &b))
		dialogue_line(t, "501 5.5.2 Cannot decode response");
	else if (take_claim(t, &b, initial.len > 0, &claim) && !refused_string(t, &claim, &b))
		decide(t, &claim);
}
