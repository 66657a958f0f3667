/*
 * sasl - AUTH PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER (RFC 4954).
 */
#include "proto/sasl.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/strv.h"
#include "proto/sasl-challenge.h"
#include "proto/smtp-inside.h"

enum {
	COMMAND_OCTETS = 512
}; /* of a command line, CRLF included (RFC 5321, 4.5.3.1.4; RFC 4954, 4) */

/* One exchange. Everything in the buffers is secret. */
struct talk {
	struct smtp		*s;
	struct arena		*a;
	const struct sasl_ask	*ask;
	const char		*name;
	struct buf		 plain;		/* the response */
	/* the response in base64, and before it the command in the one-line form */
	struct buf		 line;
	size_t			 command;	/* how much of line is the command */
	struct sasl_result	 result;
};

const char *sasl_name(enum sasl_mechanism m)
{
	switch (m) {
	case SASL_LOGIN:
		return "LOGIN";
	case SASL_PLAIN:
		return "PLAIN";
	case SASL_XOAUTH2:
		return "XOAUTH2";
	case SASL_OAUTHBEARER:
		return "OAUTHBEARER";
	}
	return "";
}

/* --- responses --- */

/* A name in a GS2 header: ',' and '=' are escaped (RFC 5801, 4). */
static void add_saslname(struct buf *b, const char *name)
{
	for (; *name; name++) {
		if (*name == ',')
			buf_adds(b, "=2C");
		else if (*name == '=')
			buf_adds(b, "=3D");
		else
			buf_addc(b, *name);
	}
}

static void add_response(struct buf *b, const struct sasl_ask *ask)
{
	switch (ask->mechanism) {
	case SASL_PLAIN:
		/* No authorisation identity (RFC 4616, 2). */
		buf_addc(b, '\0');
		buf_adds(b, ask->user);
		buf_addc(b, '\0');
		buf_add(b, secret_bytes(ask->secret), secret_len(ask->secret));
		break;
	case SASL_XOAUTH2:
		buf_addf(b, "user=%s\001auth=Bearer ", ask->user);
		buf_add(b, secret_bytes(ask->secret), secret_len(ask->secret));
		buf_adds(b, "\001\001");
		break;
	case SASL_OAUTHBEARER:
		/* RFC 7628, 3.1 */
		buf_adds(b, "n,a=");
		add_saslname(b, ask->user);
		buf_addf(b, ",\001host=%s\001port=%u\001auth=Bearer ", ask->host ?: "", ask->port);
		buf_add(b, secret_bytes(ask->secret), secret_len(ask->secret));
		buf_adds(b, "\001\001");
		break;
	case SASL_LOGIN:
		break;
	}
}

/*
 * How a response stands in the transcript. A token's length tells something of it; a password's is
 * nobody's business.
 */
static const char *shown(struct talk *t, size_t octets, const char *before)
{
	if (t->ask->mechanism == SASL_PLAIN)
		return arena_printf(t->a, "%s<user name and password>", before);
	return arena_printf(t->a, "%s<%zu bytes>", before, octets);
}

/* "AUTH NAME response" in t->line; what follows the command is the response alone. */
static bool prepare(struct talk *t)
{
	add_response(&t->plain, t->ask);
	buf_addf(&t->line, "AUTH %s ", t->name);
	t->command = t->line.len;
	base64_encode(&t->line, t->plain.data, t->plain.len);
	if (t->plain.overflow || t->line.overflow)
		return smtp_fail(t->s, FAILURE_LOCAL, STAGE_AUTH, 0, NULL,
				 "user name and secret are too long to be sent");
	return true;
}

/* --- PLAIN, XOAUTH2, OAUTHBEARER: one response --- */

static const struct reply *send_response(struct talk *t)
{
	size_t n = t->line.len - t->command;

	t->result.two_step = true;
	return smtp_try_secret(t->s, STAGE_AUTH, shown(t, n, ""), t->line.data + t->command, n);
}

static const struct reply *one_line(struct talk *t)
{
	const char *command = arena_printf(t->a, "AUTH %s ", t->name);

	t->result.two_step = false;
	return smtp_try_secret(t->s, STAGE_AUTH, shown(t, t->line.len - t->command, command),
			       t->line.data, t->line.len);
}

static const struct reply *two_lines(struct talk *t)
{
	const struct reply *r = smtp_try(t->s, STAGE_AUTH, "AUTH %s", t->name);

	return r && r->code == 334 ? send_response(t) : r;
}

static void read_challenge(struct talk *t, struct sasl_challenge *ret)
{
	/*
	 * "334" alone, and "334 " followed by nothing, are the same (the first is wrong, and
	 * Exchange has been seen to send it).
	 */
	sasl_challenge_read(t->a, (struct span){ buf_str(&t->s->challenge), t->s->challenge.len },
			    ret);
}

/*
 * Was the form of the command not understood, rather than its content? Microsoft's 5.5.12x name
 * faults of the content.
 */
static bool form_refused(const struct reply *r)
{
	return r->code == 504 || (r->code == 501 && !str_has_prefix(r->enhanced, "5.5.12"));
}

