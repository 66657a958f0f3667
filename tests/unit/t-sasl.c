/*
 * t-sasl - AUTH with a scripted server: what is sent, in which form, what is made of the answers,
 * and that nothing of it shows.
 */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/sasl-challenge.h"
#include "proto/sasl.h"
#include "proto/smtp.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }
#define HELLO(mechanisms) "> 220 mx", "< EHLO", "> 250-mx", "> 250 AUTH " mechanisms

/* Microsoft's own example, and Google's. */
#define MS_USER "test@contoso.onmicrosoft.com"
#define MS_TOKEN "EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA"
#define MS_BLOB \
	"dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFV" \
	"RkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ=="
#define GOOGLE_401 \
	"eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9t" \
	"YWlsLmdvb2dsZS5jb20vIn0K"

#define T100 \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcd" \
	"efghijklmnopqrstuvwxyzABC."
#define LONG_TOKEN T100 T100 T100 T100

struct login {
	const char		*title;
	enum sasl_mechanism	 mechanism;
	const char		*user, *secret;
	const char *const	*script;
	const char		*outcome;	/* "accepted", "refused", or the failure's class */
	int			 code;
	bool			 two_step, one_line_refused, two_step_refused;
	const char		*challenge, *status, *scope;
};

static const struct login logins[] = {
	{ "XOAUTH2, Microsoft's example", SASL_XOAUTH2, MS_USER, MS_TOKEN,
	  SCRIPT(HELLO("LOGIN XOAUTH2"), "= AUTH XOAUTH2 " MS_BLOB,
		 "> 235 2.7.0 Authentication successful", "hang"),
	  "accepted", 235, false, false, false, "", "", "" },
	{ "XOAUTH2 refused at once, as Exchange does", SASL_XOAUTH2, MS_USER, MS_TOKEN,
	  SCRIPT(HELLO("LOGIN XOAUTH2"), "= AUTH XOAUTH2 " MS_BLOB,
		 "> 535 5.7.3 Authentication unsuccessful", "hang"),
	  "refused", 535, false, false, false, "", "", "" },
	{ "XOAUTH2 refused with a challenge, as Google does", SASL_XOAUTH2, MS_USER, MS_TOKEN,
	  SCRIPT(HELLO("LOGIN XOAUTH2"), "= AUTH XOAUTH2 " MS_BLOB, "> 334 " GOOGLE_401, "= ",
		 "> 535-5.7.8 not accepted", "> 535 5.7.8 bye", "hang"),
	  "refused", 535, false, false, false,
	  "{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}",
	  "401", "https://mail.google.com/" },
	{ "XOAUTH2 too long for a line", SASL_XOAUTH2, "a@b.example", LONG_TOKEN,
	  SCRIPT(HELLO("XOAUTH2"), "= AUTH XOAUTH2", "> 334 ",
		 "< dXNlcj1hQGIuZXhhbXBsZQFhdXRoPUJlYXJlciAwMTIz", "> 235 ok", "hang"),
	  "accepted", 235, true, false, false, "", "", "" },
	{ "a 334 without its blank", SASL_XOAUTH2, "a@b.example", LONG_TOKEN,
	  SCRIPT(HELLO("XOAUTH2"), "= AUTH XOAUTH2", "> 334",
		 "< dXNlcj1hQGIuZXhhbXBsZQFhdXRoPUJlYXJlciAwMTIz", "> 334 " GOOGLE_401, "= ",
		 "> 535 5.7.8 no", "hang"),
	  "refused", 535, true, false, false,
	  "{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}",
	  "401", "https://mail.google.com/" },
	{ "a bare AUTH that is not understood", SASL_XOAUTH2, "a@b.example", LONG_TOKEN,
	  SCRIPT(HELLO("XOAUTH2"), "= AUTH XOAUTH2", "> 504 5.7.4 Unrecognized authentication type",
		 "< AUTH XOAUTH2 dXNlcj1h", "> 535 5.7.3 no", "hang"),
	  "refused", 535, false, false, true, "", "", "" },
	{ "a mechanism that is not offered is not tried twice", SASL_XOAUTH2, "a@b.example",
	  LONG_TOKEN,
	  SCRIPT(HELLO("LOGIN"), "= AUTH XOAUTH2",
		 "> 504 5.7.4 Unrecognized authentication type", "hang"),
	  "refused", 504, false, false, false, "", "", "" },
	{ "a one-line AUTH that is not understood", SASL_PLAIN, "user", "secret",
	  SCRIPT(HELLO("PLAIN"), "= AUTH PLAIN AHVzZXIAc2VjcmV0", "> 501 5.5.2 no", "= AUTH PLAIN",
		 "> 334 ", "= AHVzZXIAc2VjcmV0", "> 235 ok", "hang"),
	  "accepted", 235, true, true, false, "", "", "" },
	{ "a fault that is named is not tried again", SASL_XOAUTH2, MS_USER, MS_TOKEN,
	  SCRIPT(HELLO("XOAUTH2"), "= AUTH XOAUTH2 " MS_BLOB,
		 "> 501 5.5.124 Invalid XOAUTH2 auth data", "hang"),
	  "refused", 501, false, false, false, "", "", "" },
	{ "PLAIN", SASL_PLAIN, "user", "secret",
	  SCRIPT(HELLO("PLAIN"), "= AUTH PLAIN AHVzZXIAc2VjcmV0", "> 235 2.7.0 ok", "hang"),
	  "accepted", 235, false, false, false, "", "", "" },
	{ "a server that asks for what it was given", SASL_PLAIN, "user", "secret",
	  SCRIPT(HELLO("PLAIN"), "= AUTH PLAIN AHVzZXIAc2VjcmV0", "> 334 ", "= AHVzZXIAc2VjcmV0",
		 "> 235 ok", "hang"),
	  "accepted", 235, true, false, false, "", "", "" },
	{ "a server that asks without end", SASL_PLAIN, "user", "secret",
	  SCRIPT(HELLO("PLAIN"), "= AUTH PLAIN AHVzZXIAc2VjcmV0", "> 334 ", "= AHVzZXIAc2VjcmV0",
		 "> 334 ", "= *", "> 501 cancelled", "hang"),
	  "refused", 501, true, false, false, "", "", "" },
	{ "LOGIN", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 VXNlcm5hbWU6", "= dXNlcg==",
		 "> 334 UGFzc3dvcmQ6", "= c2VjcmV0", "> 235 ok", "hang"),
	  "accepted", 235, true, false, false, "", "", "" },
	{ "LOGIN, prompts of another kind", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 VXNlciBOYW1lAA==", "= dXNlcg==",
		 "> 334 UGFzc3dvcmQA", "= c2VjcmV0", "> 535 5.7.8 no", "hang"),
	  "refused", 535, true, false, false, "", "", "" },
	{ "LOGIN, prompts in the clear", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 Username:", "= dXNlcg==", "> 334 Password:",
		 "= c2VjcmV0", "> 235 ok", "hang"),
	  "accepted", 235, true, false, false, "", "", "" },
	{ "LOGIN, the password first", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 UGFzc3dvcmQ6", "= c2VjcmV0",
		 "> 334 VXNlcm5hbWU6", "= dXNlcg==", "> 235 ok", "hang"),
	  "accepted", 235, true, false, false, "", "", "" },
	{ "LOGIN, no prompts", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 ", "= dXNlcg==", "> 334", "= c2VjcmV0",
		 "> 235 ok", "hang"),
	  "accepted", 235, true, false, false, "", "", "" },
	{ "LOGIN, the same prompt again", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 VXNlcm5hbWU6", "= dXNlcg==",
		 "> 334 VXNlcm5hbWU6", "= *", "> 501 5.7.0 cancelled", "hang"),
	  "refused", 501, true, false, false, "", "", "" },
	{ "LOGIN refused at the user", SASL_LOGIN, "user", "secret",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 VXNlcm5hbWU6", "= dXNlcg==",
		 "> 535 5.7.139 disabled", "hang"),
	  "refused", 535, true, false, false, "", "", "" },
	{ "OAUTHBEARER", SASL_OAUTHBEARER, "a=b,c@d.example", "tok",
	  SCRIPT(HELLO("OAUTHBEARER"), "= AUTH OAUTHBEARER "
		 "bixhPWE9M0RiPTJDY0BkLmV4YW1wbGUsAWhvc3Q9bXguZXhhbXBsZQFwb3J0PTU4NwFhdXRoPUJl"
		 "YXJlciB0b2sBAQ==", "> 235 ok", "hang"),
	  "accepted", 235, false, false, false, "", "", "" },
	{ "OAUTHBEARER refused", SASL_OAUTHBEARER, "a", "tokentoken",
	  SCRIPT(HELLO("OAUTHBEARER"), "< AUTH OAUTHBEARER bixhPWEs",
		 "> 334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=", "= AQ==", "> 535 5.7.8 no", "hang"),
	  "refused", 535, false, false, false, "{\"status\":\"invalid_token\"}",
	  "invalid_token", "" },
	{ "the server hangs up on the secret", SASL_PLAIN, "user", "secret",
	  SCRIPT(HELLO("PLAIN"), "= AUTH PLAIN AHVzZXIAc2VjcmV0", "close"), "net", 0, false, false,
	  false, NULL, NULL, NULL },
	{ "421 to AUTH", SASL_PLAIN, "user", "secret",
	  SCRIPT(HELLO("PLAIN"), "= AUTH PLAIN AHVzZXIAc2VjcmV0",
		 "> 421 4.7.66 TLS 1.0 and 1.1 are not supported", "close"),
	  "refused", 421, false, false, false, "", "", "" },
	{ "a server that quotes the blob", SASL_XOAUTH2, MS_USER, MS_TOKEN,
	  SCRIPT(HELLO("XOAUTH2"), "= AUTH XOAUTH2 " MS_BLOB, "> 500-5.5.1 what is " MS_BLOB "?",
		 "> 500 or " MS_TOKEN, "hang"),
	  "refused", 500, false, false, false, "", "", "" },
	{ "a server that quotes half of it", SASL_LOGIN, "user", "correct horse battery",
	  SCRIPT(HELLO("LOGIN"), "= AUTH LOGIN", "> 334 ", "= dXNlcg==", "> 334 ",
		 "= Y29ycmVjdCBob3JzZSBiYXR0ZXJ5", "> 535 not Y29ycmVjdCBob3JzZSBi...", "hang"),
	  "refused", 535, true, false, false, "", "", "" },
};

