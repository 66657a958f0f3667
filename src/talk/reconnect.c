/*
 * again - one more conversation with the address the endpoint's was with.
 */
#include "fiber/gate.h"
#include "talk/talk.h"

struct smtp *talk_reconnect(struct probe *p, enum smtp_mode mode)
{
	struct net *n = probe_net(p);
	struct net_address to;
	struct reached where;
	unsigned port = probe_port(p);

	if (!net_connect_to(n, probe_host(p), port, &to, &port) &&
	    !net_address_parse(probe_get(p, "tcp.$.peer"), &to))
		return NULL;
	if (gate_enter(net_gate(n, NET_GATE_CONNECTIONS), to.text) < 0)
		return NULL;
	net_dial(n, &to, port, net_timeout(n), &where);
	if (where.reach == REACH_OPEN)
		return smtp_new(n, probe_arena(p), probe_endpoint(p), probe_host(p), &where, mode);
	gate_leave(net_gate(n, NET_GATE_CONNECTIONS), to.text);
	return NULL;
}

void talk_reconnect_end(struct probe *p, struct smtp *s)
{
	struct net *n = probe_net(p);
	struct net_address to;
	unsigned port = probe_port(p);

	if (!s)
		return;
	smtp_close(s);
	if (net_connect_to(n, probe_host(p), port, &to, &port) ||
	    net_address_parse(probe_get(p, "tcp.$.peer"), &to))
		gate_leave(net_gate(n, NET_GATE_CONNECTIONS), to.text);
}
