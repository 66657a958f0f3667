#ifndef DOMAIN_DMARC_H
#define DOMAIN_DMARC_H

/*
 * dmarc - which policy does a domain publish for mail in its name, and is this mail covered?
 * RFC 9989 (tree walk, no list), and RFC 7489 (public suffix list) beside it: receivers of both
 * kinds exist.
 *
 *	struct domain_dns dns = domain_dns_of(net_dns(net));
 *	struct dmarc_ask ask = { .author = "contoso.com", .spf_domain = "contoso.com" };
 *	const struct dmarc *d = dmarc_check(arena, &dns, &ask);
 *
 * Everything lives in the arena.
 */

#include "base/str.h"
#include "domain/ask.h"

enum dmarc_policy { DMARC_ABSENT, DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT, DMARC_INVALID };
/* "absent", "none", "quarantine", "reject", "invalid" */
const char *dmarc_policy_name(enum dmarc_policy p);

enum dmarc_result {
	DMARC_NO_RECORD,	/* DMARC does not apply */
	DMARC_PASS, DMARC_FAIL,
	DMARC_TEMPERROR,	/* DNS did not answer */
};
const char *dmarc_result_name(enum dmarc_result r);	/* "none", "pass", "fail", "temperror" */

enum dmarc_fault_kind {
	DMARC_FAULT_TWO_RECORDS,	/* no receiver applies any */
	DMARC_FAULT_NOT_A_RECORD,	/* meant as DMARC, and none */
	DMARC_FAULT_POLICY,		/* p is missing or invalid: nothing is enforced */
	DMARC_FAULT_SUBPOLICY,		/* sp or np is invalid: nothing is enforced */
	DMARC_FAULT_SYNTAX,		/* a tag that cannot be read */
	DMARC_FAULT_DUPLICATE,		/* a tag twice */
	DMARC_FAULT_VALUE,		/* a value that is ignored */
	DMARC_FAULT_ORDER,		/* p does not follow v: old receivers may ignore it */
	DMARC_FAULT_ADDRESS,		/* rua or ruf names nothing that takes reports */
	DMARC_FAULT_NOT_AUTHORISED,	/* reports go to a domain that does not say it wants them */
	DMARC_FAULT_OBSOLETE,		/* pct, rf, ri: RFC 9989 removed them */
	DMARC_FAULT_DNS,		/* a question was not answered */
	DMARC_FAULT_COUNT,
};
const char *dmarc_fault_name(enum dmarc_fault_kind k);	/* "two-records", ... */

struct dmarc_fault {
	struct dmarc_fault	*next;
	enum dmarc_fault_kind	 kind;
	bool			 old;		/* invalid syntax by RFC 7489, too */
	const char		*words;		/* one sentence without a full stop; escaped */
};

/* Where reports go. */
struct dmarc_address {
	const char	*text;		/* as written; escaped */
	const char	*domain;	/* of mailto:, lower case; "" = none, or no mailto: */
	bool		 usable;	/* RFC 9990 knows mailto: alone */
	bool		 external;	/* of another organisation */
	bool		 authorised;	/* it wants them (RFC 9990, 4), or is not external */
	enum dns_status	 status;	/* of that question */
};

struct dmarc_record {
	const char		*domain;	/* without _dmarc. */
	const char		*text;		/* escaped */
	enum dmarc_policy	 p, sp, np;
	bool			 strict_spf, strict_dkim;
	char			 psd;		/* y n u */
	bool			 test;		/* t=y */
	unsigned		 pct;		/* RFC 7489; 100 */
	bool			 has_pct;
	struct dmarc_address	*rua, *ruf;
	size_t			 n_rua, n_ruf;
	bool			 reports;	/* a usable rua */
	struct strv		 ignored;	/* tags that RFC 9989 removed */
	struct dmarc_fault	*faults;
};

/*
 * Reads a record. The text is the whole TXT record; domain is for the words alone. NULL when it
 * does not begin as one.
 */
struct dmarc_record *dmarc_read(struct arena *a, const char *domain, struct span text);

struct dmarc_identity { const char *domain; bool pass; };

enum { DMARC_DKIM_MOST = 16 };

struct dmarc_ask {
	const char		*author;	/* domain of From */
	const char		*spf_domain;	/* that SPF judged; "" or NULL = not known */
	bool			 spf_pass;
	struct dmarc_identity	 dkim[DMARC_DKIM_MOST];		/* d= of each signature */
	size_t			 n_dkim;
	bool			 reports;	/* look at where reports go */
};

/* The same question by one of the two rules. */
struct dmarc_view {
	enum dmarc_result	 result;
	const char		*org_domain;	/* of the author */
	const char		*policy_domain;	/* whose record counts; "" = none */
	enum dmarc_policy	 policy;	/* what is asked for */
	enum dmarc_policy	 applied;	/* after t=y (RFC 9989) or pct=0 (RFC 7489) */
	bool			 spf_aligned, dkim_aligned;
};

struct dmarc {
	struct dmarc_view	 now;		/* RFC 9989 */
	struct dmarc_view	 old;		/* RFC 7489, with the private names of the list */
	bool			 differ;	/* in result, policy, or whose record it is */
	bool			 have_list;	/* there is a public suffix list: old was judged */
	bool			 exists;	/* the author's; asked only where np counts */
	const struct dmarc_record *record;	/* that counts now; NULL = none */
	const struct dmarc_record *author;	/* of the author domain itself; NULL = none */
	struct strv		 questions;	/* names of the author's walk, in order */
	struct dmarc_fault	*faults;	/* of the records found, and of the search */
};

_waits_ const struct dmarc *dmarc_check(struct arena *a, const struct domain_dns *dns,
					const struct dmarc_ask *ask);
const struct dmarc_fault *dmarc_fault_of(const struct dmarc *d, enum dmarc_fault_kind k);

/* --- psl.c: the public suffix list --- */

struct psl;
/* The list in a file, or with NULL the system's, else the library's own. NULL: there is none. */
struct psl *psl_load(const char *file);
void psl_freep(struct psl **p);
/*
 * The registrable domain of a name (A-labels or UTF-8): one label below the public suffix. NULL
 * when the name is a suffix itself. With private_too names like github.io, which a company lists
 * for its customers, are suffixes.
 */
const char *psl_registrable(const struct psl *p, struct arena *a, const char *name,
			    bool private_too);
/*
 * The same by the library's own list, where no file may be read: the part of the name that is the
 * organization's domain, or all of it when it is a suffix itself. Letters' case is ignored; never
 * NULL.
 */
const char *psl_org(const char *name);

#endif
