/*
 * smtp-dial - how a conversation comes to be.
 */
#include "proto/smtp-inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "net/dns.h"

struct smtp *smtp_new(struct net *n, struct arena *a, const char *endpoint, const char *host,
		      const struct reached *where, enum smtp_mode mode)
{
	struct smtp *s = xcalloc(1, sizeof(*s));

	s->net = n;
	s->arena = a;
	s->endpoint = arena_strdup(a, endpoint);
	s->host = arena_strdup(a, host);
	s->peer = str_eq(host, where->address.text) ? s->endpoint :
		  arena_printf(a, "%s[%s]:%u", host, where->address.text, where->port);
	s->fd = where->fd;
	s->mode = mode;
	s->transcript = transcript_new(a, endpoint);
	s->times = (struct smtp_times) { -1, -1, -1, -1, -1, -1 };
	s->garbage = "";
	buf_init(&s->in, (size_t)LIMIT_REPLY_LINES * (LIMIT_REPLY_LINE + 2) + SMTP_CHUNK);
	buf_init(&s->challenge, LIMIT_REPLY_LINE);
	return s;
}

static enum failure_class class_of(enum reach r)
{
	switch (r) {
	case REACH_FILTERED:
		return FAILURE_TIMEOUT;
	case REACH_NO_ROUTE:
	case REACH_LOCAL:
		return FAILURE_LOCAL;
	case REACH_CANCELLED:
		return FAILURE_CANCELLED;
	default:
		return FAILURE_NET;
	}
}

static const char *words_of(enum reach r)
{
	switch (r) {
	case REACH_OPEN:
		return "the connection is open";
	case REACH_REFUSED:
		return "the connection was refused";
	case REACH_FILTERED:
		return "nobody answered in time";
	case REACH_UNREACHABLE:
		return "a router on the way says that it can't be reached";
	case REACH_PROHIBITED:
		return "a firewall prohibits the connection";
	case REACH_NO_ROUTE:
		return "this machine has no route to it";
	case REACH_RESET:
		return "the connection was reset at once";
	case REACH_LOCAL:
		return "this machine could not open a connection";
	case REACH_CANCELLED:
		return "cancelled while connecting";
	}
	return "it can't be reached";
}

/* Which of several failures tells most: what the peer or the way did, before what is ours. */
static const struct reached *tells_most(const struct reached *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum failure_class class = class_of(r[i].reach);

		if (class != FAILURE_LOCAL && class != FAILURE_CANCELLED)
			return &r[i];
	}
	return &r[0];
}

static struct smtp *dial_addresses(struct net *n, struct arena *a, const char *endpoint,
				   const char *host, const struct net_address *to,
				   size_t count, unsigned port, enum smtp_mode mode)
{
	struct reached *all = arena_alloc(a, count * sizeof(*all));
	const struct reached *why;
	struct smtp *s;

	net_dial_all(n, to, count, port, net_timeout(n), true, all);
	for (size_t i = 0; i < count; i++)
		if (all[i].reach == REACH_OPEN && all[i].fd >= 0)
			return smtp_new(n, a, endpoint, host, &all[i], mode);
	why = tells_most(all, count);
	s = smtp_new(n, a, endpoint, host, why, mode);
	smtp_fail(s, class_of(why->reach), STAGE_CONNECT, why->err, NULL,
		  "cannot connect to %s: %s", s->peer, words_of(why->reach));
	return s;
}

struct smtp *smtp_dial(struct net *n, struct arena *a, const char *host, unsigned port,
		       enum smtp_mode mode)
{
	const char *endpoint = strchr(host, ':') ? arena_printf(a, "[%s]:%u", host, port) :
			       arena_printf(a, "%s:%u", host, port);
	struct reached nowhere = { .reach = REACH_LOCAL, .fd = -1, .port = port };
	struct net_address to;
	struct dns_addresses found;
	unsigned to_port;
	struct smtp *s;

	if (net_connect_to(n, host, port, &to, &to_port))
		return dial_addresses(n, a, endpoint, host, &to, 1, to_port, mode);
	found = dns_addresses(net_dns(n), a, host, net_options(n)->family);
	if (found.status == DNS_OK && found.count > 0)
		return dial_addresses(n, a, endpoint, host, found.list, found.count, port, mode);
	s = smtp_new(n, a, endpoint, host, &nowhere, mode);
	s->peer = endpoint;
	smtp_fail(s, found.status == DNS_LOCAL ? FAILURE_LOCAL : FAILURE_DNS, STAGE_DNS, 0, NULL,
		  "cannot look up %s: %s", host, dns_status_name(found.status));
	return s;
}
