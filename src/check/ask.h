#ifndef CHECK_ASK_H
#define CHECK_ASK_H

/*
 * ask - what somebody wants to know: one target, and how to ask it. Filled by src/cmd, read by
 * everyone else.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strv.h"

struct net;
struct secret;
struct know;
struct mail_settings;
struct provider;
struct letter_sent;

enum path_known { PATH_UNKNOWN, PATH_NO, PATH_YES };

/* What the sender can do and needs: what decides which way fits. Zeroed: nothing is known. */
struct path_means {
	bool		 given;		/* somebody said something: the recommendation is wanted */
	/* the program or device: OAuth, any login, TLS 1.2, a client certificate */
	enum path_known	 can_oauth, can_auth, can_tls12, can_cert;
	enum path_known	 admin;		/* an administrator of the mail service helps */
	enum path_known	 external;	/* recipients outside the own organisation */
	enum path_known	 static_ip;	/* a fixed public address, shared with nobody */
	enum path_known	 port_25;	/* port 25 to the outside is open */
	enum path_known	 own_code;	/* the program's code can be changed */
	long		 volume;	/* recipients a day; 0 unknown */
};

enum target_kind { TARGET_HOST, TARGET_DOMAIN, TARGET_ADDRESS };
const char *target_kind_name(enum target_kind k);	/* "host", "domain", "address" */

/*
 * Where the name of the host that is asked comes from. DNS is not signed as far as we look, so a
 * name that only DNS gave is anybody's who can forge an answer: no secret goes there before
 * something else speaks for it (RFC 6186, 6; src/talk/whose.c).
 */
enum host_from {
	/* an MX record, and nothing else: what is trusted least comes first */
	HOST_FROM_MX,
	HOST_FROM_SRV,		/* an SRV record */
	HOST_FROM_MX_PROVIDER,	/* our table, for the provider that an MX record names */
	/* our table, for the provider or cloud that the user or the token names */
	HOST_FROM_PROVIDER,
	HOST_FROM_SETTINGS,	/* a program's settings (--from-config) */
	/* the command line, as host or as the domain that has no MX record */
	HOST_TYPED,
};
/* "mx", "srv", "mx-provider", "provider", "settings", "typed" */
const char *host_from_name(enum host_from f);

struct ask_port { unsigned port; bool implicit_tls; };

struct ask {
	const char	*input;		/* as given */
	const char	*client;	/* of a list: whose it is; "" or NULL */
	unsigned	 line;		/* of a list: where it stands, from 1; 0 = in none */
	enum target_kind kind;
	/* what is dialled first; "" until found by MX (domain, address) */
	const char	*host;
	enum host_from	 host_from;	/* of the host, when it is not "" */
	const char	*domain;	/* "" when unknown */
	const char	*address;	/* "" unless the target is one */
	bool		 port_given;	/* "host:587": that port alone */
	struct ask_port	*ports;		/* what is asked */
	size_t		 n_ports;
	const char	*provider;	/* --provider, "" = recognise */
	const char	*path;		/* --path, "" = the provider's */

	/* domain, address: mail is handed in with a login, and the MX host is not who is asked */
	bool		 submission;
	/* how the host was found; host "": what is missing to find it; NULL */
	const char	*route;

	const char	*via;		/* "graph" = not by SMTP but by Microsoft Graph; "" */
	const char	*subject;	/* of a message that is sent by Graph; "" = ours */
	/* the message that is sent by SMTP (proto/letter.h); NULL = a plain test message */
	const struct letter_sent *letter;
	const char	*helo;		/* never "" */
	const char	*from;		/* "" = no MAIL FROM */
	const char	*to;		/* "" = no RCPT TO */
	/* --sender-ip: where mail will come from; "" = as the server sees us */
	const char	*sender_ip;
	/* --selector: of DKIM keys, joined by commas; "" or NULL = those that are usual */
	const char	*selector;
	bool		 blocklists;	/* --blocklists: ask public ones for the address, too */
	struct strv	 senders;	/* --from-list: addresses to be tried in one session */
	bool		 direct_send;	/* --direct-send-test of the domain */
	bool		 data;		/* messages may be sent (--data) */
	const char	*user;		/* "" = no authentication */
	struct secret	*password;	/* NULL = none */
	struct secret	*token;		/* NULL = none */
	/* an administrator's, to read with; NULL = nothing is read */
	struct secret	*graph_token, *exo_token;
	/* id of the tenant that has the mailbox (--tenant); "" = as its domain tells */
	const char	*tenant;
	const char	*auth;		/* --auth: "", "login", "plain", "xoauth2", "oauthbearer" */
	bool		 allow_plaintext_auth;	/* log in without TLS */
	/* log in under a certificate that does not prove who it is */
	bool		 allow_untrusted_auth;

	bool		 redirected;	/* --connect-to applies: names are not looked up */
	const char	*control_host;	/* a host the user knows to be reachable, "" = none */
	int64_t		 timeout_ms;	/* one step */
	int64_t		 max_time_ms;	/* the whole target; 0 = no limit */
	/* --from-config: what a program is set up to do; NULL */
	const struct mail_settings *settings;
	struct path_means means;	/* of the sender, for the recommendation */
	struct strv	 only;		/* --only globs; empty = all */
	bool		 picked;	/* they are the user's, not those of a way of sending */
	struct strv	 skip;		/* --skip-check globs */
	bool		 strict;

	struct net	*net;
	const struct know *know;
	/* Called on each change for a line of progress; may be NULL. Must not wait. */
	void		(*progress)(void *arg, const char *what);
	void		*progress_arg;
};

/* Nothing is asked: every string is "", all else is zero. */
extern const struct ask ask_nothing;

/*
 * Reads "smtp.office365.com:587", "[2001:db8::1]:25", "contoso.com", "scan@contoso.com" into kind,
 * host, domain, address, port. A name is a host when it has a port, no dot, or is an IP address;
 * when a provider's host or MX glob matches it; when its first label has the word mail, mx, relay
 * or mta or holds "smtp" (but mail.com is a domain). Else it is a domain. Names become lower case
 * without a final dot; other letters than ASCII stay. Port 465 is implicit TLS. Answers NULL, or
 * one line saying what is wrong with it, the ask untouched.
 */
struct arena;
const char *ask_target(struct ask *ask, struct arena *a, const char *input);
/* The same without the input in that line: it may be a secret in the wrong column of a list. */
const char *ask_target_unshown(struct ask *ask, struct arena *a, const char *input);

/* Is it one of the ports that are asked? */
bool ask_has_port(const struct ask *ask, unsigned port);

#endif
