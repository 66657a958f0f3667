#ifndef SENDING_PATH_H
#define SENDING_PATH_H

/*
 * path - which way somebody tries to send, what in the set-up contradicts it, and which way fits
 * their case. Pure: from settings, or from the facts of a check, to findings. Used by the check
 * path.fit and by `smtpwhy lint`. The knowledge is data/path-findings.tsv and
 * data/path-choices.tsv.
 *
 *	path_case_of(a, settings, &c);
 *	c.ask.means = means;			// what the options of case-options.h say
 *	j = path_judge(a, know, &c);
 *
 * Words of findings and choices repeat what was given: of unknown origin, to be escaped on the way
 * out like everything else.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/status.h"
#include "base/strv.h"
#include "check/ask.h"
#include "judge/settings.h"

struct arena;
struct facts;
struct know;
struct mail_settings;
struct secret;

/* What is known of the case; "" (or NULL), 0 and PATH_UNKNOWN = not known. From a check's ask and
 * facts, or from a configuration file. */
struct path_case {
	/*
	 * What is, or would be, asked: host, user, from, to, the sender's domain (else that of
	 * `from`, or of `user`), provider, path, means, and auth in lower case, of settings also
	 * "none", "auto" and what else they say.
	 */
	struct ask	 ask;
	unsigned	 port;		/* 0 unknown, or several */
	const char	*tls;		/* "none", "opportunistic", "starttls", "implicit"; "" */
	const char	*user_form;	/* of a user name that is not shown: "blank", "guid" */
	const char	*scope, *token_url, *client_id;
	const char	*tenant;	/* whose token service it is */
	const char	*cname;		/* what the host is an alias of, joined by blanks */
	const char	*egress;	/* the public address of the sender, as a server saw it */
	/* a host that takes the domain's mail: tells who the domain's provider is */
	const char	*mx;
	enum path_known	 credentials;	/* a user name, a password or a token is configured */
	enum path_known	 password;	/* ... a password */
	/* ... in the form of an app password: path_app_password() */
	enum path_known	 app_password;
	enum path_known	 token;		/* ... OAuth */
	enum path_known	 client_cert;
	enum path_known	 verify_off;
	/* the application's secret has the form of the secret's id: path_is_id() */
	enum path_known	 secret_is_id;
	const char	*api;		/* "graph" ...: not SMTP */
	time_t		 now;		/* for dates of policies; 0 = clock_wall() */

	/* What a check saw with its own eyes: it outranks what the tables expect. */
	enum path_known	 seen_open;	/* the port answers */
	enum path_known	 seen_name;	/* the certificate is for this host and trusted */
	enum path_known	 seen_login;	/* a login was accepted */
	enum path_known	 seen_from;	/* MAIL FROM was accepted */
	enum path_known	 seen_to;	/* RCPT TO was accepted */
};

/* Fills a case from settings. */
void path_case_of(struct arena *a, const struct mail_settings *s, struct path_case *ret);
/* Fills a case from what was asked and what the checks have left so far. */
void path_case_seen(struct arena *a, const struct ask *ask, const struct facts *f,
		    struct path_case *ret);
/*
 * Does it look like an app password: 16 letters, maybe in groups? PATH_UNKNOWN without one. Nothing
 * of it is kept.
 */
enum path_known path_app_password(const struct secret *s);
/* Is it a GUID, which a secret's id is and its value is not? PATH_UNKNOWN without one. */
enum path_known path_is_id(const struct secret *s);

struct path_choice {
	/* id of the design's paths: "graph", "client-submission" ... */
	const char	*path;
	/* in words: "client submission with OAuth, smtp.office365.com:587" */
	const char	*name;
	const char	*rule;			/* id of the rule that decided */
	const char	*why;			/* one sentence */
	struct strv	 prerequisites;
	/* what would break it next: dates, expiry, an address that changes */
	struct strv	 breaks;
	const char	*confidence;
	const char	*source;
};

struct path_judgement {
	const char		*path;		/* the one they are on; "" unknown */
	/* "smtp.office365.com is a submission host of Microsoft 365" */
	const char		*path_why;
	/* id of the provider that sends, or that has the domain's mailboxes; "" unknown */
	const char		*provider;
	/* others that look the same from outside: relay by connector, direct send */
	struct strv		 maybe;
	struct path_finding	*findings;	/* worst first */
	struct evidence		*evidence;	/* the case as facts */
	/* [0] the first choice, then two runner-ups; NULL when the case tells too little */
	struct path_choice	*recommended;
	size_t			 n_recommended;
	/* what would have to be known to say more, as questions */
	struct strv		 unknown;
};

/* Never NULL; lives in the arena, as what the case points to must. Does not wait. */
struct path_judgement *path_judge(struct arena *a, const struct know *know,
				  const struct path_case *c);

#endif
