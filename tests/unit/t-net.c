/*
 * t-net - options, addresses, redirections, and the reasons for not getting there, on loopback.
 */
#include <errno.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "net/net.h"
#include "tests/unit/tap.h"

/* --- without a network --- */

static const struct { const char *text; bool good, private; } addresses[] = {
	{ "192.0.2.1", true, false },		{ "203.0.113.7", true, false },
	{ "10.1.2.3", true, true },
	{ "172.16.0.1", true, true },		{ "172.32.0.1", true, false },
	{ "192.168.1.1", true, true },
	{ "169.254.1.1", true, true },		{ "100.64.0.1", true, true },
	{ "100.128.0.1", true, false },
	{ "127.0.0.1", true, true },		{ "0.0.0.0", true, true },
	{ "2001:db8::1", true, false },
	{ "[2001:db8::1]", true, false },	{ "::1", true, true },
	{ "fe80::1", true, true },
	{ "fd00::1", true, true },		{ "fc00::1", true, true },
	{ "fe00::1", true, false },
	{ "::ffff:10.0.0.1", true, true },	{ "::ffff:192.0.2.1", true, false },
	{ "::", true, true },
	{ "192.0.2", false, false },		{ "192.0.2.256", false, false },
	{ "mx.example", false, false },
	{ "", false, false },			{ "[", false, false },
	{ "[]", false, false },
	{ "2001:db8::1%eth0", false, false },	{ "192.0.2.1 ", false, false },
	{ "2001:db8::1::2", false, false },
};

static void test_addresses(void)
{
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct net_address got = { .len = 0 };
		bool good = net_address_parse(addresses[i].text, &got);

		ok(good == addresses[i].good &&
		   (!good || net_address_private(&got) == addresses[i].private),
		   addresses[i].text);
	}
}

static const struct { const char *rule, *host; unsigned port; const char *want; } redirects[] = {
	{ "smtp.example:587:127.0.0.1:5870", "smtp.example", 587, "127.0.0.1 5870" },
	{ "smtp.example:587:127.0.0.1:5870", "SMTP.Example.", 587, "127.0.0.1 5870" },
	{ "smtp.example:587:127.0.0.1:5870", "smtp.example", 25, NULL },
	{ "smtp.example:587:127.0.0.1:5870", "smtp.example.com", 587, NULL },
	{ "smtp.example:587:127.0.0.1:5870", "smtp.exampl", 587, NULL },
	{ ":587:127.0.0.1:5870", "any.example", 587, "127.0.0.1 5870" },
	{ "smtp.example::127.0.0.1:", "smtp.example", 465, "127.0.0.1 465" },
	{ "::127.0.0.1:5870", "any.example", 1, "127.0.0.1 5870" },
	{ "smtp.example:25:[::1]:2525", "smtp.example", 25, "::1 2525" },
	{ "[2001:db8::1]:25:[::1]:2525", "2001:db8::1", 25, "::1 2525" },
	{ "smtp.example:25:::1:2525", NULL, 0, NULL },
	{ "smtp.example:25:mx.example:25", NULL, 0, NULL },
	{ "smtp.example:25", NULL, 0, NULL },
	{ "smtp.example:70000:127.0.0.1:1", NULL, 0, NULL },
	{ "smtp.example:0:127.0.0.1:1", NULL, 0, NULL },
	{ "smtp.example:25:127.0.0.1:25:9", NULL, 0, NULL },
	{ "", NULL, 0, NULL },
};

static void test_redirects(void)
{
	for (size_t i = 0; i < ARRAY_LEN(redirects); i++) {
		struct arena *a = arena_new();
		struct net_options o = { .family = AF_UNSPEC };
		const char *error = NULL, *got = NULL;
		struct net_address to;
		struct net *n;
		unsigned port;

		strv_add(&o.connect_to, a, redirects[i].rule);
		n = net_new(a, &o, &error);
		if (redirects[i].host && n &&
		    net_connect_to(n, redirects[i].host, redirects[i].port, &to, &port))
			got = arena_printf(a, "%s %u", to.text, port);
		is_str(got, redirects[i].want, redirects[i].rule);
		ok(!n == !redirects[i].host && !n == !!error,
		   "... is taken or refused with a reason");
		net_free(n);
		arena_free(a);
	}
}

