/*
 * dns - questions to the resolver. Which resolver, in which order, how long, once a run; the bytes
 * are read in dns-packet.c, the waiting is done in dns-channel.c. The addresses of a host:
 * dns-addresses.c.
 */
#include "net/dns.h"

#include <ares.h>
#include <errno.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "fiber/once.h"
#include "net/dns-channel.h"
#include "net/dns-inside.h"
#include "net/dns-packet.h"
#include "net/view.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

enum {
	MAX_RESOLVERS	= 4,
	/* the first of three tries, the others wait twice and four times as long */
	TRY_MAX_MS	= 3000,
	TRY_MIN_MS	= 20,
};

struct resolver {
	struct ares_addr_port_node	 node;
	char				 text[INET6_ADDRSTRLEN + 10];
	struct line			*udp, *tcp;
	bool				 plain;		/* knows no EDNS */
	/* did not answer: asked last from then on */
	bool				 dead;
};

struct dns {
	struct arena	*arena;
	int64_t		 timeout_ms;
	/* --resolver: neither resolv.conf nor the hosts file count */
	bool		 named;
	bool		 loaded;
	struct resolver	 resolvers[MAX_RESOLVERS];
	size_t		 n;
	struct map	*asked;			/* "28 example.com" -> struct asked */
	const char	*hosts;			/* text of the hosts file, NULL = not read yet */
	size_t		 hosts_len;
	/* of one target: who asks for it, and its net, which holds what it shares; else NULL */
	struct dns	*root;
	struct net	*view;
};

/* One question of this run, asked once. */
struct asked {
	struct dns		*dns;
	struct arena		*arena;		/* of its answer */
	struct once		 once;
	const char		*name;
	enum dns_type		 type;
	struct dns_answer	*answer;
};

const char *dns_status_name(enum dns_status s)
{
	static const char *const names[] = {
		[DNS_OK] = "ok",
		[DNS_NXDOMAIN] = "nxdomain",
		[DNS_NODATA] = "nodata",
		[DNS_SERVFAIL] = "servfail",
		[DNS_REFUSED] = "refused",
		[DNS_TIMEOUT] = "timeout",
		[DNS_BAD_NAME] = "bad-name",
		[DNS_BAD_ANSWER] = "bad-answer",
		[DNS_LOCAL] = "local",
	};

	return (size_t)s < ARRAY_LEN(names) ? names[s] : "unknown";
}

const char *dns_type_name(enum dns_type t)
{
	switch (t) {
	case DNS_A: return "A";
	case DNS_NS: return "NS";
	case DNS_CNAME: return "CNAME";
	case DNS_SOA: return "SOA";
	case DNS_PTR: return "PTR";
	case DNS_MX: return "MX";
	case DNS_TXT: return "TXT";
	case DNS_AAAA: return "AAAA";
	case DNS_SRV: return "SRV";
	case DNS_TLSA: return "TLSA";
	case DNS_CAA: return "CAA";
	}
	return "?";
}

/* --- which resolvers --- */

static void resolver_add(struct dns *d, int family, const void *octets, int port)
{
	struct resolver *r = &d->resolvers[d->n];
	char address[INET6_ADDRSTRLEN];

	if (d->n == MAX_RESOLVERS || !inet_ntop(family, octets, address, sizeof(address)))
		return;
	r->node = (struct ares_addr_port_node) { .family = family, .udp_port = port,
						 .tcp_port = port };
	memcpy(&r->node.addr, octets, family == AF_INET ? 4 : 16);
	if (port == 53)
		snprintf(r->text, sizeof(r->text), "%s", address);
	else
		snprintf(r->text, sizeof(r->text), family == AF_INET6 ? "[%s]:%d" : "%s:%d",
			 address, port);
	d->n++;
}

/* One of --resolver: ADDR[:PORT], with an IPv6 address in brackets when a port follows. */
static bool resolver_parse(struct dns *d, const char *text)
{
	char *address = arena_strdup(d->arena, text), *colon = strrchr(address, ':');
	unsigned long port = 53;
	struct net_address to;

	if (colon && (colon == strchr(address, ':') || (colon > address && colon[-1] == ']'))) {
		if (!str_number(colon + 1, 65535, &port) || !port)
			return false;
		*colon = '\0';
	}
	if (address[0] == '[' && address[strlen(address) - 1] == ']') {
		address[strlen(address) - 1] = '\0';
		address++;
	}
	if (!net_address_parse(address, &to))
		return false;
	if (net_address_family(&to) == AF_INET)
		resolver_add(d, AF_INET, &((struct sockaddr_in *)&to.sa)->sin_addr, (int)port);
	else
		resolver_add(d, AF_INET6, &((struct sockaddr_in6 *)&to.sa)->sin6_addr, (int)port);
	return true;
}

