#ifndef DOMAIN_SPF_H
#define DOMAIN_SPF_H

/*
 * spf - may this address send mail for this domain, and which term says so? RFC 7208, with a trace:
 * the tree of records, what each term asked and cost, and what is wrong with a record by name.
 *
 *	struct domain_dns dns = domain_dns_of(net_dns(net));
 *	struct spf_ask ask = { .ip = "192.0.2.1", .from = "scan@contoso.com", .helo = helo };
 *	const struct spf *s = spf_check(arena, &dns, &ask);
 *	if (s->result == SPF_PASS)
 *
 * Everything that the records may need is asked ahead, side by side, one round per level of
 * include; then the terms are judged in their order from the answers. It all lives in the arena.
 */

#include "base/str.h"
#include "domain/ask.h"

enum spf_result {
	SPF_NONE, SPF_NEUTRAL, SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_TEMPERROR, SPF_PERMERROR,
	SPF_NOT_JUDGED,		/* no address was given: the records were only looked at */
};
const char *spf_result_name(enum spf_result r);		/* "none", "pass", ..., "not-judged" */

enum {
	SPF_LOOKUPS_MOST	= 10,	/* terms that ask DNS (RFC 7208, 4.6.4) */
	SPF_VOIDS_MOST		= 2,	/* of those, with nothing for an answer (the same) */
	SPF_NAMES_MOST		= 10,	/* names of one MX or PTR answer (the same) */
	SPF_LENGTH_ADVISED	= 450,	/* octets of a record (RFC 7208, 3.4) */
	SPF_COUNTED_MOST	= 50,	/* where counting of lookups stops: "50 or more" */
	SPF_TERMS_MOST		= 2000,	/* of one record; one with more is not read */
	SPF_FAULTS_MOST		= 64,	/* kept */
};

struct spf_ask {
	const char	*ip;		/* of who connects; "" = the record is only looked at */
	const char	*from;		/* MAIL FROM; "" = the null sender */
	const char	*helo;
	const char	*domain;	/* whose record; "" = that of from, or helo */
	const char	*receiver;	/* %{r}; "" = unknown */
	int64_t		 now;		/* %{t}: seconds since 1970 */
};

enum spf_kind {
	SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS, SPF_REDIRECT,
	SPF_EXP,
	SPF_OTHER,	/* an unknown modifier, or a term that cannot be read */
};

struct spf_record;

/* One term of a record, and what became of it. */
struct spf_term {
	struct spf_term		*next;
	enum spf_kind		 kind;
	struct span		 text;		/* as written; bytes from outside */
	char			 qualifier;	/* + - ~ ? */
	struct span		 spec;		/* the domain-spec; empty = the record's domain */
	unsigned char		 network[16];	/* ip4, ip6 */
	unsigned		 bits4, bits6;	/* of the prefix */
	bool			 broken;	/* cannot be read */

	/* What DNS said; only of terms that were looked at. */
	bool			 looked_up;
	bool			 unclear;	/* its name needs the address, which is not known */
	const char		*target;	/* the name, macros expanded; "" = none */
	enum dns_status		 status;	/* of the first question */
	const struct dns_answer	**answers;	/* A, AAAA, in the order of judging */
	size_t			 n_answers;
	size_t			 n_names;	/* of the MX or PTR answer */
	bool			 is_void;	/* nothing came back (RFC 7208, 4.6.4) */
	struct spf_record	*record;	/* include, redirect */

	/* What it counts: 0 or 1 for itself and what lies below, if nothing matches. */
	unsigned		 worst_lookups, worst_voids;
	unsigned		 lookup;	/* its number in this evaluation; 0 = not reached */
	bool			 judged;	/* this evaluation came to it */
	bool			 matched;
};

struct spf_record {
	const char		*domain;
	const struct spf_record	*parent;	/* whose term led here; NULL = the first */
	const struct spf_term	*by;		/* that include or redirect */
	enum dns_status		 status;	/* of the TXT question */
	const char		*dns_why;	/* of the answer, when it is not as wanted */
	size_t			 n_spf;		/* records that begin with v=spf1 */
	size_t			 n_near;	/* nearly do: no SPF record for anybody */
	struct span		 text;		/* the record; empty = none */
	struct spf_term		*terms;		/* mechanisms and modifiers in their order */
	struct spf_term		*redirect, *exp;
	bool			 broken;	/* the syntax is wrong somewhere */
	enum spf_result		 result;	/* of it alone; SPF_NOT_JUDGED = not reached */
	unsigned		 depth;
};

