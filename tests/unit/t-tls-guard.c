/*
 * t-tls-guard - a server's key is looked at before anything is computed with it: at the edge of
 * each limit, in a first flight of TLS 1.2 that nobody holds a key for, and further up in a chain,
 * in TLS 1.2 and 1.3.
 */
#include <assert.h>
#include <errno.h>
#include <gnutls/abstract.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "net/net.h"
#include "net/tls.h"
#include "tests/unit/big-key.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

enum { MOST = 256 * 1024, RECORD = 16 * 1024 };

/* --- a first flight of TLS 1.2 (RFC 5246, 7.3) --- */

static void message(struct buf *to, char type, const struct buf *body)
{
	buf_addc(to, type);
	big_endian(to, body->len, 3);
	buf_add(to, body->data, body->len);
}

static void server_hello(struct buf *to, const char *suite)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MOST);

	BYTES(&b, "\x03\x03");
	big_number(&b, 256);
	buf_addc(&b, '\0');
	buf_add(&b, suite, 2);
	BYTES(&b, "\x00" "\x00\x09" "\xff\x01\x00\x01\x00" "\x00\x17\x00\x00");
	message(to, 2, &b);
}

static void chain(struct buf *to, size_t modulus, size_t exponent)
{
	_cleanup_(buf_release) struct buf der = BUF_INIT(MOST), b = BUF_INIT(MOST);

	big_certificate(&der, modulus, exponent);
	big_endian(&b, der.len + 3, 3);
	big_endian(&b, der.len, 3);
	buf_add(&b, der.data, der.len);
	message(to, 11, &b);
}

/* Parameters, and a signature with RSA and SHA-256 as long as the modulus. */
static void key_exchange(struct buf *to, size_t modulus, size_t prime)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MOST), none = BUF_INIT(MOST);

	if (prime) {
		big_endian(&b, (prime + 7) / 8, 2);
		big_number(&b, prime);
		BYTES(&b, "\x00\x01\x02");
		big_endian(&b, (prime + 7) / 8, 2);
		big_number(&b, prime - 1);
	} else {
		BYTES(&b, "\x03\x00\x1d\x20");
		big_number(&b, 256);
	}
	BYTES(&b, "\x04\x01");
	big_endian(&b, (modulus + 7) / 8, 2);
	big_number(&b, modulus - 1);
	for (size_t missing = (modulus + 7) / 8 - (modulus - 1 + 7) / 8; missing; missing--)
		buf_addc(&b, '\1');
	message(to, 12, &b);
	message(to, 14, &none);
}

static void flight(struct buf *to, size_t modulus, size_t exponent, size_t prime)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MOST);

	server_hello(&b, prime ? "\x00\x9e" : "\xc0\x2f");
	chain(&b, modulus, exponent);
	key_exchange(&b, modulus, prime);
	for (size_t at = 0; at < b.len; at += RECORD) {
		size_t n = b.len - at < RECORD ? b.len - at : RECORD;

		BYTES(to, "\x16\x03\x03");
		big_endian(to, n, 2);
		buf_add(to, b.data + at, n);
	}
	assert(!b.overflow && !to->overflow);
}

/* --- a server that sends it before it has heard anything --- */

struct run {
	struct buf		 flight;	/* empty = peer serves */
	struct peer		 peer;
	int			 client_fd;
	struct arena		*arena;
	struct tls_failure	 why;
	bool			 connected;
};

static void blurts(void *arg)
{
	struct run *r = arg;
	char sink[2048];

	for (size_t at = 0; at < r->flight.len;) {
		ssize_t n = send(r->peer.fd, r->flight.data + at, r->flight.len - at, MSG_NOSIGNAL);

		if (n > 0)
			at += (size_t)n;
		else if (errno != EAGAIN || fiber_wait_fd(r->peer.fd, FIBER_WRITE, NULL) < 0)
			break;
	}
	while (fiber_wait_fd(r->peer.fd, FIBER_READ, NULL) == 0 &&
	       recv(r->peer.fd, sink, sizeof(sink), 0) > 0)
		;
	close(r->peer.fd);
}

static void serves(void *arg)
{
	struct run *r = arg;

	peer_run(&r->peer);
}