/* All of them, separated by commas. */
static bool resolvers_parse(struct dns *d, const char *text)
{
	struct strv l = { NULL, 0, 0 };
	bool good = true;

	strv_split(&l, d->arena, text, ',');
	for (size_t i = 0; i < l.n; i++)
		good = resolver_parse(d, l.v[i]) && good;
	return good && l.n > 0 && l.n <= MAX_RESOLVERS;
}

/* The system's, from resolv.conf as c-ares reads it. */
static void resolvers_load(struct dns *d)
{
	ares_channel channel;
	struct ares_addr_port_node *list = NULL;

	d->loaded = true;
	if (ares_init(&channel) != ARES_SUCCESS)
		return;
	if (ares_get_servers_ports(channel, &list) == ARES_SUCCESS) {
		for (const struct ares_addr_port_node *s = list; s; s = s->next)
			resolver_add(d, s->family, &s->addr, s->udp_port ? s->udp_port : 53);
		ares_free_data(list);
	}
	ares_destroy(channel);
}

struct strv dns_servers(struct dns *d)
{
	struct strv l = { NULL, 0, 0 };
	char address[INET6_ADDRSTRLEN];

	if (d->root)
		return dns_servers(d->root);
	if (!d->loaded)
		resolvers_load(d);
	for (size_t i = 0; i < d->n; i++)
		if (inet_ntop(d->resolvers[i].node.family, &d->resolvers[i].node.addr, address,
			      sizeof(address)))
			strv_addf(&l, d->arena, "%s@%d", address, d->resolvers[i].node.udp_port);
	return l;
}

struct dns *dns_new(struct arena *a, const char *resolver, int64_t timeout_ms,
		    const char **ret_error)
{
	struct dns *d = arena_alloc(a, sizeof(*d));

	d->arena = a;
	d->timeout_ms = timeout_ms;
	d->asked = map_new(a);
	if (resolver) {
		d->named = d->loaded = true;
		if (!resolvers_parse(d, resolver)) {
			*ret_error = arena_printf(a, "--resolver: '%s' is no address (192.0.2.53, "
						  "192.0.2.53:5353 or [2001:db8::53]:5353; up to "
						  "four, with commas)",
						  str_escaped(a, resolver, strlen(resolver)));
			return NULL;
		}
	}
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		*ret_error = "the resolver library can't be started";
		return NULL;
	}
	return d;
}

struct dns *dns_view(struct dns *root, struct net *view, struct arena *a)
{
	struct dns *d = arena_alloc(a, sizeof(*d));

	*d = (struct dns) { .arena = a, .root = root, .view = view, .asked = map_new(a) };
	return d;
}

void dns_free(struct dns *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++) {
		line_free(d->resolvers[i].udp);
		line_free(d->resolvers[i].tcp);
	}
	ares_library_cleanup();
}

/* --- the hosts file --- */

const char *dns_hosts(struct dns *d, size_t *ret_n)
{
	enum { MAX_HOSTS = 1024 * 1024 };
	struct buf text = BUF_INIT(MAX_HOSTS);
	char piece[2048];
	size_t n;
	FILE *f;

	if (d->root)
		return dns_hosts(d->root, ret_n);
	if (!d->hosts) {
		f = d->named ? NULL : fopen("/etc/hosts", "re");
		while (f && (n = fread(piece, 1, sizeof(piece), f)) > 0 && buf_add(&text, piece, n))
			;
		if (f)
			fclose(f);
		d->hosts_len = text.len;
		d->hosts = span_dup(d->arena, (struct span) { buf_str(&text), text.len });
		buf_release(&text);
	}
	*ret_n = d->hosts_len;
	return d->hosts;
}

/* --- one question --- */

