#ifndef CMD_CHECK_OPTIONS_H
#define CMD_CHECK_OPTIONS_H

/*
 * check-options - the options of `check`, and an ask made of them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "cmd/case-options.h"
#include "cmd/credentials.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "check/ask.h"
#include "net/net.h"

struct check_options {
	struct output_options		 output;
	struct credential_options	 credentials;
	struct case_options		 fit;
	struct admin_sources		 admin;
	bool				 print_admin_script;
	bool				 no_progress, strict, data, allow_plaintext_auth, allow_untrusted_auth, ipv4, ipv6;
	int64_t				 timeout_ms, max_time_ms;
	const char			*ports, *provider, *path, *user, *from, *from_list, *from_config, *direct_send, *may_test, *client_cert,
					*client_key, *to, *helo, *auth, *tenant, *via, *cloud, *resolver, *source,
					*ca_file, *codes,
					*control_host, *lab, *trace;
	struct tls_identity		*identity;	/* of --client-cert and --client-key, once they were read */
	struct strv			 senders;	/* of --from-list, once it was read */
	struct strv			 connect_to, only, skip;
};

extern const struct opt_command check_command;

void check_options_init(struct check_options *o);
/* What can be said to be wrong before anything is loaded. OPT_GO, or EXIT_USAGE after it was told. */
int check_options_test(const struct check_options *o, struct arena *a);
void check_options_net(const struct check_options *o, struct net_options *ret);
/* An ask about one target. OPT_GO, or EXIT_USAGE after an error was told. The net is not used, only put in. */
int check_options_ask(const struct check_options *o, struct arena *a, const struct know *know, struct net *net,
		      const char *target, struct ask *ret);

/*
 * For a domain or an address on a path with a login (or with --user): finds the host that takes such mail, by the provider of the MX host or by
 * SRV records, and says how in ask->route. ports_open: nobody said which ports, they may be set. Waits for DNS.
 */
_waits_ void check_route(struct ask *ask, struct arena *a, bool ports_open);

/*
 * By Microsoft Graph (check-via.c): turns the ask to it when that is wanted (--via graph), or when the target is its host: the mailbox is the
 * target or ask->user, the host that of the cloud (NULL = worldwide). Without --only the checks of SMTP are left out. OPT_GO, or
 * EXIT_USAGE after an error was told.
 */
int via_graph(struct ask *ask, struct arena *a, const char *command, bool wanted, const char *cloud);
/* Where nobody named a cloud: that of the token, once it is there. */
void via_token(struct ask *ask, struct arena *a);

/* Reads "25,465,587", "2465/tls,2587/starttls". NULL, or one line saying what is wrong. */
const char *parse_ports(struct arena *a, const char *text, struct ask_port **ret, size_t *ret_n);

#endif
