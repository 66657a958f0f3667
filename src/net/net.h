#ifndef NET_NET_H
#define NET_NET_H

/*
 * net - how this run reaches the network: options, resolver, trust store, and TCP to one address,
 * with the reasons for not getting there told apart.
 */

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/attr.h"
#include "base/strv.h"

struct arena;
struct net;
struct gate;
struct tls_identity;
struct tls_trust;
struct dns;

struct net_options {
	int		 family;		/* AF_UNSPEC, AF_INET (-4), AF_INET6 (-6) */
	const char	*source;		/* --source ADDR, or NULL */
	/* --resolver ADDR[:PORT][,...], asked in this order; NULL = the system's */
	const char	*resolver;
	/* --trust-anchor: a file with DNSKEY or DS records, or NULL = the root's keys */
	const char	*trust_anchor;
	bool		 no_dnssec;		/* the simulation's names are signed by nobody */
	const char	*ca_file;		/* --ca-file, or NULL = the system's trust store */
	/* --proxy, for HTTPS alone; "" = none, NULL = the environment's (https_proxy ...) */
	const char	*proxy;
	struct strv	 connect_to;		/* HOST:PORT:ADDR:PORT as given */
	/* a certificate of our own (net/tls.h), or NULL; the caller's */
	struct tls_identity *identity;
	int64_t		 timeout_ms;		/* one step; 0 = 15,000 */
};

/*
 * NULL and *ret_error (in the arena, one line, names the option) when an option makes no sense.
 * Everything heavy is loaded when first used. The arena must outlive it.
 */
struct net *net_new(struct arena *a, const struct net_options *o, const char **ret_error);
void net_free(struct net *n);
void net_freep(struct net **n);

const struct net_options *net_options(const struct net *n);
struct dns *net_dns(struct net *n);			/* the resolver (net/dns.h) */
struct tls_trust *net_trust(struct net *n);	/* the trust store (net/tls.h), not loaded yet */
struct http;
struct http *net_http(struct net *n);	/* for http_ask(); NULL when libcurl is not there */
int64_t net_timeout(const struct net *n);		/* ms for one step */

/* So many at once, over all checks and targets of the run (fiber/gate.h). */
enum net_gate {
	/* 4 per address, beside the dialogue itself: the TLS version matrix */
	NET_GATE_CONNECTIONS,
	/* 1 per user name: a refused credential is to be known before the next one goes out */
	NET_GATE_LOGINS,
};
struct gate *net_gate(struct net *n, enum net_gate which);

struct net_address {
	struct sockaddr_storage	 sa;
	socklen_t		 len;
	/* without port: "192.0.2.1", "2001:db8::1" */
	char			 text[INET6_ADDRSTRLEN + 8];
};

/* Reads a literal address; false when it's none. */
bool net_address_parse(const char *text, struct net_address *ret);
/* Makes one of 4 or 16 octets. */
void net_address_of(int family, const void *octets, struct net_address *ret);
int net_address_family(const struct net_address *a);
/* Is it among the n of the list? */
bool net_address_listed(const struct net_address *list, size_t n, const struct net_address *a);
/* RFC 1918, RFC 4193, loopback, link-local, RFC 6598: an address that no mail provider has. */
bool net_address_private(const struct net_address *a);

/*
 * --connect-to: where host:port is dialled instead. True when a rule matches; the name is then not
 * to be looked up.
 */
bool net_connect_to(const struct net *n, const char *host, unsigned port, struct net_address *ret,
		    unsigned *ret_port);
/* The lab's private map: dialling `from` really dials `to`. Shown addresses stay as they are. */
void net_map(struct net *n, const struct net_address *from, unsigned from_port,
	     const struct net_address *to, unsigned to_port);

enum reach {
	REACH_OPEN,
	REACH_REFUSED,		/* RST to our SYN */
	REACH_FILTERED,		/* no answer within the time */
	REACH_UNREACHABLE,	/* ICMP: host or network unreachable, from somewhere on the way */
	/* ICMP: administratively prohibited, or the local firewall said no (EPERM, EACCES) */
	REACH_PROHIBITED,
	REACH_NO_ROUTE,		/* we have no address or route of that family: our side */
	REACH_RESET,		/* connected, then reset at once */
	REACH_LOCAL,		/* our side: descriptors, memory, a bad --source */
	REACH_CANCELLED,
};

/* "open", "refused", "filtered", "unreachable", "prohibited", "no-route", "reset", ... */
const char *reach_name(enum reach r);

struct reached {
	enum reach	 reach;
	int		 err;			/* errno, 0 if none */
	int64_t		 us;			/* time it took, microseconds */
	/* connected, non-blocking, close-on-exec; -1 unless open. The caller closes. */
	int		 fd;
	struct net_address address;
	unsigned	 port;
};

/* One TCP connection to one address, within the fiber's deadline and timeout_ms. Waits. */
_waits_ void net_dial(struct net *n, const struct net_address *to, unsigned port,
		      int64_t timeout_ms, struct reached *ret);

/*
 * All addresses at once; ret has count entries. keep: the first that opens keeps its fd (in the
 * order of the list when several are open within 250 ms of each other), the rest are closed. Waits
 * until all are known; once one is open, what has not answered within four seconds more counts as
 * filtered, so that a dead family does not hold up the dialogue.
 */
_waits_ void net_dial_all(struct net *n, const struct net_address *to, size_t count, unsigned port,
			  int64_t timeout_ms, bool keep, struct reached *ret);

#endif