static int try_ms(const struct dns *d)
{
	/*
	 * Three tries of 1, 2 and 4 units, at each resolver in turn, within the time of one step.
	 */
	int64_t unit = d->timeout_ms / (int64_t)(7 * (d->n ? d->n : 1));

	if (unit > TRY_MAX_MS)
		return TRY_MAX_MS;
	return unit < TRY_MIN_MS ? TRY_MIN_MS : (int)unit;
}

/* Asks one resolver by UDP or TCP and reads the answer. False when cancelled. */
_waits_ static bool ask_line(struct asked *q, struct resolver *r, bool tcp, struct dns_answer *ret,
			     bool *ret_truncated)
{
	struct dns *d = q->dns;
	struct line **l = tcp ? &r->tcp : &r->udp;
	struct buf packet = BUF_INIT(600);
	struct heard heard = { NULL, 0, 0 };
	int rc;

	*ret = (struct dns_answer) { .name = q->name, .type = q->type, .server = r->text,
				     .why = "" };
	*ret_truncated = false;
	if (!*l)
		*l = line_new(&r->node, tcp, try_ms(d));
	if (!*l || !dns_packet_ask(&packet, line_id(*l), q->name, q->type, r->plain)) {
		ret->status = *l ? DNS_BAD_NAME : DNS_LOCAL;
		ret->why = *l ? "it can't be written as a DNS name" :
			   "the resolver library can't be started";
		buf_release(&packet);
		return true;
	}
	rc = line_ask(*l, packet.data, packet.len, &heard);
	buf_release(&packet);
	if (rc < 0)
		return false;
	if (heard.bytes) {
		dns_packet_read(q->arena, heard.bytes, heard.len, q->name, q->type, ret,
				ret_truncated);
		ret->server = r->text;
		ret->tcp = tcp;
		free(heard.bytes);
	} else if (heard.ares == ARES_ENOMEM || heard.ares == ARES_EDESTRUCTION ||
		   heard.ares == ARES_EBADQUERY) {
		ret->status = DNS_LOCAL;
		ret->why = arena_printf(q->arena, "our side: %s", ares_strerror(heard.ares));
	} else if (heard.ares == ARES_EBADRESP || heard.ares == ARES_EFORMERR) {
		/* Newer versions look into the answer themselves, and drop it. */
		ret->status = DNS_BAD_ANSWER;
		ret->why = "its answers make no sense";
	} else {
		ret->status = DNS_TIMEOUT;
		ret->why = arena_printf(q->arena,
					heard.ares == ARES_ECONNREFUSED ?
					"nothing answers DNS at the resolver %s" :
					"the resolver %s does not answer",
					r->text);
	}
	return true;
}

enum { FORMERR = 1 };

/*
 * One resolver: UDP, without EDNS when it does not know that (RFC 6891, 7), and TCP when the answer
 * did not fit (RFC 7766). False when cancelled.
 */
_waits_ static bool ask_resolver(struct asked *q, struct resolver *r, struct dns_answer *ret)
{
	bool truncated;

	if (!ask_line(q, r, false, ret, &truncated))
		return false;
	if (ret->rcode == FORMERR && !r->plain) {
		r->plain = true;
		if (!ask_line(q, r, false, ret, &truncated))
			return false;
	}
	if (!truncated)
		return true;
	if (!ask_line(q, r, true, ret, &truncated))
		return false;
	if (ret->status == DNS_TIMEOUT)
		ret->why = arena_printf(q->arena, "the answer is too long for UDP and the "
					"resolver %s does not answer by TCP", r->text);
	return true;
}

/* Did the resolver say something about the name, so that no other one needs to be asked? */
static bool conclusive(enum dns_status s)
{
	return s == DNS_OK || s == DNS_NXDOMAIN || s == DNS_NODATA || s == DNS_BAD_NAME;
}

static const char *why(struct arena *a, const struct dns_answer *r)
{
	switch (r->status) {
	case DNS_SERVFAIL:
		return arena_printf(a, "the resolver %s can't look it up (SERVFAIL)", r->server);
	case DNS_REFUSED:
		return arena_printf(a, "the resolver %s refuses to look it up", r->server);
	case DNS_NXDOMAIN:
		return "the name does not exist";
	case DNS_NODATA:
		return arena_printf(a, "the name has no %s record", dns_type_name(r->type));
	case DNS_BAD_ANSWER:
		if (!r->why[0])
			return arena_printf(a, "the resolver %s answers with error %d", r->server,
					    r->rcode);
		return arena_printf(a, "the resolver %s: %s", r->server, r->why);
	default:
		return r->why;
	}
}

