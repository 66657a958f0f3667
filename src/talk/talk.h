#ifndef TALK_TALK_H
#define TALK_TALK_H

/*
 * talk - what several checks do with a conversation: leave its facts, ask once more at the same
 * address, log in. It stands between checks/ and proto/, so that no check includes another.
 *
 * Facts that several checks may come across (the address the server sees us under, its clock) are
 * left by the first.
 */

#include <stdbool.h>

#include "base/attr.h"
#include "check/check.h"
#include "domain/delivery.h"
#include "proto/mailbox.h"
#include "proto/sasl.h"
#include "proto/smtp.h"

/*
 * The endpoint's conversation (probe_session()). Its transcript goes into the result. NULL when
 * there is none.
 */
struct smtp *talk_session(struct probe *p);

/* The step that the conversation failed at, with the finding for an answer that did not come in
 * time, or for anything else. */
enum status talk_broken(struct probe *p, const struct smtp *s, const char *broken,
			const char *timeout);

/*
 * What the words of a reply tell in passing: smtp.$.egress .server-time .clock-skew-s
 * .exchange.frontend .exchange.session.
 */
void talk_reply_facts(struct probe *p, const struct reply *r);

/*
 * The offer of the last EHLO, as smtp.$.AREA.keywords .auth .size .starttls .helo; area is "ehlo"
 * or "ehlo-tls".
 */
void talk_ehlo_facts(struct probe *p, const struct smtp *s, const char *area);
/*
 * The same in words: "150 MB, STARTTLS, AUTH LOGIN XOAUTH2, SMTPUTF8; it sees you as 203.0.113.7".
 */
const char *talk_ehlo_words(struct probe *p, const struct smtp *s);

/*
 * The TLS session and its certificates: smtp.$.AREA.version .cipher .group, smtp.$.secure,
 * cert.$.*; area is "starttls" or "tls".
 */
void talk_tls_facts(struct probe *p, const struct smtp *s, const char *area);

/* The session in words: "TLS 1.3, TLS_AES_256_GCM_SHA384". */
const char *talk_tls_words(struct probe *p, const struct smtp *s);

/* The findings of a handshake that failed, each of its own kind. */
struct talk_tls_findings {
	const char	*failed;	/* any other reason */
	const char	*plaintext;	/* what came was no TLS */
	const char	*silent;	/* nothing came in time */
	const char	*closed;	/* the connection ended without an alert */
	const char	*version;	/* an alert about versions or ciphers */
	const char	*too_large;	/* the key is larger than we compute with */
};
/* Leaves tls.$.state (plaintext, timeout, closed, alert, too-large, failed), tls.$.alert,
 * tls.$.heard, and answers with the verdict. */
enum status talk_tls_failed(struct probe *p, const struct smtp *s,
			    const struct talk_tls_findings *names);

/*
 * One more conversation with the same address as the endpoint's (tcp.$.peer). NULL when it can't be
 * reached now. At most a few at once to one host, over all checks: waits for its turn and must be
 * ended with talk_reconnect_end(). NULL also when cancelled.
 */
_waits_ struct smtp *talk_reconnect(struct probe *p, enum smtp_mode mode);
void talk_reconnect_end(struct probe *p, struct smtp *s);

/*
 * Brings a new conversation to where mail can begin: TLS from the start or by STARTTLS where it is
 * offered, EHLO. tls NULL = as usual. False when it failed (smtp_failure()).
 */
_waits_ bool talk_prepare(struct probe *p, struct smtp *s, enum smtp_mode mode,
			  const struct tls_ask *tls);
/*
 * talk_reconnect(), brought as far as the endpoint's own conversation was: TLS, EHLO, and the login
 * when that one was accepted; the secret is shown only under a certificate as good as the first.
 * NULL when it did not get there. To be ended with talk_reconnect_end().
 */
_waits_ struct smtp *talk_reconnect_ready(struct probe *p);

/*
 * May a secret go to the host of this conversation, as far as its name is concerned (RFC 6186, 6;
 * RFC 9525)? Always to one that the user named, in whatever way. To our table's host of the
 * provider that an MX record names: under a certificate that proves it. To a name that DNS alone
 * gave: when that is so, and the name lies in the domain that was given or the certificate is for
 * that domain, too. NULL when it may; else why not, one sentence without a full stop.
 */
const char *talk_whose(struct probe *p, const struct smtp *s);
/* The command that names the host, which is how to say that a secret may go there. */
const char *talk_consent(struct probe *p, bool token);

