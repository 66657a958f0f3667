/*
 * check-ask - one target and the options of `check`, made into an ask.
 */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/check-config.h"
#include "cmd/check-options.h"
#include "cmd/checks.h"
#include "cmd/cmd.h"
#include "know/know.h"

enum { TIMEOUT_MS = 15000, MAX_TIME_MS = 120000 };	/* where the options say nothing */

/* A name that others can look up? Not the ones that systems give to machines without one. */
static bool is_full_name(const char *name)
{
	static const char *const private_ends[] = { ".local", ".localdomain", ".localhost", ".lan",
						    ".home", ".internal" };
	const char *dot = strchr(name, '.');

	if (!dot || !dot[1])
		return false;
	for (const char *p = name; *p; p++)
		if (!ascii_is_alnum(*p) && *p != '-' && *p != '.')
			return false;
	for (size_t i = 0; i < ARRAY_LEN(private_ends); i++)
		if (str_has_suffix_nocase(name, private_ends[i]))
			return false;
	return true;
}

/*
 * The address this machine would send from. Connecting a datagram socket sends nothing: it asks the
 * routing table.
 */
static const char *local_literal(struct arena *a, const char *target, const char *prefix)
{
	struct net_address to, self = { .len = sizeof(self.sa) };
	char text[INET6_ADDRSTRLEN] = "";
	int fd;

	if (!net_address_parse(target, &to))
		return NULL;
	if (to.sa.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&to.sa)->sin6_port = htons(25);
	else
		((struct sockaddr_in *)&to.sa)->sin_port = htons(25);
	fd = socket(to.sa.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	if (connect(fd, (const struct sockaddr *)&to.sa, to.len) == 0 &&
	    getsockname(fd, (struct sockaddr *)&self.sa, &self.len) == 0)
		inet_ntop(self.sa.ss_family, self.sa.ss_family == AF_INET6 ?
					     (void *)&((struct sockaddr_in6 *)&self.sa)->sin6_addr :
					     (void *)&((struct sockaddr_in *)&self.sa)->sin_addr,
			  text, sizeof(text));
	close(fd);
	return *text ? arena_printf(a, "[%s%s]", prefix, text) : NULL;
}

/*
 * The name to greet with: ours when it is a full one, else an address literal (RFC
 * 5321, 4.1.3 and 4.1.4).
 */
static const char *own_name(struct arena *a)
{
	char name[256] = "";
	const char *literal;

	if (gethostname(name, sizeof(name) - 1) == 0 && is_full_name(name))
		return arena_strdup(a, name);
	literal = local_literal(a, "192.0.2.1", "");
	if (!literal)
		literal = local_literal(a, "2001:db8::1", "IPv6:");
	return literal ? literal : "[127.0.0.1]";
}

static const struct provider *provider_of(const struct ask *ask)
{
	const char *path = *ask->path ? ask->path : NULL;
	const struct provider *p = NULL, *same;

	if (*ask->provider)
		return know_provider(ask->know, ask->provider, path);
	if (*ask->host)
		p = know_provider_of_host(ask->know, ask->host);
	same = p && path ? know_provider(ask->know, p->id, path) : NULL;
	return same ? same : p;
}

static void set_ports(struct ask *ask, struct arena *a, const struct ask_port *ports, size_t n)
{
	ask->ports = arena_alloc(a, n * sizeof(*ports));
	memcpy(ask->ports, ports, n * sizeof(*ports));
	ask->n_ports = n;
}

static void default_ports(struct ask *ask, struct arena *a)
{
	static const struct ask_port all[] = { { 25, false }, { 465, true }, { 587, false } };
	const struct provider *p = provider_of(ask);

	if (p && p->n_ports) {
		ask->ports = arena_alloc(a, p->n_ports * sizeof(*ask->ports));
		for (size_t i = 0; i < p->n_ports; i++)
			ask->ports[i] = (struct ask_port) { p->ports[i].port,
							    p->ports[i].implicit_tls };
		ask->n_ports = p->n_ports;
	} else if (str_eq(ask->path, "client-submission")) {
		set_ports(ask, a, all + 1, 2);
	} else if (ask->kind != TARGET_HOST || str_in(ask->path, "direct-send|smtp-relay")) {
		/*
		 * Mail to a domain goes to port 25 of its MX host and nowhere else
		 * (RFC 5321, 4.5.4.2).
		 */
		set_ports(ask, a, all, 1);
	} else {
		set_ports(ask, a, all, ARRAY_LEN(all));
	}
}

static int test_provider(const struct ask *ask, struct arena *a, const char *me)
{
	struct strv ids = { NULL, 0, 0 };
	const struct know *know = ask->know;
	const char *name = ask->provider, *near;
	const struct provider *p;

	if (!*name)
		return OPT_GO;
	if (know_provider(know, name, NULL))
		return !*ask->path || know_provider(know, name, ask->path) ? OPT_GO :
		       opt_wrong(me, "provider '%s' has no path '%s'", name, ask->path);
	for (size_t i = 0; (p = know_provider_at(know, i)); i++)
		if (!strv_has(&ids, p->id))
			strv_add(&ids, a, p->id);
	near = ids.n ? opt_near(name, ids.v) : NULL;
	if (near)
		return opt_wrong(me, "--provider: '%s' is not known; did you mean '%s'?", name,
				 near);
	return opt_wrong(me, "--provider: '%s' is not known; it is one of %s", name,
			 strv_join(&ids, a, " "));
}

/* Does any check have an id that the glob matches? A glob that matches nothing is a slip. */
static bool glob_matches(struct arena *a, const char *glob, const struct ask *ask)
{
	for (size_t i = 0; all_checks[i]; i++) {
		const char *id = all_checks[i]->id, *dollar = strchr(id, '$');

		if (!dollar && str_glob(glob, id))
			return true;
		for (size_t k = 0; dollar && k < ask->n_ports; k++)
			if (str_glob(glob, arena_printf(a, "%.*s%u%s", (int)(dollar - id), id,
							ask->ports[k].port, dollar + 1)))
				return true;
	}
	return false;
}

static int test_globs(const struct ask *ask, struct arena *a)
{
	for (size_t i = 0; i < ask->only.n; i++)
		if (!glob_matches(a, ask->only.v[i], ask))
			return opt_wrong("check", "--only: no check is called '%s'",
					 ask->only.v[i]);
	for (size_t i = 0; i < ask->skip.n; i++)
		if (!glob_matches(a, ask->skip.v[i], ask))
			return opt_wrong("check", "--skip-check: no check is called '%s'",
					 ask->skip.v[i]);
	return OPT_GO;
}

/* An address as target of the family that is not to be dialled: nothing is left to do. */
static int test_family(const struct session_options *o, const struct ask *ask, const char *me)
{
	bool ipv6 = strchr(ask->host, ':') != NULL;
	struct net_address literal;

	if ((!o->ipv4 && !o->ipv6) || !net_address_parse(ask->host, &literal) || ipv6 == o->ipv6)
		return OPT_GO;
	return opt_wrong(me, "%s is an %s address, and with %s only %s is dialled", ask->host,
		ipv6 ? "IPv6" : "IPv4",
			 o->ipv6 ? "-6" : "-4", o->ipv6 ? "IPv6" : "IPv4");
}

int check_options_ask(const struct check_options *o, struct arena *a, const char *target,
		      struct ask *ret)
{
	struct ask ask = o->ask;
	const char *trouble = ask_target(&ask, a, target), *me = o->command;
	int status;

	if (trouble)
		return opt_wrong(me, "%s", trouble);
	/* Said to be a domain, however much it looks like a host. */
	if (o->direct_send || o->mx) {
		ask.direct_send = !o->mx;
		ask.kind = TARGET_DOMAIN;
		ask.domain = str_lower(a, o->mx ? str_domain(ask.to) : o->direct_send);
		ask.host = ask.address = "";
		ask.host_from = HOST_FROM_MX;
		if (!*ask.from)
			ask.from = arena_printf(a, "postmaster@%s", ask.domain);
	}
	if (!*ask.helo)
		ask.helo = own_name(a);
	ask.timeout_ms = o->session.net.timeout_ms ?: TIMEOUT_MS;
	ask.max_time_ms = ask.max_time_ms ?: MAX_TIME_MS;
	ask.picked = ask.only.n > 0;
	status = case_options_read(&o->fit, me, a, &ask.means);
	if (status == OPT_GO)
		status = test_family(&o->session, &ask, me);
	if (status == OPT_GO)
		status = test_provider(&ask, a, me);
	if (status == OPT_GO)
		status = via_graph(&ask, a, me, o->cloud);
	if (status != OPT_GO)
		return status;
	if (!ask.port_given && o->ports)
		parse_ports(a, o->ports, &ask.ports, &ask.n_ports);
	else if (!ask.port_given)
		default_ports(&ask, a);
	check_config_ask(&ask);
	status = test_globs(&ask, a);
	if (status == OPT_GO)
		*ret = ask;
	return status;
}
