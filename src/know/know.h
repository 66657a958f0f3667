#ifndef KNOW_KNOW_H
#define KNOW_KNOW_H

/*
 * know - the tables of data/: causes, reply texts, providers, rules. Compiled in; the user's own
 * tables and `--codes FILE` add rows that go before the built-in ones, or replace them by id.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/reply.h"
#include "base/strv.h"

struct arena;
struct facts;

enum certainty { CERTAINTY_NONE, POSSIBLE, LIKELY, CERTAIN };
const char *certainty_name(enum certainty c);		/* "possible", "likely", "certain" */

/* One row of roles.tsv: an administrator's role, as the provider names it. */
struct role {
	const char	*id, *title;	/* "security-admin", "a Security Administrator" */
	const char	*can, *source, *confidence;
	struct strv	 providers;	/* globs of the providers that have it */
};

struct fix_step {
	const char	*where;		/* "Microsoft 365 admin center > Users > ..." */
	const char	*act;		/* what to do there */
	/* "" if none; placeholders {user} {from} {to} {host} {port} {domain} {ip} {appid} {oid} */
	const char	*command;
	/* who can do it, where that is not who fixes the cause; NULL */
	const struct role *role;
};

struct fix {
	struct fix_step	*steps;
	size_t		 n;
};

struct cause {
	const char	*id, *title, *who, *retry, *meaning, *verify, *decide, *confidence;
	/* ids of roles.tsv: who can fix it, where who is tenant-admin */
	struct strv	 roles;
	struct fix	 fix;
	struct strv	 next;		/* cause ids that often block after this one */
	struct strv	 sources;
};

/*
 * What a row of a table says in place of its cause, where it knows more. "" and empty lists mean:
 * as the cause says.
 */
struct row_words {
	const char	*id;
	const char	*provider;	/* whose words the row is about, "*" = anybody's */
	const struct cause *cause;
	enum certainty	 certainty;
	const char	*meaning, *who, *retry, *source, *confidence;
	/* NULL in rows of tables that have no such columns */
	const char	*title, *verify;
	struct strv	 roles;		/* as in a cause */
	struct fix	 fix;
	struct strv	 also;		/* cause ids that it may mean besides */
	const char	*file;		/* "error-codes.tsv", or the user's */
	int		 line;
};

/* What is wrong, as the row says it or else its cause: not filled in. */
const char *row_title(const struct row_words *words);

/* One row of error-codes.tsv. */
struct error_row {
	struct row_words	 words;
	const char	*stages, *codes, *enhanced, *pattern, *example;
};

/* For tests and `codes`: does the row speak for this stage? A row without stages does for all. */
bool error_row_has_stage(const struct error_row *row, enum stage s);

struct provider_port { unsigned port; bool implicit_tls; };

struct provider {
	const char	*id, *name, *path, *banner, *trailer, *tls_min, *limits, *note, *sources,
		*confidence;
	const char	*vendor;	/* of the cloud (clouds.tsv) that issues its tokens; "" */
	struct strv	 hosts, mx, mechanisms;
	/* providers whose error rows count too, after its own: outlook.com is like m365 */
	struct strv	 like;
	struct provider_port *ports;
	size_t		 n_ports;
	/* for audits: targets that are asked there at once, and begun a second; 0 = not said */
	unsigned	 at_once, per_second;
};

struct know;

/* A file of the user's own rows, in the form of one of the tables. */
struct know_file {
	const char	*path;
	const char	*table;		/* "causes.txt"; NULL = the table that has its columns */
};

/* The built-in tables, and the rows of own_file (NULL = none). The arena is used as long as the
 * tables are. NULL and *ret_error ("FILE:LINE: column 'cause': ...") on a bad file. */
struct know *know_new(struct arena *a, const char *own_file, const char **ret_error);
/*
 * The same with any number of files (n may be 0). A row takes the place of the one with the same
 * id; other rows go before the table's. A later file does so to an earlier one.
 */
struct know *know_load(struct arena *a, const struct know_file *files, size_t n,
		       const char **ret_error);
