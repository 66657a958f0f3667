#ifndef DIAG_PATH_H
#define DIAG_PATH_H

/*
 * path - which way somebody tries to send, what in the set-up contradicts it, and which way fits their case. Pure: from settings, or from the
 * facts of a check, to findings. Used by the check path.fit and by `smtpwhy lint`.
 */

#include <stdbool.h>

#include "base/strv.h"

struct arena;
struct know;
struct mail_settings;

/* What is known of the case; "" and PATH_UNKNOWN = not known. From a check's ask and facts, or from a configuration file. */
enum path_known { PATH_UNKNOWN, PATH_NO, PATH_YES };

struct path_case {
	const char	*host;			/* that is or would be dialled */
	unsigned	 port;			/* 0 unknown */
	const char	*tls;			/* "none", "opportunistic", "starttls", "implicit"; "" */
	const char	*auth;			/* mechanism wanted: "login", "xoauth2", "none" ...; "" */
	const char	*user, *from, *to;
	const char	*domain;		/* the sender's domain, from `from`, `user` or the target */
	const char	*scope, *token_url, *tenant, *client_id;
	enum path_known	 credentials;		/* a user name, a password or a token is configured */
	enum path_known	 password;		/* ... a password */
	enum path_known	 token;			/* ... OAuth */
	enum path_known	 client_cert;
	enum path_known	 verify_off;
	const char	*api;			/* "graph" ...: not SMTP */
	/* of the case, for the recommendation (--can, --recipients, --volume ...) */
	enum path_known	 can_oauth, can_auth, can_tls12, external, static_ip, port_25, own_code, can_cert, admin;
	long		 volume;		/* recipients a day, -1 unknown */
};

/* Fills a case from settings. */
void path_case_of(struct arena *a, const struct mail_settings *s, struct path_case *ret);

/* One contradiction, or remark. */
struct path_finding {
	struct path_finding	*next;
	const char		*finding;	/* "path.credentials-at-mx": a contract */
	const char		*cause;		/* id of causes.tsv; "" */
	const char		*severity;	/* "error", "warning", "info" */
	const char		*setting;	/* which setting it is about: "port", "host", "tls", "auth", "user", "from", "scope", "token_url" ... */
	const char		*message;	/* one sentence: what does not fit together, and what will happen */
	const char		*fix;		/* what to change, exactly */
	const char		*source;
};

struct path_choice {
	const char	*path;			/* id of the design's paths: "graph", "client-submission" ... */
	const char	*name;			/* in words */
	const char	*rule;			/* id of the rule that decided */
	const char	*why;			/* one sentence */
	struct strv	 prerequisites;
	struct strv	 breaks;		/* what would break it next: dates, expiry, an address that changes */
};

struct path_judgement {
	const char		*path;		/* the one they are on; "" unknown */
	const char		*path_why;	/* "the host ends in .mail.protection.outlook.com" */
	struct strv		 maybe;		/* others that look the same from outside: relay by connector, direct send */
	struct path_finding	*findings;	/* worst first */
	struct path_choice	*recommended;	/* [0] the first choice, then two runner-ups; NULL when the case tells too little */
	size_t			 n_recommended;
	struct strv		 unknown;	/* what would have to be known to say more, as questions */
};

/* Never NULL; lives in the arena. */
struct path_judgement *path_judge(struct arena *a, const struct know *know, const struct path_case *c);

#endif
