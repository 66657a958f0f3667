/*
 * t-dns - the resolver asked for real: over UDP and TCP on loopback, by a small server in another
 * fiber whose mood is told by the first label of the name. Real servers are asked in tests/peers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "net/dns.h"
#include "tests/unit/tap.h"

struct server {
	int		 udp, tcp;
	unsigned	 asked;			/* questions by UDP */
	unsigned	 asked_tcp;
	bool		 ad, edns;		/* of the last question */
	bool		 broken;		/* SERVFAIL to everything */
};

static size_t question_end(const unsigned char *p, size_t n)
{
	size_t at = 12;

	while (at < n && p[at])
		at += p[at] + 1u;
	return at + 5;
}

/* The answer, or 0 for silence. */
static size_t answer(struct server *s, const unsigned char *q, size_t n, bool tcp, unsigned char *a)
{
	static const unsigned char record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0,
						2, 1 };
	static const unsigned char record6[] = { 0xc0, 12, 0, 28, 0, 1, 0, 0, 1, 44, 0, 16, 0x20, 1,
						 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
	size_t end = question_end(q, n);
	const char *mood = (const char *)q + 13;
	unsigned type;

	if (end > n)
		return 0;
	type = q[end - 3];
	s->ad = q[3] & 0x20;
	s->edns = q[11] == 1;
	memcpy(a, q, end);
	a[2] = 0x81;
	a[3] = 0x80;
	a[6] = a[7] = a[8] = a[9] = a[10] = a[11] = 0;
	if (!strncmp(mood, "old", 3) && s->edns) {
		/* A server from before EDNS: FORMERR, and nothing additional (RFC 6891, 7). */
		a[3] |= 1;
		return end;
	}
	if (s->broken)
		a[3] |= 2;
	else if (!strncmp(mood, "nx", 2) || (type == 28 && !strncmp(mood, "onlyfour", 8)))
		a[3] |= 3;
	else if (!strncmp(mood, "servfail", 8))
		a[3] |= 2;
	else if (!strncmp(mood, "silent", 6) || (!strncmp(mood, "lost", 4) && s->asked < 2))
		return 0;
	else if (type == 1 && !strncmp(mood, "twice", 5)) {
		a[7] = 2;
		memcpy(a + end, record, sizeof(record));
		memcpy(a + end + sizeof(record), record, sizeof(record));
		return end + 2 * sizeof(record);
	} else if (!strncmp(mood, "empty", 5) || !strncmp(mood, "only", 4) || (type == 28 &&
		!strncmp(mood, "four", 4)))
		return end;
	else if (!strncmp(mood, "garbage", 7)) {
		a[7] = 9;
	} else if ((!strncmp(mood, "long", 4) && !tcp) || !strncmp(mood, "cut", 3)) {
		a[2] |= 2;
	} else {
		const unsigned char *r = type == 28 ? record6 : record;
		size_t len = type == 28 ? sizeof(record6) : sizeof(record);

		a[7] = 1;
		memcpy(a + end, r, len);
		return end + len;
	}
	return end;
}

static void serve_udp(void *arg)
{
	struct server *s = arg;
	unsigned char q[600], a[700];
	struct sockaddr_storage from;

	while (fiber_wait_fd(s->udp, FIBER_READ, NULL) == 0) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(s->udp, q, sizeof(q), 0, (struct sockaddr *)&from, &len);
		size_t m;

		if (n < 13)
			continue;
		s->asked++;
		m = answer(s, q, (size_t)n, false, a);
		if (m)
			sendto(s->udp, a, m, 0, (struct sockaddr *)&from, len);
	}
}

