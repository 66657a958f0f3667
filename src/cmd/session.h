#ifndef CMD_SESSION_H
#define CMD_SESSION_H

/*
 * session - what the commands that dial have in common: the options for the network, and a run
 * inside the first fiber, against the simulated servers of --lab when it is given.
 *
 *	run.session = (struct session) { .command = "check", .arena = a, .options = &o.session,
 *					 .output = &o.output, .work = check_all, .arg = &run };
 *	return session_print(&run.session);
 */

#include <stdbool.h>
#include <stdio.h>

#include "cmd/opt.h"
#include "cmd/output.h"
#include "net/net.h"

struct arena;
struct lab;

struct session_options {
	struct net_options	 net;		/* without family, which ipv4 and ipv6 say */
	bool			 ipv4, ipv6;
	const char		*lab, *trace;	/* NULL = not given */
};

/* Rows of a command's table; type is its options struct, with a member `session`. */
#define NET_FAMILY_OPTIONS(type) \
	{ OPT_FLAG, '4', "ipv4", NULL, offsetof(type, session.ipv4), "IPv4 only", NULL }, \
	{ OPT_FLAG, '6', "ipv6", NULL, offsetof(type, session.ipv6), "IPv6 only", NULL }
#define NET_RESOLVER_OPTION(type) \
	OPT(TEXT, "resolver", "ADDR[:PORT]", offsetof(type, session.net.resolver), \
	  "ask this resolver instead of the system's")
#define NET_TRUST_ANCHOR_OPTION(type) \
	OPT(TEXT, "trust-anchor", "FILE", offsetof(type, session.net.trust_anchor), \
	  "validate DNSSEC by the DNSKEY or DS records in FILE instead of the root's")
#define NET_CA_FILE_OPTION(type) \
	OPT(TEXT, "ca-file", "FILE", offsetof(type, session.net.ca_file), \
	  "trust the certificates in FILE (PEM) instead of the system's")

/* Finds what is wrong before anything is dialled, and switches --trace on. OPT_GO, or EXIT_USAGE
 * after the error was printed. */
int session_test(const struct session_options *o, const char *command, struct arena *a);

struct session {
	/* Set by the caller. */
	const char			*command;	/* "check": for messages */
	struct arena			*arena;
	const struct session_options	*options;
	const struct output_options	*output;	/* for session_print() */
	/* Once the simulated servers run, and before the network is made: takes the options of the
	 * scenario. OPT_GO, or an exit status. NULL = nothing to do. */
	int				(*take_lab)(void *arg, const struct lab *lab);
	int				(*work)(void *arg);	/* answers the exit status */
	void				*arg;

	/* Set while work runs. */
	struct lab			*lab;		/* NULL without --lab */
	struct net			*net;
	struct report			 report;	/* of session_print(), for `output` */
};

/* Runs it. The exit status; less than 0 when there is no event loop, after that was printed. */
int session_run(struct session *s);
/* The same with the result's file open meanwhile. The exit status, also that of a signal. */
int session_print(struct session *s);

#endif
