#ifndef DOMAIN_DMARC_INSIDE_H
#define DOMAIN_DMARC_INSIDE_H

/*
 * dmarc-inside - what the dmarc-*.c share. Nobody else includes it.
 */

#include "base/arena.h"
#include "base/scan.h"
#include "domain/dmarc.h"

enum {
	DMARC_QUESTIONS_MOST	= 8,	/* of a walk (RFC 9989, 4.10) */
	DMARC_REPORTS_MOST	= 16,	/* addresses that are asked about */
};

struct dmarc_run {
	struct arena			*arena;
	const struct domain_dns		*dns;
	const struct dmarc_ask		*ask;
	struct dmarc			*d;
	struct dmarc_fault		**fault_end;
	bool				 failed;	/* a question was not answered */
};

/* What one name of a walk has. */
struct dmarc_found {
	const char			*domain;
	struct dmarc_record		*record;	/* NULL = none */
	size_t				 n_records;
	enum dns_status			 status;
};

struct dmarc_walk {
	struct dmarc_found	found[DMARC_QUESTIONS_MOST];	/* longest name first */
	size_t			n;
	const char		*org;
	const struct dmarc_found *psd;	/* the public suffix domain's; NULL */
	bool			failed;
};

struct dmarc_fault *dmarc_fault(struct arena *a, enum dmarc_fault_kind k, bool old, const char *fmt,
				...) _printf_(4, 5);
/* What stands at _dmarc.DOMAIN; faults are noted when note. */
struct dmarc_found dmarc_look(struct dmarc_run *r, const char *domain, bool note);
/* From a name up. RFC 9989, 4.10 */
void dmarc_walk(struct dmarc_run *r, const char *domain, bool author, struct dmarc_walk *w);
void dmarc_note(struct dmarc_run *r, struct dmarc_fault *f);

/* dmarc-old.c: the answer of RFC 7489. */
void dmarc_judge_old(struct dmarc_run *r);
/* dmarc-report.c: who gets reports, and do they want them? */
void dmarc_look_at_reports(struct dmarc_run *r, struct dmarc_record *rec);

#endif
