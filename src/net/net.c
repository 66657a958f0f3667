/*
 * net - how this run reaches the network, and addresses.
 */
#include "net/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "fiber/gate.h"
#include "fiber/shared.h"
#include "net/dns.h"
#include "net/dnssec.h"
#include "net/http-inside.h"
#include "net/inside.h"
#include "net/tls.h"

bool net_address_parse(const char *text, struct net_address *ret)
{
	unsigned char octets[16];
	char bare[INET6_ADDRSTRLEN];
	size_t n = strlen(text);

	/* "[2001:db8::1]" is how an IPv6 address stands where a port may follow. */
	if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	}
	if (n >= sizeof(bare))
		return false;
	memcpy(bare, text, n);
	bare[n] = '\0';
	if (inet_pton(AF_INET, bare, octets) == 1)
		net_address_of(AF_INET, octets, ret);
	else if (inet_pton(AF_INET6, bare, octets) == 1)
		net_address_of(AF_INET6, octets, ret);
	else
		return false;
	return true;
}

void net_address_of(int family, const void *octets, struct net_address *ret)
{
	*ret = (struct net_address) { .len = 0 };
	if (family == AF_INET) {
		struct sockaddr_in *sin = (struct sockaddr_in *)&ret->sa;

		sin->sin_family = AF_INET;
		memcpy(&sin->sin_addr, octets, 4);
		ret->len = sizeof(*sin);
	} else {
		struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ret->sa;

		sin6->sin6_family = AF_INET6;
		memcpy(&sin6->sin6_addr, octets, 16);
		ret->len = sizeof(*sin6);
	}
	inet_ntop(family, octets, ret->text, sizeof(ret->text));
}

int net_address_family(const struct net_address *a)
{
	return a->sa.ss_family;
}

static bool private_v4(const unsigned char *o)
{
	return o[0] == 0 || o[0] == 10 || o[0] == 127 ||		/* RFC 1122, 1918 */
	       (o[0] == 172 && (o[1] & 0xf0) == 16) || (o[0] == 192 && o[1] == 168) ||
	       (o[0] == 169 && o[1] == 254) ||				/* RFC 3927 */
	       (o[0] == 100 && (o[1] & 0xc0) == 64);			/* RFC 6598 */
}

bool net_address_private(const struct net_address *a)
{
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&a->sa)->sin6_addr;

	if (net_address_family(a) == AF_INET)
		return private_v4(
			(const unsigned char *)&((const struct sockaddr_in *)&a->sa)->sin_addr);
	if (IN6_IS_ADDR_V4MAPPED(v6))
		return private_v4(v6->s6_addr + 12);
	return IN6_IS_ADDR_LOOPBACK(v6) || IN6_IS_ADDR_UNSPECIFIED(v6) ||
	       IN6_IS_ADDR_LINKLOCAL(v6) ||
	       (v6->s6_addr[0] & 0xfe) == 0xfc;				/* RFC 4193 */
}

bool net_address_same(const struct net_address *a, const struct net_address *b)
{
	return net_address_family(a) == net_address_family(b) && str_eq(a->text, b->text);
}

bool net_address_listed(const struct net_address *list, size_t n, const struct net_address *a)
{
	for (size_t i = 0; i < n; i++)
		if (net_address_same(&list[i], a))
			return true;
	return false;
}

/* --- the run --- */

/*
 * May this machine dial from it? A datagram socket sends nothing. Errors about other things than
 * the address show when it is dialled.
 */
static bool is_own(const struct net_address *a)
{
	int fd = socket(net_address_family(a), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool own = fd < 0 || bind(fd, (const struct sockaddr *)&a->sa, a->len) == 0 ||
		   errno != EADDRNOTAVAIL;

	if (fd >= 0)
		close(fd);
	return own;
}

static bool options_good(struct net *n, const char **ret_error)
{
	const struct net_options *o = &n->options;

	if (o->source && !net_address_parse(o->source, &n->source)) {
		*ret_error = arena_printf(n->arena, "--source: '%s' is no address",
					  str_escaped(n->arena, o->source, strlen(o->source)));
		return false;
	}
	if (o->source && o->family != AF_UNSPEC && o->family != net_address_family(&n->source)) {
		*ret_error = arena_printf(n->arena, "--source: %s is no address of the family "
					  "asked for by %s", n->source.text,
					  o->family == AF_INET ? "-4" : "-6");
		return false;
	}
	if (o->source && !is_own(&n->source)) {
		*ret_error = arena_printf(n->arena, "--source: %s is no address of this machine",
					  n->source.text);
		return false;
	}
	/* A source address has one family, so the other one can't be used. */
	if (o->source)
		n->options.family = net_address_family(&n->source);
	for (size_t i = 0; i < o->connect_to.n; i++)
		if (!connect_to_add(n, o->connect_to.v[i], ret_error))
			return false;
	return true;
}

struct net *net_new(struct arena *a, const struct net_options *o, const char **ret_error)
{
	struct net *n = arena_alloc(a, sizeof(*n));

	n->arena = a;
	n->options = *o;
	if (n->options.timeout_ms <= 0)
		n->options.timeout_ms = 15000;
	if (!options_good(n, ret_error))
		return NULL;
	n->dns = dns_new(a, o->resolver, n->options.timeout_ms, ret_error);
	return n->dns ? n : NULL;
}

void net_free(struct net *n)
{
	if (!n)
		return;
	shared_free(n->answers);
	n->answers = NULL;
	http_free(n->http);
	n->http = NULL;
	dnssec_free(n->dnssec);
	dns_free(n->dns);
	n->dns = NULL;
	if (n->trust)
		tls_trust_free(n->trust);
	n->trust = NULL;
	for (size_t i = 0; i < ARRAY_LEN(n->gates); i++)
		gate_free(n->gates[i]);
}

void net_freep(struct net **n)
{
	net_free(*n);
}

const struct net_options *net_options(const struct net *n)
{
	return &n->options;
}

struct dns *net_dns(struct net *n)
{
	return n->dns;
}

struct tls_trust *net_trust(struct net *n)
{
	n = net_root(n);
	if (!n->trust)
		n->trust = tls_trust_new(n->arena, n->options.ca_file);
	return n->trust;
}

struct http *net_http(struct net *n)
{
	const struct http_lib *lib;

	n = net_root(n);
	lib = n->http ? NULL : http_lib();
	if (lib)
		n->http = http_new(lib);
	return n->http;
}

int64_t net_timeout(const struct net *n)
{
	return n->options.timeout_ms;
}

struct gate *net_gate(struct net *n, enum net_gate which)
{
	static const unsigned at_once[] = { [NET_GATE_CONNECTIONS] = 4, [NET_GATE_LOGINS] = 1 };

	n = net_root(n);
	if (!n->gates[which])
		n->gates[which] = gate_new(at_once[which]);
	return n->gates[which];
}
