#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

/*
 * scenario - a file that says how the lab's servers behave, read into structures. The language is
 * described in doc/scenarios.md.
 *
 *	like m365
 *	title SMTP AUTH is switched off for the whole tenant
 *	server smtp.office365.com:587
 *		login 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled
 *		for the Tenant. [{trailer}]
 *
 * What a file says replaces what the file it is `like` said at the same place: an answer
 * all answers of that point, a DNS record those of that name and type. Inside one file
 * such lines add up.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"
#include "lab/tenant.h"
#include "lab/zone.h"

struct arena;

enum {
	SCENARIO_MAX_FILE	= 256 * 1024,	/* bytes of one file */
	SCENARIO_MAX_LIKE	= 8,		/* files a file may be like, one upon the other */
	SCENARIO_MAX_SERVERS	= 64,
	SCENARIO_MAX_ANSWERS	= 512,		/* of one server, replaced ones counted */
	SCENARIO_MAX_STEPS	= 64,		/* of one answer */
	SCENARIO_MAX_REPEAT	= 4096,		/* lines of one `repeat` */
	SCENARIO_MAX_FILL	= 64 * 1024 * 1024,	/* bytes of one `fill` or `garbage` */
	SCENARIO_MAX_WAIT_MS	= 600 * 1000,
	SCENARIO_MAX_LENGTH	= 1000 * 1000 * 1000,	/* of a `length` */
};

/* Where in the dialogue something can be answered. The names are in server.c. */
enum point {
	POINT_GREETING,
	POINT_HELO,
	POINT_EHLO,
	POINT_EHLO_TLS,
	POINT_STARTTLS,
	POINT_HANDSHAKE,	/* instead of, or before, our part of the TLS handshake */
	POINT_AUTH,		/* to the AUTH line itself, before anything was asked */
	POINT_AUTH_CLEARTEXT,	/* AUTH before TLS where it isn't offered */
	POINT_AUTH_INITIAL,	/* AUTH with an initial response */
	POINT_AUTH_UNKNOWN,	/* AUTH with a mechanism that is not offered */
	POINT_PROMPT,		/* the empty challenge that asks for the initial response */
	POINT_PROMPT_USER,	/* AUTH LOGIN */
	POINT_PROMPT_PASSWORD,
	POINT_LOGIN,		/* user and secret are right */
	POINT_LOGIN_WRONG,
	POINT_MAIL,
	POINT_MAIL_CLEARTEXT,	/* MAIL before TLS */
	POINT_MAIL_ANONYMOUS,	/* MAIL before a successful login */
	POINT_RCPT,
	POINT_RCPT_ANONYMOUS,
	POINT_DATA,
	POINT_ACCEPTED,		/* to the final dot */
	POINT_RSET,
	POINT_NOOP,
	POINT_VRFY,
	POINT_HELP,
	POINT_QUIT,
	POINT_UNKNOWN,		/* a command we don't know */
	POINT_SEQUENCE,		/* a command at the wrong moment */
	POINT_GET,		/* HTTP: GET and HEAD */
	POINT_POST,
	POINT_REQUEST,		/* HTTP: any method */
	POINT_COUNT,
};

const char *point_name(enum point p);
bool point_of(struct span name, enum point *ret);

enum step_kind {
	STEP_LINE,		/* text and CRLF, n times */
	STEP_SEND,		/* text as it is */
	STEP_FILL,		/* n bytes 'x' */
	STEP_GARBAGE,		/* n bytes that are no text */
	STEP_WAIT,		/* n ms */
	/* from here to the end of the answer one byte at a time, n ms apart */
	STEP_SLOW,
	/* a TLS alert record with description n, after the peer's first bytes */
	STEP_ALERT,
	STEP_DROP,		/* close */
	STEP_RESET,		/* close by RST */
	STEP_SILENT,		/* say nothing more, until the peer goes */
	STEP_THEN,		/* what follows is the answer to the next who asks the same */
	STEP_USUAL,		/* alone: as if the scenario said nothing here */
	STEP_HEADER,		/* HTTP: a header field, "Name: value" */
	/* HTTP: n is said as Content-Length, whatever comes; -1 = none is said */
	STEP_LENGTH,
	STEP_CHUNKED,		/* HTTP: the body comes in chunks (RFC 9112, 7.1), one a step */
};

struct step {
	struct step	*next;
	enum step_kind	 kind;
	int64_t		 n;
	const char	*text;		/* escapes resolved, {placeholders} not; may hold NULs */
	size_t		 len;
};

