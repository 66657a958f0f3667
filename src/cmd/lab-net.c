#include "cmd/lab-net.h"

#include "lab/lab.h"
#include "net/net.h"

void lab_net_map(const struct lab *lab, struct net *net)
{
	const struct lab_port *ports;
	size_t n = lab_ports(lab, &ports);
	struct net_address from, to;

	if (!net_address_parse("127.0.0.1", &to))
		return;
	for (size_t i = 0; i < n; i++)
		if (net_address_parse(ports[i].address, &from))
			net_map(net, &from, ports[i].port, &to, ports[i].real_port);
}
