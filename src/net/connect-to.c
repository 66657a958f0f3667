/*
 * redirect - dialling elsewhere than the name says: --connect-to, and the lab's map.
 */
#include "base/arena.h"
#include "base/scan.h"
#include "net/inside.h"

/*
 * One piece of HOST:PORT:ADDR:PORT, up to the next colon; brackets hide the colons of an IPv6
 * address and are taken off.
 */
static struct span piece(struct scan *s)
{
	struct span p;

	if (scan_accept(s, '[')) {
		p = scan_until(s, "]");
		if (!scan_accept(s, ']'))
			scan_fail(s);
		return p;
	}
	return scan_until(s, ":");
}

static bool piece_port(struct arena *a, struct span p, unsigned *ret)
{
	unsigned long port = 0;

	if (p.len && (!str_number(span_dup(a, p), 65535, &port) || !port))
		return false;
	*ret = (unsigned)port;
	return true;
}

static bool family_fits(const struct net *n, const struct net_address *to)
{
	return n->options.family == AF_UNSPEC || n->options.family == net_address_family(to);
}

bool connect_to_add(struct net *n, const char *text, const char **ret_error)
{
	struct connect_to *r = arena_alloc(n->arena, sizeof(*r)), **at = &n->connect_to;
	struct scan s = scan_over(text, strlen(text));
	struct span host = piece(&s), port, to, to_port;
	const char *option = n->options.family == AF_INET ? "-4" : "-6";
	bool good = scan_accept(&s, ':');

	port = piece(&s);
	good = good && scan_accept(&s, ':');
	to = piece(&s);
	good = good && scan_accept(&s, ':');
	to_port = scan_rest(&s);
	r->host = span_dup(n->arena, host);
	good = good && !scan_failed(&s) && piece_port(n->arena, port, &r->port) &&
	       piece_port(n->arena, to_port, &r->to_port) &&
	       net_address_parse(span_dup(n->arena, to), &r->to);
	if (!good) {
		*ret_error = arena_printf(n->arena, "--connect-to: '%s' is not HOST:PORT:ADDR:PORT "
					  "(ADDR a literal address, IPv6 in brackets; HOST or a "
					  "PORT may be empty)",
					  str_escaped(n->arena, text, strlen(text)));
		return false;
	}
	if (!family_fits(n, &r->to)) {
		*ret_error = arena_printf(n->arena, "--connect-to: %s is an %s address, and with "
					  "%s only %s is dialled", r->to.text,
					  net_address_family(&r->to) == AF_INET ? "IPv4" : "IPv6",
					  n->options.source ? "this --source" : option,
					  n->options.family == AF_INET ? "IPv4" : "IPv6");
		return false;
	}
	while (*at)
		at = &(*at)->next;
	*at = r;
	return true;
}

/* Final dots don't make another host. */
static bool same_host(const char *a, const char *b)
{
	struct span x = span_of(a), y = span_of(b);

	if (x.len && x.p[x.len - 1] == '.')
		x.len--;
	if (y.len && y.p[y.len - 1] == '.')
		y.len--;
	return x.len == y.len && span_has_prefix_nocase(x, b);
}

bool net_connect_to(const struct net *n, const char *host, unsigned port, struct net_address *ret,
		    unsigned *ret_port)
{
	for (const struct connect_to *r = n->connect_to; r; r = r->next) {
		if ((r->host[0] && !same_host(host, r->host)) || (r->port && r->port != port))
			continue;
		*ret = r->to;
		*ret_port = r->to_port ? r->to_port : port;
		return true;
	}
	return false;
}

void net_map(struct net *n, const struct net_address *from, unsigned from_port,
	     const struct net_address *to, unsigned to_port)
{
	struct mapped *m = arena_alloc(n->arena, sizeof(*m));

	*m = (struct mapped) { .next = n->mapped, .from = *from, .to = *to, .from_port = from_port,
			       .to_port = to_port };
	n->mapped = m;
}

void connect_to_map(const struct net *n, struct net_address *to, unsigned *port)
{
	for (const struct mapped *m = n->mapped; m; m = m->next) {
		if (m->from_port == *port && net_address_same(&m->from, to)) {
			*port = m->to_port;
			*to = m->to;
			return;
		}
	}
}
