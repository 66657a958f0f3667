/*
 * t-smtp-data - the message goes out as RFC 5321 wants it, and what became of it is told apart.
 */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/smtp.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }

struct run {
	struct peer	 peer;
	int		 client_fd;
	void		(*client)(struct smtp *s);
};

static void slow_server(void *arg);

static int conversation(void *arg)
{
	struct run *r = arg;
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct net_options o = { .timeout_ms = r->peer.script ? 2000 : 50 };
	const char *error = NULL;
	struct net *net = net_new(a, &o, &error);
	struct reached where = peer_reached(r->client_fd);
	struct smtp *s = smtp_new(net, a, "mx.example:25", "mx.example", &where, SMTP_CLEAR);
	struct scope scope;

	scope_begin(&scope);
	if (fiber_spawn(&scope, "peer", r->peer.script ? peer_run : slow_server, &r->peer) < 0)
		close(r->peer.fd);
	ok(smtp_greeting(s) && smtp_ehlo(s, "probe.example"), "as far as EHLO");
	r->client(s);
	smtp_close(s);
	scope_join(&scope);
	net_free(net);
	return 0;
}

/* The script is what follows the EHLO answer; NULL = the slow server. */
static void talk(const char *title, const char *const *script, void (*client)(struct smtp *s))
{
	const char *whole[32] = { "> 220 mx", "< EHLO", "> 250 mx" };
	struct run *r = xcalloc(1, sizeof(*r));
	size_t n = 3;
	int fds[2];

	peer_sockets(fds);
	while (script && script[n - 3]) {
		whole[n] = script[n - 3];
		n++;
	}
	r->peer = (struct peer) { .fd = fds[1], .script = script ? whole : NULL,
				  .cut_at = PEER_NO_CUT };
	r->client_fd = fds[0];
	r->client = client;
	is_int(fiber_run(conversation, r), 0, title);
	is_str(r->peer.wrong, "", "... and the peer heard just that");
	free(r);
}

static const struct {
	const char		*title, *message;
	size_t			 n;		/* 0 = strlen */
	const char *const	*script;	/* after the EHLO answer */
	int			 code;		/* of the answer, 0 = none */
	bool			 sent;
	const char		*failure;	/* within its text, NULL = none */
} messages[] = {
	{ "dots, bare line feeds and carriage returns", ".a\n..b\r\n\rc\n\n.", 0,
	  SCRIPT("= DATA", "> 354 go", "= ..a", "= ...b", "= ", "= c", "= ", "= ..", "= .",
		 "> 250 2.0.0 ok", "hang"),
	  250, true, NULL },
	{ "a message that ends in CRLF gets no further line", "a\r\n", 0,
	  SCRIPT("= DATA", "> 354 go", "= a", "= .", "> 250 ok", "hang"), 250, true, NULL },
	{ "an empty message", "", 0,
	  SCRIPT("= DATA", "> 354 go", "= .", "> 554 5.6.0 empty", "hang"), 554, true, NULL },
	{ "DATA refused", "a", 0, SCRIPT("= DATA", "> 452 4.3.1 no room", "hang"), 452,
	  false, NULL },
	{ "DATA answered with 250: no line of the message is said", "QUIT", 0,
	  SCRIPT("= DATA", "> 250 ok", "hang"), 0, false, "DATA was answered with 250 where 354" },
	{ "refused after the dot", "a", 0,
	  SCRIPT("= DATA", "> 354 go", "= a", "= .", "> 554 5.2.252 SendAsDenied", "hang"), 554,
	  true, NULL },
	{ "the end after DATA", "a", 0, SCRIPT("= DATA", "close"), 0, false,
	  "closed the connection" },
	{ "the end after the dot", "a", 0, SCRIPT("= DATA", "> 354 go", "= a", "= .", "close"), 0,
	  true, "closed the connection" },
	{ "a NUL", "a\0b", 3, SCRIPT("hang"), 0, false, "NUL" },
	{ "8-bit letters that nobody takes", "\xc3\xa4", 0, SCRIPT("hang"), 0, false, "8BITMIME" },
};

static size_t message_at;

static void message_client(struct smtp *s)
{
	const char *m = messages[message_at].message;
	const struct reply *reply;
	bool sent = true;

	reply = smtp_data(s, m, messages[message_at].n ? messages[message_at].n : strlen(m), &sent);
	is_int(reply ? reply->code : 0, messages[message_at].code, messages[message_at].title);
	is_int(sent, messages[message_at].sent, "... was the message sent?");
	if (messages[message_at].failure)
		ok(smtp_failure(s) && strstr(smtp_failure(s)->text, messages[message_at].failure),
		   messages[message_at].failure);
	else
		ok(!smtp_failure(s), "... and the conversation goes on");
}

static void send_messages(void)
{
	for (message_at = 0; message_at < ARRAY_LEN(messages); message_at++)
		talk(messages[message_at].title, messages[message_at].script, message_client);
}

static char long_line[1000];

static void long_line_client(struct smtp *s)
{
	bool sent;

	ok(smtp_data(s, long_line, 998, &sent) && sent, "a line of 998 bytes is sent");
	ok(!smtp_data(s, long_line, 999, &sent) && !sent, "one of 999 is not");
}

static void slow_client(struct smtp *s)
{
	bool sent;

	ok(smtp_data(s, "a", 1, &sent) && sent, "an answer to the dot may take longer than a step");
}

/* Answers the dot after four steps' time. */
static void slow_server(void *arg)
{
	static const char *const lines[] = { "250 mx\r\n", "354 go\r\n", "", "250 ok\r\n" };
	struct peer *p = arg;
	char in[512];
	ssize_t n = write(p->fd, "220 mx\r\n", 8);

	for (size_t i = 0; i < ARRAY_LEN(lines) && n >= 0; i++) {
		while ((n = read(p->fd, in, sizeof(in))) < 0 &&
		       fiber_wait_fd(p->fd, FIBER_READ, NULL) == 0)
			;
		if (i == 2)
			i++;
		if (i == 3 && fiber_sleep(200) < 0)
			break;
		n = write(p->fd, lines[i], strlen(lines[i]));
	}
	close(p->fd);
}

int main(void)
{
	send_messages();
	memset(long_line, 'x', sizeof(long_line));
	talk("a line's length", SCRIPT("= DATA", "> 354 go", "< xxx", "= .", "> 250 ok", "hang"),
	     long_line_client);
	talk("patience", NULL, slow_client);
	return tap_done();
}
