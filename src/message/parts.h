#ifndef MESSAGE_PARTS_H
#define MESSAGE_PARTS_H

/*
 * parts - what single header fields say. Each parser takes an unfolded value (message/fields.h),
 * never fails, and keeps what it does not understand. Strings are "" when they are not there; all
 * of it lives in the arena. Pure functions.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strv.h"

struct arena;

/* --- scan: what structured fields share (RFC 5322, 3.2) --- */

struct scan;
/* Passes blanks and comments, which may be nested. The first comment's text, if it is wanted and
 * there is one. */
void part_skip(struct scan *s, struct span *ret_comment);
/* A quoted string without its quotes and escapes, or what stands up to one of the stops. */
const char *part_value(struct arena *a, struct scan *s, const char *stops);

/* --- dates --- */

struct header_date {
	bool		 known;
	int64_t		 ms;		/* since 1970, UTC */
	bool		 no_zone;	/* its zone is missing or unknown: taken for UTC */
};

/* RFC 5322, 3.3 with what is seen in the wild: fractions, a missing weekday or zone, names of
 * zones, ISO 8601. */
struct header_date date_read(struct arena *a, struct span text);

/* --- Received (RFC 5321, 4.4; RFC 3848) --- */

struct hop {
	const char *from, *by, *with, *id, *via, *recipient; /* the clauses, comments included */
	const char *helo, *by_host; /* the first words of from and by: host names, mostly */
	const char *name;           /* of the client by its address ("unknown" as it stands); "" */
	const char	*address;		/* of the client: IPv4 or IPv6; "" */
	const char *protocol; /* "ESMTPSA", "Microsoft SMTP Server", "mapi", "LMTP"; "" */
	const char	*tls_version, *cipher;	/* "TLS 1.3"; "" where none is named */
	bool		 tls;			/* it says so */
	bool		 clear;			/* mail by SMTP, and nothing is said of TLS */
	bool		 login;			/* the client had logged in */
	struct header_date when;
	/* Set by hops_order(): */
	size_t field; /* which Received of the header it is, from 0 = the top */
	bool		 has_delay;
	int64_t delay_ms; /* since the hop before; negative where clocks differ */
	bool		 clock;			/* its delay is a wrong clock's, not a wait */
};

void received_read(struct arena *a, const char *value, struct hop *ret);

/* --- Authentication-Results (RFC 8601), with and without an authserv-id --- */

struct auth_prop {
	const char *type, *name, *value;
}; /* "header", "d", "example.com"; type "" = Microsoft's bare ones */

struct auth_result {
	const char	*method, *result, *reason;	/* lower case, but the reason */
	const char *comment; /* the first one behind the result, without brackets */
	struct auth_prop *props;
	size_t		 n_props, cap_props;
};

struct authres {
	const char	*id;		/* the authserv-id; "" = none, as Microsoft writes it */
	const char	*version;
	struct auth_result *v;
	size_t		 n, cap;
	unsigned	 instance;	/* of an ARC-Authentication-Results (RFC 8617, 4.1.1); 0 */
	bool		 strict;	/* it keeps to the grammar */
};

enum { LIMIT_AUTH_RESULTS = 256, LIMIT_AUTH_PROPS = 64 };

void authres_read(struct arena *a, const char *value, struct authres *ret);
const struct auth_result *authres_find(const struct authres *r, const char *method);
/* The property "header.d"; without a type where Microsoft writes none ("action"). "" when it is not
 * there. */
const char *auth_prop(const struct auth_result *r, const char *type, const char *name);

/* Received-SPF (RFC 7208, 9.1). */
struct received_spf { const char *result, *comment, *client_ip, *envelope_from, *helo, *receiver; };
void received_spf_read(struct arena *a, const char *value, struct received_spf *ret);

/* --- DKIM-Signature (RFC 6376, 3.5) --- */

struct dkim_signature {
	const char	*domain, *selector, *algorithm, *identity, *canonical;
	struct strv	 headers;	/* h=, at most LIMIT_SIGNED */
	int64_t		 signed_at, expires;	/* t=, x=: seconds; 0 = not said */
	bool		 has_length;	/* l= is there: what follows is unsigned */
	bool		 signs_from;
	const char *fault; /* why it can't be used, by its tags alone; "" = nothing is wrong with
			      them */
};

enum { LIMIT_SIGNATURES = 32, LIMIT_SIGNED = 256 };

void dkim_read(struct arena *a, const char *value, struct dkim_signature *ret);

/* --- Microsoft's antispam fields: KEY:VALUE;KEY:VALUE; --- */

struct antispam_pair { const char *key, *value; };

struct antispam {
	struct antispam_pair *v;
	size_t		 n, cap;
};

enum { LIMIT_ANTISPAM = 256 };

void antispam_read(struct arena *a, const char *value, struct antispam *ret);
const char *antispam_value(const struct antispam *s, const char *key); /* "" when it is not there */

/* --- X-Spam-Status (SpamAssassin, amavis), X-Spamd-Result (rspamd) --- */

struct spam_test { const char *name; double score; bool has_score; };

struct spam_status {
	bool		 there, yes;
	const char	*score, *required;
	struct spam_test *tests;	/* as listed */
	size_t		 n_tests, cap_tests;
};

enum { LIMIT_SPAM_TESTS = 256 };

void spam_status_read(struct arena *a, const char *value, struct spam_status *ret);
void rspamd_result_read(struct arena *a, const char *value, struct spam_status *ret);

/* --- addresses and domains --- */

/* The domain of the (last) address in a From or an envelope: lower case; "" when there is none. */
const char *domain_of_address(struct arena *a, const char *value);
/* Of one organization, by the public suffix list? Letters' case is ignored; false where one is
 * "". */
bool domain_same_org(const char *a, const char *b);
/* Is it the name, or a name under it? */
bool domain_within(const char *name, const char *parent);

#endif
