/*
 * cert-judge - does a chain hold, and if not, why (RFC 5280, 6; RFC 9525)?
 *
 * GnuTLS builds the path; it asks our clock (tls-trust.c sets it), so dates can be tested. What it
 * answers in one word, "signer not found", is taken apart here: signed by itself, an intermediate
 * that was not sent, or an authority nobody knows.
 */
#include "net/cert-judge.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

/* Today's floor (CA/Browser Forum baseline requirements, 6.1.5; RFC 9155 for the digests). */
enum { FLOOR_RSA_BITS = 2048, FLOOR_EC_BITS = 224 };

static bool key_weak(gnutls_x509_crt_t crt)
{
	unsigned bits = 0;

	switch (gnutls_x509_crt_get_pk_algorithm(crt, &bits)) {
	case GNUTLS_PK_RSA:
	case GNUTLS_PK_RSA_PSS:
	case GNUTLS_PK_DSA:
		return bits < FLOOR_RSA_BITS;
	case GNUTLS_PK_ECDSA:
		return bits < FLOOR_EC_BITS;
	default:
		return false;
	}
}

static bool signature_weak(gnutls_x509_crt_t crt)
{
	switch (gnutls_sign_get_hash_algorithm(
		(gnutls_sign_algorithm_t)gnutls_x509_crt_get_signature_algorithm(crt))) {
	case GNUTLS_DIG_MD2:
	case GNUTLS_DIG_MD5:
	case GNUTLS_DIG_SHA1:
		return true;
	default:
		return false;
	}
}

/*
 * A root's own signature proves nothing and may be of any kind; the leaf's counts even
 * when it's its own.
 */
static bool chain_weak(gnutls_x509_crt_t *crts, const struct cert *certs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (key_weak(crts[i]) ||
		    ((i == 0 || !certs[i].self_signed) && signature_weak(crts[i])))
			return true;
	return false;
}

/*
 * Follows the issuers through what was sent: where does it end? Bounded by n, so a circle ends too.
 */
static size_t chain_top(gnutls_x509_crt_t *crts, const struct cert *certs, size_t n)
{
	size_t at = 0;

	for (size_t step = 0; step < n && !certs[at].self_signed; step++) {
		size_t next = 0;

		while (next < n &&
		       (next == at || !gnutls_x509_crt_check_issuer(crts[at], crts[next])))
			next++;
		if (next == n)
			break;
		at = next;
	}
	return at;
}

static bool has_extension(gnutls_x509_crt_t crt, const char *oid)
{
	size_t n = 0;
	unsigned critical;

	return gnutls_x509_crt_get_extension_by_oid(crt, oid, 0, NULL, &n, &critical) !=
	       GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/*
 * The issuer of the last certificate was neither sent nor is it trusted. Is it an intermediate the
 * server should have sent, or the root of somebody unknown? Nothing says so outright; these are the
 * marks of an intermediate:
 */
static bool issuer_is_intermediate(gnutls_x509_crt_t top, const struct cert *c,
				   const struct cert_question *q)
{
	gnutls_datum_t url = { NULL, 0 };

	/* its organisation has a root in the store, */
	if (c->issuer_o[0] && q->authorities && strv_has(q->authorities, c->issuer_o))
		return true;
	/* its name says so, */
	if (str_find_nocase(c->issuer_cn, "intermediate") ||
	    str_find_nocase(c->issuer_cn, "issuing"))
		return true;
	if (c->ca)
		return false;
	/*
	 * or the leaf has what public authorities put in: transparency proofs (RFC 6962, 3.3), and
	 * where to fetch the issuer.
	 */
	if (has_extension(top, "1.3.6.1.4.1.11129.2.4.2"))
		return true;
	for (unsigned i = 0; i < CERT_MOST; i++) {
		int r = gnutls_x509_crt_get_authority_info_access(top, i, GNUTLS_IA_CAISSUERS_URI,
								  &url, NULL);

		if (r == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			break;
		gnutls_free(url.data);
		if (r >= 0)
			return true;
	}
	return false;
}

static unsigned untrusted_why(gnutls_x509_crt_t *crts, const struct cert_chain *c,
			      const struct cert_question *q)
{
	size_t top = chain_top(crts, c->certs, c->n);

	if (c->certs[top].self_signed)
		return CERT_UNTRUSTED | (top == 0 ? CERT_SELF_SIGNED : 0);
	return CERT_UNTRUSTED |
	       (issuer_is_intermediate(crts[top], &c->certs[top], q) ? CERT_INCOMPLETE : 0);
}

static unsigned path_trouble(unsigned status)
{
	static const struct {
		unsigned		 status;
		enum cert_trouble	 trouble;
	} table[] = {
		{ GNUTLS_CERT_REVOKED, CERT_REVOKED },
		{ GNUTLS_CERT_EXPIRED, CERT_EXPIRED },
		{ GNUTLS_CERT_NOT_ACTIVATED, CERT_NOT_YET },
		{ GNUTLS_CERT_INSECURE_ALGORITHM, CERT_WEAK },
		{ GNUTLS_CERT_PURPOSE_MISMATCH, CERT_PURPOSE },
		{ GNUTLS_CERT_SIGNER_NOT_CA, CERT_INVALID },
		{ GNUTLS_CERT_SIGNATURE_FAILURE, CERT_INVALID },
		{ GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, CERT_INVALID },
		{ GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, CERT_INVALID },
	};
	unsigned trouble = 0;

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (status & table[i].status)
			trouble |= (unsigned)table[i].trouble;
	if (!trouble && (status & GNUTLS_CERT_INVALID) && !(status & GNUTLS_CERT_SIGNER_NOT_FOUND))
		trouble = CERT_INVALID;
	return trouble;
}

/*
 * Finds whose dates are out. With a trusted path GnuTLS has said whether it matters; without one
 * every sent certificate counts.
 */
static unsigned date_trouble(struct cert_chain *c)
{
	time_t now = clock_wall();

	for (size_t i = 0; i < c->n; i++)
		if (c->certs[i].not_after < now || c->certs[i].not_before > now) {
			c->dated_at = i;
			return c->certs[i].not_after < now ? CERT_EXPIRED : CERT_NOT_YET;
		}
	return 0;
}

static unsigned verify(gnutls_x509_crt_t *crts, size_t n, gnutls_x509_trust_list_t trust)
{
	gnutls_typed_vdata_st purpose = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
					  .data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER };
	unsigned status = 0;
	int r = gnutls_x509_trust_list_verify_crt2(trust, crts, (unsigned)n, &purpose, 1, 0,
						   &status, NULL);

	return r < 0 ? GNUTLS_CERT_INVALID : status;
}

static const char *sentence(struct arena *a, unsigned status)
{
	gnutls_datum_t d = { NULL, 0 };
	char *text;

	if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &d, 0) < 0)
		return "";
	text = span_dup(a, span_trim((struct span) { (const char *)d.data, d.size }));
	gnutls_free(d.data);
	return text;
}