static const struct { const char *what; struct net_options o; const char *error; } options[] = {
	{ "nothing", { .family = AF_UNSPEC }, NULL },
	{ "a resolver", { .resolver = "192.0.2.53" }, NULL },
	{ "a resolver with its port", { .resolver = "192.0.2.53:5353" }, NULL },
	{ "an IPv6 resolver", { .resolver = "2001:db8::53" }, NULL },
	{ "an IPv6 resolver with its port", { .resolver = "[2001:db8::53]:5353" }, NULL },
	{ "two resolvers", { .resolver = "192.0.2.53,2001:db8::53" }, NULL },
	{ "five resolvers", { .resolver = "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4,192.0.2.5" },
	  "--resolver" },
	{ "a good resolver and a bad one", { .resolver = "192.0.2.53,dns.example" }, "--resolver" },
	{ "a resolver's name", { .resolver = "dns.example" }, "--resolver" },
	{ "a resolver's wrong port", { .resolver = "192.0.2.53:0" }, "--resolver" },
	{ "no resolver", { .resolver = "" }, "--resolver" },
	{ "a source", { .source = "127.0.0.1", .family = AF_INET }, NULL },
	{ "a source that is another machine's", { .source = "192.0.2.1", .family = AF_INET },
	  "--source" },
	{ "a source that is none", { .source = "eth0" }, "--source" },
	{ "a source of the other family", { .source = "127.0.0.1", .family = AF_INET6 },
	  "--source" },
};

static void test_options(void)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		struct arena *a = arena_new();
		const char *error = NULL;
		struct net *n = net_new(a, &options[i].o, &error);

		ok(!n == !!options[i].error && (n || str_has_prefix(error, options[i].error)),
		   options[i].what);
		if (n)
			ok(net_timeout(n) == 15000, "... 15 s a step unless told");
		net_free(n);
		arena_free(a);
	}
}

/* --- with one --- */

struct here {
	struct arena	*arena;
	struct net	*net;
	struct net_address loopback;
};

/* A bound socket, listening or not; its port. A backlog below 0 does not listen. */
static int bound(const char *address, int backlog, unsigned *ret_port)
{
	struct net_address at;
	socklen_t len = sizeof(at.sa);
	int fd;

	if (!net_address_parse(address, &at))
		return -1;
	fd = socket(net_address_family(&at), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at.sa, at.len) < 0 ||
	    (backlog >= 0 && listen(fd, backlog) < 0) ||
	    getsockname(fd, (struct sockaddr *)&at.sa, &len) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*ret_port = ntohs(net_address_family(&at) == AF_INET ?
			  ((struct sockaddr_in *)&at.sa)->sin_port :
			  ((struct sockaddr_in6 *)&at.sa)->sin6_port);
	return fd;
}

static void test_open_and_refused(const struct here *h)
{
	struct reached r;
	unsigned port;
	int fd = bound("127.0.0.1", 5, &port);

	net_dial(h->net, &h->loopback, port, 1000, &r);
	is_str(reach_name(r.reach), "open", "a listening port is open");
	ok(r.fd >= 0 && r.us > 0 && r.us < 500000 && r.port == port,
	   "... with its socket and its time");
	close(r.fd);
	close(fd);

	fd = bound("127.0.0.1", -1, &port);
	net_dial(h->net, &h->loopback, port, 1000, &r);
	is_str(reach_name(r.reach), "refused", "a port nobody listens on is refused");
	ok(r.fd == -1 && r.err == ECONNREFUSED, "... with its errno and no socket");
	close(fd);
}

/* With a full queue the kernel drops further SYNs: nobody answers. */
static void test_filtered(const struct here *h)
{
	static struct reached r, fill[2];
	unsigned port;
	int fd = bound("127.0.0.1", 0, &port);

	for (size_t i = 0; i < ARRAY_LEN(fill); i++)
		net_dial(h->net, &h->loopback, port, 100, &fill[i]);
	net_dial(h->net, &h->loopback, port, 200, &r);
	is_str(reach_name(r.reach), "filtered", "a port that does not answer is filtered");
	ok(r.us >= 190000 && r.us < 2000000, "... after the time given");
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(100);

		net_dial(h->net, &h->loopback, port, 10000, &r);
		is_str(reach_name(r.reach), "cancelled",
		       "the whole run's deadline says nothing about the port");
	}
	for (size_t i = 0; i < ARRAY_LEN(fill); i++)
		if (fill[i].fd >= 0)
			close(fill[i].fd);
	close(fd);
}

/*
 * Without a descriptor left nothing was asked of the network: that must never be told as a
 * fault of the target.
 */
