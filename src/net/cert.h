#ifndef NET_CERT_H
#define NET_CERT_H

/*
 * cert - a certificate chain as facts: what it says, whether it holds, and why not. No opinion on
 * what that means.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/strv.h"

struct arena;

struct cert {
	const char	*subject;		/* RFC 4514, as GnuTLS prints it */
	const char	*subject_cn;		/* "" if none */
	const char	*issuer;
	const char	*issuer_cn;
	const char	*issuer_o;
	struct strv	 names;			/* SAN: dNSName, iPAddress */
	time_t		 not_before;
	time_t		 not_after;
	const char	*key;			/* "RSA 2048", "ECDSA P-256" */
	const char	*signature;		/* "RSA-SHA256" */
	const char	*serial;		/* hex */
	const char	*sha256;		/* fingerprint, hex */
	/* the same by SHA-512, and of the public key (SubjectPublicKeyInfo), as TLSA has them */
	const char	*sha512, *key_sha256, *key_sha512;
	bool		 self_signed;
	bool		 ca;
};

enum cert_trouble {
	CERT_UNTRUSTED		= 1 << 0,	/* the chain doesn't end in a trusted root */
	CERT_SELF_SIGNED	= 1 << 1,	/* ... because the leaf signed itself */
	/* ... because an intermediate is missing from what was sent */
	CERT_INCOMPLETE		= 1 << 2,
	CERT_EXPIRED		= 1 << 3,	/* some certificate of the chain */
	CERT_NOT_YET		= 1 << 4,
	CERT_NAME		= 1 << 5,	/* not for the name asked (RFC 6125; RFC 9525) */
	CERT_WEAK		= 1 << 6,	/* key or signature below today's floor */
	CERT_REVOKED		= 1 << 7,	/* by a stapled OCSP answer */
	CERT_PURPOSE		= 1 << 8,	/* not for servers */
	CERT_INVALID		= 1 << 9,	/* signature wrong, malformed, other */
};

struct cert_chain {
	struct cert	*certs;			/* the leaf first, as sent */
	size_t		 n;
	unsigned	 trouble;		/* enum cert_trouble, or-ed; 0 = it holds */
	const char	*verdict;		/* GnuTLS's own sentence, for the evidence */
	const char	*ocsp;			/* "good", "revoked", "none", "invalid" */
	const char	*checked_name;		/* the host name it was checked against */
	/* the first certificate that is expired or not yet valid; n when it's none of those sent */
	size_t		 dated_at;
	/* why trust could not be judged (no trust store: our side), NULL when it was */
	const char	*unjudged;
};

/*
 * Is it for that host name, too, beside the one that was checked (RFC 9525, 6)? Of the leaf; the
 * chain is another question.
 */
bool cert_covers(const struct cert *c, const char *name);

/* "untrusted", "self-signed", "incomplete", "expired", "not-yet-valid", "name", ... */
const char *cert_trouble_name(enum cert_trouble one);

#endif