/* The findings of a login that failed. */
struct talk_login_findings {
	const char	*withheld;	/* the host is not known to be the user's */
	const char	*refused;
	const char	*broken;	/* the conversation ended in the middle of it */
	const char	*timeout;	/* no answer came in time */
};
/*
 * The login with one mechanism, when it is the one auth.mechanisms chose and there is a credential
 * for it; else `skip` with the reason. Over all endpoints of a target a credential that was refused
 * is not tried again: auth.refused-at says where it was.
 */
_waits_ enum status talk_login(struct probe *p, enum sasl_mechanism m,
			       const struct talk_login_findings *names);

/*
 * Sends one message in the transaction that is open, leaves talk_reply_facts(), and tells how it
 * went: the one of the ask (ask->letter), else a short text that says it is a test. from and to are
 * bare addresses.
 */
struct talk_sent {
	/* that decided; NULL when the conversation broke (smtp_failure()) */
	const struct reply	*reply;
	bool			 accepted;	/* taken: not the same as delivered */
	/* the message had been sent when it was decided, or when it broke */
	bool			 at_dot;
	const char		*message_id;
	const char		*queue_id;	/* "" when the server tells none */
};
_waits_ void talk_send(struct probe *p, struct smtp *s, const char *from, const char *to,
		       struct talk_sent *ret);

/*
 * What a domain's DNS says of Microsoft 365, all asked at once. Leaves tenant.mx .mx-kind .mx-cloud
 * .entrance .gateway, .spf, .verified-record, .selector1 .selector2 .dkim-dangling .initial-domain,
 * .autodiscover, .registration, .enrollment, and tenant.signs: what of it points to Microsoft 365
 * as the domain's mail service, in words.
 */
struct talk_tenant_dns {
	const char	*mx;			/* the first one's name; "" */
	bool		 mx_microsoft;
	/* Microsoft's host that stands ready though MX is elsewhere; "" */
	const char	*entrance;
	/* "contoso.onmicrosoft.com", as DKIM tells it; "" */
	const char	*initial_domain;
	bool		 dkim_txt;		/* a selector's CNAME was entered as a text */
	/* the CNAMEs are there, and no key where they lead */
	bool		 dkim_dangling;
	const char	*signs;			/* "MX, SPF, DKIM"; "" = nothing */
};
_waits_ void talk_tenant_dns(struct probe *p, const char *domain, struct talk_tenant_dns *ret);

/*
 * What a sender meets at port 25 of the domain's MX hosts: a row for each address and each kind of
 * key that the server shows there (domain/delivery.h). Asks MAIL FROM:<> in clear text and ends
 * there; no message is sent. 0 = none was visited, or it was interrupted.
 */
_waits_ size_t talk_mx_visit(struct probe *p, struct delivery_seen **ret);

/* The findings about a server for reading mail. */
struct talk_mailbox_findings {
	const char	*silent;	/* no greeting in time */
	const char	*broken;	/* the session ended, or made no sense */
	const char	*tls;		/* the handshake failed */
	const char	*turned_away;	/* refused in the greeting */
	const char	*not_spoken;	/* something else answers */
	const char	*no_starttls;
	const char	*certificate;	/* not valid for the host */
	const char	*no_login;	/* none that the credential is good for */
	const char	*refused;	/* the login */
};
/*
 * A server for reading mail at the endpoint's port: greeting, TLS, capabilities, login. Leaves
 * AREA.$.state .greeting .secure .offers .mechanism .accepted .said; area is "imap" or "pop3".
 */
_waits_ enum status talk_mailbox(struct probe *p, enum mailbox_kind kind,
				 const struct talk_mailbox_findings *names);

/* A number of bytes as people say it: "150 MB". */
const char *talk_size(struct arena *a, int64_t bytes);

/*
 * The public address that mail will come from; "" = not known. That is so only if somebody says it
 * (--sender-ip), or if this machine itself hands it in without a login.
 */
const char *talk_sending_address(struct probe *p);
/* The domain of --from, else that of the target; "" = none. */
const char *talk_sender_domain(const struct ask *ask);
/*
 * The services (ids of services.tsv, or of providers.tsv) that send mail of the sender's domain, as
 * far as that is seen: the one of --provider, of the host that mail is handed to, and of its MX.
 */
_waits_ struct strv talk_services(struct probe *p);

#endif