struct run {
	const struct login	*l;
	struct peer		 peer;
	int			 client_fd;
	struct arena		*arena;
	struct net		*net;
	struct secret		*secret;
	bool			 allow_plaintext;
	bool			 starttls;
	bool			 good;
	struct sasl_result	 result;
	const struct failure	*failure;
	const struct transcript	*transcript;
	int64_t			 auth_us;
};

static int conversation(void *arg)
{
	struct run *r = arg;
	struct reached where = peer_reached(r->client_fd);
	struct smtp *s = smtp_new(r->net, r->arena, "mx.example:587", "mx.example", &where,
				  SMTP_CLEAR);
	struct sasl_ask ask = {
		.mechanism = r->l->mechanism,
		.user = r->l->user,
		.secret = r->secret,
		.host = "mx.example",
		.port = 587,
		.allow_plaintext = r->allow_plaintext,
	};
	struct scope scope;

	scope_begin(&scope);
	if (fiber_spawn(&scope, "peer", peer_run, &r->peer) < 0)
		close(r->peer.fd);
	if (smtp_greeting(s) && smtp_ehlo(s, "probe.example") &&
	    (!r->starttls || (smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS") && smtp_secure(s) &&
			      smtp_ehlo(s, "probe.example"))))
		r->good = sasl_auth(s, r->arena, &ask, &r->result);
	r->failure = smtp_failure(s);
	r->transcript = smtp_transcript(s);
	r->auth_us = smtp_times(s)->auth;
	smtp_close(s);
	scope_join(&scope);
	return 0;
}

