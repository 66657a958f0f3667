#ifndef DOMAIN_DANE_H
#define DOMAIN_DANE_H

/*
 * dane - what senders that honour DANE make of an MX host: its TLSA records (RFC 6698, 7671) by the
 * rules for SMTP (RFC 7672), against the certificates that the host sends.
 *
 *	struct dane_chain chain = { .certs = certs, .n = 2 };
 *	const struct dane *d = dane_judge(arena, tlsa_answer, address_is_secure, &chain);
 *	if (d->result == DANE_FITS)
 *
 * Whether an answer is secure is what the resolver says (the AD bit), or what dane_find() found
 * out.
 * Everything lives in the arena.
 */

#include "domain/ask.h"
#include "net/dnssec.h"

/* A certificate as the server sent it, by its digests: hex, any case; "" = not known. */
struct dane_cert {
	const char	*sha256, *key_sha256, *sha512, *key_sha512;
};

struct dane_chain {
	const struct dane_cert	*certs;		/* the server's own first */
	size_t			 n;		/* 0 = the host was not seen */
	bool			 expired;	/* one of them, or it is not yet valid */
	bool			 other_name;	/* the server's own is not for the MX host */
};

/* What one record is worth. */
enum dane_record_state {
	DANE_RECORD_MATCHES,
	DANE_RECORD_DIFFERS,	/* another key or certificate: the next one, or the last */
	DANE_RECORD_UNSEEN,	/* usable; there is nothing to compare it with */
	DANE_RECORD_EXPIRED,	/* it matches, but a date of the chain is wrong (usage 2) */
	DANE_RECORD_NAME,	/* it matches; the name does not (usage 2) */
	DANE_RECORD_PKIX,	/* usage 0 or 1: SMTP clients do not use it (RFC 7672, 3.1.3) */
	DANE_RECORD_UNKNOWN,	/* a parameter that nobody knows, or data of a wrong length */
};

struct dane_record {
	enum dane_record_state	 state;
	unsigned		 usage, selector, matching;
	const char		*data;		/* hex, cut for people */
	size_t			 at;		/* which one matches; 0 = the server's own */
	const char		*why;		/* one sentence without a full stop; escaped */
};

enum dane_result {
	DANE_NONE,		/* no TLSA records: TLS as without DANE */
	DANE_INSECURE,		/* there are records, but not validated by DNSSEC: nobody looks */
	DANE_NO_ANSWER,		/* the question fails: senders do not deliver (RFC 7672, 2.1.2) */
	DANE_NOT_ASKED,		/* our side: it is not known */
	DANE_UNUSABLE,		/* no record is usable: TLS is required, and nothing compared */
	DANE_FITS,		/* a record matches what the server sends */
	DANE_MISFITS,		/* none does: senders do not deliver */
	DANE_UNSEEN,		/* usable records, and the host was not seen */
};
const char *dane_result_name(enum dane_result r);	/* "none", "insecure", ... */

enum { DANE_RECORDS_MOST = 32 };

struct dane {
	enum dane_result	 result;
	struct dane_record	 v[DANE_RECORDS_MOST];
	size_t			 n;		/* looked at */
	size_t			 matching, usable;
};

/* "_25._tcp.HOST" (RFC 7672, 2.2.3). */
const char *dane_name(struct arena *a, const char *host);

/* Where the TLSA records of an MX host are, and what is answered there. */
struct dane_found {
	const char		*base;		/* the host, or the name that its alias leads to */
	/* never NULL; with .ad where we validated it ourselves, SERVFAIL where that failed */
	const struct dns_answer	*tlsa;
	/* the addresses were validated; where they were not, nobody asks for TLSA */
	bool			 secure;
	/* of what the resolver's word leaves open; unknown and "" when nothing is */
	struct dnssec_answer	 dnssec;
};

/*
 * Looks for them at the end of the host's alias, then at its own name (RFC 7672, 2.2.2). Where the
 * resolver does not say that DNSSEC validates what it found, or fails, the question is validated
 * here (net/dnssec.h). n NULL = the resolver's word is all there is.
 */
_waits_ struct dane_found dane_find(struct arena *a, const struct domain_dns *dns, struct net *n,
				    const char *host);

/* The records of an answer against a chain. secure: the answer about the addresses of the host was
 * validated; where it was not, nobody asks for TLSA (RFC 7672, 2.2.2). Never NULL. */
const struct dane *dane_judge(struct arena *a, const struct dns_answer *tlsa, bool secure,
			      const struct dane_chain *chain);

#endif
