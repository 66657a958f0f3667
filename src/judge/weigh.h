#ifndef JUDGE_WEIGH_H
#define JUDGE_WEIGH_H

/*
 * diagnose - candidates for a diagnosis: gathered from replies, findings, symptoms and rules, then
 * weighed against each other. What rules.c (a live target) and explain (a paste) share.
 */

#include "judge/evidence.h"
#include "know/rule.h"

/* What stands for {user} and the others; NULL or "" prints <mailbox>, <host> ... */
struct filling {
	const char	*user, *from, *to, *host, *port, *domain, *ip;
	/* of an application's token; NULL unless they are GUIDs: they go into commands */
	const char	*appid, *oid;
};

struct candidate {
	const struct cause	*cause;
	enum certainty		 certainty;
	enum stage		 stage;
	long			 rank;		/* among equals the higher leads */
	unsigned		 port;		/* 0 = of the whole target */
	/* of a bounce, from 1: what happened to one says nothing of another; 0 = of all */
	size_t			 recipient;
	const struct row_words	*row;		/* NULL = the cause's own words */
	const char		*title;		/* NULL or "" = the row's or the cause's */
	const char		*meaning;	/* NULL or "" = the row's or the cause's */
	const char		*verify;	/* NULL or "" = the row's or the cause's */
	const struct fix	*fix;		/* NULL = the row's or the cause's */
	const char		*source;	/* NULL = the row's or the cause's */
	const char		*because;
	const char		*matched_by;
	const struct reply	*reply;
	const struct strv	*hides;		/* NULL = none */
	bool			 dropped;
};

struct candidates {
	struct arena		*arena;
	const struct know	*know;
	struct candidate	*list;
	size_t			 n, cap;
	struct strv		 causes;	/* of all in the list, once each */
	/* for dates of policies; NULL or "" = unknown */
	const char		*provider, *path;
	/*
	 * whose administrators are meant where the provider is unknown: its id;
	 * NULL or "" = unknown
	 */
	const char		*issuer;
};

void candidates_add(struct candidates *c, const struct candidate *one);

/*
 * The causes that a sign-in log names by its numbers, as aadsts.tsv has them: facts entra.login.*.
 */
void candidates_of_sign_in(struct candidates *c, const struct facts *f);

/*
 * The reply whose row the table has: the one told inside it ("530 ... Error: 535 ..."), which
 * leads, or itself; NULL, and no row in *ret, when there is none. provider "" or NULL = unknown.
 */
const struct reply *reply_known(const struct know *k, struct arena *a, const char *provider,
				const struct reply *r, struct error_match *ret);

/* What a reply means by the table; nothing when it has no row. */
void candidates_of_said(struct candidates *c, const struct said *s, unsigned port);

/*
 * What a program's line means. Beside a number of Entra ID what is said around it
 * counts for nothing.
 */
void candidates_of_sign(struct candidates *c, const struct sign *s);

/*
 * Whom the candidates are about, by id; when that is not known: whose reply stands for the cause.
 * NULL or "" = unknown.
 */
const char *candidates_provider(const struct candidates *c, const struct cause *cause);

/*
 * The one public IPv4 address that a reply names: the client's, as the server saw it. "" when it
 * names none, or several.
 */
const char *reply_address(struct arena *a, const struct reply *r);

/*
 * The one domain that a reply about SPF, DKIM or DMARC names as the sender's, in lower case: safe
 * in a command. "" when it names none, or several.
 */
const char *reply_domain(struct arena *a, const struct reply *r);

/* The reply told inside another one's text, or NULL. */
const struct reply *reply_inside(struct arena *a, const struct reply *r);

/*
 * What a reply in no table says by the classes of its codes alone (RFC 5321, 4.2.1; RFC 3463): a
 * sentence or two.
 */
char *reply_decoded(struct arena *a, const struct reply *r);

/*
 * Weighs: what is hidden by something stronger is dropped, one of each cause is kept with all its
 * evidence, the strongest first. At most LIMIT_DIAGNOSIS.
 */
enum { LIMIT_DIAGNOSIS = 6 };
struct diagnosed *candidates_weigh(struct candidates *c, const struct filling *f, size_t *ret_n);

/*
 * The causes that typically block once the first is fixed, without what is reported already and
 * what globs of causes refute (NULL = none).
 */
struct strv diagnosed_next(struct arena *a, const struct diagnosed *list, size_t n,
			   const struct strv *refuted);

/* The text with {user} {host} ... filled in. */
char *filled(struct arena *a, const struct filling *f, const char *text);

#endif
