#ifndef DOMAIN_DKIM_H
#define DOMAIN_DKIM_H

/*
 * dkim - do the signatures of a message hold, and if not, what was changed? RFC 6376, with
 * RFC 8301 (SHA-1 and short keys no longer count) and RFC 8463 (Ed25519).
 *
 *	struct domain_dns dns = domain_dns_of(net_dns(net));
 *	const struct dkim *d = dkim_verify(arena, &dns, message, clock_wall());
 *	for (const struct dkim_sig *s = d->sigs; s; s = s->next)
 *		if (s->result == DKIM_PASS)
 *
 * The message must be as it was sent; a lone LF counts as CRLF, as messages are saved so. The work
 * is linear in the message for each signature, of which DKIM_SIGS_MOST are judged. It all lives in
 * the arena, and spans point into what was given.
 */

#include <stdint.h>

#include "base/str.h"
#include "domain/ask.h"

/* Words of RFC 8601, 2.7.1. */
enum dkim_result {
	DKIM_NONE,		/* not judged yet */
	DKIM_PASS,
	DKIM_FAIL,		/* body or header are not what was signed */
	DKIM_POLICY,		/* it holds, but nobody counts it: SHA-1, or a short key */
	DKIM_PERMERROR,		/* signature or key cannot be used */
	DKIM_TEMPERROR,		/* the key cannot be looked up now */
};
const char *dkim_result_name(enum dkim_result r);	/* "none", "pass", ... */

enum {
	DKIM_SIGS_MOST		= 16,	/* signatures of a message that are judged */
	DKIM_HEADERS_MOST	= 1000,	/* names in h= */
	DKIM_FIELDS_MOST	= 20000,	/* header fields of a message */
	DKIM_BITS_LEAST		= 1024,	/* RFC 8301, 3.2 */
	DKIM_BITS_ADVISED	= 2048,	/* the same */
};

enum dkim_fault {
	DKIM_OK,
	DKIM_SYNTAX,		/* not a list of tags */
	DKIM_DUPLICATE,		/* a tag twice */
	DKIM_MISSING,		/* a required tag */
	DKIM_VALUE,		/* of a tag */
	DKIM_VERSION,		/* v= is not 1; of a draft only once all else was judged */
	DKIM_ALGORITHM,		/* a= is unknown */
	DKIM_CANONICAL,		/* c= is unknown */
	DKIM_QUERY,		/* q= is not dns/txt */
	DKIM_IDENTITY,		/* i= is not within d= */
	DKIM_FROM,		/* From is not signed */
	DKIM_TIMES,		/* it expires before it was made */
	DKIM_EXPIRED,
	DKIM_TOO_MUCH,		/* over a limit of ours */
	DKIM_NO_KEY,		/* no record at the selector */
	DKIM_DNS,		/* the question was not answered */
	DKIM_KEYS,		/* several records there, and none is alone a key */
	DKIM_KEY_SYNTAX,
	DKIM_KEY_VERSION,	/* v= is not DKIM1, or not first */
	DKIM_KEY_REVOKED,	/* p= is empty */
	DKIM_KEY_TYPE,		/* k= is unknown, or not that of a= */
	DKIM_KEY_HASH,		/* h= does not allow the hash */
	DKIM_KEY_SERVICE,	/* s= does not allow email */
	DKIM_KEY_STRICT,	/* t=s, and i= is a subdomain */
	DKIM_KEY_DATA,		/* p= is no key of that type */
	DKIM_KEY_SHORT,		/* under DKIM_BITS_LEAST */
	DKIM_SHA1,		/* RFC 8301, 3.1 */
	DKIM_BODY_HASH,		/* the body is not what was signed */
	DKIM_SIGNATURE,		/* the header is not, or another key signed */
	DKIM_FAULT_COUNT,
};
const char *dkim_fault_name(enum dkim_fault f);		/* "ok", "syntax", "duplicate", ... */

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_RSA_SHA1, DKIM_ED25519 };

/* A key record (RFC 6376, 3.6.1). */
struct dkim_key {
	enum dkim_fault		 fault;		/* DKIM_OK: it can be used for mail */
	const char		*why;		/* one sentence without a full stop; escaped */
	bool			 looks_like;	/* meant as a key, whatever is wrong with it */
	bool			 ed25519;	/* k=; else RSA */
	bool			 testing;	/* t=y */
	bool			 strict;	/* t=s */
	bool			 revoked;	/* p= is empty */
	bool			 no_sha1, no_sha256;	/* by h= */
	unsigned		 bits;		/* of the key; 0 = there is none */
	struct span		 data;		/* p= decoded */
};

/* One signature, and what became of it. */
struct dkim_sig {
	struct dkim_sig		*next;
	enum dkim_result	 result;
	enum dkim_fault		 fault;		/* the first that was found */
	const char		*why;		/* one sentence without a full stop; escaped */
	const char		*domain;	/* d=, lower case; "" = not there; escaped */
	const char		*selector;	/* s= */
	const char		*identity;	/* i=, or @ and d= */
	const char		*algorithm_text;	/* a= as written; escaped */
	enum dkim_algorithm	 algorithm;
	bool			 header_relaxed, body_relaxed;
	bool			 draft;		/* v= is missing or 0.5, as before RFC 4871 */
	struct span		*headers;	/* h= in order; may name one several times */
	size_t			 n_headers;
	bool			 has_length;
	uint64_t		 length;	/* l= */
	int64_t			 signed_at, expires;	/* t=, x=; 0 = not there */
	struct span		 b, bh;		/* decoded */

	const char		*key_name;	/* where the key is asked for; "" = nowhere */
	enum dns_status		 status;	/* of that question */
	const struct dkim_key	*key;		/* NULL = none was found */
	bool			 body_judged, body_holds;
	bool			 header_judged, header_holds;
	bool			 verifies;	/* both hold, whatever else is wrong */
	uint64_t		 unsigned_bytes;	/* of the body, behind l= */
	struct strv		 notes;		/* what was changed, or can be; sentences as why */

	struct span		 raw;		/* the field */
	size_t			 field;		/* its number in the message, from 0 */
};

struct dkim {
	struct dkim_sig		*sigs;		/* from the top of the message down */
	size_t			 n_sigs;	/* of the message, perhaps more than are judged */
	bool			 cut;		/* it has more header fields than are read */
};

/* Judges all signatures; keys are asked for side by side. now: seconds since 1970; 0 = time is not
 * judged. Never NULL. */
_waits_ const struct dkim *dkim_verify(struct arena *a, const struct domain_dns *dns,
				       struct span message, int64_t now);

/* Reads one DKIM-Signature field, name included. Never NULL; its fault tells. */
struct dkim_sig *dkim_sig_read(struct arena *a, struct span field);

/* Reads a key record, the whole TXT record. Never NULL; its fault tells. */
struct dkim_key *dkim_key_read(struct arena *a, struct span text);

/*
 * The key that is published for a selector. ret_status: of the question; ret_why: when NULL is the
 * answer, one sentence without a full stop. Of several records the one that looks like a key.
 */
_waits_ const struct dkim_key *dkim_key_ask(struct arena *a, const struct domain_dns *dns,
					    const char *name, enum dns_status *ret_status,
					    enum dkim_fault *ret_fault, const char **ret_why);

#endif