static gnutls_x509_crt_t find_issuer(gnutls_x509_crt_t *crts, size_t n,
				     gnutls_x509_trust_list_t trust)
{
	gnutls_x509_crt_t issuer = NULL;

	for (size_t i = 1; i < n; i++)
		if (gnutls_x509_crt_check_issuer(crts[0], crts[i]))
			return crts[i];
	if (trust && gnutls_x509_trust_list_get_issuer(trust, crts[0], &issuer, 0) >= 0)
		return issuer;
	return NULL;
}

struct cert_chain *cert_judge(struct arena *a, gnutls_x509_crt_t *crts, size_t n,
			      const struct cert_question *q)
{
	struct cert_chain *c = arena_alloc(a, sizeof(*c));
	struct cert_names names = { .dns = { NULL, 0, 0 } };
	unsigned status = 0, dates;

	c->n = n < CERT_MOST ? n : CERT_MOST;
	c->certs = arena_alloc(a, (c->n ? c->n : 1) * sizeof(*c->certs));
	c->checked_name = arena_strdup(a, q->name ?: "");
	c->ocsp = "none";
	c->dated_at = c->n;
	c->unjudged = q->trust ? NULL : arena_strdup(a, q->unjudged ?: "no trust store was given");
	if (c->n == 0) {
		c->trouble = CERT_INVALID;
		c->verdict = "The server sent no certificate.";
		return c;
	}
	for (size_t i = 0; i < c->n; i++)
		cert_read(a, crts[i], &c->certs[i], i == 0 ? &names : NULL);

	dates = date_trouble(c);
	if (q->trust)
		status = verify(crts, c->n, q->trust);
	c->trouble = path_trouble(status);
	if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
		c->trouble |= untrusted_why(crts, c, q);
	if (!q->trust || (status & GNUTLS_CERT_SIGNER_NOT_FOUND) || c->dated_at == 0)
		c->trouble |= dates;
	if (!(c->trouble & (CERT_EXPIRED | CERT_NOT_YET)))
		c->dated_at = c->n;
	if (chain_weak(crts, c->certs, c->n))
		c->trouble |= CERT_WEAK;
	if (q->name && !cert_names_match(&names, q->name)) {
		c->trouble |= CERT_NAME;
		status |= GNUTLS_CERT_INVALID | GNUTLS_CERT_UNEXPECTED_OWNER;
	}
	if (q->staple) {
		c->ocsp = cert_staple(q->staple, crts[0], find_issuer(crts, c->n, q->trust));
		if (str_eq(c->ocsp, "revoked")) {
			c->trouble |= CERT_REVOKED;
			status |= GNUTLS_CERT_INVALID | GNUTLS_CERT_REVOKED;
		}
	}
	c->verdict = c->unjudged ?: sentence(a, status);
	return c;
}