static struct run *run_begin(const struct login *l)
{
	struct net_options o = { .timeout_ms = 3000 };
	struct run *r = xcalloc(1, sizeof(*r));
	const char *error = NULL;
	int fds[2];

	peer_sockets(fds);
	r->l = l;
	r->client_fd = fds[0];
	r->peer = (struct peer) { .fd = fds[1], .script = l->script, .cut_at = PEER_NO_CUT };
	r->arena = arena_new();
	r->net = net_new(r->arena, &o, &error);
	r->secret = secret_new(l->secret, strlen(l->secret));
	r->allow_plaintext = true;
	assert(r->net && r->secret);
	return r;
}

static void run_end(struct run *r)
{
	secret_free(r->secret);
	net_free(r->net);
	arena_free(r->arena);
	free(r);
}

/* Neither the secret nor twelve bytes of anything that was sent of it. */
enum { PART = 8 };

static bool shows_part(const struct run *r, const char *part)
{
	for (size_t i = 0; i < r->transcript->n; i++)
		if (strstr(r->transcript->lines[i].text, part)) {
			printf("# %s\n", r->transcript->lines[i].text);
			return true;
		}
	for (size_t i = 0; r->result.reply && i < r->result.reply->lines; i++)
		if (strstr(r->result.reply->text[i], part))
			return true;
	return r->failure && strstr(r->failure->text, part);
}

