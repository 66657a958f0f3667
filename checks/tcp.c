/*
 * tcp - does the port answer, at every address?
 *
 *	SYN to all addresses at once; the first that opens is kept for the conversation
 *
 * Refused, filtered, unreachable, prohibited and "no route from here" are different findings: they
 * have different owners. What other ports and hosts do from here is asked in tcp-control.c.
 */
#include "check/check.h"
#include "base/limits.h"
#include "know/know.h"
#include "net/net.h"
#include "proto/smtp.h"

/* How the addresses of one family, or all, are. */
struct tally {
	unsigned	by[REACH_CANCELLED + 1];
	unsigned	n;
};

static void count(struct tally *t, const struct reached *r, size_t n, int family)
{
	for (size_t i = 0; i < n; i++) {
		if (family != AF_UNSPEC && net_address_family(&r[i].address) != family)
			continue;
		t->by[r[i].reach]++;
		t->n++;
	}
}

/*
 * The one state, or "mixed"; "" when there is no address. Addresses we have no route to don't count
 * beside others.
 */
static const char *state_of(const struct tally *t)
{
	const char *state = "";
	unsigned ours = t->by[REACH_NO_ROUTE];

	for (size_t i = 0; i < ARRAY_LEN(t->by); i++) {
		if (!t->by[i] || (i == REACH_NO_ROUTE && ours < t->n))
			continue;
		state = *state ? "mixed" : reach_name((enum reach)i);
	}
	return state;
}

static size_t targets(struct probe *p, struct net_address *ret, unsigned *ret_port)
{
	struct strv list = { NULL, 0, 0 };
	size_t n = 0;

	*ret_port = probe_port(p);
	if (net_connect_to(probe_net(p), probe_host(p), probe_port(p), &ret[0], ret_port))
		return 1;
	strv_split(&list, probe_arena(p), probe_get(p, "dns.address.list"), ' ');
	for (size_t i = 0; i < list.n && n < LIMIT_ADDRESSES; i++)
		n += net_address_parse(list.v[i], &ret[n]);
	return n;
}

static void reach_facts(struct probe *p, const struct reached *r, size_t n)
{
	struct tally all = { .n = 0 }, v4 = { .n = 0 }, v6 = { .n = 0 };
	int64_t best = -1;

	count(&all, r, n, AF_UNSPEC);
	count(&v4, r, n, AF_INET);
	count(&v6, r, n, AF_INET6);
	for (size_t i = 0; i < n; i++) {
		probe_fact(p, arena_printf(probe_arena(p), "tcp.$.address.%s", r[i].address.text),
			   "%s", reach_name(r[i].reach));
		if (r[i].reach == REACH_OPEN && (best < 0 || r[i].us < best))
			best = r[i].us;
	}
	probe_fact(p, "tcp.$.state", "%s", state_of(&all));
	if (v4.n)
		probe_fact(p, "tcp.$.v4.state", "%s", state_of(&v4));
	if (v6.n)
		probe_fact(p, "tcp.$.v6.state", "%s", state_of(&v6));
	probe_fact_bool(p, "tcp.$.open", best >= 0);
	if (best >= 0) {
		probe_fact_number(p, "tcp.$.ms", best / 1000);
		probe_time(p, "connect", best);
	}
}

static void close_session(void *s)
{
	smtp_close(s);
}

/* Makes the conversation of the connection that was kept. */
static void keep(struct probe *p, const struct reached *r, size_t n)
{
	bool tls = probe_implicit_tls(p);

	for (size_t i = 0; i < n; i++) {
		if (r[i].fd < 0)
			continue;
		probe_fact(p, "tcp.$.peer", "%s", r[i].address.text);
		probe_keep(p, smtp_new(probe_net(p), probe_arena(p), probe_endpoint(p),
				       probe_host(p), &r[i], tls ? SMTP_IMPLICIT_TLS : SMTP_CLEAR),
			   close_session);
		if (!tls)
			probe_fact_bool(p, "smtp.$.ready", true);
		return;
	}
}

/* Does the provider serve the port at all, in the way of sending that is used or in any other? */
static bool offered(struct probe *p)
{
	const struct know *k = probe_ask(p)->know;
	const char *id = probe_get(p, "target.provider");
	const struct provider *row;
	bool listed = false;

	for (size_t i = 0; k && *id && (row = know_provider_at(k, i)); i++) {
		if (!str_eq(row->id, id) || !row->n_ports)
			continue;
		listed = true;
		for (size_t j = 0; j < row->n_ports; j++)
			if (row->ports[j].port == probe_port(p))
				return true;
	}
	return !listed;
}

/*
 * The addresses that are so: "192.0.2.1", "both addresses", "all 4 addresses", "2 of 4 addresses".
 */
static const char *these(struct probe *p, const struct tally *t, enum reach which,
			 const char *first)
{
	if (t->n == 1)
		return first;
	if (t->n == 2 && t->by[which] == 2)
		return "both addresses";
	return t->by[which] == t->n ? arena_printf(probe_arena(p), "all %u addresses", t->n) :
	       arena_printf(probe_arena(p), "%u of %u addresses", t->by[which], t->n);
}