/* "causes.txt": the tables, by number; NULL past the end. */
const char *know_table_name(size_t i);
/*
 * Reads every row of the tables: else a row is read when it is wanted. False and *ret_error on a
 * bad one. For tests.
 */
bool know_check(struct know *k, const char **ret_error);

/* NULL when there is none */
const struct cause *know_cause(const struct know *k, const char *id);
const struct cause *know_cause_at(const struct know *k, size_t i);	/* NULL past the end */
const struct error_row *know_error_at(const struct know *k, size_t i);	/* NULL past the end */
const struct provider *know_provider_at(const struct know *k, size_t i);

/* The provider whose host or MX globs match, the most exact first. NULL when unknown. */
const struct provider *know_provider_of_host(const struct know *k, const char *host);
/* By words of a banner or a reply's trailer. */
const struct provider *know_provider_of_text(const struct know *k, const char *text);
/* By id and path (path NULL = the first). */
const struct provider *know_provider(const struct know *k, const char *id, const char *path);

/* The first of the vendor's rows; NULL. */
const struct provider *know_provider_of_vendor(const struct know *k, const char *vendor);
/* The provider's row for ordinary users who log in; NULL when it has none. */
const struct provider *know_provider_login(const struct know *k, const char *id);
/* The first of a row's hosts that is a name and no glob; "" when there is none. */
const char *provider_host(const struct provider *p);

/* NULL when there is none */
const struct role *know_role(const struct know *k, const char *id);
/* has this provider (an id) such a role? */
bool role_is_at(const struct role *role, const char *provider);
const struct role *know_role_at(const struct know *k, size_t i);	/* NULL past the end */
/*
 * Which administrator can do it at this provider: the first of the roles named (ids) that it has,
 * else who runs mail there. provider NULL or "" = unknown: then the only role that is named, else
 * an administrator of the mail service. Never NULL.
 */
const struct role *know_role_for(const struct know *k, const struct strv *named,
				 const char *provider);

/* --- matching a reply against the table --- */

struct error_match {
	const struct error_row	*row;
	enum certainty		 certainty;	/* the row's, or one less: see know_match() */
	/* what the match rests on: "provider, stage, code, enhanced code and text" */
	const char		*by;
	/* the pattern alternative that was found, "" for `*` */
	const char		*fragment;
	/* by what the words mean together, not by a row that knows them: know_meaning() */
	bool			 read;
};

/*
 * The best row for a reply: most specific first (a user's own row, provider, a text of its own or
 * `*`, enhanced code, stage, code, length of text): words say more than codes, enhanced codes more
 * than plain ones. A provider's own rows come before those of the providers it is like, these
 * before rows of any provider; then the earlier row. provider NULL = unknown: then the text may
 * give it away. What the reply does not say (code 0, no enhanced code, unknown stage) contradicts
 * nothing, but then the row needs a text of its own. Rows of other providers, and of other stages,
 * are taken when nothing better fits and their text is found; an enhanced code that no standard
 * registers (5.7.139) counts as text. A row of another provider whose words anybody may write
 * ("mailbox unavailable") is not taken where the provider is known; where it is not, only a long
 * sentence is, and never as certain. Certainty is one less where the match had to overlook
 * something and the text is short. False when no row matches.
 */
bool know_match(const struct know *k, struct arena *a, const char *provider, const struct reply *r,
		struct error_match *ret);

/* --- what words mean together --- */

/* One row of readings.tsv. Its .row has no pattern, and the enhanced code "*". */
struct reading_row {
	struct error_row	 row;
	/* concepts: "mailbox|account + full"; those that must not be there: "sender" */
	const char		*needs, *without;
};

/* NULL past the end */
const struct reading_row *know_reading_at(const struct know *k, size_t i);

/*
 * The first reading that holds for a reply: all concepts it needs are near each other in one
 * sentence, none of the others is in that sentence, and stage and code fit. A stage that is not
 * known is taken for a bounce's. Without a code a reading is possible at most, and without an
 * enhanced one, too, only one of any code holds. *ret has the reading as if it were a row. False
 * when there is none.
 */
bool know_read(const struct know *k, struct arena *a, const struct reply *r,
	       struct error_match *ret);

