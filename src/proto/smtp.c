/*
 * smtp - one SMTP conversation, spoken a line at a time (RFC 5321).
 */
#include "proto/smtp-inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/redact.h"
#include "base/str.h"
#include "fiber/fiber.h"

/* --- failures --- */

bool smtp_fail(struct smtp *s, enum failure_class class, enum stage stage, int err,
	       const struct reply *r, const char *fmt, ...)
{
	va_list ap;

	if (s->failure)
		return false;
	va_start(ap, fmt);
	s->failure = failure_new(s->arena, class, stage, err, s->peer, r, "%s",
				 arena_vprintf(s->arena, fmt, ap));
	va_end(ap);
	if (class != FAILURE_REFUSED && class != FAILURE_LACKS)
		s->ended = true;
	return false;
}

void smtp_note(struct smtp *s, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(s->arena, fmt, ap);
	va_end(ap);
	transcript_add(s->transcript, TRANSCRIPT_NOTE, text, strlen(text));
}

bool smtp_may(struct smtp *s, enum stage stage)
{
	if (s->failure)
		return false;
	if (fiber_cancelled())
		return smtp_fail(s, FAILURE_CANCELLED, stage, ECANCELED, NULL,
				 "cancelled before %s", stage_doing(stage));
	if (s->ended && smtp_code(s) == 421)
		return smtp_fail(s, FAILURE_REFUSED, stage, 0, s->reply,
				 "the server ended the conversation with 421 before %s",
				 stage_doing(stage));
	if (s->ended)
		return smtp_fail(s, FAILURE_NET, stage, 0, s->reply,
				 "the connection had ended before %s", stage_doing(stage));
	return true;
}

void smtp_forgive(struct smtp *s)
{
	if (s->failure && s->failure->class == FAILURE_REFUSED)
		s->failure = NULL;
}

/* --- steps --- */

/*
 * A command from a format. False when it can't be sent as one line: CR and LF would make two
 * commands of it, of which the second would be somebody else's (RFC 5321, 2.3.8).
 */
static bool command_of(struct smtp *s, enum stage stage, struct buf *b, const char *fmt, va_list ap)
{
	if (!buf_vaddf(b, fmt, ap))
		return smtp_fail(s, FAILURE_LOCAL, stage, 0, NULL,
				 "the command for %s is longer than %d bytes", stage_doing(stage),
				 SMTP_COMMAND);
	if (memchr(b->data, '\r', b->len) || memchr(b->data, '\n', b->len) ||
	    memchr(b->data, '\0', b->len))
		return smtp_fail(s, FAILURE_LOCAL, stage, 0, NULL,
				 "a line break in the command for %s", stage_doing(stage));
	return true;
}

static const struct reply *say(struct smtp *s, enum stage stage, struct buf *b)
{
	size_t n = b->len;

	buf_adds(b, "\r\n");
	return smtp_exchange(s, stage, (struct span) { b->data, n },
			     (struct span) { b->data, b->len });
}

const struct reply *smtp_try(struct smtp *s, enum stage stage, const char *fmt, ...)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SMTP_COMMAND);
	bool good;
	va_list ap;

	if (!smtp_may(s, stage))
		return NULL;
	va_start(ap, fmt);
	good = command_of(s, stage, &b, fmt, ap);
	va_end(ap);
	return good ? say(s, stage, &b) : NULL;
}

const struct reply *smtp_try_secret(struct smtp *s, enum stage stage, const char *shown,
				    const char *sent, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * LIMIT_SECRET + SMTP_COMMAND);
	const struct reply *r;

	if (!smtp_may(s, stage))
		return NULL;
	if (memchr(sent, '\r', n) || memchr(sent, '\n', n) || memchr(sent, '\0', n) ||
	    !buf_add(&b, sent, n)) {
		smtp_fail(s, FAILURE_LOCAL, stage, 0, NULL, "the secret can't be sent as one line");
		return NULL;
	}
	buf_adds(&b, "\r\n");
	r = smtp_exchange(s, stage, span_of(shown), (struct span) { b.data, b.len });
	buf_wipe(&b);
	return r;
}