/* The response, in the form that is due and, where that is not understood, in the other. */
static const struct reply *respond(struct talk *t)
{
	bool offered = strv_has(smtp_mechanisms(t->s), t->name);
	struct sasl_challenge c;
	const struct reply *r;

	if (t->line.len + 2 > COMMAND_OCTETS) {
		r = two_lines(t);
		if (r && r->code == 504 && !t->result.two_step && offered) {
			t->result.two_step_refused = true;
			r = one_line(t);
		}
		return r;
	}
	r = one_line(t);
	if (!r)
		return NULL;
	if (form_refused(r) && offered) {
		t->result.one_line_refused = true;
		return two_lines(t);
	}
	if (r->code == 334) {
		/*
		 * The server did not look at the response that came with the
		 * command, and asks for it.
		 */
		read_challenge(t, &c);
		if (!c.error)
			return send_response(t);
	}
	return r;
}

/*
 * A refused token: the server says why in a 334 and waits for an answer before it gives its 535.
 * Who stops here learns nothing. Empty for XOAUTH2 (Google), 0x01 for OAUTHBEARER (RFC 7628,
 * 3.2.3). PLAIN knows no second challenge: cancelled.
 */
static const struct reply *after_challenge(struct talk *t)
{
	struct sasl_challenge c;

	read_challenge(t, &c);
	t->result.challenge = c.text;
	t->result.challenge_status = c.status;
	t->result.challenge_scope = c.scope;
	if (*c.text)
		smtp_note(t->s, "that is: %s", c.text);
	if (t->ask->mechanism == SASL_XOAUTH2)
		return smtp_try(t->s, STAGE_AUTH, "%s", "");
	return smtp_try(t->s, STAGE_AUTH, "%s",
			t->ask->mechanism == SASL_OAUTHBEARER ? "AQ==" : "*");
}

static const struct reply *single_response(struct talk *t)
{
	const struct reply *r;

	if (!prepare(t))
		return NULL;
	r = respond(t);
	if (r && r->code == 334)
		r = after_challenge(t);
	if (r && r->code == 334)
		r = smtp_try(t->s, STAGE_AUTH, "*");
	return r;
}

/* --- LOGIN: as many prompts as the server likes to call --- */

enum { SENT_USER = 1, SENT_PASSWORD = 2 };

/*
 * What does the prompt want? "Username:", "User Name", "Password:", in base64 or not; else what was
 * not sent yet, the user first.
 */
static unsigned wanted(struct talk *t, unsigned sent)
{
	struct sasl_challenge c;

	read_challenge(t, &c);
	if (str_find_nocase(c.text, "pass"))
		return SENT_PASSWORD;
	if (str_find_nocase(c.text, "user") || str_find_nocase(c.text, "name") ||
	    str_find_nocase(c.text, "login"))
		return SENT_USER;
	return sent & SENT_USER ? SENT_PASSWORD : SENT_USER;
}

static const struct reply *answer_prompt(struct talk *t, unsigned what)
{
	bool user = what == SENT_USER;

	buf_wipe(&t->line);
	if (user)
		base64_encode(&t->line, t->ask->user, strlen(t->ask->user));
	else
		base64_encode(&t->line, secret_bytes(t->ask->secret), secret_len(t->ask->secret));
	return smtp_try_secret(t->s, STAGE_AUTH, user ? "<user name>" : "<password>",
			       buf_str(&t->line), t->line.len);
}

static const struct reply *login(struct talk *t)
{
	const struct reply *r = smtp_try(t->s, STAGE_AUTH, "AUTH LOGIN");
	unsigned sent = 0;

	t->result.two_step = true;
	while (r && r->code == 334) {
		unsigned what = wanted(t, sent);

		/* The same prompt again, or a third one: no end is to be expected. */
		if (sent & what)
			return smtp_try(t->s, STAGE_AUTH, "*");
		sent |= what;
		r = answer_prompt(t, what);
	}
	return r;
}

/* --- the whole --- */

bool sasl_auth(struct smtp *s, struct arena *a, const struct sasl_ask *ask, struct sasl_result *ret)
{
	struct talk t = {
		.s = s,
		.a = a,
		.ask = ask,
		.name = sasl_name(ask->mechanism),
		.plain = BUF_INIT(LIMIT_SECRET + SMTP_COMMAND),
		.line = BUF_INIT(2 * LIMIT_SECRET),
		.result = { .challenge = "", .challenge_status = "", .challenge_scope = "" },
	};
	size_t n = secret_len(ask->secret);
	const struct reply *r;

	if (!smtp_may(s, STAGE_AUTH))
		return false;
	/*
	 * A user who forgot to ask for TLS must not learn it from a leaked password (RFC 4954,
	 * 4; RFC 8314).
	 */
	if (!smtp_is_secure(s) && !ask->allow_plaintext)
		return smtp_fail(s, FAILURE_LOCAL, STAGE_AUTH, 0, NULL,
				 "no AUTH without TLS: the secret would be sent in the clear");
	if (memchr(secret_bytes(ask->secret), '\0', n))
		return smtp_fail(s, FAILURE_LOCAL, STAGE_AUTH, 0, NULL,
				 "there is a NUL byte in the secret");

	redact_public(ask->user);
	redact_public(ask->host);
	redact_secret(secret_bytes(ask->secret), n);
	r = ask->mechanism == SASL_LOGIN ? login(&t) : single_response(&t);
	buf_wipe(&t.plain);
	buf_wipe(&t.line);
	buf_release(&t.plain);
	buf_release(&t.line);
	if (!r)
		return false;
	t.result.reply = r;
	t.result.accepted = r->code / 100 == 2;
	*ret = t.result;
	return true;
}
