/*
 * t-mailbox - IMAP and POP3 with a scripted peer on loopback: what is understood, what is refused,
 * what a hostile peer costs, and that a secret goes only under TLS. Dovecot: tests/peers.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/mailbox-find.h"
#include "proto/mailbox.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }
enum { FINE = -1 };

struct run;

struct dialogue {
	const char		*title, *scheme;
	const char *const	*script;
	void			(*client)(struct mailbox *m, struct run *r);
	int			 class;		/* of the failure, FINE = none */
	enum mailbox_heard	 heard;
	const char		*offers;	/* NULL = not looked at */
	const char		*said;		/* NULL = not looked at */
};

struct run {
	const struct dialogue	*d;
	struct arena		*arena;
	struct net		*net;
	struct peer		 peer;
	int			 listening;
	struct secret		*secret;
};

static gnutls_certificate_credentials_t credentials;

static void usual(struct mailbox *m, struct run *r _unused_)
{
	(void)(mailbox_greeting(m) && mailbox_capabilities(m));
}

static void up_to_tls(struct mailbox *m, struct run *r)
{
	usual(m, r);
	(void)(mailbox_starttls(m) && mailbox_capabilities(m));
}

static void login(struct mailbox *m, struct run *r)
{
	up_to_tls(m, r);
	(void)mailbox_login(m, mailbox_mechanism(m, false), "ann@example.com", r->secret);
}

static void token_login(struct mailbox *m, struct run *r)
{
	up_to_tls(m, r);
	(void)mailbox_login(m, mailbox_mechanism(m, true), "ann@example.com", r->secret);
}

static void login_in_clear(struct mailbox *m, struct run *r)
{
	usual(m, r);
	(void)mailbox_login(m, "PLAIN", "ann@example.com", r->secret);
}

static void two_lines(struct mailbox *m, struct run *r)
{
	usual(m, r);
	ok(!mailbox_ask(m, false, NULL, "SELECT %s", "a\r\na9 DELETE b"), "a line end is refused");
}

static void fetch(struct mailbox *m, struct run *r)
{
	struct strv lines = { NULL, 0, 0 };

	usual(m, r);
	ok(mailbox_ask(m, false, &lines, "FETCH 1 BODY[HEADER]"), "a literal is read");
	is_int((int64_t)lines.n, 1, "... as a part of its line");
	ok(str_find_nocase(lines.v[0], "a2 OK no status"), "... whatever it holds");
}

static void find(struct mailbox *m, struct run *r)
{
	struct mailbox_folders all = { .n = 0 };
	struct mailbox_found found = { .header = NULL };

	usual(m, r);
	ok(mailbox_folders(m, &all) && all.n == 4, "folders are listed");
	ok(all.n == 4 && str_eq(all.v[0].name, "INBOX") && all.v[1].role == FOLDER_JUNK &&
	   all.v[3].role == FOLDER_OWN, "... INBOX first, then junk, the own ones last");
	/* 2026-12-01 00:00:00 UTC */
	ok(mailbox_find(m, &all.v[2], "m-1", 1796083200, &found) && !found.header,
	   "a folder that can't be opened holds nothing");
	ok(mailbox_find(m, &all.v[0], "m-1", 1796083200, &found) && !found.header,
	   "a message that is not there");
	ok(mailbox_find(m, &all.v[1], "m-1", 1796083200, &found), "one that is");
	is_str(found.header, "A: b\r\n", "... has a header");
}