static void serve_tcp(void *arg)
{
	struct server *s = arg;

	while (fiber_wait_fd(s->tcp, FIBER_READ, NULL) == 0) {
		int fd = accept4(s->tcp, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		unsigned char q[600], a[700];
		ssize_t n = fd >= 0 && fiber_wait_fd(fd, FIBER_READ, NULL) == 0 ?
			    recv(fd, q, sizeof(q), 0) : -1;
		size_t m;

		if (n > 14) {
			s->asked_tcp++;
			m = answer(s, q + 2, (size_t)n - 2, true, a + 2);
			a[0] = (unsigned char)(m >> 8);
			a[1] = (unsigned char)m;
			ok(send(fd, a, m + 2, 0) == (ssize_t)m + 2, "an answer by TCP");
		}
		if (fd >= 0)
			close(fd);
	}
}

static bool open_once(struct server *s, unsigned *ret_port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t len = sizeof(sin);

	s->udp = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	s->tcp = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(s->udp, (struct sockaddr *)&sin, sizeof(sin)) < 0 ||
	    getsockname(s->udp, (struct sockaddr *)&sin, &len) < 0 ||
	    bind(s->tcp, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(s->tcp, 5) < 0)
		return false;
	*ret_port = ntohs(sin.sin_port);
	return true;
}

/* The port that UDP was given may be another's in TCP: then it is tried with the next. */
static bool server_open(struct server *s, unsigned *ret_port)
{
	for (int tries = 0; tries < 20; tries++) {
		if (open_once(s, ret_port))
			return true;
		close(s->udp);
		close(s->tcp);
	}
	return false;
}

static struct dns *resolver(struct arena *a, unsigned port, int64_t timeout_ms)
{
	const char *error = NULL;

	return dns_new(a, arena_printf(a, "127.0.0.1:%u", port), timeout_ms, &error);
}

static void test_words(struct dns *d, struct server *s)
{
	static const struct { const char *name, *status; bool tcp; } cases[] = {
		{ "ok.example", "ok", false },		{ "nx.example", "nxdomain", false },
		{ "empty.example", "nodata", false },
		{ "servfail.example", "servfail", false },
		{ "garbage.example", "bad-answer", false }, { "long.example", "ok", true },
		{ "not a name", "bad-name", false }, { "cut.example", "bad-answer", true },
	{ "OK.example.", "ok", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct dns_answer *r = dns_ask(d, cases[i].name, DNS_A);

		is_str(dns_status_name(r->status), cases[i].status, cases[i].name);
		ok(r->tcp == cases[i].tcp && (r->status == DNS_OK) == !r->why[0],
		   "... by UDP or TCP, with a reason unless good");
	}
	ok(s->ad && s->edns, "questions carry AD and EDNS");
	is_str(dns_ask(d, "ok.example", DNS_A)->records->address.text, "192.0.2.1", "the address");
	ok(dns_ask(d, "ok.example", DNS_A)->us > 0, "the time");
}

static void test_once(struct dns *d, struct server *s)
{
	unsigned before = s->asked;
	const struct dns_answer *r = dns_ask(d, "ok.example", DNS_A);

	ok(dns_ask(d, "OK.EXAMPLE.", DNS_A) == r && s->asked == before,
	   "a question is asked once a run");
}

static void test_addresses(struct dns *d, struct arena *a)
{
	struct dns_addresses r = dns_addresses(d, a, "ok.example", AF_UNSPEC);

	ok(r.status == DNS_OK && r.count == 2, "both families");
	is_str(r.list[0].text, "2001:db8::1", "IPv6 first");
	is_str(r.list[1].text, "192.0.2.1", "then IPv4");
	is_str(r.source, "dns", "from DNS");
	r = dns_addresses(d, a, "ok.example", AF_INET);
	ok(r.count == 1 && !r.aaaa, "-4 asks for no AAAA");
	r = dns_addresses(d, a, "four.example", AF_UNSPEC);
	ok(r.status == DNS_OK && r.count == 1, "no AAAA is no fault");
	r = dns_addresses(d, a, "twice.example", AF_INET);
	ok(r.a->count == 2 && r.count == 1, "an address that stands there twice is dialled once");
	r = dns_addresses(d, a, "nx.example", AF_UNSPEC);
	is_str(dns_status_name(r.status), "nxdomain", "no such name in either");
	r = dns_addresses(d, a, "empty.example", AF_UNSPEC);
	is_str(dns_status_name(r.status), "nodata", "a name without addresses");
	r = dns_addresses(d, a, "onlyfour.example", AF_UNSPEC);
	is_str(dns_status_name(r.status), "nodata", "a name denied in one family only exists");
	r = dns_addresses(d, a, "192.0.2.7", AF_UNSPEC);
	ok(r.status == DNS_OK && r.count == 1 && !strcmp(r.source, "literal"),
	   "a literal address is its own answer");
	r = dns_addresses(d, a, "localhost", AF_INET6);
	ok(r.count == 1 && !strcmp(r.list[0].text, "::1"), "localhost is the loopback");
}

/* A resolver from before EDNS answers the first question and all the others. */
static void test_old(struct arena *a, unsigned port)
{
	struct dns *d = resolver(a, port, 5000);

	is_str(dns_status_name(dns_ask(d, "old1.example", DNS_A)->status), "ok",
	       "a server that does not know EDNS");
	is_str(dns_status_name(dns_ask(d, "old2.example", DNS_A)->status), "ok",
	       "... is asked without from then on");
	is_str(dns_status_name(dns_ask(d, "old3.example", DNS_A)->status), "ok", "... at least");
	dns_free(d);
}

/* The server says nothing to the first try. */
static void test_lost(struct arena *a, unsigned port, struct server *s)
{
	struct dns *d = resolver(a, port, 700);

	s->asked = 0;
	is_str(dns_status_name(dns_ask(d, "lost.example", DNS_A)->status), "ok",
	       "a lost question is repeated");
	ok(s->asked == 2, "... once");
	dns_free(d);
}

static void test_silent(struct arena *a, unsigned port)
{
	struct dns *d = resolver(a, port, 400);
	const struct dns_answer *r = dns_ask(d, "silent.example", DNS_A);

	is_str(dns_status_name(r->status), "timeout", "a resolver that does not answer");
	dns_free(d);
}

/* A port that nobody listens on, now. */
static unsigned dead_port(void)
{
	struct server s = { .udp = -1, .tcp = -1 };
	unsigned port = 0;

	server_open(&s, &port);
	close(s.udp);
	close(s.tcp);
	return port;
}

static void test_nobody(struct arena *a)
{
	struct dns *d = resolver(a, dead_port(), 700);

	is_str(dns_status_name(dns_ask(d, "ok.example", DNS_A)->status), "timeout",
	       "nothing answers there");
	dns_free(d);
}

/* Two resolvers in a row; each port as a number, 0 = one that nobody listens on. */
static struct dns *two_resolvers(struct arena *a, unsigned first, unsigned second)
{
	const char *error = NULL;

	return dns_new(a, arena_printf(a, "127.0.0.1:%u,127.0.0.1:%u", first, second), 1400,
		       &error);
}

/* A resolver that takes questions and answers none; *ret_port is its own. */
static int mute_resolver(unsigned *ret_port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		abort();
	*ret_port = ntohs(at.sin_port);
	return fd;
}

/* The questions that came since it was last asked. */
static int questions(int fd)
{
	char packet[512];
	int n = 0;

	while (recv(fd, packet, sizeof(packet), 0) > 0)
		n++;
	return n;
}

static void test_second(struct arena *a, unsigned port, struct server *s, unsigned broken_port)
{
	unsigned mute_port;
	int mute = mute_resolver(&mute_port);
	struct dns *d = two_resolvers(a, mute_port, port);
	const struct dns_answer *r = dns_ask(d, "ok.example", DNS_A);

	ok(r->status == DNS_OK && str_eq(r->server, arena_printf(a, "127.0.0.1:%u", port)),
	   "the second resolver answers when the first is dead");
	ok(questions(mute) > 0, "... which was asked first");
	r = dns_ask(d, "four.example", DNS_A);
	ok(r->status == DNS_OK && questions(mute) == 0, "... and is asked first from then on");
	close(mute);
	dns_free(d);

	d = two_resolvers(a, broken_port, port);
	is_str(dns_status_name(dns_ask(d, "ok.example", DNS_A)->status), "ok",
	       "SERVFAIL of the first is not the last word");
	is_str(dns_status_name(dns_ask(d, "nx.example", DNS_A)->status), "nxdomain",
	       "the second one's NXDOMAIN is");
	dns_free(d);

	d = two_resolvers(a, broken_port, dead_port());
	is_str(dns_status_name(dns_ask(d, "ok.example", DNS_A)->status), "servfail",
	       "what one said counts more than the other's silence");
	dns_free(d);

	d = two_resolvers(a, port, broken_port);
	s->asked = 0;
	is_str(dns_status_name(dns_ask(d, "nx.example", DNS_A)->status), "nxdomain",
	       "the first one's NXDOMAIN is enough");
	ok(s->asked == 1, "... asked once");
	dns_free(d);
}

struct asker { struct dns *dns; const struct dns_answer *r; };

static void ask_silent(void *arg)
{
	struct asker *q = arg;

	q->r = dns_ask(q->dns, "silent.example", DNS_A);
}

/*
 * One of two who wait for the same answer is cancelled, then both; then the question
 * may be asked again.
 */
static void test_cancelled(struct arena *a, unsigned port)
{
	struct dns *d = resolver(a, port, 60000);
	struct asker one = { .dns = d }, two = { .dns = d };
	struct scope s, t;

	scope_begin(&s);
	scope_begin(&t);
	fiber_spawn(&s, "one", ask_silent, &one);
	fiber_spawn(&t, "two", ask_silent, &two);
	fiber_sleep(20);
	scope_cancel(&t);
	scope_join(&t);
	ok(two.r && two.r->status == DNS_LOCAL && !one.r,
	   "a cancelled look-up is our side, and harms no other");
	scope_cancel(&s);
	scope_join(&s);
	ok(one.r && one.r->status == DNS_LOCAL, "the other one is cancelled, too");
	is_str(dns_status_name(dns_ask(d, "ok.example", DNS_A)->status), "ok",
	       "the resolver can still be asked");
	dns_free(d);
}

static int run(void *arg)
{
	struct arena *a = arg;
	struct server s = { .udp = -1 }, broken = { .udp = -1, .broken = true };
	struct dns *d;
	struct scope scope;
	unsigned port = 0, broken_port = 0;

	if (!ok(server_open(&s, &port) && server_open(&broken, &broken_port),
		"two servers on loopback"))
		return 1;
	scope_begin(&scope);
	fiber_spawn(&scope, "udp", serve_udp, &s);
	fiber_spawn(&scope, "tcp", serve_tcp, &s);
	fiber_spawn(&scope, "broken", serve_udp, &broken);
	d = resolver(a, port, 5000);
	test_words(d, &s);
	test_once(d, &s);
	test_addresses(d, a);
	test_old(a, port);
	test_lost(a, port, &s);
	test_silent(a, port);
	test_nobody(a);
	test_second(a, port, &s, broken_port);
	test_cancelled(a, port);
	dns_free(d);
	scope_cancel(&scope);
	scope_join(&scope);
	close(s.udp);
	close(s.tcp);
	close(broken.udp);
	close(broken.tcp);
	return 0;
}

int main(void)
{
	struct arena *a = arena_new();

	is_int(fiber_run(run, a), 0, "the loop ends");
	arena_free(a);
	return tap_done();
}