/* Any eight bytes of it, or all of a shorter one. */
static bool shows(const struct run *r, const char *secret)
{
	size_t n = strlen(secret) < PART ? strlen(secret) : PART;

	for (; strlen(secret) >= n; secret++) {
		char part[PART + 1] = "";

		memcpy(part, secret, n);
		if (shows_part(r, part))
			return true;
	}
	return false;
}

/*
 * The base64 that went over the wire in answer to a 334, or after AUTH PLAIN and the like. The
 * secret is its end; what stands before it, the user's name and two words, everybody may read.
 */
static bool shows_what_was_sent(struct run *r)
{
	struct strv lines = { NULL, 0, 0 };
	size_t secret = strlen(r->l->secret) * 4 / 3;

	strv_split(&lines, r->arena, r->peer.heard, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		const char *blank = strrchr(lines.v[i], ' ');
		const char *word = blank ? blank + 1 : lines.v[i];
		size_t n = strlen(word);

		if (n >= 16 && n >= secret && shows(r, word + n - secret))
			return true;
	}
	return false;
}

static void login_of(const struct login *l)
{
	struct run *r = run_begin(l);
	const char *answer;
	char what[256];

	fiber_run(conversation, r);
	answer = r->result.accepted ? "accepted" : "refused";
	is_str(r->good ? answer : failure_class_name(r->failure->class), l->outcome, l->title);
	is_str(r->peer.wrong, "", "the server heard what it should");
	snprintf(what, sizeof(what), "%s: nothing of it shows", l->title);
	ok(!shows(r, l->secret) && !shows_what_was_sent(r), what);
	if (r->good) {
		is_int(r->result.reply->code, l->code, "code");
		is_int(r->result.two_step, l->two_step, "in two steps");
		is_int(r->result.one_line_refused, l->one_line_refused,
		       "the one-line form was not understood");
		is_int(r->result.two_step_refused, l->two_step_refused,
		       "the two-step form was not understood");
		is_str(r->result.challenge, l->challenge, "challenge");
		is_str(r->result.challenge_status, l->status, "its status");
		is_str(r->result.challenge_scope, l->scope, "its scope");
		ok(r->auth_us >= 0 && !r->failure, "timed, and no failure");
	}
	run_end(r);
}

static void cancelled(const struct login *l)
{
	bool reached = true, good = true;
	uint64_t n = 0;

	while (reached && n < 100) {
		struct run *r = run_begin(l);

		fiber_cancel_at(++n);
		fiber_run(conversation, r);
		fiber_cancel_at(0);
		reached = r->failure && r->failure->class == FAILURE_CANCELLED;
		good = good && !shows(r, l->secret) && !shows_what_was_sent(r);
		run_end(r);
	}
	ok(good && n > 2, "cancelled at each suspension: nothing shows");
}