/*
 * What a reply means: by a row that knows its words, or is a provider's own (know_match()); else by
 * a reading that is as certain as what the row for the code says; else by that row.
 */
bool know_meaning(const struct know *k, struct arena *a, const char *provider,
		  const struct reply *r, struct error_match *ret);

/* --- numbers of Microsoft Entra ID: AADSTS50076 --- */

/* One row of aadsts.tsv. */
struct aadsts_row {
	unsigned long		 code;		/* 50076 */
	const char		*name;		/* Microsoft's short name, "" if it has none */
	struct row_words		 words;		/* id "AADSTS50076" */
};

/* NULL when it's not in the table */
const struct aadsts_row *know_aadsts(const struct know *k, unsigned long code);
/* NULL past the end */
const struct aadsts_row *know_aadsts_at(const struct know *k, size_t i);

/* --- who issues tokens --- */

/* One row of clouds.tsv. */
struct cloud {
	/* "gcch", "Microsoft's cloud for the US government" */
	const char	*id, *name;
	const char	*vendor;		/* "microsoft", "google" */
	/* for {tenant} when nobody says which: "organizations"; "" = there are none */
	const char	*tenant;
	const char	*login;			/* "https://login.microsoftonline.com" */
	const char	*auth_url, *token_url, *device_url;	/* with {tenant} */
	const char	*graph, *exchange;	/* names of these services; "" */
	const char	*smtp;			/* "smtp.office365.com" */
	/* names of the mail service, the one to ask for first */
	struct strv	 audiences;
	struct strv	 providers, issuers;	/* issuers: globs */
	const char	*note, *source, *confidence;
};

const struct cloud *know_cloud_at(const struct know *k, size_t i);	/* NULL past the end */
/* NULL when there is none */
const struct cloud *know_cloud(const struct know *k, const char *id);
/* The first that belongs to the provider, or that issues such tokens; NULL. */
const struct cloud *know_cloud_of_provider(const struct know *k, const char *provider);
const struct cloud *know_cloud_of_issuer(const struct know *k, const char *issuer);
bool cloud_issues(const struct cloud *c, const char *issuer);

/* --- words of other token services --- */

/* One row of oauth-errors.tsv. */
struct oauth_row {
	/* "invalid_grant"; "*", "microsoft", "google" */
	const char		*error, *vendor;
	struct row_words		 words;			/* id "invalid_grant" */
};

/* NULL when it's not in the table */
const struct oauth_row *know_oauth(const struct know *k, const char *error, const char *vendor);
const struct oauth_row *know_oauth_at(const struct know *k, size_t i);	/* NULL past the end */

/* --- values in the header of a delivered message --- */

/* One row of headers.tsv. */
struct header_row {
	const char	*header, *key;		/* a glob of field names, and what in it: "SFV" */
	struct strv	 values;		/* globs */
	const char	*meaning, *source, *confidence;
};

/* The first row that fits, letters' case ignored; NULL when there is none. */
const struct header_row *know_header(const struct know *k, const char *header, const char *key,
				     const char *value);
/* NULL past the end */
const struct header_row *know_header_at(const struct know *k, size_t i);

/* --- services that send in a domain's name --- */

/* One row of services.tsv. */
struct sending_service {
	const char	*id, *name;		/* id: of its provider, where it is one */
	struct strv	 includes;		/* of SPF: globs */
	const char	*envelope;		/* whose MAIL FROM: "customer" ... */
	struct strv	 selectors;		/* of DKIM */
	struct strv	 discover;		/* globs: where autodiscover leads to */
	const char	*form, *note;		/* form: "txt", "cname", "either", "" */
	const char	*source, *confidence;
};

/* NULL past the end, and when there is none */
const struct sending_service *know_service_at(const struct know *k, size_t i);
const struct sending_service *know_service(const struct know *k, const char *id);
/* The first that an include of this name belongs to; NULL. */
const struct sending_service *know_service_of_include(const struct know *k, const char *name);
/* The first whose mail programs are led to this name; NULL. */
const struct sending_service *know_service_of_discovery(const struct know *k, const char *name);
/* The include to publish: the first that is a name and no glob; "" when there is none. */
const char *service_include(const struct sending_service *s);

