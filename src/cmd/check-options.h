#ifndef CMD_CHECK_OPTIONS_H
#define CMD_CHECK_OPTIONS_H

/*
 * check-options - the options of `check`, and an ask made of them. `send` fills them, too: it asks
 * a server as `check` does.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "cmd/case-options.h"
#include "cmd/credentials.h"
#include "cmd/session.h"
#include "check/ask.h"

struct check_options {
	const char			*command;	/* whose errors are told */
	/* What is the same for all targets: the options write into it, then what they name is read
	 * (settings, tables, senders, secrets). ask.max_time_ms 0: not given. */
	struct ask			 ask;
	struct session_options		 session;
	struct output_options		 output;
	struct credential_options	 credentials;
	struct case_options		 fit;
	struct admin_sources		 admin;
	bool				 print_admin_script, no_progress, accept;
	bool				 mx;	/* of send: the target is the domain of ask.to */
	const char			*ports, *from_list, *from_config, *direct_send, *may_test,
					*client_cert, *client_key, *cloud, *codes, *baseline,
					*expect, *write_expect;
};

extern const struct opt_command check_command;

void check_options_init(struct check_options *o);
/*
 * What can be said to be wrong before anything is loaded. OPT_GO, or EXIT_USAGE after it was told.
 */
int check_options_test(const struct check_options *o, struct arena *a);
/* The ask about one target. OPT_GO, or EXIT_USAGE after an error was printed. Dials nothing. */
int check_options_ask(const struct check_options *o, struct arena *a, const char *target,
		      struct ask *ret);

/*
 * For a domain or an address on a path with a login (or with --user): finds the host that takes
 * such mail, by the provider of the MX host or by SRV records, and says how in ask->route.
 * ports_open: nobody said which ports, they may be set. Waits for DNS.
 */
_waits_ void check_route(struct ask *ask, struct arena *a, bool ports_open);
/* Does --connect-to say where this host or domain is? Then its name is not looked up. */
bool is_redirected(const struct ask *ask, const char *name);

/*
 * By Microsoft Graph (check-via.c): turns the ask to it when ask->via wants it (--via graph), or
 * when the target is its host: the mailbox is the target or ask->user, the host that of the cloud
 * (NULL = worldwide). Without --only the checks of SMTP are left out. Else ask->via becomes "".
 * OPT_GO, or EXIT_USAGE after an error was printed.
 */
int via_graph(struct ask *ask, struct arena *a, const char *command, const char *cloud);
/* Where nobody named a cloud: that of the token, once it is there. */
void via_token(struct ask *ask, struct arena *a);

/* Reads "25,465,587", "2465/tls,2587/starttls". NULL, or one line saying what is wrong. */
const char *parse_ports(struct arena *a, const char *text, struct ask_port **ret, size_t *ret_n);

#endif
