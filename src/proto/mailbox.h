#ifndef PROTO_MAILBOX_H
#define PROTO_MAILBOX_H

/*
 * mailbox - a conversation with a server for reading mail: IMAP4rev1 (RFC 3501, RFC 9051) or POP3
 * (RFC 1939, RFC 2449), with TLS from the start (RFC 8314) or by STARTTLS and STLS (RFC 2595), and
 * a login by AUTHENTICATE/AUTH PLAIN, XOAUTH2 or the plain LOGIN and USER/PASS.
 *
 *	struct mailbox *m = mailbox_open(net, arena, "imaps://imap.example.net");
 *
 *	if (mailbox_greeting(m) && mailbox_capabilities(m) && mailbox_starttls(m) && ...)
 *	mailbox_close(m);
 *
 * Like proto/smtp.h: each step answers true when it went as asked, the first that does not is
 * remembered, and later steps then do nothing. Steps wait, obey the fiber's deadline and the net's
 * time for one step. Lines and answers are bounded; the transcript holds no secret.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/failure.h"
#include "base/strv.h"
#include "base/transcript.h"
#include "net/net.h"
#include "net/tls.h"

struct arena;
struct mailbox;
struct secret;

enum mailbox_kind { MAILBOX_IMAP, MAILBOX_POP3 };

/* What greeted, where it is not what was asked for. */
enum mailbox_heard { MAILBOX_HEARD_NOTHING, MAILBOX_HEARD_RIGHT, MAILBOX_HEARD_IMAP,
		     MAILBOX_HEARD_POP3, MAILBOX_HEARD_SMTP, MAILBOX_HEARD_HTTP,
		     MAILBOX_HEARD_TLS, MAILBOX_HEARD_OTHER };
/* "nothing", "ok", "imap", "pop3", "smtp", "http", "tls", "other" */
const char *mailbox_heard_name(enum mailbox_heard h);

/*
 * "imaps://HOST[:PORT]" and "pop3s://": TLS from the start, on 993 and 995; "imap://" and
 * "pop3://": on 143 and 110. Looks up and dials. Never NULL: what fails is the first failure.
 */
_waits_ struct mailbox *mailbox_open(struct net *n, struct arena *a, const char *url);
/* Says LOGOUT or QUIT if that costs no waiting. NULL is fine. */
void mailbox_close(struct mailbox *m);
void mailbox_closep(struct mailbox **m);

/* With TLS from the start the handshake comes first. */
_waits_ bool mailbox_greeting(struct mailbox *m);
/* CAPABILITY or CAPA. To be asked again after TLS and after a login. */
_waits_ bool mailbox_capabilities(struct mailbox *m);
/* STARTTLS or STLS and the handshake, where TLS is not on already and it is offered; true, too,
 * where it is not offered: mailbox_tls() tells. What was offered before is forgotten. */
_waits_ bool mailbox_starttls(struct mailbox *m);

/* "STARTTLS", "AUTH=XOAUTH2", "LOGINDISABLED"; of POP3 "STLS", "SASL PLAIN XOAUTH2", "USER" as
 * "STARTTLS", "AUTH=PLAIN AUTH=XOAUTH2", "LOGIN". Upper case. */
const struct strv *mailbox_offers(const struct mailbox *m);
bool mailbox_offered(const struct mailbox *m, const char *word);

/*
 * The best way that both can: XOAUTH2 for a token; for a password AUTH PLAIN, else LOGIN or
 * USER/PASS. "" = none is offered.
 */
const char *mailbox_mechanism(const struct mailbox *m, bool token);
/*
 * Logs in by that mechanism, under TLS alone. False also when it was refused: then
 * mailbox_failure() is of class FAILURE_REFUSED, and mailbox_said() is the server's reason.
 */
_waits_ bool mailbox_login(struct mailbox *m, const char *mechanism, const char *user,
			   const struct secret *secret);

/*
 * One command of IMAP (a tag is put before it) or POP3. ret (or NULL) gets the untagged lines, or
 * those of a multi-line answer when multi is set. False when it was refused or broke.
 */
_waits_ bool mailbox_ask(struct mailbox *m, bool multi, struct strv *ret, const char *fmt, ...)
	_printf_(4, 5);

/* The last status line without tag, escaped: "NO [AUTHENTICATIONFAILED] ...", "-ERR ..."; "" */
const char *mailbox_said(const struct mailbox *m);
const char *mailbox_greeted(const struct mailbox *m);		/* its words; "" */
enum mailbox_heard mailbox_heard(const struct mailbox *m);
const struct tls_info *mailbox_tls(const struct mailbox *m);	/* NULL = no TLS */
const struct failure *mailbox_failure(const struct mailbox *m);	/* NULL while all is well */
struct transcript *mailbox_transcript(const struct mailbox *m);
struct arena *mailbox_arena(const struct mailbox *m);		/* what it leaves lives there */
/* A refusal that the caller can live with: the session goes on, true. False after anything else. */
bool mailbox_forgive(struct mailbox *m);

#endif