/* Is it the reply that was wanted? Else the failure says what came instead. */
static bool judge(struct smtp *s, enum stage stage, int want, struct span command,
		  const struct reply *r)
{
	if (want < 10 ? r->code / 100 == want : r->code == want)
		return true;
	if (r->code >= 400)
		return smtp_fail(s, FAILURE_REFUSED, stage, 0, r, "%.*s was refused with %d",
				 (int)command.len, command.p, r->code);
	if (want < 10)
		return smtp_fail(s, FAILURE_PROTOCOL, stage, 0, r, "%.*s was answered with %d",
				 (int)command.len, command.p, r->code);
	return smtp_fail(s, FAILURE_PROTOCOL, stage, 0, r,
			 "%.*s was answered with %d where %d was due", (int)command.len, command.p,
			 r->code, want);
}

bool smtp_ask(struct smtp *s, enum stage stage, int want, const char *fmt, ...)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SMTP_COMMAND);
	const struct reply *r;
	bool good;
	va_list ap;

	if (!smtp_may(s, stage))
		return false;
	va_start(ap, fmt);
	good = command_of(s, stage, &b, fmt, ap);
	va_end(ap);
	r = good ? say(s, stage, &b) : NULL;
	return r && judge(s, stage, want, (struct span) { b.data, strcspn(b.data, " \r") }, r);
}

bool smtp_greeting(struct smtp *s)
{
	struct span nothing = { "", 0 };
	const struct reply *r = smtp_exchange(s, STAGE_GREETING, nothing, nothing);

	if (!r)
		return false;
	/* Refused with 554 the server waits for a QUIT (RFC 5321, 3.1). */
	s->greeted = true;
	return judge(s, STAGE_GREETING, 220, SPAN_LITERAL("the connection"), r);
}

bool smtp_ehlo(struct smtp *s, const char *helo)
{
	const struct reply *r = smtp_try(s, STAGE_EHLO, "EHLO %s", helo);

	s->offer = (struct smtp_offer) { .keywords = NULL };
	s->used_helo = false;
	if (!r)
		return false;
	if (r->code / 100 == 5 && !s->ended) {
		const struct reply *helo_reply = smtp_try(s, STAGE_EHLO, "HELO %s", helo);

		/* The server hung up on the HELO: its refusal of the EHLO says more than that. */
		if (!helo_reply && s->failure->class == FAILURE_NET)
			s->failure = NULL;
		if (!helo_reply)
			return judge(s, STAGE_EHLO, 250, SPAN_LITERAL("EHLO"), r);
		s->used_helo = true;
		return judge(s, STAGE_EHLO, 250, SPAN_LITERAL("HELO"), helo_reply);
	}
	if (!judge(s, STAGE_EHLO, 250, SPAN_LITERAL("EHLO"), r))
		return false;
	smtp_offer_read(s->arena, r, &s->offer);
	if (s->offer.left_out)
		smtp_note(s, "%s", s->offer.left_out);
	return true;
}

/* --- TLS --- */

static enum failure_class class_of(const struct tls_failure *f)
{
	if (f->cancelled)
		return FAILURE_CANCELLED;
	if (f->local)
		return FAILURE_LOCAL;
	if (f->timeout)
		return FAILURE_TIMEOUT;
	if ((f->closed || f->reset) && !*f->peer_bytes)
		return FAILURE_NET;
	return FAILURE_TLS;
}

static void note_tls(struct smtp *s)
{
	const struct tls_info *i = tls_info(s->tls);

	smtp_note(s, "TLS: %s, %s%s%s", i->version, i->cipher, *i->group ? ", " : "", i->group);
	if (i->chain && i->chain->n)
		smtp_note(s, "certificate: %s, issued by %s. %s", i->chain->certs[0].subject,
			  i->chain->certs[0].issuer, i->chain->verdict);
}