/*
 * Asks the resolvers in turn until one says something about the name. False when cancelled: then
 * it's not over.
 */
_waits_ static bool ask(void *arg)
{
	struct asked *q = arg;
	struct dns *d = q->dns;
	struct dns_answer best = {
		.name = q->name, .type = q->type, .status = DNS_LOCAL, .server = "",
		.why = "no resolver is configured on this machine"
	};
	int64_t start = clock_us();
	unsigned dead = 0;

	if (!d->loaded)
		resolvers_load(d);
	for (size_t i = 0; i < d->n; i++)
		dead |= d->resolvers[i].dead ? 1u << i : 0;
	for (size_t turn = 0; turn < 2 * d->n && !conclusive(best.status); turn++) {
		size_t i = turn % d->n;
		struct dns_answer got;

		/* Those that did not answer before have their turn after all others. */
		if ((turn >= d->n) != !!(dead & 1u << i))
			continue;
		if (!ask_resolver(q, &d->resolvers[i], &got))
			return false;
		d->resolvers[i].dead = got.status == DNS_TIMEOUT;
		/* What one resolver said is worth more than another's silence. */
		if (best.status == DNS_LOCAL || got.status != DNS_TIMEOUT)
			best = got;
	}
	best.us = clock_us() - start;
	best.why = why(q->arena, &best);
	q->answer = arena_alloc(q->arena, sizeof(best));
	*q->answer = best;
	trace(TRACE_DNS, "%s %s: %s, %zu records, %s", q->name, dns_type_name(q->type),
	      dns_status_name(best.status), best.count, best.why);
	return true;
}

enum { SECOND_MS = 1000 };

/* For all targets: an answer is kept for its time to live (RFC 1035, 3.2.1), a failure is not. */
_waits_ static bool ask_for_all(void *arg, struct arena *a, void **ret_value, int64_t *ret_keep_ms)
{
	const struct asked *mine = arg;
	struct asked q = { .dns = mine->dns->root, .arena = a, .type = mine->type,
			   .name = arena_strdup(a, mine->name) };

	if (!ask(&q))
		return false;
	*ret_value = q.answer;
	*ret_keep_ms = q.answer->status == DNS_OK ? q.answer->ttl * (int64_t)SECOND_MS : 0;
	return true;
}

/* For one target of many: what others asked is not asked again. */
_waits_ static bool ask_or_share(void *arg)
{
	struct asked *q = arg;
	void *answer;

	if (!q->dns->root)
		return ask(q);
	if (net_once(q->dns->view, arena_printf(q->dns->arena, "dns %d %s", (int)q->type, q->name),
		     ask_for_all, q, &answer) < 0)
		return false;
	q->answer = answer;
	return true;
}

static const struct dns_answer *no_answer(struct dns *d, const char *name, enum dns_type type,
					  enum dns_status status, const char *text)
{
	struct dns_answer *r = arena_alloc(d->arena, sizeof(*r));

	*r = (struct dns_answer) { .name = arena_strdup(d->arena, name), .type = type,
				   .status = status, .server = "", .why = text };
	return r;
}

const struct dns_answer *dns_ask(struct dns *d, const char *name, enum dns_type type)
{
	const char *ascii = dns_ascii_name(d->arena, name), *key;
	struct asked *q;

	if (!ascii)
		return no_answer(d, name, type, DNS_BAD_NAME, "it is not a name that DNS can hold");
	key = arena_printf(d->arena, "%d %s", (int)type, ascii);
	q = map_get(d->asked, key);
	if (!q) {
		q = arena_alloc(d->arena, sizeof(*q));
		*q = (struct asked) { .dns = d, .arena = d->arena, .once = ONCE_INIT,
				      .name = ascii, .type = type };
		map_set(d->asked, key, q);
	}
	if (once_do(&q->once, ask_or_share, q) == 0 && q->answer)
		return q->answer;
	return no_answer(d, ascii, type, DNS_LOCAL,
			 "the look-up was ended before there was an answer");
}
