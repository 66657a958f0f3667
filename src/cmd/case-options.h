#ifndef CMD_CASE_OPTIONS_H
#define CMD_CASE_OPTIONS_H

/*
 * case-options - what the sender can do and needs, as options of `check` and `lint`: the tables of
 * both take CASE_OPTIONS(), their structs a member `fit`.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "cmd/opt.h"
#include "sending/path.h"

struct case_options {
	struct strv	 can, cannot;
	const char	*recipients, *volume, *static_ip, *port_25;
	bool		 own_code;
};

extern const char *const case_recipients[], *const case_yes_no[];

#define CASE_OPTIONS(type) \
	OPT(LIST, "can", "LIST", offsetof(type, fit.can), \
	  "what the sending program or device can do: oauth,tls12,auth,cert,admin (OAuth, TLS " \
	  "1.2, any login, a client certificate; an administrator of the mail service helps)"), \
	OPT(LIST, "cannot", "LIST", offsetof(type, fit.cannot), "what of these it cannot do"), \
	{ OPT_CHOICE, 0, "recipients", "WHERE", offsetof(type, fit.recipients), \
	  "internal: nobody outside the own organisation gets its mail; external: others too", \
	  case_recipients }, \
	OPT(TEXT, "volume", "N", offsetof(type, fit.volume), "so many recipients a day"), \
	{ OPT_CHOICE, 0, "static-ip", "yes|no", offsetof(type, fit.static_ip), \
	  "has the sender a fixed public address, shared with nobody?", case_yes_no }, \
	{ OPT_CHOICE, 0, "port-25", "yes|no", offsetof(type, fit.port_25), \
	  "is port 25 open to the outside?", case_yes_no }, \
	OPT_SWITCH("own-code", offsetof(type, fit.own_code), \
		   "the sending program is your own: its code can be changed")

/* Reads them. OPT_GO, or EXIT_USAGE after the error was told in the name of the command. */
int case_options_read(const struct case_options *o, const char *command, struct arena *a,
		      struct path_means *ret);

#endif
