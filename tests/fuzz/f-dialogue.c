/*
 * f-dialogue - any bytes as what a server says, over a whole run of the checks: connection,
 * greeting, EHLO, STARTTLS, login, sender, recipient, message, each in its real check, over a
 * socket and fibers. Then every rule and every printer.
 *
 * The first byte says how it is asked (see enum how). The rest is what the server says, in pieces:
 * the first one at once, each further one when something came from the client. In a piece the byte
 * ECHO stands for what the client said last. When the pieces are used up, the server hangs up.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/secret.h"
#include "cmd/checks.h"
#include "check/schedule.h"
#include "know/know.h"
#include "fiber/fiber.h"
#include "net/net.h"
#include "proto/smtp.h"
#include "report/report.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/peer.h"

const unsigned fuzz_places = 4;		/* each takes some milliseconds */

enum how {
	HOW_TOKEN	= 1,		/* a token; else a password */
	HOW_IMPLICIT	= 2,		/* port 465; else 587 */
	HOW_SENDERS	= 4,		/* --from-list */
	HOW_DATA	= 8,		/* --data */
	HOW_CHUNKS	= 16,		/* a byte a segment */
	HOW_TLS		= 32,		/* the server does speak TLS when it is time for it */
	HOW_DOMAIN	= 64,		/* the target is a domain, the port is 25 */
	/* the server does not hang up at the end: the client's time runs out */
	HOW_UNHURRIED	= 128,
};

enum { ECHO = '\x1d', MOST_TURNS = 4000 };

#define PASSWORD "Kupfer-7Drachen-Uhr9"
#define TOKEN "EwBgA8l6BAAUkj1NuJYtTVha9Mogk9HEiPbQo04AAXd3UGx5bW91dGhSb2Nr"

struct dialogue {
	unsigned		 how;
	struct food		 food;
	struct arena		*arena;
	int			 fds[2];
	gnutls_session_t	 tls;
	char			 last[512];	/* that came from the client */
	size_t			 n_last;
	unsigned		 turns;
	struct result		*result;
	struct ask		 ask;
};

static struct dialogue *now;

/* --- the server --- */

static bool wait_for(struct dialogue *d, unsigned what)
{
	return fiber_wait_fd(d->fds[1], what, NULL) == 0;
}