static void shown(void)
{
	struct run *r = run_begin(&logins[3]);
	const struct transcript *t;

	fiber_run(conversation, r);
	t = r->transcript;
	ok(t->n > 6 && str_eq(t->lines[4].text, "AUTH XOAUTH2"), "the command is shown");
	is_str(t->lines[6].text, "<588 bytes>", "the token's length is shown");
	run_end(r);
	r = run_begin(&logins[0]);
	fiber_run(conversation, r);
	is_str(r->transcript->lines[4].text, "AUTH XOAUTH2 <120 bytes>", "in one line too");
	run_end(r);
	r = run_begin(&logins[9]);
	fiber_run(conversation, r);
	is_str(r->transcript->lines[4].text, "AUTH PLAIN <user name and password>",
	       "a password's length is not");
	run_end(r);
}

/* The gate: without TLS and without leave nothing is sent. */
static void in_the_clear(void)
{
	const struct login l = {
		"in the clear", SASL_PLAIN, "user", "secret", SCRIPT(HELLO("PLAIN"), "hang"),
		"local", 0, false, false, false, NULL, NULL, NULL
	};
	struct run *r = run_begin(&l);

	r->allow_plaintext = false;
	fiber_run(conversation, r);
	ok(!r->good, "no AUTH without TLS");
	is_int(r->failure->class, FAILURE_LOCAL, "that's ours, not the server's");
	ok(!strstr(r->peer.heard, "AUTH"), "and the server heard nothing of it");
	run_end(r);
}

static void under_tls(void)
{
	const struct login l = {
		"under TLS", SASL_PLAIN, "user", "secret",
		SCRIPT("> 220 mx", "< EHLO", "> 250-mx", "> 250 STARTTLS", "= STARTTLS", "> 220 go",
		       "tls", "< EHLO", "> 250-mx", "> 250 AUTH PLAIN",
		       "= AUTH PLAIN AHVzZXIAc2VjcmV0", "> 235 ok", "= QUIT", "hang"),
		"accepted", 235, false, false, false, "", "", ""
	};
	struct made leaf;
	const struct made *sent[] = { &leaf };
	struct run *r = run_begin(&l);

	made_new(&leaf, &(struct recipe) { .cn = "mx", .dns = "mx.example" }, NULL);
	r->peer.credentials = made_credentials(sent, 1);
	r->allow_plaintext = false;
	r->starttls = true;
	fiber_run(conversation, r);
	ok(r->good && r->result.accepted, "under TLS no leave is needed");
	is_str(r->peer.wrong, "", "the server heard what it should");
	ok(str_has_suffix_nocase(r->peer.heard, "QUIT\n"), "QUIT goes out under TLS");
	ok(!shows(r, "secret") && !shows_what_was_sent(r), "nothing shows");
	gnutls_certificate_free_credentials(r->peer.credentials);
	made_free(&leaf);
	run_end(r);
}

static void challenges(void)
{
	static const struct { const char *words, *text, *status, *scope; bool error; } table[] = {
		{ "", "", "", "", false },
		{ "  ", "", "", "", false },
		{ "VXNlcm5hbWU6", "Username:", "", "", false },
		{ "go ahead", "go ahead", "", "", false },
		{ GOOGLE_401, "{\"status\":\"401\",\"schemes\":\"bearer mac\","
		  "\"scope\":\"https://mail.google.com/\"}", "401",
		  "https://mail.google.com/", true },
		{ "{\"status\":400}", "{\"status\":400}", "400", "", true },
		{ "eyJzdGF0dXMiOg==", "{\"status\":", "", "", true },
		{ "{\"status\":[]}", "{\"status\":[]}", "", "", true },
		{ "{{{{{{{{{{{{{{{{{{{{", "{{{{{{{{{{{{{{{{{{{{", "", "", true },
		{ "GzJK", "\\x1b2J", "", "", false },
	};
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct sasl_challenge c;

		sasl_challenge_read(a, span_of(table[i].words), &c);
		is_str(c.text, table[i].text, "challenge: text");
		is_str(c.status, table[i].status, "challenge: status");
		is_str(c.scope, table[i].scope, "challenge: scope");
		is_int(c.error, table[i].error, "challenge: is it a refusal");
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(logins); i++)
		login_of(&logins[i]);
	for (size_t i = 0; i < ARRAY_LEN(logins); i++)
		cancelled(&logins[i]);
	shown();
	in_the_clear();
	under_tls();
	challenges();
	return tap_done();
}