static const struct dialogue dialogues[] = {
	{ .title = "a message is looked for", .scheme = "imap", .client = find, .class = FINE,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY",
			   "> * CAPABILITY IMAP4rev1 SPECIAL-USE LIST-EXTENDED", "> a1 OK",
			   "= a2 LIST \"\" \"*\" RETURN (SPECIAL-USE)",
			   "> * LIST (\\Sent) \"/\" Out", "> * LIST () \"/\" \"a \\\"b\"",
			   "> * LIST (\\Noselect) \"/\" no", "> * LIST (\\Junk) \"/\" Bad",
			   "> a2 OK",
			   "= a3 EXAMINE \"a \\\"b\"", "> a3 NO [NOPERM] not yours",
			   "= a4 EXAMINE \"INBOX\"", "> a4 OK [READ-ONLY] done",
			   "= a5 UID SEARCH SINCE 30-Nov-2026 OR HEADER Message-ID \"m-1\" BODY "
			   "\"m-1\"",
			   "> * SEARCH", "> a5 OK", "= a6 EXAMINE \"Bad\"", "> a6 OK",
			   "= a7 UID SEARCH SINCE 30-Nov-2026 OR HEADER Message-ID \"m-1\" BODY "
			   "\"m-1\"",
			   "> * SEARCH 3 9", "> a7 OK",
			   "= a8 UID FETCH 9 (BODY.PEEK[HEADER]<0.131072>)",
			   ">> * 2 FETCH (UID 9 BODY[HEADER]<0> {6}\r\nA: b\r\n)\r\n",
			   "> a8 OK", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT },
	{ .title = "IMAP", .scheme = "imap", .client = usual, .class = FINE,
	  .script = SCRIPT("> * OK [CAPABILITY IMAP4rev1] hi", "= a1 CAPABILITY",
			   "> * CAPABILITY IMAP4rev1 auth=plain LOGINDISABLED", "> a1 OK done",
			   "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .offers = "IMAP4REV1 AUTH=PLAIN LOGINDISABLED",
	  .said = "OK done" },
	{ .title = "POP3", .scheme = "pop3", .client = usual, .class = FINE,
	  .script = SCRIPT("> +OK hi", "= CAPA", "> +OK", "> SASL PLAIN XOAUTH2", "> STLS",
			   "> USER", "> UIDL", "> .", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .offers = "AUTH=PLAIN AUTH=XOAUTH2 STARTTLS LOGIN UIDL" },
	{ .title = "a POP3 server without CAPA", .scheme = "pop3", .client = usual, .class = FINE,
	  .script = SCRIPT("> +OK hi", "= CAPA", "> -ERR what?", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .offers = "LOGIN" },
	{ .title = "literals", .scheme = "imap", .client = fetch, .class = FINE,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> a1 OK", "= a2 FETCH 1 BODY[HEADER]",
			   ">> * 1 FETCH (BODY[HEADER] {17}\r\na2 OK no status\r\n)\r\n",
			   "> a2 OK", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT },
	{ .title = "POP3 where IMAP is asked for", .scheme = "imap", .client = usual,
	  .script = SCRIPT("> +OK hi", "hang"), .class = FAILURE_PROTOCOL,
	  .heard = MAILBOX_HEARD_POP3 },
	{ .title = "SMTP", .scheme = "imap", .client = usual,
	  .script = SCRIPT("> 220 mx.example ESMTP", "hang"), .class = FAILURE_PROTOCOL,
	  .heard = MAILBOX_HEARD_SMTP },
	{ .title = "HTTP", .scheme = "pop3", .client = usual,
	  .script = SCRIPT("> HTTP/1.1 400 Bad Request", "hang"), .class = FAILURE_PROTOCOL,
	  .heard = MAILBOX_HEARD_HTTP },
	{ .title = "a greeting that refuses", .scheme = "imap", .client = usual,
	  .script = SCRIPT("> * BYE too many connections", "hang"), .class = FAILURE_REFUSED,
	  .heard = MAILBOX_HEARD_RIGHT, .said = "* BYE too many connections" },
	{ .title = "nothing", .scheme = "imap", .client = usual, .script = SCRIPT("hang"),
	  .class = FAILURE_TIMEOUT },
	{ .title = "closed", .scheme = "imap", .client = usual, .script = SCRIPT("close"),
	  .class = FAILURE_NET },
	{ .title = "closed in the middle", .scheme = "imap", .client = usual,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", ">> * CAPABI", "close"),
	  .class = FAILURE_NET, .heard = MAILBOX_HEARD_RIGHT },
	{ .title = "terminal sequences", .scheme = "imap", .client = usual,
	  .script = SCRIPT(">> * OK \\x1b[2J\r\n", "= a1 CAPABILITY", ">> a1 NO \\x1b[31m\r\n",
			   "hang"),
	  .class = FAILURE_REFUSED, .heard = MAILBOX_HEARD_RIGHT, .said = "NO \\x1b[31m" },
	{ .title = "a login without TLS", .scheme = "imap", .client = login_in_clear,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> * CAPABILITY AUTH=PLAIN", "> a1 OK",
			   "hang"),
	  .class = FAILURE_LOCAL, .heard = MAILBOX_HEARD_RIGHT },
	{ .title = "two commands in one", .scheme = "imap", .client = two_lines,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> a1 OK", "hang"),
	  .class = FAILURE_LOCAL, .heard = MAILBOX_HEARD_RIGHT },
	{ .title = "STARTTLS, and something injected before it", .scheme = "imap",
	  .client = up_to_tls, .class = FINE,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> * CAPABILITY STARTTLS", "> a1 OK",
			   "= a2 STARTTLS", ">> a2 OK go\r\n* CAPABILITY EVIL\r\na3 OK\r\n",
			   "tls", "= a3 CAPABILITY", "> * CAPABILITY AUTH=PLAIN", "> a3 OK",
			   "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .offers = "AUTH=PLAIN" },
	{ .title = "a password", .scheme = "imap", .client = login, .class = FINE,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> * CAPABILITY STARTTLS", "> a1 OK",
			   "= a2 STARTTLS", "> a2 OK", "tls", "= a3 CAPABILITY",
			   "> * CAPABILITY AUTH=PLAIN", "> a3 OK", "= a4 AUTHENTICATE PLAIN",
			   "> +", "= AGFubkBleGFtcGxlLmNvbQBtYWRlLXVwLVhx", "> a4 OK welcome",
			   "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .said = "OK welcome" },
	{ .title = "... by LOGIN", .scheme = "imap", .client = login, .class = FAILURE_REFUSED,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> * CAPABILITY STARTTLS", "> a1 OK",
			   "= a2 STARTTLS", "> a2 OK", "tls", "= a3 CAPABILITY", "> a3 OK",
			   "= a4 LOGIN \"ann@example.com\" \"made-up-Xq\"",
			   "> a4 NO [AUTHENTICATIONFAILED] no", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .said = "NO [AUTHENTICATIONFAILED] no" },
	{ .title = "... by USER and PASS", .scheme = "pop3", .client = login, .class = FINE,
	  .script = SCRIPT("> +OK hi", "= CAPA", "> +OK", "> STLS", "> .", "= STLS", "> +OK",
			   "tls", "= CAPA", "> +OK", "> USER", "> .", "= USER ann@example.com",
			   "> +OK", "= PASS made-up-Xq", "> +OK in", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .said = "+OK in" },
	{ .title = "a token that is refused, with a reason", .scheme = "imap",
	  .client = token_login, .class = FAILURE_REFUSED,
	  .script = SCRIPT("> * OK hi", "= a1 CAPABILITY", "> * CAPABILITY STARTTLS", "> a1 OK",
			   "= a2 STARTTLS", "> a2 OK", "tls", "= a3 CAPABILITY",
			   "> * CAPABILITY AUTH=XOAUTH2", "> a3 OK", "= a4 AUTHENTICATE XOAUTH2",
			   "> +", "< dXNlcj1hbm5A", "> + eyJzdGF0dXMiOiI0MDEifQ==", "= ",
			   "> a4 NO AUTHENTICATE failed.", "hang"),
	  .heard = MAILBOX_HEARD_RIGHT, .said = "NO AUTHENTICATE failed." },
};

_waits_ static void serve(void *arg)
{
	struct run *r = arg;

	if (fiber_wait_fd(r->listening, FIBER_READ, NULL) < 0)
		return;
	r->peer.fd = accept4(r->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (r->peer.fd >= 0)
		peer_run(&r->peer);
}

static unsigned listen_on_loopback(struct run *r)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);

	r->listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert(r->listening >= 0 && !bind(r->listening, (struct sockaddr *)&at, n) &&
	       !listen(r->listening, 4) &&
	       !getsockname(r->listening, (struct sockaddr *)&at, &n));
	return ntohs(at.sin_port);
}

static void judge(struct run *r, const struct mailbox *m)
{
	const struct dialogue *d = r->d;
	const struct failure *f = mailbox_failure(m);
	const struct transcript *t = mailbox_transcript(m);
	bool shown = false;

	is_int(f ? (int)f->class : FINE, d->class, d->title);
	is_str(mailbox_heard_name(mailbox_heard(m)), mailbox_heard_name(d->heard), "... heard");
	if (d->offers)
		is_str(strv_join(mailbox_offers(m), r->arena, " "), d->offers, "... offers");
	if (d->said)
		is_str(mailbox_said(m), d->said, "... said");
	is_str(r->peer.wrong, "", "... and the peer heard what it should");
	for (size_t i = 0; i < t->n; i++)
		shown |= str_find_nocase(t->lines[i].text, "made-up-Xq") ||
			 str_find_nocase(t->lines[i].text, "bWFkZS11cC1Y") ||
			 str_find_nocase(t->lines[i].text, "tYWRlLXVwLVhx");
	ok(!shown, "... and no secret in the transcript");
}

static int conversation(void *arg)
{
	struct run *r = arg;
	unsigned port = listen_on_loopback(r);
	struct mailbox *m;
	struct scope scope;

	scope_begin(&scope);
	if (fiber_spawn(&scope, "peer", serve, r) < 0)
		return 1;
	m = mailbox_open(r->net, r->arena, arena_printf(r->arena, "%s://127.0.0.1:%u",
							r->d->scheme, port));
	r->d->client(m, r);
	judge(r, m);
	mailbox_close(m);
	scope_cancel(&scope);
	scope_join(&scope);
	close(r->listening);
	return 0;
}

static void run(const struct dialogue *d)
{
	struct net_options o = { .timeout_ms = d->class == FAILURE_TIMEOUT ? 200 : 20000 };
	struct run *r = calloc(1, sizeof(*r));
	const char *error = NULL;

	assert(r);
	r->d = d;
	r->arena = arena_new();
	r->peer.script = d->script;
	r->peer.fd = -1;
	r->peer.cut_at = PEER_NO_CUT;
	r->peer.credentials = credentials;
	r->net = net_new(r->arena, &o, &error);
	r->secret = secret_new("made-up-Xq", strlen("made-up-Xq"));
	assert(r->net && r->secret);
	fiber_run(conversation, r);
	secret_free(r->secret);
	net_free(r->net);
	arena_free(r->arena);
	free(r);
}

/* Lines, and lines of a greeting, without end. */
static void without_end(void)
{
	enum { LINES = 5000, PIECES = 200, PIECE = 2000 };
	static const char *many[LINES + 4], *wide[PIECES + 2];
	static char piece[PIECE + 4];
	struct dialogue d = { .scheme = "imap", .client = usual, .class = FAILURE_PROTOCOL };

	many[0] = "> * OK hi";
	many[1] = "= a1 CAPABILITY";
	for (size_t i = 2; i < LINES; i++)
		many[i] = "> * CAPABILITY X Y Z";
	many[LINES] = "hang";
	d.title = "an answer of 5,000 lines";
	d.script = many;
	d.heard = MAILBOX_HEARD_RIGHT;
	run(&d);
	memset(piece, 'x', PIECE);
	memcpy(piece, ">> ", 3);
	for (size_t i = 0; i < PIECES; i++)
		wide[i] = piece;
	wide[PIECES] = "hang";
	d.title = "a greeting of 400 KB without a line end";
	d.script = wide;
	d.heard = MAILBOX_HEARD_NOTHING;
	run(&d);
}

static int wrong_urls(void *arg)
{
	static const char *const urls[] = { "", "http://127.0.0.1", "imaps://", "imap://h:0",
					    "imap://h:70000", "imap://h:x", "imaps:127.0.0.1" };
	struct net *n = arg;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		struct mailbox *m = mailbox_open(n, a, urls[i]);

		is_int(mailbox_failure(m)->class, FAILURE_LOCAL, urls[i]);
		ok(!mailbox_greeting(m), "... and nothing follows");
		mailbox_close(m);
	}
	return 0;
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	struct net *n = net_new(a, &(struct net_options) { .timeout_ms = 1000 }, &error);
	struct made ca, leaf;

	made_new(&ca, &(struct recipe) { .cn = "Test", .o = "Test", .ca = true }, NULL);
	made_new(&leaf, &(struct recipe) { .cn = "mail.example", .o = "Test", .ip = "127.0.0.1" },
		 &ca);
	credentials = made_credentials((const struct made *[]) { &leaf, &ca }, 2);
	for (size_t i = 0; i < ARRAY_LEN(dialogues); i++)
		run(&dialogues[i]);
	without_end();
	fiber_run(wrong_urls, n);
	net_free(n);
	gnutls_certificate_free_credentials(credentials);
	made_free(&leaf);
	made_free(&ca);
	return tap_done();
}