static int conversation(void *arg)
{
	struct run *r = arg;
	struct net_options o = { .timeout_ms = 60000 };
	struct tls_ask ask = { .name = "mx.example", .no_verify = true };
	const char *error = NULL;
	_cleanup_(net_freep) struct net *net = net_new(r->arena, &o, &error);
	struct scope scope;
	struct tls *t;

	scope_begin(&scope);
	fiber_spawn(&scope, "peer", r->flight.len ? blurts : serves, r);
	t = tls_connect(net, r->arena, r->client_fd, &ask, &r->why);
	r->connected = t != NULL;
	tls_free(t);
	close(r->client_fd);
	scope_join(&scope);
	return 0;
}

static struct run *run_begin(void)
{
	struct run *r = xcalloc(1, sizeof(*r));
	int fds[2];

	peer_sockets(fds);
	r->flight = (struct buf)BUF_INIT(MOST);
	r->arena = arena_new();
	r->client_fd = fds[0];
	r->why.text = "";
	r->peer.fd = fds[1];
	r->peer.cut_at = PEER_NO_CUT;
	return r;
}

static void run_end(struct run *r)
{
	buf_release(&r->flight);
	arena_free(r->arena);
	free(r);
}

static void one_flight(size_t modulus, size_t exponent, size_t prime, const char *words)
{
	struct run *r = run_begin();

	flight(&r->flight, modulus, exponent, prime);
	fiber_run(conversation, r);
	printf("# RSA %zu, exponent %zu, prime %zu\n", modulus, exponent, prime);
	ok(!r->connected, "no handshake without a key");
	is_int(r->why.too_large, words != NULL,
	       words ? "refused for its size" : "not refused for its size");
	is_str(r->why.text,
	       words ?:
	       "the server's signature is wrong: it does not hold the key of its certificate",
	       "what is said");
	ok(!r->why.local && !r->why.closed && !r->why.timeout, "it is the server's fault");
	run_end(r);
}

static void flights(void)
{
	const size_t long_exponent = LIMIT_RSA_EXPONENT + 1;

	one_flight(USUAL_MODULUS, PLAIN_EXPONENT, 0, NULL);
	one_flight(LIMIT_RSA_BITS, PLAIN_EXPONENT, 0, NULL);
	one_flight(LIMIT_RSA_BITS + 1, PLAIN_EXPONENT, 0,
		   "the server uses an RSA key of 16385 bits (at most 16384 are accepted)");
	one_flight(131072, 131072, 0,
		   "the server uses an RSA key of 131072 bits (at most 16384 are accepted)");
	one_flight(USUAL_MODULUS, LIMIT_RSA_EXPONENT, 0, NULL);
	one_flight(USUAL_MODULUS, long_exponent, 0, "the server uses an RSA key with a public "
		   "exponent of 65 bits (at most 64 are accepted)");
	one_flight(USUAL_MODULUS, PLAIN_EXPONENT, LIMIT_DH_BITS, NULL);
	one_flight(USUAL_MODULUS, PLAIN_EXPONENT, LIMIT_DH_BITS + 1,
		   "the server uses a Diffie-Hellman prime of 8193 bits (at most 8192 are "
		   "accepted)");
}

/* --- further up in the chain of a server that does hold its own key --- */

static void in_chain(const struct made *leaf, const char *priority, size_t modulus, bool refused)
{
	struct made upper = { NULL, NULL };
	const struct made *sent[] = { leaf, &upper };
	struct run *r;

	upper.crt = big_crt(modulus, PLAIN_EXPONENT);
	r = run_begin();
	r->peer.script = (const char *const[]) { "tls", "close", NULL };
	r->peer.priority = priority;
	r->peer.credentials = made_credentials(sent, 2);
	fiber_run(conversation, r);
	printf("# %s, RSA %zu in the second certificate\n", priority, modulus);
	is_int(r->connected, !refused, refused ? "refused" : "accepted");
	is_int(r->why.too_large, refused, "for its size");
	gnutls_certificate_free_credentials(r->peer.credentials);
	gnutls_x509_crt_deinit(upper.crt);
	run_end(r);
}

int main(void)
{
	static const char *const versions[] = { "NORMAL:-VERS-ALL:+VERS-TLS1.2",
						"NORMAL:-VERS-ALL:+VERS-TLS1.3" };
	struct made leaf;

	flights();
	gnutls_global_init();
	made_new(&leaf, &(struct recipe) { .cn = "mx", .dns = "mx.example" }, NULL);
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		in_chain(&leaf, versions[i], LIMIT_RSA_BITS, false);
		in_chain(&leaf, versions[i], LIMIT_RSA_BITS + 1, true);
	}
	made_free(&leaf);
	return tap_done();
}
