#ifndef DOMAIN_SPF_INSIDE_H
#define DOMAIN_SPF_INSIDE_H

/*
 * spf-inside - what the spf-*.c share. Nobody else includes it.
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "domain/ptr.h"
#include "domain/spf.h"

enum {
	SPF_DEPTH_MOST		= 20,		/* records that lead to each other */
	SPF_AHEAD_MOST		= 120,		/* questions asked ahead */
	SPF_EXPLANATION_MOST	= 2048,		/* octets */
};

struct spf_run {
	struct arena			*arena;
	const struct domain_dns		*dns;
	const struct spf_ask		*ask;
	struct spf			*spf;
	unsigned char			 ip[16];
	size_t				 ip_len;	/* 4, 16; 0 = not known */
	const char			*local, *from_domain;
	bool				 have_names;	/* names is filled */
	struct strv			 names;		/* validated (RFC 7208, 5.5) */
	struct spf_fault		**fault_end;
};

/* Notes a fault. */
void spf_fault(struct spf_run *r, enum spf_fault_kind k, const struct spf_record *rec,
	       const struct spf_term *t, const char *fmt, ...) _printf_(5, 6);

/* spf-read.c: the record's text into terms. Faults of syntax are noted when run is not NULL. */
void spf_read(struct spf_run *run, struct arena *a, struct spf_record *rec);
/* The next record that is SPF among the answers, from at on; NULL = none. RFC 7208, 4.5 */
const struct dns_record *spf_next_record(const struct dns_record *at);

/* spf-macro.c */
/* What is wrong with a macro-string (RFC 7208, 7.1), or NULL. With domain it must end as a name. */
const char *spf_macro_fault(struct span text, bool domain, bool exp);
enum spf_expanded {
	SPF_EXPANDED,
	SPF_UNCLEAR,	/* it needs the address, or (ahead) what must be asked first */
	SPF_NO_ROOM,
};
/* Expands a macro-string that spf_macro_fault() found right. With ahead nothing is asked. */
enum spf_expanded spf_expand(struct spf_run *r, const char *domain, struct span text, bool ahead,
			     struct buf *to);
/* The name that a term asks for, cut to 253 octets (RFC 7208, 7.3); NULL = unclear. */
const char *spf_target(struct spf_run *r, const struct spf_record *rec, struct span spec,
		       bool ahead);

/* spf-ask.c */
/* Reads the record of a domain, which a term (by) of parent leads to; both NULL for the first. */
struct spf_record *spf_fetch(struct spf_run *r, const char *domain, const struct spf_record *parent,
			     const struct spf_term *by);
/* Asks what the term needs, once. */
void spf_look_up(struct spf_run *r, struct spf_record *rec, struct spf_term *t);
/* The names of the address that lead back to it; asks once. */
const struct strv *spf_names(struct spf_run *r);
bool spf_costs(const struct spf_term *t);		/* does it ask DNS? */
bool spf_is_error(enum dns_status s);			/* neither an answer nor "nothing there" */
const unsigned char *spf_octets(const struct net_address *a, size_t *ret_len);

/* spf-ahead.c: asks what the evaluation may need, side by side. */
void spf_ask_ahead(struct spf_run *r, const char *domain);

/* spf-survey.c: counts the worst case and finds faults, in all records. */
void spf_survey(struct spf_run *r);

#endif
