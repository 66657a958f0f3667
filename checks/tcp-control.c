/*
 * tcp-control - when a port does not answer: is it the port, the host, or the whole network here?
 *
 *	443 at the same host; the same ports and 443 at a host the user knows to be reachable (--control)
 *
 * tcp.control.host is what the first dead port does at the control host. Facts only: data/rules.tsv draws the conclusion. Nothing is dialled while all ports answer.
 */
#include "diag/check.h"
#include "proto/dns.h"

enum { CONTROL_MS = 5000 };

static int64_t control_ms(struct probe *p)
{
	return probe_ask(p)->timeout_ms < CONTROL_MS ? probe_ask(p)->timeout_ms : CONTROL_MS;
}

static const char *state_fact(const struct probe *p, unsigned port)
{
	return facts_string(probe_facts(p), arena_printf(probe_arena(p), "tcp.%u.state", port));
}

static bool some_port_dead(struct probe *p)
{
	const struct ask *ask = probe_ask(p);

	for (size_t i = 0; i < ask->n_ports; i++) {
		const char *state = state_fact(p, ask->ports[i].port);

		if (*state && !str_eq(state, "open") && !str_eq(state, "mixed") && !str_eq(state, "cancelled"))
			return true;
	}
	return false;
}

/* The best of what its addresses do: open if any is. Up to four are dialled, IPv4 and IPv6. */
static const char *dial(struct probe *p, const char *host, unsigned port)
{
	struct net *n = probe_net(p);
	struct dns_addresses to = dns_addresses(net_dns(n), probe_arena(p), host, net_options(n)->family);
	size_t count = to.count < 4 ? to.count : 4;
	struct reached r[4];

	if (to.status != DNS_OK)
		return "no-address";
	net_dial_all(n, to.list, count, port, control_ms(p), false, r);
	for (size_t i = 0; i < count; i++)
		if (r[i].reach == REACH_OPEN)
			return "open";
	for (size_t i = 0; i < count; i++)
		if (r[i].reach != REACH_NO_ROUTE)
			return reach_name(r[i].reach);
	return "no-route";
}

/* The same dead ports at the control host. */
static const char *control_host(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	struct arena *a = probe_arena(p);
	struct strv words = { NULL, 0, 0 };
	const char *state;

	probe_fact(p, "tcp.control.host.name", "%s", ask->control_host);
	for (size_t i = 0; i < ask->n_ports; i++) {
		unsigned port = ask->ports[i].port;

		if (!*state_fact(p, port) || str_eq(state_fact(p, port), "open"))
			continue;
		state = dial(p, ask->control_host, port);
		probe_fact(p, arena_printf(a, "tcp.control.host.%u", port), "%s", state);
		if (!probe_has(p, "tcp.control.host"))
			probe_fact(p, "tcp.control.host", "%s", state);
		strv_addf(&words, a, "port %u of %s is %s", port, ask->control_host, state);
	}
	state = dial(p, ask->control_host, 443);
	probe_fact(p, "tcp.control.host.443", "%s", state);
	strv_addf(&words, a, "its port 443 is %s", state);
	return strv_join(&words, a, ", ");
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const char *state, *more;

	if (!some_port_dead(p))
		return probe_idle(p, "every port that was asked answers");
	if (ask->redirected)
		return probe_idle(p, "--connect-to leads elsewhere");
	state = dial(p, probe_host(p), 443);
	probe_fact(p, "tcp.control.443", "%s", state);
	more = ask->control_host && *ask->control_host ? control_host(p) : "";
	return probe_pass(p, "port 443 (web) of the same host is %s%s%s", state, *more ? "; " : "", more);
}

const struct check check_tcp_control = {
	.id		= "tcp.control",
	.title		= "What else can be reached from here",
	.label		= "control",
	.needs		= FACTS("target.dial"),
	.gives		= FACTS("tcp.control.443"),
	.after		= CHECKS("tcp.$"),
	.run		= run,
};
