#ifndef PROTO_SMTP_H
#define PROTO_SMTP_H

/*
 * smtp - one SMTP conversation, spoken a line at a time.
 *
 * A conversation is a straight line. Every step answers true when it went as asked. The first step
 * that does not is remembered with its stage, and from then on every later step is a no-op that
 * answers false. So a caller may test each step or only the last, and never misses the first cause.
 *
 *	_cleanup_(smtp_closep) struct smtp *s = smtp_dial(net, arena, "mx.example", 25, SMTP_CLEAR);
 *
 *	if (!smtp_greeting(s) || !smtp_ehlo(s, "probe.example"))
 *		return probe_unknown(p, smtp_failure(s));
 *
 * A refusal is a reply, too: where the caller wants to go on after one (a second AUTH, RCPT
 * after a refused MAIL), it asks with smtp_try(), which marks a failure only when the
 * conversation itself broke.
 *
 * All steps wait, obey the fiber's deadline and the net's time for one step (covering the whole
 * reply), and may be called from a fiber only. The transcript is kept whole, secrets struck out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/failure.h"
#include "base/reply.h"
#include "base/transcript.h"
#include "net/net.h"
#include "net/tls.h"

struct arena;
struct smtp;

enum smtp_mode { SMTP_CLEAR, SMTP_IMPLICIT_TLS };

/*
 * Takes over a connected socket (from net_dial_all with keep). Never NULL. endpoint is "host:port"
 * for the transcript. With SMTP_IMPLICIT_TLS smtp_secure() is the first step.
 */
struct smtp *smtp_new(struct net *n, struct arena *a, const char *endpoint, const char *host,
		      const struct reached *where, enum smtp_mode mode);
/*
 * Looks up, dials the addresses and takes the first that answers. Never NULL: a failed dial is a
 * failed conversation.
 */
_waits_ struct smtp *smtp_dial(struct net *n, struct arena *a, const char *host, unsigned port,
			       enum smtp_mode mode);

/* Closes and frees; says QUIT if that costs no waiting. Never waits. NULL is fine. */
void smtp_close(struct smtp *s);
void smtp_closep(struct smtp **s);

/* The steps of the dialogue. */
/* 220; 421 and 554 are failures that quote the reply */
_waits_ bool smtp_greeting(struct smtp *s);
/* EHLO, else HELO on 5yz (RFC 5321, 3.2); see smtp_used_helo() */
_waits_ bool smtp_ehlo(struct smtp *s, const char *helo);
/* want 250, or 2 = any 2yz */
_waits_ bool smtp_ask(struct smtp *s, enum stage stage, int want, const char *fmt, ...)
	_printf_(4, 5);
/* the TLS handshake, now; capabilities are forgotten (RFC 3207, 4.2) */
_waits_ bool smtp_secure(struct smtp *s);

/*
 * Does the peer answer a ClientHello, if only with an alert? For a conversation that has not
 * begun, or in which the greeting never came (then its failure stays that one, and nothing
 * more can be said).
 */
_waits_ bool smtp_offer_tls(struct smtp *s);

/* The same with a question of its own: one TLS version, another name, no verification. */
_waits_ bool smtp_secure_as(struct smtp *s, const struct tls_ask *ask);

/*
 * Sends a command and reads the reply, whatever it says. NULL only when the conversation broke. CR
 * and LF in it are refused.
 */
_waits_ const struct reply *smtp_try(struct smtp *s, enum stage stage, const char *fmt, ...)
	_printf_(3, 4);
/*
 * The same with a line that must not be shown: `shown` goes into the transcript in its place. The
 * caller wipes `sent`.
 */
_waits_ const struct reply *smtp_try_secret(struct smtp *s, enum stage stage, const char *shown,
					    const char *sent, size_t n);

/*
 * DATA, the message, and the dot that ends it (RFC 5321, 4.1.1.4 and 4.5.2): lines may end in LF,
 * CR or CRLF and go out with CRLF, a dot at their beginning is doubled. Answers the reply that
 * decided: the one to DATA where that is not 354, else the one to the dot. NULL when the
 * conversation broke; *ret_sent: the dot had gone out, or may have, so the message may be delivered
 * all the same (RFC 1047). A message with a NUL, with a line of more than 998 bytes (4.5.3.1.6), or
 * with 8-bit bytes where neither 8BITMIME nor SMTPUTF8 is offered is a failure, and nothing is
 * sent. Its reply may take 40 of the net's steps (15 s of each = the ten minutes of 4.5.3.2.6).
 */
_waits_ const struct reply *smtp_data(struct smtp *s, const char *message, size_t n,
				      bool *ret_sent);

/* What the peer said last; NULL before the first reply. Lives in the arena. */
const struct reply *smtp_reply(const struct smtp *s);
int smtp_code(const struct smtp *s);				/* 0 when there is no reply */

/* What EHLO offered last (keyword and parameters; keywords upper case), in order of appearance. */
bool smtp_offers(const struct smtp *s, const char *keyword);
/* "" when none or not offered */
const char *smtp_parameters(const struct smtp *s, const char *keyword);
const struct strv *smtp_capabilities(const struct smtp *s);	/* lines as sent, without code */
/* AUTH and AUTH= merged, upper case */
const struct strv *smtp_mechanisms(const struct smtp *s);
bool smtp_used_helo(const struct smtp *s);
/* bytes read but not consumed: after a 220 to STARTTLS they are an attack or a bug */
size_t smtp_buffered(const struct smtp *s);

const char *smtp_peer(const struct smtp *s);			/* "mx.example[192.0.2.1]:25" */
bool smtp_is_secure(const struct smtp *s);
const struct tls_info *smtp_tls(const struct smtp *s);		/* NULL before smtp_secure() */
/* NULL unless smtp_secure() failed */
const struct tls_failure *smtp_tls_failure(const struct smtp *s);
struct transcript *smtp_transcript(const struct smtp *s);

/* Times of the stages in microseconds; -1 where it did not come to that. */
struct smtp_times { int64_t greeting, ehlo, starttls, handshake, ehlo_tls, auth; };
const struct smtp_times *smtp_times(const struct smtp *s);

/*
 * Bytes that came where a greeting was due and were no reply (TLS alert, HTTP),
 * escaped; "" if none.
 */
const char *smtp_garbage(const struct smtp *s);

/* Why it stopped. NULL while all is well. */
const struct failure *smtp_failure(const struct smtp *s);
/*
 * A refusal the caller wants to live with: the conversation goes on. Only for class
 * FAILURE_REFUSED.
 */
void smtp_forgive(struct smtp *s);

#endif