bool smtp_secure_as(struct smtp *s, const struct tls_ask *ask)
{
	if (!smtp_may(s, STAGE_TLS))
		return false;
	if (s->tls)
		return smtp_fail(s, FAILURE_LOCAL, STAGE_TLS, 0, NULL, "TLS is on already");
	/*
	 * What came in the clear with the 220 must not be taken for something said under
	 * TLS (RFC 3207, 6).
	 */
	if (s->in.len)
		smtp_note(s, "%zu bytes that came before the handshake are dropped", s->in.len);
	buf_clear(&s->in);
	s->offer = (struct smtp_offer) { .keywords = NULL };
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(s->net));
		int64_t since = clock_us();

		s->tls = tls_connect(s->net, s->arena, s->fd, ask, &s->tls_failure);
		s->times.handshake = clock_us() - since;
	}
	if (s->tls) {
		note_tls(s);
		return true;
	}
	s->tls_failed = true;
	s->tls_failure.peer_bytes = redacted(s->arena, s->tls_failure.peer_bytes);
	s->tls_failure.text = redacted(s->arena, s->tls_failure.text);
	smtp_note(s, "TLS: %s", s->tls_failure.text);
	return smtp_fail(s, class_of(&s->tls_failure), STAGE_TLS, s->tls_failure.err, NULL, "%s",
			 s->tls_failure.text);
}

bool smtp_secure(struct smtp *s)
{
	struct tls_ask ask = { .name = s->host, .only = TLS_ANY };

	return smtp_secure_as(s, &ask);
}

static bool answers_tls(const struct smtp *s)
{
	return s->tls || (s->tls_failed && s->tls_failure.alert >= 0);
}

bool smtp_offer_tls(struct smtp *s)
{
	const struct failure *silence = s->failure;

	if (silence && (silence->class != FAILURE_TIMEOUT || s->greeted || s->in.len || s->tls))
		return false;
	s->failure = NULL;
	s->ended = false;
	smtp_secure(s);
	if (silence) {
		s->failure = silence;
		s->ended = true;
	}
	return answers_tls(s);
}

/* --- what was heard --- */

const struct reply *smtp_reply(const struct smtp *s)
{
	return s->reply;
}

int smtp_code(const struct smtp *s)
{
	return s->reply ? s->reply->code : 0;
}

bool smtp_offers(const struct smtp *s, const char *keyword)
{
	return smtp_offer_parameters(&s->offer, keyword) != NULL;
}

const char *smtp_parameters(const struct smtp *s, const char *keyword)
{
	return smtp_offer_parameters(&s->offer, keyword) ?: "";
}

const struct strv *smtp_capabilities(const struct smtp *s)
{
	return &s->offer.lines;
}

const struct strv *smtp_mechanisms(const struct smtp *s)
{
	return &s->offer.mechanisms;
}

bool smtp_used_helo(const struct smtp *s)
{
	return s->used_helo;
}

size_t smtp_buffered(const struct smtp *s)
{
	return s->in.len;
}

const char *smtp_peer(const struct smtp *s)
{
	return s->peer;
}

bool smtp_is_secure(const struct smtp *s)
{
	return s->tls != NULL;
}

const struct tls_info *smtp_tls(const struct smtp *s)
{
	return s->tls ? tls_info(s->tls) : NULL;
}

const struct tls_failure *smtp_tls_failure(const struct smtp *s)
{
	return s->tls_failed ? &s->tls_failure : NULL;
}

struct transcript *smtp_transcript(const struct smtp *s)
{
	return s->transcript;
}

const struct smtp_times *smtp_times(const struct smtp *s)
{
	return &s->times;
}

const char *smtp_garbage(const struct smtp *s)
{
	return s->garbage;
}

const struct failure *smtp_failure(const struct smtp *s)
{
	return s->failure;
}

/* --- the end --- */

/*
 * QUIT, when the server waits for a command: not in the middle of a dialogue within
 * the dialogue (3yz).
 */
static void quit(struct smtp *s)
{
	static const char line[] = "QUIT\r\n";

	if (s->fd < 0 || !s->greeted || s->ended || smtp_code(s) / 100 == 3)
		return;
	transcript_add(s->transcript, TRANSCRIPT_CLIENT, line, 4);
	if (s->tls) {
		tls_say(s->tls, line, sizeof(line) - 1);
		tls_bye(s->tls);
	} else {
		(void)!send(s->fd, line, sizeof(line) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

void smtp_close(struct smtp *s)
{
	if (!s)
		return;
	no_wait_begin();
	quit(s);
	tls_free(s->tls);
	no_wait_end();
	if (s->fd >= 0)
		close(s->fd);
	buf_wipe(&s->in);
	buf_release(&s->in);
	buf_wipe(&s->challenge);
	buf_release(&s->challenge);
	free(s);
}

void smtp_closep(struct smtp **s)
{
	smtp_close(*s);
	*s = NULL;
}
