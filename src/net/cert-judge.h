#ifndef NET_CERT_JUDGE_H
#define NET_CERT_JUDGE_H

/*
 * cert-judge - GnuTLS certificates in, facts out (net/cert.h). For proto/tls and tests: it's the
 * only part of cert that shows GnuTLS types.
 */

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "net/cert.h"

struct arena;

enum {
	/* certificates of a chain that are looked at: more than any path has */
	CERT_MOST	= 16,
	CERT_NAMES_MOST	= 256,		/* names of one certificate that are kept */
};

/*
 * The names of a certificate by kind: a host name matches only a dNSName, an address only an
 * iPAddress (RFC 9525, 6).
 */
struct cert_names {
	struct strv	 dns;
	struct strv	 ip;
};

/*
 * Everything a certificate says of itself. Strings live in the arena and are safe to print.
 * ret_names may be NULL.
 */
void cert_read(struct arena *a, gnutls_x509_crt_t crt, struct cert *ret,
	       struct cert_names *ret_names);

/*
 * RFC 9525, 6: a host name against dNSNames (a wildcard is the whole first label and stands for one
 * label), an address literal against iPAddresses. The common name does not count.
 */
bool cert_names_match(const struct cert_names *names, const char *name);

struct cert_question {
	/* host name or literal address; NULL = names are not checked */
	const char			*name;
	gnutls_x509_trust_list_t	 trust;		/* NULL = trust is not judged ... */
	const char			*unjudged;	/* ... for this reason */
	/* organisations of the trust store, to tell what is missing; may be NULL */
	const struct strv		*authorities;
	/* the OCSP answer that came along, or NULL */
	const gnutls_datum_t		*staple;
};

/* Judges a chain, the leaf first. At most CERT_MOST are looked at. Does not wait. */
struct cert_chain *cert_judge(struct arena *a, gnutls_x509_crt_t *crts, size_t n,
			      const struct cert_question *q);

/*
 * "good", "revoked", "none" or "invalid": what a stapled OCSP answer (RFC 6960) says about the leaf
 * now. issuer may be NULL.
 */
const char *cert_staple(const gnutls_datum_t *staple, gnutls_x509_crt_t leaf,
			gnutls_x509_crt_t issuer);

#endif
