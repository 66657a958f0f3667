#ifndef SINK_RECEIPT_H
#define SINK_RECEIPT_H

/*
 * receipt - one message that the sandbox received, and what a receiver sees in it: its envelope,
 * its header, SPF, DKIM, ARC and DMARC, faults of its form, and the rules of large receivers. All
 * of it lives in the receipt's arena.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strv.h"
#include "domain/arc.h"
#include "domain/dmarc.h"
#include "domain/ptr.h"
#include "domain/spf.h"

struct know;
struct receiver_rule;

/* --- the header, as it came (RFC 5322, 2.2) --- */

struct receipt_field {
	struct span	 name, value;	/* value: unfolded in place, with its line ends */
	bool		 odd;		/* a line that is no field */
};

struct receipt_header {
	struct receipt_field	*v;
	size_t			 n, cap;
	bool			 cut;	/* there are more than are read */
	bool			 has_end;	/* an empty line ends it */
	struct span		 body;
};

void receipt_header_read(struct arena *a, struct span text, struct receipt_header *ret);
/* How many fields of that name there are; *ret (may be NULL) is the value of the first, without
 * folds and blanks at its ends, "" when there is none. */
size_t receipt_field(const struct receipt_header *h, struct arena *a, const char *name,
		    const char **ret);

/* --- what is wrong --- */

struct receipt_fault {
	const char	*id;		/* "date-missing" */
	bool		 grave;		/* receivers refuse or junk such mail; else a warning */
	const char	*words;		/* one sentence without a full stop */
	const char	*fix;		/* what to change, likewise; "" */
	const char	*rule;		/* "RFC 5322, 3.6.1" */
};

/* --- what receivers do --- */

enum would {
	WOULD_ACCEPT,
	WOULD_UNKNOWN,		/* something it looks at could not be judged */
	WOULD_REJECT_BULK,	/* from those who send thousands of messages a day */
	WOULD_JUNK,
	WOULD_REJECT,
};
const char *would_name(enum would w);	/* "accept", "unknown", "reject-bulk", "junk", "reject" */

struct receipt_view {
	const char	*receiver;	/* "Gmail"; "" = any that applies the DMARC policy */
	enum would	 would;
	const char	*why;		/* one sentence without a full stop; "" */
	const char	*reply;		/* as the receiver words it; "" = not known */
	struct strv	 broken, open;	/* ids of receiver-rules.tsv */
};

struct receipt {
	struct arena	*arena;
	unsigned long	 number;	/* from 1 */
	int64_t		 at;		/* seconds since 1970 */
	const char	*client;	/* its address */
	unsigned	 port;
	/* the address that SPF and reverse DNS are judged by: the client's, or another one that was
	 * given for it; "" = none that a receiver would see */
	const char	*judged_as;
	const char	*helo, *from, *body, *tls;	/* lab/inbox.h says what */
	struct strv	 to;
	bool		 extended, login, utf8, lf_commands;
	unsigned long	 bare_lf, bare_cr, nuls, false_ends;
	struct span	 text;		/* as it was sent, dots undone */
	const char	*file;		/* where it was stored; "" */

	/* receipt_judge() */
	struct receipt_header header;
	const char	*author, *author_domain, *subject, *id;
	bool		 asked;		/* DNS was */
	const struct spf *spf;		/* NULL = not judged, like the others */
	const struct dkim *dkim;
	const struct arc *arc;
	const struct dmarc *dmarc;
	bool		 dmarc_open;	/* it fails, but SPF could not be judged */
	bool		 has_ptr;
	struct ptr_names ptr;
	struct receipt_fault *faults;
	size_t		 n_faults, cap_faults;
	struct receipt_view *views;
	size_t		 n_views, cap_views;
	bool		 problem;	/* a grave fault, or a receiver would reject it */
	bool		 warning;	/* a fault, or a receiver would reject it in bulk */
};

/*
 * Judges it. dns NULL = nothing is asked, so that form alone is judged. now: seconds since 1970.
 */
_waits_ void receipt_judge(struct receipt *l, const struct know *know, const struct domain_dns *dns,
			  int64_t now);

/* --- for the files of this folder --- */

void receipt_fault_add(struct receipt *l, bool grave, const char *id, const char *rule,
		      const char *words, const char *fix);
void receipt_form(struct receipt *l);			/* form.c: RFC 5321, RFC 5322 */
void receipt_views(struct receipt *l, const struct know *know);	/* views.c */

/* Where it goes: "DIR/0001.eml", with the fields that a receiver adds (RFC 5321, 4.4). False and
 * *ret_error when it cannot be written. */
bool receipt_store(struct receipt *l, const char *folder, const char *host, const char **ret_error);

#endif
