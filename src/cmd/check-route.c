/*
 * check-route - who logs in hands mail to the provider's submission host, not to the host that
 * takes the domain's mail.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/check-options.h"
#include "cmd/checks.h"
#include "know/know.h"
#include "net/dns.h"

static bool is_login_path(const char *path)
{
	static const char paths[] =
		"client-submission|high-volume-email|azure-communication-services|"
		"personal-outlook|third-party";

	return str_in(path, paths);
}

bool is_redirected(const struct ask *ask, const char *name)
{
	struct net_address to;
	unsigned port;

	for (size_t i = 0; i < ask->n_ports; i++)
		if (*name && net_connect_to(ask->net, name, ask->ports[i].port, &to, &port))
			return true;
	return false;
}

static void set_host(struct ask *ask, struct arena *a, const char *host, enum host_from from,
	bool ports_open,
		     const struct provider_port *ports, size_t n)
{
	ask->host = arena_strdup(a, host);
	ask->host_from = from;
	if (!ports_open || !n)
		return;
	ask->ports = arena_alloc(a, n * sizeof(*ask->ports));
	for (size_t i = 0; i < n; i++)
		ask->ports[i] = (struct ask_port) { ports[i].port, ports[i].implicit_tls };
	ask->n_ports = n;
}

/* The row by whose hosts the provider takes mail with a login, on the path asked for. */
static const struct provider *login_row(const struct ask *ask, const struct provider *p)
{
	const struct provider *row = NULL;

	if (p)
		row = *ask->path ? know_provider(ask->know, p->id, ask->path) :
				   know_provider_login(ask->know, p->id);
	return row && *provider_host(row) && row->n_ports ? row : NULL;
}

static bool by_provider(struct ask *ask, struct arena *a, bool ports_open, const struct provider *p,
	enum host_from from,
			const char *how)
{
	const struct provider *row = login_row(ask, p);

	if (!row)
		return false;
	set_host(ask, a, provider_host(row), from, ports_open, row->ports, row->n_ports);
	ask->route = arena_printf(a, "%s, and mail with a login goes to %s", how, ask->host);
	return true;
}

/*
 * The MX host that belongs to a provider; of several providers the one whose users log in
 * somewhere: a filter in front has none.
 *
 * An MX record can be forged, but only from one row of our table to another: the host is the row's,
 * and without a certificate for it no secret goes there. So a forger can make the login go to
 * another big provider than the domain's, never to a host of his own. That is borne, and told
 * before it happens (announce() of cmd-check.c): to name the host is to decide it.
 */
static bool by_mx(struct ask *ask, struct arena *a, bool ports_open, const struct dns_answer *mx)
{
	for (const struct dns_record *r = mx->records; mx->status == DNS_OK && r; r = r->next) {
		const struct provider *p = *r->name ? know_provider_of_host(ask->know, r->name) :
					   NULL;

		if (p && by_provider(ask, a, ports_open, p, HOST_FROM_MX_PROVIDER,
				     arena_printf(a, "%s has its mailboxes there (MX %s)",
					ask->domain, r->name)))
			return true;
	}
	return false;
}

/* RFC 6186, 3.1 and RFC 8314, 5.1; a target of "." says that there is no such service. */
static bool by_srv(struct ask *ask, struct arena *a, bool ports_open)
{
	static const struct { const char *service; bool implicit_tls; } table[] = {
		{ "_submissions._tcp", true }, { "_submission._tcp", false }
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const char *name = arena_printf(a, "%s.%s", table[i].service, ask->domain);
		const struct dns_answer *srv = dns_ask(net_dns(ask->net), name, DNS_SRV);
		const struct dns_record *best = NULL;

		for (const struct dns_record *r = srv->records; srv->status == DNS_OK && r;
		     r = r->next)
			if (*r->name && r->port && (!best || r->priority < best->priority))
				best = r;
		if (!best)
			continue;
		set_host(ask, a, best->name, HOST_FROM_SRV, ports_open,
			 &(struct provider_port) { best->port, table[i].implicit_tls }, 1);
		ask->route = arena_printf(a,
					  "DNS says that mail with a login goes to %s:%u (SRV %s)",
					  best->name, best->port, name);
		return true;
	}
	return false;
}

/* Repeated for every skipped check, so keep it short. */
static void no_route(struct ask *ask, struct arena *a, bool ports_open, const struct dns_answer *mx)
{
	bool by_path = *ask->path && !str_eq(ask->path, "client-submission");
	const char *host = mx->records && *mx->records->name ? mx->records->name : "none";

	if (ports_open)
		ask->n_ports = 1;
	ask->route = arena_printf(a, "no server is known where %s takes mail %s%s (MX %s%s): give "
				  "its name, HOST:587", ask->domain,
				  by_path ? "by " : "with a login", by_path ? ask->path : "", host,
				  by_path ? "" : ", no SRV record");
}

void check_route(struct ask *ask, struct arena *a, bool ports_open)
{
	const struct dns_answer *mx;

	if (ask->kind == TARGET_HOST || (*ask->path ? !is_login_path(ask->path) : !*ask->user))
		return;
	if (*ask->provider) {
		ask->submission = by_provider(ask, a, ports_open, know_provider(ask->know,
			ask->provider, NULL),
					      HOST_FROM_PROVIDER, "--provider says so");
		return;
	}
	if (is_redirected(ask, ask->domain))
		return;
	ask->submission = true;
	mx = dns_ask(net_dns(ask->net), ask->domain, DNS_MX);
	if (by_mx(ask, a, ports_open, mx))
		return;
	if (mx->status != DNS_OK && mx->status != DNS_NODATA)
		return;		/* dns.mx tells what is wrong with it */
	if ((*ask->path && !str_eq(ask->path, "client-submission")) || !by_srv(ask, a, ports_open))
		no_route(ask, a, ports_open, mx);
}
