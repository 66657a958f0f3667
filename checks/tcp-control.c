/*
 * tcp-control - when a port does not answer: is it the port, the host, or the whole network here?
 *
 *	443 at the same host, with a TLS handshake;
 *		the same ports and 443 at a host the user knows to be reachable (--control)
 *
 * A proxy that takes every connection opens port 443, too: what does not go on with TLS is
 * "pretended". tcp.control.host is what the first dead port does at the control host. Facts only:
 * data/rules.tsv draws the conclusion. Nothing is dialled while all ports answer.
 */
#include <unistd.h>

#include "check/check.h"
#include "fiber/fiber.h"
#include "net/dns.h"
#include "net/tls.h"

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

		if (*state && !str_eq(state, "open") && !str_eq(state, "mixed") &&
		    !str_eq(state, "cancelled"))
			return true;
	}
	return false;
}

/*
 * Is there a web server behind it? The certificate is not looked at: whose port it is, is another
 * question. Closes fd.
 */
static const char *behind(struct probe *p, const char *host, int fd)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(control_ms(p));
	struct tls_ask ask = { .name = host, .no_verify = true };
	struct tls_failure why = { 0 };
	struct tls *t = tls_connect(probe_net(p), probe_arena(p), fd, &ask, &why);
	/* An alert is TLS, and what is ours is no news of the network. */
	bool speaks = t || why.alert >= 0 || why.local || why.cancelled;

	tls_free(t);
	close(fd);
	return speaks ? "open" : "pretended";
}

/* The best of what its addresses do: open if any is. Up to four are dialled, IPv4 and IPv6. */
static const char *dial(struct probe *p, const char *host, unsigned port)
{
	bool web = port == 443;
	struct net *n = probe_net(p);
	struct dns_addresses to = dns_addresses(net_dns(n), probe_arena(p), host,
						net_options(n)->family);
	size_t count = to.count < 4 ? to.count : 4;
	struct reached r[4];

	if (to.status != DNS_OK)
		return "no-address";
	net_dial_all(n, to.list, count, port, control_ms(p), web, r);
	for (size_t i = 0; i < count; i++)
		if (r[i].reach == REACH_OPEN && (!web || r[i].fd >= 0))
			return web ? behind(p, host, r[i].fd) : "open";
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

/* What became of port 443, for people. */
static const char *words_of(const char *state)
{
	static const struct { const char *state, *words; } table[] = {
		{ "open", "answers" }, { "filtered", "does not answer, either" }, { "refused",
			"is refused, too" },
		{ "pretended", "opens and speaks no TLS: something in between takes connections in "
			"its place" },
		{ "no-route", "can't be reached, either: there is no route to it" },
			{ "unreachable", "is unreachable, too" },
		{ "prohibited", "is prohibited, too" }, { "reset", "is reset, too" },
			{ "no-address", "has no address" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(state, table[i].state))
			return table[i].words;
	return "could not be tried";
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const char *state, *more, *words;

	if (!some_port_dead(p))
		return probe_idle(p, "every port that was asked answers");
	if (ask->redirected)
		return probe_idle(p, "--connect-to leads elsewhere");
	state = dial(p, probe_host(p), 443);
	probe_fact(p, "tcp.control.443", "%s", state);
	more = ask->control_host && *ask->control_host ? control_host(p) : "";
	words = arena_printf(probe_arena(p), "port 443 (web) of the same host %s%s%s",
		words_of(state), *more ? "; " : "", more);
	if (str_eq(state, "open"))
		return probe_pass(p, "%s", words);
	if (str_eq(state, "pretended"))
		return probe_warn(p, "control.pretended", "%s", words);
	return probe_warn(p, "control.dead", "%s", words);
}

const struct check check_tcp_control = {
	.id		= "tcp.control",
	.title		= "What else can be reached from here",
	.label		= "control",
	.stage		= STAGE_CONNECT,
	.needs		= FACTS("target.dial"),
	.gives		= FACTS("tcp.control.443"),
	.after		= CHECKS("tcp.$"),
	.part		= CHECK_REMARK,
	.run		= run,
};
