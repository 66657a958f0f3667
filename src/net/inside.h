#ifndef NET_INSIDE_H
#define NET_INSIDE_H

/*
 * net-inside - what net.c, view.c, connect-to.c, dial.c, dnssec.c and tls-chain.c share. Nobody
 * else in this room includes it.
 */

#include "net/net.h"

/* --connect-to. An empty host or port 0 stand for any; to_port 0 is the port asked. */
struct connect_to {
	struct connect_to		*next;
	const char		*host;
	unsigned		 port;
	struct net_address	 to;
	unsigned		 to_port;
};

/* The lab's map: what is really dialled. */
struct mapped {
	struct mapped		*next;
	struct net_address	 from, to;
	unsigned		 from_port, to_port;
};

struct net {
	struct arena		*arena;
	struct net_options	 options;
	struct net_address	 source;	/* len 0 = any */
	struct dns		*dns;
	struct tls_trust	*trust;		/* NULL until asked for */
	struct http		*http;		/* NULL until asked for */
	struct dnssec		*dnssec;	/* NULL until asked for */
	/* tenant.c: name of a domain -> what was asked about it; NULL until asked for */
	struct map		*tenants;
	struct gate		*gates[2];	/* NULL until asked for */
	struct connect_to		*connect_to;	/* in the order given */
	struct mapped		*mapped;
	struct shared		*answers;	/* of all targets; NULL until a view is made */
	/* of one target (view.h): whose view it is, else NULL, and the answers it holds */
	struct net		*root;
	struct held		*held;
};

/* What all targets share: itself, where it is no view. */
static inline struct net *net_root(struct net *n)
{
	return n->root ? n->root : n;
}

/* Reads one --connect-to. False and *ret_error when it makes no sense. */
bool connect_to_add(struct net *n, const char *text, const char **ret_error);
/* Puts the mapped address and port in place of these, if there are any. */
void connect_to_map(const struct net *n, struct net_address *to, unsigned *port);

bool net_address_same(const struct net_address *a, const struct net_address *b);

#endif
