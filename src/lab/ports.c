#include "lab/ports.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, FIRST_OWN_ADDRESS = 200, MAX_HOPS = 8 };

/* Asked for by somebody in any case: they must lead somewhere, lest a probe leaves the machine. */
static const unsigned usual_ports[] = { 25, 443, 465, 587, 993, 995, 2525 };

static bool literal(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

void ports_add_names(struct scenario *s, struct arena *a)
{
	unsigned n = FIRST_OWN_ADDRESS;

	for (const struct lab_server *v = s->servers; v; v = v->next) {
		char *line;

		if (literal(v->host) || zone_has_name(&s->zone, v->host) || n > 254)
			continue;
		line = arena_printf(a, "%s A 192.0.2.%u", v->host, n++);
		zone_parse(&s->zone, a, span_of(line), 1);
	}
}

static char *address_text(struct arena *a, const struct zone_record *r)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(r->type == TYPE_A ? AF_INET : AF_INET6, r->data, text, sizeof(text));
	return arena_strdup(a, text);
}

/* Does the name lead to this address? */
static bool leads_to(const struct zone *z, const char *name, const struct zone_record *address)
{
	for (int hop = 0; hop < MAX_HOPS; hop++) {
		const struct zone_record *r = zone_find(z, name, address->type);

		if (!r || r->fault != ZONE_NONE)
			return false;
		if (r->type != TYPE_CNAME) {
			for (; r; r = zone_next(r))
				if (r->len == address->len &&
				    memcmp(r->data, address->data, r->len) == 0)
					return true;
			return false;
		}
		name = r->target;
	}
	return false;
}

/* Who serves the port there: a section for the address itself goes before one for the host. */
static const struct lab_server *server_at(const struct scenario *s,
					  const struct zone_record *address, const char *text,
					  unsigned port)
{
	for (const struct lab_server *v = s->servers; v; v = v->next)
		if (v->port == port && str_eq(v->host, text))
			return v;
	for (const struct lab_server *v = s->servers; v; v = v->next)
		if (v->port == port && leads_to(&s->zone, v->host, address))
			return v;
	return NULL;
}

static bool has(const struct port_list *l, const char *address, unsigned port)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].port == port && str_eq(l->list[i].address, address))
			return true;
	return false;
}

static void add(struct port_list *l, const struct scenario *s, const struct zone_record *r,
		const char *text, unsigned port)
{
	const struct lab_server *v = server_at(s, r, text, port);

	if (l->n == PORTS_MAX || has(l, text, port))
		return;
	l->servers[l->n] = v;
	l->list[l->n++] = (struct lab_port) { .host = v && !literal(v->host) ? v->host : r->name,
					      .address = text, .port = port };
}

void ports_make(struct port_list *l, struct arena *a, const struct scenario *s)
{
	l->list = arena_alloc(a, PORTS_MAX * sizeof(*l->list));
	l->servers = arena_alloc(a, PORTS_MAX * sizeof(const struct lab_server *));
	for (const struct zone_record *r = s->zone.records; r; r = r->next) {
		char *text;

		if ((r->type != TYPE_A && r->type != TYPE_AAAA) || r->fault != ZONE_NONE)
			continue;
		text = address_text(a, r);
		for (const struct lab_server *v = s->servers; v; v = v->next)
			if (server_at(s, r, text, v->port))
				add(l, s, r, text, v->port);
		for (size_t i = 0; i < ARRAY_LEN(usual_ports); i++)
			add(l, s, r, text, usual_ports[i]);
	}
}