/* --- certification authorities --- */

/* One row of authorities.tsv. */
struct authority {
	const char	*issuer;		/* glob of the organisation in a certificate */
	struct strv	 domains;		/* its names in CAA records */
	const char	*source, *confidence;
};

/* NULL past the end */
const struct authority *know_authority_at(const struct know *k, size_t i);
/* The first that fits; NULL when there is none. */
const struct authority *know_authority(const struct know *k, const char *organisation);

/* --- blocklists --- */

/* One row of blocklists.tsv. */
struct blocklist {
	const char	*zone, *name;
	const char	*kind;			/* "ip", "domain" */
	const char	*use;			/* "open", "registered", "dead", "elsewhere" */
	struct strv	 answers;		/* "127.0.0.2 what it means", "bit 4 ..." */
	struct strv	 refusals;		/* globs of answers that are no listing */
	const char	*test;			/* a domain that is always listed; "" */
	const char	*terms, *delist, *source, *confidence;
};

/* NULL past the end */
const struct blocklist *know_blocklist_at(const struct know *k, size_t i);

/* --- what large receivers demand of senders --- */

/* One row of receiver-rules.tsv. */
struct receiver_rule {
	const char	*id, *receiver;
	const char	*who;		/* "everybody", "bulk" */
	const char	*needs;		/* "spf", "dkim", "spf-or-dkim", "dmarc", ... */
	const char	*words;		/* the rule */
	const char	*since;		/* since when it is enforced */
	const char	*reply;		/* what is said to who does not keep it; "" */
	const char	*fix, *source, *confidence;
};

/* NULL past the end */
const struct receiver_rule *know_receiver_rule_at(const struct know *k, size_t i);

/* --- dates of policies --- */

/* One row of policy.tsv. */
struct policy_row {
	const char		*id, *date, *what, *provider, *source, *checked, *confidence;
	time_t			 from;		/* the day, or the first of the month or year */
	time_t			 by;		/* the day, or the last of them: then it is so */
	struct strv		 paths;		/* of the provider; none = all */
	/* of error-codes.tsv: it explains no other replies; none = all of the cause */
	struct strv		 rows;
	const struct cause	*cause;
};

/* NULL past the end */
const struct policy_row *know_policy_at(const struct know *k, size_t i);

/*
 * What a provider's calendar says about a cause: at most two sentences "Policy: since December
 * 2026 ... (SOURCE, checked 2026-11-20)", the latest first; nothing that is still to come.
 * reply_row: id of the row that knows the reply; NULL = there is none. provider NULL or "" =
 * unknown: none. path NULL or "" = unknown: then only what holds for all paths or for the
 * provider's first one.
 */
struct strv know_policies(const struct know *k, struct arena *a, const struct cause *cause,
			  const char *reply_row, const char *provider,
			  const char *path, time_t now);

/* --- failures that are not replies --- */

/*
 * One row of symptoms.tsv: words of programs and libraries that mean something without any reply:
 * "ECONNREFUSED".
 */
struct symptom {
	const char		*id, *pattern, *meaning, *source, *example, *confidence;
	const char		*title;		/* "": the cause's */
	enum stage		 stage;
	const struct cause	*cause;
	enum certainty		 certainty;
};

const struct symptom *know_symptom_at(const struct know *k, size_t i);	/* NULL past the end */
/* Is it about reaching a server: its name, the connection, TLS, or how one of these ended? Whoever
 * got a reply had all of that, so such words in a server's reply are its opinion or tell of another
 * server. */
bool symptom_of_socket(const struct symptom *s);
/* The symptom with the longest text found in one line (or a few), a vague one ("possible") only
 * when there's no other; *ret_fragment is what was found. in_reply: the text is a server's reply,
 * so no symptom of the socket is looked for. NULL when there is none. */
const struct symptom *know_symptom(const struct know *k, struct arena *a, const char *text,
				   size_t n, bool in_reply, const char **ret_fragment);

#endif
