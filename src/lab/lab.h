#ifndef LAB_LAB_H
#define LAB_LAB_H

/*
 * lab - a simulated tenant on loopback: DNS and SMTP servers that do what a scenario file
 * says, faults included. It shares no SMTP code with the client, so that both can't agree
 * on the same mistake.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/strv.h"

struct arena;
struct lab;
struct scope;

/*
 * One way in. The lab's DNS answers addresses of the documentation ranges (RFC 5737, RFC 3849), as
 * a provider's would look: nobody serves them. A client that dials `address` and `port` has to be
 * redirected to 127.0.0.1 and `real_port` (net_map()), IPv6 addresses too. Ports that people ask
 * and that the scenario does not serve are there as well, so that nothing leaves the machine.
 */
struct lab_port {
	const char	*host;		/* "smtp.office365.com" */
	/* what the lab's DNS answers: "192.0.2.10", "2001:db8::10" */
	const char	*address;
	unsigned	 port;		/* as a client knows it: 587 */
	unsigned	 real_port;	/* on 127.0.0.1; never 0 */
	/* "open", "refused" (nothing listens), "filtered" (SYNs are not answered) */
	const char	*state;
};

/*
 * Reads the scenario (a name of data/scenarios, or a path with a '/') and starts its servers as
 * fibers of the scope. NULL and *ret_error ("FILE:LINE: what was expected") on a bad scenario.
 * Scope cancel ends it; then lab_free().
 */
_waits_ struct lab *lab_start(struct arena *a, struct scope *scope, const char *scenario,
			      const char **ret_error);
void lab_free(struct lab *l);

const char *lab_title(const struct lab *l);		/* one line: what is simulated */
const char *lab_target(const struct lab *l);	/* what to check: "smtp.office365.com:587" */
/* further options for the check: "--user", "scan@contoso.com" */
const struct strv *lab_options(const struct lab *l);
const char *lab_resolver(const struct lab *l);		/* "127.0.0.1:40053" */
const char *lab_ca_file(const struct lab *l);	/* its own CA, in a private temporary folder */
/* a made-up one that the scenario accepts or refuses; "" = none given */
const char *lab_password(const struct lab *l);
const char *lab_token(const struct lab *l);		/* likewise */
/* For check --graph, or --exo: a token with which an administrator's application reads. */
const char *lab_admin_token(const struct lab *l, struct arena *a, bool graph);
size_t lab_ports(const struct lab *l, const struct lab_port **ret);

/* An application that the lab's token services know, for clients that want a token. */
struct lab_app {
	const char	*tenant;	/* "contoso.com" */
	const char	*id;		/* client id */
	const char	*name;
	const char	*secret;	/* made up; "" = none */
	/* "public client", "secret", "certificate", "federated credential" */
	const char	*how;
};
size_t lab_apps(const struct lab *l, struct arena *a, const struct lab_app **ret);

/* What is built in: the scenarios one can run (not the bases they are made of), by name. */
struct lab_entry {
	const char	*name;		/* "tenant-disabled" */
	const char	*title;
	const char	*expect;	/* cause id, "" = healthy */
};
size_t lab_list(struct arena *a, const struct lab_entry **ret);

#endif