static bool say(struct dialogue *d, const char *p, size_t n)
{
	while (n) {
		size_t most = d->how & HOW_CHUNKS ? 1 : n;
		ssize_t r = d->tls ? gnutls_record_send(d->tls, p, most) :
				     send(d->fds[1], p, most, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (d->tls ? r == GNUTLS_E_AGAIN : r < 0 && errno == EAGAIN) {
			if (!wait_for(d, FIBER_WRITE))
				return false;
			continue;
		}
		if (r <= 0 || (most < n && fiber_yield() < 0))
			return false;
		p += r;
		n -= (size_t)r;
	}
	return true;
}

/* Whatever the client says next. False at its end. */
static bool hear(struct dialogue *d)
{
	for (;;) {
		ssize_t r = d->tls ? gnutls_record_recv(d->tls, d->last, sizeof(d->last)) :
				     recv(d->fds[1], d->last, sizeof(d->last), MSG_DONTWAIT);

		assert(++d->turns < MOST_TURNS);
		d->n_last = r > 0 ? (size_t)r : 0;
		if (d->tls ? r != GNUTLS_E_AGAIN : r >= 0 || errno != EAGAIN)
			return r > 0;
		if (!wait_for(d, FIBER_READ))
			return false;
	}
}

static bool say_piece(struct dialogue *d, struct span piece)
{
	while (piece.len) {
		const char *echo = memchr(piece.p, ECHO, piece.len);
		size_t n = echo ? (size_t)(echo - piece.p) : piece.len;

		if (!say(d, piece.p, n) || (echo && !say(d, d->last, d->n_last)))
			return false;
		piece.p += n + (echo != NULL);
		piece.len -= n + (echo != NULL);
	}
	return true;
}

/* Made once: one that proves nothing. */
static gnutls_certificate_credentials_t credentials(void)
{
	static const struct recipe recipe = { .cn = "mail.example.com", .dns = "mail.example.com" };
	static gnutls_certificate_credentials_t made;
	static struct made leaf;
	const struct made *chain[] = { &leaf };

	if (!made) {
		made_new(&leaf, &recipe, NULL);
		made = made_credentials(chain, 1);
	}
	return made;
}

static bool secure(struct dialogue *d)
{
	int r;

	gnutls_init(&d->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK);
	gnutls_set_default_priority(d->tls);
	gnutls_credentials_set(d->tls, GNUTLS_CRD_CERTIFICATE, credentials());
	gnutls_transport_set_int(d->tls, d->fds[1]);
	while ((r = gnutls_handshake(d->tls)) == GNUTLS_E_AGAIN)
		if (!wait_for(d, gnutls_record_get_direction(d->tls) ? FIBER_WRITE : FIBER_READ))
			return false;
	return r >= 0;
}

/* Has the client just been told that TLS may begin? */
static bool due(const struct dialogue *d, struct span piece)
{
	return (d->how & HOW_TLS) && !d->tls && span_has_prefix_nocase(piece, "220") &&
	       d->n_last >= 8 && memcmp(d->last, "STARTTLS", 8) == 0;
}

static void serve(void *arg)
{
	struct dialogue *d = arg;
	struct span piece;
	bool good = !(d->how & HOW_TLS) || !(d->how & HOW_IMPLICIT) || secure(d);

	while (good && food_piece(&d->food, &piece)) {
		good = say_piece(d, piece);
		if (good && due(d, piece))
			good = secure(d);
		good = good && hear(d);
	}
	while (good && (d->how & HOW_UNHURRIED) && hear(d))
		;
	if (d->tls)
		gnutls_deinit(d->tls);
	d->tls = NULL;
	close(d->fds[1]);
}

/* --- the client --- */

static void close_session(void *s)
{
	smtp_close(s);
}

/* In the place of the check that dials: the connection is there already. */
static enum status connected(struct probe *p)
{
	struct reached where = peer_reached(now->fds[0]);
	bool tls = probe_implicit_tls(p);

	probe_fact_bool(p, "tcp.$.open", true);
	probe_fact(p, "tcp.$.state", "open");
	probe_fact(p, "tcp.$.peer", "192.0.2.25");
	probe_keep(p,
		   smtp_new(probe_net(p), probe_arena(p), probe_endpoint(p), probe_host(p), &where,
			    tls ? SMTP_IMPLICIT_TLS : SMTP_CLEAR),
		   close_session);
	now->fds[0] = -1;
	if (!tls)
		probe_fact_bool(p, "smtp.$.ready", true);
	return probe_pass(p, "it answers");
}

/* All checks but those that would dial, or look something up. */
static const struct check *const *checks_of(struct arena *a)
{
	static const char *const others[] = { "dns.*", "tenant.*", "tcp.control", "tls.version",
					      "relay.*", "graph.*", "direct-send*", "admin.*" };
	static struct check tcp;
	const struct check **list;
	size_t n = 0, kept = 0;

	while (all_checks[n])
		n++;
	list = arena_alloc(a, (n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		bool other = false;

		for (size_t k = 0; k < ARRAY_LEN(others); k++)
			other |= str_glob(others[k], all_checks[i]->id);
		if (other)
			continue;
		list[kept] = all_checks[i];
		if (str_eq(all_checks[i]->id, "tcp.$")) {
			tcp = *all_checks[i];
			tcp.needs = NULL;
			tcp.run = connected;
			list[kept] = &tcp;
		}
		kept++;
	}
	return list;
}

static void make_ask(struct dialogue *d)
{
	struct ask_port *port = arena_alloc(d->arena, sizeof(*port));

	*port = d->how & HOW_IMPLICIT ? (struct ask_port) { 465, true } :
		(struct ask_port) { d->how & HOW_DOMAIN ? 25 : 587, false };
	d->ask = (struct ask) {
		.input = "mail.example.com", .host = "mail.example.com",
		.domain = d->how & HOW_DOMAIN ? "example.com" : "", .address = "",
		.kind = d->how & HOW_DOMAIN ? TARGET_DOMAIN : TARGET_HOST, .ports = port,
		.n_ports = 1, .provider = "", .path = "",
		.via = "", .subject = "", .helo = "probe.example", .from = "boss@example.com",
		.to = "you@example.com",
		.user = "scan@example.com", .tenant = "", .auth = "", .allow_plaintext_auth = true,
		.allow_untrusted_auth = true,
		.redirected = true, .control_host = "", .timeout_ms = 2000, .max_time_ms = 60000,
		.data = d->how & HOW_DATA,
		.know = frame_know(),
	};
	if (d->how & HOW_TOKEN)
		d->ask.token = secret_new(TOKEN, strlen(TOKEN));
	else
		d->ask.password = secret_new(PASSWORD, strlen(PASSWORD));
	if (d->how & HOW_SENDERS) {
		strv_add(&d->ask.senders, d->arena, "one@example.com");
		strv_add(&d->ask.senders, d->arena, "two@example.com");
		strv_add(&d->ask.senders, d->arena, "j\xc3\xbcrgen@example.com");
	}
}

static int run(void *arg)
{
	struct dialogue *d = arg;
	struct net_options o = { .timeout_ms = 2000, .ca_file = "/dev/null" };
	const char *error = NULL;
	struct scope scope;

	/* Where something is dialled all the same, nothing listens. */
	strv_add(&o.connect_to, d->arena, "::127.0.0.1:1");
	make_ask(d);
	d->ask.net = net_new(d->arena, &o, &error);
	assert(d->ask.net);
	scope_begin(&scope);
	assert(fiber_spawn(&scope, "server", serve, d) == 0);
	d->result = schedule_run(d->arena, &d->ask, checks_of(d->arena));
	assert(d->fds[0] < 0);		/* the checks had it */
	scope_cancel(&scope);
	scope_join(&scope);
	net_free(d->ask.net);
	return 0;
}

/* --- what must hold --- */

static int to_text(FILE *to, void *arg)
{
	const struct report_style style = { .unicode = true, .verbose = true, .columns = 80 };

	return report_alone(to, "text", &style, REPORT_CHECK, arg);
}

static int to_json(FILE *to, void *arg)
{
	return report_alone(to, "json", &(struct report_style) { .columns = 80 },
			    REPORT_CHECK, arg);
}

static int to_line(FILE *to, void *arg)
{
	return report_alone(to, "ndjson", &(struct report_style) { .columns = 80 },
			    REPORT_CHECK, arg);
}

static void holds(struct dialogue *d)
{
	const char *secret = d->how & HOW_TOKEN ? TOKEN : PASSWORD;
	const struct result *r = d->result;
	const char *text = frame_printed(d->arena, to_text, d->result),
		*json = frame_printed(d->arena, to_json, d->result);

	frame_shown(text);
	frame_json(json, true);
	frame_json(frame_printed(d->arena, to_line, d->result), false);
	frame_hides(text, secret);
	frame_hides(json, secret);
	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];

		assert(o->status == STATUS_PASS || o->status == STATUS_SKIP || *o->summary);
		assert(!o->reply ||
		       (o->reply->lines >= 1 && o->reply->code >= 200 && o->reply->code <= 599));
	}
	/*
	 * One credential, once: LOGIN sends it in two lines, and a form that was not
	 * understood is repeated.
	 */
	for (size_t i = 0; i < r->n_transcripts; i++)
		assert(r->transcripts[i]->bytes <= LIMIT_TRANSCRIPT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dialogue d = { .food = food_of(data, size) };

	if (size > 256 * 1024)
		return 0;
	d.how = food_choice(&d.food, 256);
	d.arena = arena_new();
	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, d.fds) == 0);
	fiber_virtual_clock(true);
	now = &d;
	assert(fiber_run(run, &d) == 0);
	holds(&d);
	secret_free(d.ask.password);
	secret_free(d.ask.token);
	arena_free(d.arena);
	return 0;
}