enum spf_fault_kind {
	SPF_FAULT_TWO_RECORDS,		/* permerror: the domain has several */
	SPF_FAULT_SYNTAX,		/* permerror: a term cannot be read */
	SPF_FAULT_LOOKUPS,		/* permerror: over 10, for this address */
	SPF_FAULT_LOOKUPS_WORST,	/* over 10 for an address that nothing matches */
	SPF_FAULT_VOIDS,		/* permerror: over 2 for this address */
	SPF_FAULT_VOIDS_WORST,
	SPF_FAULT_DEAD_INCLUDE,		/* permerror: no record there */
	SPF_FAULT_LOOP,			/* permerror: a record leads to itself */
	SPF_FAULT_NAMES,		/* permerror: over 10 hosts of an mx */
	SPF_FAULT_DNS,			/* temperror: a question was not answered */
	SPF_FAULT_NOT_A_RECORD,		/* a TXT record that looks like SPF and is none */
	SPF_FAULT_PASS_ALL,		/* +all: everybody may send */
	SPF_FAULT_NO_ALL,		/* neither all nor redirect: the rest is neutral */
	SPF_FAULT_NEUTRAL_ALL,		/* ?all */
	SPF_FAULT_PTR,			/* RFC 7208, 5.5: do not use */
	SPF_FAULT_AFTER_ALL,		/* terms that nobody reads */
	SPF_FAULT_VOID,			/* a term that names nothing */
	SPF_FAULT_UNKNOWN_MODIFIER,
	SPF_FAULT_WIDE,			/* a prefix that allows very many */
	SPF_FAULT_LONG,			/* too long for an answer by UDP */
	SPF_FAULT_COUNT,
};
const char *spf_fault_name(enum spf_fault_kind k);	/* "two-records", "syntax", ... */

struct spf_fault {
	struct spf_fault	*next;
	enum spf_fault_kind	 kind;
	const struct spf_record	*record;	/* NULL = of the whole */
	const struct spf_term	*term;		/* NULL = of the record */
	const char		*words;		/* one sentence without a full stop; escaped */
};

struct spf {
	enum spf_result		 result;
	const char		*why;		/* one sentence without a full stop; escaped */
	const char		*domain;	/* whose record */
	const char		*ip;		/* as judged: mapped is IPv4; "" = not known */
	struct spf_record	*record;	/* the first; NULL: the domain is no name to ask */
	const struct spf_record	*decided_in;	/* record and term that matched, innermost; NULL */
	const struct spf_term	*decided;
	const char		*explanation;	/* of a fail, by exp=; "" = none; escaped */
	unsigned		 lookups, voids;		/* of this evaluation */
	unsigned		 worst_lookups, worst_voids;	/* where nothing matches */
	struct spf_fault	*faults;	/* in the order found */
	size_t			 n_faults;	/* found, perhaps more than kept */
};

/*
 * Evaluates, and looks at every record that the first one leads to. Never NULL. An address that
 * cannot be read counts as not known.
 */
_waits_ const struct spf *spf_check(struct arena *a, const struct domain_dns *dns,
				    const struct spf_ask *ask);

/* The first fault of that kind, or NULL. */
const struct spf_fault *spf_fault_of(const struct spf *s, enum spf_fault_kind k);

/* The evaluation in lines: a record, its terms with what became of them, what they lead to; with
 * know, the service behind an include. */
struct know;
struct strv spf_trace(struct arena *a, const struct spf *s, const struct know *know);

/* What a term is, for people: escaped, and cut where it is long. */
const char *spf_term_text(struct arena *a, const struct spf_term *t);

/*
 * The record as it should read so that this address is allowed: ip4: or ip6: stands before the last
 * all (or redirect). NULL when there is no readable record to start from, or no address.
 */
const char *spf_allowing(struct arena *a, const struct spf *s);

/* Does the record that is judged in the end have this include: itself? */
bool spf_includes(const struct spf *s, const char *name);

/*
 * The same with an include ("" = none), and with the address if it is wanted and known; a new one
 * where the domain has none yet. NULL when there is nothing to add, or no record to start from.
 */
const char *spf_record_with(struct arena *a, const struct spf *s, const char *include,
			    bool address);

#endif