struct answer {
	struct answer	*next;
	enum point	 point;
	unsigned	 layer;		/* of the file that said it */
	/* glob on the argument: mechanism, address, host name or request target; "*" = whatever */
	const char	*match;
	const char	*body;		/* HTTP: glob on the request's body */
	struct step	*steps;
	unsigned	 given;		/* how often: `then` counts */
};

enum tcp_state { TCP_OPEN, TCP_REFUSED, TCP_FILTERED, TCP_RESET };

enum cert_fault {
	CERT_GOOD,
	CERT_FAULT_EXPIRED,
	CERT_FAULT_NOT_YET,
	CERT_FAULT_SELF_SIGNED,
	CERT_FAULT_UNTRUSTED,		/* signed by a CA that is in nobody's store */
	CERT_FAULT_INCOMPLETE,		/* the intermediate is not sent */
};

/* The kinds of key that a server has a certificate for; none said = ECDSA. */
enum lab_key { LAB_KEY_ECDSA = 1, LAB_KEY_RSA = 2 };

enum spoken { SPEAKS_SMTP, SPEAKS_HTTP };

/*
 * Whom a web server plays where the scenario itself says nothing. A server may have several roles:
 * outlook.office365.com has.
 */
enum service_role { ROLE_ENTRA = 1, ROLE_GOOGLE = 2, ROLE_GRAPH = 4, ROLE_EXO = 8 };

/* By whose rules an SMTP server validates tokens that the lab's own token services issued. */
enum token_rules { TOKEN_RULES_NONE, TOKEN_RULES_OUTLOOK, TOKEN_RULES_HVE, TOKEN_RULES_GOOGLE };

struct lab_server {
	struct lab_server *next;
	enum spoken	 speaks;
	unsigned	 roles;		/* enum service_role */
	enum token_rules token_rules;
	const char	*host;		/* or an address, for one of a host's addresses alone */
	unsigned	 port;
	enum tcp_state	 tcp;
	bool		 implicit_tls;
	unsigned	 keys;		/* enum lab_key, or-ed */
	bool		 needs_sni;
	/* every byte in a segment of its own, so far apart; -1 = not */
	int64_t		 pace_ms;
	const char	*versions;	/* "1.2 1.3" */
	enum cert_fault	 cert;
	const char	*issuer;	/* "" = the lab's own name */
	struct strv	 names;		/* of the certificate; empty = the host */
	const char	*greeting_name;	/* the name the server has for itself, {front}; "" = host */
	const char	*trailer_name;	/* the name in its {trailer}; "" = greeting_name */
	const char	*hello;		/* first line of the EHLO answer */
	/* JSON sent with 334 before a token is refused, "" = none */
	const char	*challenge;
	struct strv	 offers;	/* EHLO keywords before TLS */
	struct strv	 offers_tls;
	struct answer	*answers;
	unsigned	 n_answers;	/* ever said */
};

struct scenario {
	const char	*title;
	const char	*target;
	struct strv	 options;
	const char	*user;
	const char	*password;	/* what the client is told to use; "" = none */
	const char	*token;
	const char	*right_password; /* what the server knows; NULL = the same */
	const char	*right_token;
	/* the address under which servers claim to see the client */
	const char	*client;
	const char	*expect;
	struct zone	 zone;
	struct lab_server *servers;
	size_t		 n_servers;
	struct lab_tenant *tenants;
	/* "tenant=... app=...": `token` is made from it at the start; NULL = not */
	const char	*client_token;
};

/*
 * A built-in name, or a path with a '/'. NULL and *ret_error = "FILE:LINE: what was expected". All
 * of it lives in the arena.
 */
struct scenario *scenario_load(struct arena *a, const char *name, const char **ret_error);
/* The same from bytes; `name` is for messages. */
struct scenario *scenario_parse(struct arena *a, const char *name, const char *bytes, size_t len,
				const char **ret_error);

/*
 * The steps for a point: of answers that match the argument the first; NULL when the scenario says
 * nothing there. They end at STEP_THEN.
 */
const struct step *server_answer(const struct lab_server *s, enum point p, const char *argument);

/*
 * The same for somebody who asks now: after each `then` comes the answer for the next one, and the
 * last one stays. `body` is the request's, "" where there is none.
 */
const struct step *server_next_answer(const struct lab_server *s, enum point p,
				      const char *argument, const char *body);

/*
 * Reads steps ("wait 2s 421 4.3.2 busy") from the rest of a line and appends them. NULL, or
 * what was expected.
 */
const char *steps_parse(struct arena *a, struct span line, struct step **list);
/* Does a line that begins with this word go on with the steps of the line before? */
bool steps_begin(struct span word);

#endif