static enum status none_open(struct probe *p, const struct tally *t, const char *first)
{
	const char *any = t->n == 1 ? first :
			  arena_printf(probe_arena(p), "any of %u addresses", t->n);
	unsigned others = t->n - t->by[REACH_NO_ROUTE];

	if (t->by[REACH_CANCELLED] == t->n)
		return probe_unknown(p, "", "interrupted");
	if (t->by[REACH_LOCAL])
		return probe_unknown(p, "tcp.local", "this machine can't open a connection "
				     "(--source, or too many open files)");
	if (!others)
		return probe_unknown(p, "tcp.no-route", "this machine has no route to %s", any);
	if (!offered(p))
		return probe_fail(p, "tcp.not-offered", "%s does not serve port %u%s",
				  probe_get(p, "target.provider-name"), probe_port(p),
				  t->by[REACH_REFUSED] ? "; it is refused" : "");
	if (t->by[REACH_REFUSED])
		return probe_fail(p, "tcp.refused", "the connection to %s is refused: nothing "
				  "listens there, or a firewall resets it",
				  these(p, t, REACH_REFUSED, first));
	if (t->by[REACH_PROHIBITED])
		return probe_fail(p, "tcp.prohibited", "a firewall forbids the connection to %s",
				  these(p, t, REACH_PROHIBITED, first));
	if (t->by[REACH_RESET])
		return probe_fail(p, "tcp.reset", "the connection to %s is taken and reset at once",
				  these(p, t, REACH_RESET, first));
	if (t->by[REACH_UNREACHABLE])
		return probe_fail(p, "tcp.unreachable",
				  "a router on the way says that there is no way to %s",
				  these(p, t, REACH_UNREACHABLE, first));
	return probe_fail(p, "tcp.filtered", "no answer from %s within %g s", any,
			  (double)probe_ask(p)->timeout_ms / 1000);
}

static enum status some_open(struct probe *p, const struct reached *r, size_t n)
{
	struct tally all = { .n = 0 }, v4 = { .n = 0 }, v6 = { .n = 0 };
	unsigned dead;

	count(&all, r, n, AF_UNSPEC);
	count(&v4, r, n, AF_INET);
	count(&v6, r, n, AF_INET6);
	dead = all.n - all.by[REACH_OPEN] - all.by[REACH_NO_ROUTE];
	if (dead && v4.n && v4.by[REACH_OPEN] == v4.n && v6.by[REACH_OPEN] == 0)
		return probe_warn(p, "tcp.ipv6-dead", "IPv4 answers, IPv6 does not (%s): programs "
				  "that try IPv6 first wait for it", state_of(&v6));
	if (dead)
		return probe_warn(p, "tcp.partly", "%u of %u addresses answer, %u do%s not",
				  all.by[REACH_OPEN], all.n, dead,
				  dead == 1 ? "es" : "");
	if (v6.n && v6.by[REACH_NO_ROUTE] == v6.n)
		return probe_pass(p, "%u IPv4 address%s answer%s; this machine has no IPv6", v4.n,
				  v4.n == 1 ? "" : "es", v4.n == 1 ? "s" : "");
	if (v4.n && v4.by[REACH_NO_ROUTE] == v4.n)
		return probe_pass(p, "%u IPv6 address%s answer%s; this machine has no IPv4", v6.n,
				  v6.n == 1 ? "" : "es", v6.n == 1 ? "s" : "");
	if (all.n == 1)
		return probe_pass(p, "%s answers", r[0].address.text);
	return probe_pass(p, "%s answer", these(p, &all, REACH_OPEN, ""));
}

static enum status run(struct probe *p)
{
	struct net_address *to = arena_alloc(probe_arena(p), LIMIT_ADDRESSES * sizeof(*to));
	struct reached *r = arena_alloc(probe_arena(p), LIMIT_ADDRESSES * sizeof(*r));
	struct tally all = { .n = 0 };
	unsigned port;
	size_t n = targets(p, to, &port);

	if (!n)
		return probe_unknown(p, "", "no address to dial");
	net_dial_all(probe_net(p), to, n, port, probe_ask(p)->timeout_ms, true, r);
	reach_facts(p, r, n);
	keep(p, r, n);
	count(&all, r, n, AF_UNSPEC);
	if (all.by[REACH_OPEN])
		return some_open(p, r, n);
	return none_open(p, &all, to[0].text);
}

const struct check check_tcp = {
	.id		= "tcp.$",
	.title		= "The port answers at every address",
	.label		= "port $",
	.stage		= STAGE_CONNECT,
	.needs		= FACTS("target.dial"),
	.gives		= FACTS("tcp.$.open", "tcp.$.state", "tcp.$.peer", "smtp.$.ready"),
	.after		= CHECKS("target.provider"),
	.ports		= true,
	.talks		= true,
	.run		= run,
};