static void test_local(const struct here *h)
{
	struct rlimit before, none;
	struct reached r;

	getrlimit(RLIMIT_NOFILE, &before);
	none = before;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	net_dial(h->net, &h->loopback, 1, 1000, &r);
	setrlimit(RLIMIT_NOFILE, &before);
	is_str(reach_name(r.reach), "local", "no descriptor left is our side");
	is_int(r.fd, -1, "... and there is no socket");
}

static void test_map(const struct here *h)
{
	struct net_address shown;
	struct reached r;
	unsigned port;
	int fd = bound("127.0.0.1", 5, &port);

	net_address_parse("192.0.2.1", &shown);
	net_map(h->net, &shown, 25, &h->loopback, port);
	net_dial(h->net, &shown, 25, 1000, &r);
	is_str(reach_name(r.reach), "open", "the lab's map leads elsewhere");
	is_str(r.address.text, "192.0.2.1", "... and shows the address asked for");
	close(r.fd);
	close(fd);
}

static void test_all(const struct here *h)
{
	static struct net_address to[3];
	static struct reached r[3];
	unsigned port, open = 0;
	int fd = bound("127.0.0.2", 5, &port);

	for (size_t i = 0; i < ARRAY_LEN(to); i++)
		net_address_parse((const char *[]) { "127.0.0.1", "127.0.0.2", "127.0.0.3" }[i],
				  &to[i]);
	net_dial_all(h->net, to, 3, port, 1000, true, r);
	is_str(reach_name(r[0].reach), "refused", "the first of three is refused");
	is_str(reach_name(r[1].reach), "open", "the second is open");
	is_str(r[2].address.text, "127.0.0.3", "each answer stands in its place");
	for (size_t i = 0; i < ARRAY_LEN(r); i++)
		open += r[i].fd >= 0;
	ok(open == 1 && r[1].fd >= 0, "the open one's socket is kept");
	close(r[1].fd);
	net_dial_all(h->net, to, 3, port, 1000, false, r);
	ok(r[1].reach == REACH_OPEN && r[1].fd == -1, "... or closed when it isn't wanted");
	net_dial_all(h->net, to, 0, port, 1000, true, r);
	ok(true, "no address, nothing to wait for");
	close(fd);
}

static void test_keep_order(const struct here *h)
{
	static struct net_address to[2];
	static struct reached r[2];
	unsigned port;
	int fd = bound("0.0.0.0", 5, &port);

	net_address_parse("127.0.0.5", &to[0]);
	net_address_parse("127.0.0.4", &to[1]);
	net_dial_all(h->net, to, 2, port, 1000, true, r);
	ok(r[0].fd >= 0 && r[1].fd == -1 && r[1].reach == REACH_OPEN,
	   "of two open ones the list's first is kept");
	close(r[0].fd);
	close(fd);
}

struct late { const struct here *h; struct reached r; unsigned port; };

static void dial_late(void *arg)
{
	struct late *l = arg;

	net_dial_all(l->h->net, &l->h->loopback, 1, l->port, 10000, true, &l->r);
}

static void test_cancelled(const struct here *h)
{
	static struct reached fill[2];
	struct late l = { .h = h };
	int fd = bound("127.0.0.1", 0, &l.port);
	int64_t start = clock_ms();
	struct scope s;

	for (size_t i = 0; i < ARRAY_LEN(fill); i++)
		net_dial(h->net, &h->loopback, l.port, 100, &fill[i]);
	scope_begin(&s);
	fiber_spawn(&s, "late", dial_late, &l);
	fiber_sleep(50);
	scope_cancel(&s);
	scope_join(&s);
	is_str(reach_name(l.r.reach), "cancelled", "a cancelled dial is no word about the port");
	ok(clock_ms() - start < 2000, "... and ends at once");
	for (size_t i = 0; i < ARRAY_LEN(fill); i++)
		if (fill[i].fd >= 0)
			close(fill[i].fd);
	close(fd);
}

static int network(void *arg)
{
	struct here h = { .arena = arg };
	struct net_options o = { .family = AF_UNSPEC };
	const char *error;

	h.net = net_new(h.arena, &o, &error);
	net_address_parse("127.0.0.1", &h.loopback);
	test_open_and_refused(&h);
	test_filtered(&h);
	test_local(&h);
	test_map(&h);
	test_all(&h);
	test_keep_order(&h);
	test_cancelled(&h);
	net_free(h.net);
	return 0;
}

int main(void)
{
	struct arena *a = arena_new();

	test_addresses();
	test_redirects();
	test_options();
	is_int(fiber_run(network, a), 0, "the loop ends");
	arena_free(a);
	return tap_done();
}
