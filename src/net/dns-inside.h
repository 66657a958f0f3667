#ifndef NET_DNS_INSIDE_H
#define NET_DNS_INSIDE_H

/*
 * dns-inside - what dns-addresses.c, dnssec.c and view.c ask of dns.c besides the questions. Nobody
 * else includes it.
 */

#include <stddef.h>

#include "base/strv.h"

struct arena;
struct dns;
struct net;

/*
 * The hosts file as it is at the first look, and its length: bounded, "" when it can't be read or a
 * resolver was named. It lives as long as the dns.
 */
const char *dns_hosts(struct dns *d, size_t *ret_n);

/* The resolvers that are asked, in order: "192.0.2.53@53", "2001:db8::53@53". */
struct strv dns_servers(struct dns *d);

/* The dns of one target, in its arena: it shares its answers with others through the view. */
struct dns *dns_view(struct dns *root, struct net *view, struct arena *a);

#endif
